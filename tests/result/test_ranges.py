"""What the model does not determine: the classic transport problem by hand, prices that any level would fit."""

import datetime as dt

import numpy as np
import pytest

from corridor.case import Calendar, Settings, make_case, read_case
from corridor.errors import QuestionError
from corridor.result.ranges import flow_ranges, price_unique, system_cost
from corridor.study import solve_case


@pytest.fixture(scope="module")
def trnsport():
    return solve_case(read_case("trnsport"), formulation="min_cost_flow")


def test_split_of_trnsport_is_not_unique(trnsport):
    found = flow_ranges(trnsport).set_index("link")
    unique = found["unique"].to_dict()
    assert not unique["seattle_new_york"]
    assert not unique["san_diego_new_york"]
    assert [link for link, told in unique.items() if told] == [
        "seattle_chicago", "seattle_topeka", "san_diego_chicago", "san_diego_topeka"
    ]  # fmt: skip
    # 0.1 % of 153.675 is 0.153675 to spend. New York from Seattle: down to nothing for free; beyond 50, Chicago must get
    # its cases from San Diego at 0.162 rather than 0.153, so 0.153675 / 0.009 = 17.075 more.
    low, high = found.loc["seattle_new_york", ["low", "high"]]
    assert low == pytest.approx(0, abs=1e-6)
    assert high == pytest.approx(50 + 0.153675 / 0.009, abs=1e-4)
    assert found.loc["san_diego_new_york", "high"] == pytest.approx(325, abs=1e-6)
    assert system_cost(trnsport) == pytest.approx(153.675 * 365 / 365.25)


def test_slack_widens_and_links_are_chosen(trnsport):
    found = flow_ranges(trnsport, ["seattle_new_york"], slack=2e-3)
    assert found["link"].tolist() == ["seattle_new_york"]
    assert found["high"].iloc[0] == pytest.approx(50 + 2 * 0.153675 / 0.009, abs=1e-4)


def test_three_countries_have_one_way_to_trade():
    # Going from one to three directly costs 9, through two 6: no direct flow in any optimum.
    found = flow_ranges(solve_case(read_case("miranda_fackler"))).set_index("link")
    assert found["unique"].all()
    assert found.loc["one_three", "value"] == pytest.approx(0, abs=1e-6)
    assert found.loc["one_two", "value"] == pytest.approx(6, abs=1e-5)
    assert found.loc["one_two", "low"] < 6 < found.loc["one_two", "high"]


def test_unknown_link_and_several_stages(trnsport, shut):
    with pytest.raises(QuestionError, match="no link 'nothing'"):
        flow_ranges(trnsport, ["nothing"])
    with pytest.raises(QuestionError, match="one stage"):
        flow_ranges(shut)


def rigid(available, wanted, years=1):
    """A well that costs 30, a pipe that costs 5, buyers that take what they want unless it is worth 200 to them."""
    calendar = Calendar(dt.date(2024, 1, 1), dt.date(2024 + years, 1, 1), "year")
    return make_case(
        "rigid",
        Settings("Rigid", calendar, None),
        {
            "nodes": [
                {"id": n, "name": n, "country": "KAZ", "lon": 0, "lat": 0, "kind": "junction"} for n in ("well", "town")
            ],
            "goods": [{"id": "oil", "name": "oil", "unit": "Mt"}],
            "links": [{"id": "pipe", "name": "pipe", "goods": "oil", "from": "well", "to": "town", "mode": "pipeline",
                       "capacity": 20, "resource_cost": 5}],
            "supply": [{"id": "wells", "name": "wells", "node": "well", "good": "oil", "quantity": available,
                        "avoidable_cost": 30}],
            "demand": [{"id": "buyers", "name": "buyers", "node": "town", "good": "oil", "quantity": wanted,
                        "unserved_value": 200}],
        },
    )  # fmt: skip


def test_price_that_is_determined():
    # The well has more than the town wants, so the price is its cost.
    table = price_unique(solve_case(rigid(12, 10))).set_index("node")
    assert table["unique"].tolist() == [True, True]
    assert table["value"].to_dict() == pytest.approx({"well": 30, "town": 35})


def test_price_that_is_not():
    # The town wants exactly what the well has: any price from the well's cost to what the town would pay.
    table = price_unique(solve_case(rigid(10, 10))).set_index("node")
    assert table["unique"].tolist() == [False, False]
    assert table.loc["well", ["low", "high"]].tolist() == pytest.approx([30, 195])
    assert table.loc["town", ["low", "high"]].tolist() == pytest.approx([35, 200])
    assert table["note"].str.contains("any price").all()


def test_more_prices_than_programs_allowed():
    result = solve_case(rigid(10, 10, years=3))
    table = price_unique(result, most=2)
    assert table["unique"].tolist() == [False, False, None, None, None, None]
    assert table["note"].iloc[2:].str.contains("not computed").all()


def test_prices_of_known_answers_are_unique(trnsport):
    assert price_unique(trnsport)["unique"].all()
    assert price_unique(solve_case(read_case("miranda_fackler")))["unique"].all()
    assert price_unique(solve_case(read_case("harker")))["unique"].all()


def test_prices_of_several_stages(shut):
    table = price_unique(shut)
    assert len(table) == int((~shut.reading.idle).sum())
    inside = (table["low"] <= table["value"] + 1e-6) & (table["value"] <= table["high"] + 1e-6)
    assert inside.all()
    assert np.isfinite(table.loc[table["unique"].astype(bool), ["low", "high"]]).all(axis=None)
