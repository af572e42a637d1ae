"""Quantities and prices of a solution as arrays in the shapes of the network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor.formulation.sides import sides_of, told_apart

if TYPE_CHECKING:
    from corridor.network import Network
    from corridor.network.model import Bools
    from corridor.program import Floats, Program

__all__ = ["Reading", "read"]

IDLE = 1e-7
"""Share of the largest flow below which nothing is said to pass."""


@dataclass(frozen=True)
class Reading:
    """Rates in good.unit per year, prices in million USD per good.unit, levels in good.unit."""

    flow: Floats
    """(T, F)"""
    supply: Floats
    """(T, S)"""
    give: Floats
    """(T, G)"""
    demand: Floats
    """(T, D)"""
    take: Floats
    """(T, K)"""
    level: Floats
    """(T, P) at the end of each period"""
    route: Floats
    """(T, R)"""
    activity: Floats
    """(T, processes)"""
    within: Floats
    """volumes within each tariff-rate quota"""
    price: Floats
    """(T, B)"""
    throughput: Floats
    """(T, B): what passes the node, in the stream"""

    @property
    def idle(self) -> Bools:
        """(T, B): where nothing passes, so that a price has no meaning."""
        scale = max(1e-9, float(self.throughput.max(initial=0.0)))
        return self.throughput <= IDLE * scale


def read(net: Network, program: Program, primal: Floats, row_dual: Floats) -> Reading:
    """Arrays of a solution. A small negative value, within the solver's tolerance, is read as zero."""
    n_periods = len(net.periods)
    blocks = {b.name: b for b in program.columns}

    def grid_of(name: str, items: int) -> Floats:
        values = np.zeros((n_periods, items))
        if name in blocks:
            values[:] = np.maximum(primal[blocks[name].span], 0.0).reshape(n_periods, items)
        return values

    def summed(names: tuple[str, ...], items: int) -> Floats:
        values = np.zeros((n_periods, items))
        for name in names:
            period, item = blocks[name].keys
            np.add.at(values, (period, item), np.maximum(primal[blocks[name].span], 0.0))
        return values

    flow = grid_of("flow", len(net.flows.link))
    totals, pairs = {}, {}
    for side in ("supply", "demand"):
        s = sides_of(net, side)
        totals[side] = summed(s.blocks, len(s.ids))
        pairs[side] = totals[side][:, s.item].copy()
        if s.split in blocks:
            apart = np.flatnonzero(told_apart(net, side)[s.item])
            pairs[side][:, apart] = np.maximum(primal[blocks[s.split].span], 0.0).reshape(n_periods, len(apart))
    level = grid_of("working", len(net.stores.pair_store)) + grid_of("extra", len(net.stores.pair_store))
    within = primal[blocks["within_quota"].span] if "within_quota" in blocks else np.zeros(0)
    balance = program.row_block("balance")
    price = row_dual[balance.span].reshape(n_periods, -1) / net.years[:, None]
    reading = Reading(
        flow=flow,
        supply=totals["supply"],
        give=pairs["supply"],
        demand=totals["demand"],
        take=pairs["demand"],
        level=level,
        route=grid_of("route", len(net.routes.ids)),
        activity=grid_of("activity", len(net.processes.ids)),
        within=np.maximum(within, 0.0),
        price=price,
        throughput=np.zeros_like(price),
    )
    np.add.at(
        reading.throughput.T,
        pair_of(net)[net.links.end[net.flows.link], net.flows.stream],
        (flow * (1 - net.links.loss[net.flows.link])).T,
    )
    np.add.at(
        reading.throughput.T,
        pair_of(net)[net.supplies.node[net.supplies.give_supply], net.supplies.give_stream],
        reading.give.T,
    )
    if len(net.stores.pair_store):
        drawn = np.maximum(-store_change(net, level), 0.0)
        at = pair_of(net)[net.stores.node[net.stores.pair_store], net.stores.pair_stream]
        np.add.at(reading.throughput.T, at, drawn.T)
    return reading


def pair_of(net: Network) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Position of (node, stream) among the balances; -1 where there is none."""
    lookup = np.full((len(net.nodes), max(1, len(net.streams))), -1, dtype=np.int64)
    lookup[net.balance_node, net.balance_stream] = np.arange(len(net.balance_node))
    return lookup


def store_change(net: Network, level: Floats) -> Floats:
    """Rate at which each store fills, shape (T, P); negative where it empties."""
    before = np.vstack([net.stores.pair_initial[None, :], level[:-1]])
    return (level - before) / net.years[:, None]
