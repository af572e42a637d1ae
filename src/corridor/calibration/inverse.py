"""Prices and the smallest cost corrections (wedges) that make reconciled flows an equilibrium.

Inverse optimisation (Ahuja and Orlin 2001) in the quadratic norm: over node prices p, wedges w per link and good,

    minimise   sum_a x_a w_a^2 / (cost_a + f length_a)  +  sum_n q_n (p_n - observed_n)^2 / sigma_n
    subject to (1 - loss_a) p_to - p_from  = cost_a + w_a   where a carries the stream
               (1 - loss_a) p_to - p_from <= cost_a + w_a   where it does not
               p = p0 at a supply that feeds the stream, p <= p0 where it does not; p0 >= avoidable cost
               p + duty = P at a demand that takes the stream, p + duty >= P where it does not;
    of a seller with market power P (1 - theta s / |e|) in place of P, s its share of the demand (conduct.py).

The penalty does not change when a link is cut in series (cost and length divided) or in parallel (flow and capacity
divided): tests/calibration/test_laws.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor.calibration.conduct import marginal_revenue, marked_up
from corridor.calibration.processes import process_side
from corridor.case import records
from corridor.formulation.assemble import Assembly
from corridor.result.reading import pair_of
from corridor.solver import solve_program

if TYPE_CHECKING:
    from corridor.calibration.reconcile import Reconciled
    from corridor.case import Case
    from corridor.network import Network
    from corridor.program import Block, Bools, Floats, Ints
    from corridor.result import Reading

Texts = np.ndarray[tuple[int, ...], np.dtype[np.object_]]

__all__ = ["ANCHOR_SIGMA", "FULL", "Prices", "find_prices"]

ANCHOR_SIGMA = {"high": 0.005, "medium": 0.02, "low": 0.05}
"""Standard error of an observed price by confidence, as a share of it; assumed."""
FULL = 0.95
"""Share of capacity from which a link is full: its wedge can be scarcity as well as cost."""
SCARCE = 1e-3
"""Penalty on a wedge read as scarcity, relative to one read as cost: scarcity needs no explanation."""
PER_KM = 0.1
"""f, as a share of the mean known cost per km of the good; assumed."""


@dataclass(frozen=True)
class Prices:
    """What the reconciled flows say: prices (B,), wedges per link and good (A, G), where they are scarcity."""

    price: Floats
    wedge: Floats
    reading: Texts
    """(A, G): "cost", "scarcity", "lower_bound", or "" where the link does not carry the good"""
    pool: Texts
    """(A,): pool that is full, where the link itself is not"""
    supply: Floats
    """(S,) p0"""
    demand: Floats
    """(D,) price that consumers' curves pass through"""
    process: Floats
    """(P,) wedge of each process, per unit of activity"""
    process_reading: Texts
    """(P,): as `reading`; "" where a process is full or closed and has no wedge"""
    contracts: tuple[int, ...]
    """positions among the network's limits of minimum volumes that hold a flow where it is"""


def find_prices(case: Case, reconciled: Reconciled) -> Prices:
    """Prices and wedges of one calibration range, as averages over its periods weighted by days."""
    net, reading = reconciled.network, reconciled.reading
    weight = net.years / net.years.sum()
    flow = weight @ reading.flow
    goods = len(net.goods)
    link, good = net.flows.link, net.stream_good[net.flows.stream]
    carried = np.zeros((len(net.links.ids), goods))
    np.add.at(carried, (link, good), flow)
    usable = np.zeros((len(net.links.ids), goods), dtype=bool)
    open_flow = (net.links.capacity.max(axis=0)[link] > 0) & net.flows.allowed.any(axis=0)
    usable[link[open_flow], good[open_flow]] = True
    cost = weight @ (net.links.resource_cost + net.links.tariff + net.links.fee + net.links.quality)
    average = net.links.cubic * carried.sum(axis=1) ** 2
    scarce, pool = _scarcity(net, weight, carried)
    penalty = _penalties(case, carried, cost, scarce)

    at = Assembly()
    columns, rows = _wedge_problem(
        net, reading, weight, at, usable, carried, penalty, scarce, cost + average, open_flow
    )
    price, wedge, supply, demand = columns
    contracts = _contracts(net, reading, at, rows)
    _supply_side(net, reading, weight, at, price, supply)
    _demand_side(case, net, reading, weight, at, price, demand)
    processes = process_side(net, reading, weight, at, supply, demand, full=FULL, scarce=SCARCE)
    _anchors(case, net, reading, weight, at, price)
    program = at.program()
    solution = solve_program(program)
    value = solution.primal
    found = np.zeros((len(net.links.ids), goods))
    a, g = wedge.keys
    found[a, g] = value[wedge.span]
    kind = np.full(found.shape, "", dtype=object)
    kind[a, g] = np.where(carried[a, g] > 0, np.where(scarce[a], "scarcity", "cost"), "lower_bound")
    return Prices(
        price=value[price.span],
        wedge=found,
        reading=kind,
        pool=pool,
        supply=value[supply.span],
        demand=value[demand.span],
        process=processes.found(value),
        process_reading=processes.reading,
        contracts=contracts,
    )


