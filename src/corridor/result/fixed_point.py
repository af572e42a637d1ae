"""What a program takes as given and its own solution must say again: a fixed point, found by solving over and over.

Two things of a market depend on its answer. A link's average cost rises with what it carries, and is linearised around a
flow. A duty ad valorem is a share of the border price, the price at the node of delivery before any duty. Where a program
is written around the guess g and its solution says f(g), the answer is a g with f(g) = g; how far it is off stands in
the certificate, worked out without a solver.

The border price falls by at most what the duty rises, so that with a share s the map has slopes from -s to 0. A step of
2 / (2 + s) towards f(g) then leaves at most s / (2 + s) of the error, whatever s is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.errors import CertificateError
from corridor.result.reading import pair_of, read

if TYPE_CHECKING:
    from corridor.network import Network
    from corridor.program import Floats, Program, Solution
    from corridor.result.setup import StageProgram

__all__ = ["Assumed", "agreed", "found", "guess", "missed", "stepped"]

AGREES = 1e-6
"""Largest difference, relative to the largest duty, of the duties that two starts lead to."""


@dataclass(frozen=True)
class Assumed:
    """What a program takes as given; None where nothing in it depends on the answer."""

    carried: Floats | None = None
    """(T, A) flow around which rising average costs are linearised"""
    border: Floats | None = None
    """(T, K) border price of each pair of demand and stream, on which duties ad valorem are levied"""

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to find again."""
        return self.carried is None and self.border is None


def guess(net: Network, first_period: int, past: Assumed | None, border: Floats | None = None) -> Assumed:
    """Where to begin: no flow, and `border` or no duty; border prices of the past stay what they were."""
    carried = np.zeros(net.links.capacity.shape) if (net.links.cubic > 0).any() else None
    if not net.ad_valorem.any():
        return Assumed(carried)
    start = np.zeros_like(net.ad_valorem) if border is None else border.copy()
    if past is not None and past.border is not None:
        start[:first_period] = past.border[:first_period]
    return Assumed(carried, start)


def found(built: StageProgram, solution: Solution, assumed: Assumed, first_period: int) -> Assumed:
    """What the solution of a program written around `assumed` says."""
    net = built.network
    carried = border = None
    if assumed.carried is not None:
        carried, block = np.zeros_like(assumed.carried), built.full.column_block("flow")
        np.add.at(carried, (block.keys[0], block.keys[1]), solution.primal[block.span])
    if assumed.border is not None:
        border = _border(net, built.full, solution)
        border[:first_period] = assumed.border[:first_period]
    return Assumed(carried, border)


def missed(net: Network, assumed: Assumed, said: Assumed) -> float:
    """How far a guess and what its solution says are apart: flows relative to the largest, duties to the largest price."""
    apart = 0.0
    if assumed.carried is not None and said.carried is not None:
        apart = float(np.abs(said.carried - assumed.carried).max()) / max(1.0, float(said.carried.max()))
    if assumed.border is not None and said.border is not None:
        off = net.ad_valorem * np.abs(said.border - assumed.border)
        apart = max(apart, float(off.max()) / max(float(said.border.max()), 1e-9))
    return apart


def stepped(net: Network, assumed: Assumed, said: Assumed) -> Assumed:
    """The next guess: flows as found (a Newton step), border prices damped."""
    if assumed.border is None or said.border is None:
        return said
    return replace(said, border=assumed.border + 2.0 / (2.0 + net.ad_valorem) * (said.border - assumed.border))


def agreed(net: Network, one: Assumed, other: Assumed, take: Floats, case: str) -> float:
    """How far the duties of two starts are apart where something is delivered, relative to the largest price.

    `take`, (T, K), is the larger delivery of the two. Raises `CertificateError` where they do not agree.
    """
    if one.border is None or other.border is None:
        return 0.0
    off = np.where(take > AGREES * max(1.0, float(take.max())), net.ad_valorem * np.abs(one.border - other.border), 0.0)
    apart = float(off.max()) / max(float(one.border.max()), 1e-9)
    if not apart <= AGREES:
        t, k = np.unravel_index(int(off.argmax()), off.shape)
        where = net.demands.ids[net.demands.take_demand[k]]
        raise CertificateError(
            f"{case}: no answer, because the duty ad valorem at {where} in {net.periods.labels[t]} is "
            f"{one.border[t, k] * net.ad_valorem[t, k]:.4g} or {other.border[t, k] * net.ad_valorem[t, k]:.4g} USD a unit "
            "(in millions), depending on where one begins: the border price is not determined"
        )
    return apart


def _border(net: Network, program: Program, solution: Solution) -> Floats:
    """(T, K) price at the node of each delivery before duty; where nothing passes, what it would cost to get it there."""
    reading = read(net, program, solution.primal, solution.row_dual)
    price = np.where(reading.idle, np.inf, reading.price)
    at = pair_of(net)[net.demands.node[net.demands.take_demand], net.demands.take_stream]
    if np.isinf(price[:, at][net.ad_valorem > 0]).any():
        price = _delivered(net, program, solution, price)
    # Where nothing can be brought there is no delivery to levy a duty on.
    border: Floats = np.maximum(np.where(np.isinf(price), 0.0, price), 0.0)[:, at]
    return border


def _delivered(net: Network, program: Program, solution: Solution, price: Floats) -> Floats:
    """Fill infinite prices, (T, B), with the least cost of getting a unit there from where prices are known.

    A column costs what it takes beside the balances: its marginal cost and the rents of what it uses. Costs go from node
    to node until none falls any more (Bellman 1958): prices of an optimum leave no loop that earns anything.
    """
    beside = solution.row_dual.copy()
    beside[program.row_block("balance").span] = 0.0
    cost = program.cost + program.quadratic * solution.primal - program.matrix.T @ beside
    cost -= np.minimum(solution.column_dual, 0.0)
    unknown, filled, years = np.isinf(price), price.copy(), net.years
    lookup = pair_of(net)
    supplies = {"give", "supply_base", "supply_rise"}
    balance, matrix = program.row_block("balance"), program.matrix.tocsc()
    for block in (b for b in program.columns if b.name in supplies):
        for column in range(block.start, block.stop):
            rows = matrix.indices[matrix.indptr[column] : matrix.indptr[column + 1]]
            for row in rows[(rows >= balance.start) & (rows < balance.stop)]:
                period, pair = divmod(int(row) - balance.start, price.shape[1])
                if unknown[period, pair] and program.upper[column] > 0:
                    filled[period, pair] = min(filled[period, pair], cost[column] / years[period])
    flow = program.column_block("flow")
    usable = program.upper[flow.span] > 0
    t, link, stream = (key[usable] for key in flow.keys)
    moving = cost[flow.span][usable] / years[t]
    start, end, kept = (
        lookup[net.links.start[link], stream],
        lookup[net.links.end[link], stream],
        1 - net.links.loss[link],
    )
    for _ in range(len(net.nodes)):
        before = filled.copy()
        np.minimum.at(filled, (t, end), (before[t, start] + moving) / kept)
        filled = np.where(unknown, filled, price)
        if np.array_equal(before, filled):
            break
    return filled
