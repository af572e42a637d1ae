"""What do two countries do to each other by trade measures, and where does it settle?

Each side can do nothing, ban imports from the other, ban exports to it, ban its transit, good by good, or all of them
together. A payoff is what a side's gains (its consumers, its producers and owners of links, its government) change
against no measure by either. Definitions: design section 6; the game is solved in game.py, told in retaliate_words.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.analysis.game import Mixed, dominated, first_move, mixed_equilibria, pure_equilibria
from corridor.analysis.leverage import Leverage, leverages
from corridor.analysis.payoffs import Change, changes_of, split_gains
from corridor.analysis.share import measure
from corridor.analysis.under_measures import UnderMeasures
from corridor.analysis.world import country_name, must_have, must_have_country, word_for
from corridor.calibration import calibrate
from corridor.case import part_of
from corridor.errors import QuestionError
from corridor.network import ban, instruments_of, transit_ban

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from corridor.case import Case
    from corridor.network import Instrument
    from corridor.program import Floats
    from corridor.result import Result

__all__ = [
    "Action",
    "Change",
    "LeftOut",
    "Leverage",
    "Outcome",
    "Retaliation",
    "retaliate",
    "work_out",
]

NOTHING = "nothing"
EVERYTHING = "everything"
TOLERANCE = 1e-6
"""Payoffs that differ by less than this share of the largest term of the accounts are ties; so precise is a certificate."""
PASSES = 1e-6
"""Volume, as a share of the good's deliveries, from which something passes."""


@dataclass(frozen=True)
class Action:
    """What a side can do."""

    side: str
    id: str
    """`nothing`, `imports:GOOD`, `exports:GOOD`, `transit:GOOD`, `everything`"""
    name: str
    instruments: tuple[Instrument, ...] = ()
    volume: float | None = None
    """what it stops, without any measure; None where it is nothing or several goods"""
    unit: str = ""


@dataclass(frozen=True)
class LeftOut:
    """An action that is none, and why."""

    side: str
    id: str
    name: str
    why: str


@dataclass(frozen=True)
class Outcome:
    """A pair of actions that matters: `what` is status_quo, equilibrium or first_mover (then `leader` moves first)."""

    what: str
    actions: tuple[str, str]
    payoffs: tuple[float, float]
    leader: str = ""


@dataclass(frozen=True)
class Retaliation:
    """The answer. `payoffs[i][j]` belongs to action i of the first side and j of the second."""

    sides: tuple[str, str]
    goods: tuple[str, ...]
    actions: tuple[tuple[Action, ...], tuple[Action, ...]]
    left_out: tuple[LeftOut, ...]
    voids: tuple[tuple[str, str, tuple[str, ...]], ...]
    """side, action, and the names of the agreements that it makes impossible, which are void then"""
    payoffs: tuple[tuple[tuple[Change, Change], ...], ...]
    dominated: tuple[tuple[tuple[int, bool] | None, ...], tuple[tuple[int, bool] | None, ...]]
    """for each action the one that is never worse, and whether it is better against everything the other can do"""
    equilibria: tuple[Outcome, ...]
    mixed: tuple[Mixed, ...]
    """looked for only where no pure equilibrium exists"""
    outcomes: tuple[Outcome, ...]
    leverage: tuple[Leverage, ...]
    gdp: tuple[float | None, float | None]
    """over the calendar, million USD"""
    why_absent: str
    """why a share of the gross domestic product is absent"""
    tolerance: float
    """million USD"""
    solves: int
    gap: float
    """largest of all certificates"""
    gains_residual: float
    warnings: tuple[str, ...]
    base: Result = field(repr=False, compare=False)
    sentence: str = ""

    def totals(self) -> tuple[Floats, Floats]:
        """Payoffs of both sides, each of shape (m, n), million USD."""
        first, second = (np.array([[cell[s].total for cell in row] for row in self.payoffs]) for s in (0, 1))
        return first, second


