"""Where the goods at each node have been: proportional tracing (Bialek 1996).

What leaves a node is mixed as what enters it. A *history* is which route corridor's screen a unit has crossed (or none)
and whether it has crossed a marked link; a link moves histories on, and the shares of histories at the nodes solve

    s_n * inflow_n = sum_in (1 - loss) x M_link s_from + supply,

one linear system per period. Within one stream this follows the contract (title and origin); over all streams of a good
together it follows the physical mixture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_matrix, eye
from scipy.sparse.linalg import splu

from corridor.result.reading import store_change

if TYPE_CHECKING:
    from corridor.network import Network
    from corridor.program import Floats, Ints
    from corridor.result import Reading

__all__ = ["Histories", "Marks", "trace"]


DUST = 1e-13
"""Share of the largest inflow below which an inflow is nothing."""


@dataclass(frozen=True)
class Marks:
    """What a unit's history remembers."""

    screen: Ints
    """(A,) number of the route corridor whose screen a link is; -1 for none"""
    routes: tuple[str, ...]
    marked: np.ndarray[tuple[int], np.dtype[np.bool_]]
    """(A,) links that set the mark (they cross the country asked about)"""


@dataclass(frozen=True)
class Histories:
    """Shares of histories at every node: (T, N, classes, routes + 1, 2).

    Axis 2 tells the class of the supply it comes from, axis 3 the route crossed (the last: none yet), axis 4 whether a
    marked link was crossed.
    """

    share: Floats
    stored: Floats
    """of the same shape: shares in what stores at a node give in a period"""
    inflow: Floats
    """(T, N): what enters each node, from links, supplies and stocks"""


def trace(net: Network, reading: Reading, marks: Marks, chosen: Ints, classes: Ints) -> Histories:
    """Trace the chosen streams (positions) together, as one mixture.

    `classes`, one number per (supply, stream) pair of the network, says which supplies are told apart.
    """
    n_nodes, n_routes = len(net.nodes), len(marks.routes)
    n_classes = int(classes.max(initial=0)) + 1
    size = n_classes * (n_routes + 1) * 2
    flows = np.flatnonzero(np.isin(net.flows.stream, chosen))
    gives = np.flatnonzero(np.isin(net.supplies.give_stream, chosen))
    link = net.flows.link[flows]
    start, end = net.links.start[link], net.links.end[link]
    moves = _moves(marks, link, n_classes)
    fresh = classes[gives] * (n_routes + 1) * 2 + n_routes * 2
    shares = np.zeros((len(net.periods), n_nodes, size))
    stored = np.zeros_like(shares)
    entering = np.zeros((len(net.periods), n_nodes))
    drawn = _drawn(net, reading, chosen)
    rows = (end[:, None] * size + moves).ravel()
    columns = (start[:, None] * size + np.arange(size)[None, :]).ravel()
    supply_node = net.supplies.node[net.supplies.give_supply[gives]]
    for t in range(len(net.periods)):
        carried = reading.flow[t, flows] * (1.0 - net.links.loss[link])
        given = reading.give[t, gives]
        inflow = drawn[t].copy()
        np.add.at(inflow, end, carried)
        np.add.at(inflow, supply_node, given)
        entering[t] = inflow
        # A loop that nothing enters (a solver's dust) has no history; without a trace more it would have no solution.
        trace_more = DUST * float(inflow.max(initial=0.0))
        part = np.divide(1.0, inflow + trace_more, out=np.zeros(n_nodes), where=inflow > 0)
        weight = np.repeat(carried * part[end], size)
        mixing = coo_matrix((weight, (rows, columns)), shape=(n_nodes * size, n_nodes * size))
        source = np.zeros((n_nodes, size))
        np.add.at(source, (supply_node, fresh), given * part[supply_node])
        solver = splu((eye(n_nodes * size) - mixing).tocsc())
        # What lay in a store is as what entered in the period before; in the first period, as what enters now.
        before = shares[t - 1] if t else solver.solve(source.ravel()).reshape(n_nodes, size)
        total = before.sum(axis=1, keepdims=True)
        before = np.divide(before, total, out=before.copy(), where=total > 0)
        # What lay where nothing comes has crossed nothing, as far as anyone knows.
        before[:, n_routes * 2] += total[:, 0] == 0
        stored[t] = before
        source += (drawn[t] * part)[:, None] * before
        shares[t] = solver.solve(source.ravel()).reshape(n_nodes, size)
        # A node through which nothing came keeps its memory for what its store may give later.
        shares[t] = np.where((inflow > 0)[:, None], shares[t], before)
    shape = len(net.periods), n_nodes, n_classes, n_routes + 1, 2
    return Histories(shares.reshape(shape), stored.reshape(shape), entering)


def _drawn(net: Network, reading: Reading, chosen: Ints) -> Floats:
    """What stores of the chosen streams give at each node, shape (T, N)."""
    drawn = np.zeros((len(net.periods), len(net.nodes)))
    pairs = np.flatnonzero(np.isin(net.stores.pair_stream, chosen))
    if len(pairs):
        given = np.maximum(-store_change(net, reading.level)[:, pairs], 0.0)
        np.add.at(drawn.T, net.stores.node[net.stores.pair_store[pairs]], given.T)
    return drawn


def _moves(marks: Marks, link: Ints, n_classes: int) -> Ints:
    """Where each history goes when it passes a link, shape (flows, histories)."""
    n_routes = len(marks.routes)
    index = np.arange(n_classes * (n_routes + 1) * 2).reshape(n_classes, n_routes + 1, 2)
    moved = np.empty((len(link), *index.shape), dtype=np.int64)
    for number, a in enumerate(link):
        after = index.copy()
        if marks.marked[a]:
            after[..., 0] = after[..., 1]
        if marks.screen[a] >= 0:
            after[:, :, :] = after[:, marks.screen[a] : marks.screen[a] + 1, :]
        moved[number] = after
    return moved.reshape(len(link), index.size)
