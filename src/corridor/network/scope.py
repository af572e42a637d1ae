"""Which flows and deliveries an instrument is about: whose goods, delivered where, on what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from corridor.errors import QuestionError
from corridor.network.streams import Distinction

if TYPE_CHECKING:
    from corridor.case.model import Case
    from corridor.network.calendar import Periods
    from corridor.network.edits import Targets
    from corridor.network.instruments import Instrument
    from corridor.network.model import Bools, Demands, Links
    from corridor.network.streams import Stream
    from corridor.program import Ints

__all__ = ["Scope", "crossed_countries", "distinctions_of"]

ON_GOODS = frozenset({"ban", "transit_ban", "tariff", "tariff_quota"})
"""Kinds whose target is a good, always."""


@dataclass(frozen=True)
class Scope:
    """What bans, limits and charges are written on."""

    case: Case
    periods: Periods
    targets: Targets
    links: Links
    flow_link: Ints
    flow_stream: Ints
    streams: Sequence[Stream]
    country: Sequence[str]
    demands: Demands

    @cached_property
    def goods(self) -> frozenset[str]:
        """Goods of the case."""
        return frozenset(self.case.column("goods", "id"))

    @cached_property
    def as_kept(self) -> dict[str, float]:
        """What calibration found to be sent under each agreement, over its minimum, where it is another."""
        told = zip(*(self.case.column("levels", name) for name in ("table", "id", "factor")), strict=True)
        return {name: float(factor) for table, name, factor in told if table == "instruments"}

    def is_good(self, name: str) -> bool:
        """Whether an instrument's target is a good."""
        return name in self.goods

    def deliveries(self, i: Instrument) -> Bools:
        """Pairs of demand and stream that an instrument on a good is about, shape (K,).

        Goods of `origin` (without one: of anywhere but the destination) delivered in `destination` (without one: anywhere
        but at home), less the countries of origin and the demands that are exempt.
        """
        at = [self.country[n] for n in self.demands.node[self.demands.take_demand]]
        origin, destination, exempt = frozenset(i.origin), frozenset(i.destination), frozenset(i.exempt)
        found = []
        for country, d, k in zip(at, self.demands.take_demand, self.demands.take_stream, strict=True):
            stream = self.streams[k]
            comes = stream.origins <= origin if origin else not stream.origins & destination
            goes = country in destination if destination else not stream.origins & {country}
            free = bool(stream.origins and stream.origins <= exempt) or self.demands.ids[d] in exempt
            found.append(stream.good == i.target and comes and goes and not free)
        return np.array(found, dtype=bool)

    def streams_of(self, i: Instrument) -> Bools:
        """Streams that an instrument on a link or corridor is about, shape (streams,)."""
        goods, origin, exempt = set(i.goods), frozenset(i.origin), frozenset(i.exempt)
        return np.array(
            [
                (not goods or s.good in goods)
                and (not origin or s.origins <= origin)
                and not (s.origins and s.origins <= exempt)
                for s in self.streams
            ],
            dtype=bool,
        )

    def flows_on(self, i: Instrument) -> Ints:
        """Positions of the flows of an instrument on a link, or on a corridor's screen link."""
        table, items = self.targets.find(i)
        if table != "links":
            raise QuestionError(
                f"{i.kind}:{i.target}: {i.target} stands in {table}; a {i.kind} is on a link, a corridor or a good"
            )
        at = self.targets.screens.get(i.target, items[0])
        return np.flatnonzero((self.flow_link == at) & self.streams_of(i)[self.flow_stream])

    def entering(self, i: Instrument) -> Bools:
        """Flows by which banned goods enter the destination by the banned modes, shape (F,)."""
        destination, exempt = frozenset(i.destination), frozenset(i.exempt)
        links = self.case.tables["links"]
        mode = np.isin(links["mode"].to_numpy(), list(i.modes))
        start = np.array([self.country[n] in destination for n in self.links.start], dtype=bool)
        end = np.array([self.country[n] in destination for n in self.links.end], dtype=bool)
        gate = mode & ~start & end & ~np.isin(links["id"].to_numpy(), list(exempt))
        bound = self._bound(i, lambda s: s.destinations <= destination)
        banned: Bools = gate[self.flow_link] & bound[self.flow_stream]
        return banned

    def in_transit(self, i: Instrument) -> Bools:
        """Flows by which banned goods cross a country on their way elsewhere, shape (F,)."""
        through, exempt = frozenset(i.through), frozenset(i.exempt)
        crosses = np.array([bool(c & through) for c in crossed_countries(self.case)], dtype=bool)
        crosses &= ~np.isin(self.case.column("links", "id"), list(exempt))
        # Goods of the country itself are not in transit through it.
        bound = self._bound(i, lambda s: not (s.destinations | s.origins) & through)
        banned: Bools = crosses[self.flow_link] & bound[self.flow_stream]
        return banned

    def _bound(self, i: Instrument, goes: Callable[[Stream], bool]) -> Bools:
        origin, exempt = frozenset(i.origin), frozenset(i.exempt)
        destination = frozenset(i.destination)
        found = [
            s.good == i.target
            and (s.origins <= origin if origin else not s.origins & destination)
            and not (s.origins and s.origins <= exempt)
            and goes(s)
            for s in self.streams
        ]
        return np.array(found, dtype=bool)


