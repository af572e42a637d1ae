"""What a comparison sets side by side: volumes, prices and exports of one result by the case's own steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor.analysis.share import marks_of
from corridor.analysis.steps import step_totals
from corridor.analysis.tracing import trace
from corridor.case import canonical_price_unit, route_screens
from corridor.result.reading import store_change

if TYPE_CHECKING:
    from corridor.program import Floats
    from corridor.result import Result

    Measured = tuple[list[tuple[str, str]], Floats, list[str]]
    """keys, totals by case step (steps, keys), and the unit of each key"""

__all__ = ["Sheet", "balance_sheet", "exports_by_country", "link_volumes", "mean_prices", "route_volumes"]


@dataclass(frozen=True)
class Sheet:
    """Volumes of one good by case step, in good.unit: screens (steps, routes), the others (steps,)."""

    screens: Floats
    supply: Floats
    domestic: Floats
    stock: Floats
    losses: Floats
    exported: Floats


def balance_sheet(result: Result, g: int) -> Sheet:
    """Screens, output, deliveries that cross no screen, stock build and losses upstream of the screens."""
    net, reading = result.network, result.reading
    marks = marks_of(result, "through", "")
    mine = np.flatnonzero(net.stream_good == g)
    histories = trace(net, reading, marks, mine, np.zeros(len(net.supplies.give_stream), dtype=np.int64))
    inside = histories.share[:, :, 0, -1, :].sum(axis=-1)
    flow_good = net.stream_good[net.flows.stream]
    link = net.flows.link
    screens = np.zeros((len(net.periods), len(marks.routes)))
    on_screen = np.flatnonzero((marks.screen[link] >= 0) & (flow_good == g))
    np.add.at(screens.T, marks.screen[link[on_screen]], reading.flow[:, on_screen].T)
    ours = np.flatnonzero(flow_good == g)
    before_screen = np.where(marks.screen[link[ours]] >= 0, 0.0, inside[:, net.links.start[link[ours]]])
    losses = (reading.flow[:, ours] * net.links.loss[link[ours]] * before_screen).sum(axis=1)
    supply = reading.supply[:, net.supplies.good == g].sum(axis=1)
    mine_d = net.demands.good == g
    domestic = (reading.demand[:, mine_d] * inside[:, net.demands.node[mine_d]]).sum(axis=1)
    pairs = np.flatnonzero(net.stream_good[net.stores.pair_stream] == g)
    at = net.stores.node[net.stores.pair_store[pairs]]
    # What goes into a store is as what comes by, what it gives as what came before.
    kept = histories.stored[:, :, 0, -1, :].sum(axis=-1)
    change = store_change(net, reading.level)[:, pairs]
    stock = np.where(change > 0, change * inside[:, at], change * kept[:, at]).sum(axis=1)

    return Sheet(
        step_totals(net, screens),
        step_totals(net, supply),
        step_totals(net, domestic),
        step_totals(net, stock),
        step_totals(net, losses),
        step_totals(net, _exported(result, g)),
    )


def _exported(result: Result, g: int) -> Floats:
    """Deliveries outside the country of origin, where streams tell it; else outside every producing country (T,)."""
    net, reading = result.network, result.reading
    abroad = np.array(
        [
            net.stream_good[k] == g and net.node_country[net.demands.node[d]] not in net.streams[k].origins
            for d, k in zip(net.demands.take_demand, net.demands.take_stream, strict=True)
        ],
        dtype=bool,
    )
    exported: Floats = reading.take[:, abroad].sum(axis=1)
    return exported


def link_volumes(result: Result) -> Measured:
    """Volumes by link and good."""
    net = result.network
    good = net.stream_good[net.flows.stream]
    pairs, inverse = np.unique(np.stack([net.flows.link, good], axis=1), axis=0, return_inverse=True)
    rate = np.zeros((len(net.periods), len(pairs)))
    np.add.at(rate.T, inverse.ravel(), result.reading.flow.T)
    keys = [(net.links.ids[a], net.goods[g]) for a, g in pairs]
    return keys, step_totals(result.network, rate), [net.good_unit[g] for _, g in pairs]


def route_volumes(result: Result) -> Measured:
    """Volumes by route corridor and good, counted on its screen."""
    keys, totals, units = link_volumes(result)
    chosen, names = [], []
    for corridor, screen in route_screens(result.case).items():
        for i, (link, good) in enumerate(keys):
            if link == screen:
                chosen.append(i)
                names.append((corridor, good))
    return names, totals[:, chosen], [units[i] for i in chosen]


def mean_prices(result: Result) -> Measured:
    """Prices by node and good, weighted by what passes; NaN where nothing does."""
    net, reading = result.network, result.reading
    good = net.stream_good[net.balance_stream]
    pairs, inverse = np.unique(np.stack([net.balance_node, good], axis=1), axis=0, return_inverse=True)
    through = np.where(reading.idle, 0.0, reading.throughput)
    weight, value = np.zeros((len(net.periods), len(pairs))), np.zeros((len(net.periods), len(pairs)))
    np.add.at(weight.T, inverse.ravel(), through.T)
    np.add.at(value.T, inverse.ravel(), (through * reading.price).T)
    weight_total, value_total = step_totals(result.network, weight), step_totals(result.network, value)
    mean = np.divide(value_total, weight_total, out=np.full_like(value_total, np.nan), where=weight_total > 0)
    return (
        [(net.nodes[n], net.goods[g]) for n, g in pairs],
        mean,
        [canonical_price_unit(net.good_unit[g]) for _, g in pairs],
    )


def exports_by_country(result: Result) -> Measured:
    """Deliveries abroad by country of origin and good, where a stream has one origin."""
    net, reading = result.network, result.reading
    keys: dict[tuple[str, str], int] = {}
    units: list[str] = []
    member: list[tuple[int, int]] = []
    for pair, (d, k) in enumerate(zip(net.demands.take_demand, net.demands.take_stream, strict=True)):
        stream = net.streams[k]
        if len(stream.origins) == 1 and net.node_country[net.demands.node[d]] not in stream.origins:
            key = (next(iter(stream.origins)), stream.good)
            if key not in keys:
                keys[key] = len(keys)
                units.append(net.good_unit[net.goods.index(stream.good)])
            member.append((pair, keys[key]))
    rate = np.zeros((len(net.periods), len(keys)))
    for pair, column in member:
        rate[:, column] += reading.take[:, pair]
    return list(keys), step_totals(result.network, rate), units
