"""Seeded networks of any size, and the case each of them is.

The numbers are those of the generator with which the floors in docs/benchmarks.md were first measured, bit by bit
(tests/test_instances.py), so that timings can be compared over the years: the order of the random draws is fixed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import Delaunay

if TYPE_CHECKING:
    from corridor.case import Case

__all__ = ["SIZES", "Instance", "Size", "case_of", "generate", "make"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
WIDTH, HEIGHT = 4000.0, 2500.0
"""The plane, km."""
PER_GOOD = 1000.0
"""Demand per good and period, on average."""
STEPS = (0.45, 0.35, 0.2)
"""Share of a producer's capacity in each step of its supply curve."""
MONTHS = 12
"""Periods of a year."""
DEARER = (1.0, 1.25, 1.7)
"""Cost of each step over that of the first."""


@dataclass(frozen=True)
class Size:
    """How large an instance is, and how tight."""

    nodes: int
    goods: int
    periods: int
    countries: int
    capacity_factor: float


SIZES = {
    "XS": Size(60, 2, 4, 6, 0.6),
    "XS1": Size(60, 2, 1, 6, 0.6),
    "S": Size(200, 3, 1, 12, 0.6),
    "M": Size(2_000, 5, 1, 40, 0.4),
    "L": Size(2_000, 5, 12, 40, 0.4),
    "XL1": Size(10_000, 10, 1, 60, 0.4),
    "XL": Size(10_000, 10, 12, 60, 0.4),
}


@dataclass(frozen=True)
class Instance:
    """Arrays of one instance: A arcs, K goods, S producers with three steps each, D demands, T periods."""

    size: Size
    xy: Floats
    country: Ints
    start: Ints
    end: Ints
    border: NDArray[np.bool_]
    capacity: Floats
    """(A,), shared by all goods"""
    cost: Floats
    """(K, A)"""
    supply_good: Ints
    supply_node: Ints
    step_capacity: Floats
    step_cost: Floats
    """(S, 3) each"""
    demand_good: Ints
    demand_node: Ints
    demand: Floats
    """(T, D)"""
    price: Floats
    """(D,) at which the demand is what it is"""
    elasticity: Floats
    """(D,) as a positive number"""
    store_node: Ints
    store_good: Ints
    store_capacity: Floats
    unserved_value: float = 400.0
    holding_cost: float = 0.2


def make(name: str) -> Instance:
    """One of the sizes, always the same."""
    return generate(SIZES[name])


def generate(size: Size, seed: int = 7) -> Instance:
    """An instance: nodes on a plane, countries around seeds, links along a spanning tree and the shortest neighbours."""
    draw = np.random.default_rng(seed)
    n, k = size.nodes, size.goods
    xy = draw.random((n, 2)) * [WIDTH, HEIGHT]
    seeds = draw.random((size.countries, 2)) * [WIDTH, HEIGHT]
    country = ((xy[:, None] - seeds[None]) ** 2).sum(axis=2).argmin(axis=1)
    edges, length, on_tree = _edges(xy, draw)
    crosses = country[edges[:, 0]] != country[edges[:, 1]]
    one_way = size.capacity_factor * k * PER_GOOD / np.sqrt(n) * draw.lognormal(0, 0.6, len(edges))
    one_way = one_way * np.where(on_tree, 1.5, 1.0) * np.where(crosses, 0.8, 1.0)
    per_km, at_border = draw.uniform(0.012, 0.03, k), draw.uniform(2, 8, k)
    both, border = np.concatenate([length, length]), np.concatenate([crosses, crosses])
    cost = both[None, :] * per_km[:, None] * draw.uniform(0.9, 1.1, (k, len(both)))
    cost = cost + border[None, :] * at_border[:, None] * draw.uniform(0.8, 1.2, (k, len(both)))
    level = draw.uniform(20, 60, k)
    supply = _supplies(size, country, level, draw)
    demand = _demands(size, level, draw)
    store = _stores(size, draw)
    return Instance(
        size=size,
        xy=xy,
        country=country.astype(np.int32),
        start=np.concatenate([edges[:, 0], edges[:, 1]]).astype(np.int32),
        end=np.concatenate([edges[:, 1], edges[:, 0]]).astype(np.int32),
        border=border,
        capacity=np.concatenate([one_way, one_way]).round(3),
        cost=cost.round(4),
        **supply,
        **demand,
        **store,
    )


