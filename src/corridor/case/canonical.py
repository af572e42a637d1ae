"""Figures as written -> figures in canonical units. The one place where units and money of a case's tables are converted.

Money: a figure is in money of the year that its unit tells (`KZT_2019/t`), else of the case's `price_year`; a row of
`dated` or `prices` in money of the year of its start. It is divided by `per_usd` of that currency and year (rates.csv), and by `deflator` where one is given. USD needs no row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.case.columns import columns_of_kind
from corridor.case.goods import home_tables, row_goods
from corridor.case.schema import TABLES, column_kind
from corridor.case.units import (
    PRICE_UNITS,
    GoodUnits,
    UnitError,
    money_factor,
    price_factor,
    quantity_factor,
    rate_factor,
)
from corridor.case.words import capped, where
from corridor.errors import Fault

if TYPE_CHECKING:
    import pandas as pd

    from corridor.case.model import Case
    from corridor.case.words import Rows

    Floats = np.ndarray[Any, np.dtype[np.float64]]

__all__ = ["Converter", "Measures", "measures_of", "unit_factor"]

_DATED_MONEY = ("dated", "prices")
"""Tables whose money is that of the year in which their row starts."""


@dataclass(frozen=True)
class Measures:
    """What turns a written unit into a factor: the goods, the rates, the price year."""

    goods: Mapping[str, GoodUnits]
    usd: Mapping[tuple[str, int], float]
    """(currency, year) -> USD of the price year per unit of the currency."""
    price_year: int | None

    def factor(self, kind: str, unit: str, cost_unit: str, goods: tuple[str, ...], year: int | None = None) -> float:
        """Canonical per written, for a column of a kind in a row about some goods. Raises `UnitError`.

        Goods of one row must share the factor: one figure cannot stand for different amounts.
        """
        if kind == "money":
            currency, size = money_factor(unit)
            return size * self.dollars(currency, year)
        factors = {name: self._one(kind, unit, cost_unit, self.goods[name], year) for name in goods}
        if len(set(factors.values())) > 1 or len({self.goods[name].unit for name in goods}) > 1:
            raise UnitError(
                f"'{cost_unit if kind == 'price' else unit}' is not the same amount for {', '.join(goods)}",
                "give a unit that is, such as tonnes where densities differ, or a row of its own to each good",
            )
        return next(iter(factors.values()))

    def _one(self, kind: str, unit: str, cost_unit: str, good: GoodUnits, year: int | None) -> float:
        if kind == "rate":
            return rate_factor(unit, good)
        if kind == "volume":
            return quantity_factor(unit, good)
        currency, own_year, factor = price_factor(cost_unit, good)
        factor *= self.dollars(currency, own_year or year)
        return factor / rate_factor(unit, good) ** 2 if kind == "cubic" else factor

    def dollars(self, currency: str, year: int | None) -> float:
        """USD of the price year per unit of a currency of a year (None: the price year). Raises `UnitError`."""
        chosen = year or self.price_year
        if chosen is not None and (currency, chosen) in self.usd:
            return self.usd[currency, chosen]
        if currency == "USD":
            return 1.0
        if chosen is None:
            raise UnitError(f"the year of the figure in {currency} is not told", "give price_year in case.toml")
        raise UnitError(f"there is no rate for {currency} in {chosen}", f"add {currency}, {chosen} to rates.csv")


def measures_of(tables: Mapping[str, pd.DataFrame], price_year: int | None) -> Measures:
    """Measures of a case's tables (`goods` and `rates`)."""
    goods = {}
    columns = ("id", "unit", "barrels_per_tonne", "gas_reference")
    for name, unit, density, reference in zip(*(tables["goods"][column] for column in columns), strict=True):
        if unit in PRICE_UNITS:
            goods[name] = GoodUnits(name, unit, None if np.isnan(density) else density, reference)
    usd = {}
    columns = ("currency", "year", "per_usd", "deflator")
    for currency, year, rate, deflator in zip(*(tables["rates"][column] for column in columns), strict=True):
        usd[currency, int(year)] = 1 / rate / (1.0 if np.isnan(deflator) else deflator)
    return Measures(goods, usd, price_year)


