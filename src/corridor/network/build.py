"""Case + instruments + periods -> Network, in arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from corridor.network.edits import Capacities, Targets, edit, opened
from corridor.network.model import (
    Demands,
    Flows,
    Links,
    Network,
    Pools,
    Ramp,
    Routes,
    Stores,
    Supplies,
)
from corridor.network.rules import Rules, distinctions_of, rules_of
from corridor.network.streams import Distinction, Stream, split
from corridor.network.tables import indices, numbers, over_time

if TYPE_CHECKING:
    from corridor.case.model import Case
    from corridor.network.calendar import Periods
    from corridor.network.instruments import Instrument
    from corridor.program import Floats, Ints

__all__ = ["build_network"]

_EDITED = {"links": "capacity", "pools": "capacity", "supply": "quantity", "demand": "quantity", "storage": "capacity"}


def build_network(
    case: Case,
    instruments: Sequence[Instrument],
    periods: Periods,
    *,
    distinctions: Iterable[Distinction] = (),
    long_run: bool = False,
    kappa: float | None = None,
    scarcity_as_cost: bool = False,
) -> Network:
    """The case in arrays per period, with every instrument applied.

    `instruments` carry canonical numbers (`resolve`). `distinctions` are what the question wants told apart beyond what
    the instruments need. `long_run` takes long-run elasticities where the case has them. `kappa` overrides the strength
    of the route preference. `scarcity_as_cost` reads wedges of full links as costs that added capacity leaves alone.
    """
    targets = _targets(case)
    edited = {
        table: Capacities(tuple(case.tables[table]["id"]), _in_use(case, table, column, periods), column)
        for table, column in _EDITED.items()
    }
    for instrument in instruments:
        edit(instrument, targets, edited, periods)
    nodes, goods = tuple(case.tables["nodes"]["id"]), tuple(case.tables["goods"]["id"])
    country = tuple(case.tables["nodes"]["country"])
    streams = _streams(case, country, [*distinctions, *distinctions_of(case, instruments), *_observed_origins(case)])
    stream_good = indices([s.good for s in streams], goods)

    links = _links(case, periods, nodes, edited["links"].result())
    flow_link, flow_stream = _flow_pairs(case, goods, nodes, streams, stream_good, links)
    supplies = _supplies(case, periods, nodes, goods, streams, edited["supply"].result(), long_run=long_run)
    demands = _demands(case, periods, nodes, goods, streams, edited["demand"].result(), long_run=long_run)
    stores = _stores(case, nodes, goods, stream_good, edited["storage"].result(), links, supplies)
    context = Rules(case, periods, targets, links, flow_link, flow_stream, streams, country, demands)
    allowed, take_allowed, limits = rules_of(context, instruments, edited["demand"].result())
    demands = Demands(**{**vars(demands), "take_allowed": take_allowed})
    flow_good, pool_capacity = stream_good[flow_stream], edited["pools"].result()
    wedge = _wedges(case, links, pool_capacity, flow_link, flow_good, goods, as_cost=scarcity_as_cost)
    balance = _balance_pairs(len(streams), links, flow_link, flow_stream, supplies, demands, stores)
    return Network(
        name=case.name,
        periods=periods,
        years=periods.years,
        nodes=nodes,
        node_country=country,
        goods=goods,
        good_unit=tuple(case.tables["goods"]["unit"]),
        streams=streams,
        stream_good=stream_good,
        balance_node=balance // len(streams) if streams else balance,
        balance_stream=balance % len(streams) if streams else balance,
        links=links,
        flows=Flows(flow_link, flow_stream, wedge, allowed),
        supplies=supplies,
        demands=demands,
        stores=stores,
        pools=_pools(case, pool_capacity, flow_link),
        ramps=(
            _ramp(case, "links", edited["links"], periods),
            _ramp(case, "supply", edited["supply"], periods),
        ),
        routes=_routes(case, links, streams, flow_link, flow_stream, kappa),
        limits=limits,
        ledger=tuple(row for table, numbers_ in edited.items() for row in numbers_.ledger(table)) + context.ledger(),
        instruments=tuple(instruments),
    )


def _in_use(case: Case, table: str, column: str, periods: Periods) -> Floats:
    values = over_time(case, table, column, periods)
    rows = case.tables[table]
    if table == "links":
        use = [opened(periods, *row) for row in zip(rows["status"], rows["opens"], rows["closes"], strict=True)]
    elif table == "pools":
        use = [opened(periods, status, None, None) for status in rows["status"]]
    else:
        return values * _level(case, table, "factor", 1.0)
    in_use = np.array(use).T.reshape(values.shape)
    # A link not in use carries nothing, even one whose capacity nothing known limits.
    with np.errstate(invalid="ignore"):
        return np.where(in_use > 0, values * in_use, 0.0)


def _level(case: Case, table: str, column: str, default: float) -> Floats:
    """A column of the calibrated levels of a table, `default` where there is none, shape (rows,)."""
    levels = case.tables["levels"]
    known = dict(zip(levels["id"], levels[column], strict=True)) if not levels.empty else {}
    return np.array([known.get(name, default) for name in case.tables[table]["id"]], dtype=float)


def _targets(case: Case) -> Targets:
    items: dict[str, tuple[str, tuple[int, ...]]] = {}
    for table in _EDITED:
        items |= {name: (table, (i,)) for i, name in enumerate(case.tables[table]["id"])}
    link_position = {name: i for i, name in enumerate(case.tables["links"]["id"])}
    members = case.tables["corridor_links"]
    screens = {}
    for corridor, screen in zip(case.tables["corridors"]["id"], case.tables["corridors"]["screen"], strict=True):
        inside = members.loc[members["corridor"] == corridor, "link"]
        items[corridor] = ("links", tuple(sorted(link_position[link] for link in inside)))
        screens[corridor] = link_position[screen]
    return Targets(items, screens)


def _streams(case: Case, country: Sequence[str], distinctions: Sequence[Distinction]) -> tuple[Stream, ...]:
    where = dict(zip(case.tables["nodes"]["id"], country, strict=True))
    streams: list[Stream] = []
    for good in case.tables["goods"]["id"]:
        supply, demand = case.tables["supply"], case.tables["demand"]
        producers = {where[n] for n in supply.loc[supply["good"] == good, "node"]}
        consumers = {where[n] for n in demand.loc[demand["good"] == good, "node"]}
        streams.extend(split(good, producers, consumers, distinctions))
    return tuple(streams)


def _links(case: Case, periods: Periods, nodes: Sequence[str], capacity: Floats) -> Links:
    table = case.tables["links"]
    return Links(
        ids=tuple(table["id"]),
        start=indices(table["from"], nodes),
        end=indices(table["to"], nodes),
        capacity=capacity,
        resource_cost=over_time(case, "links", "resource_cost", periods),
        tariff=over_time(case, "links", "tariff", periods),
        fee=over_time(case, "links", "transit_fee", periods),
        quality=over_time(case, "links", "quality", periods),
        cubic=np.nan_to_num(numbers(case, "links", "cubic_cost")),
        loss=numbers(case, "links", "loss"),
    )


def _flow_pairs(
    case: Case, goods: Sequence[str], nodes: Sequence[str], streams: Sequence[Stream], stream_good: Ints, links: Links
) -> tuple[Ints, Ints]:
    """Links and streams that can meet: the link carries the good, and the stream's supply can get to the link."""
    of_good = [np.flatnonzero(stream_good == g) for g in range(len(goods))]
    position = {name: g for g, name in enumerate(goods)}
    carried = [np.concatenate([of_good[position[g]] for g in names]) for names in case.tables["links"]["goods"]]
    if not carried:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    link = np.repeat(np.arange(len(carried)), [len(c) for c in carried]).astype(np.int64)
    stream = np.concatenate(carried).astype(np.int64)
    supply = case.tables["supply"]
    where = indices(supply["node"], nodes)
    country = case.tables["nodes"]["country"].to_numpy()[where]
    reached = np.zeros((len(nodes), len(streams)), dtype=bool)
    for k, told in enumerate(streams):
        sources = where[(supply["good"] == told.good).to_numpy() & np.isin(country, list(told.origins))]
        mine = link[stream == k]
        reached[:, k] = _spread(len(nodes), links.start[mine], links.end[mine], sources)
    kept = reached[links.start[link], stream]
    return link[kept], stream[kept]


