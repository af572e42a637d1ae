"""What some players make when the others withhold: one certified equilibrium a coalition.

Withholding is written as instruments (closures, outages), so every coalition is a question to the same case, answered on
one assembled program (variations.py). Contracts are agreements of the case; where players withhold, some cannot be kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from corridor.analysis.passable import has_way
from corridor.calibration import calibrate
from corridor.case import part_of, target_goods
from corridor.errors import InfeasibleError
from corridor.network import Instrument, goods_touched, instruments_of
from corridor.study import ask
from corridor.variations import Variations

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Sequence

    from corridor.case import Case
    from corridor.network import Distinction
    from corridor.result import Result

__all__ = [
    "Contracts",
    "Outsiders",
    "Solved",
    "Table",
    "gap_of",
    "lay",
    "own_gains",
    "planned_routes",
    "solve_coalition",
    "withheld",
]

Outsiders = Literal["absent", "compete"]
Contracts = Literal["bind", "void"]


@dataclass(frozen=True)
class Table:
    """What all coalitions share: the part of the case that holds the good, calibrated, one period a year."""

    case: Case
    """without its agreements, which are told apart below"""
    scenario: str
    good: str
    goods: frozenset[str]
    """what is withheld: the good, and what a process of its group makes it of"""
    players: tuple[str, ...]
    outsiders: Outsiders
    agreements: tuple[Instrument, ...]
    """contracts that hold where they can"""
    others: tuple[Instrument, ...]
    """instruments of the question"""

    @cached_property
    def carried(self) -> dict[str, tuple[str, ...]]:
        """Goods of everything that can be withheld."""
        return target_goods(self.case.tables)

    @cached_property
    def variations(self) -> Variations:
        """What answers coalitions, on one assembled program and on the calendar of all contracts."""
        alone = [withheld(self, frozenset(self.players) - {p}) for p in self.players]
        apart = [withheld(self, frozenset({p})) for p in self.players] if self.outsiders == "compete" else []
        return self.vary([i for held in (*alone, *apart) for i in held])

    def vary(self, may_come: Iterable[Instrument], track: Sequence[Distinction] = ()) -> Variations:
        """Answers to this table's questions, with further instruments that may come."""
        base = ask(
            self.case,
            self.scenario,
            self.others,
            foresight="perfect",
            calendar_with=self.agreements,
            track=track,
        )
        return Variations(base, (*self.agreements, *may_come))

    def ask(self, inside: frozenset[str], contracts: Iterable[Instrument], *, explain: bool = True) -> Result:
        """The equilibrium in which the players who are not inside withhold, under some of the contracts."""
        return self.variations.answer((*withheld(self, inside), *contracts, *self.others), explain=explain)


@dataclass(frozen=True)
class Solved:
    """A coalition's equilibrium and its contracts."""

    result: Result
    kept: tuple[Instrument, ...]
    crowded: tuple[Instrument, ...]
    """those that have a way but too little room"""


def lay(
    case: Case,
    good: str,
    players: Sequence[str],
    outsiders: Outsiders,
    contracts: Contracts,
    scenario: str = "base",
    with_: Iterable[Instrument] = (),
) -> Table:
    """The table of a question. Contracts on other goods stay where only those on the good are void."""
    part = calibrate(part_of(case, {good}))
    calendar = replace(part.settings.calendar, step="year")
    instruments = part.tables["instruments"]
    stripped = part.with_tables(
        replace(part.settings, calendar=calendar),
        instruments=instruments[instruments["kind"] != "agreement"].reset_index(drop=True),
    )
    goods, asked = _withheld_goods(part, good), tuple(with_)
    days = (calendar.start, calendar.end)
    every = [i for i in (*instruments_of(part, scenario), *asked) if i.kind == "agreement" and _in_force(i, *days)]
    kept = [replace(i, scenarios=()) for i in every if contracts == "bind" or not goods & goods_touched(part, [i])]
    return Table(
        case=stripped,
        scenario=scenario,
        good=good,
        goods=goods,
        players=tuple(players),
        outsiders=outsiders,
        agreements=tuple(kept),
        others=tuple(i for i in asked if i.kind != "agreement"),
    )


