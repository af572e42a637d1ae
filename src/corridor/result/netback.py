"""Netback: what a market pays, less everything on the way, back at the field.

In each period every node mixes what flows in and sends the mix on, so that a field's goods leave a node in proportion to
all that leaves it (Bialek 1996; the convention of `share`). With T_i what passes node i, and x_a the flow into link a
from i to j, the amounts m of a field's goods that reach each node solve

    m_j = given_j + sum_a (1 - loss_a) x_a / T_i m_i

and so do the amounts measured before losses (without 1 - loss), and each cost that the goods carry along: goods that
enter a link take on its cost per unit. A screen of a route corridor moves goods from "no route yet" to that route.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor.case.units import canonical_price_unit
from corridor.result.reading import IDLE, pair_of, store_change

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd

    from corridor.network import Network
    from corridor.network.model import Bools
    from corridor.program import Floats, Ints
    from corridor.result.model import Result

__all__ = ["DOMESTIC", "netback_table"]

DOMESTIC = "domestic"
"""Route of what crosses no screen of a route corridor."""

_COSTS = ("freight", "tariff", "fees", "quality", "wedge", "rent")
AT_ONCE = 4_000_000
"""Most numbers that the periods which are traced at once may take."""
DENSE = 60
"""Most nodes of a stream for which a dense inverse is quicker than a sparse factor."""
_LEAK = 1e-12
"""Share that is lost at each step, so that goods going round in a loop for nothing leave a matrix that can be solved."""


def netback_table(result: Result) -> pd.DataFrame:
    """Netback of every field by route and market, averages over the calendar weighted by volume.

    Columns field, route, market, good, price, freight, tariff, fees, duty, quality, wedge, netback, rent, unit, volume,
    volume_unit. All per unit that leaves the field; `freight` is what moving uses up, the value of what is lost on the
    way included. `volume` is what left the field for this market this way over the calendar. `rent` is what full links
    and pools, limits, the route preference and mark-ups of sellers take: netback - rent is the price at the field. Goods that were put into
    a store are not told, nor those drawn from one: they were sold in another period than they were produced in.
    """
    import pandas as pd

    net, totals = result.network, _totals(result)
    routes = [DOMESTIC, *_screens(result)]
    rows = []
    for d, amounts in totals.items():
        good = net.demands.good[d]
        for r, s in zip(*np.nonzero(amounts[..., 0] > 0), strict=True):
            left, arrived, revenue, *costs, due = amounts[r, s]
            price = revenue / arrived
            each = dict(zip(_COSTS, np.array(costs) / left, strict=True))
            duty = due / left
            # What is lost on the way earns nothing; the duty is on what arrives.
            freight = each["freight"] + price * (1.0 - arrived / left)
            netback = price - freight - duty - each["tariff"] - each["fees"] - each["quality"] - each["wedge"]
            rows.append(
                {
                    "field": net.supplies.ids[s],
                    "route": routes[r],
                    "market": net.demands.ids[d],
                    "good": net.goods[good],
                    "price": price,
                    "freight": freight,
                    "tariff": each["tariff"],
                    "fees": each["fees"],
                    "duty": duty,
                    "quality": each["quality"],
                    "wedge": each["wedge"],
                    "netback": netback,
                    "rent": each["rent"],
                    "unit": canonical_price_unit(net.good_unit[good]),
                    "volume": left,
                    "volume_unit": net.good_unit[good],
                }
            )
    names = ["field", "route", "market", "good", "price", "freight", "tariff", "fees", "duty", "quality", "wedge"]
    table = pd.DataFrame(rows, columns=[*names, "netback", "rent", "unit", "volume", "volume_unit"])
    return table.sort_values(["field", "route", "market"], ignore_index=True)


def _screens(result: Result) -> dict[str, int]:
    """Route corridor -> position of its screen link."""
    corridors = result.case.tables["corridors"]
    position = {name: a for a, name in enumerate(result.network.links.ids)}
    return {
        name: position[screen]
        for name, screen, route in zip(corridors["id"], corridors["screen"], corridors["route"], strict=True)
        if route
    }


def _totals(result: Result) -> dict[int, Floats]:
    """Per demand an array (routes, S, 10) of sums over the calendar.

    The volume that left the field, the volume that arrived, then in million USD what consumers paid for it, each of
    `_COSTS`, and the duties in what they paid.
    """
    net, reading = result.network, result.reading
    screen_of = np.zeros(len(net.links.ids), dtype=np.int64)
    for number, a in enumerate(_screens(result).values()):
        screen_of[a] = number + 1
    n_routes = int(screen_of.max(initial=0)) + 1
    unit_cost = _unit_costs(result)
    filled = np.maximum(store_change(net, reading.level), 0.0)
    tiny = IDLE * max(1e-9, float(reading.throughput.max(initial=0.0)))
    totals: dict[int, Floats] = {}
    for k in range(len(net.streams)):
        takes = np.flatnonzero(net.demands.take_stream == k)
        for mix in _mixes(result, k, filled, tiny, n_routes):
            traced = _trace(net, mix, screen_of, n_routes, unit_cost)
            for j in takes:
                i, d = traced.local[net.demands.node[net.demands.take_demand[j]]], net.demands.take_demand[j]
                at = np.flatnonzero(reading.take[mix.periods, j] > tiny)
                if i < 0 or not len(at):
                    continue  # served from a store alone, or not at all
                t = mix.periods[at]
                taken = net.years[t] * reading.take[t, j]
                here = (taken / traced.through[i, at])[:, None, None] * traced.amounts[:, i, at]
                price = reading.price[t, pair_of(net)[net.demands.node[d], k]]
                duty, mark_up = result.settlement.duty[t, j] / taken, result.settlement.mark_up[t, j] / taken
                into = totals.setdefault(int(d), np.zeros((n_routes, len(net.supplies.ids), 4 + len(_COSTS))))
                arrived = here[..., 1]
                into[:, traced.supply, :2] += here[..., :2].sum(axis=1)
                into[:, traced.supply, 2] += (arrived * (price + duty + mark_up)[:, None]).sum(axis=1)
                into[:, traced.supply, 3:-1] += here[..., 2:].sum(axis=1)
                into[:, traced.supply, -2] += (arrived * mark_up[:, None]).sum(axis=1)
                into[:, traced.supply, -1] += (arrived * duty[:, None]).sum(axis=1)
    return totals


def _unit_costs(result: Result) -> Floats:
    """Each of `_COSTS` per unit that enters a link, shape (costs, T, F)."""
    net, flow = result.network, result.reading.flow
    link, links = net.flows.link, net.links
    total = np.zeros(links.capacity.shape)
    np.add.at(total.T, link, flow.T)
    moved = net.years[:, None] * flow
    rent = sum(result.settlement.rent.values(), np.zeros_like(flow))
    return np.stack(
        [
            links.resource_cost[:, link] + links.cubic[link] * total[:, link] ** 2,
            links.tariff[:, link],
            links.fee[:, link] + net.flow_charge,
            links.quality[:, link],
            net.flows.wedge,
            np.divide(rent, moved, out=np.zeros_like(flow), where=moved > 0),
        ]
    )


@dataclass(frozen=True)
class _Mix:
    """One stream in some periods: the links that carry it, the fields that give it, what passes each node."""

    periods: Ints
    flows: Ints
    """positions among the network's flows"""
    rate: Floats
    """(flows, periods)"""
    gives: Ints
    """positions among the pairs of supply and stream"""
    given: Floats
    """(gives, periods)"""
    through: Floats
    """(N, periods)"""