def retaliate(
    case: Case,
    between: Sequence[str],
    goods: Sequence[str],
    scenario: str = "base",
    tell: Callable[[str], None] = lambda _: None,
) -> Retaliation:
    """The game of trade measures between two countries over some goods, solved on the parts of the case that hold them.

    The case is calibrated first. Measures hold over the whole calendar. Only actions that stop something are kept.
    An agreement that a ban makes impossible is void under it, as by force majeure; the others bind.
    Raises `QuestionError` for a question that the case cannot be asked, and what `solve` raises.
    """
    sides, asked = _asked(case, between, goods)
    part = calibrate(part_of(case, asked))
    every = [_single(part, side, other, good) for side, other in (sides, sides[::-1]) for good in asked]
    solver = UnderMeasures(part, scenario, tuple(i for actions in every for a in actions for i in a.instruments), tell)
    base = solver.result(())
    lists: list[tuple[Action, ...]] = []
    left_out: list[LeftOut] = []
    for number, side in enumerate(sides):
        singles = [a for actions in every[number * len(asked) : (number + 1) * len(asked)] for a in actions]
        kept, dropped = _kept(base, singles, sides[1 - number])
        left_out += dropped
        lists.append(_with_all(side, kept))
    gdp, why_absent = _gdp(part, sides, base)
    before = split_gains(base)
    cells = tuple(
        tuple(changes_of(solver.result((*a.instruments, *b.instruments)), before, sides, gdp) for b in lists[1])
        for a in lists[0]
    )
    told = work_out(
        sides, (lists[0], lists[1]), cells, TOLERANCE * max(r.settlement.scale for r in solver.known.values())
    )
    leverage = leverages(solver, sides, (lists[0], lists[1]), told.tolerance)
    proofs = [r.certificate for r in solver.known.values()]
    full = replace(
        told,
        goods=asked,
        left_out=tuple(left_out),
        voids=_voids(solver, (lists[0], lists[1])),
        leverage=leverage,
        gdp=gdp,
        why_absent=why_absent,
        solves=len(proofs),
        gap=max(s.gap for p in proofs for s in p.stages),
        gains_residual=max(abs(p.gains_residual) for p in proofs),
        warnings=tuple(dict.fromkeys((*base.warnings, *_standing(base, sides, asked)))),
        base=base,
    )
    from corridor.analysis.retaliate_words import sentence

    return replace(full, sentence=sentence(full))


def work_out(
    sides: tuple[str, str],
    actions: tuple[tuple[Action, ...], tuple[Action, ...]],
    payoffs: tuple[tuple[tuple[Change, Change], ...], ...],
    tolerance: float,
) -> Retaliation:
    """The game's answers from its payoffs: dominance, equilibria, the status quo and what a first move leads to."""
    first, second = (np.array([[cell[s].total for cell in row] for row in payoffs]) for s in (0, 1))

    def outcome(what: str, i: int, j: int, leader: str = "") -> Outcome:
        return Outcome(what, (actions[0][i].id, actions[1][j].id), (float(first[i, j]), float(second[i, j])), leader)

    pure = pure_equilibria(first, second, tolerance)
    lead = first_move(first, second, tolerance)
    follow = first_move(second.T, first.T, tolerance)[::-1]
    return Retaliation(
        sides=sides,
        goods=(),
        actions=actions,
        left_out=(),
        voids=(),
        payoffs=payoffs,
        dominated=(tuple(dominated(first, tolerance)), tuple(dominated(second.T, tolerance))),
        equilibria=tuple(outcome("equilibrium", i, j) for i, j in pure),
        mixed=() if pure else tuple(mixed_equilibria(first, second, tolerance)),
        outcomes=(
            outcome("status_quo", 0, 0),
            outcome("first_mover", *lead, sides[0]),
            outcome("first_mover", follow[0], follow[1], sides[1]),
        ),
        leverage=(),
        gdp=(None, None),
        why_absent="",
        tolerance=tolerance,
        solves=0,
        gap=0.0,
        gains_residual=0.0,
        warnings=(),
        base=None,  # type: ignore[arg-type]  # a game by itself has no result
    )


