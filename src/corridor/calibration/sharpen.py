"""A least-squares fit to the last digit: what binds is guessed, and the equations that then hold are solved at once.

With the columns N at a bound and the rows R binding, the optimality conditions of the free columns F are linear,

    [Q_F   A_RF'] [ x_F]   [-c_F]
    [A_RF   0   ] [-y_R] = [ b_R - A_RN x_N ],

some of whose rows say the same, since balances of unused nodes repeat each other. A column that leaves its bounds is held
there, one that is held against its price is let go, until neither happens: the primal-dual active set method
(Hintermueller, Ito and Kunisch 2002).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor.solver import HeldEquations

if TYPE_CHECKING:
    from corridor.program import Bools, Floats, Program

__all__ = ["LARGEST", "Held", "held_near", "sharpened"]

SHIFT = 1e-8
"""Added to the diagonal of a system that may be singular; small beside the smallest curvature that a fit has."""
REPEATS = 30
"""Most refinements of one system."""
TINY = 1e-9
"""What counts as nothing: figures are in good.unit, prices in squared standard errors."""
LARGEST = 100_000
"""Most columns for which a fit is sharpened."""


@dataclass(frozen=True)
class Held:
    """Which bounds bind: of columns the lower or the upper one, of rows likewise; an equation has both."""

    at_lower: Bools
    at_upper: Bools
    low: Bools
    high: Bools

    def fits(self, program: Program) -> bool:
        """Whether it can be a guess for a program: as many columns and rows, and no bound that is not there."""
        if (len(self.low), len(self.at_lower)) != program.matrix.shape:
            return False
        held = np.where(self.at_lower, program.lower, np.where(self.at_upper, program.upper, 0.0))
        rows = np.where(self.low, program.row_lower, np.where(self.high, program.row_upper, 0.0))
        return bool(np.isfinite(held).all() and np.isfinite(rows).all())


@dataclass(frozen=True)
class Sharp:
    """A point at which every optimality condition holds to the last digit, and what binds there."""

    primal: Floats
    row_dual: Floats
    column_dual: Floats
    held: Held


def held_near(program: Program, x: Floats, near: float) -> Held:
    """What binds at a point that an interior method has left a little inside."""
    activity = program.matrix @ x
    return Held(
        x - program.lower < near,
        program.upper - x < near,
        np.abs(activity - program.row_lower) < near,
        np.abs(activity - program.row_upper) < near,
    )


def sharpened(program: Program, held: Held, rounds: int = 30) -> Sharp | None:
    """The optimum of a convex quadratic program, from a guess of what binds; None where `rounds` come to no end."""
    equations = HeldEquations(program, SHIFT)
    across, matrix = program.transposed, program.matrix
    for _ in range(rounds):
        x, y = _solved(program, equations, held)
        price = program.cost + program.quadratic * x - across @ y
        activity = matrix @ x
        below, above = x < program.lower - TINY, x > program.upper + TINY
        let_go = (held.at_lower & (price < -TINY)) | (held.at_upper & (price > TINY))
        under, over = activity < program.row_lower - TINY, activity > program.row_upper + TINY
        slack = (held.low & ~held.high & (y < -TINY)) | (held.high & ~held.low & (y > TINY))
        if not (below | above | let_go).any() and not (under | over | slack).any():
            return Sharp(x, y, price, held)
        held = Held(
            (held.at_lower & ~let_go) | below,
            (held.at_upper & ~let_go) | above,
            (held.low & ~slack) | under,
            (held.high & ~slack) | over,
        )
    return None


def _solved(program: Program, equations: HeldEquations, held: Held) -> tuple[Floats, Floats]:
    """Point and row duals at which the given bounds and rows hold with equality.

    The system is consistent and may be singular: a shifted factor exists, and repeated on what it leaves (proximal
    iteration) it goes from the answer.
    """
    x = np.where(held.at_lower, program.lower, np.where(held.at_upper, program.upper, 0.0))
    free, rows = ~(held.at_lower | held.at_upper), held.low | held.high
    target = np.where(held.low, program.row_lower, program.row_upper)[rows] - (program.matrix @ x)[rows]
    target = np.concatenate([-program.cost[free], target])
    system, factor = equations.of(free, rows)
    shift = equations.proximal(free, rows)
    enough = 1e-13 * max(1.0, float(np.abs(target).max(initial=0.0)))
    found, left = np.zeros(len(target)), target
    for _ in range(REPEATS):
        found = found + factor.solve(left)
        left = target - system @ found + shift * found
        if np.abs(left).max(initial=0.0) <= enough:
            break
    count = int(free.sum())
    x[free] = found[:count]
    y = np.zeros(len(program.row_lower))
    y[rows] = -found[count:]
    return x, y
