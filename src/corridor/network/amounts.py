"""Numbers with units inside instruments, made canonical with the good of what the instrument acts on."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from corridor.case import UnitError, target_goods, unit_factor
from corridor.errors import QuestionError
from corridor.network.instruments import PRICES, RATES

if TYPE_CHECKING:
    from corridor.case import Case
    from corridor.network.instruments import Instrument

__all__ = ["leaked_share", "resolve"]

_QUANTITY = re.compile(r"\s*(-?[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?)\s*([A-Za-z0-9_/]+)\s*")
_SHARE = re.compile(r"\s*([0-9]*\.?[0-9]+)\s*%\s*")
_UNITS = dict.fromkeys(RATES, "rate") | dict.fromkeys(PRICES, "price") | {"volume": "volume", "leakage": "rate"}
_EXAMPLES = {"rate": "Mt/yr", "price": "USD/t", "volume": "Mt"}


def resolve(case: Case, instrument: Instrument) -> Instrument:
    """The instrument with its rates in good.unit per year, its prices in million USD per good.unit, volumes in good.unit.

    Numbers without a unit are taken as canonical already; a leakage in per cent stays a share, a duty ad valorem becomes one. Raises `QuestionError`
    for a unit that does not fit.
    """
    if isinstance(instrument.ad_valorem, str):
        instrument = replace(instrument, ad_valorem=_share(instrument, instrument.ad_valorem))
    texts = {key: value for key in _UNITS if isinstance(value := getattr(instrument, key), str) and value}
    if _SHARE.fullmatch(texts.get("leakage", "")):
        del texts["leakage"]
    if not texts:
        return instrument
    known = set(case.tables["goods"]["id"])
    carried = (
        (instrument.target,) if instrument.target in known else target_goods(case.tables).get(instrument.target, ())
    )
    goods = [g for g in carried if not instrument.goods or g in instrument.goods]
    if not goods:
        what = f"carries {', '.join(instrument.goods)}" if carried else "has this id"
        raise QuestionError(f"{instrument.kind}:{instrument.target}: nothing in the case {what}")
    numbers: dict[str, Any] = {key: _canonical(case, instrument, key, text, goods) for key, text in texts.items()}
    return replace(instrument, **numbers)


def _canonical(case: Case, instrument: Instrument, key: str, text: str, goods: list[str]) -> float:
    where = f"{instrument.kind}:{instrument.target}, {key}={text}"
    match = _QUANTITY.fullmatch(text)
    if not match:
        raise QuestionError(f"{where}: write a number and its unit, as in {key}=20{_EXAMPLES[_UNITS[key]]}")
    try:
        return float(match[1]) * unit_factor(case, _UNITS[key], match[2], goods)
    except UnitError as error:
        raise QuestionError(f"{where}: {error.message}; {error.remedy}") from None


def _share(instrument: Instrument, text: str) -> float:
    match = _SHARE.fullmatch(text)
    if not match:
        raise QuestionError(
            f"{instrument.kind}:{instrument.target}, ad_valorem={text}: write a share of the border price in per cent, as "
            "in ad_valorem=10%"
        )
    return float(match[1]) / 100


def leaked_share(leakage: float | str | None) -> float | None:
    """The share that a leakage in per cent stands for; None for a rate."""
    match = _SHARE.fullmatch(leakage) if isinstance(leakage, str) else None
    return float(match[1]) / 100 if match else None
