"""Many questions to one case on one assembled program: what differs in costs and bounds is written into its arrays.

A question that differs from the base in instruments alone mostly has the same rows, columns and entries. Its network is
made on the same ground (what no instrument changes), its costs and bounds are written where the labels say, and each
answer passes the same certificate as any other. Where the shape differs, or the answer takes several programs (stages of
knowledge, duties ad valorem, agreements that give way to exports), the question is answered from the start, and counted.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from corridor.errors import CertificateError, InfeasibleError, SolverError
from corridor.formulation import ShapeError, min_cost_flow, revised, spatial_equilibrium, with_fixed_demand
from corridor.network import Ground, distinctions_of, instruments_of, prepare
from corridor.program import substitute
from corridor.result import Result, Stage, StageProgram, certified, explain_infeasible
from corridor.solver import InfeasibleProgram, WarmProgram, solve_program
from corridor.study import answer

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from corridor.network import Distinction, Instrument, Network
    from corridor.program import Bools, Program, Solution
    from corridor.result import Question
    from corridor.solver import SolverName

__all__ = ["Variations", "Zeros", "solve_reduced"]

_CHANGES_NUMBERS = frozenset({"closure", "area_closure", "derating", "outage", "capacity"})
"""Kinds that change numbers of the case and write no row."""


class Zeros:
    """Which columns of a program must be zero once some are.

    In a balance whose right side is zero and whose columns that can still be positive all have one sign, each is zero.
    """

    def __init__(self, program: Program) -> None:
        signs = program.matrix.sign().tocsr()
        self._still = (program.row_lower == 0) & (program.row_upper == 0)
        balances = signs[np.flatnonzero(self._still)]
        self._up = balances.maximum(0).tocsr()
        self._down = (-balances).maximum(0).tocsr()
        self._any = (self._up + self._down).tocsr()
        self._across = self._any.T.tocsr()
        self._below = program.lower < 0
        self.known = self.following((program.upper <= 0) & (program.lower >= 0))
        """(columns,) those that are zero whatever is closed"""

    def following(self, zero: Bools, still: Bools | None = None) -> Bools:
        """The columns that are zero where `zero` are: what no balance lets pass, again and again until nothing is added.

        `still`, (rows,), are the rows whose right side is zero now; None: as in the program that this was made from.
        """
        moving = None if still is None else ~still[self._still]
        while True:
            live = (~zero).astype(float)
            up, down = self._up @ live, self._down @ live
            # A column that may be negative could make up for any other.
            free = self._any @ (live * self._below) > 0
            dead = (((up > 0) & (down == 0)) | ((down > 0) & (up == 0))) & ~free
            if moving is not None:
                dead &= ~moving
            if not dead.any():
                return zero
            zero = zero | (self._across @ dead.astype(float) > 0)


@dataclass
class Variations:
    """Answers questions that share a case, a calendar and a formulation with `base` and differ in instruments."""

    base: Question
    may_come: tuple[Instrument, ...] = ()
    """instruments of questions to come: streams are told apart and rows stand ready for them"""
    reused: int = 0
    """questions answered on the assembled program"""
    anew: Counter[str] = field(default_factory=Counter)
    """why others were answered from the start, and how many"""

    def answer(self, with_: Iterable[Instrument], void: Collection[str] = (), *, explain: bool = True) -> Result:
        """The certified answer with these instruments beside the scenario's own, those whose id is in `void` left out.

        `explain` says whether an `InfeasibleError` tells in the case's words what stands against what. Raises what
        `study.answer` raises.
        """
        question, ground = self.question(with_, void), None
        try:
            self._must_fit(question)
            ground = self._ground
            built = self._built(question)
        except ShapeError as change:
            self.anew[str(change)] += 1
            return answer(question, ground=ground)
        self.reused += 1
        try:
            solution = self._warm.solve_as(built.full).solution if self._is_linear else solve_reduced(built)
        except InfeasibleProgram:
            raise InfeasibleError(explain_infeasible(question, built) if explain else "infeasible") from None
        stage = Stage(question.periods.starts[0], 0, solution)
        return certified(Result(question, (stage,), (), (built,)))

    def question(self, with_: Iterable[Instrument], void: Collection[str] = ()) -> Question:
        """The question on the calendar of the base, its goods told apart for every instrument that may come."""
        added, case = tuple(with_), self.base.case
        if void:
            rows = case.tables["instruments"]
            case = case.with_tables(instruments=rows[~rows["id"].isin(set(void))].reset_index(drop=True))
        own = tuple(i for i in self._own if i.id not in void)
        return replace(
            self.base, case=case, instruments=prepare(case, (*own, *added)), with_=added, track=self._distinctions
        )

    @cached_property
    def _own(self) -> tuple[Instrument, ...]:
        return instruments_of(self.base.case, self.base.scenario)

    @cached_property
    def _every(self) -> tuple[Instrument, ...]:
        """The scenario's instruments and those that may come, each once."""
        told = {i.text(): i for i in (*self._own, *self.base.with_, *self.may_come)}
        return prepare(self.base.case, told.values())

    @cached_property
    def _distinctions(self) -> tuple[Distinction, ...]:
        return tuple(dict.fromkeys((*self.base.track, *distinctions_of(self.base.case, self._every))))

    @cached_property
    def _ground(self) -> Ground:
        base = self.base
        return Ground.of(
            base.case,
            base.periods,
            distinctions=self._distinctions,
            long_run=base.horizon == "long",
            kappa=base.kappa,
            scarcity_as_cost=base.scarcity_as_cost,
        )

    @cached_property
    def assembled(self) -> tuple[Network, Program]:
        """The network with every contract, quota and ban that may come, and its program."""
        own = self._ground.under(self.base.instruments)
        every = self._ground.under([i for i in self._every if i.kind not in _CHANGES_NUMBERS])
        limits = {limit.id: limit for limit in (*own.limits, *every.limits)}
        touched = ~every.demands.take_allowed.all(axis=0) | every.take_charge.any(axis=0)
        apart = np.unique(every.demands.take_demand[touched])
        net = replace(own, limits=tuple(limits.values()), demands=replace(own.demands, apart=apart))
        if self.base.formulation == "spatial_equilibrium":
            return net, spatial_equilibrium(net)
        net = with_fixed_demand(net)
        program, piece_error = min_cost_flow(net)
        if piece_error > 0:
            raise ShapeError("curves in pieces")
        return net, program

    @cached_property
    def _is_linear(self) -> bool:
        return not self.assembled[1].is_quadratic

    @cached_property
    def _warm(self) -> WarmProgram:
        """The program of the base's own instruments, whose optimum the others start from."""
        return WarmProgram(self._built(self.base).full)

    @cached_property
    def _zeros(self) -> Zeros:
        return Zeros(self.assembled[1])

    def _built(self, question: Question) -> StageProgram:
        """The program of a question, written into the arrays of the assembled one. Raises `ShapeError`."""
        net = self._ground.under(question.instruments)
        if any(limit.exports is not None for limit in net.limits):
            raise ShapeError("agreements give way to exports")
        if question.foresight == "announced" and net.couples_periods and net.announcement_dates():
            raise ShapeError("stages of knowledge")
        if net.ad_valorem.any():
            raise ShapeError("duties ad valorem")
        before, program = self.assembled
        net = replace(net, demands=replace(net.demands, apart=before.demands.apart))
        if question.formulation == "min_cost_flow":
            net = with_fixed_demand(net)
        full = revised(program, before, net)
        if self._is_linear and full.is_quadratic:
            raise ShapeError("curves")
        shut = (full.upper <= 0) & (full.lower >= 0)
        zero = self._zeros.following(shut, (full.row_lower == 0) & (full.row_upper == 0))
        full = replace(full, upper=np.where(zero, 0.0, full.upper))
        return StageProgram(net, full, substitute(full, full.lower == full.upper, full.lower), 0.0)

    def _must_fit(self, question: Question) -> None:
        """Raise `ShapeError` where the calendar or the streams are not those of the ground."""
        first, last = question.periods.starts[0], question.periods.ends[-1]
        cuts = {*question.periods.starts, last}
        for i in question.instruments:
            if any(day is not None and first < day < last and day not in cuts for day in i.dates()):
                raise ShapeError("dates that cut periods")
        known = set(self._distinctions)
        new = [i for i in question.instruments if i not in self._checked]
        if not known.issuperset(distinctions_of(self.base.case, new)):
            raise ShapeError("goods told apart in another way")
        self._checked.update(new)

    @cached_property
    def _checked(self) -> set[Instrument]:
        """Instruments whose distinctions are known to be told apart."""
        return set()


def solve_reduced(built: StageProgram, solver: SolverName = "auto") -> Solution:
    """The certified solution of the program that the solver gets, in the columns and rows of the full one.

    A solver chosen by name that fails, or whose answer does not pass, is followed by the usual ones.
    """
    program = built.reduced.program
    try:
        return built.reduced.expand(solve_program(program, solver), built.full)
    except (SolverError, CertificateError):
        if solver == "auto":
            raise
        return built.reduced.expand(solve_program(program), built.full)
