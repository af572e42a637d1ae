"""A program in numbers near one, without fixed columns, and the way back.

Solvers stop at absolute tolerances, so the same network in tonnes and in megatonnes would be solved to different
accuracy. Here flows are divided by F and costs by C, both powers of two (the scaling is then exact in floating point):

    x = F x',   c = C c',   q = (C / F) q',   row_dual = C row_dual',   cost = F C cost'
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csc_matrix

from corridor.errors import ProgramError
from corridor.program import Floats, Program, Reduced, Solution, substitute
from corridor.solver.failure import InfeasibleProgram

__all__ = ["Normal", "check", "diagonal", "normalise", "scales"]

# A row without free columns is judged on numbers near one; solvers judge at 1e-7 to 1e-9.
_CONSTANT_ROW_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Normal:
    """A scaled program for a solver (`program`) and what is needed to bring its answer back to `original`."""

    original: Program
    program: Program
    reduced: Reduced | None
    flow: float
    cost: float

    def restore(self, primal: Floats, row_dual: Floats, *, solver: str, method: str, seconds: float) -> Solution:
        """The solution of the original program; column duals follow from stationarity."""
        scaled = Solution(primal, row_dual, np.zeros(len(primal)), 0.0, solver, method, seconds)
        if self.reduced is not None:
            full = np.zeros(self.original.matrix.shape[0])
            full[self.reduced.kept_rows] = row_dual
            x = self.reduced.fixed.copy()
            x[self.reduced.kept_columns] = primal
            scaled = replace(scaled, primal=x, row_dual=full)
        x = scaled.primal * self.flow
        y = scaled.row_dual * self.cost
        original = self.original
        column_dual = original.cost + original.quadratic * x - original.transposed @ y
        return replace(scaled, primal=x, row_dual=y, column_dual=column_dual, objective=original.objective(x))


def check(program: Program) -> None:
    """Refuse what no solver can read.

    Raises `ProgramError` for NaN, an infinite cost or a negative quadratic cost, and `InfeasibleProgram` for a column
    or row whose lower bound is above its upper bound.
    """
    for name in ("cost", "quadratic"):
        if not np.isfinite(getattr(program, name)).all():
            where = program.column_label(int(np.flatnonzero(~np.isfinite(getattr(program, name)))[0]))
            raise ProgramError(f"{name} of {where} is not a finite number")
    if not np.isfinite(program.matrix.data).all():
        raise ProgramError("the matrix has an entry that is not a finite number")
    if (program.quadratic < 0).any():
        where = program.column_label(int(np.flatnonzero(program.quadratic < 0)[0]))
        raise ProgramError(f"quadratic cost of {where} is negative: the program is not convex")
    for lower, upper, label in (
        (program.lower, program.upper, program.column_label),
        (program.row_lower, program.row_upper, program.row_label),
    ):
        unknown = np.flatnonzero(np.isnan(lower) | np.isnan(upper) | (lower == np.inf) | (upper == -np.inf))
        if len(unknown):
            raise ProgramError(f"a bound of {label(int(unknown[0]))} is not a number, or infinite on the wrong side")
        crossed = np.flatnonzero(lower > upper)
        if len(crossed):
            i = int(crossed[0])
            raise InfeasibleProgram(f"{label(i)} has its lower bound {lower[i]:g} above its upper bound {upper[i]:g}")


def scales(program: Program) -> tuple[float, float]:
    """Powers of two near the median bound and the median cost. Whole numbers stay whole: F is 1 with integer columns."""
    bounds = np.concatenate([program.lower, program.upper, program.row_lower, program.row_upper])
    flow = 1.0 if program.integer is not None and program.integer.any() else _power_of_two(bounds)
    return flow, _power_of_two(program.cost)


def normalise(program: Program, *, drop_fixed: bool) -> Normal:
    """Check and scale a program; with `drop_fixed`, hold fixed columns and drop rows that only they enter.

    Interior point methods need the second: a column with equal bounds has no interior.
    Raises `InfeasibleProgram` where a dropped row is violated.
    """
    check(program)
    flow, cost = scales(program)
    scaled = replace(
        program,
        cost=program.cost / cost,
        quadratic=program.quadratic * (flow / cost),
        lower=program.lower / flow,
        upper=program.upper / flow,
        row_lower=program.row_lower / flow,
        row_upper=program.row_upper / flow,
        constant=program.constant / (flow * cost),
    )
    if not drop_fixed:
        return Normal(program, scaled, None, flow, cost)
    is_fixed = scaled.lower == scaled.upper
    reduced = substitute(scaled, is_fixed, scaled.lower)
    dropped = np.ones(program.matrix.shape[0], dtype=bool)
    dropped[reduced.kept_rows] = False
    if dropped.any():
        activity = scaled.matrix @ reduced.fixed
        excess = np.maximum(scaled.row_lower - activity, activity - scaled.row_upper)
        # The sum of a row's terms cannot be more exact than its largest term.
        size = np.maximum(1.0, abs(scaled.matrix) @ np.abs(reduced.fixed))
        broken = np.flatnonzero(dropped & (excess > _CONSTANT_ROW_TOLERANCE * size))
        if len(broken):
            i = int(broken[0])
            raise InfeasibleProgram(
                f"{program.row_label(i)} cannot hold: its columns are all fixed and miss it by {excess[i] * flow:g}"
            )
    return Normal(program, reduced.program, reduced, flow, cost)


def diagonal(values: Floats) -> csc_matrix:
    """The square matrix with these values on its diagonal."""
    count = len(values)
    return csc_matrix((values, np.arange(count), np.arange(count + 1)), shape=(count, count))


def _power_of_two(values: Floats) -> float:
    sizes = np.abs(values[np.isfinite(values) & (values != 0)])
    return float(2.0 ** np.round(np.log2(np.median(sizes)))) if len(sizes) else 1.0