def _edges(xy: Floats, draw: np.random.Generator) -> tuple[NDArray[Any], Floats, NDArray[np.bool_]]:
    """Two edges per node: the minimum spanning tree, then the shortest of the Delaunay edges, with some noise."""
    n = len(xy)
    corners = Delaunay(xy).simplices
    sides = np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])
    edges = np.unique(np.sort(sides, axis=1), axis=0)
    length = np.hypot(*(xy[edges[:, 0]] - xy[edges[:, 1]]).T)
    tree = minimum_spanning_tree(coo_matrix((length, (edges[:, 0], edges[:, 1])), shape=(n, n))).tocoo()
    tree_keys = np.minimum(tree.row, tree.col).astype(np.int64) * n + np.maximum(tree.row, tree.col)
    on_tree = np.isin(edges[:, 0].astype(np.int64) * n + edges[:, 1], tree_keys)
    order = np.lexsort((length * draw.uniform(0.7, 1.3, len(edges)), ~on_tree))
    kept = np.sort(order[: 2 * n])
    return edges[kept], length[kept], on_tree[kept]


def _supplies(size: Size, country: NDArray[Any], level: Floats, draw: np.random.Generator) -> dict[str, Any]:
    goods, nodes, capacity, cost = [], [], [], []
    for good in range(size.goods):
        producing = draw.choice(size.countries, max(2, int(0.3 * size.countries)), replace=False)
        candidates = np.flatnonzero(np.isin(country, producing))
        count = max(3, int(0.2 * len(candidates)))
        at = np.sort(draw.choice(candidates, count, replace=False))
        weight = draw.lognormal(0, 0.7, count)
        weight *= 1.7 * PER_GOOD / weight.sum()
        first = level[good] * draw.uniform(0.85, 1.15, count)
        goods.append(np.full(count, good))
        nodes.append(at)
        capacity.append(np.outer(weight, STEPS))
        cost.append(np.outer(first, DEARER))
    return {
        "supply_good": np.concatenate(goods).astype(np.int32),
        "supply_node": np.concatenate(nodes).astype(np.int32),
        "step_capacity": np.vstack(capacity).round(4),
        "step_cost": np.vstack(cost).round(4),
    }


