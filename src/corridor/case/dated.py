"""Values that hold over a range of dates only."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from corridor.case.model import Case

__all__ = ["dated_values", "day_of", "known_by_date"]

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def day_of(text: str) -> dt.date | None:
    """The day that a text YYYY-MM-DD says; None for any other text.

    `date.fromisoformat` takes 20240301 and 2024-W09-5 too, which a reader can take for something else.
    """
    try:
        return dt.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def dated_values(case: Case, table: str, column: str) -> pd.DataFrame:
    """Dated values of one column of one table, in its canonical unit: columns `id`, `start`, `end`, `value`.

    Ranges are `[start, end)`; a blank start is `date.min`, a blank end `date.max`. In the order of the file.
    """
    dated = case.tables["dated"]
    rows = dated[(dated["table"] == table) & (dated["column"] == column)]
    found = rows.loc[:, ["id", "start", "end", "value"]].reset_index(drop=True)
    found["start"] = found["start"].where(found["start"].notna(), dt.date.min)
    found["end"] = found["end"].where(found["end"].notna(), dt.date.max)
    return found


def known_by_date(case: Case) -> set[tuple[str, str, str]]:
    """(table, id, column) whose dated values cover the calendar and the calibration."""
    ranges: dict[tuple[str, str, str], list[tuple[dt.date, dt.date]]] = defaultdict(list)
    dated = case.tables["dated"]
    for table, name, column, start, end in zip(
        *(dated[key] for key in ("table", "id", "column", "start", "end")), strict=True
    ):
        ranges[table, name, column].append((start or dt.date.min, end or dt.date.max))
    calendars = [c for c in (case.settings.calendar, case.settings.calibration) if c]
    return {key for key, held in ranges.items() if all(_covers(sorted(held), c.start, c.end) for c in calendars)}


def _covers(ranges: list[tuple[dt.date, dt.date]], start: dt.date, end: dt.date) -> bool:
    reached = start
    for first, last in ranges:
        if first <= reached:
            reached = max(reached, last)
    return reached >= end
