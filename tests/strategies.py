"""Small random cases for laws, and seeded larger ones for campaigns; every number is a small whole number or a simple part
of one, so that a failing example can be worked by hand.

One generator serves both: it asks `pick(low, high)` for whole numbers, from Hypothesis or from a seeded generator.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st

from corridor.case import Calendar, Settings, make_case

__all__ = ["Shape", "cases", "dates_inside", "links_of", "plain_case", "random_case"]

START, END = dt.date(2024, 1, 1), dt.date(2025, 1, 1)
COUNTRIES = ("KAZ", "AZE", "RUS", "CHN")
HOME = COUNTRIES[0]
SOMETIMES = 4
"""One in so many."""

Pick = Callable[[int, int], int]


@dataclass(frozen=True)
class Shape:
    """What a random case may have."""

    nodes: tuple[int, int] = (3, 8)
    goods: tuple[int, int] = (1, 2)
    step: str | None = None
    """None: sometimes months, mostly a quarter or the year as one"""
    stores: bool = False
    initial_stock: bool = True
    losses: bool = True
    elastic: bool = False
    """True: every curve has a slope, so that quantities are unique"""
    export_routes: bool = False
    """True: links out of the first country are the screens of route corridors, and none leads back into it"""
    pools: bool = False
    extra_links: tuple[int, int] = (0, 4)


def plain_case(tables, step="year", calibrated=False, title="Test", start=START, end=END, slices=None):
    """A case over 2024 from rows that leave out what a test does not care about: names, coordinates, kinds."""
    tables = {name: [dict(row) for row in rows] for name, rows in tables.items()}
    goods = tables.setdefault("goods", [{"id": "oil", "unit": "Mt"}])
    first = goods[0]["id"]
    tables["nodes"] = [{"lon": 0.0, "lat": 0.0, "kind": "junction"} | node for node in tables["nodes"]]
    tables["links"] = [{"mode": "pipeline", "goods": first} | link for link in tables.get("links", [])]
    for name in ("supply", "demand", "storage", "pools", "observations", "prices"):
        for row in tables.get(name, []):
            row.setdefault("good", first)
    for name in ("observations", "prices"):
        tables[name] = [{"start": START, "end": END} | row for row in tables.get(name, [])]
    for name in ("nodes", "goods", "links", "pools", "supply", "demand", "processes", "storage", "corridors"):
        for row in tables.get(name, []):
            row.setdefault("name", row["id"])
    calendar = Calendar(start, end, step)
    calibration = Calendar(START, END, "year") if calibrated else None
    return make_case("test", Settings(title, calendar, calibration, slices=slices or {}), tables)


def cases(shape: Shape | None = None):
    """A strategy of cases of a shape."""

    @st.composite
    def drawn(draw):
        return _case(lambda low, high: draw(st.integers(low, high)), shape or Shape())

    return drawn()


def random_case(seed, shape: Shape | None = None, *, nodes=None):
    """The case of a seed; `nodes` fixes the size, and links grow with it."""
    rng = np.random.default_rng(seed)
    shape = shape or Shape(stores=True, pools=True)
    if nodes:
        shape = replace(shape, nodes=(nodes, nodes), extra_links=(nodes, 2 * nodes))
    return _case(lambda low, high: int(rng.integers(low, high + 1)), shape)


def links_of(case):
    """A strategy of the case's link ids."""
    return st.sampled_from(case.tables["links"]["id"].tolist())


def dates_inside(case):
    """A strategy of days strictly inside the case's calendar."""
    calendar = case.settings.calendar
    days = (calendar.end - calendar.start).days
    return st.integers(1, days - 1).map(lambda n: calendar.start + dt.timedelta(days=n))


