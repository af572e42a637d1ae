"""Security indicators worked by hand.

Kazakhstan burns 12 bcm a year from October to March and 4 in summer (2024 in half-years). Gas comes by two lines from
Russia (8 and 4, of the second a tenth is lost) and one from Turkmenistan (3); its own wells give 2. Russian gas is
cheapest, then its own, then Turkmen. Two lines that share a compressor (a pool of 9) count as one entry.
"""

import datetime as dt
import json

import pytest
from strategies import plain_case

from corridor.analysis import share
from corridor.app.pages import printed
from corridor.result.documents import DOCUMENTS
from corridor.study import solve_case

NODES = [{"id": name, "country": country} for name, country in (("k", "KAZ"), ("r", "RUS"), ("t", "TKM"))]
LINKS = [
    {"id": "big", "from": "r", "to": "k", "capacity": 8, "resource_cost": 1},
    {"id": "small", "from": "r", "to": "k", "capacity": 4, "resource_cost": 3, "loss": 0.1},
    {"id": "south", "from": "t", "to": "k", "capacity": 3, "resource_cost": 1},
]


def market(**more):
    tables = {
        "goods": [{"id": "gas", "unit": "bcm"}],
        "nodes": NODES,
        "links": LINKS,
        "supply": [
            {"id": "wells_r", "node": "r", "quantity": 50, "avoidable_cost": 10},
            {"id": "wells_k", "node": "k", "quantity": 2, "avoidable_cost": 20},
            {"id": "wells_t", "node": "t", "quantity": 50, "avoidable_cost": 30},
        ],
        "demand": [{"id": "homes", "node": "k", "quantity": 12, "unserved_value": 90}],
        "dated": [
            {"table": "demand", "id": "homes", "column": "quantity", "start": dt.date(2024, 4, 1),
             "end": dt.date(2024, 10, 1), "value": 4.0},
        ],
    }  # fmt: skip
    return plain_case(tables | more, "quarter")


def asked(case, **more):
    question = {"good": "gas", "of": "KAZ", "partner": "RUS", "direction": "imports", "ranges": False} | more
    return share(solve_case(case), **question).security


def test_n_minus_one_by_hand():
    """Entries 8 + 4 * 0.9 + 3 = 14.6, wells 2, largest 8, demand 12: (14.6 + 2 - 8) / 12."""
    found = asked(market()).n_1
    assert (found.entry, found.production, found.largest, found.demand) == pytest.approx((14.6, 2, 8, 12))
    assert (found.largest_entry, found.period, found.storage) == ("big", "2024-01-01/2024-04-01", 0.0)
    assert found.value == pytest.approx(100 * 8.6 / 12)


def test_entries_that_share_a_compressor_are_one():
    """The pool lets 9 through: (9 + 3 + 2 - 9) / 12."""
    pooled = market(
        pools=[{"id": "compressor", "capacity": 9}],
        pool_links=[{"pool": "compressor", "link": "big"}, {"pool": "compressor", "link": "small"}],
    )
    found = asked(pooled).n_1
    assert (found.largest_entry, found.largest) == ("compressor", 9)
    assert found.value == pytest.approx(100 * 5 / 12)


def test_what_is_in_store_counts_over_the_days_of_the_peak():
    """1 bcm at the start of a quarter of 91 days is 365.25 / 91 a year."""
    stored = market(storage=[{"id": "cavern", "node": "k", "capacity": 1, "initial": 1}])
    found = asked(stored)
    assert found.n_1.storage == pytest.approx(365.25 / 91)
    assert found.n_1.value == pytest.approx(100 * (8.6 + 365.25 / 91) / 12)


def test_an_entry_without_a_limit_leaves_the_formula_without_a_value():
    links = [LINKS[0] | {"capacity": float("inf")}, *LINKS[1:]]
    found = asked(market(links=links)).n_1
    assert found.value is None
    assert found.why_absent == "no capacity is known of big"


def test_concentration_of_partners_and_what_the_border_has_to_spare():
    """In winter 8 + 3.6 from Russia leave 0.4 of 12 to the own wells: all imports are Russian."""
    found = asked(market())
    assert found.partners == (("RUS", pytest.approx(1.0)),)
    assert found.hhi_partners == pytest.approx(1e4)
    # The other border links are told by average flow over 183 winter and 183 summer days.
    flows = {b.link: (b.capacity, b.flow, b.spare) for b in found.border}
    assert flows["big"] == pytest.approx((8, (8 * 183 + 4 * 183) / 366, 2))
    assert flows["south"] == pytest.approx((3, 0, 3))


def test_two_partners():
    """Without the second Russian line and the own wells 8 Russian and 3 Turkmen in winter, 4 Russian in summer."""
    less = market(
        links=[LINKS[0], LINKS[2]],
        supply=[
            {"id": "wells_r", "node": "r", "quantity": 50, "avoidable_cost": 10},
            {"id": "wells_t", "node": "t", "quantity": 50, "avoidable_cost": 30},
        ],
    )
    found = asked(less)
    assert dict(found.partners) == pytest.approx({"RUS": 12 / 15, "TKM": 3 / 15})
    assert found.hhi_partners == pytest.approx(1e4 * (0.8**2 + 0.2**2))


def test_days_of_cover_are_stock_over_daily_use():
    """A cavern that nobody empties holds 1 bcm; use is 8 bcm a year on average."""
    full = market(storage=[{"id": "cavern", "node": "k", "capacity": 1, "initial": 1, "holding_cost": 0}])
    found = asked(full)
    assert found.days_of_cover == pytest.approx(found.stock / (8 / 365.25))
    assert asked(market()).days_of_cover is None


def test_exports_have_destinations_as_partners_and_no_n_minus_one():
    found = asked(market(), of="TKM", partner="KAZ", direction="exports")
    assert found.n_1 is None
    assert [b.link for b in found.border] == ["south"]


@pytest.mark.parametrize("direction", ["imports", "exports"])
def test_the_document_has_them(direction):
    asked = f"share kazakhstan --good wheat --of KAZ --partner RUS --direction {direction} --quiet"
    told = json.loads(printed(f"{asked} --json"))
    DOCUMENTS["share"].model_validate(told)
    found = told["result"]["security"]
    assert (found["n_1"] is None) == (direction == "exports")
    assert sum(p["share"] for p in found["partners"]) == pytest.approx(1, abs=1e-5)
    text = printed(asked)
    assert f"concentration of partners (HHI): {found['hhi_partners']:,.0f}" in text
    assert ("N-1" in text) == (direction == "imports")