def _spread(n_nodes: int, start: Ints, end: Ints, sources: Ints) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Nodes that can be reached from any of the sources, shape (N,)."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import breadth_first_order

    # One node more, from which every source is a step away, so that one search serves them all.
    ends, starts = np.concatenate([end, sources]), np.concatenate([start, np.full(len(sources), n_nodes)])
    graph = coo_matrix((np.ones(len(ends)), (starts, ends)), shape=(n_nodes + 1, n_nodes + 1)).tocsr()
    seen = np.zeros(n_nodes + 1, dtype=bool)
    seen[breadth_first_order(graph, n_nodes, return_predecessors=False)] = True
    return seen[:-1]


def _supplies(
    case: Case,
    periods: Periods,
    nodes: Sequence[str],
    goods: Sequence[str],
    streams: Sequence[Stream],
    available: Floats,
    *,
    long_run: bool,
) -> Supplies:
    table = case.tables["supply"]
    node, good = indices(table["node"], nodes), indices(table["good"], goods)
    elasticity = numbers(case, "supply", "elasticity_short")
    if long_run:
        long = numbers(case, "supply", "elasticity_long")
        elasticity = np.where(np.isnan(long), elasticity, long)
    price = over_time(case, "supply", "price", periods)
    calibrated = _level(case, "supply", "price", np.nan)
    price = np.where(np.isnan(calibrated), price, calibrated)
    avoidable = over_time(case, "supply", "avoidable_cost", periods)
    avoidable = np.where(np.isnan(avoidable), 0.0, avoidable)
    give = _pairs(case, table["node"], table["good"], streams, "origins")
    normal = over_time(case, "supply", "quantity", periods) * _level(case, "supply", "factor", 1.0)
    return Supplies(
        ids=tuple(table["id"]),
        node=node,
        good=good,
        available=available,
        avoidable=avoidable,
        price=np.where(np.isnan(price), avoidable, price),
        # Capacity added shifts the curve to the right; an outage only cuts it short.
        reference=normal + np.maximum(available - normal, 0.0),
        elasticity=np.nan_to_num(elasticity),
        give_supply=give[0],
        give_stream=give[1],
    )


