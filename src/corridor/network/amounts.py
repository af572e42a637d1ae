"""Numbers with units inside instruments, made canonical with the good of what the instrument acts on."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from corridor.case.goods import target_goods
from corridor.case.units import UnitError, price_factor, rate_factor
from corridor.errors import QuestionError

if TYPE_CHECKING:
    from corridor.case.model import Case
    from corridor.case.units import GoodUnits
    from corridor.network.instruments import Instrument

__all__ = ["resolve"]

_QUANTITY = re.compile(r"\s*([0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?)\s*([A-Za-z0-9_/]+)\s*")


def resolve(case: Case, instrument: Instrument) -> Instrument:
    """The instrument with `capacity`, `add` and `min` in good.unit per year and `price` in million USD per good.unit.

    Numbers without a unit are taken as canonical already. Raises `QuestionError` for a unit that does not fit.
    """
    texts = {key: getattr(instrument, key) for key in ("capacity", "add", "min", "price")}
    if not any(isinstance(value, str) for value in texts.values()):
        return instrument
    good = _good(case, instrument)
    return replace(
        instrument,
        **{
            key: _canonical(case, instrument, key, value, good) if isinstance(value, str) else value
            for key, value in texts.items()
        },
    )


def _good(case: Case, instrument: Instrument) -> GoodUnits:
    goods = target_goods(case.tables).get(instrument.target, ())
    named = [g for g in goods if not instrument.goods or g in instrument.goods]
    if not named:
        raise QuestionError(f"{instrument.kind}:{instrument.target}: nothing in the case has this id and carries such a good")
    return good_units(case, named[0])


def _canonical(case: Case, instrument: Instrument, key: str, text: str, good: GoodUnits) -> float:
    where = f"{instrument.kind}:{instrument.target}, {key}={text}"
    match = _QUANTITY.fullmatch(text)
    if not match:
        example = "USD/t" if key == "price" else f"{good.unit}/yr"
        raise QuestionError(f"{where}: write a number and its unit, as in {key}=20{example}")
    number, unit = float(match[1]), match[2]
    try:
        if key != "price":
            return number * rate_factor(unit, good)
        currency, factor = price_factor(unit, good)
    except UnitError as error:
        raise QuestionError(f"{where}: {error.message}; {error.remedy}") from None
    year = (instrument.start or case.settings.calendar.start).year
    return number * factor / currency_per_usd(case, currency, year)
