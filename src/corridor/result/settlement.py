"""Who pays whom at the prices of an equilibrium, in arrays; `gains.py` gives it to parties and countries.

Every gain is what is received less what is paid. Prices cancel between buyer and seller at every node, so whatever the
prices are, the gains add up to the objective plus what somebody receives (docs/background/accounting.md):

    sum of gains = objective + tariffs + fees + preference term + conduct term - (average less marginal) cost term

A seller with market power is paid more than what its last unit cost to bring: the mark-up goes from consumers to it.

A link's margin, price difference less its costs, is split into rents by the duals of the rows it stands in; what they do
not account for is `unexplained`, which the certificate holds near zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor.formulation.curves import Segments, demand_segments, mark_up_slopes, supply_segments
from corridor.result.reading import pair_of, store_change

if TYPE_CHECKING:
    from corridor.network import Limit, Network
    from corridor.network.model import Charge
    from corridor.program import Floats, Program, Solution
    from corridor.result.reading import Reading

__all__ = ["Settlement", "area", "settle"]

RENTS = ("link_capacity", "pool_capacity", "ramp_links", "limit", "route_total")
"""Row blocks whose duals a link's margin is made of."""


@dataclass(frozen=True)
class Settlement:
    """Million USD over each period; shapes as in the network."""

    consumers: Floats
    """(T, D)"""
    producers: Floats
    """(T, S)"""
    processing: Floats
    """(T, processes): sales less goods used and cost, rent of capacity included"""
    tariff: Floats
    fee: Floats
    """(T, F)"""
    rent: dict[str, Floats]
    """(T, F) by row block; `link_capacity` includes links bounded without a row"""
    pool_rent: Floats
    """(T, members of pools): the part of each membership"""
    limit_rent: tuple[Floats, ...]
    """the part of each entry of each limit on flows, and of upper limits on deliveries; else empty"""
    charges: tuple[Floats, ...]
    """(T,) of each charge of the network"""
    quota_saving: tuple[Floats, ...]
    """per entry of each tariff-rate quota: what it saves on the charge"""
    quota_rent: tuple[Floats, ...]
    """per entry of each tariff-rate quota: what its consumers pay beyond border price and duties"""
    duty: Floats
    """(T, K) paid on deliveries"""
    mark_up: Floats
    """(T, K) what sellers with market power are paid above the price at the node and duties"""
    unexplained: Floats
    """(T, F)"""
    stores: Floats
    """(n,) over the calendar, end stock at its value"""
    regulation: tuple[tuple[int, float], ...]
    """position of an agreement with a price among the limits, and (nodal - administered price) * volume"""
    lines: tuple[tuple[str, float], ...]
    """from the objective to the sum of gains"""
    residual: float
    """sum of gains less the lines, million USD"""
    scale: float
    """largest term, against which the residual is judged"""


def settle(net: Network, reading: Reading, parts: list[tuple[slice, Program, Solution]]) -> Settlement:
    """Settle a solution. `parts` gives, for each stage, the periods it governs, its program and its solution."""
    years, at = net.years[:, None], pair_of(net)
    # Where nothing passes the dual can be anything, and a huge one would turn a rounding error into money.
    price = np.where(reading.idle, 0.0, reading.price)
    value = years * area(demand_segments(net.demands), reading.demand, -1.0)
    cost = years * area(supply_segments(net.supplies), reading.supply, 1.0)
    take_price = price[:, at[net.demands.node[net.demands.take_demand], net.demands.take_stream]]
    give_price = price[:, at[net.supplies.node[net.supplies.give_supply], net.supplies.give_stream]]
    paid, earned = np.zeros_like(value), np.zeros_like(cost)
    quota_saving, quota_rent = _within_quotas(net, reading, parts)
    duty = years * net.take_charge * reading.take
    for quota, saved in zip(net.tariff_quotas, quota_saving, strict=True):
        np.subtract.at(duty, (quota.period, quota.item), saved)
    mark_up, conduct = _mark_ups(net, reading)
    np.add.at(paid.T, net.demands.take_demand, (years * take_price * reading.take + duty + mark_up).T)
    np.add.at(earned.T, net.supplies.give_supply, (years * give_price * reading.give).T)

    link = net.flows.link
    moved = years * reading.flow
    tariff, fee = moved * net.links.tariff[:, link], moved * net.links.fee[:, link]
    rising = net.links.cubic[link] * _link_flow(net, reading)[:, link] ** 2
    spent = moved * ((net.links.resource_cost + net.links.quality)[:, link] + net.flows.wedge + rising)
    start, end = at[net.links.start[link], net.flows.stream], at[net.links.end[link], net.flows.stream]
    charged = moved * net.flow_charge
    margin = moved * (price[:, end] * (1.0 - net.links.loss[link]) - price[:, start]) - spent - tariff - fee - charged
    charges = tuple(_charge(net, reading, charge) for charge in net.charges)
    rent = _rents(net, reading, parts)
    pool_rent, limit_rent = _shared_rents(net, reading, parts)
    stores, held = _stores(net, reading, at)
    preferred = _preference_cost(net, reading)
    worked = years * reading.activity * (net.processes.cost + net.processes.wedge)
    average = float((moved * rising).sum()) * 2.0 / 3.0
    market = float(value.sum() - cost.sum() - spent.sum() - tariff.sum() - fee.sum() - charged.sum() - duty.sum())
    market += held - preferred - conduct + average - float(worked.sum())
    received = float(sum(c.sum() for c, told in zip(charges, net.charges, strict=True) if told.government))
    received -= float(sum(saved.sum() for saved in quota_saving))
    lines = (
        ("objective", market),
        ("tariffs received by owners", float(tariff.sum())),
        ("fees received by governments", float(fee.sum())),
        ("duties and fees of instruments, less subsidies", received),
        ("route preference, unexplained", preferred),
        ("conduct of sellers, a term of the objective that nobody pays", conduct),
        ("rising average cost, beyond its marginal term", -average),
    )
    consumers, producers, processing = _processed(net, value - paid, earned - cost, worked)
    total = (
        processing.sum()
        + consumers.sum()
        + producers.sum()
        + tariff.sum()
        + fee.sum()
        + margin.sum()
        + stores.sum()
        + mark_up.sum()
        + received
    )
    return Settlement(
        consumers=consumers,
        producers=producers,
        processing=processing,
        tariff=tariff,
        fee=fee,
        rent=rent,
        pool_rent=pool_rent,
        limit_rent=limit_rent,
        charges=charges,
        quota_saving=quota_saving,
        quota_rent=quota_rent,
        duty=duty,
        mark_up=mark_up,
        unexplained=margin - sum(rent.values(), np.zeros_like(margin)),
        stores=stores,
        regulation=_regulation(net, reading, take_price),
        lines=tuple(line for line in lines if line[1] != 0.0 or line[0] == "objective"),
        residual=float(total - sum(amount for _, amount in lines)),
        scale=float(max(1.0, np.abs(value).sum(), np.abs(cost).sum(), np.abs(paid).sum(), _least_scale(net))),
    )


