"""The days that a question asks about, and the periods wholly inside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

from corridor.case import day_of
from corridor.errors import QuestionError

if TYPE_CHECKING:
    import datetime as dt

    from corridor.case import Case
    from corridor.network import Network
    from corridor.program import Floats

__all__ = ["days_of", "no_period", "periods_in"]


class Dated(Protocol):
    """What has a case and periods: a result, or reconciled flows."""

    @property
    def case(self) -> Case:
        """the case"""

    @property
    def network(self) -> Network:
        """its network"""


def periods_in(result: Dated, window: tuple[str, str] | None) -> Floats:
    """1 for periods wholly inside a window, 0 for the others, shape (T,); all of them where there is no window.

    Raises `QuestionError` where the window is no pair of dates, or no period lies in it.
    """
    periods = result.network.periods
    if window is None:
        return np.ones(len(periods))
    inside = periods.inside(*days_of(window))
    if not inside.any():
        raise no_period(result.case, window)
    return inside.astype(float)


def days_of(window: tuple[str, str]) -> tuple[dt.date, dt.date]:
    """First day of a window, and the first behind it; raises `QuestionError` where it is no pair of dates."""
    start, end = (day_of(text) for text in window)
    if start is None or end is None:
        raise QuestionError(f"the window {window[0]} to {window[1]} is not a pair of dates YYYY-MM-DD")
    return start, end


def no_period(case: Case, window: tuple[str, str]) -> QuestionError:
    """What to say of a window that no period lies wholly inside."""
    calendar = case.settings.calendar
    return QuestionError(
        f"no period of {case.name} lies inside {window[0]} to {window[1]}: "
        f"it goes by {calendar.step} from {calendar.start} to {calendar.end}"
    )
