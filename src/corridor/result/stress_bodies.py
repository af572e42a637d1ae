"""Types of the body of a `stress` answer; the sentences below fields are their descriptions."""

from __future__ import annotations

from corridor.result.rows import Model, Row

__all__ = ["StressBody"]


class SameClosure(Model):
    """Other names of what a closure shuts: sections of one pipe."""

    closure: str
    instead: list[str]


class ClosureSetRow(Row):
    """Closures in force together, and what they cost."""

    closures: list[str]
    loss: float | None
    """against the base, of goods over the window, of money over the calendar; null where the set has no answer"""
    share: float | None
    """of `base`; null for losses in money"""
    unit: str
    alternatives: list[SameClosure]
    same: list[list[str]]
    """other sets that lose the same, to a millionth of the base; those that add to this one are left out"""
    agreements_broken: list[str]
    """agreements that cannot be kept under it, and gave way as far as they must"""


class StressBody(Model):
    """The worst sets of at most k closures."""

    sets: list[ClosureSetRow]
    """those that change anything, worst first, at most 100; sets of the same loss are one"""
    bound: float | None
    """no set costs more; null where it is not proven"""
    proven: bool
    """every set was solved, or proved equal to one that was"""
    window: str
    """first day of the closures, slash, first day without them"""
    base: float
    """exports, wanted deliveries, gains or objective without closures"""
    unit: str
    candidates: list[str]
    idle: list[str]
    """candidates that carry nothing in any optimum of the base"""
    already_shut: list[str]
    """candidates on which nothing can pass as it is"""
    solves: int
    equal: int
    """sets proved equal to one that was solved"""
