"""Quadratic programs that share matrix and curvature, solved by PIQP one after the other in one place.

An interior point has no use for the optimum before, but half of what a fresh solve does besides its iterations (order of
the factor, arrays, scaling of the pattern) is the same each time. Only vectors are handed to PIQP's `update`: given another
sparsity pattern it would answer the old program as solved. Each answer is certified.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.errors import CertificateError, ProgramError
from corridor.solver.choose import passed, solve_program
from corridor.solver.failure import SolverFailure
from corridor.solver.normal import diagonal, normalise
from corridor.solver.piqp import new_solver, primal_and_dual
from corridor.solver.warm import Warm

if TYPE_CHECKING:
    import piqp

    from corridor.program import Floats, Program, Solution

__all__ = ["RepeatedProgram"]


class RepeatedProgram:
    """A program kept in PIQP, whose costs and bounds change from solve to solve.

    Columns that are fixed in the first program are taken out for good: where a later one lets them move, or needs rows
    that the first had not, it is solved from the start. Use one instance in one thread; PIQP lets no other thread run.
    """

    def __init__(self, program: Program) -> None:
        if program.integer is not None:
            raise ProgramError("only a program without whole-number columns can be kept in PIQP")
        self.first: Program = program
        self._form = normalise(program, drop_fixed=True)
        reduced = self._form.reduced
        assert reduced is not None  # noqa: S101 (asked for above)
        self._columns, self._rows = reduced.kept_columns, reduced.kept_rows
        self._dropped = np.setdiff1d(np.arange(len(program.cost)), self._columns)
        self._moved = program.matrix @ (reduced.fixed * self._form.flow)
        inner = reduced.program
        self._equal = np.flatnonzero(inner.row_lower == inner.row_upper)
        bounded = np.isfinite(inner.row_lower) | np.isfinite(inner.row_upper)
        self._between = np.flatnonzero((inner.row_lower != inner.row_upper) & bounded)
        self._never = np.flatnonzero(~bounded)
        self._solver: piqp.SparseSolver | None = None

    def solve_as(self, program: Program) -> Warm:
        """The certified solution of a program with the same matrix and curvature.

        Raises what `solve_program` raises.
        """
        first = self.first
        if program.matrix is not first.matrix:
            raise ProgramError("only programs on the same matrix are solved in one place")
        if self._fits(program):
            try:
                solution = self._solved(program)
                return Warm(solution, passed(program, solution), unchanged=False)
            except (SolverFailure, CertificateError):
                self._solver = None
        solution = solve_program(program)
        return Warm(solution, passed(program, solution), unchanged=False)

    def _fits(self, program: Program) -> bool:
        """Whether a program differs in nothing but vectors that PIQP holds."""
        first, dropped = self.first, self._dropped
        same = program.quadratic is first.quadratic or np.array_equal(program.quadratic, first.quadratic)
        held = (program.lower[dropped] == first.lower[dropped]) & (program.upper[dropped] == first.upper[dropped])
        low, high = program.row_lower[self._rows], program.row_upper[self._rows]
        out = np.setdiff1d(np.arange(len(first.row_lower)), self._rows)
        unread = (program.row_lower[out] == first.row_lower[out]) & (program.row_upper[out] == first.row_upper[out])
        return bool(
            same
            and held.all()
            and unread.all()
            and (low[self._equal] == high[self._equal]).all()
            and not (np.isfinite(low[self._never]) | np.isfinite(high[self._never])).any()
        )

    def _solved(self, program: Program) -> Solution:
        started = time.perf_counter()
        form, columns = self._form, self._columns
        cost = program.cost[columns] / form.cost
        lower, upper = program.lower[columns] / form.flow, program.upper[columns] / form.flow
        row_lower = (program.row_lower - self._moved)[self._rows] / form.flow
        row_upper = (program.row_upper - self._moved)[self._rows] / form.flow
        equal, between = self._equal, self._between
        if self._solver is None:
            self._solver = new_solver()
            matrix = form.program.matrix.tocsr()
            self._solver.setup(
                diagonal(form.program.quadratic),
                cost,
                matrix[equal].tocsc() if len(equal) else None,
                row_lower[equal] if len(equal) else None,
                matrix[between].tocsc() if len(between) else None,
                row_lower[between] if len(between) else None,
                row_upper[between] if len(between) else None,
                lower,
                upper,
            )
        else:
            vectors: dict[str, Floats] = {"c": cost, "x_l": lower, "x_u": upper}
            if len(equal):
                vectors["b"] = row_lower[equal]
            if len(between):
                vectors |= {"h_l": row_lower[between], "h_u": row_upper[between]}
            self._solver.update(**vectors)
        x, y = primal_and_dual(self._solver, len(row_lower), equal, between)
        x = np.clip(x, lower, upper)
        seconds = time.perf_counter() - started
        return replace(form, original=program).restore(
            x, y, solver="piqp", method="interior point, kept", seconds=seconds
        )
