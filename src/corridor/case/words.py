"""Small words that several messages share."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from corridor.errors import Fault

if TYPE_CHECKING:
    import numpy as np

    Lines = np.ndarray[tuple[int], np.dtype[np.int64]]
    Rows = Callable[[str], Lines]

__all__ = ["capped", "did_you_mean", "where"]


def did_you_mean(word: str, known: Iterable[str], pattern: str = "did you mean '{}'? ") -> str:
    """The nearest known word, as the beginning of a remedy; empty where nothing is near."""
    names = list(known)
    close = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    if not close and word:
        lower = {name.lower(): name for name in names}
        close = [lower[w] for w in difflib.get_close_matches(word.lower(), list(lower), n=1, cutoff=0.6)]
    return pattern.format(close[0]) if close else ""


def capped(faults: list[Fault], most: int = 100) -> list[Fault]:
    """The first faults of one kind, and how many more there are: a million lines help nobody."""
    if len(faults) <= most:
        return faults
    rest = faults[most]
    more = f"and {len(faults) - most:,} more rows like this one: {rest.message}"
    return [*faults[:most], Fault(rest.file, rest.row, rest.column, more, rest.remedy)]


def where(mask: Any) -> list[int]:
    """Positions at which a column of truth values is true."""
    import numpy as np

    return [int(position) for position in np.flatnonzero(np.asarray(mask, dtype=bool))]
