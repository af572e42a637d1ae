"""Periods: the case's own steps, refined so that every instrument is wholly on or off in each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from corridor.case.model import Calendar
    from corridor.program import Floats, Ints

__all__ = ["DAYS_PER_YEAR", "Periods", "cut"]

DAYS_PER_YEAR = 365.25
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Periods:
    """Consecutive ranges `[starts[t], ends[t])`; `step[t]` is the case step that period t belongs to."""

    starts: tuple[dt.date, ...]
    ends: tuple[dt.date, ...]
    step: Ints

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def years(self) -> Floats:
        """Length of each period in years of 365.25 days, shape (T,)."""
        return np.array([(e - s).days for s, e in zip(self.starts, self.ends, strict=True)]) / DAYS_PER_YEAR

    @property
    def labels(self) -> tuple[str, ...]:
        """`2024-03-01/2024-04-01`, as in JSON."""
        return tuple(f"{s.isoformat()}/{e.isoformat()}" for s, e in zip(self.starts, self.ends, strict=True))

    @property
    def names(self) -> tuple[str, ...]:
        """`2024_03_01`, safe inside a column name of an LP file."""
        return tuple(s.isoformat().replace("-", "_") for s in self.starts)

    def inside(self, start: dt.date | None, end: dt.date | None) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Which periods lie in `[start, end)`, shape (T,); a blank date is open. Periods are never split by it."""
        first, last = start or dt.date.min, end or dt.date.max
        return np.array([first <= s and e <= last for s, e in zip(self.starts, self.ends, strict=True)], dtype=bool)

    def share(self, start: dt.date | None, end: dt.date | None) -> Floats:
        """Share of each period's days that lies in `[start, end)`, shape (T,)."""
        first, last = start or dt.date.min, end or dt.date.max
        if last <= self.starts[0] or first >= self.ends[-1]:
            return np.zeros(len(self))
        return np.array(
            [
                max(0, (min(e, last) - max(s, first)).days) / (e - s).days
                for s, e in zip(self.starts, self.ends, strict=True)
            ]
        )


def cut(calendar: Calendar, dates: Iterable[dt.date | None] = ()) -> Periods:
    """The calendar's steps, cut at every given date that falls inside it."""
    steps = _step_starts(calendar)
    inner = {d for d in dates if d is not None and calendar.start < d < calendar.end}
    starts = sorted({*steps, *inner})
    ends = [*starts[1:], calendar.end]
    step = np.searchsorted(np.array(steps, dtype="datetime64[D]"), np.array(starts, dtype="datetime64[D]"), "right") - 1
    return Periods(tuple(starts), tuple(ends), step.astype(np.int64))


def _step_starts(calendar: Calendar) -> list[dt.date]:
    starts, at = [], calendar.start
    while at < calendar.end:
        starts.append(at)
        months = at.year * 12 + at.month - 1 + _MONTHS[calendar.step]
        at = dt.date(months // 12, months % 12 + 1, 1)
    return starts
