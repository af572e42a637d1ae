"""Tiny cases worked out by hand: what to build (tests/analysis/test_invest.py), and two sellers (test_rivalry.py)."""

from dataclasses import replace

from strategies import plain_case

from corridor.case import Planning


def oil_case(projects, widened, years=(2024, 2030), rate=0.0, **more):
    """A field of 100 with a way through Russia, and one over a port, a berth of 10 and ships of 10, with a pipe of nothing."""
    tables = {
        "nodes": [
            {"id": "field", "country": "KAZ"},
            {"id": "port", "country": "KAZ"},
            {"id": "quay", "country": "KAZ"},
            {"id": "baku", "country": "AZE"},
            {"id": "border", "country": "RUS"},
            {"id": "market", "country": "CHE"},
        ],
        "links": [
            {"id": "to_russia", "from": "field", "to": "border", "capacity": 100, "resource_cost": 10},
            {"id": "out", "from": "border", "to": "market", "capacity": 100, "resource_cost": 10},
            {"id": "to_port", "from": "field", "to": "port", "capacity": 100, "resource_cost": 5},
            {"id": "berth", "from": "port", "to": "quay", "capacity": 10, "resource_cost": 0},
            {"id": "ships", "from": "quay", "to": "baku", "capacity": 10, "resource_cost": 20},
            {"id": "btc", "from": "baku", "to": "market", "capacity": 100, "resource_cost": 15},
            {"id": "pipe", "from": "field", "to": "market", "capacity": 60, "resource_cost": 40, "status": "planned"},
        ],
        "corridors": [
            {"id": "north", "screen": "to_russia"},
            {"id": "south", "screen": "ships"},
        ],
        "corridor_links": [{"corridor": "north", "link": "to_russia"}, {"corridor": "south", "link": "ships"}],
        "supply": [{"id": "oil_field", "node": "field", "quantity": 100, "avoidable_cost": 20}],
        "demand": [{"id": "buyers", "node": "market", "quantity": 100, "unserved_value": 200, "price": 100}],
        "expansions": [{"name": p["id"], "lifetime": 20, "note": "a test"} | p for p in projects],
        "expansion_targets": [{"expansion": e, "target": t, "adds": a} for e, t, a in widened],
        **more,
    }
    case = plain_case(tables)
    return case.with_tables(replace(case.settings, planning=Planning(years, rate, note="a test")))


def two_halves(whole=False, **more):
    """Berths are cheap and useless alone; a pipe does as much alone and costs more; ships are what lacks most."""
    projects = [
        {"id": "berths", "capital_cost": 20, "whole": whole},
        {"id": "tankers", "capital_cost": 100, "whole": whole},
        {"id": "pipeline", "capital_cost": 6000, "whole": whole},
    ]
    widened = [("berths", "berth", 60), ("tankers", "ships", 60), ("pipeline", "pipe", 60)]
    return oil_case(projects, widened, **more)


def duopoly(costs=(3.0, 5.0), **more):
    """Two sellers of one market: P = 12 - z through (2, 10)."""
    return plain_case(
        {
            "nodes": [
                {"id": "a", "country": "KAZ"},
                {"id": "b", "country": "RUS"},
                {"id": "m", "country": "UZB"},
            ],
            "links": [
                {"id": "am", "from": "a", "to": "m", "capacity": 100.0},
                {"id": "bm", "from": "b", "to": "m", "capacity": 100.0},
            ],
            "supply": [
                {"id": "s_a", "node": "a", "quantity": 100.0, "avoidable_cost": costs[0]},
                {"id": "s_b", "node": "b", "quantity": 100.0, "avoidable_cost": costs[1]},
            ],
            "demand": [{"id": "d", "node": "m", "quantity": 2.0, "price": 10.0, "elasticity_short": -5.0}],
        },
        **more,
    )
