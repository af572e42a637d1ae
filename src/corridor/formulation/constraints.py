"""The rows, one function each; the docstring is the equation.

Letters (docs/background/naming.md): x flow, y supply, z delivery, g give, h take, s level of a store, r route total,
u activity of a process, m what a seller sells in a market, w volume within a tariff-rate quota;
t period of length tau_t years, a link, k stream, i node.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor.formulation.assemble import Assembly, grid
from corridor.formulation.sides import Columns, deliveries, injections, sides_of, told_apart

if TYPE_CHECKING:
    from corridor.network.model import Network, Ramp
    from corridor.program import Floats, Ints

__all__ = ["CONSTRAINTS", "STOCK"]

STOCK = ("working", "extra")
"""Blocks of columns that a store's level s is made of."""


def balance(net: Network, at: Assembly, col: Columns) -> None:
    """sum_in (1 - loss_a) x + y + (s[t-1] - s[t]) / tau_t = sum_out x + z, for every node, stream and period."""
    n_periods, n_pairs = len(net.periods), len(net.balance_node)
    pair_of = _pair_lookup(net)
    initial = np.zeros((n_periods, n_pairs))
    stores = net.stores
    store_pair = pair_of[stores.node[stores.pair_store], stores.pair_stream]
    np.add.at(initial[0], store_pair, stores.pair_initial / net.years[0])
    keys = grid(n_periods, n_pairs)
    names = (net.periods.names, net.nodes, tuple(s.label for s in net.streams))
    rows = at.add_rows(
        "balance",
        (keys[0], net.balance_node[keys[1]], net.balance_stream[keys[1]]),
        names,
        lower=-initial.ravel(),
        upper=-initial.ravel(),
    )

    def row(t: Ints, pair: Ints) -> Ints:
        return rows.start + t * n_pairs + pair

    t, f = grid(n_periods, len(net.flows.link))
    link, stream = net.flows.link[f], net.flows.stream[f]
    x = col["flow"].start + np.arange(len(f))
    at.add_entries(row(t, pair_of[net.links.start[link], stream]), x, -1.0)
    at.add_entries(row(t, pair_of[net.links.end[link], stream]), x, 1.0 - net.links.loss[link])
    for side, sign in (("supply", 1.0), ("demand", -1.0)):
        for inj in injections(net, col, side):
            node = sides_of(net, side).node[inj.item]
            at.add_entries(row(inj.period, pair_of[node, inj.stream]), inj.column, sign)
    n_stores = len(stores.pair_store)
    if n_stores:
        t, p = grid(n_periods, n_stores)
        later = t < n_periods - 1
        for part in STOCK:
            s = col[part].start + np.arange(len(t))
            at.add_entries(row(t, store_pair[p]), s, -1.0 / net.years[t])
            at.add_entries(row(t[later] + 1, store_pair[p[later]]), s[later], 1.0 / net.years[t[later] + 1])


def link_capacity(net: Network, at: Assembly, col: Columns) -> None:
    """sum_k x[a,k,t] <= capacity[a,t], for links that several streams share (a lone stream is bounded itself)."""
    shared = np.bincount(net.flows.link, minlength=len(net.links.ids)) > 1
    t, a = grid(len(net.periods), len(net.links.ids))
    bounded = shared[a] & np.isfinite(net.links.capacity[t, a]) & (net.links.capacity[t, a] > 0)
    rows = at.add_rows(
        "link_capacity",
        (t[bounded], a[bounded]),
        (net.periods.names, net.links.ids),
        upper=net.links.capacity[t[bounded], a[bounded]],
    )
    position = np.full(len(t), -1)
    position[bounded] = rows.start + np.arange(rows.size)
    t, f = grid(len(net.periods), len(net.flows.link))
    row = position[t * len(net.links.ids) + net.flows.link[f]]
    inside = row >= 0
    at.add_entries(row[inside], (col["flow"].start + np.arange(len(f)))[inside], 1.0)