def _demands(
    case: Case,
    periods: Periods,
    nodes: Sequence[str],
    goods: Sequence[str],
    streams: Sequence[Stream],
    reference: Floats,
    *,
    long_run: bool,
) -> Demands:
    table = case.tables["demand"]
    elasticity = numbers(case, "demand", "elasticity_short")
    if long_run:
        long = numbers(case, "demand", "elasticity_long")
        elasticity = np.where(np.isnan(long), elasticity, long)
    take = _pairs(case, table["node"], table["good"], streams, "destinations")
    return Demands(
        ids=tuple(table["id"]),
        node=indices(table["node"], nodes),
        good=indices(table["good"], goods),
        reference=reference,
        price=over_time(case, "demand", "price", periods) + _level(case, "demand", "price", 0.0),
        unserved_value=over_time(case, "demand", "unserved_value", periods),
        elasticity=np.nan_to_num(elasticity),
        take_demand=take[0],
        take_stream=take[1],
        take_allowed=np.ones((len(periods), len(take[0])), dtype=bool),
    )


def _pairs(
    case: Case, at: Iterable[str], goods: Iterable[str], streams: Sequence[Stream], side: str
) -> tuple[Ints, Ints]:
    where = dict(zip(case.tables["nodes"]["id"], case.tables["nodes"]["country"], strict=True))
    served: dict[tuple[str, str], list[int]] = {}
    for k, stream in enumerate(streams):
        for member in getattr(stream, side):
            served.setdefault((stream.good, member), []).append(k)
    pairs = [(i, k) for i, (n, g) in enumerate(zip(at, goods, strict=True)) for k in served[g, where[n]]]
    array = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return array[:, 0], array[:, 1]


def _stores(
    case: Case,
    nodes: Sequence[str],
    goods: Sequence[str],
    stream_good: Ints,
    capacity: Floats,
    links: Links,
    supplies: Supplies,
) -> Stores:
    table = case.tables["storage"]
    good = indices(table["good"], goods)
    initial = np.nan_to_num(numbers(case, "storage", "initial"))
    pairs = [(n, k) for n, g in enumerate(good) for k in np.flatnonzero(stream_good == g)]
    array = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    weight = _reaching(len(nodes), array, indices(table["node"], nodes), links, supplies)
    total = np.bincount(array[:, 0], weights=weight, minlength=len(table))
    share = np.divide(weight, total[array[:, 0]], out=np.zeros(len(array)), where=total[array[:, 0]] > 0)
    return Stores(
        ids=tuple(table["id"]),
        node=indices(table["node"], nodes),
        capacity=capacity,
        initial=initial,
        holding_cost=np.nan_to_num(numbers(case, "storage", "holding_cost")),
        end_value=_level(case, "storage", "price", np.nan),
        pair_store=array[:, 0],
        pair_stream=array[:, 1],
        pair_initial=initial[array[:, 0]] * share,
    )


def _reaching(n_nodes: int, pairs: Ints, store_node: Ints, links: Links, supplies: Supplies) -> Floats:
    """Available supply of a store's stream that can reach the store, per pair of store and stream.

    Whose good lies in a store at the start is not observed: it is taken as in the supply that can get there.
    """
    weight = np.zeros(len(pairs))
    for store in np.unique(pairs[:, 0]):
        upstream = _spread(n_nodes, links.end, links.start, store_node[[store]])
        here = upstream[supplies.node[supplies.give_supply]]
        by_stream = np.bincount(
            supplies.give_stream[here], weights=supplies.available[0, supplies.give_supply[here]], minlength=int(pairs[:, 1].max()) + 1
        )
        mine = pairs[:, 0] == store
        weight[mine] = by_stream[pairs[mine, 1]]
        if not weight[mine].any():
            # Nothing can get there any more, but what lies there still does.
            weight[mine] = 1.0
    return weight


