"""Clarabel (Goulart and Chen 2024): interior point over cones; second opinion for programs, and least cost near an optimum.

Clarabel solves  minimise 1/2 x'Px + q'x, A x + s = b, s in K  with  P x + q + A'z = 0  at the optimum, so d cost / d b
= -z; `_Cones.row_dual` turns the multipliers once.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import clarabel
import numpy as np
from scipy.sparse import csc_matrix, eye_array, vstack

from corridor.errors import ProgramError
from corridor.solver.failure import FailureStatus, failure
from corridor.solver.normal import diagonal, normalise
from corridor.solver.polish import polish

if TYPE_CHECKING:
    from corridor.program import Floats, Ints, Program, Solution

__all__ = ["interior_point", "minimise_linear_over_level_set", "solve"]

_SOLVED = ("Solved", "AlmostSolved", "InsufficientProgress")
_FAILURES: dict[str, FailureStatus] = {
    "PrimalInfeasible": "infeasible",
    "AlmostPrimalInfeasible": "infeasible",
    "DualInfeasible": "unbounded",
    "AlmostDualInfeasible": "unbounded",
    "MaxIterations": "limit",
    "MaxTime": "limit",
    "CallbackTerminated": "limit",
}
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class _Cones:
    """The rows and bounds of a program as A x + s = b: equalities, then one-sided rows and bounds with s >= 0."""

    matrix: csc_matrix
    bound: Floats
    equal: Ints
    above: Ints
    below: Ints

    @property
    def cones(self) -> list[Any]:
        """Clarabel's cones, in the order of the rows."""
        inequalities = len(self.bound) - len(self.equal)
        cones = [clarabel.ZeroConeT(len(self.equal))] if len(self.equal) else []
        return cones + ([clarabel.NonnegativeConeT(inequalities)] if inequalities else [])

    def row_dual(self, multiplier: Floats, rows: int) -> Floats:
        """Row duals in the convention of `corridor.program`."""
        out = np.zeros(rows)
        ends = np.cumsum([len(self.equal), len(self.above), len(self.below)])
        out[self.equal] = -multiplier[: ends[0]]
        out[self.above] -= multiplier[ends[0] : ends[1]]
        out[self.below] += multiplier[ends[1] : ends[2]]
        return out


def solve(program: Program) -> Solution:
    """Solve a linear or quadratic program; the answer is polished. Raises `SolverFailure` where there is no optimum."""
    started = time.perf_counter()
    form = normalise(program, drop_fixed=True)
    x, y = polish(form.program, *interior_point(form.program))
    return form.restore(x, y, solver="clarabel", method="interior point", seconds=time.perf_counter() - started)


def interior_point(program: Program) -> tuple[Floats, Floats]:
    """Primal and row duals of a scaled program without fixed columns."""
    form = _cones(program)
    x, multiplier = _run(program.quadratic, program.cost, form.matrix, form.bound, form.cones)
    return np.clip(x, program.lower, program.upper), form.row_dual(multiplier, program.matrix.shape[0])


def minimise_linear_over_level_set(
    program: Program, direction: Floats, level: float, centre: Floats
) -> tuple[float, Floats]:
    """The least direction'x over the feasible points that cost at most `level`, and such a point.

    `centre` is a feasible point that costs less than `level`, best the optimum: with d = x - centre, g its marginal
    cost and s = level - cost(centre) the condition g'd + 1/2 d'Qd <= s is the second-order cone

        || (Q/s)^(1/2) d, t - 1/2 || <= t + 1/2,   t = 1 - g'd / s.

    Raises `ProgramError` where the centre costs `level` or more, `SolverFailure` where there is no least value.
    """
    slack = level - program.objective(centre)
    if not slack > 0:
        raise ProgramError(f"the centre costs {program.objective(centre):.12g}, not less than the level {level:.12g}")
    form = normalise(program, drop_fixed=True)
    inner, reduced = form.program, form.reduced
    kept = np.arange(len(direction)) if reduced is None else reduced.kept_columns
    if not len(kept):
        return float(direction @ centre), centre.copy()
    start = centre[kept] / form.flow
    slack /= form.flow * form.cost
    gradient = (inner.cost + inner.quadratic * start) / slack
    base = _cones(inner)
    curved = np.flatnonzero(inner.quadratic)
    root = np.sqrt(inner.quadratic[curved] / slack)
    # s = b - A x must be (t + 1/2, t - 1/2, root * d) with t = 1 - gradient'(x - start)
    t_at_zero = 1.0 + float(gradient @ start)
    slope = csc_matrix(gradient[None, :])
    spread = csc_matrix((-root, (np.arange(len(curved)), curved)), shape=(len(curved), len(kept)))
    matrix = csc_matrix(vstack([base.matrix, slope, slope, spread], format="csc"))
    bound = np.concatenate([base.bound, [t_at_zero + 0.5, t_at_zero - 0.5], -root * start[curved]])
    cones = [*base.cones, clarabel.SecondOrderConeT(2 + len(curved))]
    size = float(np.abs(direction).max()) or 1.0
    x, _ = _run(np.zeros(len(kept)), direction[kept] / size, matrix, bound, cones)
    point = form.restore(
        np.clip(x, inner.lower, inner.upper), np.zeros(inner.matrix.shape[0]), solver="", method="", seconds=0
    )
    return float(direction @ point.primal), point.primal


def _cones(program: Program) -> _Cones:
    matrix = program.matrix.tocsr()
    columns = matrix.shape[1]
    equal = program.row_lower == program.row_upper
    above, below = ~equal & np.isfinite(program.row_upper), ~equal & np.isfinite(program.row_lower)
    upper, lower = np.isfinite(program.upper), np.isfinite(program.lower)
    identity = eye_array(columns, format="csr")
    stacked = vstack([matrix[equal], matrix[above], -matrix[below], identity[upper], -identity[lower]], format="csc")
    bound = np.concatenate(
        [
            program.row_lower[equal],
            program.row_upper[above],
            -program.row_lower[below],
            program.upper[upper],
            -program.lower[lower],
        ]
    )
    return _Cones(csc_matrix(stacked), bound, *(np.flatnonzero(mask) for mask in (equal, above, below)))


def _run(quadratic: Floats, cost: Floats, matrix: csc_matrix, bound: Floats, cones: list[Any]) -> tuple[Floats, Floats]:
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.max_threads = 1
    settings.tol_feas = settings.tol_gap_abs = settings.tol_gap_rel = _TOLERANCE
    problem = diagonal(quadratic)
    answer = clarabel.DefaultSolver(problem, cost, matrix, bound, cones, settings).solve()
    status = str(answer.status)
    if status not in _SOLVED:
        raise failure("Clarabel", status, _FAILURES.get(status, "error"))
    return np.array(answer.x), np.array(answer.z)
