"""The case itself: checked tables in canonical units, frozen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["Calendar", "Case", "Group", "Planning", "Settings"]

Step = Literal["month", "quarter", "year"]
_Made = TypeVar("_Made")


@dataclass(frozen=True)
class Calendar:
    """The case's own steps: `[start, end)` cut into months, quarters or years."""

    start: dt.date
    end: dt.date
    step: Step

    @staticmethod
    def of_year(year: int) -> Calendar:
        """A calendar year as one step."""
        return Calendar(dt.date(year, 1, 1), dt.date(year + 1, 1, 1), "year")


@dataclass(frozen=True)
class Group:
    """Goods that answers and reports show together."""

    name: str
    calibrate_on: int | None = None
    """Year on whose observations its goods are calibrated; None: the case's own range."""


@dataclass(frozen=True)
class Planning:
    """The years for which `invest` plans."""

    years: tuple[int, ...]
    """rising; the first is the base year, each stands for the years up to the next, the last for as many as the one before it"""
    discount_rate: float
    """real, a year"""
    source: str = ""
    basis: str = "assumed"
    note: str = ""


@dataclass(frozen=True)
class Settings:
    """What stands in `case.toml`."""

    title: str
    calendar: Calendar
    calibration: Calendar | None
    """Range on whose observations the case is calibrated, as one period; None: nothing to calibrate."""
    currency: str = "USD"
    price_year: int | None = None
    kappa: float = 0.3
    """Strength of the route preference (design section 5): 0.1, 0.3 or 1, assumed; 0 for none."""
    headline: tuple[Mapping[str, str], ...] = ()
    """The share questions that `run` answers: arguments of `share` by name."""
    asked: tuple[Mapping[str, Any], ...] = ()
    """The other questions that `run` answers: `verb` and its arguments, which are texts, numbers and tuples of texts."""
    groups: Mapping[str, Group] = field(default_factory=dict)
    """Groups of goods, in the order in which they are shown; empty: all goods together."""
    slices: Mapping[str, float] = field(default_factory=dict)
    """Slice -> its share of the hours of every period, in order; empty: periods are not cut by hours."""
    planning: Planning | None = None
    """Years and discount rate of plans; None: nothing to plan."""


@dataclass(frozen=True)
class _Kept:
    """What was read from a table: its columns as arrays, and what `Case.worked_out` made."""

    arrays: dict[str, np.ndarray[tuple[int], np.dtype[Any]]] = field(default_factory=dict)
    of_numbers: dict[Hashable, Any] = field(default_factory=dict)
    of_texts: dict[Hashable, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Case:
    """Checked tables of one study, as read from a folder.

    `tables[name]` has the columns of the table's row model (`corridor.case.schema.TABLES`; aliases `from` and `to` for
    links), every one of them, in canonical units: quantities in the good's unit (rates per year), prices in million USD
    per good.unit, dates as `datetime.date` or None, absent numbers as NaN, `unlimited` as infinity, lists as tuples.
    `original[name]` holds the cells as written, row by row, with the file's row numbers as index: what messages, hover
    and `write` show.
    """

    name: str
    settings: Settings
    tables: Mapping[str, pd.DataFrame]
    original: Mapping[str, pd.DataFrame]
    digests: Mapping[str, str] = field(default_factory=dict, repr=False)
    """hashes of tables already worked out; tables that a new case shares with an old one are not hashed again"""
    kept: Mapping[str, _Kept] = field(default_factory=dict, repr=False)
    """table -> what was read from it already; cases that share a table share this too"""

    def __post_init__(self) -> None:
        object.__setattr__(self, "tables", MappingProxyType(dict(self.tables)))
        object.__setattr__(self, "kept", {name: self.kept.get(name) or _Kept() for name in self.tables})
        object.__setattr__(self, "original", MappingProxyType(dict(self.original)))

    def __reduce__(self) -> tuple[type[Case], tuple[Any, ...]]:
        """A case goes to another process as what it was made of: a read-only view of a dictionary cannot be pickled."""
        return Case, (self.name, self.settings, dict(self.tables), dict(self.original), dict(self.digests))

    @cached_property
    def hash(self) -> str:
        """sha256 of settings and tables: two cases with the same content have the same."""
        from corridor.case.identity import combined_hash, table_hash

        known = {name: self.digests.get(name) or table_hash(name, t) for name, t in self.tables.items() if len(t)}
        object.__setattr__(self, "digests", known)
        return combined_hash(self.settings, known)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Case) and (self.name, self.hash) == (other.name, other.hash)

    def __hash__(self) -> int:
        return hash(self.hash)

    def column(self, table: str, name: str) -> np.ndarray[tuple[int], np.dtype[Any]]:
        """A column as an array that is not to be written to; cheap to ask for again, which pandas is not."""
        arrays = self.kept[table].arrays
        found = arrays.get(name)
        if found is None:
            found = arrays[name] = self.tables[table][name].to_numpy()
        return found

    def worked_out(self, table: str, key: Hashable, make: Callable[[], _Made], *, numbers: bool = True) -> _Made:
        """What `make` makes of one table and nothing else, made once and kept under `key` for cases that share the table.

        With `numbers=False` it hangs on no column of numbers, and outlives a change of those.
        """
        made = self.kept[table].of_numbers if numbers else self.kept[table].of_texts
        if key not in made:
            made[key] = make()
        return cast("_Made", made[key])

    def table(self, name: str) -> pd.DataFrame:
        """A copy of a table in canonical units; empty, with all its columns, where the case has none."""
        return self.tables[name].copy()

    def with_tables(self, settings: Settings | None = None, **changed: pd.DataFrame) -> Case:
        """A new case in which some tables, given in canonical units, take the place of the old ones."""
        from corridor.case.make import complete_table

        return self.with_complete(settings, **{name: complete_table(name, table) for name, table in changed.items()})

    def with_complete(self, settings: Settings | None = None, **whole: pd.DataFrame) -> Case:
        """As `with_tables`, for tables that have every column in its shape, such as old ones with other numbers in them."""
        changed = whole.keys()
        tables = {**self.tables, **whole}
        chosen = settings or self.settings
        kept = _still_as_written(self.original, set(changed), same_money=chosen.price_year == self.settings.price_year)
        shared = {name: digest for name, digest in self.digests.items() if name not in changed}
        known = {name: things for name, things in self.kept.items() if name not in changed}
        return replace(self, settings=chosen, tables=tables, original=kept, digests=shared, kept=known)

    def with_numbers(self, changed: Mapping[str, Mapping[str, np.ndarray[Any, np.dtype[np.float64]]]]) -> Case:
        """A new case with other numbers in some columns (table -> column -> numbers); everything else is shared."""
        tables, kept = {}, {}
        for name, columns in changed.items():
            tables[name] = self.tables[name].copy(deep=False)
            for column, numbers in columns.items():
                tables[name][column] = numbers
            same = {column: self.column(name, column) for column in tables[name].columns if column not in columns}
            kept[name] = _Kept({**same, **columns}, {}, self.kept[name].of_texts)
        case = self.with_complete(None, **tables)
        return replace(case, kept={**case.kept, **kept})


def _still_as_written(
    original: Mapping[str, pd.DataFrame], changed: set[str], *, same_money: bool
) -> dict[str, pd.DataFrame]:
    """Cells as written of the tables that they still describe: what they mean must not hang on a changed table."""
    if changed & {"goods", "rates", "evidence"} or not same_money:
        return {}
    lost = changed | (
        {"instruments", "dated"} if changed & {"links", "pools", "supply", "demand", "processes", "storage"} else set()
    )
    return {name: cells for name, cells in original.items() if name not in lost}
