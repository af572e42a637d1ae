"""Is an answer optimal? The optimality conditions of a solution as numbers, worked out without any solver.

For   minimise k + c'x + 1/2 x'Qx,  l_r <= A x <= u_r,  l <= x <= u,  Q = diag(q) >= 0,   a point x with row duals y and
column duals z is optimal exactly when (Karush 1939; Kuhn and Tucker 1951; Boyd and Vandenberghe 2004, section 5.5.3):

    primal feasibility    l_r <= A x <= u_r  (imbalance),  l <= x <= u  (bound violation)
    stationarity          c + Q x = A'y + z
    dual feasibility      y_i > 0 only where row i has a lower bound, y_i < 0 only where it has an upper bound; z likewise
    complementarity       y_i > 0 only where row i is at its lower bound, y_i < 0 only at its upper; z likewise

The gap is a second opinion on all of them together: the cost less the dual cost (Dorn 1960)

    k + sum_i y_i b_i + sum_j z_j b_j - 1/2 x'Qx,   b = the bound the dual's sign points at.

With whole-number columns, the conditions are those of the linear program in which they stand at their rounded values,
and `integrality` says how far they are from whole; that no better whole numbers exist is the solver's word.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from corridor.program import Floats, Program, Solution

__all__ = ["THRESHOLDS", "Certificate", "Thresholds", "at_most", "certify"]


@dataclass(frozen=True)
class Thresholds:
    """Largest accepted value of each condition, relative: see `Certificate` for what each is relative to."""

    imbalance: float = 1e-6
    bound_violation: float = 1e-6
    integrality: float = 1e-6
    stationarity: float = 1e-6
    dual_infeasibility: float = 1e-6
    complementarity: float = 1e-6
    gap: float = 1e-6


THRESHOLDS = Thresholds()
NOISE = 1e-12
"""Below this a residual is the rounding of a machine's sums, and another on the next machine."""


def at_most(residual: float) -> str:
    """A residual in words: one digit, rounded up, and never below `NOISE`, so that every machine says the same."""
    size = max(abs(residual), NOISE)
    if not math.isfinite(size):
        return str(size)
    power = math.floor(math.log10(size) + 1e-9)
    return f"{math.ceil(size / 10.0**power - 1e-9) * 10.0**power:.0e}"


@dataclass(frozen=True)
class Certificate:
    """The optimality conditions as numbers.

    Relative to `flow_scale` (the largest |column value|, |row activity| or violation): imbalance, bound violation.
    Relative to `cost_scale` (the largest |marginal cost| of a column; 1 where nothing costs): stationarity, dual infeasibility.
    Relative to both: complementarity. Relative to the sum of all cost terms without sign: gap.
    Integrality is absolute. `imbalance_absolute`, `bound_violation_absolute` are in the units of the program.
    """

    imbalance: float
    bound_violation: float
    integrality: float
    stationarity: float
    dual_infeasibility: float
    complementarity: float
    gap: float
    imbalance_absolute: float
    bound_violation_absolute: float
    cost: float
    dual_cost: float
    flow_scale: float
    cost_scale: float
    thresholds: Thresholds

    @property
    def failures(self) -> tuple[str, ...]:
        """Names of the conditions that do not hold."""
        # `not <=`, so that NaN fails
        return tuple(
            f.name for f in fields(self.thresholds) if not getattr(self, f.name) <= getattr(self.thresholds, f.name)
        )

    @property
    def passed(self) -> bool:
        """Whether every condition holds."""
        return not self.failures

    @property
    def worst(self) -> float:
        """The largest relative error of all conditions."""
        values = [getattr(self, f.name) for f in fields(self.thresholds)]
        return float("inf") if np.isnan(values).any() else max(values)

    def __str__(self) -> str:
        marks = [
            f"{f.name} {getattr(self, f.name):.1e}{' FAILS' if f.name in self.failures else ''}"
            for f in fields(self.thresholds)
        ]
        return f"{'passed' if self.passed else 'not passed'}: {', '.join(marks)}"


_LEAST_MONEY = 1e-4
"""Where nothing worth money moves at the optimum, the gap is judged by this share of what the largest flow could cost."""


def certify(program: Program, solution: Solution, thresholds: Thresholds = THRESHOLDS) -> Certificate:
    """Work out the optimality conditions of a solution. Never raises: a wrong answer is a certificate that fails."""
    x, y, z = solution.primal, solution.row_dual, solution.column_dual
    lower, upper = program.lower, program.upper
    integrality = 0.0
    if program.integer is not None and program.integer.any():
        whole = np.round(x)
        integrality = _largest((x - whole)[program.integer])
        lower, upper = np.where(program.integer, whole, lower), np.where(program.integer, whole, upper)
    activity = program.matrix @ x
    imbalance = _largest(np.maximum(_excess(program.row_lower - activity), _excess(activity - program.row_upper)))
    outside = np.maximum(_excess(program.lower - x), _excess(x - program.upper))
    bound_violation = _largest(outside)
    flow_scale = max(_largest(x), _largest(activity), imbalance, bound_violation) or 1.0

    gradient = program.cost + program.quadratic * x
    cost_scale = max(_largest(program.cost), _largest(gradient)) or 1.0
    stationarity = _largest(gradient - program.transposed @ y - z) / cost_scale

    row_bound, row_wrong = _pointed_at(y, program.row_lower, program.row_upper)
    column_bound, column_wrong = _pointed_at(z, lower, upper)
    row_slack, column_slack = y * (activity - row_bound), z * (x - column_bound)
    curvature = 0.5 * _sum(program.quadratic * x * x)
    dual_cost = program.constant + _sum(y * row_bound) + _sum(z * column_bound) - curvature
    money = _sum(np.abs(program.cost * x)) + curvature
    return Certificate(
        imbalance=imbalance / flow_scale,
        bound_violation=bound_violation / flow_scale,
        integrality=integrality,
        stationarity=stationarity,
        dual_infeasibility=max(row_wrong, column_wrong) / cost_scale,
        complementarity=max(_largest(row_slack), _largest(column_slack)) / (flow_scale * cost_scale),
        gap=abs(solution.objective - dual_cost) / max(money, _LEAST_MONEY * flow_scale * cost_scale),
        imbalance_absolute=imbalance,
        bound_violation_absolute=bound_violation,
        cost=solution.objective,
        dual_cost=dual_cost,
        flow_scale=flow_scale,
        cost_scale=cost_scale,
        thresholds=thresholds,
    )


def _pointed_at(dual: Floats, lower: Floats, upper: Floats) -> tuple[Floats, float]:
    """The bound each dual's sign points at, and the largest dual that points at a bound which is not there.

    Such a dual gets bound 0, so that sums stay finite: dual infeasibility tells of it.
    """
    bound = np.where(dual > 0, lower, np.where(dual < 0, upper, 0.0))
    missing = np.isinf(bound)
    return np.where(missing, 0.0, bound), _largest(dual[missing])


def _excess(values: Floats) -> Floats:
    return np.maximum(values, 0.0)


def _sum(values: Floats) -> float:
    """The sum by numpy's own pairwise summation: a dot product would wake BLAS threads, which costs milliseconds."""
    return float(values.sum())


def _largest(values: Floats) -> float:
    return float(np.abs(values).max()) if values.size else 0.0
