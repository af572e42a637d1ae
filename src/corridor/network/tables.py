"""Columns of a case's tables as arrays per period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.network.calendar import by_month

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import pandas as pd

    from corridor.case.model import Case
    from corridor.network.calendar import Periods
    from corridor.program import Floats, Ints

__all__ = ["indices", "levels", "numbers", "over_time"]


def numbers(case: Case, table: str, column: str) -> Floats:
    """A numeric column, shape (rows,); NaN where the case has no value."""
    found: Floats = case.column(table, column).astype(float)
    return found


def over_time(case: Case, table: str, column: str, periods: Periods) -> Floats:
    """A numeric column with its dated values and its profile, shape (T, rows): the average over each period's hours."""
    here = (case.column("profiles", "table") == table) & (case.column("profiles", "column") == column)
    if here.any():
        return _profiled(case, case.tables["profiles"][here], periods)
    return _dated(case, table, column, periods)


def _profiled(case: Case, rows: pd.DataFrame, periods: Periods) -> Floats:
    """A column times its profile: month by month, so that neither a long step nor a date inside a month blurs it."""
    table, column = str(rows["table"].iloc[0]), str(rows["column"].iloc[0])
    fine, parent = by_month(periods)
    values = _dated(case, table, column, fine)
    position = {name: i for i, name in enumerate(case.column(table, "id"))}
    months = np.array([start.month for start in fine.starts])
    # A period that is no slice itself, as in calibration, takes the average over the hours of all slices.
    slices = case.settings.slices or {"": 1.0}
    factor = np.ones((len(slices), values.shape[0], values.shape[1]))
    columns = (rows[name] for name in ("id", "month", "slice", "factor"))
    for name, month, of, times in zip(*columns, strict=True):
        hours = np.array([not of or of == one for one in slices])
        days = np.ones(len(months), dtype=bool) if np.isnan(month) else months == int(month)
        factor[hours[:, None] & days[None, :], position[name]] *= times
    share = np.array(list(slices.values()))
    if periods.slices:
        share = (np.array(periods.slice)[parent][None, :] == np.array(list(slices))[:, None]).astype(float)
        factor = (share[:, :, None] * factor).sum(axis=0)
    else:
        factor = np.einsum("h,hti->ti", share, factor)
    with np.errstate(invalid="ignore"):
        values = np.where(factor == 0, 0.0, values * factor)
    weight = fine.years / np.bincount(parent, weights=fine.years)[parent]
    total = np.zeros((len(periods), values.shape[1]))
    with np.errstate(invalid="ignore"):
        np.add.at(total, parent, weight[:, None] * values)
    return total


def _dated(case: Case, table: str, column: str, periods: Periods) -> Floats:
    values = np.tile(numbers(case, table, column), (len(periods), 1))
    here = np.flatnonzero((case.column("dated", "table") == table) & (case.column("dated", "column") == column))
    if not len(here):
        return values
    position = {name: i for i, name in enumerate(case.column(table, "id"))}
    covered = np.zeros_like(values)
    summed = np.zeros_like(values)
    columns = (case.column("dated", name)[here] for name in ("id", "start", "end", "value"))
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
    known = dict(zip(case.column("levels", "id"), case.column("levels", column), strict=True))
    if not known:
        return np.full(len(case.column(table, "id")), default)
    return np.array([known.get(name, default) for name in case.column(table, "id")], dtype=float)
