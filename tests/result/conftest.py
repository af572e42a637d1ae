"""A small market that every test of this room can read in one look."""

import datetime as dt

import pytest

from corridor.calibration import calibrate
from corridor.case import Calendar, Settings, make_case
from corridor.network import closure
from corridor.study import solve_case

_YEAR = {"start": dt.date(2024, 1, 1), "end": dt.date(2025, 1, 1), "good": "oil"}


def toy_case():
    """A field at a; a pipeline by b and a tanker to c; a tank at b; a refinery at b under an agreement. Calibrated."""
    calendar = Calendar(dt.date(2024, 1, 1), dt.date(2025, 1, 1), "month")
    settings = Settings(
        "Toy",
        calendar,
        Calendar(calendar.start, calendar.end, "year"),
        headline=({"good": "crude", "of": "KAZ", "through": "RUS"},),
    )
    links = [
        {"id": "ab", "from": "a", "to": "b", "mode": "pipeline", "capacity": 10, "tariff": 5, "length_km": 100},
        {"id": "bc", "from": "b", "to": "c", "mode": "pipeline", "capacity": 8, "tariff": 4, "length_km": 100,
         "transit_fee": 1, "loss": 0.01},
        {"id": "ac", "from": "a", "to": "c", "mode": "sea", "capacity": 4, "resource_cost": 20, "length_km": 300,
         "quality": 2},
    ]  # fmt: skip
    countries = (("a", "KAZ"), ("b", "RUS"), ("c", "ITA"))
    case = make_case(
        "toy",
        settings,
        {
            "nodes": [
                {"id": i, "name": i, "country": c, "lon": 0, "lat": 0, "kind": "junction"} for i, c in countries
            ],
            "goods": [{"id": "oil", "name": "oil", "unit": "Mt"}],
            "links": [{"name": link["id"], "goods": "oil", **link} for link in links],
            "corridors": [
                {"id": "via_b", "name": "by land", "screen": "bc", "route": True},
                {"id": "via_sea", "name": "by sea", "screen": "ac", "route": True},
            ],
            "corridor_links": [{"corridor": "via_b", "link": "bc"}, {"corridor": "via_sea", "link": "ac"}],
            "supply": [
                {"id": "fa", "name": "fa", "node": "a", "good": "oil", "quantity": 10, "avoidable_cost": 30,
                 "elasticity_short": 0.02},
                {"id": "fb", "name": "fb", "node": "b", "good": "oil", "quantity": 1, "avoidable_cost": 40,
                 "elasticity_short": 0.1},
            ],
            "storage": [{"id": "tank", "name": "tank", "node": "b", "good": "oil", "capacity": 1, "initial": 0.5}],
            "demand": [
                {"id": "dc", "name": "dc", "node": "c", "good": "oil", "quantity": 9, "price": 100,
                 "elasticity_short": -0.5, "unserved_value": 500, "confidence": "high"},
                {"id": "db", "name": "db", "node": "b", "good": "oil", "quantity": 1, "price": 60,
                 "elasticity_short": -0.5, "unserved_value": 500},
            ],
            "instruments": [
                {"id": "dom", "kind": "agreement", "target": "db", "price": 60, "obliged": "producers",
                 "beneficiary": "consumers"}
            ],
            "observations": [
                {"id": "o1", "target": "bc", "value": 6.0, "confidence": "high", **_YEAR},
                {"id": "o2", "target": "ac", "value": 3.0, "confidence": "high", **_YEAR},
                {"id": "o3", "target": "fa", "value": 10.0, "confidence": "low", **_YEAR},
            ],
        },
    )  # fmt: skip
    return calibrate(case)


@pytest.fixture(scope="session")
def case():
    return toy_case()


@pytest.fixture(scope="session")
def base(case):
    return solve_case(case)


@pytest.fixture(scope="session")
def shut(case):
    """The way by land closed for three months, a surprise: two stages."""
    return solve_case(case, with_=closure("via_b", start="2024-03-01", end="2024-06-01"))