def _scarcity(net: Network, weight: Floats, carried: Floats) -> tuple[Bools, Texts]:
    """Which links are full, themselves (pool "") or through a pool."""
    capacity = weight @ np.where(np.isinf(net.links.capacity), 0.0, net.links.capacity)
    limited = np.isfinite(net.links.capacity).all(axis=0)
    full = limited & (capacity > 0) & (carried.sum(axis=1) >= FULL * capacity)
    pool_name = np.full(len(net.links.ids), "", dtype=object)
    scarce = full.copy()
    pools = net.pools
    used = np.zeros(len(pools.ids))
    for p, f, w in zip(pools.member_pool, pools.member_flow, pools.member_weight, strict=True):
        used[p] += w * carried[net.flows.link[f], net.stream_good[net.flows.stream[f]]] / _streams_on(net, int(f))
    for p, f in zip(pools.member_pool, pools.member_flow, strict=True):
        room = float(weight @ pools.capacity[:, p])
        a = net.flows.link[f]
        if 0 < room < np.inf and used[p] >= FULL * room and not full[a]:
            scarce[a], pool_name[a] = True, pools.ids[p]
    return scarce, pool_name


def _streams_on(net: Network, flow: int) -> int:
    """How many flows share the (link, good) of a flow: their carried total is counted once."""
    link, good = net.flows.link[flow], net.stream_good[net.flows.stream[flow]]
    return int(((net.flows.link == link) & (net.stream_good[net.flows.stream] == good)).sum())


def _penalties(case: Case, carried: Floats, cost: Floats, scarce: Bools) -> Floats:
    """x / (cost + f length) per link and good, shape (A, G); idle links as if they carried a hundredth of the largest."""
    length = np.nan_to_num(case.tables["links"]["length_km"].to_numpy(dtype=float))
    total = carried.sum(axis=1)
    per_km = PER_KM * float(total @ cost) / max(1e-12, float(total @ length)) if (total @ length) > 0 else 0.0
    stated = 0.01 * float(total @ cost) / max(1e-12, float(total.sum())) if total.sum() > 0 else 1.0
    spread = np.where((cost + per_km * length) > 0, cost + per_km * length, max(stated, 1e-6))
    idle = 0.01 * max(1e-9, float(carried.max(initial=0.0)))
    weight = np.where(carried > 0, carried, idle) / np.maximum(spread, 1e-6)[:, None]
    return weight * np.where(scarce, SCARCE, 1.0)[:, None]