def pool_capacity(net: Network, at: Assembly, col: Columns) -> None:
    """sum_(a,k in pool) weight x[a,k,t] <= capacity[pool,t]."""
    pools = net.pools
    if not pools.ids:
        return
    keys = grid(len(net.periods), len(pools.ids))
    rows = at.add_rows("pool_capacity", keys, (net.periods.names, pools.ids), upper=pools.capacity.ravel())
    t, m = grid(len(net.periods), len(pools.member_pool))
    at.add_entries(
        rows.start + t * len(pools.ids) + pools.member_pool[m],
        col["flow"].start + t * len(net.flows.link) + pools.member_flow[m],
        pools.member_weight[m],
    )


def supply_split(net: Network, at: Assembly, col: Columns) -> None:
    """y[s,t] = sum_k g[s,k,t], for supplies that feed several streams."""
    _split(net, at, col, "supply")


def demand_split(net: Network, at: Assembly, col: Columns) -> None:
    """z[d,t] = sum_k h[d,k,t], for demands served from several streams."""
    _split(net, at, col, "demand")


def store_capacity(net: Network, at: Assembly, col: Columns) -> None:
    """sum_k s[n,k,t] <= capacity[n,t], with s = working + extra stock."""
    stores = net.stores
    if not stores.ids:
        return
    t, n = grid(len(net.periods), len(stores.ids))
    rows = at.add_rows("store_capacity", (t, n), (net.periods.names, stores.ids), upper=stores.capacity.ravel())
    t, p = grid(len(net.periods), len(stores.pair_store))
    for part in STOCK:
        at.add_entries(
            rows.start + t * len(stores.ids) + stores.pair_store[p], col[part].start + np.arange(len(p)), 1.0
        )


def store_end(net: Network, at: Assembly, col: Columns) -> None:
    """sum_k s[n,k,T] >= initial[n], where the case has no value for what is left at the end."""
    stores = net.stores
    bound = np.flatnonzero(np.isnan(stores.end_value))
    if not len(bound):
        return
    rows = at.add_rows("store_end", (bound,), (stores.ids,), lower=stores.initial[bound])
    place = np.full(len(stores.ids), -1)
    place[bound] = np.arange(len(bound))
    inside = np.flatnonzero(place[stores.pair_store] >= 0)
    for part in STOCK:
        last = col[part].start + (len(net.periods) - 1) * len(stores.pair_store) + inside
        at.add_entries(rows.start + place[stores.pair_store[inside]], last, 1.0)


def ramps(net: Network, at: Assembly, col: Columns) -> None:
    """-down <= mean(q, step m) - mean(q, step m-1) <= up, means over the case's own steps weighted by days."""
    steps = int(net.periods.step[-1]) + 1
    for ramp in net.ramps:
        if len(ramp.item) and steps > 1:
            _ramp(net, at, col, ramp, steps)


def route_total(net: Network, at: Assembly, col: Columns) -> None:
    """r[corridor,t] = sum_k x[screen,k,t], on whose distance from the observed flow the route preference acts."""
    routes = net.routes
    if not routes.ids:
        return
    keys = grid(len(net.periods), len(routes.ids))
    rows = at.add_rows("route_total", keys, (net.periods.names, routes.ids), lower=0.0, upper=0.0)
    at.add_entries(rows.start + np.arange(rows.size), col["route"].start + np.arange(rows.size), -1.0)
    t, m = grid(len(net.periods), len(routes.member_route))
    at.add_entries(
        rows.start + t * len(routes.ids) + routes.member_route[m],
        col["flow"].start + t * len(net.flows.link) + routes.member_flow[m],
        1.0,
    )


def link_total(net: Network, at: Assembly, col: Columns) -> None:
    """v[a,t] = sum_k x[a,k,t], for links whose average cost a + b v^2 rises with what they carry."""
    if "link_total" not in col:
        return
    t, a = col["link_total"].keys
    rows = at.add_rows("link_total", (t, a), (net.periods.names, net.links.ids), lower=0.0, upper=0.0)
    at.add_entries(rows.start + np.arange(rows.size), col["link_total"].start + np.arange(rows.size), -1.0)
    place = np.full((len(net.periods), len(net.links.ids)), -1)
    place[t, a] = np.arange(rows.size)
    t, f = grid(len(net.periods), len(net.flows.link))
    at_row = place[t, net.flows.link[f]]
    inside = at_row >= 0
    at.add_entries(rows.start + at_row[inside], (col["flow"].start + np.arange(len(f)))[inside], 1.0)


