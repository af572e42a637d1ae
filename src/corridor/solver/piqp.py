"""PIQP (Schwan, Jiang, Kuhn and Jones 2023): a proximal interior point method for quadratic programs.

PIQP's multipliers enter its Lagrangian with a plus for upper bounds and a minus for lower ones,

    P x + c + A'y + G'(z_u - z_l) + (z_bu - z_bl) = 0,

so d cost / d b = -y and d cost / d upper bound = -z; `primal_and_dual` turns them once. Its `update` is given vectors
only (corridor.solver.repeated): given another sparsity pattern it answers the old problem as solved.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np
import piqp

from corridor.program import submatrix
from corridor.solver.failure import FailureStatus, failure
from corridor.solver.normal import diagonal, normalise
from corridor.solver.polish import polish

if TYPE_CHECKING:
    from corridor.program import Floats, Ints, Program, Solution

__all__ = ["interior_point", "new_solver", "primal_and_dual", "solve"]

_FAILURES: dict[Any, FailureStatus] = {
    piqp.PIQP_PRIMAL_INFEASIBLE: "infeasible",
    piqp.PIQP_DUAL_INFEASIBLE: "unbounded",
    piqp.PIQP_UNSOLVED: "error",
    piqp.PIQP_INVALID_SETTINGS: "error",
}
# PIQP stops at eps_abs + eps_rel * size; three orders below the certificate's 1e-6 leaves room for restoring units.
TOLERANCE = 1e-9


def solve(program: Program, *, polished: bool = True) -> Solution:
    """Solve a linear or quadratic program. Raises `SolverFailure` where there is no optimum.

    Polishing makes the answer exact for half as much time again; what is only compared to a millionth can do without.
    Where PIQP stops short of its tolerances the point it reached is returned: whether it will do is for `certify`.
    """
    started = time.perf_counter()
    form = normalise(program, drop_fixed=True)
    x, y = interior_point(form.program)
    if polished:
        x, y = polish(form.program, x, y)
    return form.restore(x, y, solver="piqp", method="interior point", seconds=time.perf_counter() - started)


def interior_point(program: Program, tolerance: float = TOLERANCE) -> tuple[Floats, Floats]:
    """Primal and row duals of a scaled program without fixed columns."""
    matrix, every = program.matrix, np.ones(len(program.cost), dtype=bool)
    is_equal = program.row_lower == program.row_upper
    is_between = ~is_equal & (np.isfinite(program.row_lower) | np.isfinite(program.row_upper))
    equal, between = np.flatnonzero(is_equal), np.flatnonzero(is_between)
    solver = new_solver(tolerance)
    solver.setup(
        diagonal(program.quadratic),
        program.cost,
        submatrix(matrix, is_equal, every) if len(equal) else None,
        program.row_lower[equal] if len(equal) else None,
        submatrix(matrix, is_between, every) if len(between) else None,
        program.row_lower[between] if len(between) else None,
        program.row_upper[between] if len(between) else None,
        program.lower,
        program.upper,
    )
    x, row_dual = primal_and_dual(solver, matrix.shape[0], equal, between)
    return np.clip(x, program.lower, program.upper), row_dual


def new_solver(tolerance: float = TOLERANCE) -> piqp.SparseSolver:
    """A quiet solver that stops at a tolerance, absolute and relative."""
    solver = piqp.SparseSolver()
    settings = solver.settings
    settings.verbose = False
    settings.eps_abs = settings.eps_duality_gap_abs = tolerance
    settings.eps_rel = settings.eps_duality_gap_rel = tolerance
    return solver


def primal_and_dual(solver: piqp.SparseSolver, rows: int, equal: Ints, between: Ints) -> tuple[Floats, Floats]:
    """Run a solver that holds a program, and turn its multipliers: `equal` and `between` say where its rows belong."""
    status = solver.solve()
    if status in _FAILURES:
        raise failure("PIQP", status.name, _FAILURES[status])
    result = solver.result
    x = np.array(result.x)
    if not np.isfinite(x).all():
        raise failure("PIQP", status.name, "error")
    row_dual = np.zeros(rows)
    row_dual[equal] = -np.asarray(result.y)
    row_dual[between] = np.asarray(result.z_l) - np.asarray(result.z_u)
    return x, row_dual
