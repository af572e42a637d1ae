"""Columns of a case's tables as arrays per period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.network.calendar import by_month

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

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
    here = _about(case, "profiles").get((table, column))
    if here is not None:
        return _profiled(case, table, column, periods, here)
    return _dated(case, table, column, periods)


def _about(case: Case, over: str) -> dict[tuple[str, str], Ints]:
    """(table, column) -> the rows of `dated` or `profiles` that are about it."""

    def made() -> dict[tuple[str, str], Ints]:
        found: dict[tuple[str, str], list[int]] = {}
        for row, key in enumerate(zip(case.column(over, "table"), case.column(over, "column"), strict=True)):
            found.setdefault(key, []).append(row)
        return {key: np.array(rows, dtype=np.int64) for key, rows in found.items()}

    return case.worked_out(over, "about", made, numbers=False)


def _position(case: Case, table: str) -> dict[str, int]:
    """Where each row of a table stands."""
    ids = case.column(table, "id")
    return case.worked_out(table, "position", lambda: dict(zip(ids, range(len(ids)), strict=True)), numbers=False)


def _profiled(case: Case, table: str, column: str, periods: Periods, rows: Ints) -> Floats:
    """A column times its profile: month by month, so that neither a long step nor a date inside a month blurs it."""
    # A period that is no slice itself, as in calibration, takes the average over the hours of all slices.
    slices = case.settings.slices or {"": 1.0}
    fine, parent, weight, names, factor = case.worked_out(
        "profiles",
        (table, column, periods.starts, periods.ends, tuple(periods.slices), tuple(slices.items())),
        lambda: _by_month(case, rows, periods, slices),
    )
    values = _dated(case, table, column, fine)
    position = _position(case, table)
    at = np.array([position[name] for name in names], dtype=np.int64)
    with np.errstate(invalid="ignore"):
        values[:, at] = np.where(factor == 0, 0.0, values[:, at] * factor)
        total = np.zeros((len(periods), values.shape[1]))
        np.add.at(total, parent, weight[:, None] * values)
    return total


def _by_month(
    case: Case, rows: Ints, periods: Periods, slices: Mapping[str, float]
) -> tuple[Periods, Ints, Floats, tuple[str, ...], Floats]:
    """Periods by month, of which period each is a part and its weight in it; and by (month, id) what profiles say."""
    fine, parent = by_month(periods)
    ids, month, of, times = (case.column("profiles", name)[rows] for name in ("id", "month", "slice", "factor"))
    names = tuple(dict.fromkeys(ids))
    months = np.array([start.month for start in fine.starts])
    factor = np.ones((len(slices), len(fine), len(names)))
    for n, name in enumerate(ids):
        hours = np.array([not of[n] or of[n] == one for one in slices])
        days = np.ones(len(months), dtype=bool) if np.isnan(month[n]) else months == int(month[n])
        factor[hours[:, None] & days[None, :], names.index(name)] *= times[n]
    share = np.array(list(slices.values()))
    if periods.slices:
        share = (np.array(periods.slice)[parent][None, :] == np.array(list(slices))[:, None]).astype(float)
        factor = (share[:, :, None] * factor).sum(axis=0)
    else:
        factor = np.einsum("h,hti->ti", share, factor)
    weight = fine.years / np.bincount(parent, weights=fine.years)[parent]
    return fine, parent, weight, names, factor


def _dated(case: Case, table: str, column: str, periods: Periods) -> Floats:
    values = np.tile(numbers(case, table, column), (len(periods), 1))
    here = _about(case, "dated").get((table, column))
    if here is None:
        return values
    position = _position(case, table)
    item = [position[name] for name in case.column("dated", "id")[here]]

    def shared() -> Floats:
        dates = zip(case.column("dated", "start")[here], case.column("dated", "end")[here], strict=True)
        return np.array([periods.share(start, end) for start, end in dates])

    share = case.worked_out("dated", (table, column, periods.starts, periods.ends), shared, numbers=False)
    value = case.column("dated", "value")[here].astype(float)[:, None]
    covered = np.zeros_like(values)
    summed = np.zeros_like(values)
    np.add.at(covered.T, item, share)
    with np.errstate(invalid="ignore"):
        np.add.at(summed.T, item, np.where(np.isfinite(value), share * value, np.where(share > 0, np.inf, 0.0)))
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