def _wedge_problem(
    net: Network,
    reading: Reading,
    weight: Floats,
    at: Assembly,
    usable: Bools,
    carried: Floats,
    penalty: Floats,
    scarce: Bools,
    cost: Floats,
    open_flow: Bools,
) -> tuple[tuple[Block, Block, Block, Block], Block]:
    """Columns price, wedge, supply price and demand price, and the row of each open flow that ties them together."""
    n_balance = len(net.balance_node)
    labels = tuple(s.label for s in net.streams)
    # A price where nothing passes hangs on nothing: a faint pull keeps the program strictly convex.
    price = at.add_columns(
        "price",
        (net.balance_node, net.balance_stream),
        (net.nodes, labels),
        quadratic=np.full(n_balance, 1e-9),
        lower=-np.inf,
    )
    a, g = np.nonzero(usable)
    # Nothing pays to use an idle link, and a full one is never subsidised: these wedges are not negative.
    lower = np.where((carried[a, g] > 0) & ~scarce[a], -np.inf, 0.0)
    wedge = at.add_columns("wedge", (a, g), (net.links.ids, net.goods), quadratic=2.0 * penalty[a, g], lower=lower)
    supply = at.add_columns("supply_price", (np.arange(len(net.supplies.ids)),), (net.supplies.ids,), lower=-np.inf)
    demand = at.add_columns("demand_price", (np.arange(len(net.demands.ids)),), (net.demands.ids,), lower=-np.inf)
    f = np.flatnonzero(open_flow)
    link, stream = net.flows.link[f], net.flows.stream[f]
    used = (weight @ reading.flow)[f] > 0
    due = cost[link] + (weight @ net.flow_charge)[f]
    rows = at.add_rows(
        "shipping",
        (link, stream),
        (net.links.ids, labels),
        lower=np.where(used, due, -np.inf),
        upper=due,
    )
    lookup = pair_of(net)
    here = rows.start + np.arange(len(f))
    at.add_entries(here, price.start + lookup[net.links.end[link], stream], 1.0 - net.links.loss[link])
    at.add_entries(here, price.start + lookup[net.links.start[link], stream], -1.0)
    place = np.full(usable.shape, -1)
    place[a, g] = np.arange(len(a))
    at.add_entries(here, wedge.start + place[link, net.stream_good[stream]], -1.0)
    return (price, wedge, supply, demand), rows


def _contracts(net: Network, reading: Reading, at: Assembly, shipping: Block) -> tuple[int, ...]:
    """Minimum volumes that are just met: what holds such a flow is the contract, not a hidden cost.

    Their price stands beside the cost of every flow they count, at no penalty, as a full link's wedge does.
    """
    flow_of = {(int(a), int(k)): f for f, (a, k) in enumerate(zip(net.flows.link, net.flows.stream, strict=True))}
    row_flow = np.array([flow_of[int(a), int(k)] for a, k in zip(*shipping.keys, strict=True)], dtype=np.int64)
    found = []
    for number, limit in enumerate(net.limits):
        if limit.quantity != "flow" or not 0 < limit.lower < np.inf:
            continue
        volume = float(net.years[limit.period] @ reading.flow[limit.period, limit.item])
        if volume <= limit.lower / FULL:
            found.append(number)
    contract = at.add_columns("contract", (np.array(found, dtype=np.int64),), (tuple(i.id for i in net.limits),))
    for position, number in enumerate(found):
        rows = shipping.start + np.flatnonzero(np.isin(row_flow, net.limits[number].item))
        at.add_entries(rows, np.full(len(rows), contract.start + position), 1.0)
    return tuple(found)


def _meeting(
    at: Assembly,
    name: str,
    ids: tuple[str, ...],
    item: Ints,
    used: Floats,
    price_at: Ints,
    own: Block,
    sign: float,
    due: Floats | float = 0.0,
    ad_valorem: Floats | float = 0.0,
    kept: Floats | float = 1.0,
) -> None:
    """sign * ((1 + ad_valorem) price - kept own) = due where the pair is used, else <= due; duties are on the pair.

    `kept` is the part of its own price that a pair's seller counts as what one more unit earns.
    """
    rows = at.add_rows(
        name,
        (item, np.arange(len(item))),
        (ids, tuple(f"pair_{n}" for n in range(len(item)))),
        lower=np.where(used > 0, due, -np.inf),
        upper=due,
    )
    here = rows.start + np.arange(len(item))
    at.add_entries(here, price_at, sign * (1.0 + np.broadcast_to(ad_valorem, item.shape)))
    at.add_entries(here, own.start + item, -sign * np.broadcast_to(kept, item.shape))


