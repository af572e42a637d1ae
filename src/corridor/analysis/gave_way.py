"""What had to give way because of a decision that was taken before a surprise."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corridor.result import Result

__all__ = ["broken_limits"]

_KEPT = 1e-6
"""A limit that gives way by less than this share of the largest flow is kept."""


def broken_limits(result: Result) -> tuple[str, ...]:
    """Agreements that gave way, and names of other limits that did, sorted.

    Where there are any, the price at which they do is no money that anybody pays: it is ten times the largest cost, and
    gains in which it stands say nothing.
    """
    if not any(stage.emergency for stage in result.stages):
        return ()
    gave = result.emergencies
    rows = gave.loc[gave["value"] > _KEPT * max(1.0, float(result.reading.flow.max(initial=0.0))), "row"]
    known = {f"limit({limit.id})": limit.instrument for limit in result.network.limits}
    return tuple(sorted({known.get(str(row), str(row)) for row in rows}))