def crossed_countries(case: Case) -> tuple[frozenset[str], ...]:
    """Countries whose territory each link crosses: as told, else those of its two ends."""
    where = dict(zip(case.column("nodes", "id"), case.column("nodes", "country"), strict=True))
    columns = (case.column("links", name) for name in ("crosses", "from", "to"))
    return tuple(frozenset(crosses) | {where[a], where[b]} for crosses, a, b in zip(*columns, strict=True))


def distinctions_of(case: Case, instruments: Sequence[Instrument]) -> tuple[Distinction, ...]:
    """What the instruments need told apart."""
    if not instruments:
        return ()
    goods = set(case.column("goods", "id"))
    # The ends of a link are nodes, so only what it crosses besides them is to be added.
    known = set(case.column("nodes", "country")).union(*case.column("links", "crosses"))
    told: list[Distinction] = []
    for i in instruments:
        if i.kind in ON_GOODS and i.target not in goods:
            raise QuestionError(
                f"{i.kind}:{i.target}: the target of a {i.kind} is a good; there are {', '.join(sorted(goods))}"
            )
        _known_countries(i, known)
        told.extend(_distinctions(i, goods, known))
        if i.kind == "agreement" and i.priority == "exports":
            told.extend(_exports_of(case, i))
    return tuple(told)


def _distinctions(i: Instrument, goods: set[str], known: set[str]) -> list[Distinction]:
    of_target = [i.target] if i.target in goods else [*(i.goods or sorted(goods))]
    free = frozenset(i.exempt) & known
    found = [Distinction(good, free) for good in of_target if free]
    if i.kind == "transit_ban":
        return [*found, Distinction(i.target, frozenset(i.origin), frozenset(i.through))]
    if i.kind == "ban" and i.modes:
        whose = frozenset(i.origin) or frozenset(known - set(i.destination))
        return [*found, Distinction(i.target, whose, frozenset(i.destination))]
    if i.target in goods:
        # Without an origin it is about everybody's goods but the destination's own.
        return [*found, Distinction(i.target, frozenset(i.origin or i.destination))]
    if i.origin:
        found += [Distinction(good, frozenset(i.origin)) for good in of_target]
    return found


def _exports_of(case: Case, i: Instrument) -> list[Distinction]:
    """An agreement that gives way to exports needs its own country's goods told apart."""
    demand = case.tables["demand"]
    where = dict(zip(case.column("nodes", "id"), case.column("nodes", "country"), strict=True))
    rows = demand[demand["id"] == i.target]
    return [Distinction(g, frozenset({where[n]})) for g, n in zip(rows["good"], rows["node"], strict=True)]


def _known_countries(i: Instrument, known: set[str]) -> None:
    for country in (*i.origin, *i.destination, *i.through):
        if country not in known:
            raise QuestionError(
                f"{i.kind}:{i.target}: {country!r} is no country of the case; it has {', '.join(sorted(known))}"
            )
