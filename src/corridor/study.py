"""Strings the rooms together: one case under one scenario, solved, certified, in stages where knowledge changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from corridor.errors import CorridorError, InfeasibleError, SolverError
from corridor.network import Distinction, Instrument, cut, instruments_of, prepare
from corridor.result import Past, Question, Result, Stage, StageProgram, certified, network_of, stage_program
from corridor.solver import InfeasibleProgram, SolverName, solve_program

if TYPE_CHECKING:
    from corridor.case import Case
    from corridor.network import Network
    from corridor.program import Floats, Solution
    from corridor.result.setup import Foresight, Formulation

__all__ = ["answer", "ask", "solve_case"]

AVERAGE_COST_ROUNDS = 60
"""Most successive programs for links whose average cost rises; each halves the error or better."""


def ask(
    case: Case,
    scenario: str = "base",
    with_: Instrument | Iterable[Instrument] = (),
    *,
    formulation: Formulation = "spatial_equilibrium",
    foresight: Foresight = "announced",
    horizon: str | None = None,
    calendar_with: Iterable[Instrument] = (),
    track: Sequence[Distinction] = (),
    kappa: float | None = None,
    scarcity_as_cost: bool = False,
) -> Question:
    """The question: the case's instruments, then the scenario's, then `with_`; their order makes no difference.

    The calendar is cut at the dates of all of them and of `calendar_with`, so that two questions can share one.
    `horizon` is `short` or `long`; None takes `short` for calendars of up to a year.
    """
    added = (with_,) if isinstance(with_, Instrument) else tuple(with_)
    own = instruments_of(case, scenario)
    instruments = prepare(case, (*own, *added))
    dates = (d for i in (*instruments, *calendar_with) for d in i.dates())
    periods = cut(case.settings.calendar, dates, case.settings.slices)
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


def answer(question: Question, *, solver: SolverName = "auto") -> Result:
    """Solve a question and certify the answer.

    With `foresight="announced"` there is one stage per day on which something becomes known; what was decided before
    stands. Where nothing ties periods together the future makes no difference, and there is one stage.
    Raises `InfeasibleError`, told in the case's words, `SolverError`, or `CertificateError`.
    """
    network = network_of(question)
    days = [question.periods.starts[0]]
    if question.foresight == "announced" and network.couples_periods:
        days.extend(network.announcement_dates())
    stages: list[Stage] = []
    programs: list[StageProgram] = []
    for day in days:
        known = network_of(question, day) if len(days) > 1 else network
        past = Past(programs[-1].full, stages[-1].solution) if stages else None
        stage, built = _stage(question, known, day, past, solver)
        stages.append(stage)
        programs.append(built)
    return certified(Result(question, tuple(stages), _warnings(stages), tuple(programs)))


def _warnings(stages: Sequence[Stage]) -> tuple[str, ...]:
    if any(stage.emergency for stage in stages):
        return ("what was decided before a surprise made keeping every limit impossible; see `emergencies`",)
    return ()


def _stage(
    question: Question, net: Network, day: dt.date, past: Past | None, solver: SolverName
) -> tuple[Stage, StageProgram]:
    first = question.periods.starts.index(day)
    carried = np.zeros(net.links.capacity.shape) if (net.links.cubic > 0).any() else None
    emergency = False
    for _ in range(AVERAGE_COST_ROUNDS):
        built = stage_program(question, net, first, past, emergency=emergency, carried=carried)
        try:
            solution = _solve(built, solver)
        except InfeasibleProgram:
            if past is None or emergency:
                raise _told(question, built) from None
            emergency = True
            built = stage_program(question, net, first, past, emergency=True, carried=carried)
            solution = _solve(built, solver)
        if carried is None:
            return Stage(day, first, solution, emergency), built
        moved = _carried(built, solution)
        # Relative to the largest flow: the certificate's own measure of a flow.
        if np.abs(moved - carried).max() <= 1e-9 * max(1.0, float(moved.max())):
            return Stage(day, first, solution, emergency, carried), built
        carried = moved
    raise SolverError(f"links with a rising average cost: no fixed point after {AVERAGE_COST_ROUNDS} rounds")


def _solve(built: StageProgram, solver: SolverName) -> Solution:
    return built.reduced.expand(solve_program(built.reduced.program, solver), built.full)


def _carried(built: StageProgram, solution: Solution) -> Floats:
    total = np.zeros(built.network.links.capacity.shape)
    block = built.full.column_block("flow")
    np.add.at(total, (block.keys[0], block.keys[1]), solution.primal[block.span])
    return total


def _told(question: Question, built: StageProgram) -> CorridorError:
    from corridor.result import explain_infeasible

    return InfeasibleError(explain_infeasible(question, built))