def _supply_side(net: Network, reading: Reading, weight: Floats, at: Assembly, price: Block, supply: Block) -> None:
    s = net.supplies
    pairs = pair_of(net)[s.node[s.give_supply], s.give_stream]
    _meeting(at, "gate", s.ids, s.give_supply, weight @ reading.give, price.start + pairs, supply, 1.0)
    produces = np.flatnonzero((weight @ reading.supply > 0)[: net.own_supplies])
    rows = at.add_rows("lifting", (produces,), (s.ids,), lower=(weight @ s.avoidable)[produces])
    at.add_entries(rows.start + np.arange(len(produces)), supply.start + produces, 1.0)


def _demand_side(
    case: Case, net: Network, reading: Reading, weight: Floats, at: Assembly, price: Block, demand: Block
) -> None:
    d = net.demands
    pairs = pair_of(net)[d.node[d.take_demand], d.take_stream]
    _meeting(
        at,
        "market",
        d.ids,
        d.take_demand,
        weight @ reading.take,
        price.start + pairs,
        demand,
        -1.0,
        weight @ net.marginal_duty(reading.take),
        weight @ net.ad_valorem,
        marginal_revenue(net, reading),
    )
    observed = weight @ d.price
    regulated = _regulated(net)
    # An administered price lies below the market's: the agreement is what makes the rest of it be delivered.
    kept = np.flatnonzero(regulated & np.isfinite(observed))
    rows = at.add_rows("administered", (kept,), (d.ids,), lower=observed[kept])
    at.add_entries(rows.start + np.arange(len(kept)), demand.start + kept, 1.0)
    free = np.flatnonzero(~regulated & np.isfinite(observed) & (weight @ reading.demand > 0))
    confidence = case.tables["demand"]["confidence"].to_list()
    sigma = np.array([ANCHOR_SIGMA[confidence[i] or "low"] for i in free]) * observed[free]
    _pull(
        at, "demand_anchor", d.ids, free, demand.start + free, observed[free], (weight @ reading.demand)[free] / sigma
    )


def _regulated(net: Network) -> Bools:
    """Demands served by agreement."""
    found = np.zeros(len(net.demands.ids), dtype=bool)
    for limit in net.limits:
        if limit.quantity == "take":
            found[net.demands.take_demand[limit.item]] = True
    return found


def _pull(
    at: Assembly, name: str, ids: tuple[str, ...], item: Ints, column: Ints, target: Floats, strength: Floats
) -> None:
    """A quadratic pull of a column towards a target: a row off = column - target, and a cost on off."""
    rows = at.add_rows(name, (item,), (ids,), lower=target, upper=target)
    off = at.add_columns(f"{name}_off", (item,), (ids,), quadratic=2.0 * strength, lower=-np.inf)
    here = rows.start + np.arange(len(item))
    at.add_entries(here, column, 1.0)
    at.add_entries(here, off.start + np.arange(len(item)), -1.0)


def _anchors(case: Case, net: Network, reading: Reading, weight: Floats, at: Assembly, price: Block) -> None:
    """Observed prices at nodes, for every stream that passes there."""
    span = case.settings.calibration
    if span is None:
        return
    through = weight @ reading.throughput
    items, targets, strengths, names = [], [], [], []
    for row in records(case.tables["prices"]):
        if row["start"] != span.start or row["end"] != span.end:
            continue
        here = (net.balance_node == net.nodes.index(row["node"])) & (through > 0)
        here &= net.stream_good[net.balance_stream] == net.goods.index(row["good"])
        # What is observed there is what buyers pay, and these streams stand below it by the mark-up.
        here &= ~marked_up(net)
        for pair in np.flatnonzero(here):
            items.append(int(pair))
            targets.append(float(row["value"]))
            strengths.append(float(through[pair]) / (ANCHOR_SIGMA[row["confidence"] or "low"] * float(row["value"])))
            names.append(row["id"])
    chosen = np.array(items, dtype=np.int64)
    _pull(
        at, "anchor", tuple(names), np.arange(len(chosen)), price.start + chosen, np.array(targets), np.array(strengths)
    )
