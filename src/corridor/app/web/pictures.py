"""What flows, for the map of a page: one view of the whole calendar, one of the days asked about, one of each step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.analysis.world import span_words
from corridor.report import view

if TYPE_CHECKING:
    from collections.abc import Collection

    from corridor.program import Bools
    from corridor.result import Result

__all__ = ["inside_window", "views_of"]


def views_of(result: Result, chosen: Bools, goods: Collection[str]) -> list[dict[str, Any]]:
    """Views `whole`, `window` (periods `chosen`) and one of each period of days, named as in JSON (`start/end`)."""
    periods = result.network.periods
    days = periods.by_day
    whole = np.ones(len(periods), dtype=bool)
    at = np.flatnonzero(chosen)
    told = [
        ("whole", span_words(periods.starts[0], periods.ends[-1]), whole),
        ("window", span_words(periods.starts[at[0]], periods.ends[at[-1]]), chosen),
        *(
            (f"{start.isoformat()}/{end.isoformat()}", span_words(start, end), periods.inside(start, end))
            for start, end in zip(days.starts, days.ends, strict=True)
        ),
    ]
    return [view(result, which, goods, name=name, title=title) for name, title, which in told]


def inside_window(result: Result, window: tuple[str, str]) -> Bools:
    """Periods wholly inside a window; all of them where none is."""
    import datetime as dt

    start, end = (dt.date.fromisoformat(day) for day in window)
    inside = result.network.periods.inside(start, end)
    return inside if inside.any() else np.ones(len(inside), dtype=bool)
