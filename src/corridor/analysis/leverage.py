"""What an action costs the one who takes it, and what it costs the other: leverage, or the class of what is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor.analysis.payoffs import changes_of, split_gains

if TYPE_CHECKING:
    from corridor.analysis.retaliate import Action
    from corridor.analysis.under_measures import UnderMeasures
    from corridor.program import Floats

__all__ = ["Leverage", "class_of", "leverages"]

KAPPAS = (0.1, 1.0)
"""Strengths of the route preference between which leverage is told: it is assumed, and no data says which is right."""


@dataclass(frozen=True)
class Leverage:
    """An action of a side while the other does nothing: what the other loses for a dollar that it costs the side itself."""

    side: str
    action: str
    own: tuple[float, float]
    """lowest and highest change of the side's gains over the strengths of the route preference, million USD"""
    other: tuple[float, float]
    value: float | None
    """other's loss over own loss; None unless both are losses over the whole range"""
    kind: str
    """`both lose`, or the class of what is no leverage"""


def leverages(
    solver: UnderMeasures,
    sides: tuple[str, str],
    actions: tuple[tuple[Action, ...], tuple[Action, ...]],
    tolerance: float,
) -> tuple[Leverage, ...]:
    """Each action alone, at every strength of the route preference."""
    strengths: tuple[float | None, ...] = (None, *KAPPAS) if len(solver.case.tables["preferences"]) else (None,)
    before = {kappa: split_gains(solver.result((), kappa)) for kappa in strengths}
    found: list[Leverage] = []
    for number, side in enumerate(sides):
        for action in actions[number][1:]:
            changes = np.array(
                [
                    [c.total for c in changes_of(solver.result(action.instruments, k), before[k], sides, (None, None))]
                    for k in strengths
                ]
            )
            own, other = changes[:, number], changes[:, 1 - number]
            kind = class_of(own, other, tolerance)
            found.append(
                Leverage(
                    side,
                    action.id,
                    (float(own.min()), float(own.max())),
                    (float(other.min()), float(other.max())),
                    float(other[0] / own[0]) if kind == "both lose" else None,
                    kind,
                )
            )
    return tuple(found)


def class_of(own: Floats, other: Floats, tolerance: float) -> str:
    """What an action is to the one who takes it, told only where it holds over the whole range of both changes."""

    def sign(changes: Floats) -> int | None:
        if (np.abs(changes) <= tolerance).all():
            return 0
        return 1 if (changes > tolerance).all() else -1 if (changes < -tolerance).all() else None

    mine, theirs = sign(own), sign(other)
    if mine is None or (theirs is None and mine <= 0):
        return "within the range of the data"
    if mine > 0:
        return "gains by imposing"
    if mine < 0:
        return "both lose" if theirs == -1 else "hurts only itself"
    return {0: "no effect", -1: "hurts only the other", 1: "helps only the other"}[theirs or 0]
