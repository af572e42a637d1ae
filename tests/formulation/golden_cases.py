"""The tiny networks behind the golden files: one per constraint, small enough to solve by hand.

Every period is taken as one year exactly, so that a person reads prices and volumes straight from the file.
"""

import datetime as dt
from dataclasses import replace

import numpy as np
from strategies import plain_case

from corridor.formulation import spatial_equilibrium
from corridor.network import Distinction, agreement, build_network, cut, outage
from corridor.network import tariff_quota as quota

KAZ_TO_RUSSIA = Distinction("oil", frozenset({"KAZ"}), frozenset({"RUS"}))
KAZ = Distinction("oil", frozenset({"KAZ"}))


def nodes(**countries):
    return [{"id": node, "country": country} for node, country in countries.items()]


def link(name, cost, **more):
    return {"id": name, "from": name[0], "to": name[1], "resource_cost": cost, **more}


def field(node, quantity, cost, **more):
    return {"id": f"field_{node}", "node": node, "quantity": quantity, "avoidable_cost": cost, **more}


def market(node, quantity, value, **more):
    """A demand that takes its quantity unless the price passes its value."""
    return {"id": f"market_{node}", "node": node, "quantity": quantity, "unserved_value": value, **more}


def network(tables, instruments=(), *, years=1, distinctions=(), kappa=None):
    case = plain_case(tables, "year", start=dt.date(2024, 1, 1), end=dt.date(2024 + years, 1, 1))
    periods = cut(case.settings.calendar)
    net = build_network(case, instruments, periods, distinctions=distinctions, kappa=kappa)
    return replace(net, years=np.ones(len(periods)))


def balance():
    return network(
        {
            "nodes": nodes(a="KAZ", b="RUS"),
            "links": [link("ab", 3, capacity=10, loss=0.1)],
            "supply": [field("a", 8, 2)],
            "demand": [market("b", 4.5, 50)],
        }
    )


def link_capacity():
    return network(
        {
            "nodes": nodes(a="KAZ", b="RUS"),
            "goods": [{"id": "oil", "unit": "Mt"}, {"id": "wheat", "unit": "Mt"}],
            "links": [link("ab", 1, capacity=6, goods=("oil", "wheat"))],
            "supply": [field("a", 9, 0), {**field("a", 9, 0), "id": "farm_a", "good": "wheat"}],
            "demand": [market("b", 4, 30), {**market("b", 5, 20), "id": "mill_b", "good": "wheat"}],
        }
    )


def pool_capacity():
    return network(
        {
            "nodes": nodes(a="KAZ", b="RUS", c="CHN"),
            "links": [link("ab", 1, capacity=9), link("ac", 1, capacity=9)],
            "pools": [{"id": "fleet", "capacity": 10}],
            "pool_links": [{"pool": "fleet", "link": "ab"}, {"pool": "fleet", "link": "ac", "weight": 2}],
            "supply": [field("a", 20, 0)],
            "demand": [market("b", 6, 11), market("c", 3, 31)],
        }
    )


def supply_split():
    return network(
        {
            "nodes": nodes(a="KAZ", b="RUS", c="CHN"),
            "links": [link("ab", 1, capacity=9), link("bc", 1, capacity=9)],
            "supply": [field("a", 5, 2)],
            "demand": [market("b", 3, 10), market("c", 4, 20)],
        },
        distinctions=[KAZ_TO_RUSSIA],
    )


def demand_split():
    return network(
        {
            "nodes": nodes(a="KAZ", b="RUS", c="CHN"),
            "links": [link("ac", 1, capacity=9), link("bc", 2, capacity=9)],
            "supply": [field("a", 5, 2), field("b", 5, 2)],
            "demand": [market("c", 7, 20)],
        },
        distinctions=[KAZ],
    )


def _two_years_with_a_tank(initial, **levels):
    return network(
        {
            "nodes": nodes(a="KAZ"),
            "supply": [field("a", 10, 2)],
            "demand": [market("a", 6, 50)],
            "storage": [{"id": "tank", "node": "a", "capacity": 3, "initial": initial}],
            **levels,
        },
        [outage("field_a", start="2025-01-01")],
        years=2,
    )


def store_capacity():
    worthless = [{"table": "storage", "id": "tank", "factor": 1, "price": 0}]
    return _two_years_with_a_tank(0, levels=worthless)


def store_end():
    return _two_years_with_a_tank(2)


def ramps():
    return network(
        {
            "nodes": nodes(a="KAZ", b="RUS"),
            "links": [link("ab", 1, capacity=10, ramp_up=1, ramp_down=2)],
            "supply": [field("a", 10, 2)],
            "demand": [market("b", 8, 50)],
        },
        [outage("market_b", end="2025-01-01", availability=0.5)],
        years=2,
    )


def route_total():
    return network(
        {
            "nodes": nodes(a="KAZ", b="RUS"),
            "links": [link("ab", 3, capacity=10), {**link("ab", 4, capacity=10), "id": "other"}],
            "corridors": [{"id": "old_route", "screen": "ab", "route": True}],
            "corridor_links": [{"corridor": "old_route", "link": "ab"}],
            "supply": [field("a", 20, 0)],
            "demand": [market("b", 10, 50)],
            "preferences": [{"corridor": "old_route", "good": "oil", "flow": 4, "slope": 0.5}],
        },
        kappa=1.0,
    )