def area(curve: Segments, quantity: Floats, sign: float) -> Floats:
    """Area under a curve of two segments up to a quantity, shape (T, items)."""
    first = np.minimum(quantity, curve.flat)
    rest = np.clip(quantity - curve.flat, 0.0, None)
    return np.nan_to_num(curve.level) * first + np.nan_to_num(curve.start) * rest + sign * 0.5 * curve.slope * rest**2


def _processed(net: Network, consumers: Floats, producers: Floats, worked: Floats) -> tuple[Floats, Floats, Floats]:
    """Consumers and producers without processes, and what processes keep: sales less what they buy less what working costs."""
    processes = net.processes
    kept = -worked
    np.add.at(kept.T, processes.output_process, producers[:, processes.output_supply].T)
    np.add.at(kept.T, processes.input_process, consumers[:, processes.input_demand].T)
    bought, sold = consumers.copy(), producers.copy()
    bought[:, processes.input_demand] = 0.0
    sold[:, processes.output_supply] = 0.0
    return bought, sold, kept


def _least_scale(net: Network) -> float:
    """A ten-thousandth of what the demands would pay in all: where next to nothing is traded, a residual is noise."""
    curve = demand_segments(net.demands)
    wanted = np.where(np.isfinite(net.demands.reference), net.demands.reference, 0.0)
    return 1e-4 * float((net.years[:, None] * wanted * np.nan_to_num(curve.level)).sum())


def _charge(net: Network, reading: Reading, charge: Charge) -> Floats:
    """What a charge brings in each period, (T,); negative for a subsidy."""
    quantity = reading.flow if charge.quantity == "flow" else reading.take
    amounts = net.years[charge.period] * charge.rate * quantity[charge.period, charge.item]
    total = np.zeros(len(net.periods))
    np.add.at(total, charge.period, amounts)
    return total


def _link_flow(net: Network, reading: Reading) -> Floats:
    total = np.zeros(net.links.capacity.shape)
    np.add.at(total.T, net.flows.link, reading.flow.T)
    return total


def _rents(net: Network, reading: Reading, parts: list[tuple[slice, Program, Solution]]) -> dict[str, Floats]:
    """-x_f * (A_block' y_block)_f for each block; a bound of the column itself counts as link capacity."""
    n_flows = len(net.flows.link)
    rent = {name: np.zeros_like(reading.flow) for name in RENTS}
    for periods, program, solution in parts:
        block = program.column_block("flow")
        where = slice(periods.start * n_flows, periods.stop * n_flows)
        shape = periods.stop - periods.start, n_flows
        for rows in program.rows:
            if rows.name in rent:
                only = np.zeros_like(solution.row_dual)
                only[rows.span] = solution.row_dual[rows.span]
                pushed = (program.transposed @ only)[block.span]
                rent[rows.name][periods] = -reading.flow[periods] * pushed[where].reshape(shape)
        bound = solution.column_dual[block.span][where].reshape(shape)
        rent["link_capacity"][periods] += -reading.flow[periods] * np.minimum(bound, 0.0)
    return rent


