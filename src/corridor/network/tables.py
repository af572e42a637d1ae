"""Columns of a case's tables as arrays per period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from corridor.case.model import Case
    from corridor.network.calendar import Periods
    from corridor.program import Floats, Ints

__all__ = ["indices", "levels", "numbers", "over_time"]


def numbers(case: Case, table: str, column: str) -> Floats:
    """A numeric column, shape (rows,); NaN where the case has no value."""
    return case.tables[table][column].to_numpy(dtype=float)


def over_time(case: Case, table: str, column: str, periods: Periods) -> Floats:
    """A numeric column with its dated values, shape (T, rows): the average over each period's days."""
    values = np.tile(numbers(case, table, column), (len(periods), 1))
    dated = case.tables["dated"]
    if dated.empty:
        return values
    here = np.flatnonzero((dated["table"].to_numpy() == table) & (dated["column"].to_numpy() == column))
    if not len(here):
        return values
    position = {name: i for i, name in enumerate(case.tables[table]["id"])}
    covered = np.zeros_like(values)
    summed = np.zeros_like(values)
    columns = (dated[name].to_numpy()[here] for name in ("id", "start", "end", "value"))
    for name, start, end, value in zip(*columns, strict=True):
        item = position[name]
        share = periods.share(start, end)
        covered[:, item] += share
        summed[:, item] += share * value if np.isfinite(value) else np.where(share > 0, np.inf, 0.0)
    rest = 1.0 - covered
    own = np.where(rest > 1e-12, values, 0.0)
    return np.where(covered > 0, summed + np.where(rest > 1e-12, rest, 0.0) * own, values)


def indices(names: Collection[Any], among: Sequence[str]) -> Ints:
    """Position of each name in a list that has it, shape (names,)."""
    position = dict(zip(among, range(len(among)), strict=True))
    return np.fromiter(map(position.__getitem__, names), dtype=np.int64, count=len(names))


def levels(case: Case, table: str, column: str, default: float) -> Floats:
    """A column of the calibrated levels of a table, `default` where there is none, shape (rows,)."""
    found = case.tables["levels"]
    known = dict(zip(found["id"], found[column], strict=True)) if not found.empty else {}
    return np.array([known.get(name, default) for name in case.tables[table]["id"]], dtype=float)
