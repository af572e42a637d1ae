"""Periods: the case's own steps, refined so that every instrument is wholly on or off in each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from corridor.case.model import Calendar
    from corridor.program import Floats, Ints

__all__ = ["DAYS_PER_YEAR", "Periods", "by_month", "cut"]

DAYS_PER_YEAR = 365.25
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Periods:
    """Consecutive ranges `[starts[t], ends[t])`; `step[t]` is the case step that period t belongs to.

    Where the case has slices, each range stands there once per slice, in their order: the same days, a share of the hours.
    """

    starts: tuple[dt.date, ...]
    ends: tuple[dt.date, ...]
    step: Ints
    slices: Mapping[str, float] = field(default_factory=dict)
    """slice -> share of the hours; empty: periods are whole days"""

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def years(self) -> Floats:
        """Length of each period in years of 365.25 days, shape (T,)."""
        days = np.array([(e - s).days for s, e in zip(self.starts, self.ends, strict=True)])
        return (
            days * self._of_slice(tuple(self.slices.values())) / DAYS_PER_YEAR if self.slices else days / DAYS_PER_YEAR
        )

    @property
    def slice(self) -> tuple[str, ...]:
        """Name of each period's slice; empty where the case has none, shape (T,)."""
        return tuple(self._of_slice(tuple(self.slices))) if self.slices else ("",) * len(self)

    @property
    def labels(self) -> tuple[str, ...]:
        """`2024-03-01/2024-04-01`, as in JSON; with slices `2024-03-01/2024-04-01 peak`."""
        spans = (f"{s.isoformat()}/{e.isoformat()}" for s, e in zip(self.starts, self.ends, strict=True))
        return tuple(f"{span} {name}" if name else span for span, name in zip(spans, self.slice, strict=True))

    @property
    def names(self) -> tuple[str, ...]:
        """`2024_03_01`, safe inside a column name of an LP file; with slices `2024_03_01_peak`."""
        days = (s.isoformat().replace("-", "_") for s in self.starts)
        return tuple(f"{day}_{name}" if name else day for day, name in zip(days, self.slice, strict=True))

    @property
    def by_day(self) -> Periods:
        """The same ranges of days, each once, whatever the hours."""
        each = max(1, len(self.slices))
        return Periods(self.starts[::each], self.ends[::each], self.step[::each])

    def _of_slice(self, values: tuple[Any, ...]) -> Any:
        return np.tile(np.array(values), len(self) // len(values))

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


def cut(calendar: Calendar, dates: Iterable[dt.date | None] = (), slices: Mapping[str, float] | None = None) -> Periods:
    """The calendar's steps, cut at every given date that falls inside it, then each into the slices of its hours."""
    steps = _step_starts(calendar)
    inner = {d for d in dates if d is not None and calendar.start < d < calendar.end}
    starts = sorted({*steps, *inner})
    ends = [*starts[1:], calendar.end]
    step = np.searchsorted(np.array(steps, dtype="datetime64[D]"), np.array(starts, dtype="datetime64[D]"), "right") - 1
    each = max(1, len(slices or {}))
    return Periods(
        tuple(s for s in starts for _ in range(each)),
        tuple(e for e in ends for _ in range(each)),
        np.repeat(step.astype(np.int64), each),
        dict(slices or {}),
    )


def by_month(periods: Periods) -> tuple[Periods, Ints]:
    """The periods cut at every month inside them, and for each part the period that it is of."""
    starts, ends, parent = [], [], []
    for t, (start, end) in enumerate(zip(periods.starts, periods.ends, strict=True)):
        at = start
        while at < end:
            following = dt.date(at.year + at.month // 12, at.month % 12 + 1, 1)
            starts.append(at)
            ends.append(min(following, end))
            parent.append(t)
            at = following
    of = np.array(parent, dtype=np.int64)
    return Periods(tuple(starts), tuple(ends), periods.step[of]), of


def _step_starts(calendar: Calendar) -> list[dt.date]:
    starts, at = [], calendar.start
    while at < calendar.end:
        starts.append(at)
        months = at.year * 12 + at.month - 1 + _MONTHS[calendar.step]
        at = dt.date(months // 12, months % 12 + 1, 1)
    return starts