def link_total():
    return network(
        {
            "nodes": nodes(a="KAZ", b="RUS"),
            "links": [link("ab", 2, capacity=10, cubic_cost=0.5), {**link("ab", 4, capacity=10), "id": "other"}],
            "supply": [field("a", 20, 0)],
            "demand": [market("b", 5, 50)],
        }
    )


def process_output():
    """Oil and gas come up together."""
    return network(
        {
            "nodes": nodes(a="KAZ"),
            "goods": [{"id": "oil", "unit": "Mt"}, {"id": "gas", "unit": "bcm"}],
            "processes": [{"id": "wells", "node": "a", "good": "oil", "capacity": 5, "cost": 3}],
            "process_goods": [
                {"process": "wells", "good": "oil", "amount": 2},
                {"process": "wells", "good": "gas", "amount": 1},
            ],
            "demand": [market("a", 8, 10), {**market("a", 3, 1), "id": "town_a", "good": "gas"}],
        }
    )


def process_input():
    """Coal is burnt for power."""
    return network(
        {
            "nodes": nodes(a="KAZ"),
            "goods": [{"id": "power", "unit": "TWh"}, {"id": "coal", "unit": "Mt"}],
            "supply": [{**field("a", 10, 5), "id": "pit_a", "good": "coal"}],
            "processes": [{"id": "plant", "node": "a", "good": "power", "capacity": 20, "cost": 1}],
            "process_goods": [
                {"process": "plant", "good": "power", "amount": 1},
                {"process": "plant", "good": "coal", "amount": -0.4},
            ],
            "demand": [market("a", 12, 6)],
        }
    )


def limits():
    net = network(
        {
            "nodes": nodes(a="KAZ", b="RUS"),
            "links": [link("ab", 1, capacity=10), {**link("ab", 6, capacity=10), "id": "dear"}],
            "supply": [field("a", 20, 2)],
            "demand": [market("b", 5, 50)],
        },
        [agreement("dear", min=3.0)],
    )
    # 3 a year over the 366 days of 2024 are a little more than 3; here the year is one.
    return replace(net, limits=tuple(replace(limit, lower=3.0) for limit in net.limits))


def tariff_quota():
    net = network(
        {
            "nodes": nodes(a="KAZ", b="RUS"),
            "links": [link("ab", 1, capacity=10)],
            "supply": [field("a", 20, 2)],
            "demand": [market("b", 5, 50)],
        },
        [quota("oil", destination="RUS", max=3.0, within=2.0, rate=10.0)],
    )
    # As for limits: 3 a year over a year that is one.
    return replace(net, tariff_quotas=tuple(replace(told, volume=3.0) for told in net.tariff_quotas))


def sales_total():
    """One seller of two countries: what counts on its price is the sum of its two streams."""
    return network(
        {
            "nodes": nodes(a="KAZ", b="RUS", c="CHN"),
            "links": [link("ac", 2, capacity=20), link("bc", 1, capacity=20)],
            "supply": [field("a", 3, 6), field("b", 9, 11)],
            "demand": [market("c", 5, None, price=25, elasticity_short=-1)],
            "conduct": [{"id": "pair", "good": "oil", "countries": ("KAZ", "RUS"), "theta": 0.6}],
        }
    )


def objective():
    """Every cost of a link, a supply curve and a demand curve of two pieces each."""
    return network(
        {
            "nodes": nodes(a="KAZ", b="RUS"),
            "links": [link("ab", 10, tariff=6, transit_fee=4, quality=2, capacity=20)],
            "wedges": [{"link": "ab", "good": "oil", "wedge": 4, "reading": "cost", "flow": 9, "capacity": 20}],
            "supply": [field("a", 10, 10, price=20, elasticity_short=1)],
            "demand": [market("b", 10, 60, price=40, elasticity_short=-1)],
        }
    )


def objective_stock():
    """Holding stock and what is left at the end."""
    return network(
        {
            "nodes": nodes(a="KAZ"),
            "supply": [field("a", 10, 2)],
            "demand": [market("a", 4, 50)],
            "storage": [{"id": "tank", "node": "a", "capacity": 3, "initial": 1, "holding_cost": 1}],
            "levels": [{"table": "storage", "id": "tank", "factor": 1, "price": 5}],
        }
    )


GOLDEN = {
    f.__name__: f
    for f in (
        balance, link_capacity, pool_capacity, supply_split, demand_split, store_capacity, store_end, ramps, route_total,
        link_total, sales_total, process_output, process_input, limits, tariff_quota, objective, objective_stock,
    )
}  # fmt: skip
CARRIED = {"link_total": 2.0}
"""Flow around which a rising average cost is linearised."""


def program_of(name):
    net = GOLDEN[name]()
    carried = np.full(net.links.capacity.shape, CARRIED[name]) if name in CARRIED else None
    return spatial_equilibrium(net, carried)
