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
from scipy.sparse import csc_matrix
from scipy.sparse.linalg import splu

if TYPE_CHECKING:
    from corridor.program import Bools, Floats, Ints, Program

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
    system = _Systems(program)
    across, matrix = program.transposed, program.matrix
    for _ in range(rounds):
        x, y = system.solved(held)
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


class _Systems:
    """The linear systems of one program under different guesses of what binds."""

    def __init__(self, program: Program) -> None:
        self.program = program
        matrix = program.matrix
        self.row, self.data = matrix.indices, matrix.data
        self.column = np.repeat(np.arange(matrix.shape[1]), np.diff(matrix.indptr))

    def solved(self, held: Held) -> tuple[Floats, Floats]:
        """Point and row duals at which the given bounds and rows hold with equality."""
        program = self.program
        x = np.where(held.at_lower, program.lower, np.where(held.at_upper, program.upper, 0.0))
        free, rows = np.flatnonzero(~(held.at_lower | held.at_upper)), np.flatnonzero(held.low | held.high)
        target = np.where(held.low, program.row_lower, program.row_upper)[rows] - (program.matrix @ x)[rows]
        answer = self._consistent(free, rows, np.concatenate([-program.cost[free], target]))
        x[free] = answer[: len(free)]
        y = np.zeros(len(program.row_lower))
        y[rows] = -answer[len(free) :]
        return x, y

    def _consistent(self, free: Ints, rows: Ints, target: Floats) -> Floats:
        """A solution of a consistent system that may be singular: a shifted factor, and what it leaves solved again.

        The shift makes the factor exist and the system quasi-definite, so that any symmetric order of pivots will do;
        repeated on the residual (proximal iteration) it goes from the answer.
        """
        n, size = len(free), len(target)
        place, line = np.full(len(self.program.cost), -1), np.full(len(self.program.row_lower), -1)
        place[free], line[rows] = np.arange(n), n + np.arange(len(rows))
        column, row = place[self.column], line[self.row]
        both = (column >= 0) & (row >= 0)
        column, row, value = column[both], row[both], self.data[both]
        own = np.arange(size)
        diagonal = np.concatenate([self.program.quadratic[free], np.zeros(len(rows))])
        shift = np.where(own < n, SHIFT, -SHIFT)
        at = np.concatenate([row, column, own]), np.concatenate([column, row, own])
        shifted = csc_matrix((np.concatenate([value, value, diagonal + shift]), at), shape=(size, size))
        factor = splu(shifted, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
        enough = 1e-13 * max(1.0, float(np.abs(target).max(initial=0.0)))
        x, left = np.zeros(size), target
        for _ in range(REPEATS):
            x = x + factor.solve(left)
            left = target - shifted @ x + shift * x
            if np.abs(left).max(initial=0.0) <= enough:
                break
        return x
