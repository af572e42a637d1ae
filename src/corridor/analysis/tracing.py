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
from scipy.sparse import csc_matrix
from scipy.sparse.linalg import splu

from corridor.result.reading import store_change

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridor.network import Network
    from corridor.program import Bools, Floats, Ints
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
    n_routes = len(marks.routes)
    n_classes = int(classes.max(initial=0)) + 1
    flows = np.flatnonzero(np.isin(net.flows.stream, chosen))
    gives = np.flatnonzero(np.isin(net.supplies.give_stream, chosen))
    link = net.flows.link[flows]
    drawn = _drawn(net, reading, chosen)
    supply_node = net.supplies.node[net.supplies.give_supply[gives]]
    # Only nodes that the chosen streams touch, and routes that they can take, are worth an unknown.
    nodes = np.unique(np.concatenate([net.links.start[link], net.links.end[link], supply_node]))
    nodes = np.union1d(nodes, np.flatnonzero(drawn.any(axis=0)))
    place = np.zeros(len(net.nodes), dtype=np.int64)
    place[nodes] = np.arange(len(nodes))
    taken = np.unique(marks.screen[link][marks.screen[link] >= 0])
    mixture = _Mixture(
        carried=reading.flow[:, flows] * (1.0 - net.links.loss[link]),
        start=place[net.links.start[link]],
        end=place[net.links.end[link]],
        moves=_moves(marks, link, n_classes, taken),
        given=reading.give[:, gives],
        supply=place[supply_node],
        fresh=(classes[gives] * (len(taken) + 1) + len(taken)) * 2,
        drawn=drawn[:, nodes],
        none=len(taken) * 2,
        size=n_classes * (len(taken) + 1) * 2,
    )
    shares, stored, entering = _mixed(mixture)
    shape = len(net.periods), len(net.nodes), n_classes, n_routes + 1, 2
    history = np.concatenate([taken, [n_routes]])

    def whole(told: Floats) -> Floats:
        """On all nodes and routes; what nothing reaches has crossed nothing."""
        full = np.zeros(shape)
        full[:, :, 0, n_routes, 0] = 1.0
        full[:, nodes, 0, n_routes, 0] = 0.0
        small = told.reshape(len(net.periods), len(nodes), n_classes, len(history), 2)
        full[:, nodes[:, None, None], np.arange(n_classes)[:, None], history] = small
        return full

    inflow = np.zeros((len(net.periods), len(net.nodes)))
    inflow[:, nodes] = entering
    return Histories(whole(shares), whole(stored), inflow)


@dataclass(frozen=True)
class _Mixture:
    """What is mixed at the nodes that matter. Histories are numbered by class, route and mark."""

    carried: Floats
    """(T, flows) what arrives"""
    start: Ints
    end: Ints
    moves: Ints
    """(flows, histories) the history after the link"""
    given: Floats
    """(T, supplies)"""
    supply: Ints
    """node of each supply"""
    fresh: Ints
    """history of what each supply gives"""
    drawn: Floats
    """(T, N) what stores give"""
    none: int
    """the history that has crossed nothing"""
    size: int


def _mixed(m: _Mixture) -> tuple[Floats, Floats, Floats]:
    """Shares of histories at nodes and in what stores give, (T, N, histories), and what enters nodes, (T, N)."""
    n_periods, n_nodes = m.drawn.shape
    size = m.size
    shares = np.zeros((n_periods, n_nodes, size))
    stored = np.zeros_like(shares)
    entering = np.zeros((n_periods, n_nodes))
    if not n_nodes:
        return shares, stored, entering
    system = _System.of(m)
    for t in range(n_periods):
        inflow = m.drawn[t].copy()
        np.add.at(inflow, m.end, m.carried[t])
        np.add.at(inflow, m.supply, m.given[t])
        entering[t] = inflow
        # A loop that nothing enters (a solver's dust) has no history; without a trace more it would have no solution.
        trace_more = DUST * float(inflow.max(initial=0.0))
        part = np.divide(1.0, inflow + trace_more, out=np.zeros(n_nodes), where=inflow > 0)
        source = np.zeros((n_nodes, size))
        np.add.at(source, (m.supply, m.fresh), m.given[t] * part[m.supply])
        solve = system.solver(m.carried[t] * part[m.end])
        # What lay in a store is as what entered in the period before; in the first period, as what enters now.
        before = shares[t - 1] if t else solve(source)
        total = before.sum(axis=1, keepdims=True)
        before = np.divide(before, total, out=before.copy(), where=total > 0)
        # What lay where nothing comes has crossed nothing, as far as anyone knows.
        before[:, m.none] += total[:, 0] == 0
        stored[t] = before
        source += (m.drawn[t] * part)[:, None] * before
        shares[t] = solve(source)
        # A node through which nothing came keeps its memory for what its store may give later.
        shares[t] = np.where((inflow > 0)[:, None], shares[t], before)
    return shares, stored, entering


