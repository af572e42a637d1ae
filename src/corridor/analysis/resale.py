"""Where buyers could trade among themselves what sellers with market power charge them differently."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor.result.frames import consumer_prices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.result import Result

__all__ = ["Resale", "resales"]

_WORTH = 1e-3
"""Share of the price below which nobody would resell."""


@dataclass(frozen=True)
class Resale:
    """A buyer who would earn by passing goods on to another."""

    start: str
    end: str
    gain: float
    """average over the calendar, money per unit as `unit` says"""
    unit: str


def resales(result: Result, markets: Sequence[str]) -> tuple[Resale, ...]:
    """Pairs of demands of one good whose prices are further apart than moving the good between them costs.

    Averages over the calendar; moving is by the cheapest open links, at their costs and wedges, without losses and duties.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import dijkstra

    from corridor.case.units import canonical_price_unit

    net, weight = result.network, result.network.years / result.network.years.sum()
    places = [net.demands.ids.index(name) for name in markets]
    if len(places) < 2:
        return ()
    volume = net.years[:, None] * result.reading.demand
    price = (volume * consumer_prices(result)).sum(axis=0) / np.maximum(volume.sum(axis=0), 1e-12)
    good = int(net.demands.good[places[0]])
    links = net.links
    mine = (net.stream_good[net.flows.stream] == good) & (links.capacity.max(axis=0)[net.flows.link] > 0)
    link = net.flows.link[mine]
    unit = (links.resource_cost + links.tariff + links.fee + links.quality)[:, link] + net.flows.wedge[:, mine]
    # The shortest paths take no negative cost, and an entry of zero would be no link.
    cost = np.maximum(weight @ unit, 1e-9)
    best: dict[tuple[int, int], float] = {}
    for a, value in zip(link, cost, strict=True):
        pair = int(links.start[a]), int(links.end[a])
        best[pair] = min(value, best.get(pair, np.inf))
    if not best:
        return ()
    ends = np.array(list(best), dtype=np.int64)
    graph = coo_matrix((np.array(list(best.values())), (ends[:, 0], ends[:, 1])), shape=(len(net.nodes),) * 2).tocsr()
    nodes = net.demands.node[places]
    way = dijkstra(graph, indices=nodes)[:, nodes]
    gain = price[places][None, :] - price[places][:, None] - way
    written = canonical_price_unit(net.good_unit[good])
    found = [
        Resale(markets[i], markets[j], float(gain[i, j]), written)
        for i, j in zip(*np.nonzero(gain > _WORTH * price[places][None, :]), strict=True)
        if i != j
    ]
    return tuple(sorted(found, key=lambda r: -r.gain))