def withheld(table: Table, inside: frozenset[str]) -> tuple[Instrument, ...]:
    """What the players who are not inside do to the others, as instruments.

    `absent`: the links that they control are shut for the good, what produces, uses or turns it on their ground stands
    still; stores there keep what they hold. `compete`: what would join them to those inside is shut: links that one side
    controls or that end with it, and the other side likewise.
    """
    outside = frozenset(table.players) - inside
    if not outside:
        return ()
    tables = table.case.tables
    where = dict(zip(tables["nodes"]["id"], tables["nodes"]["country"], strict=True))
    carried = table.carried
    links, found = tables["links"], []
    for link, start, end, told in zip(links["id"], links["from"], links["to"], links["controlled_by"], strict=True):
        goods = table.goods & set(carried[link])
        controller = told or where[start]
        parties = {controller, where[start], where[end]}
        shut = controller in outside if table.outsiders == "absent" else bool(parties & outside and parties & inside)
        if goods and shut:
            whole = goods == set(carried[link])
            closed = Instrument("closure", link) if whole else Instrument("quota", link, goods=tuple(goods), max=0.0)
            found.append(closed)
    if table.outsiders == "absent":
        for name in ("supply", "demand"):
            found += [
                Instrument("outage", row)
                for row, node, good in zip(tables[name]["id"], tables[name]["node"], tables[name]["good"], strict=True)
                if where[node] in outside and good in table.goods
            ]
        turning = set(tables["process_goods"].loc[tables["process_goods"]["good"].isin(table.goods), "process"])
        found += [
            Instrument("outage", process)
            for process, node in zip(tables["processes"]["id"], tables["processes"]["node"], strict=True)
            if process in turning and where[node] in outside
        ]
    return tuple(found)


def solve_coalition(table: Table, inside: frozenset[str], doubtful: Collection[Instrument] = ()) -> Solved:
    """The equilibrium with as many contracts as can be kept.

    Released are contracts for which no way is left, then those that cannot be kept beside those before them. `doubtful` are
    contracts that could not be kept in other coalitions: they are tried last, which makes finding them quick.
    """
    held = {i.target for i in withheld(table, inside)}
    # Contracts on other goods are not touched by what is withheld directly.
    mine = [bool(table.goods & goods_touched(table.case, [i])) for i in table.agreements]
    able = [
        i
        for i, ours in zip(table.agreements, mine, strict=True)
        if not ours or has_way(table.case, table.carried, i, held)
    ]
    try:
        result, kept = table.ask(inside, able, explain=False), able
    except InfeasibleError:
        kept = _most(table, inside, [], [i for i in able if i not in doubtful])
        kept = _most(table, inside, kept, [i for i in able if i in doubtful])
        result = table.ask(inside, kept)
    return Solved(result, tuple(kept), tuple(i for i in able if i not in kept))


def planned_routes(case: Case, good: str) -> tuple[Instrument, ...]:
    """Instruments that open the links of a good that are planned, at the capacity that the case gives them."""
    links, carried = case.tables["links"], target_goods(case.tables)
    return tuple(
        Instrument("capacity", link, capacity=float(capacity))
        for link, status, capacity in zip(links["id"], links["status"], links["capacity"], strict=True)
        if status == "planned" and good in carried[link]
    )


def own_gains(result: Result) -> dict[str, float]:
    """Gains by country, million USD over the calendar."""
    gains = result.gains
    return {str(country): float(value) for country, value in gains.groupby("country")["value"].sum().items()}


def gap_of(result: Result) -> float:
    """The largest gap of a result's stages."""
    return max(stage.gap for stage in result.certificate.stages)


def _most(table: Table, inside: frozenset[str], sure: list[Instrument], more: list[Instrument]) -> list[Instrument]:
    """As many of `more`, in their order, as can stand beside those that are sure; halves that stand whole cost one solve."""
    if not more:
        return sure
    try:
        table.ask(inside, [*sure, *more], explain=False)
    except InfeasibleError:
        if len(more) == 1:
            return sure
    else:
        return [*sure, *more]
    middle = len(more) // 2
    return _most(table, inside, _most(table, inside, sure, more[:middle]), more[middle:])


def _in_force(i: Instrument, start: dt.date, end: dt.date) -> bool:
    return (i.start is None or i.start < end) and (i.end is None or i.end > start)


def _withheld_goods(case: Case, good: str) -> frozenset[str]:
    """The good and, of its group, what processes make it of: raw gas is withheld with gas, crude is not with petrol."""
    group = dict(zip(case.tables["goods"]["id"], case.tables["goods"]["group"], strict=True))
    amounts = case.tables["process_goods"]
    makers = set(amounts.loc[(amounts["good"] == good) & (amounts["amount"] > 0), "process"])
    used = amounts.loc[amounts["process"].isin(makers) & (amounts["amount"] < 0), "good"]
    return frozenset({good, *(g for g in used if group[g] == group[good])})
