"""What a result was made from, and how its programs are made again: no solver, nothing hidden."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from corridor.errors import QuestionError
from corridor.formulation import min_cost_flow, spatial_equilibrium, with_fixed_demand
from corridor.network import Distinction, Ground, Instrument, Network, Periods, build_network
from corridor.program import Reduced, substitute
from corridor.result.fixed_point import Assumed
from corridor.result.priority import Asked, ask_most, kept, unbound
from corridor.solver import relax

if TYPE_CHECKING:
    from corridor.case import Case
    from corridor.network.model import Bools
    from corridor.program import Floats, Program, Solution

__all__ = ["Past", "Question", "Stage", "StageProgram", "network_of", "stage_again", "stage_program"]

Formulation = Literal["spatial_equilibrium", "min_cost_flow"]
Foresight = Literal["announced", "perfect"]


SOFT_ROWS = ("limit", "ramp_links", "ramp_supply", "store_end")
"""Rows that give way, at a price, where the past made keeping them impossible; it is reported."""


@dataclass(frozen=True)
class Question:
    """A case, what is in force, and how it is solved: all that a program is made from."""

    case: Case
    scenario: str
    instruments: tuple[Instrument, ...]
    """every one of them, with canonical numbers"""
    with_: tuple[Instrument, ...]
    """those added to the scenario's, as the user gave them"""
    periods: Periods
    formulation: Formulation = "spatial_equilibrium"
    foresight: Foresight = "announced"
    horizon: Literal["short", "long"] = "short"
    track: tuple[Distinction, ...] = ()
    kappa: float | None = None
    scarcity_as_cost: float = 0.0
    """share of a full link's wedge that is read as a cost"""

    def __post_init__(self) -> None:
        for name, allowed in (
            ("formulation", ("spatial_equilibrium", "min_cost_flow")),
            ("foresight", ("announced", "perfect")),
            ("horizon", ("short", "long")),
        ):
            if getattr(self, name) not in allowed:
                raise QuestionError(f"{name} is {' or '.join(allowed)}, not {getattr(self, name)!r}")


@dataclass(frozen=True)
class Stage:
    """What was decided on one day, with what was known on it.

    `solution` is that of the whole calendar: the past as it was, the rest as planned on that day.
    """

    day: dt.date
    first_period: int
    solution: Solution
    emergency: bool = False
    """True where the past made keeping every limit impossible, so that slacks at a price stand in the program"""
    assumed: Assumed = field(default_factory=Assumed)
    """what the program takes as given and the solution says again"""
    starts_apart: float = 0.0
    """how far the duties ad valorem that two starts led to are apart, relative to the largest price"""
    without: Stage | None = None
    """the same without the agreements that give way to exports; None where there are none"""
    most: Solution | None = None
    """how much of them can be kept beside the exports without them (priority.py)"""


@dataclass(frozen=True)
class StageProgram:
    """The program of a stage: whole for the reader, reduced for the solver, and how far its pieces are off."""

    network: Network
    full: Program
    reduced: Reduced
    piece_error: float
    """bound on the error of piecewise-linear curves, million USD"""
    without: StageProgram | None = None
    """the program without the agreements that give way to exports"""
    most: Asked | None = None
    """the program that says how much of them can be kept"""


@dataclass(frozen=True)
class Past:
    """What the stage before decided, in its own program."""

    program: Program
    solution: Solution
    assumed: Assumed


def network_of(question: Question, day: dt.date | None = None, ground: Ground | None = None) -> Network:
    """The network as known on a day; None: with everything known.

    `ground`, where given, is that of the question's case, calendar and streams, so that they need not be read again.
    """
    instruments = question.instruments
    if day is not None:
        instruments = tuple(known for i in instruments if (known := i.as_known_at(day)) is not None)
    if ground is not None:
        return _as_solved(question, ground.under(instruments))
    net = build_network(
        question.case,
        instruments,
        question.periods,
        # What is not known yet must not change what is told apart, or the stages' programs would not fit each other.
        distinctions=(*question.track, *_distinctions(question)),
        long_run=question.horizon == "long",
        kappa=question.kappa,
        scarcity_as_cost=question.scarcity_as_cost,
    )
    return _as_solved(question, net)


def _as_solved(question: Question, net: Network) -> Network:
    """The network with the curves that are solved, on which gains are counted too."""
    return with_fixed_demand(net) if question.formulation == "min_cost_flow" else net


def _distinctions(question: Question) -> tuple[Distinction, ...]:
    from corridor.network.scope import distinctions_of

    return distinctions_of(question.case, question.instruments)


def stage_program(
    question: Question,
    network: Network,
    first_period: int,
    past: Past | None,
    *,
    emergency: bool,
    assumed: Assumed,
) -> StageProgram:
    """The program of a stage: columns of periods before `first_period` stand where `past` left them."""
    piece_error = 0.0
    if assumed.border is not None:
        network = network.at_border(assumed.border)
    if question.formulation == "min_cost_flow":
        full, piece_error = min_cost_flow(network)
    else:
        full = spatial_equilibrium(network, assumed.carried)
    if emergency:
        full = _softened(full)
    fixed = full.lower == full.upper
    values = full.lower.copy()
    if past is not None:
        settled, decided = _settled(full, first_period, past)
        fixed |= settled
        values = np.where(settled, decided, values)
    return StageProgram(network, full, substitute(full, fixed, values), piece_error)


def stage_again(question: Question, stage: Stage, net: Network, past: Past | None) -> StageProgram:
    """The program of a stage that was solved, with what it was made from."""
    first, without, most = stage.first_period, None, None
    if stage.without is not None and stage.most is not None:
        without = stage_again(question, stage.without, unbound(net), past)
        most = ask_most(net, without, stage.without.solution)
        net = kept(net, stage.most)
    built = stage_program(question, net, first, past, emergency=stage.emergency, assumed=stage.assumed)
    return replace(built, without=without, most=most)


def _softened(program: Program) -> Program:
    """Rows that a decision already taken can make impossible to keep give way, at ten times the largest cost."""
    rows = np.concatenate(
        [np.arange(b.start, b.stop) for b in program.rows if b.name in SOFT_ROWS] or [np.zeros(0, np.int64)]
    )
    price = 10.0 * max(1.0, float(np.abs(program.cost).max(initial=0.0)))
    return relax(program, rows, np.full(len(rows), price))[0]


def _settled(program: Program, first_period: int, past: Past) -> tuple[Bools, Floats]:
    """Columns of the past, and where they stand.

    A column that the stage before did not have, such as deliveries that an instrument then unknown tells apart, follows
    from those it had.
    """
    settled, values = np.zeros(len(program.cost), dtype=bool), np.zeros(len(program.cost))
    before = {block.name: block for block in past.program.columns}
    for block in program.columns:
        # What is within a quota follows from deliveries.
        if block.name in ("short", "over", "within_quota") or block.name not in before:
            continue
        old = before[block.name]
        earlier = block.keys[0] < first_period
        if all(np.array_equal(a, b) for a, b in zip(block.keys, old.keys, strict=True)):
            settled[block.span], values[block.span] = earlier, past.solution.primal[old.span]
            continue
        place = {labels: old.start + n for n, labels in enumerate(zip(*old.keys, strict=True))}
        for n in np.flatnonzero(earlier):
            found = place.get(tuple(key[n] for key in block.keys))
            if found is not None:
                settled[block.start + n], values[block.start + n] = True, past.solution.primal[found]
    return settled, values
