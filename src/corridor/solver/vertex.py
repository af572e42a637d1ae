"""An exact vertex of a linear program, sooner than by simplex alone: PIQP, a guess of the basis, dual simplex.

An interior point ends in the middle of all optima, where ties hide which members are basic (crossover: Bixby and
Saltzman 1994). So PIQP is given a neighbour of the program with one optimum: every bound a little further out, by a
random four-hundredth of the usual flow, which takes nothing away from what is feasible; every cost a little higher away
from its bound, by a random ten-thousandth. Its optimum is a vertex, its basis close to one of the program itself, and
dual simplex on the program itself does the rest: the answer carries no trace of the neighbour. Rows that the neighbour
leaves far from their bounds, which on a network are nearly all of its shared capacities, wait outside until they are broken.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.errors import ProgramError
from corridor.solver import highs, piqp
from corridor.solver.normal import normalise
from corridor.solver.polish import binding

if TYPE_CHECKING:
    from corridor.program import Bools, Floats, Program, Solution
    from corridor.solver.polish import Signs

__all__ = ["guess", "solve"]

_FLOW_SHARE = 2.5e-3
_COST_SHARE = 1e-4
_TOLERANCE = 1e-11
"""Far below the smallest distance that the neighbour puts between what binds and what does not."""
_NEAR = 0.2
"""A row this near to a bound, in parts of the bound, is there from the start."""


def solve(program: Program) -> Solution:
    """Solve a linear program with continuous columns. Raises `SolverFailure` where there is no optimum."""
    if program.is_quadratic or program.integer is not None:
        raise ProgramError("a vertex is looked for only in a linear program without whole-number columns")
    started = time.perf_counter()
    form = normalise(program, drop_fixed=True)
    neighbour = _neighbour(form.program)
    x, y = piqp.interior_point(neighbour, _TOLERANCE)
    columns, rows = binding(neighbour, x, y)
    x, y = highs.solve_from_basis(form.program, columns, rows, (rows != 0) | _near(form.program, x))
    return form.restore(x, y, solver="highs", method="piqp_vertex", seconds=time.perf_counter() - started)


def guess(program: Program) -> tuple[Signs, Signs]:
    """Which bounds of a scaled program without fixed columns bind at a vertex: -1 the lower one, 1 the upper one, 0 none."""
    neighbour = _neighbour(program)
    return binding(neighbour, *piqp.interior_point(neighbour, _TOLERANCE))


def _near(program: Program, x: Floats) -> Bools:
    """Which rows come within a fifth of the size of a bound to it."""
    activity = program.matrix @ x
    lower, upper = program.row_lower, program.row_upper
    near = np.isfinite(lower) & (activity - lower <= _NEAR * np.abs(lower))
    near |= np.isfinite(upper) & (upper - activity <= _NEAR * np.abs(upper))
    return near


def _neighbour(program: Program) -> Program:
    rng = np.random.default_rng(0)

    def some(size: int, share: float) -> Floats:
        return share * rng.uniform(0.5, 1.0, size)

    rows, columns = program.matrix.shape
    equal = program.row_lower == program.row_upper
    # Away from the bound: a direction without end, along which the cost stands still, must not begin to pay.
    away = np.where(np.isfinite(program.lower), 1.0, np.where(np.isfinite(program.upper), -1.0, 0.0))
    return replace(
        program,
        cost=program.cost + away * some(columns, _COST_SHARE),
        lower=program.lower - some(columns, _FLOW_SHARE),
        upper=program.upper + some(columns, _FLOW_SHARE),
        row_lower=np.where(equal, program.row_lower, program.row_lower - some(rows, _FLOW_SHARE)),
        row_upper=np.where(equal, program.row_upper, program.row_upper + some(rows, _FLOW_SHARE)),
    )
