"""Units: a closed list, and one exact factor from each to the good's canonical unit.

Canonical are `good.unit`, rates per year of 365.25 days, and million USD per good.unit. Arithmetic is in fractions, so a
figure already in canonical units is not changed by a bit. Why no units library: docs/decisions/0004-closed-list-of-units.md.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

__all__ = [
    "PRICE_UNITS",
    "GoodUnits",
    "UnitError",
    "canonical_price_unit",
    "money_factor",
    "price_factor",
    "quantity_factor",
    "rate_factor",
    "spellings",
]

PRICE_UNITS = {
    "Mt": "USD/t",
    "kt": "USD/kg",
    "t": "MUSD/t",
    "bcm": "USD/1000m3",
    "TWh": "USD/MWh",
    "GWh": "USD/kWh",
    "Munit": "USD/unit",
}
"""Canonical unit of a good -> how million USD per that unit is written."""

_K, _M, _G = Fraction(10**3), Fraction(10**6), Fraction(10**9)

_SIZES: dict[str, dict[str, Fraction]] = {
    "mass": {
        "kg": 1 / _K,
        "t": Fraction(1),
        "kt": _K,
        "Mt": _M,
        "lb": Fraction("0.00045359237"),
        "Mlb": Fraction("453.59237"),
    },
    "oil volume": {"bbl": Fraction(1), "kb": _K, "Mb": _M},
    "gas volume": {"m3": Fraction(1), "1000m3": _K, "mcm": _M, "bcm": _G},
    "energy": {"kWh": 1 / _K, "MWh": Fraction(1), "GWh": _K, "TWh": _M},
    "count": {"unit": Fraction(1), "kunit": _K, "Munit": _M},
}
"""Dimension -> spelling -> size in tonnes, barrels, cubic metres, MWh, pieces. `mcm` is a million cubic metres."""

_POWER = {"kW": 1 / _K, "MW": Fraction(1), "GW": _K}
"""A rate of energy: MWh per hour."""

_KELVIN = {"15C": Fraction("288.15"), "20C": Fraction("293.15")}

_PER_YEAR = {"yr": Fraction(1), "month": Fraction(12), "d": Fraction("365.25"), "h": Fraction("365.25") * 24}

_AMBIGUOUS = {
    "mb": "'mb' is read as a thousand barrels by some and as a million by others; write kb (thousand) or Mb (million)",
    "mbd": "'mbd' is read both as thousand and as million barrels a day; write kb/d or Mb/d",
    "mbbl": "'mbbl' is read both as thousand and as million barrels; write kb or Mb",
    "mmbbl": "write Mb for million barrels",
    "mt": "'mt' can be metric tonnes or million tonnes; write t or Mt",
    "MT": "'MT' can be metric tonnes or million tonnes; write t or Mt",
    "ton": "a ton is short, long or metric; write t for tonnes",
    "tons": "a ton is short, long or metric; write t for tonnes",
    "tcm": "'tcm' can be thousand or trillion cubic metres; write 1000m3 or bcm",
    "mcf": "cubic feet are not accepted, and 'm' is a thousand or a million; write 1000m3 or bcm",
    "gal": "a gallon is US or imperial; write bbl, t or m3",
    "toe": "tonnes of oil equivalent are energy, not mass; write TWh for energy, t for mass",
}

_SUMS = {"million": 1.0, "billion": 1000.0}
_CURRENCY = re.compile(r"[A-Z]{3}")
_PRICE = re.compile(r"([kM]?)([A-Z]{3})(?:_(\d{4}))?/(\S+)")


class UnitError(ValueError):
    """A unit that is not known, is ambiguous or does not fit its good. Caught where the row and column are known."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


@dataclass(frozen=True)
class GoodUnits:
    """What decides how a good is measured."""

    good: str
    unit: str
    barrels_per_tonne: float | None = None
    gas_reference: str | None = None

    @property
    def dimension(self) -> str:
        """`mass`, `gas volume`, `energy` or `count`."""
        return next(name for name, sizes in _SIZES.items() if self.unit in sizes)


def canonical_price_unit(unit: str) -> str:
    """How a price in million USD per this canonical unit is written: `USD/t` for Mt."""
    return PRICE_UNITS[unit]


@cache
def quantity_factor(text: str, good: GoodUnits) -> float:
    """good.unit per written unit. Raises `UnitError`."""
    amount, slash, time = text.partition("/")
    if slash and time in _PER_YEAR:
        raise UnitError(f"'{text}' is a rate, and the column holds a total", f"write {amount}")
    return float(_quantity(text, good))


