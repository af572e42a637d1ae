"""What a shock measured, read from a result: the level over a window, the capacity lost, the routes that gained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.case import corridor_screens, route_screens

if TYPE_CHECKING:
    from corridor.network import Network
    from corridor.program import Floats
    from corridor.result import Reading, Result

__all__ = ["level_of", "lost_share", "routes_gained"]

_CAPACITIES = ("capacity", "quantity")


def level_of(result: Result, shock: dict[str, Any], inside: Floats) -> float:
    """Mean level over the periods inside: a rate in good.unit per year, or a price; NaN for the price of nothing."""
    net, reading = result.network, result.reading
    weight = net.years * inside
    measure, target, good = shock["measure"], shock["target"], shock["good"]
    if measure == "price":
        return _price(net, reading, weight, target, good)
    rate = _volume(result, shock) if measure == "volume" else _trade(net, reading, measure, target, good)
    return float(weight @ rate / weight.sum())


def _volume(result: Result, shock: dict[str, Any]) -> Floats:
    """Rate over time of what passes a link or corridor, is produced, delivered or processed, (T,)."""
    net, reading = result.network, result.reading
    target, good, origin = shock["target"], shock["good"], shock["origin"]
    mine = np.array([s.good == good and (origin is None or s.origins == {origin}) for s in net.streams], dtype=bool)
    screens = corridor_screens(result.case)
    if target in screens or target in net.links.ids:
        link = net.links.ids.index(screens.get(target, target))
        rate: Floats = reading.flow[:, (net.flows.link == link) & mine[net.flows.stream]].sum(axis=1)
        return rate
    if target in net.processes.ids:
        return reading.activity[:, net.processes.ids.index(target)]
    if target in net.supplies.ids:
        return reading.supply[:, net.supplies.ids.index(target)]
    demand = net.demands.ids.index(target)
    taken: Floats = reading.take[:, (net.demands.take_demand == demand) & mine[net.demands.take_stream]].sum(axis=1)
    return taken


def _trade(net: Network, reading: Reading, measure: str, country: str, good: str) -> Floats:
    """Rate over time of a country's exports, imports or output of a good, (T,)."""
    place = np.array(net.node_country)
    if measure == "output":
        at = (place[net.supplies.node] == country) & (net.supplies.good == net.goods.index(good))
        made: Floats = reading.supply[:, at].sum(axis=1)
        return made
    own = np.array([s.origins == {country} for s in net.streams], dtype=bool)[net.demands.take_stream]
    here = (place[net.demands.node] == country)[net.demands.take_demand]
    same = np.array([s.good == good for s in net.streams], dtype=bool)[net.demands.take_stream]
    chosen = same & (own & ~here if measure == "exports" else here & ~own)
    traded: Floats = reading.take[:, chosen].sum(axis=1)
    return traded


def _price(net: Network, reading: Reading, weight: Floats, node: str, good: str) -> float:
    at = (net.balance_node == net.nodes.index(node)) & (net.stream_good[net.balance_stream] == net.goods.index(good))
    through = np.where(reading.idle, 0.0, reading.throughput)[:, at] * weight[:, None]
    total = float(through.sum())
    return float((through * reading.price[:, at]).sum() / total) if total > 0 else float("nan")


def lost_share(result: Result, shock: dict[str, Any], inside: Floats) -> float:
    """Share of capacity lost over the window, the largest of what the scenario's measures cut; a gain is negative.

    A ban loses all of the trade that it is about, and nothing of what is measured elsewhere; duties lose nothing.
    """
    weight = result.network.years * inside
    lost = [0.0]
    for instrument in result.question.instruments:
        if shock["scenario"] not in instrument.scenarios:
            continue
        rows = [r for r in result.network.ledger if r.instrument == instrument.id and r.column in _CAPACITIES]
        for what in {r.what for r in rows}:
            share = np.zeros(len(weight))
            for r in rows:
                if r.what == what and np.isfinite(r.before) and r.before > 0:
                    share[r.period] = 1.0 - r.after / r.before
            lost.append(float(weight @ share / weight.sum()))
        if instrument.kind in ("ban", "transit_ban") and _is_about(shock, instrument.origin, instrument.destination):
            active = result.network.periods.inside(instrument.start, instrument.end)
            lost.append(float(weight @ active / weight.sum()))
    return max(lost, key=abs)


def _is_about(shock: dict[str, Any], origin: tuple[str, ...], destination: tuple[str, ...]) -> bool:
    """Whether a country's trade that was measured is the one that is banned."""
    measure, country = shock["measure"], shock["target"]
    return (measure == "imports" and country in destination) or (measure == "exports" and country in origin)


def routes_gained(without: Result, during: Result, good: str, inside: Floats) -> tuple[str, ...]:
    """Route corridors that carry more of a good with the measures than without, the largest gain first."""
    gains: dict[str, float] = {}
    weight = without.network.years * inside
    for corridor, screen in route_screens(without.case).items():
        shock = {"measure": "volume", "target": screen, "good": good, "origin": None}
        rates = [weight @ _volume(result, shock) for result in (without, during)]
        gains[corridor] = float(rates[1] - rates[0])
    largest = max((abs(g) for g in gains.values()), default=0.0)
    return tuple(
        name for name, gain in sorted(gains.items(), key=lambda item: -item[1]) if gain > 1e-3 * max(largest, 1e-9)
    )
