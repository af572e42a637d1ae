"""Closures on one assembled program: their flows get an upper bound of zero, and the program is solved again.

Two facts spare solves, and neither changes an answer:

- Closing some flows makes others impossible (`corridor.variations.Zeros`). P(S) are the columns that are so shut by S.
- A column is zero in every optimum where its reduced cost is positive (Mangasarian 1988), and so is what then becomes
  impossible. Z(S) are the columns that are zero in every optimum of S.

Where P(S) <= P(T) <= Z(S), what is allowed under T is allowed under S and holds every optimum of S: their optima are the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.analysis.gave_way import broken_limits
from corridor.errors import InfeasibleError
from corridor.network import closure
from corridor.program import substitute
from corridor.result import Result, StageProgram, stage_program
from corridor.solver import InfeasibleProgram, WarmProgram
from corridor.variations import Variations, Zeros, solve_reduced

if TYPE_CHECKING:
    from corridor.program import Bools, Ints, Solution

__all__ = ["Outcome", "Packed", "SharedProgram", "Unit"]

Packed = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]

POSITIVE = 1e-6
"""A reduced cost above this share of the largest price is positive, as in `corridor.solver.optimal_face_range`."""


@dataclass(frozen=True)
class Unit:
    """A candidate: names that shut the same, the first of them shown, and the links that it closes."""

    names: tuple[str, ...]
    links: Ints
    columns: Bools
    """(columns,) flows that are zero when it is shut, those that become impossible with it"""
    releases: frozenset[str] = frozenset()
    """agreements that its closure releases (force majeure), so that each set with it is built anew"""


@dataclass(frozen=True)
class Outcome:
    """What a set of closures leads to."""

    members: tuple[int, ...]
    """positions of the units that were shut when it was solved"""
    loss: float | None
    """what is lost against the base; None where there is no answer, and `why` says why"""
    idle: Bools
    """(units,) which carry nothing in every optimum"""
    releases: frozenset[str]
    """agreements that it released"""
    shut: Packed
    """P, columns packed to bits"""
    never: Packed
    """Z, columns packed to bits"""
    broken: tuple[str, ...] = ()
    """agreements that could not be kept"""
    why: str = ""


class SharedProgram:
    """The base of a question, and what closures change: one assembled program, whose flow columns are shut in place.

    `measure` reads a result; `inside`, shape (T,), are the periods in which closures hold. A set whose agreements cannot
    all be kept is solved with agreements and ramps that give way at ten times the largest cost, as after a surprise.
    """

    def __init__(self, base: Result, inside: Bools, measure: Callable[[Result], float]) -> None:
        self.base, self.inside, self._measure = base, inside, measure
        self._firm = base.programs[-1]
        self._soft: StageProgram | None = None
        self._warm: dict[str, WarmProgram] = {}
        self._variations = Variations(base.question)
        self.zeros = Zeros(self._firm.full)
        self.solves = 0
        net = base.network
        self._flows = self._firm.full.column_block("flow")
        self._inside_flow = inside[self._flows.keys[0]]
        self.whole_answers = not base.stages[-1].assumed.nothing or any(x.exports is not None for x in net.limits)
        """whether the program depends on its own answer, so that every set is answered from the case"""

    def shut(self, links: Ints) -> Bools:
        """(columns,) the flows of some links while closures hold."""
        found = np.zeros(len(self._firm.full.cost), dtype=bool)
        found[self._flows.span] = np.isin(self._flows.keys[1], links) & self._inside_flow
        return found

    def following(self, columns: Bools) -> Bools:
        """(columns,) all that is zero where some columns are shut."""
        return self.zeros.following(columns | self.zeros.known)

    def outcome(self, units: tuple[Unit, ...], members: tuple[int, ...]) -> Outcome:
        """Shut some units, solve, and read."""
        self.solves += 1
        chosen = [units[m] for m in members]
        shut = np.any([self.shut(u.links) for u in chosen], axis=0) if chosen else np.zeros_like(self.zeros.known)
        if chosen and (self.whole_answers or any(u.releases for u in chosen)):
            return self._anew(units, members, shut)
        emergency = False
        try:
            built, solution = self._solve(self._firm, shut)
        except InfeasibleProgram:
            emergency = True
            try:
                built, solution = self._solve(self._gives_way(), shut)
            except InfeasibleProgram:
                why = "nothing keeps the limits of the case, whichever agreements give way"
                return self._alone(units, members, shut, None, why)
        stage = replace(self.base.stages[-1], solution=solution, emergency=emergency)
        net = built.network
        capacity = net.links.capacity.copy()
        links = np.unique(np.concatenate([u.links for u in chosen])) if chosen else np.zeros(0, np.int64)
        capacity[np.ix_(self.inside, links)] = 0.0
        built = replace(built, network=replace(net, links=replace(net.links, capacity=capacity)))
        result = Result(self.base.question, (stage,), (), (built,))
        never = self._never(solution, shut)
        idle = np.array([not u.releases and not (u.columns & ~never).any() for u in units], dtype=bool)
        broken = broken_limits(result) if emergency else ()
        packed = np.packbits(self.following(shut)), np.packbits(never)
        return Outcome(members, self._measure(result), idle, frozenset(), *packed, broken)

    def _solve(self, built: StageProgram, shut: Bools) -> tuple[StageProgram, Solution]:
        """The program with some flows shut, and its certified solution."""
        # What becomes impossible is taken out too: the program gets smaller, its optima stay.
        columns = np.zeros(len(built.full.cost), dtype=bool)
        columns[: len(shut)] = self.following(shut)
        full = replace(built.full, upper=np.where(columns, 0.0, built.full.upper))
        if not full.is_quadratic:
            solution = self._warm_of(built).solve_as(full).solution
            return replace(built, full=full, reduced=substitute(full, np.zeros_like(columns), full.lower)), solution
        built = replace(built, full=full, reduced=substitute(full, full.lower == full.upper, full.lower))
        return built, solve_reduced(built, "piqp_interior")

    def _warm_of(self, built: StageProgram) -> WarmProgram:
        """The linear program of a stage, kept from set to set."""
        key = "firm" if built is self._firm else "soft"
        if key not in self._warm:
            self._warm[key] = WarmProgram(built.full)
        return self._warm[key]

    def _gives_way(self) -> StageProgram:
        if self._soft is None:
            question, stage = self.base.question, self.base.stages[-1]
            self._soft = stage_program(question, self.base.network, 0, None, emergency=True, assumed=stage.assumed)
        return self._soft

    def _never(self, solution: Solution, shut: Bools) -> Bools:
        """(columns,) those that are zero in every optimum; none of the doubtful ones."""
        prices = float(np.abs(solution.row_dual).max(initial=0.0))
        held = (solution.column_dual[: len(shut)] > POSITIVE * prices) & (self._firm.full.lower == 0)
        return self.following(held | shut)

    def _alone(
        self, units: tuple[Unit, ...], members: tuple[int, ...], shut: Bools, loss: float | None, why: str = ""
    ) -> Outcome:
        """An outcome that stands only for sets that shut and release the same."""
        zero = self.following(shut)
        idle = np.array([not u.releases and not (u.columns & ~zero).any() for u in units], dtype=bool)
        released = frozenset().union(*(units[m].releases for m in members))
        packed = np.packbits(zero)
        return Outcome(members, loss, idle, released, packed, packed, why=why)

    def _anew(self, units: tuple[Unit, ...], members: tuple[int, ...], shut: Bools) -> Outcome:
        """The set as closures of the case, so that agreements are released."""
        question = self.base.question
        periods = np.flatnonzero(self.inside)
        start, end = question.periods.starts[periods[0]], question.periods.ends[periods[-1]]
        links = sorted({self.base.network.links.ids[a] for m in members for a in units[m].links})
        closures = [closure(link, start=start, end=end, id=f"stress_{link}") for link in links]
        try:
            told = self._variations.answer((*question.with_, *closures))
        except InfeasibleError as error:
            return self._alone(units, members, shut, None, str(error).splitlines()[0])
        return self._alone(units, members, shut, self._measure(told))
