"""How far a quantity can move among all optima, or among all points that cost little more."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_matrix, eye_array, vstack
from scipy.sparse.linalg import splu

from corridor.errors import ProgramError
from corridor.program import submatrix
from corridor.solver.choose import solve_for_value
from corridor.solver.clarabel import minimise_linear_over_level_set
from corridor.solver.failure import InfeasibleProgram, SolverFailure
from corridor.solver.warm import WarmProgram

if TYPE_CHECKING:
    from corridor.program import Floats, Program, Solution

__all__ = ["dual_direction", "near_optimal_range", "optimal_face_range", "ratio_range"]

_DINKELBACH_STEPS = 50
_RATIO_TOLERANCE = 1e-10
_WIDTH = 1e-9
_BINDS = 1e-7
"""Distance from a bound, as a share of the largest column value, below which it binds."""
_UNIQUE = 1e-6
"""Part of a random vector, relative to its largest entry, below which nothing of it is left."""


class _Cheap:
    """The points of a program that cost at most the optimum and a slack; least value of a direction over them.

    For a linear program that is a linear program with the cost as one more row, for a quadratic one a cone problem.
    """

    def __init__(self, program: Program, solution: Solution, slack: float) -> None:
        if not slack > 0:
            raise ProgramError(f"the slack above the optimal cost must be positive, not {slack:g}")
        self._centre = solution.primal
        self._level = program.objective(solution.primal) + slack
        self._program = replace(program, integer=None)
        if not program.is_quadratic:
            cost_row = csc_matrix(program.cost[None, :])
            self._program = replace(
                self._program,
                constant=0.0,
                matrix=csc_matrix(vstack([program.matrix, cost_row], format="csc")),
                row_lower=np.append(program.row_lower, -np.inf),
                row_upper=np.append(program.row_upper, self._level - program.constant),
            )

    def least(self, direction: Floats) -> tuple[float, Floats]:
        """The least direction'x, -inf where there is none, and the point where it is taken."""
        try:
            if self._program.is_quadratic:
                return minimise_linear_over_level_set(self._program, direction, self._level, self._centre)
            point = solve_for_value(replace(self._program, cost=direction)).primal
        except SolverFailure as failure:
            if failure.status == "unbounded":
                return -np.inf, self._centre
            raise
        return float(direction @ point), point


def optimal_face_range(
    program: Program, solution: Solution, direction: Floats, tolerance: float = 1e-6
) -> tuple[float, float]:
    """The least and greatest direction'x over all optima of a program.

    A point is optimal exactly when it is feasible, complementary to the optimal duals, and has the same q_j x_j as the
    optimum (Mangasarian 1988). So columns and rows whose dual is not zero stay at their bound, and columns with a
    quadratic cost stay where they are; each may move by 1e-9 of the largest flow, since an answer in floating point is
    on no exact face. A dual counts as zero below `tolerance` times the largest row dual.
    """
    for width in (_WIDTH, 100 * _WIDTH):
        face = _face(program, solution, direction, tolerance, width)
        try:
            return face.least(direction), -face.least(-direction)
        except InfeasibleProgram:
            # The optimum lies in the face; a solver that says otherwise stumbles over its thin sides.
            continue
    raise SolverFailure("the face of optima is too thin for the solver", "error")


def _face(program: Program, solution: Solution, direction: Floats, tolerance: float, width: float) -> WarmProgram:
    """The optima as a linear program; what is held may move by `width` of the largest flow."""
    x, activity = solution.primal, program.matrix @ solution.primal
    prices = np.abs(solution.row_dual).max(initial=0.0) or np.abs(solution.column_dual).max(initial=0.0)
    width *= max(np.abs(x).max(initial=0.0), np.abs(activity).max(initial=0.0))
    held = (np.abs(solution.column_dual) > tolerance * prices) | (program.quadratic > 0)
    row_held = np.abs(solution.row_dual) > tolerance * prices
    return WarmProgram(
        replace(
            program,
            integer=None,
            cost=direction,
            quadratic=np.zeros(len(x)),
            constant=0.0,
            # The optimum itself stays allowed where it is outside a bound by the solver's error.
            lower=np.minimum(np.where(held, np.maximum(program.lower, x - width), program.lower), x),
            upper=np.maximum(np.where(held, np.minimum(program.upper, x + width), program.upper), x),
            row_lower=np.minimum(
                np.where(row_held, np.maximum(program.row_lower, activity - width), program.row_lower), activity
            ),
            row_upper=np.maximum(
                np.where(row_held, np.minimum(program.row_upper, activity + width), program.row_upper), activity
            ),
        )
    )