@dataclass(frozen=True)
class _System:
    """The equations of one period. Few histories get to each node, and only those are unknown; where is the same in all."""

    reached: Bools
    """(N, histories)"""
    flow: Ints
    """link flow of each entry off the diagonal"""
    slot: Ints
    """where an entry stands among the numbers of the matrix, the diagonal's after the others"""
    indices: Ints
    indptr: Ints

    @classmethod
    def of(cls, m: _Mixture) -> _System:
        reached = _reached(m)
        number = np.full(reached.shape, -1)
        number[reached] = np.arange(count := int(reached.sum()))
        flow, history = np.nonzero(reached[m.start])
        row = np.concatenate([number[m.end[flow], m.moves[flow, history]], np.arange(count)])
        column = np.concatenate([number[m.start[flow], history], np.arange(count)])
        places, slot = np.unique(column * count + row, return_inverse=True)
        indptr = np.searchsorted(places, np.arange(count + 1) * count)
        return cls(reached, flow, slot, (places % max(count, 1)).astype(np.int32), indptr.astype(np.int32))

    def solver(self, weight: Floats) -> Callable[[Floats], Floats]:
        """Solves s = source + what links bring, (N, histories); `weight` is a flow's share in what enters its end."""
        count = len(self.indptr) - 1
        if not count:
            return np.zeros_like
        values = np.concatenate([-weight[self.flow], np.ones(count)])
        data = np.bincount(self.slot, values, minlength=len(self.indices))
        factor = splu(csc_matrix((data, self.indices, self.indptr), shape=(count, count)))

        def solve(source: Floats) -> Floats:
            found = np.zeros(self.reached.shape)
            found[self.reached] = factor.solve(source[self.reached])
            return found

        return solve


def _reached(m: _Mixture) -> Bools:
    """Which histories can be at which nodes, (N, histories): those of what is given and stored, moved along the links."""
    reached = np.zeros((m.drawn.shape[1], m.size), dtype=bool)
    reached[m.supply, m.fresh] = True
    reached[m.drawn.any(axis=0), m.none] = True
    while True:
        known = int(reached.sum())
        flow, history = np.nonzero(reached[m.start])
        reached[m.end[flow], m.moves[flow, history]] = True
        if int(reached.sum()) == known:
            return reached


def _drawn(net: Network, reading: Reading, chosen: Ints) -> Floats:
    """What stores of the chosen streams give at each node, shape (T, N)."""
    drawn = np.zeros((len(net.periods), len(net.nodes)))
    pairs = np.flatnonzero(np.isin(net.stores.pair_stream, chosen))
    if len(pairs):
        given = np.maximum(-store_change(net, reading.level)[:, pairs], 0.0)
        np.add.at(drawn.T, net.stores.node[net.stores.pair_store[pairs]], given.T)
    return drawn


def _moves(marks: Marks, link: Ints, n_classes: int, taken: Ints) -> Ints:
    """Where each history goes when it passes a link, shape (flows, histories); routes are numbered as in `taken`."""
    index = np.arange(n_classes * (len(taken) + 1) * 2).reshape(n_classes, len(taken) + 1, 2)
    route = np.full(len(marks.routes) + 1, -1, dtype=np.int64)
    route[taken] = np.arange(len(taken))
    moved = np.empty((len(link), *index.shape), dtype=np.int64)
    for number, a in enumerate(link):
        after = index.copy()
        if marks.marked[a]:
            after[..., 0] = after[..., 1]
        if marks.screen[a] >= 0:
            on = route[marks.screen[a]]
            after[:, :, :] = after[:, on : on + 1, :]
        moved[number] = after
    return moved.reshape(len(link), index.size)