def sales_total(net: Network, at: Assembly, col: Columns) -> None:
    """m[seller,d,t] = sum_k h[d,k,t] over the seller's streams, for sellers who know what their sales do to the price."""
    if "sales" not in col:
        return
    sales = net.sales
    block = col["sales"]
    rows = at.add_rows("sales_total", block.keys, block.names, lower=0.0, upper=0.0)
    here = rows.start + np.arange(rows.size)
    at.add_entries(here, block.start + np.arange(rows.size), -1.0)
    for inj in injections(net, col, "demand"):
        for member in range(len(sales.member_sale)):
            mine = inj.pair == sales.member_take[member]
            row = rows.start + inj.period[mine] * len(sales.ids) + sales.member_sale[member]
            at.add_entries(row, inj.column[mine], 1.0)


def process_output(net: Network, at: Assembly, col: Columns) -> None:
    """y[s,t] = amount u[p,t], for each good s that process p makes."""
    processes = net.processes
    made = processes.output_process, processes.output_supply, processes.output_amount
    _tied(net, at, col, "supply", *made)


def process_input(net: Network, at: Assembly, col: Columns) -> None:
    """z[d,t] = amount u[p,t], for each good d that process p uses."""
    processes = net.processes
    used = processes.input_process, processes.input_demand, processes.input_amount
    _tied(net, at, col, "demand", *used)


def limits(net: Network, at: Assembly, col: Columns) -> None:
    """lower <= sum tau_t q <= upper: the generic row of the limits table, q a flow or a delivery.

    For stocks, lower <= sum weight s[n,k,t] <= upper: what must come out of a store between two days.
    """
    if not net.limits:
        return
    rows = at.add_rows(
        "limit",
        (np.arange(len(net.limits)),),
        (tuple(limit.id for limit in net.limits),),
        lower=np.array([limit.lower for limit in net.limits]),
        upper=np.array([limit.upper for limit in net.limits]),
    )
    for number, limit in enumerate(net.limits):
        years = net.years[limit.period]
        if limit.quantity == "flow":
            column = col["flow"].start + limit.period * len(net.flows.link) + limit.item
            at.add_entries(np.full(len(column), rows.start + number), column, years)
        elif limit.quantity == "stock" and limit.weight is not None:
            for part in STOCK:
                column = col[part].start + limit.period * len(net.stores.pair_store) + limit.item
                at.add_entries(np.full(len(column), rows.start + number), column, limit.weight)
        else:
            _delivered(net, at, col, rows.start + number, limit.period, limit.item)


def tariff_quota(net: Network, at: Assembly, col: Columns) -> None:
    """w[q] <= sum tau_t h[d,k,t]: no more pays the duty within a quota than is delivered under it."""
    if not net.tariff_quotas:
        return
    block = col["within_quota"]
    rows = at.add_rows("tariff_quota", block.keys, block.names, lower=0.0)
    at.add_entries(rows.start + np.arange(rows.size), block.start + np.arange(block.size), -1.0)
    for number, quota in enumerate(net.tariff_quotas):
        _delivered(net, at, col, rows.start + number, quota.period, quota.item)


CONSTRAINTS = (
    balance,
    link_capacity,
    pool_capacity,
    supply_split,
    demand_split,
    store_capacity,
    store_end,
    ramps,
    route_total,
    link_total,
    sales_total,
    process_output,
    process_input,
    limits,
    tariff_quota,
)
"""Every row block of the formulations, in the order they are written; each has a golden LP file."""