@dataclass(frozen=True)
class Converter:
    """Makes typed tables canonical. `rows(table)` are the file's row numbers, for faults."""

    tables: Mapping[str, pd.DataFrame]
    measures: Measures
    rows: Rows

    def convert(self) -> tuple[dict[str, pd.DataFrame], list[Fault]]:
        """The tables in canonical units, and what could not be converted (left as written)."""
        done, faults = dict(self.tables), []
        for table in TABLES:
            if self.tables[table].empty:
                continue
            changed: dict[str, Any] = {}
            for kind in ("rate", "volume", "price", "money", "cubic"):
                names = columns_of_kind(table, kind)
                if names:
                    values = self.tables[table].loc[:, list(names)].to_numpy(dtype=float)
                    factors, found = self.factors(table, kind, _needs_unit(values))
                    faults += found
                    changed |= {name: values[:, i] * factors for i, name in enumerate(names)}
            done[table] = self.tables[table].assign(**changed)
        for table in ("dated", "projections"):
            done[table], found = self._by_column(table)
            faults += found
        known = np.nan if self.measures.price_year is None else float(self.measures.price_year)
        done["expansions"] = done["expansions"].assign(price_year=known)
        return {**done, "evidence": self._evidence()}, faults

    def factors(self, table: str, kind: str, wanted: np.ndarray[Any, np.dtype[np.bool_]]) -> tuple[Floats, list[Fault]]:
        """Canonical per written for each row of a table, 1 where not wanted or not to be told, and the faults."""
        frame = self.tables[table]
        blank = [""] * len(frame)
        units, cost_units = (list(frame[name]) if name in frame else blank for name in ("unit", "cost_unit"))
        years: list[Any] = list(blank)
        if table in _DATED_MONEY:
            years = [start.year if start else None for start in frame["start"]]
        elif table == "expansions":
            years = [None if np.isnan(year) else int(year) for year in frame["price_year"]]
        keys = list(zip(units, cost_units, self._goods[table], years, strict=True))
        column = "unit" if kind in ("rate", "volume", "money") else "cost_unit"
        return self._by_key(table, [kind] * len(keys), keys, column, wanted)

    @cached_property
    def _goods(self) -> dict[str, list[tuple[str, ...]]]:
        return {table: row_goods(table, frame, self.tables) for table, frame in self.tables.items()}

    def _by_key(
        self,
        table: str,
        kinds: list[str],
        keys: list[tuple[Any, ...]],
        column: str,
        wanted: np.ndarray[Any, np.dtype[np.bool_]],
    ) -> tuple[Floats, list[Fault]]:
        """Factors of rows; each distinct key is worked out once."""
        known: dict[tuple[Any, ...], float | UnitError] = {}
        factors, faults = np.ones(len(keys)), []
        rows = self.rows(table)
        for position in where(wanted):
            key = (kinds[position], *keys[position])
            if key not in known:
                known[key] = self._one(*key)
            found = known[key]
            if isinstance(found, UnitError):
                faults.append(Fault(f"{table}.csv", int(rows[position]), column, found.message, found.remedy))
            else:
                factors[position] = found
        return factors, capped(faults)

    def _one(self, kind: str, unit: str, cost_unit: str, goods: tuple[str, ...], year: Any) -> float | UnitError:
        if kind != "money" and (not goods or any(good not in self.measures.goods for good in goods)):
            return 1.0  # the unknown good is a fault of its own
        if any(
            self.measures.goods[good].unit == "bcm" and not self.measures.goods[good].gas_reference for good in goods
        ):
            return 1.0  # told once, in goods.csv
        try:
            return self.measures.factor(kind, unit, cost_unit, goods, year or None)
        except UnitError as problem:
            return problem

    def _by_column(self, table: str) -> tuple[pd.DataFrame, list[Fault]]:
        """Dated and projected values are of the kind of the column that they override; their `unit` is one of both kinds."""
        frame = self.tables[table]
        if frame.empty:
            return frame, []
        if table == "dated":
            homes, years = list(frame["table"]), [start.year if start else None for start in frame["start"]]
        else:
            home = home_tables(self.tables)
            # What a planning year will cost is told in money of the price year.
            homes, years = [home.get(target, "") for target in frame["target"]], [None] * len(frame)
        kinds = [_kind(home, column) for home, column in zip(homes, frame["column"], strict=True)]
        keys = list(zip(frame["unit"], frame["unit"], self._goods[table], years, strict=True))
        values = frame["value"].to_numpy(dtype=float)
        plain = np.array([bool(home) and not kind for home, kind in zip(homes, kinds, strict=True)])
        factors, faults = self._by_key(table, kinds, keys, "unit", _needs_unit(values[:, None]) & ~plain)
        rows = self.rows(table)
        for position in where(plain & (frame["unit"] != "").to_numpy()):
            column = frame["column"].iloc[position]
            faults.append(
                Fault(f"{table}.csv", int(rows[position]), "unit", f"'{column}' has no unit", "leave the cell blank")
            )
        return frame.assign(value=values * factors), faults

    def _evidence(self) -> pd.DataFrame:
        """`low` and `high` are in the unit of the row they are about."""
        frame = self.tables["evidence"]
        if frame.empty:
            return frame
        lookups: dict[tuple[str, str], dict[str, float]] = {}
        factors = np.ones(len(frame))
        for position, (table, row, column) in enumerate(zip(frame["table"], frame["id"], frame["column"], strict=True)):
            kind = _kind(table, column)
            if not kind or "id" not in self.tables[table]:
                continue
            if (table, kind) not in lookups:
                size = len(self.tables[table])
                found, _ = self.factors(table, kind, np.ones(size, dtype=bool))
                lookups[table, kind] = dict(zip(self.tables[table]["id"], found, strict=True))
            factors[position] = lookups[table, kind].get(row, 1.0)
        return frame.assign(low=frame["low"] * factors, high=frame["high"] * factors)


def _kind(table: str, column: str) -> str:
    return (column_kind(table, column) or "") if table in TABLES else ""


def _needs_unit(values: Floats) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Rows with a figure that a unit changes: neither absent, nor zero, nor unlimited. Shape (rows,)."""
    needs: np.ndarray[Any, np.dtype[np.bool_]] = np.any(np.isfinite(values) & (values != 0), axis=1)
    return needs


def unit_factor(case: Case, kind: str, unit: str, goods: Sequence[str]) -> float:
    """Canonical per written unit, for a `rate`, `volume` or `price` of some goods; money is of the case's price year.

    For figures that come with a question instead of a table, such as `capacity=32Mt/yr`. Raises `UnitError`.
    """
    measures = measures_of(case.tables, case.settings.price_year)
    return measures.factor(kind, unit, unit, tuple(goods))
