"""The ledger of a result: each figure in the unit that the case would give it."""

import pytest
from strategies import plain_case

from corridor.network import agreement, ban, closure, derating, fee, outage, stock_release, tariff
from corridor.study import solve_case


@pytest.fixture(scope="module")
def changes():
    """Oil from one country through another, with a tank on the way, and one measure of each sort."""
    case = plain_case(
        {
            "nodes": [{"id": "k", "country": "KAZ"}, {"id": "r", "country": "RUS"}, {"id": "c", "country": "CHN"}],
            "links": [
                {"id": "kr", "from": "k", "to": "r", "capacity": 9, "resource_cost": 5},
                {"id": "rc", "from": "r", "to": "c", "capacity": 9, "resource_cost": 5},
                {"id": "kc", "from": "k", "to": "c", "capacity": 9, "resource_cost": 20},
            ],
            "supply": [{"id": "field", "node": "k", "quantity": 8, "avoidable_cost": 10}],
            "demand": [{"id": "users", "node": "c", "quantity": 8, "unserved_value": 90}],
            "storage": [{"id": "tank", "node": "r", "capacity": 2, "initial": 1}],
        }
    )
    measures = [
        derating("kr", capacity="6Mt/yr"),
        closure("kc", end="2024-02-01"),
        outage("tank", availability=0.9),
        stock_release("tank", volume="0.25Mt", end="2024-07-01"),
        agreement("rc", min="1Mt/yr"),
        fee("kr", rate="3USD/t"),
        tariff("oil", destination="CHN", rate="2USD/t"),
        ban("oil", origin="RUS", destination="CHN"),
    ]
    return solve_case(case, with_=measures).ledger


@pytest.mark.parametrize(
    ("what", "column", "after", "unit"),
    [
        ("links.kr", "capacity", 6, "Mt/yr"),
        ("links.kc", "capacity", 0, "Mt/yr"),
        ("storage.tank", "capacity", 1.8, "Mt"),
        ("tank", "release", 0.25, "Mt"),
        ("rc", "minimum", 1, "Mt/yr"),
        ("kr", "fee", 3, "USD/t"),
        ("oil", "tariff", 2, "USD/t"),
        ("deliveries of oil", "allowed", 0, ""),
    ],
)
def test_each_figure_has_its_unit(changes, what, column, after, unit):
    row = changes[(changes["what"] == what) & (changes["column"] == column)].iloc[-1]
    assert (row["after"], row["unit"]) == (pytest.approx(after), unit)