def _demands(size: Size, level: Floats, draw: np.random.Generator) -> dict[str, Any]:
    goods, nodes, usual, price, elasticity = [], [], [], [], []
    for good in range(size.goods):
        at = np.sort(draw.choice(size.nodes, size.nodes // 2, replace=False))
        weight = draw.lognormal(0, 1.0, len(at))
        weight *= PER_GOOD / weight.sum()
        goods.append(np.full(len(at), good))
        nodes.append(at)
        usual.append(weight)
        price.append(level[good] * 1.3 + 25 * draw.uniform(0.8, 1.2, len(at)))
        elasticity.append(draw.uniform(0.2, 0.6, len(at)))
    good_of = np.concatenate(goods).astype(np.int32)
    # Drawn in any case, so that what is drawn later does not hang on the number of periods.
    phase = draw.uniform(0, 2 * np.pi, size.goods)
    season = np.ones((1, size.goods))
    if size.periods > 1:
        season = 1 + 0.25 * np.cos(2 * np.pi * np.arange(size.periods)[:, None] / 12 + phase[None, :])
    return {
        "demand_good": good_of,
        "demand_node": np.concatenate(nodes).astype(np.int32),
        "demand": (np.concatenate(usual)[None, :] * season[:, good_of]).round(4),
        "price": np.concatenate(price),
        "elasticity": np.concatenate(elasticity),
    }


def _stores(size: Size, draw: np.random.Generator) -> dict[str, Any]:
    """At a tenth of the nodes, for every good, where there are several periods."""
    if size.periods == 1:
        none = np.zeros(0, np.int32)
        return {"store_node": none, "store_good": none, "store_capacity": np.zeros(0)}
    at = np.sort(draw.choice(size.nodes, max(1, size.nodes // 10), replace=False))
    count = len(at) * size.goods
    return {
        "store_node": np.tile(at, size.goods).astype(np.int32),
        "store_good": np.repeat(np.arange(size.goods), len(at)).astype(np.int32),
        "store_capacity": (draw.lognormal(0, 0.4, count) * 0.6 * PER_GOOD / len(at)).round(4),
    }


def case_of(instance: Instance, kind: Literal["fixed", "elastic"], name: str = "made") -> Case:
    """The instance as a case of one year: a producer is three supplies, a cost by good a wedge beside the link's own.

    `fixed` is for `min_cost_flow`, `elastic` for `spatial_equilibrium`. Twelve periods become the months of the year, with
    a profile of demand and with stores that begin and end half full. Months differ in length, and the instance's year is
    a ring: so only a case of one period has the optimum of the floor to the last digit.
    """
    import pycountry

    from corridor.case import Calendar, Settings, make_case

    if instance.size.periods not in (1, MONTHS):
        raise ValueError("only instances of one or twelve periods are made into cases")
    goods = np.array([f"g{i}" for i in range(instance.size.goods)], dtype=object)
    nodes = np.array([f"n{i}" for i in range(instance.size.nodes)], dtype=object)
    links = np.array([f"a{i}" for i in range(len(instance.start))], dtype=object)
    codes = np.array(sorted(c.alpha_3 for c in pycountry.countries)[: instance.size.countries], dtype=object)
    base = instance.cost.min(axis=0)
    of_supply, step = np.divmod(np.arange(instance.step_capacity.size), instance.step_capacity.shape[1])
    elastic = kind == "elastic"
    usual = instance.demand.mean(axis=0)
    n_demands, n_links, n_goods = len(instance.demand_node), len(links), len(goods)
    tables: dict[str, Any] = {
        "goods": {"id": goods, "name": goods, "unit": ["t"] * n_goods},
        "nodes": {
            "id": nodes,
            "name": nodes,
            "country": codes[instance.country],
            # The plane in degrees, near the equator: only a map would read it.
            "lon": instance.xy[:, 0] / 111.0,
            "lat": instance.xy[:, 1] / 111.0,
            "kind": ["junction"] * len(nodes),
        },
        "links": {
            "id": links,
            "name": links,
            "from": nodes[instance.start],
            "to": nodes[instance.end],
            "goods": [tuple(goods)] * n_links,
            "mode": ["pipeline"] * n_links,
            "capacity": instance.capacity,
            "resource_cost": base,
        },
        "supply": {
            "id": [f"s{i}_{j}" for i, j in zip(of_supply, step, strict=True)],
            "node": nodes[instance.supply_node[of_supply]],
            "good": goods[instance.supply_good[of_supply]],
            "quantity": instance.step_capacity.ravel(),
            "avoidable_cost": instance.step_cost.ravel(),
        },
        "demand": {
            "id": [f"d{i}" for i in range(n_demands)],
            "node": nodes[instance.demand_node],
            "good": goods[instance.demand_good],
            "quantity": usual,
            "price": instance.price if elastic else np.full(n_demands, np.nan),
            "unserved_value": np.full(n_demands, np.nan if elastic else instance.unserved_value),
            "elasticity_short": -instance.elasticity if elastic else np.zeros(n_demands),
        },
        "wedges": {
            "link": np.tile(links, n_goods),
            "good": np.repeat(goods, n_links),
            "wedge": (instance.cost - base).ravel(),
            "reading": ["cost"] * (n_links * n_goods),
            "flow": np.zeros(n_links * n_goods),
            "capacity": np.tile(instance.capacity, n_goods),
        },
    }
    tables["supply"]["name"], tables["demand"]["name"] = tables["supply"]["id"], tables["demand"]["id"]
    monthly = instance.size.periods == MONTHS
    if monthly:
        tables |= _by_month(instance, nodes, goods, tables["demand"]["id"], usual)
    calendar = Calendar(dt.date(2025, 1, 1), dt.date(2026, 1, 1), "month" if monthly else "year")
    return make_case(name, Settings(f"Seeded network {name}", calendar, None), tables)


def _by_month(instance: Instance, nodes: Any, goods: Any, demands: list[str], usual: Floats) -> dict[str, Any]:
    """Tables that only a year of months has: how demand differs by month, and stores."""
    n = len(instance.store_node)
    names = [f"st{i}" for i in range(n)]
    # What a store holds is a volume; the instance counts it in periods of the yearly rate.
    capacity = instance.store_capacity / MONTHS
    return {
        "profiles": {
            "table": ["demand"] * instance.demand.size,
            "id": demands * MONTHS,
            "column": ["quantity"] * instance.demand.size,
            "month": np.repeat(np.arange(1.0, MONTHS + 1), len(demands)),
            "factor": (instance.demand / usual).ravel(),
        },
        "storage": {
            "id": names,
            "name": names,
            "node": nodes[instance.store_node],
            "good": goods[instance.store_good],
            "capacity": capacity,
            "initial": capacity / 2,
            "holding_cost": np.full(n, instance.holding_cost * MONTHS),
        },
    }
