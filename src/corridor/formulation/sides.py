"""The two sides of a market: what supplies give to streams, what demands take from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from corridor.network.model import Bools, Network
    from corridor.program import Block, Floats, Ints

__all__ = ["Columns", "Injection", "Side", "deliveries", "injections", "sides_of", "told_apart"]


class Columns(dict[str, "Block"]):
    """Blocks of columns by name."""


@dataclass(frozen=True)
class Side:
    """One side: its pairs of item and stream, and the names of its columns."""

    ids: Sequence[str]
    node: Ints
    item: Ints
    stream: Ints
    allowed: Bools | None
    charge: Floats | None
    """(T, pairs) what instruments charge on each pair"""
    split: str
    blocks: tuple[str, str]


@dataclass(frozen=True)
class Injection:
    """Columns that stand in balances: period, item, stream, position of the pair, column; arrays of one length."""

    period: Ints
    item: Ints
    stream: Ints
    pair: Ints
    column: Ints


def sides_of(net: Network, side: str) -> Side:
    """The supply side or the demand side of a network."""
    if side == "supply":
        s = net.supplies
        return Side(s.ids, s.node, s.give_supply, s.give_stream, None, None, "give", ("supply_base", "supply_rise"))
    d = net.demands
    return Side(
        d.ids,
        d.node,
        d.take_demand,
        d.take_stream,
        d.take_allowed,
        net.take_charge,
        "take",
        ("demand_base", "demand_fall"),
    )


def told_apart(net: Network, side: str) -> Bools:
    """Items that need a column per stream: those with several streams, or with one that a ban holds or a duty is on."""
    s = sides_of(net, side)
    several = np.bincount(s.item, minlength=len(s.ids)) > 1
    if s.allowed is not None:
        several[s.item[~s.allowed.all(axis=0)]] = True
    if s.charge is not None:
        several[s.item[s.charge.any(axis=0)]] = True
    if side == "demand":
        several[net.demands.apart] = True
        # A duty ad valorem can be zero at the prices it begins with.
        several[s.item[net.ad_valorem.any(axis=0)]] = True
    return several


def injections(net: Network, col: Columns, side: str) -> tuple[Injection, ...]:
    """The columns of a side that stand in balances: a lone item's own, or its give and take columns."""
    s = sides_of(net, side)
    apart = told_apart(net, side)
    pair_of = np.full((len(s.ids), max(1, len(net.streams))), -1)
    pair_of[s.item, s.stream] = np.arange(len(s.item))
    lone = np.full(len(s.ids), -1)
    lone[s.item] = s.stream
    found = []
    for name in s.blocks:
        t, i = col[name].keys
        single = ~apart[i]
        t, i, column = t[single], i[single], (col[name].start + np.arange(len(i)))[single]
        found.append(Injection(t, i, lone[i], pair_of[i, lone[i]], column))
    if s.split in col:
        block = col[s.split]
        t, i, k = block.keys
        found.append(Injection(t, i, k, pair_of[i, k], block.start + np.arange(block.size)))
    return tuple(found)


def deliveries(net: Network, col: Columns, period: Ints, item: Ints) -> tuple[Ints, Floats]:
    """Columns of deliveries to pairs of demand and stream in given periods, and the length of each one's period."""
    wanted = np.zeros((len(net.periods), len(net.demands.take_demand)), dtype=bool)
    wanted[period, item] = True
    columns, years = [], []
    for inj in injections(net, col, "demand"):
        chosen = wanted[inj.period, inj.pair]
        columns.append(inj.column[chosen])
        years.append(net.years[inj.period[chosen]])
    return np.concatenate(columns), np.concatenate(years)
