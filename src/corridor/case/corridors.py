"""Corridors of a case: the link on which each is counted, and which of them form the cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corridor.case.model import Case

__all__ = ["corridor_screens", "route_screens"]


def corridor_screens(case: Case) -> dict[str, str]:
    """Corridor -> its screen link, in the table's order."""
    table = case.tables["corridors"]
    return dict(zip(table["id"], table["screen"], strict=True))


def route_screens(case: Case) -> dict[str, str]:
    """The same for corridors marked `route`, which every export path crosses once."""
    table = case.tables["corridors"]
    chosen = table[table["route"].astype(bool)]
    return dict(zip(chosen["id"], chosen["screen"], strict=True))
