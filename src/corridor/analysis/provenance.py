"""What an answer rests on: the sources behind the figures of its goods, and what is assumed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from corridor.case import records

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corridor.case import Case

__all__ = ["Assumption", "assumptions", "source_keys"]

_TABLES = ("links", "pools", "supply", "demand", "processes", "storage", "observations", "prices", "instruments")


@dataclass(frozen=True)
class Assumption:
    """A figure, or all figures of a row, that no source gives."""

    table: str
    id: str
    column: str
    """"" where the whole row is assumed"""
    low: float | None
    high: float | None
    reason: str

    def __str__(self) -> str:
        what = f"{self.table} {self.id}" + (f", {self.column}" if self.column else "")
        span = f", {self.low:g} to {self.high:g}" if self.low is not None and self.high is not None else ""
        return f"{what}{span}" + (f": {self.reason}" if self.reason else "")


def source_keys(case: Case, goods: Iterable[str] = ()) -> tuple[str, ...]:
    """Keys of the sources behind the tables' rows and single figures, for some goods or all."""
    return _source_keys(case, frozenset(goods))


@lru_cache(maxsize=32)
def _source_keys(case: Case, wanted: frozenset[str]) -> tuple[str, ...]:
    keys: set[str] = set()
    for table in (*_TABLES, "dated", "process_goods", "profiles", "ownership", "fiscal"):
        for row in records(case.tables[table]):
            if _about(row, wanted):
                keys.update(row["source"])
    for row in records(case.tables["evidence"]):
        keys.update(row["source"])
    return tuple(sorted(keys))


def assumptions(case: Case, goods: Iterable[str] = ()) -> tuple[Assumption, ...]:
    """What is assumed, row by row and figure by figure, for some goods or all."""
    return _assumptions(case, frozenset(goods))


@lru_cache(maxsize=32)
def _assumptions(case: Case, wanted: frozenset[str]) -> tuple[Assumption, ...]:
    found = []
    for row in records(case.tables["evidence"]):
        if row["basis"] == "assumed":
            low, high = (None if math.isnan(value) else float(value) for value in (row["low"], row["high"]))
            found.append(Assumption(row["table"], row["id"], row["column"], low, high, row["reason"]))
    told = {(a.table, a.id) for a in found}
    for table in _TABLES:
        found.extend(
            Assumption(table, row["id"], "", None, None, row["note"])
            for row in records(case.tables[table])
            if row["basis"] == "assumed" and (table, row["id"]) not in told and _about(row, wanted)
        )
    return tuple(sorted(found, key=lambda a: (a.table, a.id, a.column)))


def _about(row: dict[str, Any], wanted: frozenset[str]) -> bool:
    """Whether a row is about one of the goods; no goods asked for, or none told, is all of them."""
    if not wanted:
        return True
    goods = row.get("goods")
    named = set(goods) if isinstance(goods, tuple) else {row.get("good")} if row.get("good") else set()
    return not named or bool(named & wanted)