def _mixes(result: Result, k: int, filled: Floats, tiny: float, n_routes: int) -> Iterator[_Mix]:
    """A stream in as many periods at once as memory should hold; nothing for one that no field gives."""
    net, reading = result.network, result.reading
    flow, give = (
        _above(reading.flow, net.flows.stream == k, tiny),
        _above(reading.give, net.supplies.give_stream == k, tiny),
    )
    flows, gives = np.flatnonzero(flow.any(axis=0)), np.flatnonzero(give.any(axis=0))
    if not len(gives):
        return
    takes = np.flatnonzero(net.demands.take_stream == k)
    stores = np.flatnonzero(net.stores.pair_stream == k)
    through = np.zeros((len(net.nodes), len(net.periods)))
    np.add.at(through, net.links.start[net.flows.link[flows]], flow[:, flows].T)
    np.add.at(through, net.demands.node[net.demands.take_demand[takes]], reading.take[:, takes].T)
    np.add.at(through, net.stores.node[net.stores.pair_store[stores]], filled[:, stores].T)
    each = (n_routes * 2 * (len(flows) + 1) + len(flows)) * len(gives) * (2 + len(_COSTS))
    for first in range(0, len(net.periods), step := max(1, AT_ONCE // each)):
        t = np.arange(first, min(first + step, len(net.periods)))
        yield _Mix(t, flows, flow[t][:, flows].T, gives, give[t][:, gives].T, through[:, t])


def _above(rates: Floats, chosen: Bools, tiny: float) -> Floats:
    """Rates (T, ...) of the chosen columns where they are more than nothing, else 0."""
    return np.where(chosen & (rates > tiny), rates, 0.0)


@dataclass(frozen=True)
class _Traced:
    local: Ints
    """(N,) position of a node among those that the stream passes"""
    through: Floats
    """(nodes, periods)"""
    supply: Ints
    """(G,) supplies that give"""
    amounts: Floats
    """(routes, nodes, periods, G, 8): rate before losses, rate after them, then each of `_COSTS` per year"""


def _trace(net: Network, mix: _Mix, screen_of: Ints, n_routes: int, unit_cost: Floats) -> _Traced:
    """Where each field's goods get to, by route."""
    from scipy.sparse import csc_matrix

    link = net.flows.link[mix.flows]
    supply = net.supplies.give_supply[mix.gives]
    start, end, home = net.links.start[link], net.links.end[link], net.supplies.node[supply]
    nodes = np.unique(np.concatenate([start, end, home]))
    local = np.full(len(net.nodes), -1)
    local[nodes] = np.arange(len(nodes))
    through, n, n_periods = mix.through[nodes], len(nodes), len(mix.periods)
    leaving = through[local[start]]
    share = np.divide(mix.rate, leaving, out=np.zeros_like(mix.rate), where=mix.rate > 0)
    kept, screen = 1.0 - net.links.loss[link][:, None], screen_of[link]
    # (links, periods, 1, costs): the same for every field.
    cost = unit_cost[:, mix.periods][:, :, mix.flows].transpose(2, 1, 0)[:, :, None]

    begin, finish = local[start], local[end]
    arriving = csc_matrix((np.ones(len(link)), (finish, np.arange(len(link)))), shape=(n, len(link)))

    def moved(carried: Floats) -> Floats:
        """What links (links, ...) bring to the nodes (nodes, ...)."""
        brought: Floats = np.asarray(arriving @ carried.reshape(len(link), math.prod(carried.shape[1:])))
        return brought.reshape(n, *carried.shape[1:])

    given = np.zeros((n, n_periods, len(supply)))
    given[local[home], :, np.arange(len(supply))] = mix.given
    amounts = np.zeros((n_routes, n, n_periods, len(supply), 2 + len(_COSTS)))
    # Goods on a route keep it, whatever they cross later; those on none leave by the first screen.
    plain = np.where(screen == 0, 1.0, 0.0)[:, None]
    whole = np.ones((len(link), 1))
    step = (1.0 - _LEAK) * share
    on_none = plain, _solver(n, finish, begin, step * plain), _solver(n, finish, begin, step * plain * kept)
    on_route = whole, _solver(n, finish, begin, step), _solver(n, finish, begin, step * kept)
    for route in [0, *np.unique(screen[screen > 0])]:
        inside, carry, arrive = on_route if route else on_none
        entering = (share * (screen == route)[:, None] if route else np.zeros_like(share))[..., None]
        before, after = amounts[0][begin], amounts[route]
        fresh = np.zeros_like(given) if route else given
        after[..., 1] = arrive(fresh + moved(kept[..., None] * entering * before[..., 1]))
        # Goods take on a link's costs as they enter it, by what enters.
        entered = (share * inside)[..., None] * after[begin][..., 1] + entering * before[..., 1]
        gained = np.concatenate(
            [
                (fresh + moved(entering * before[..., 0]))[..., None],
                moved(entering[..., None] * before[..., 2:] + cost * entered[..., None]),
            ],
            axis=-1,
        )
        solved = carry(gained.reshape(n, n_periods, -1)).reshape(gained.shape)
        after[..., 0], after[..., 2:] = solved[..., 0], solved[..., 1:]
    return _Traced(local, through, supply, amounts)


def _solver(n: int, finish: Ints, begin: Ints, weight: Floats) -> Callable[[Floats], Floats]:
    """Solves m = b + sum over links of weight times m at their beginning, for b of shape (nodes, periods, columns).

    `weight` has shape (links, periods). One stream's nodes are few, mostly.
    """
    n_periods = weight.shape[1]
    if n <= DENSE:
        matrix = np.tile(np.eye(n), (n_periods, 1, 1))
        np.add.at(matrix, (np.arange(n_periods), finish[:, None], begin[:, None]), -weight)
        inverse = np.linalg.inv(matrix)
        # A plain product: threads of a linear algebra library take longer to begin than this takes.
        return lambda given: np.asarray(np.einsum("tij,jtk->itk", inverse, given))
    from scipy.sparse import csc_matrix, identity
    from scipy.sparse.linalg import splu

    steps = (csc_matrix((column, (finish, begin)), shape=(n, n)) for column in weight.T)
    solvers = [splu(csc_matrix(identity(n) - step)).solve for step in steps]
    return lambda given: np.stack([solve(given[:, t]) for t, solve in enumerate(solvers)], axis=1)