@cache
def rate_factor(text: str, good: GoodUnits) -> float:
    """good.unit per year, per written unit such as `kb/d` or `GW`. Raises `UnitError`."""
    if text in _POWER:
        if good.dimension != "energy":
            raise _wrong_dimension(text, "power", good, rate=True)
        return float(_POWER[text] * _PER_YEAR["h"] / _SIZES["energy"][good.unit])
    amount, slash, time = text.partition("/")
    if not slash:
        _quantity(text, good)  # an unknown or ambiguous quantity is told first
        raise UnitError(
            f"'{text}' is a quantity, and the column holds a rate", f"write {text}/yr, {text}/month or {text}/d"
        )
    if time not in _PER_YEAR:
        _quantity(amount, good)
        times = ", ".join(f"/{known}" for known in _PER_YEAR)
        raise UnitError(f"unknown time '/{time}' in '{text}'", f"write {amount} with one of {times}")
    return float(_quantity(amount, good) * _PER_YEAR[time])


@cache
def price_factor(text: str, good: GoodUnits) -> tuple[str, int | None, float]:
    """Currency, its year where told, and million of it per good.unit, per written unit such as `KZT/t` or `KZT_2019/t`.

    Raises `UnitError`.
    """
    match = _PRICE.fullmatch(text)
    if not match:
        remedy = f"write a currency over a quantity, such as {canonical_price_unit(good.unit)}"
        raise UnitError(f"'{text}' is not a price", remedy)
    prefix, currency, year, amount = match.groups()
    size = {"": Fraction(1), "k": _K, "M": _M}[prefix] / _M
    return currency, int(year) if year else None, float(size / _quantity(amount, good))


def money_factor(text: str) -> tuple[str, float]:
    """Currency, and million of it per written unit such as `million USD`. Raises `UnitError`."""
    size, _, currency = text.partition(" ")
    if size not in _SUMS or not _CURRENCY.fullmatch(currency):
        raise UnitError(f"'{text}' is not a sum of money", "write such as million USD or billion KZT")
    return currency, _SUMS[size]


def spellings(dimension: str) -> tuple[str, ...]:
    """Quantities accepted for goods of a dimension; barrels also for mass, where the good has barrels_per_tonne."""
    names = [*_SIZES[dimension]]
    if dimension == "mass":
        names += _SIZES["oil volume"]
    if dimension == "gas volume":
        names += [f"{name}_{reference}" for reference in _KELVIN for name in _SIZES[dimension]]
    return tuple(names)


@cache
def _quantity(text: str, good: GoodUnits) -> Fraction:
    """good.unit per written quantity, exactly."""
    plain, _, reference = text.partition("_")
    dimension = next((name for name, sizes in _SIZES.items() if plain in sizes), None)
    if text in _POWER:
        raise UnitError(f"'{text}' is power, and a quantity is meant", "write energy, such as TWh")
    if dimension is None or (reference and (dimension != "gas volume" or reference not in _KELVIN)):
        raise _unknown(text, good)
    size = _SIZES[dimension][plain]
    own = _SIZES[good.dimension][good.unit]
    if dimension == "oil volume" and good.dimension == "mass":
        if not good.barrels_per_tonne:
            raise UnitError(
                f"'{text}' is in barrels, and good '{good.good}' has no barrels_per_tonne",
                "give barrels_per_tonne in goods.csv, or write tonnes",
            )
        return size / Fraction(repr(float(good.barrels_per_tonne))) / own
    if dimension != good.dimension:
        raise _wrong_dimension(text, dimension, good)
    if dimension == "gas volume":
        if good.gas_reference is None:
            raise UnitError(
                f"'{text}' says no temperature, and good '{good.good}' has no gas_reference",
                "give gas_reference (15C or 20C) in goods.csv",
            )
        if reference:  # the same gas is the larger, the warmer: ideal gas at constant pressure
            size *= _KELVIN[good.gas_reference] / _KELVIN[reference]
    return size / own


def _unknown(text: str, good: GoodUnits) -> UnitError:
    if not text:
        return UnitError("the unit is blank", f"write one of {', '.join(spellings(good.dimension))}")
    ambiguous = _AMBIGUOUS.get(text) or _AMBIGUOUS.get(text.lower())
    if ambiguous:
        return UnitError(f"unit '{text}' is ambiguous", ambiguous)
    accepted = spellings(good.dimension)
    close = difflib.get_close_matches(text, [*accepted, *_POWER], n=1, cutoff=0.5)
    hint = f"did you mean '{close[0]}'? " if close else ""
    return UnitError(f"unknown unit '{text}'", f"{hint}accepted for '{good.good}': {', '.join(accepted)}")


def _wrong_dimension(text: str, dimension: str, good: GoodUnits, *, rate: bool = False) -> UnitError:
    suffix = "/yr" if rate else ""
    return UnitError(
        f"'{text}' is {dimension}, and good '{good.good}' is measured as {good.dimension}",
        f"write {good.unit}{suffix}, or one of {', '.join(spellings(good.dimension))}{' per time' if rate else ''}",
    )
