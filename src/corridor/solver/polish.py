"""From an interior point to the exact answer: guess what binds, and solve the equations that then hold.

With the columns N at a bound and the rows R binding, an optimum solves the linear system

    q_F x_F - A_RF' y_R = -c_F          (stationarity of the free columns F)
    A_RF x_F            = b_R - A_RN x_N

The next guess of what binds follows from its solution: the primal-dual active set method (Hintermueller, Ito and
Kunisch 2002). Where the system is singular (a price or a flow is not unique), it is solved with a small proximal term
around the present point, repeated until the term no longer matters (Stellato et al. 2020, section 3.5): what is not
determined then stays where the interior point put it. The best point seen is kept, so polishing never makes it worse.
"""

from __future__ import annotations

import numpy as np

from corridor.program import Floats, Program, Solution
from corridor.solver.certificate import certify
from corridor.solver.held import HeldEquations

__all__ = ["binding", "polish"]

_ROUNDS = 8
_GOOD_ENOUGH = 1e-13
_PROXIMAL = 1e-8
_REFINEMENTS = 25

Signs = np.ndarray[tuple[int, ...], np.dtype[np.int8]]


def polish(program: Program, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """A primal and row dual at least as good as the one given, by the worst number of their certificate.

    The program is scaled (numbers near one): slacks and duals are compared with each other to tell what binds.
    """
    best = x, y
    best_error: float | None = None
    seen: set[bytes] = set()
    equations = HeldEquations(program, _PROXIMAL)
    for _ in range(_ROUNDS):
        columns, rows = binding(program, x, y)
        guess = columns.tobytes() + rows.tobytes()
        if guess in seen:
            break
        seen.add(guess)
        found = _solve_equalities(program, equations, x, y, columns, rows)
        if found is None:
            break
        x, y = found
        error = _error(program, x, y)
        if error <= _GOOD_ENOUGH:
            return found
        best_error = _error(program, *best) if best_error is None else best_error
        if error < best_error:
            best, best_error = found, error
    return best


def binding(program: Program, x: Floats, y: Floats) -> tuple[Signs, Signs]:
    """For each column and row: -1 where the lower bound binds, 1 where the upper one does, else 0."""
    z = program.cost + program.quadratic * x - program.transposed @ y
    activity = program.matrix @ x
    columns = np.where(z > x - program.lower, -1, 0) + np.where(-z > program.upper - x, 1, 0)
    rows = np.where(y > activity - program.row_lower, -1, 0) + np.where(-y > program.row_upper - activity, 1, 0)
    rows[program.row_lower == program.row_upper] = -1
    return columns.astype(np.int8), rows.astype(np.int8)


def _solve_equalities(
    program: Program, equations: HeldEquations, x: Floats, y: Floats, columns: Signs, rows: Signs
) -> tuple[Floats, Floats] | None:
    """The point at which exactly the given bounds bind; None where the system can't be factorised."""
    free, binding = np.flatnonzero(columns == 0), np.flatnonzero(rows != 0)
    x = np.where(columns < 0, program.lower, np.where(columns > 0, program.upper, x))
    y = np.where(rows != 0, y, 0.0)
    if not len(free) and not len(binding):
        return x, y
    target = np.where(rows < 0, program.row_lower, program.row_upper)[binding]
    try:
        _, factor = equations.of(columns == 0, rows != 0)
    except RuntimeError:
        return None
    matrix, across = program.matrix, program.transposed
    previous = np.inf
    for _ in range(_REFINEMENTS):
        dual_residual = (across @ y - program.cost - program.quadratic * x)[free]
        primal_residual = target - (matrix @ x)[binding]
        residual = max(np.abs(dual_residual).max(initial=0.0), np.abs(primal_residual).max(initial=0.0))
        if not np.isfinite(residual):
            return None
        if residual >= 0.5 * previous:
            break
        previous = residual
        step = factor.solve(np.concatenate([dual_residual, primal_residual]))
        x, y = x.copy(), y.copy()
        x[free] += step[: len(free)]
        y[binding] -= step[len(free) :]
    return x, y


def _error(program: Program, x: Floats, y: Floats) -> float:
    z = program.cost + program.quadratic * x - program.transposed @ y
    return certify(program, Solution(x, y, z, program.objective(x), "", "", 0.0)).worst
