"""Corridors of a case: the link on which each is counted, and which of them form the cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corridor.case.model import Case

__all__ = ["corridor_screens", "route_screens"]


def corridor_screens(case: Case) -> dict[str, str]:
    """Corridor -> its screen link, in the table's order."""
    return dict(zip(case.column("corridors", "id"), case.column("corridors", "screen"), strict=True))


def route_screens(case: Case) -> dict[str, str]:
    """The same for corridors marked `route`, which every export path crosses once."""
    chosen = case.column("corridors", "route").astype(bool)
    return dict(zip(*(case.column("corridors", name)[chosen] for name in ("id", "screen")), strict=True))
