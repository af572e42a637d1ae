"""Strings the rooms together: one case under one scenario, solved, certified, in stages where knowledge changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.errors import CorridorError, InfeasibleError, SolverError
from corridor.network import Distinction, Instrument, cut, instruments_of, never_in_force, prepare
from corridor.result import Past, Question, Result, Stage, StageProgram, certified, network_of, stage_program
from corridor.result.fixed_point import Assumed, agreed, found, guess, missed, stepped
from corridor.result.priority import ask_most, gave_way, kept, unbound
from corridor.result.reading import read
from corridor.solver import InfeasibleProgram, SolverName, solve_program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corridor.case import Case
    from corridor.network import Ground, Network
    from corridor.program import Floats, Solution
    from corridor.result.setup import Foresight, Formulation

__all__ = ["answer", "ask", "solve_case"]

ROUNDS = 200
"""Most successive programs for what depends on the answer; each takes off half of the error for duties up to 200 %."""
FOUND = 1e-9
"""Error, relative as in the certificate, at which it counts as found again."""


def ask(
    case: Case,
    scenario: str = "base",
    with_: Instrument | Iterable[Instrument] = (),
    *,
    formulation: Formulation = "spatial_equilibrium",
    foresight: Foresight = "announced",
    horizon: str | None = None,
    calendar_with: Iterable[Instrument] = (),
    dates: Iterable[dt.date] = (),
    track: Sequence[Distinction] = (),
    kappa: float | None = None,
    scarcity_as_cost: float = 0.0,
) -> Question:
    """The question: the case's instruments, then the scenario's, then `with_`; their order makes no difference.

    The calendar is cut at the dates of all of them and of `calendar_with`, and at `dates`, so that two questions can
    share one.
    `horizon` is `short` or `long`; None takes `short` for calendars of up to a year.
    """
    added = (with_,) if isinstance(with_, Instrument) else tuple(with_)
    own = instruments_of(case, scenario)
    instruments = prepare(case, (*own, *added))
    days = (*(d for i in (*instruments, *calendar_with) for d in i.dates()), *dates)
    periods = cut(case.settings.calendar, days, case.settings.slices)
    length = (periods.ends[-1] - periods.starts[0]).days
    return Question(
        case=case,
        scenario=scenario,
        instruments=instruments,
        with_=added,
        periods=periods,
        formulation=formulation,
        foresight=foresight,
        horizon=horizon or ("short" if length <= 366 else "long"),  # type: ignore[arg-type]
        track=tuple(track),
        kappa=kappa,
        scarcity_as_cost=scarcity_as_cost,
    )


def solve_case(
    case: Case,
    scenario: str = "base",
    with_: Instrument | Iterable[Instrument] = (),
    *,
    solver: SolverName = "auto",
    **options: object,
) -> Result:
    """Ask and answer; the case is taken as it is, calibrated or not. Options are those of `ask`."""
    return answer(ask(case, scenario, with_, **options), solver=solver)  # type: ignore[arg-type]


def answer(question: Question, *, solver: SolverName = "auto", ground: Ground | None = None) -> Result:
    """Solve a question and certify the answer. `ground` spares reading the case again (`network_of`).

    With `foresight="announced"` there is one stage per day on which something becomes known; what was decided before
    stands. Where nothing ties periods together the future makes no difference, and there is one stage.
    Raises `InfeasibleError`, told in the case's words, `SolverError`, or `CertificateError`.
    """
    network = network_of(question, None, ground)
    days = [question.periods.starts[0]]
    if question.foresight == "announced" and network.couples_periods:
        days.extend(network.announcement_dates())
    stages: list[Stage] = []
    programs: list[StageProgram] = []
    for day in days:
        known = network_of(question, day, ground) if len(days) > 1 else network
        past = Past(programs[-1].full, stages[-1].solution, stages[-1].assumed) if stages else None
        stage, built = _stage(question, known, day, past, solver)
        stages.append(stage)
        programs.append(built)
    warnings = (*_warnings(question, network, stages), *gave_way(programs[-1].network))
    return certified(Result(question, tuple(stages), warnings, tuple(programs)))


def _warnings(question: Question, net: Network, stages: Sequence[Stage]) -> Iterator[str]:
    if any(stage.emergency for stage in stages):
        yield "what was decided before a surprise made keeping every limit impossible; see `emergencies`"
    first, last = net.periods.starts[0], net.periods.ends[-1]
    for name in never_in_force(net, question.with_):
        yield f"{name} is in force on no day from {first} to {last}, so it changes nothing"


def _stage(
    question: Question, net: Network, day: dt.date, past: Past | None, solver: SolverName
) -> tuple[Stage, StageProgram]:
    if not any(limit.exports is not None for limit in net.limits):
        return _market(question, net, day, past, solver)
    without, free = _market(question, unbound(net), day, past, solver)
    asked = ask_most(net, free, without.solution)
    most = asked.reduced.expand(solve_program(asked.reduced.program, "highs"), asked.full)
    stage, built = _market(question, kept(net, most), day, past, solver)
    return replace(stage, without=without, most=most), replace(built, without=free, most=asked)


def _market(
    question: Question, net: Network, day: dt.date, past: Past | None, solver: SolverName
) -> tuple[Stage, StageProgram]:
    first = question.periods.starts.index(day)
    before = None if past is None else past.assumed
    stage, built, free_of_duty = _fixed_point(question, net, day, past, solver, guess(net, first, before))
    if free_of_duty is None:
        return stage, built
    # The other start: duties on twice the price without them. Both must lead to the same.
    high = guess(net, first, before, 2.0 * free_of_duty)
    other, other_built, _ = _fixed_point(question, net, day, past, solver, high)
    take = np.maximum(*(read(b.network, b.full, s.solution.primal, s.solution.row_dual).take
                        for b, s in ((built, stage), (other_built, other))))  # fmt: skip
    apart = agreed(net, stage.assumed, other.assumed, take, question.case.name)
    return replace(stage, starts_apart=apart), built


def _fixed_point(
    question: Question, net: Network, day: dt.date, past: Past | None, solver: SolverName, assumed: Assumed
) -> tuple[Stage, StageProgram, Floats | None]:
    """A stage whose solution says what its program takes as given, and the border prices that the first program said."""
    first, emergency = question.periods.starts.index(day), False
    at_first: Floats | None = None
    for _ in range(ROUNDS):
        built = stage_program(question, net, first, past, emergency=emergency, assumed=assumed)
        try:
            solution = _solve(built, solver)
        except InfeasibleProgram:
            if past is None or emergency:
                raise _told(question, built) from None
            emergency = True
            built = stage_program(question, net, first, past, emergency=True, assumed=assumed)
            solution = _solve(built, solver)
        if assumed.nothing:
            return Stage(day, first, solution, emergency), built, None
        said = found(built, solution, assumed, first)
        at_first = said.border if at_first is None else at_first
        if missed(net, assumed, said) <= FOUND:
            return Stage(day, first, solution, emergency, assumed), built, at_first
        assumed = stepped(net, assumed, said)
    raise SolverError(
        f"costs that rise with what is carried, or duties ad valorem: no fixed point after {ROUNDS} rounds"
    )


def _solve(built: StageProgram, solver: SolverName) -> Solution:
    return built.reduced.expand(solve_program(built.reduced.program, solver), built.full)


def _told(question: Question, built: StageProgram) -> CorridorError:
    from corridor.result import explain_infeasible

    return InfeasibleError(explain_infeasible(question, built))
