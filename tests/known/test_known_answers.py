"""Problems that others published, through folders of tables, to the digits that they printed."""

import numpy as np
import pytest

from corridor.case import check_case, read_case, unlicensed, unsourced
from corridor.study import solve_case


def solved(name, scenario="base", **options):
    return solve_case(read_case(name), scenario, **options)


def by_node(frame):
    return frame.groupby("node")["value"].sum().to_dict()


@pytest.mark.parametrize("name", ["trnsport", "harker", "miranda_fackler"])
def test_case_is_clean(name):
    case = read_case(name)
    assert check_case(case) == ()
    assert unsourced(case) == ()
    assert unlicensed(case) == ()


def test_trnsport():
    # Dantzig (1963), chapter 3.3; GAMS model library, TRNSPORT: z = 153.675. Prices: PATHSolver.jl, test_transmcp.
    result = solved("trnsport", formulation="min_cost_flow")
    costs = result.case.table("links").set_index("id")["resource_cost"]
    flows = result.flows.set_index("link")["value"]
    assert float((flows * costs).sum()) == pytest.approx(153.675, abs=1e-7)
    prices = by_node(result.prices)
    printed = {"new_york": 0.225, "chicago": 0.153, "topeka": 0.126}
    assert {node: prices[node] for node in printed} == pytest.approx(printed, abs=1e-9)
    # What is printed and unique: Seattle serves Chicago, San Diego serves Topeka.
    assert flows[["seattle_chicago", "san_diego_topeka"]].tolist() == pytest.approx([300, 275])
    assert float(result.unserved["value"].sum()) == pytest.approx(0, abs=1e-7)


def test_harker():
    # Harker (1986); the value of the competitive run in two public test suites, YALMIP and GLOBALLib.
    result = solved("harker")
    assert result.objective / float(result.network.years.sum()) == pytest.approx(986.5135, abs=5e-5)


def test_harker_pays_the_average_cost_on_every_arc_in_use():
    result = solved("harker")
    prices = by_node(result.prices)
    links = result.case.table("links").set_index("id")
    for link, flow in result.flows.set_index("link")["value"].items():
        row = links.loc[link]
        gain = prices[row["to"]] - prices[row["from"]]
        cost = row["resource_cost"] + row["cubic_cost"] * flow**2
        assert gain <= cost + 1e-6
        if flow > 1e-6:
            assert gain == pytest.approx(cost, abs=1e-6)


def test_three_countries_trade():
    # Miranda and Fackler (2002), page 56; printed output of demslv14.
    result = solved("miranda_fackler")
    nodes = ["one", "two", "three"]
    prices, made, used = by_node(result.prices), by_node(result.supply), by_node(result.deliveries)
    assert [prices[n] for n in nodes] == pytest.approx([24, 27, 30], abs=1e-7)
    assert [made[n] - used[n] for n in nodes] == pytest.approx([6, 3, -9], abs=1e-7)


def test_three_countries_in_autarky():
    result = solved("miranda_fackler", "autarky")
    nodes = ["one", "two", "three"]
    prices, made, used = by_node(result.prices), by_node(result.supply), by_node(result.deliveries)
    assert np.abs(result.flows["value"]).max() == 0
    assert [prices[n] for n in nodes] == pytest.approx([20, 23.4, 34.5], abs=1e-7)
    assert [made[n] for n in nodes] == pytest.approx([11, 10.2, 16.5], abs=1e-7)
    assert made == pytest.approx(used)