def near_optimal_range(program: Program, solution: Solution, direction: Floats, slack: float) -> tuple[float, float]:
    """The least and greatest direction'x over all feasible points that cost at most `slack` more than the optimum.

    `slack` is positive, in the unit of the cost. Infinite where there is no end. Error about 1e-8 of the largest flow
    for a linear program, 1e-6 for a quadratic one.
    """
    cheap = _Cheap(program, solution, slack)
    return cheap.least(direction)[0], -cheap.least(-direction)[0]


def ratio_range(
    program: Program,
    solution: Solution,
    numerator: Floats,
    denominator: Floats,
    slack: float,
    offset: float = 0.0,
) -> tuple[float, float]:
    """The least and greatest (offset + numerator'x) / denominator'x over all points that cost at most `slack` more.

    Dinkelbach's iteration (1967): minimise numerator'x - r denominator'x, set r to the ratio at the point found, until
    r stands still. Raises `ProgramError` where the denominator can be zero or negative among these points.
    """
    cheap = _Cheap(program, solution, slack)
    smallest = cheap.least(denominator)[0]
    if not smallest > _RATIO_TOLERANCE * float(np.abs(denominator) @ np.abs(solution.primal)):
        raise ProgramError(f"the denominator can fall to {smallest:g} at this cost, so the ratio has no range")
    start = (offset + float(numerator @ solution.primal)) / float(denominator @ solution.primal)
    low = _least_ratio(cheap, numerator, denominator, offset, start)
    return low, -_least_ratio(cheap, -numerator, denominator, -offset, -start)


def _least_ratio(cheap: _Cheap, numerator: Floats, denominator: Floats, offset: float, start: float) -> float:
    ratio = start
    for _ in range(_DINKELBACH_STEPS):
        value, point = cheap.least(numerator - ratio * denominator)
        if np.isinf(value):
            return -np.inf
        new = (offset + float(numerator @ point)) / float(denominator @ point)
        # The ratio falls at every step; where it no longer does, what is left is the solver's error.
        if new >= ratio - _RATIO_TOLERANCE * max(1.0, abs(ratio)):
            return min(new, ratio)
        ratio = new
    return ratio


def dual_direction(program: Program, solution: Solution) -> Floats | None:
    """A direction, (rows,) with largest entry 1, in which row duals can move at an optimum; None where they are unique.

    They move along w where w is zero off the rows that bind and A_F'w = 0 for the columns F strictly between their bounds. A
    random vector projected on that space is in general position in it: a row that it leaves alone has a dual that is
    unique. Balances without a free column, which nothing passes, are left out: their duals mean nothing.
    """
    x, matrix = solution.primal, program.matrix
    near = _BINDS * max(1.0, float(np.abs(x).max(initial=0.0)))
    free = (x > program.lower + near) & (x < program.upper - near)
    activity = matrix @ x
    binds = (activity < program.row_lower + near) | (activity > program.row_upper - near)
    touched = np.zeros(len(binds), dtype=bool)
    touched[matrix.indices[np.repeat(free, np.diff(matrix.indptr))]] = True
    touched |= (program.row_lower != program.row_upper) & (np.abs(activity) > near)
    rows = np.flatnonzero(binds & touched)
    if not len(rows):
        return None
    left = np.random.default_rng(0).uniform(0.5, 1.0, len(rows))
    if free.any():
        part = submatrix(matrix, binds & touched, free)
        factor = splu((part.T @ part + 1e-9 * eye_array(part.shape[1])).tocsc())
        for _ in range(2):  # the second takes off what the small term of the first has left
            left = left - part @ factor.solve(part.T @ left)
    largest = float(np.abs(left).max())
    if largest < _UNIQUE:
        return None
    direction = np.zeros(len(binds))
    direction[rows] = np.where(np.abs(left) < _UNIQUE, 0.0, left) / largest
    return direction