def _shared_rents(
    net: Network, reading: Reading, parts: list[tuple[slice, Program, Solution]]
) -> tuple[Floats, tuple[Floats, ...]]:
    """Rents of pools by membership and of limits by entry, so that a flow in several of them is counted in each."""
    pools = net.pools
    pool_rent = np.zeros((len(net.periods), len(pools.member_pool)))
    counted = [_counted_rent(limit) for limit in net.limits]
    limit_rent = [np.zeros(len(limit.item) if told else 0) for limit, told in zip(net.limits, counted, strict=True)]
    for periods, program, solution in parts:
        blocks = {b.name: b for b in program.rows}
        if "pool_capacity" in blocks:
            dual = solution.row_dual[blocks["pool_capacity"].span].reshape(len(net.periods), -1)[periods]
            used = reading.flow[periods][:, pools.member_flow] * pools.member_weight
            pool_rent[periods] = -dual[:, pools.member_pool] * used
        if "limit" not in blocks:
            continue
        known = {name: blocks["limit"].start + i for i, name in enumerate(blocks["limit"].names[0])}
        for number, limit in enumerate(net.limits):
            if counted[number] and limit.id in known:
                now = (limit.period >= periods.start) & (limit.period < periods.stop)
                t, f = limit.period[now], limit.item[now]
                dual = solution.row_dual[known[limit.id]]
                quantity = reading.flow if limit.quantity == "flow" else reading.take
                limit_rent[number][now] = -dual * net.years[t] * quantity[t, f]
    return pool_rent, tuple(limit_rent)


def _within_quotas(
    net: Network, reading: Reading, parts: list[tuple[slice, Program, Solution]]
) -> tuple[tuple[Floats, ...], tuple[Floats, ...]]:
    """What each tariff-rate quota saves and what its places are worth, over its entries by what each delivers."""
    worth = {}
    for periods, program, solution in parts:
        for block in (b for b in program.columns if b.name == "within_quota"):
            # What one more unit of the quota would be worth: the dual of its volume.
            for name, dual in zip(block.names[1], solution.column_dual[block.span], strict=True):
                worth[name, periods.start] = max(-float(dual), 0.0)
    saving, rent = [], []
    for quota, used in zip(net.tariff_quotas, reading.within, strict=True):
        volumes = net.years[quota.period] * reading.take[quota.period, quota.item]
        places = volumes * (used / volumes.sum() if volumes.sum() > 0 else 0.0)
        each = np.zeros(len(places))
        for periods, _, _ in parts:
            now = (quota.period >= periods.start) & (quota.period < periods.stop)
            each[now] = worth.get((quota.id, periods.start), 0.0)
        saving.append(quota.saving * places)
        rent.append(each * places)
    return tuple(saving), tuple(rent)


def _counted_rent(limit: Limit) -> bool:
    """Limits whose rent somebody takes: those on flows, and quotas on deliveries."""
    return limit.quantity == "flow" or (limit.quantity == "take" and np.isfinite(limit.upper))


def _stores(
    net: Network, reading: Reading, at: np.ndarray[tuple[int, ...], np.dtype[np.int64]]
) -> tuple[Floats, float]:
    """Cash of each store, and its part of the objective: end stock at its value less holding cost."""
    stores = net.stores
    gains = np.zeros(len(stores.ids))
    if not len(stores.pair_store):
        return gains, 0.0
    where = at[stores.node[stores.pair_store], stores.pair_stream]
    sold = -(net.years[:, None] * store_change(net, reading.level) * reading.price[:, where]).sum(axis=0)
    kept = np.nan_to_num(stores.end_value)[stores.pair_store] * reading.level[-1]
    beyond = np.maximum(reading.level - stores.pair_initial, 0.0)
    usual = np.minimum(reading.level, stores.pair_initial)
    yearly = beyond * stores.holding_cost[stores.pair_store] - usual * stores.use_value[stores.pair_store]
    held = (net.years[:, None] * yearly).sum(axis=0)
    np.add.at(gains, stores.pair_store, sold + kept - held)
    return gains, float((kept - held).sum())


def _mark_ups(net: Network, reading: Reading) -> tuple[Floats, float]:
    """What sellers are paid above the price at the node, (T, K), and the conduct term of the objective."""
    if not net.sales.ids:
        return np.zeros_like(reading.take), 0.0
    sold, slope = net.sales.sold(reading.take), mark_up_slopes(net)
    paid = net.years[:, None] * net.sales.each(slope * sold, reading.take.shape[1]) * reading.take
    return paid, float((net.years[:, None] * 0.5 * slope * sold**2).sum())


def _preference_cost(net: Network, reading: Reading) -> float:
    distance = reading.route - net.routes.observed[None, :]
    return float((net.years[:, None] * 0.5 * net.routes.slope[None, :] * distance**2).sum())


def _regulation(net: Network, reading: Reading, take_price: Floats) -> tuple[tuple[int, float], ...]:
    found = []
    for number, limit in enumerate(net.limits):
        if limit.quantity == "take" and not np.isnan(limit.price):
            t, k = limit.period, limit.item
            gap = net.years[t] * (take_price[t, k] - limit.price) * reading.take[t, k]
            found.append((number, float(gap.sum())))
    return tuple(found)
