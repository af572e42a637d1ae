"""Linear programs that share a matrix, solved one after the other from the optimum of the first.

A change of bounds or costs leaves most of the first optimum's basis right, and dual simplex repairs the rest in a few
steps. Each solve starts from that basis, or from that of an optimum that the caller names, never from what happened to be
solved before, so an answer hangs neither on the order nor on the number of workers. Before any step the first optimum itself is tried: where its certificate passes a thousand times
tighter than asked of an answer it is the optimum, as under the closure of a link that carries nothing.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.errors import CertificateError, ProgramError
from corridor.program import substitute
from corridor.solver import vertex
from corridor.solver.certificate import certify
from corridor.solver.choose import LARGE_COLUMNS, SMALL_COLUMNS, passed, solve_program
from corridor.solver.failure import SolverFailure
from corridor.solver.highs import basis_of, loaded, primal_and_dual
from corridor.solver.normal import Normal, normalise

if TYPE_CHECKING:
    import highspy

    from corridor.program import Floats, Ints, Program, Solution
    from corridor.solver.polish import Signs

__all__ = ["Optimum", "Warm", "WarmProgram"]

_DEVEX = 1
_STILL_OPTIMAL = 1e-9
"""The first optimum is that of a changed program where no optimality condition is missed by more than this."""


@dataclass(frozen=True)
class Optimum:
    """A certified optimum of a program, from whose basis programs near it are solved."""

    program: Program
    solution: Solution
    basis: highspy.HighsBasis


@dataclass
class _Start:
    """The first program as HiGHS gets it, and its optimum once it is found."""

    form: Normal
    optimum: Optimum | None = None


@dataclass(frozen=True)
class Warm:
    """A certified solution that was found from the optimum of another program."""

    solution: Solution
    worst: float
    """the largest relative error of its optimality conditions"""
    unchanged: bool
    """whether it is that optimum itself"""
    optimum: Optimum | None = None
    """what programs near this one may start from; None where this one was solved from the start"""


class WarmProgram:
    """A linear program kept in HiGHS for a chain of changed bounds or costs: each solve starts from the basis of the first.

    Dual simplex with Devex pricing. Use one instance in one thread: HiGHS allows no two at once on the same instance;
    `twin` makes another.
    """

    def __init__(self, program: Program, start: _Start | None = None) -> None:
        if program.is_quadratic or program.integer is not None:
            raise ProgramError("only a linear program without whole-number columns can be kept warm")
        self.first: Program = program
        """as given: the one whose basis every solve starts from"""
        self._start = _Start(normalise(program, drop_fixed=False)) if start is None else start
        self._form = self._start.form
        self._program = program
        self._highs = loaded(self._form.program)
        # Set later than the first run, the pricing rule would be ignored.
        self._highs.setOptionValue("simplex_dual_edge_weight_strategy", _DEVEX)
        self._highs.setOptionValue("solver", "simplex")

    def twin(self) -> WarmProgram:
        """Another instance on the first program, for another thread, which starts from the same basis."""
        self.first_optimum()
        return WarmProgram(self.first, self._start)

    def set_cost(self, cost: Floats) -> None:
        """Replace the cost of every column."""
        columns = np.arange(len(cost), dtype=np.int32)
        self._highs.changeColsCost(len(cost), columns, cost / self._form.cost)
        self._program = replace(self._program, cost=cost)

    def least(self, direction: Floats) -> float:
        """The least value of a direction over what is feasible, minus infinity where there is none; it replaces the cost."""
        self.set_cost(direction)
        try:
            return float(direction @ self.solve().primal)
        except SolverFailure as failure:
            if failure.status == "unbounded":
                return -np.inf
            raise

    def set_column_bounds(self, columns: Ints, lower: Floats, upper: Floats) -> None:
        """Replace the bounds of some columns."""
        flow = self._form.flow
        self._highs.changeColsBounds(len(columns), columns.astype(np.int32), lower / flow, upper / flow)
        self._program = replace(
            self._program,
            lower=_replaced(self._program.lower, columns, lower),
            upper=_replaced(self._program.upper, columns, upper),
        )

    def set_row_bounds(self, rows: Ints, lower: Floats, upper: Floats) -> None:
        """Replace the bounds of some rows."""
        flow = self._form.flow
        # The stub of highspy lacks this function.
        self._highs.changeRowsBounds(  # type: ignore[attr-defined]
            len(rows), rows.astype(np.int32), lower / flow, upper / flow
        )
        self._program = replace(
            self._program,
            row_lower=_replaced(self._program.row_lower, rows, lower),
            row_upper=_replaced(self._program.row_upper, rows, upper),
        )

    def solve(self) -> Solution:
        """Solve the program as it now stands. Raises `SolverFailure` where there is no optimum."""
        start = self._start
        solution = self._solved(start.optimum)
        if start.optimum is None:
            start.optimum = Optimum(self._program, solution, self._highs.getBasis())
        return solution

    def _solved(self, near: Optimum | None) -> Solution:
        started = time.perf_counter()
        if near is not None:
            # What the solves before have left behind (weights, random numbers) would make the order matter.
            self._highs.clearSolver()
            self._highs.setBasis(near.basis)
        x, y = primal_and_dual(self._highs)
        form = replace(self._form, original=self._program)
        seconds = time.perf_counter() - started
        return form.restore(x, y, solver="highs", method="dual simplex, warm", seconds=seconds)

    def first_optimum(self) -> Optimum:
        """The optimum of the program as it was given, certified, by a guess of its basis where that is sooner.

        Raises `SolverFailure` where there is none, `CertificateError` where the answer does not pass.
        """
        if self._start.optimum is None:
            self._turn_to(self.first)
            if SMALL_COLUMNS < len(self.first.cost) <= LARGE_COLUMNS:
                self._highs.setBasis(basis_of(*_guess(self._form.program)))
            solution = self._solved(None)
            passed(self.first, solution)
            self._start.optimum = Optimum(self.first, solution, self._highs.getBasis())
        return self._start.optimum

    def solve_as(self, program: Program, near: Optimum | None = None) -> Warm:
        """The certified solution of a program on the same matrix, from `near` or from the first optimum.

        Where the warm way fails (no optimum, or an answer that does not pass), the program is solved from the start.
        Raises what `solve_program` raises.
        """
        if program.matrix is not self.first.matrix:
            raise ProgramError("only programs on the same matrix are solved from the first optimum")
        near = self.first_optimum() if near is None else near
        kept = _still_optimal(program, near)
        if kept is not None:
            return kept
        try:
            self._turn_to(program)
            solution = self._solved(near)
            worst = passed(program, solution)
            return Warm(solution, worst, False, Optimum(program, solution, self._highs.getBasis()))
        except (SolverFailure, CertificateError):
            solution = solve_program(program)
            return Warm(solution, passed(program, solution), unchanged=False)

    def _turn_to(self, program: Program) -> None:
        """Write into HiGHS what differs from the program that it holds."""
        held = self._program
        if program.cost is not held.cost and not np.array_equal(program.cost, held.cost):
            self.set_cost(program.cost)
        columns = _differing((held.lower, program.lower), (held.upper, program.upper))
        if len(columns):
            self.set_column_bounds(columns, program.lower[columns], program.upper[columns])
        rows = _differing((held.row_lower, program.row_lower), (held.row_upper, program.row_upper))
        if len(rows):
            self.set_row_bounds(rows, program.row_lower[rows], program.row_upper[rows])
        self._program = program


def _still_optimal(program: Program, near: Optimum) -> Warm | None:
    optimum = near.solution
    x = optimum.primal
    # Most changes that matter show at once: the optimum is outside the new bounds.
    size = _STILL_OPTIMAL * max(1.0, float(np.abs(x).max(initial=0.0)))
    if (x > program.upper + size).any() or (x < program.lower - size).any():
        return None
    z = optimum.column_dual
    if program.cost is not near.program.cost:
        z = program.cost - program.matrix.T @ optimum.row_dual
    same = replace(optimum, column_dual=z, objective=program.objective(x), seconds=0.0)
    worst = certify(program, same).worst
    return Warm(same, worst, True, Optimum(program, same, near.basis)) if worst <= _STILL_OPTIMAL else None


def _guess(program: Program) -> tuple[Signs, Signs]:
    """Which bounds bind at the optimum of a scaled program, guessed by an interior point; fixed columns are at theirs."""
    reduced = substitute(program, program.lower == program.upper, program.lower)
    some_columns, some_rows = vertex.guess(reduced.program)
    columns, rows = np.full(len(program.cost), -1, np.int8), np.zeros(len(program.row_lower), np.int8)
    columns[reduced.kept_columns], rows[reduced.kept_rows] = some_columns, some_rows
    return columns, rows


def _differing(*pairs: tuple[Floats, Floats]) -> Ints:
    found = np.zeros(len(pairs[0][0]), dtype=bool)
    for old, new in pairs:
        if old is not new:
            found |= old != new
    return np.flatnonzero(found)


def _replaced(values: Floats, positions: Ints, new: Floats) -> Floats:
    out = values.copy()
    out[positions] = new
    return out
