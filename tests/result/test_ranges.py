"""What the model does not determine: the classic transport problem by hand, prices that any level would fit."""

import datetime as dt

import numpy as np
import pytest
from strategies import plain_case

from corridor.analysis import share
from corridor.case import Calendar, Settings, make_case, read_case
from corridor.errors import QuestionError
from corridor.result.ranges import flow_ranges, price_unique, spare_cost, system_cost
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


def test_years_that_nothing_ties_have_the_same_ends():
    table = price_unique(solve_case(rigid(10, 10, years=3)))
    for _, each in table.groupby("period"):
        assert each.set_index("node")["low"].to_dict() == pytest.approx({"well": 30, "town": 35})
        assert each.set_index("node")["high"].to_dict() == pytest.approx({"well": 195, "town": 200})


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


def two_goods(gas):
    """Oil by two lines, one dearer by 0.1; beside it a plant that makes power of `gas` at great cost, if any."""
    nodes = [{"id": n, "country": c} for n, c in (("a", "KAZ"), ("b", "CHN"))]
    plant = {
        "supply": [{"id": "gas_wells", "node": "a", "good": "gas", "quantity": gas, "avoidable_cost": 400}],
        "demand": [{"id": "homes", "node": "b", "good": "power", "quantity": gas, "unserved_value": 5000}],
        "links": [{"id": "wire", "from": "a", "to": "b", "goods": "power", "capacity": 99, "resource_cost": 7}],
        "processes": [{"id": "plant", "node": "a", "good": "power", "capacity": 99, "cost": 50}],
        "process_goods": [
            {"process": "plant", "good": "gas", "amount": -1.0},
            {"process": "plant", "good": "power", "amount": 1.0},
        ],
    }
    tables = {
        "nodes": nodes,
        "goods": [{"id": good, "unit": "Mt"} for good in ("oil", "gas", "power")],
        "links": [
            {"id": name, "from": "a", "to": "b", "capacity": 20, "resource_cost": cost}
            for name, cost in (("cheap", 5.0), ("dear", 5.1))
        ],
        "supply": [{"id": "wells", "node": "a", "quantity": 12, "avoidable_cost": 10}],
        "demand": [{"id": "buyers", "node": "b", "quantity": 10, "unserved_value": 90}],
        "corridors": [{"id": f"by_{name}", "screen": name, "route": True} for name in ("cheap", "dear")],
        "corridor_links": [{"corridor": f"by_{name}", "link": name} for name in ("cheap", "dear")],
    }
    for name, rows in plant.items() if gas else ():
        tables[name] = [*tables.get(name, []), *rows]
    return solve_case(plain_case(tables))


def test_cost_of_one_good_is_its_supplies_links_and_makers():
    result, years = two_goods(gas=20), 366 / 365.25
    costs = {good: system_cost(result, good) / years for good in ("oil", "gas", "power")}
    assert costs == pytest.approx({"oil": 10 * 15, "gas": 20 * 400, "power": 20 * 57})
    assert sum(costs.values()) == pytest.approx(system_cost(result) / years)
    with pytest.raises(QuestionError, match="no good 'coal'"):
        system_cost(result, "coal")


@pytest.mark.parametrize("gas", [0, 20])
def test_a_range_asks_what_the_good_itself_costs(gas):
    """0.1 % of 150 buys 1.5 units on the dear line, whatever is spent on gas and power."""
    result = two_goods(gas)
    dear = flow_ranges(result, ["dear"]).iloc[0]
    assert (dear["low"], dear["high"]) == pytest.approx((0.0, 1.5), abs=1e-6)
    told = share(result, via="by_dear", good="oil", of="KAZ")
    assert (told.low, told.high) == pytest.approx((0.0, 0.15), abs=1e-6)


def test_a_good_beside_a_far_dearer_one_keeps_what_a_solver_can_tell():
    result = two_goods(gas=90)
    assert spare_cost(result, "oil", slack=1e-9) == pytest.approx(1e-6 * system_cost(result))
