"""What every report says of itself around its sections: title, calendar, day, version and case."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from corridor.analysis.world import span_words
from corridor.version import __version__

if TYPE_CHECKING:
    from corridor.case import Case

__all__ = ["case_document"]


def case_document(case: Case, sections: list[dict[str, Any]]) -> dict[str, Any]:
    """A document about a case, of these sections."""
    calendar = case.settings.calendar
    return {
        "format": 1,
        "title": case.settings.title,
        "subtitle": f"{span_words(calendar.start, calendar.end)}, by {calendar.step}",
        "generated": dt.datetime.now(tz=dt.UTC).date().isoformat(),
        "version": __version__,
        "case": {"name": case.name, "title": case.settings.title, "hash": case.hash},
        "sections": sections,
    }
