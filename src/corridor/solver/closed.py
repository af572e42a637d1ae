"""Many closures of one program: some of its columns held at zero, set after set, by as many workers as asked for.

A list of sets starts each from the optimum of the program itself. All unions of some groups, as a game asks for, are
walked as a tree: each from the optimum of a union that lacks one of its groups.
"""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from queue import SimpleQueue
from typing import TYPE_CHECKING

import numpy as np

from corridor.errors import CorridorError
from corridor.solver.repeated import RepeatedProgram
from corridor.solver.warm import Optimum, Warm, WarmProgram

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scipy.sparse import csr_matrix

    from corridor.program import Bools, Floats, Ints, Program

__all__ = ["Closed", "solve_closed", "solve_unions"]


@dataclass(frozen=True)
class Closed:
    """The answers to many closures of one program, n of them."""

    objective: Floats
    """(n,) NaN where there is no answer"""
    values: Floats
    """(n, m) the sums asked for"""
    worst: Floats
    """(n,) the largest relative error of the optimality conditions"""
    unchanged: Bools
    """(n,) those whose optimum is that of the program itself"""
    why: list[str]
    """n reasons why there is no answer; empty where there is one"""

    def take(self, i: int, answer: Warm, measures: csr_matrix | None) -> None:
        """Write down an answer."""
        self.objective[i], self.worst[i] = answer.solution.objective, answer.worst
        self.unchanged[i] = answer.unchanged
        if measures is not None:
            self.values[i] = measures @ answer.solution.primal

    @classmethod
    def empty(cls, n: int, m: int) -> Closed:
        """Room for n answers of m values."""
        return cls(np.full(n, np.nan), np.full((n, m), np.nan), np.full(n, np.nan), np.zeros(n, dtype=bool), [""] * n)

    @classmethod
    def joined(cls, parts: Sequence[Closed]) -> Closed:
        """Answers one after the other."""
        return cls(
            objective=np.concatenate([p.objective for p in parts]),
            values=np.concatenate([p.values for p in parts]),
            worst=np.concatenate([p.worst for p in parts]),
            unchanged=np.concatenate([p.unchanged for p in parts]),
            why=[why for p in parts for why in p.why],
        )


def solve_closed(
    program: Program,
    closures: Sequence[Ints],
    measures: csr_matrix | None = None,
    workers: int = 1,
) -> Closed:
    """Solve a program with some of its columns held at zero, for each set of columns; every answer is certified.

    Linear programs by dual simplex from the optimum of the program itself; quadratic ones by
    PIQP. `measures`, shape (m, columns), says which sums are taken off each answer. Workers are threads where HiGHS lets others
    run beside it, processes for PIQP, which does not. Neither order nor workers change an answer of a linear program; one of a
    quadratic one moves by the solver's tolerance at most. Raises `SolverFailure` or `CertificateError` where a linear program itself has no
    answer.
    """
    parts = np.array_split(np.arange(len(closures)), max(1, min(workers, len(closures))))
    shares = [[closures[i] for i in part] for part in parts]
    if program.is_quadratic:
        if len(shares) == 1:
            return _solved(RepeatedProgram(program), shares[0], measures)
        # Spawned, not forked: threads of solvers may be about.
        with ProcessPoolExecutor(len(shares), multiprocessing.get_context("spawn")) as pool:
            return Closed.joined(list(pool.map(partial(_apart, program, measures=measures), shares)))
    start = WarmProgram(program)
    start.first_optimum()
    with ThreadPoolExecutor(len(shares)) as threads:
        others = [start, *(start.twin() for _ in shares[1:])]
        return Closed.joined(list(threads.map(partial(_solved, measures=measures), others, shares)))


def _apart(program: Program, closures: Sequence[Ints], measures: csr_matrix | None) -> Closed:
    return _solved(RepeatedProgram(program), closures, measures)


def _solved(kept: WarmProgram | RepeatedProgram, closures: Sequence[Ints], measures: csr_matrix | None) -> Closed:
    """One worker's share."""
    found = Closed.empty(len(closures), 0 if measures is None else measures.shape[0])
    first = kept.first
    for i, columns in enumerate(closures):
        upper = first.upper.copy()
        upper[columns] = np.minimum(upper[columns], 0.0)
        try:
            answer = kept.solve_as(replace(first, upper=upper))
        except CorridorError as error:
            found.why[i] = str(error).splitlines()[0]
            continue
        found.take(i, answer, measures)
    return found


def solve_unions(
    program: Program, groups: Sequence[Ints], measures: csr_matrix | None = None, workers: int = 1
) -> Closed:
    """Solve a linear program with each union of groups of columns held at zero: 2^n answers, every one certified.

    Bit i of an answer's place says whether group i is in the union. `unchanged` are those whose optimum is that of the
    union before. Raises what `solve_closed` raises, and `ProgramError` for a quadratic program.
    """
    n = len(groups)
    found = Closed.empty(1 << n, 0 if measures is None else measures.shape[0])
    kept = WarmProgram(program)
    optimum = kept.first_optimum()
    # Groups that carry most are closed first, nearest the root, where there are fewest unions to close them in.
    carried = [-float(np.abs(optimum.solution.primal[columns]).sum()) for columns in groups]
    order = [int(i) for i in np.argsort(carried, kind="stable")]
    tree = _Tree(program, [(1 << i, groups[i]) for i in order], measures, found)
    # Unions of the first groups are solved by one worker, what grows out of each of them by whoever is free.
    apart = 0 if workers == 1 else min(n, (workers - 1).bit_length() + 2)
    heads = [(0, tree.solve(kept, 0, optimum))]
    for bit, _ in tree.groups[:apart]:
        heads += [(one | bit, tree.solve(kept, one | bit, near)) for one, near in heads]
    free: SimpleQueue[WarmProgram] = SimpleQueue()
    for worker in (kept, *(kept.twin() for _ in range(workers - 1))):
        free.put(worker)

    def finish(head: tuple[int, Optimum | None]) -> None:
        worker = free.get()
        try:
            tree.grow(worker, *head, apart)
        finally:
            free.put(worker)

    with ThreadPoolExecutor(workers) as threads:
        list(threads.map(finish, heads))
    return found


@dataclass(frozen=True)
class _Tree:
    """All unions of groups: each grows out of the one without its last group."""

    program: Program
    groups: list[tuple[int, Ints]]
    """the bit that each has in a union, and its columns"""
    measures: csr_matrix | None
    found: Closed

    def grow(self, kept: WarmProgram, union: int, near: Optimum | None, first: int) -> None:
        """Solve everything that groups from `first` on add to a union whose optimum is `near`."""
        for number, (bit, _) in enumerate(self.groups[first:], first):
            self.grow(kept, union | bit, self.solve(kept, union | bit, near), number + 1)

    def solve(self, kept: WarmProgram, union: int, near: Optimum | None) -> Optimum | None:
        """Solve one union from an optimum (None: from that of the program itself) and write it down."""
        upper = self.program.upper.copy()
        for bit, columns in self.groups:
            if union & bit:
                upper[columns] = np.minimum(upper[columns], 0.0)
        try:
            answer = kept.solve_as(replace(self.program, upper=upper), near)
        except CorridorError as error:
            self.found.why[union] = str(error).splitlines()[0]
            return None
        self.found.take(union, answer, self.measures)
        return answer.optimum