def _case(pick: Pick, shape: Shape):
    def sometimes():
        return pick(1, SOMETIMES) == 1

    n_nodes, n_countries = pick(*shape.nodes), pick(2, len(COUNTRIES))
    country = [COUNTRIES[i] if i < n_countries else COUNTRIES[pick(0, n_countries - 1)] for i in range(n_nodes)]
    goods = [{"id": f"good_{g}", "unit": "Mt"} for g in range(pick(*shape.goods))]
    names = [g["id"] for g in goods]
    step = shape.step or ("month" if sometimes() else ("quarter", "year")[pick(0, 1)])

    arcs = []
    for i in range(1, n_nodes):
        j, way = pick(0, i - 1), pick(0, 2)
        arcs.extend([(j, i), (i, j)][slice(0, 2) if way == 2 else slice(way, way + 1)])
    for _ in range(pick(*shape.extra_links)):
        a, b = pick(0, n_nodes - 1), pick(0, n_nodes - 1)
        if a != b:
            arcs.append((a, b))
    if shape.export_routes:
        arcs = [(a, b) for a, b in arcs if country[a] == HOME or country[b] != HOME]
        outward = [(a, b) for a, b in arcs if HOME == country[a] != country[b]]
        if not outward:
            arcs.append((0, country.index(COUNTRIES[1])))
    links = [_link(pick, f"link_{n}", f"n{a}", f"n{b}", names, shape) for n, (a, b) in enumerate(arcs)]

    supply, demand = [], []
    for good in names:
        for _ in range(pick(1, 3)):
            supply.append(_supply(pick, len(supply), pick(0, n_nodes - 1), good, shape))
        for _ in range(pick(1, 3)):
            demand.append(_demand(pick, len(demand), pick(0, n_nodes - 1), good, shape))
    if shape.export_routes:
        supply[0]["node"] = "n0"
    storage = []
    if shape.stores and pick(0, 1):
        capacity = pick(1, 4)
        storage.append(
            {
                "id": "tank",
                "node": f"n{pick(0, n_nodes - 1)}",
                "good": names[0],
                "capacity": capacity,
                "initial": pick(0, capacity) if shape.initial_stock else 0,
            }
        )
    tables = {
        "nodes": [{"id": f"n{i}", "country": c} for i, c in enumerate(country)],
        "goods": goods,
        "links": links,
        "supply": supply,
        "demand": demand,
        "storage": storage,
        **_corridors(pick, links, dict(zip([f"n{i}" for i in range(n_nodes)], country, strict=True)), shape),
    }
    if shape.pools and pick(0, 1):
        members = sorted({pick(0, len(links) - 1), pick(0, len(links) - 1)})
        tables["pools"] = [{"id": "pool", "good": names[0], "capacity": pick(1, 15)}]
        tables["pool_links"] = [{"pool": "pool", "link": links[n]["id"], "weight": pick(1, 2)} for n in members]
    return plain_case(tables, step)


def _link(pick, name, start, end, goods, shape):
    return {
        "id": name,
        "from": start,
        "to": end,
        "goods": goods if pick(0, 2) else [goods[pick(0, len(goods) - 1)]],
        "capacity": float("inf") if pick(1, SOMETIMES) == 1 else pick(1, 20),
        "resource_cost": pick(1, 10),
        "tariff": pick(0, 10),
        "transit_fee": pick(0, 3),
        "length_km": 100 * pick(1, 9),
        "loss": pick(0, 4) / 100 if shape.losses else 0.0,
    }


def _supply(pick, n, node, good, shape):
    avoidable = pick(0, 40)
    return {
        "id": f"supply_{n}",
        "node": f"n{node}",
        "good": good,
        "quantity": pick(1, 20),
        "avoidable_cost": avoidable,
        "price": avoidable + pick(1, 30),
        "elasticity_short": pick(1 if shape.elastic else 0, 8) / 8,
    }


def _demand(pick, n, node, good, shape):
    price = pick(40, 120)
    return {
        "id": f"demand_{n}",
        "node": f"n{node}",
        "good": good,
        "quantity": pick(1, 20),
        "price": price,
        "unserved_value": price * pick(2, 5),
        "elasticity_short": -pick(1 if shape.elastic else 0, 8) / 8,
    }


def _corridors(pick, links, country, shape):
    if shape.export_routes:
        screens = [[k] for k in links if country[k["from"]] == HOME != country[k["to"]]]
    else:
        first = pick(0, len(links) - 1)
        screens = [links[first : first + pick(1, 2)]]
    return {
        "corridors": [
            {"id": f"corridor_{n}", "screen": group[0]["id"], "route": shape.export_routes}
            for n, group in enumerate(screens)
        ],
        "corridor_links": [
            {"corridor": f"corridor_{n}", "link": link["id"]} for n, group in enumerate(screens) for link in group
        ],
    }
