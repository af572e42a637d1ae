"""Columns of a case's tables as arrays per period."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.case.model import Case
    from corridor.network.calendar import Periods
    from corridor.program import Floats, Ints

__all__ = ["indices", "numbers", "over_time"]


def numbers(case: Case, table: str, column: str) -> Floats:
    """A numeric column, shape (rows,); NaN where the case has no value."""
    return case.tables[table][column].to_numpy(dtype=float)


def over_time(case: Case, table: str, column: str, periods: Periods) -> Floats:
    """A numeric column with its dated values, shape (T, rows): the average over each period's days."""
    values = np.tile(numbers(case, table, column), (len(periods), 1))
    dated = case.tables["dated"]
    if dated.empty:
        return values
    rows = dated[(dated["table"] == table) & (dated["column"] == column)]
    position = {name: i for i, name in enumerate(case.tables[table]["id"])}
    covered = np.zeros_like(values)
    summed = np.zeros_like(values)
    for row in rows.to_dict("records"):
        item = position[row["id"]]
        share = periods.share(row["start"], row["end"])
        covered[:, item] += share
        summed[:, item] += np.where(share > 0, share * row["value"], 0.0) if np.isfinite(row["value"]) else 0.0
        if np.isinf(row["value"]):
            summed[share > 0, item] = np.inf
    rest = 1.0 - covered
    own = np.where(rest > 1e-12, values, 0.0)
    return np.where(covered > 0, summed + np.where(rest > 1e-12, rest, 0.0) * own, values)


def indices(names: Sequence[str], among: Sequence[str]) -> Ints:
    """Position of each name in a list that has it, shape (names,)."""
    position = {name: i for i, name in enumerate(among)}
    return np.fromiter((position[n] for n in names), dtype=np.int64, count=len(names))
