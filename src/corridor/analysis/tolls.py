"""What a transit country could take from what crosses it: fees on goods of others, tried one after another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from corridor.analysis.coalitions import gap_of, own_gains
from corridor.case import canonical_price_unit, target_goods
from corridor.network import Distinction, Instrument

if TYPE_CHECKING:
    from corridor.analysis.coalitions import Table
    from corridor.result import Result

__all__ = ["Toll", "toll"]

_LEAST = 1e-6
"""Transit below this share of what is delivered of the good is none."""
_STEPS = 8
"""Halvings of the range in which half of the transit leaves, and fees tried in a row for the best."""


@dataclass(frozen=True)
class Toll:
    """Fees that one country adds on goods of others that leave its ground over links that it controls."""

    player: str
    links: tuple[str, ...]
    """where it is taken: once on each way out, or on each way in where that is more"""
    taken_on: Literal["ways out", "ways in"]
    """on the ways in, what the country buys for itself counts as if it crossed"""
    transit: float
    """good.unit over the calendar, without a further fee"""
    transit_unit: str
    half_fee: float | None
    """the highest fee at which half of the transit stays; None where it always does"""
    why_absent: str
    best_fee: float
    """the fee by which the country's gains rise most"""
    best_gain: float
    """by how much, million USD over the calendar"""
    best_transit: float
    """what crosses at that fee"""
    unit: str
    """of the fees"""
    gap: float
    """largest gap of the certificates of its solves"""
    solves: int


class _Tried:
    """Transit and gains at each fee, solved once."""

    def __init__(self, table: Table, player: str, links: tuple[str, ...], contracts: tuple[Instrument, ...]) -> None:
        self.table, self.player, self.links, self.contracts = table, player, links, contracts
        self.others = tuple(sorted(_producers(table) - {player}))
        # Goods of the player itself are told apart in every solve, so that only the fee differs.
        self.variations = table.vary(self._charges(1.0), (Distinction(table.good, frozenset({player})),))
        self.told: dict[float, tuple[float, float]] = {}
        self.gap, self.delivered = 0.0, 0.0

    def at(self, fee: float) -> tuple[float, float]:
        """Volume in transit and the country's gains, at a fee in million USD per good.unit."""
        if fee not in self.told:
            charges = self._charges(fee) if fee > 0 else []
            result = self.variations.answer((*self.contracts, *self.table.others, *charges))
            self.told[fee] = (self._transit(result), own_gains(result).get(self.player, 0.0))
            self.gap = max(self.gap, gap_of(result))
        return self.told[fee]

    def _charges(self, fee: float) -> list[Instrument]:
        return [
            Instrument("fee", link, goods=(self.table.good,), origin=self.others, rate=fee, government=self.player)
            for link in self.links
        ]

    def _transit(self, result: Result) -> float:
        net = result.network
        foreign = [s.good == self.table.good and self.player not in s.origins for s in net.streams]
        passed = np.array(net.links.ids)[net.flows.link]
        ways = np.isin(passed, self.links) & np.array(foreign)[net.flows.stream]
        # A fee is on what can pass: links that others' goods cannot reach have none.
        self.links = tuple(link for link in self.links if link in set(passed[ways]))
        of_good = net.demands.good == net.goods.index(self.table.good)
        self.delivered = float((net.years @ result.reading.demand[:, of_good]).sum())
        return float((net.years @ result.reading.flow[:, ways]).sum())