def _pair_lookup(net: Network) -> Ints:
    """Position of a (node, stream) pair among the balances, shape (nodes, streams); -1 where there is none."""
    lookup = np.full((len(net.nodes), max(1, len(net.streams))), -1, dtype=np.int64)
    lookup[net.balance_node, net.balance_stream] = np.arange(len(net.balance_node))
    return lookup


def _split(net: Network, at: Assembly, col: Columns, side: str) -> None:
    sides = sides_of(net, side)
    if sides.split not in col:
        return
    several = np.flatnonzero(told_apart(net, side))
    t, j = grid(len(net.periods), len(several))
    rows = at.add_rows(f"{side}_split", (t, several[j]), (net.periods.names, sides.ids), lower=0.0, upper=0.0)
    place = np.full(len(sides.ids), -1)
    place[several] = np.arange(len(several))
    for name in sides.blocks:
        period, i = col[name].keys
        inside = place[i] >= 0
        row = rows.start + period * len(several) + place[i]
        at.add_entries(row[inside], (col[name].start + np.arange(len(i)))[inside], 1.0)
    block = col[sides.split]
    row = rows.start + block.keys[0] * len(several) + place[block.keys[1]]
    at.add_entries(row, block.start + np.arange(block.size), -1.0)


def _delivered(net: Network, at: Assembly, col: Columns, row: int, period: Ints, item: Ints) -> None:
    """Entries of a row: volumes delivered to pairs of demand and stream."""
    column, years = deliveries(net, col, period, item)
    at.add_entries(np.full(len(column), row), column, years)


def _tied(net: Network, at: Assembly, col: Columns, side: str, process: Ints, item: Ints, amount: Floats) -> None:
    """Rows that tie what processes make or use of a good to their activity."""
    if not len(item):
        return
    sides = sides_of(net, side)
    t, j = grid(len(net.periods), len(item))
    name = "process_output" if side == "supply" else "process_input"
    rows = at.add_rows(name, (t, item[j]), (net.periods.names, sides.ids), lower=0.0, upper=0.0)
    place = np.full(len(sides.ids), -1)
    place[item] = np.arange(len(item))
    for block in (col[part] for part in sides.blocks):
        period, i = block.keys
        inside = place[i] >= 0
        row = rows.start + period * len(item) + place[i]
        at.add_entries(row[inside], (block.start + np.arange(block.size))[inside], 1.0)
    at.add_entries(
        rows.start + np.arange(rows.size), col["activity"].start + t * len(net.processes.ids) + process[j], -amount[j]
    )


def _ramp(net: Network, at: Assembly, col: Columns, ramp: Ramp, steps: int) -> None:
    step_years = np.bincount(net.periods.step, weights=net.years, minlength=steps)
    down = np.where(ramp.down_free[1:], np.inf, ramp.down[None, :])
    m, j = grid(steps - 1, len(ramp.item))
    rows = at.add_rows(
        f"ramp_{ramp.table}",
        (m + 1, ramp.item[j]),
        (tuple(f"step_{n}" for n in range(steps)), ramp.ids),
        lower=-down.ravel(),
        upper=np.tile(ramp.up, steps - 1),
    )
    place = np.full(len(ramp.ids), -1)
    place[ramp.item] = np.arange(len(ramp.item))
    for every_t, every_item, every_column in _ramped(col, ramp.table):
        inside = place[every_item] >= 0
        t, item, column = every_t[inside], every_item[inside], every_column[inside]
        step = net.periods.step[t]
        share = net.years[t] / step_years[step]
        for shift, sign in ((0, 1.0), (1, -1.0)):
            row_step = step + shift
            valid = (row_step >= 1) & (row_step < steps)
            row = rows.start + (row_step - 1) * len(ramp.item) + place[item]
            at.add_entries(row[valid], column[valid], sign * share[valid])


def _ramped(col: Columns, table: str) -> list[tuple[Ints, Ints, Ints]]:
    blocks = [col["supply_base"], col["supply_rise"]] if table == "supply" else [col["flow"]]
    return [(block.keys[0], block.keys[1], block.start + np.arange(block.size)) for block in blocks]
