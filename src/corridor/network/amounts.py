"""Numbers with units inside instruments, made canonical with the good of what the instrument acts on."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from corridor.case import UnitError, target_goods, unit_factor
from corridor.errors import QuestionError

if TYPE_CHECKING:
    from corridor.case import Case
    from corridor.network.instruments import Instrument

__all__ = ["resolve"]

_QUANTITY = re.compile(r"\s*([0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?)\s*([A-Za-z0-9_/]+)\s*")
_KINDS = {"capacity": "rate", "add": "rate", "min": "rate", "price": "price"}


def resolve(case: Case, instrument: Instrument) -> Instrument:
    """The instrument with `capacity`, `add` and `min` in good.unit per year and `price` in million USD per good.unit.

    Numbers without a unit are taken as canonical already. Raises `QuestionError` for a unit that does not fit.
    """
    written = {key: value for key in _KINDS if isinstance(value := getattr(instrument, key), str)}
    if not written:
        return instrument
    carried = target_goods(case.tables).get(instrument.target, ())
    goods = [g for g in carried if not instrument.goods or g in instrument.goods]
    if not goods:
        what = f"carries {', '.join(instrument.goods)}" if carried else "has this id"
        raise QuestionError(f"{instrument.kind}:{instrument.target}: nothing in the case {what}")
    return replace(instrument, **{key: _canonical(case, instrument, key, text, goods) for key, text in written.items()})


def _canonical(case: Case, instrument: Instrument, key: str, text: str, goods: list[str]) -> float:
    where = f"{instrument.kind}:{instrument.target}, {key}={text}"
    match = _QUANTITY.fullmatch(text)
    if not match:
        example = "USD/t" if key == "price" else "Mt/yr"
        raise QuestionError(f"{where}: write a number and its unit, as in {key}=20{example}")
    try:
        return float(match[1]) * unit_factor(case, _KINDS[key], match[2], goods)
    except UnitError as error:
        raise QuestionError(f"{where}: {error.message}; {error.remedy}") from None