def toll(table: Table, player: str, contracts: tuple[Instrument, ...]) -> Toll | None:
    """The toll that a player could take while nobody withholds; None for one that others' goods do not cross.

    Fees are searched by halving up to the point at which half of the transit leaves, and by a finer and finer row for the
    one that earns most, since what a country earns has kinks.
    """
    ways = [
        _Tried(table, player, links, contracts) for links in (_own(table, player, "out"), _own(table, player, "in"))
    ]
    every = _Tried(table, player, _leaving(table, player), contracts)
    if not every.others or every.at(0.0)[0] <= _LEAST * every.delivered:
        return None
    # On the ways out, which only transit takes; where others hold most of those (a strait behind the port), on the ways in.
    tried = max(ways, key=lambda w: w.at(0.0)[0] * (1.0 + 1e-6 * (w is ways[0])))
    transit, before = tried.at(0.0)
    if not tried.links or transit <= _LEAST * tried.delivered:
        return None
    most = _dearest(table)
    half, why = _half(tried, transit, most)
    best = _best(tried, 2.0 * half if half is not None else most)
    left, gains = tried.at(best)
    unit = str(table.case.tables["goods"].set_index("id").loc[table.good, "unit"])
    return Toll(
        player=player,
        links=tried.links,
        taken_on="ways out" if tried is ways[0] else "ways in",
        transit=transit,
        transit_unit=unit,
        half_fee=half,
        why_absent=why,
        best_fee=best,
        best_gain=gains - before,
        best_transit=left,
        unit=canonical_price_unit(unit),
        gap=tried.gap,
        solves=len(tried.told),
    )


def _half(tried: _Tried, transit: float, most: float) -> tuple[float | None, str]:
    low, high = 0.0, most / 256
    while tried.at(high)[0] >= 0.5 * transit:
        low, high = high, 2.0 * high
        if high > most:
            return (
                None,
                "more than half stays at any fee that buyers could pay: contracts bind it, or it has no other way",
            )
    for _ in range(_STEPS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if tried.at(middle)[0] >= 0.5 * transit else (low, middle)
    return low, ""


def _best(tried: _Tried, high: float) -> float:
    low, best = 0.0, 0.0
    for _ in range(3):
        for fee in np.linspace(low, high, _STEPS):
            best = max(best, float(fee), key=lambda f: tried.at(f)[1])
        step = (high - low) / (_STEPS - 1)
        low, high = max(0.0, best - step), best + step
    return best


def _own(table: Table, player: str, way: Literal["out", "in"]) -> tuple[str, ...]:
    """Links that a player controls by which the good leaves its ground (or crosses it between others' ends), or enters it."""
    found = []
    for link, start, end, controller in _ends(table):
        leaves = end != player
        enters = end == player and start != player
        if controller == player and (leaves if way == "out" else enters):
            found.append(link)
    return tuple(found)


def _leaving(table: Table, player: str) -> tuple[str, ...]:
    """Links by which the good leaves a player's ground, or that it controls between others' ends."""
    return tuple(link for link, start, end, who in _ends(table) if end != player and player in (start, who))


def _ends(table: Table) -> list[tuple[str, str, str, str]]:
    """Link, country it begins in, country it ends in, who controls it; for links that carry the good."""
    tables = table.case.tables
    where = dict(zip(tables["nodes"]["id"], tables["nodes"]["country"], strict=True))
    carried, links = target_goods(tables), tables["links"]
    return [
        (link, where[start], where[end], told or where[start])
        for link, start, end, told in zip(links["id"], links["from"], links["to"], links["controlled_by"], strict=True)
        if table.good in carried[link]
    ]


def _producers(table: Table) -> frozenset[str]:
    """Countries in which the good is made."""
    tables = table.case.tables
    where = dict(zip(tables["nodes"]["id"], tables["nodes"]["country"], strict=True))
    made = tables["process_goods"]
    makers = set(made.loc[(made["good"] == table.good) & (made["amount"] > 0), "process"])
    fields = tables["supply"].loc[tables["supply"]["good"] == table.good, "node"]
    plants = tables["processes"].loc[tables["processes"]["id"].isin(makers), "node"]
    return frozenset(where[node] for node in (*fields, *plants))


def _dearest(table: Table) -> float:
    """The most that any buyer of the good would pay for a unit, million USD."""
    demand = table.case.tables["demand"]
    mine = demand[demand["good"] == table.good]
    told = mine[["price", "unserved_value"]].to_numpy(dtype=float)
    return float(np.nanmax(told)) if np.isfinite(told).any() else 1000.0