def _asked(case: Case, between: Sequence[str], goods: Sequence[str]) -> tuple[tuple[str, str], tuple[str, ...]]:
    """Both sides, and the goods in the case's order, each once."""
    if len(between) != 2 or between[0] == between[1]:
        raise QuestionError(
            f"retaliation is between two countries, as in KAZ,RUS; given: {', '.join(between) or 'none'}"
        )
    if not goods:
        raise QuestionError("retaliation is over goods, as in --goods wheat; none is given")
    must_have_country(case, between)
    for good in goods:
        must_have(case, "goods", good, "good")
    return (between[0], between[1]), tuple(g for g in case.tables["goods"]["id"] if g in set(goods))


def _single(case: Case, side: str, other: str, good: str) -> list[Action]:
    """The three bans of a side on a good. Both sides' bans on one flow have one id, for they are one measure."""

    def flow(origin: str, destination: str) -> Instrument:
        return ban(good, origin=origin, destination=destination, id=f"no_{good}_{origin}_to_{destination}")

    bans = {
        "imports": flow(other, side),
        "exports": flow(side, other),
        "transit": transit_ban(good, origin=other, through=side, id=f"no_{good}_{other}_through_{side}"),
    }
    name = word_for(case, good)
    return [Action(side, f"{kind}:{good}", f"bans {kind} of {name}", (i,)) for kind, i in bans.items()]


def _kept(base: Result, singles: list[Action], other: str) -> tuple[list[Action], list[LeftOut]]:
    """The actions that stop something, with the volume that they stop; and the others with the reason."""
    kept: list[Action] = []
    dropped: list[LeftOut] = []
    for action in singles:
        kind, good = action.id.split(":")
        origin = action.side if kind == "exports" else other
        what = other if kind == "exports" else action.side
        how = "through" if kind == "transit" else "partner"
        told = measure(base, good, origin, how, what, "exports", "trade", "contractual", None)
        if told.quantity <= PASSES * max(told.total, PASSES):
            dropped.append(LeftOut(action.side, action.id, action.name, "nothing passes that it would stop"))
            continue
        kept.append(replace(action, volume=told.quantity, unit=told.unit))
    return kept, dropped


def _voids(
    solver: UnderMeasures, actions: tuple[tuple[Action, ...], tuple[Action, ...]]
) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    names = {i.id: i.name or i.id for i in instruments_of(solver.case, solver.scenario)}
    found = []
    for action in (*actions[0], *actions[1]):
        void = solver.void.get(frozenset(i.id for i in action.instruments), frozenset())
        if void:
            found.append((action.side, action.id, tuple(names[name] for name in sorted(void))))
    return tuple(found)


def _with_all(side: str, kept: list[Action]) -> tuple[Action, ...]:
    nothing = Action(side, NOTHING, "does nothing")
    if len(kept) < 2:
        return (nothing, *kept)
    together = tuple(i for a in kept for i in a.instruments)
    return (nothing, *kept, Action(side, EVERYTHING, "bans all of it", together))


def _gdp(case: Case, sides: tuple[str, str], base: Result) -> tuple[tuple[float | None, float | None], str]:
    """Gross domestic product over the calendar, of the year nearest to it; and why it is absent where it is."""
    table, year = case.tables["gdp"], base.network.periods.starts[0].year
    found: list[float | None] = []
    for side in sides:
        mine = table[table["country"] == side]
        if mine.empty:
            found.append(None)
            continue
        nearest = (mine["year"] - year).abs().to_numpy().argmin()
        found.append(float(mine["value"].iloc[int(nearest)]) * float(base.network.years.sum()))
    missing = [side for side, value in zip(sides, found, strict=True) if value is None]
    return (found[0], found[1]), f"gdp.csv has no figure of {' and '.join(missing)}" if missing else ""


def _standing(base: Result, sides: tuple[str, str], goods: tuple[str, ...]) -> list[str]:
    """Bans between the two that are in force already: "no measure" includes them."""
    found = []
    for i in base.network.instruments:
        between = {*i.origin} & {*sides} and ({*i.destination} | {*i.through}) & {*sides}
        in_force = base.network.periods.inside(i.start, i.end).any()
        if i.kind in ("ban", "transit_ban") and i.target in goods and between and in_force:
            found.append(
                f"{i.name or i.id} is in force in this scenario between {country_name(sides[0])} and "
                f"{country_name(sides[1])}; changes are against a year with it"
            )
    return found