def _pools(case: Case, capacity: Floats, flow_link: Ints) -> Pools:
    table, members = case.tables["pools"], case.tables["pool_links"]
    link_position = {name: i for i, name in enumerate(case.tables["links"]["id"])}
    pool_position = {name: i for i, name in enumerate(table["id"])}
    pool, flow, weight = [], [], []
    for name, link, factor in zip(members["pool"], members["link"], members["weight"], strict=True):
        for f in np.flatnonzero(flow_link == link_position[link]):
            pool.append(pool_position[name])
            flow.append(int(f))
            weight.append(factor)
    return Pools(
        tuple(table["id"]), capacity, np.array(pool, np.int64), np.array(flow, np.int64), np.array(weight, float)
    )


def _ramp(case: Case, table: str, numbers_: Capacities, periods: Periods) -> Ramp:
    up, down = (numbers(case, table, column) for column in ("ramp_up", "ramp_down"))
    item = np.flatnonzero(~(np.isnan(up) & np.isnan(down)))
    after = numbers_.result()
    steps = int(periods.step[-1]) + 1
    fell = np.zeros((steps, len(numbers_.ids)), dtype=bool)
    with np.errstate(invalid="ignore"):
        np.logical_or.at(fell, periods.step, after < numbers_.base)
    return Ramp(
        table=table,
        ids=numbers_.ids,
        item=item.astype(np.int64),
        up=np.where(np.isnan(up), np.inf, up)[item],
        down=np.where(np.isnan(down), np.inf, down)[item],
        down_free=fell[:, item],
    )


def _observed_origins(case: Case) -> list[Distinction]:
    """Origins whose routes were observed apart: their route shares are kept apart too."""
    table = case.tables["preferences"]
    told = zip(table["good"], table["origin"], strict=True)
    return [Distinction(good, frozenset({origin})) for good, origin in told if origin]


def _routes(
    case: Case, links: Links, streams: Sequence[Stream], flow_link: Ints, flow_stream: Ints, kappa: float | None
) -> Routes:
    table = case.tables["preferences"]
    strength = case.settings.kappa if kappa is None else kappa
    screens = dict(zip(case.tables["corridors"]["id"], case.tables["corridors"]["screen"], strict=True))
    position = {name: i for i, name in enumerate(links.ids)}
    apart = {d.origins for d in _observed_origins(case)}
    ids, slope, observed, route, flow = [], [], [], [], []
    for row in table.to_dict("records") if strength > 0 else []:
        counts = [
            s.good == row["good"] and (s.origins == {row["origin"]} if row["origin"] else s.origins not in apart)
            for s in streams
        ]
        member = np.flatnonzero((flow_link == position[screens[row["corridor"]]]) & np.array(counts)[flow_stream])
        if not len(member):
            continue
        route.extend([len(ids)] * len(member))
        flow.extend(member.tolist())
        ids.append(".".join(part for part in (row["corridor"], row["good"], row["origin"]) if part))
        slope.append(strength * row["slope"])
        observed.append(row["flow"])
    return Routes(
        tuple(ids), np.array(slope, float), np.array(observed, float), np.array(route, np.int64), np.array(flow, np.int64)
    )


def _wedges(
    case: Case,
    links: Links,
    pool_capacity: Floats,
    flow_link: Ints,
    flow_good: Ints,
    goods: Sequence[str],
    *,
    as_cost: bool,
) -> Floats:
    wedge = np.zeros((len(links.capacity), len(flow_link)))
    link_position = {name: i for i, name in enumerate(links.ids)}
    pool_position = {name: i for i, name in enumerate(case.tables["pools"]["id"])}
    for row in case.tables["wedges"].to_dict("records"):
        link = link_position[row["link"]]
        at = np.flatnonzero((flow_link == link) & (flow_good == goods.index(row["good"])))
        values = np.full(len(links.capacity), row["wedge"])
        if row["reading"] == "scarcity" and not as_cost:
            # Read as scarcity, the wedge is gone once what was full has more capacity than it had.
            now = pool_capacity[:, pool_position[row["pool"]]] if row["pool"] else links.capacity[:, link]
            values[now > row["capacity"] * (1 + 1e-9)] = 0.0
        wedge[:, at] = values[:, None]
    return wedge


def _balance_pairs(
    n_streams: int, links: Links, flow_link: Ints, flow_stream: Ints, supplies: Supplies, demands: Demands, stores: Stores
) -> Ints:
    nodes = [
        links.start[flow_link],
        links.end[flow_link],
        supplies.node[supplies.give_supply],
        demands.node[demands.take_demand],
        stores.node[stores.pair_store],
    ]
    streams = [flow_stream, flow_stream, supplies.give_stream, demands.take_stream, stores.pair_stream]
    return np.unique(np.concatenate(nodes) * n_streams + np.concatenate(streams))
