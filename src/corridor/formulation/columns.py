"""The columns and what they cost: the objective of the market, term by term."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor.formulation.assemble import Assembly, grid
from corridor.formulation.curves import Segments, demand_segments, mark_up_slopes, supply_segments
from corridor.formulation.sides import Columns, sides_of, told_apart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.network.model import Network
    from corridor.program import Floats

__all__ = ["market_columns"]


def market_columns(net: Network, at: Assembly, carried: Floats | None = None) -> Columns:
    """Columns of the market objective, written as a cost to minimise:

    sum_t tau_t [ sum_s integral MC_s + sum_a (resource_cost + tariff + fee + quality + wedge + charge) x + sum charge h
                  + sum_p (cost + wedge) u + preference + holding - use of stock + sum_m 1/2 theta b z[m]^2 - sum_d integral P_d ]
    - end_value s[T] - sum_q saving w[q]

    `carried`, shape (T, A), is the flow around which rising average costs are linearised.
    """
    col = Columns()
    _flows(net, at, col)
    _segments(net, at, col, "supply", net.supplies.ids, supply_segments(net.supplies), 1.0)
    _split(net, at, col, "supply")
    _segments(net, at, col, "demand", net.demands.ids, demand_segments(net.demands), -1.0)
    _split(net, at, col, "demand")
    _levels(net, at, col)
    _routes(net, at, col)
    _totals(net, at, col, carried)
    _activity(net, at, col)
    _sales(net, at, col)
    _within(net, at, col)
    return col


def _flows(net: Network, at: Assembly, col: Columns) -> None:
    t, f = grid(len(net.periods), len(net.flows.link))
    link = net.flows.link[f]
    links = net.links
    unit_cost = (links.resource_cost + links.tariff + links.fee + links.quality)[t, link] + net.flows.wedge[t, f]
    unit_cost = unit_cost + net.flow_charge[t, f]
    lone = (np.bincount(net.flows.link, minlength=len(links.ids)) == 1)[link]
    room = links.capacity[t, link]
    upper = np.where(lone | (room <= 0), room, np.inf)
    col["flow"] = at.add_columns(
        "flow",
        (t, link, net.flows.stream[f]),
        (net.periods.names, links.ids, tuple(s.label for s in net.streams)),
        cost=net.years[t] * unit_cost,
        upper=np.where(net.flows.allowed[t, f], upper, 0.0),
    )


def _segments(
    net: Network, at: Assembly, col: Columns, side: str, ids: Sequence[str], curve: Segments, sign: float
) -> None:
    slope_name = "rise" if side == "supply" else "fall"
    t, i = grid(len(net.periods), len(ids))
    for name, width, start, slope in (
        ("base", curve.flat, curve.level, np.zeros_like(curve.slope)),
        (slope_name, curve.width, curve.start, curve.slope),
    ):
        there = width[t, i] > 0
        period, item = t[there], i[there]
        col[f"{side}_{name}"] = at.add_columns(
            f"{side}_{name}",
            (period, item),
            (net.periods.names, ids),
            cost=sign * net.years[period] * start[period, item],
            quadratic=net.years[period] * slope[period, item],
            upper=width[period, item],
        )


def _split(net: Network, at: Assembly, col: Columns, side: str) -> None:
    sides = sides_of(net, side)
    pairs = np.flatnonzero(told_apart(net, side)[sides.item])
    if not len(pairs):
        return
    t, j = grid(len(net.periods), len(pairs))
    pair = pairs[j]
    allowed = sides.allowed[t, pair] if sides.allowed is not None else np.ones(len(t), dtype=bool)
    col[sides.split] = at.add_columns(
        sides.split,
        (t, sides.item[pair], sides.stream[pair]),
        (net.periods.names, sides.ids, tuple(s.label for s in net.streams)),
        cost=0.0 if sides.charge is None else net.years[t] * sides.charge[t, pair],
        upper=np.where(allowed, np.inf, 0.0),
    )


def _levels(net: Network, at: Assembly, col: Columns) -> None:
    """Stock in two parts: the working stock that was there at the start, and what is held beyond it at a cost.

    Without the difference a store would fill for a gain of a cent, or be sold empty to save its holding cost.
    """
    stores = net.stores
    n = len(stores.pair_store)
    if not n:
        return
    t, p = grid(len(net.periods), n)
    store = stores.pair_store[p]
    end = np.where(t == len(net.periods) - 1, np.nan_to_num(stores.end_value)[store], 0.0)
    labels = (net.periods.names, stores.ids, tuple(s.label for s in net.streams))
    for name, cost, upper in (
        ("working", -net.years[t] * stores.use_value[store], stores.pair_initial[p]),
        ("extra", net.years[t] * stores.holding_cost[store], np.full(len(t), np.inf)),
    ):
        col[name] = at.add_columns(name, (t, store, stores.pair_stream[p]), labels, cost=cost - end, upper=upper)


def _routes(net: Network, at: Assembly, col: Columns) -> None:
    routes = net.routes
    if not routes.ids:
        return
    t, r = grid(len(net.periods), len(routes.ids))
    slope = net.years[t] * routes.slope[r]
    col["route"] = at.add_columns(
        "route",
        (t, r),
        (net.periods.names, routes.ids),
        cost=-slope * routes.observed[r],
        quadratic=slope,
    )
    at.constant += float(0.5 * slope @ routes.observed[r] ** 2)


def _totals(net: Network, at: Assembly, col: Columns, carried: Floats | None) -> None:
    rising = np.flatnonzero(net.links.cubic > 0)
    if not len(rising):
        return
    t, j = grid(len(net.periods), len(rising))
    a = rising[j]
    linear, quadratic = average_cost_terms(net, np.zeros(net.links.capacity.shape) if carried is None else carried)
    col["link_total"] = at.add_columns(
        "link_total",
        (t, a),
        (net.periods.names, net.links.ids),
        cost=net.years[t] * linear[t, a],
        quadratic=net.years[t] * quadratic[t, a],
    )


def _activity(net: Network, at: Assembly, col: Columns) -> None:
    processes = net.processes
    if not processes.ids:
        return
    t, p = grid(len(net.periods), len(processes.ids))
    col["activity"] = at.add_columns(
        "activity",
        (t, p),
        (net.periods.names, processes.ids),
        cost=net.years[t] * (processes.cost + processes.wedge)[t, p],
        upper=processes.capacity[t, p],
    )


def _sales(net: Network, at: Assembly, col: Columns) -> None:
    """1/2 theta b z^2: a seller counts b z less for a unit more, which is what it takes off the price of all it sells.

    No money and nobody's cost: it makes the optimum of one program the equilibrium of sellers (Hashimoto 1985).
    """
    if not net.sales.ids:
        return
    t, m = grid(len(net.periods), len(net.sales.ids))
    col["sales"] = at.add_columns(
        "sales",
        (t, m),
        (net.periods.names, net.sales.ids),
        quadratic=net.years[t] * mark_up_slopes(net)[t, m],
    )


def _within(net: Network, at: Assembly, col: Columns) -> None:
    """What is delivered within each tariff-rate quota, a volume, settled when its last period is.

    Their block is the last one: a quota that becomes known later moves no other column.
    """
    quotas = net.tariff_quotas
    if not quotas:
        return
    last = np.array([quota.period.max() for quota in quotas], dtype=np.int64)
    col["within_quota"] = at.add_columns(
        "within_quota",
        (last, np.arange(len(quotas))),
        (net.periods.names, tuple(quota.id for quota in quotas)),
        cost=-np.array([quota.saving for quota in quotas]),
        upper=np.array([quota.volume for quota in quotas]),
    )


def average_cost_terms(net: Network, at_flow: Floats) -> tuple[Floats, Floats]:
    """Linear and quadratic cost of b v^3 / 3 around a flow v0: b v^2 is taken as -b v0^2 + 2 b v0 v.

    `at_flow` has shape (T, A). At v = v0 slope and value of the marginal cost are those of the true term.
    """
    b = net.links.cubic[None, :]
    return -b * at_flow**2, 2.0 * b * at_flow
