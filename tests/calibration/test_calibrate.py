"""Calibration on cases worked by hand."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from strategies import plain_case

from corridor.calibration import calibrate, calibration_of
from corridor.case import Calendar
from corridor.errors import CaseError, QuestionError
from corridor.network import capacity
from corridor.study import solve_case

YEAR = 366 / 365.25
"""Length of 2024: volumes over it are rates times this."""


def chain():
    """A line from a to c over b; two sources disagree on what it carries, and output and sales say something too."""
    return plain_case(
        {
            "nodes": [{"id": n, "country": c} for n, c in (("a", "KAZ"), ("b", "RUS"), ("c", "CHN"))],
            "links": [
                {"id": "ab", "from": "a", "to": "b", "capacity": 100, "tariff": 5, "length_km": 100},
                {"id": "bc", "from": "b", "to": "c", "capacity": 100, "tariff": 5, "length_km": 100},
            ],
            "supply": [{"id": "f", "node": "a", "quantity": 10, "avoidable_cost": 30, "elasticity_short": 0.1}],
            "demand": [
                {"id": "m", "node": "c", "quantity": 10, "price": 100, "unserved_value": 500, "elasticity_short": -0.5}
            ],
            "observations": [
                {"id": "into", "target": "ab", "value": 10, "confidence": "high"},
                {"id": "out_of", "target": "bc", "value": 11, "confidence": "medium"},
                {"id": "output", "target": "f", "value": 10, "confidence": "low"},
                {"id": "sales", "target": "m", "value": 11, "confidence": "low"},
            ],
        },
        calibrated=True,
    )


def two_ways(capacity_of_cheap=100.0):
    """Two links to one market; least cost would send all by the cheap one, but 4 of 10 are seen on the dear one."""
    return plain_case(
        {
            "nodes": [{"id": "a", "country": "KAZ"}, {"id": "c", "country": "CHN"}],
            "links": [
                {"id": "cheap", "from": "a", "to": "c", "capacity": capacity_of_cheap, "tariff": 10, "length_km": 100},
                {"id": "dear", "from": "a", "to": "c", "capacity": 100, "tariff": 16, "length_km": 200},
            ],
            "corridors": [
                {"id": "short_way", "screen": "cheap", "route": True},
                {"id": "long_way", "screen": "dear", "route": True},
            ],
            "corridor_links": [
                {"corridor": "short_way", "link": "cheap"},
                {"corridor": "long_way", "link": "dear"},
            ],
            "supply": [{"id": "f", "node": "a", "quantity": 10, "avoidable_cost": 30, "elasticity_short": 0.1}],
            "demand": [
                {"id": "m", "node": "c", "quantity": 10, "price": 100, "unserved_value": 500, "elasticity_short": -0.5,
                 "confidence": "high"}
            ],
            "observations": [
                {"id": f"seen_{name}", "target": name, "value": value, "confidence": "high"}
                for name, value in (("cheap", 6), ("dear", 4), ("f", 10), ("m", 10))
            ],
        },
        calibrated=True,
    )  # fmt: skip


def wedges(calibrated):
    return calibrated.table("wedges").set_index("link")


# Reconciling


def test_sources_that_disagree_meet_at_the_weighted_mean():
    """Nothing is lost on the way, so all four figures are one number x. Standard errors: 1 % of 10, 3 % of 11, 10 % of
    10 and of 11, so x = (10 / 0.01 + 11 / 0.1089 + 10 / 1 + 11 / 1.21) / (1 / 0.01 + 1 / 0.1089 + 1 / 1 + 1 / 1.21).
    """
    weights = np.array([1 / 0.01, 1 / 0.1089, 1 / 1, 1 / 1.21])
    x = weights @ [10, 11, 10, 11] / weights.sum()
    told = calibration_of(chain()).adjustments.set_index("id")
    assert told["reconciled"].to_numpy() == pytest.approx([x] * 4, abs=1e-6)
    # The largest adjustment, in standard errors, comes first: the source of medium confidence that stands alone.
    assert told.index[0] == "out_of"
    assert told.loc["out_of", "in_sigmas"] == pytest.approx((11 - x) / 0.33, abs=1e-5)
    assert told.loc["into", "sigma"] == pytest.approx(0.1)


def test_a_capacity_wins_over_an_observation_above_it():
    case = chain()
    links = case.table("links").assign(capacity=[8.0, 100.0])
    told = calibration_of(case.with_tables(links=links)).adjustments.set_index("id")
    assert told["reconciled"].to_numpy() == pytest.approx([8 * YEAR] * 4, abs=1e-6)


def test_what_no_flow_can_satisfy_is_a_fault_of_the_case():
    """A contract for 20 on a link of 8."""
    case = chain()
    links = case.table("links").assign(capacity=[8.0, 100.0])
    contract = pd.DataFrame([{"id": "deal", "kind": "agreement", "target": "bc", "min": 20.0}])
    with pytest.raises(CaseError, match="no flow satisfies the balances and capacities of the calibration range"):
        calibration_of(case.with_tables(links=links, instruments=contract))


# Prices and wedges


def test_wedges_of_two_ways_are_those_derived():
    """Both ways carry, so both cost the same: 10 + u = 16 + v, u = v + 6.

    f, a tenth of the mean cost per km, is 0.1 (6 x 10 + 4 x 16) / (6 x 100 + 4 x 200) = 12.4 / 1400 a km, so the spreads
    are 10 + 100 f and 16 + 200 f. Minimise 6 u^2 / (10 + 100 f) + 4 v^2 / (16 + 200 f): with A = 6 / (10 + 100 f) and
    B = 4 / (16 + 200 f), A u + B v = 0, so v = -6 A / (A + B). The price at c is the one seen, 100, and the field gets
    100 - 10 - u.
    """
    f = 0.1 * 124 / 1400
    a, b = 6 / (10 + 100 * f), 4 / (16 + 200 * f)
    v = -6 * a / (a + b)
    calibrated = calibrate(two_ways())
    told = wedges(calibrated)
    assert told["wedge"].to_dict() == pytest.approx({"cheap": v + 6, "dear": v}, abs=1e-5)
    assert told["reading"].tolist() == ["cost", "cost"]
    levels = calibrated.table("levels").set_index("id")
    assert levels.loc["f", "price"] == pytest.approx(100 - 10 - (v + 6), abs=1e-5)
    assert levels.loc["m", "price"] == pytest.approx(0, abs=1e-5)
    assert levels.loc["f", "factor"] == pytest.approx(10 / YEAR / 10, abs=1e-7)


def test_a_full_link_explains_itself():
    """At 98 % of its capacity the cheap way's wedge is scarcity, which is penalised a thousandth as much."""
    f = 0.1 * 124 / 1400
    a, b = 1e-3 * 6 / (10 + 100 * f), 4 / (16 + 200 * f)
    v = -6 * a / (a + b)
    told = wedges(calibrate(two_ways(6.1)))
    assert told["wedge"].to_dict() == pytest.approx({"cheap": v + 6, "dear": v}, abs=1e-5)
    assert told["reading"].tolist() == ["scarcity", "cost"]


def test_added_capacity_relieves_scarcity_and_leaves_cost_alone():
    calibrated = calibrate(two_ways(6.1))
    more = capacity("cheap", add=10.0)
    as_scarcity = solve_case(calibrated, with_=more, kappa=0.0)
    as_cost = solve_case(calibrated, with_=more, kappa=0.0, scarcity_as_cost=True)
    flow = [r.flows.set_index("link")["value"] for r in (as_scarcity, as_cost)]
    # Read as scarcity, the cheap way is 6 cheaper again and takes all; read as cost, both ways still cost the same.
    assert flow[0]["dear"] == pytest.approx(0, abs=1e-6)
    assert flow[0]["cheap"] > 9.9
    wedge = [r.network.flows.wedge[0].tolist() for r in (as_scarcity, as_cost)]
    assert wedge[0][0] == 0.0
    assert wedge[1][0] == pytest.approx(wedges(calibrated).loc["cheap", "wedge"])
    assert as_cost.objective < as_scarcity.objective


def test_a_route_preference_is_a_tenth_of_the_way_to_full_at_least():
    """Slope c / max(x0, 10 % of capacity): c, price at c less price at a, over 10 for both (6 and 4 are less)."""
    calibrated = calibrate(two_ways())
    price = calibrated.table("levels").set_index("id").loc["f", "price"]
    told = calibrated.table("preferences").set_index("corridor")
    assert told["slope"].to_numpy() == pytest.approx([(100 - price) / 10] * 2, abs=1e-6)
    assert told["flow"].to_numpy() == pytest.approx([6 / YEAR, 4 / YEAR], abs=1e-6)


@pytest.mark.parametrize("kappa", [0.1, 0.3, 1.0])
def test_the_solved_case_has_the_flows_that_were_reconciled(kappa):
    calibrated = calibrate(two_ways())
    flow = solve_case(calibrated, kappa=kappa).flows.set_index("link")["value"]
    assert (flow * YEAR).to_dict() == pytest.approx({"cheap": 6, "dear": 4}, abs=1e-6)


def test_without_preference_the_reconciled_flows_are_among_the_best():
    calibrated = calibrate(two_ways())
    free, held = solve_case(calibrated, kappa=0.0), solve_case(calibrated, kappa=0.3)
    assert held.objective == pytest.approx(free.objective, abs=1e-5)


def test_no_field_is_priced_below_its_avoidable_cost():
    case = two_ways()
    dear_to_lift = case.with_tables(supply=case.table("supply").assign(avoidable_cost=[95.0]))
    calibrated = calibrate(dear_to_lift)
    assert calibrated.table("levels").set_index("id").loc["f", "price"] >= 95 - 1e-6
    # The market's price was seen closely, so the wedges give way.
    assert wedges(calibrated)["wedge"].max() < 0


def test_an_observed_price_at_the_field_pulls_as_its_confidence_says():
    """80 at the gate and 100 at the market leave 20 a unit, where the links are known to cost 10 and 16.

    A price of standard error 0.5 % pulls with flow / (0.005 price): 10 / 0.4 = 25 at the gate and 10 / 0.5 = 20 at the
    market; one behind the other they pull with K = 25 x 20 / 45 on the spread 16 + v. So with A and B as above
    A (v + 6) + B v + K (v - 4) = 0.
    """
    f = 0.1 * 124 / 1400
    a, b, k = 6 / (10 + 100 * f), 4 / (16 + 200 * f), 25 * 20 / 45
    v = (4 * k - 6 * a) / (a + b + k)
    gate = {"id": "gate", "node": "a", "good": "oil", "start": dt.date(2024, 1, 1), "end": dt.date(2025, 1, 1)}
    seen = pd.DataFrame([{**gate, "value": 80.0, "confidence": "high"}])
    told = wedges(calibrate(two_ways().with_tables(prices=seen)))["wedge"]
    assert told.to_dict() == pytest.approx({"cheap": v + 6, "dear": v}, abs=1e-4)


# The year


def test_the_calibration_year_is_a_parameter():
    case = two_ways()
    seen = case.table("observations")
    earlier = seen.assign(
        id=seen["id"] + "_2023", start=dt.date(2023, 1, 1), end=dt.date(2024, 1, 1), value=[2.0, 8.0, 10.0, 10.0]
    )
    case = case.with_tables(observations=pd.concat([seen, earlier], ignore_index=True))
    now, then = (calibrate(case, year).table("preferences").set_index("corridor")["flow"] for year in (2024, 2023))
    assert now["short_way"] * YEAR == pytest.approx(6, abs=1e-6)
    assert then["short_way"] * 365 / 365.25 == pytest.approx(2, abs=1e-6)


def test_a_year_without_observations_is_told():
    with pytest.raises(QuestionError, match="no observation over 2019-01-01 to 2020-01-01; it has 2024"):
        calibrate(two_ways(), 2019)


def test_a_case_without_a_calibration_range_is_left_as_it_is():
    case = two_ways()
    plain = replace(case, settings=replace(case.settings, calibration=None))
    assert calibrate(plain) is plain
    with pytest.raises(QuestionError, match="says no calibration range"):
        calibration_of(plain)


def test_a_calibrated_case_is_not_calibrated_again():
    calibrated = calibrate(two_ways())
    assert calibrate(calibrated) is calibrated


def test_observations_of_another_range_are_for_other_questions():
    case = two_ways()
    half = replace(case.settings, calibration=Calendar(dt.date(2024, 1, 1), dt.date(2024, 7, 1), "year"))
    with pytest.raises(QuestionError, match="no observation over 2024-01-01 to 2024-07-01"):
        calibrate(replace(case, settings=half))


# What only a planned link joins to the rest


def with_planned(**observed):
    """The two ways; beside them a field and a market of their own, and a planned link between them."""
    case = two_ways()
    rows = {
        name: case.table(name).to_dict("records") for name in ("nodes", "links", "supply", "demand", "observations")
    }
    rows["nodes"] += [{"id": "new_field", "country": "KAZ"}, {"id": "new_market", "country": "CHN"}]
    rows["links"].append(
        {"id": "new_line", "from": "new_field", "to": "new_market", "capacity": 5, "tariff": 7, "status": "planned"}
    )
    rows["supply"].append(
        {"id": "new_wells", "node": "new_field", "quantity": 3, "avoidable_cost": 20, "elasticity_short": 0.5}
    )
    rows["demand"].append({"id": "new_buyers", "node": "new_market", "quantity": 3, "price": 80, "unserved_value": 300})
    rows["observations"] += [{"id": f"seen_{name}", "target": name, "value": v} for name, v in observed.items()]
    kept = {name: [{k: v for k, v in row.items() if k != "name"} for row in told] for name, told in rows.items()}
    others = {name: case.table(name).to_dict("records") for name in ("corridors", "corridor_links")}
    return plain_case({**kept, **others}, calibrated=True)


def test_what_only_a_planned_link_joins_stays_as_in_the_table():
    case = calibrate(with_planned())
    assert case.table("levels")["id"].tolist() == ["f", "m"]
    assert calibration_of(with_planned()).adjustments["id"].str.contains("new").sum() == 0
    # Opened, the link carries what the table says, at the wells' cost and the tariff.
    result = solve_case(case, with_=capacity("new_line", capacity=5.0))
    carried = result.flows.set_index("link")["value"]
    assert carried["new_line"] == pytest.approx(3.0)
    # The rest is what it was without them.
    alone = solve_case(calibrate(two_ways())).flows.set_index("link")["value"]
    assert carried[["cheap", "dear"]].to_dict() == pytest.approx(alone[["cheap", "dear"]].to_dict(), abs=1e-6)


def test_what_was_seen_to_stand_still_stands_still():
    levels = calibrate(with_planned(new_wells=0.0)).table("levels").set_index("id")
    assert levels.loc["new_wells", "factor"] == 0.0
    assert "new_buyers" not in levels.index


@pytest.mark.parametrize(("status", "left_alone"), [("planned", ["gas_wells", "homes"]), ("open", [])])
def test_a_planned_process_is_no_way_out(status, left_alone):
    """Gas wells have one buyer, a plant; the plant's power is wanted at home, and the plant also needs crude."""
    case = two_ways()
    tables = {name: case.table(name).to_dict("records") for name in case.tables if len(case.table(name))}
    case = plain_case(
        {
            **{name: tables[name] for name in ("nodes", "links", "corridors", "corridor_links", "observations")},
            "goods": [{"id": good, "unit": "Mt"} for good in ("oil", "gas", "power")],
            "supply": [*tables["supply"], {"id": "gas_wells", "node": "c", "good": "gas", "quantity": 2, "avoidable_cost": 9}],
            "demand": [
                *tables["demand"],
                {"id": "homes", "node": "c", "good": "power", "quantity": 1, "price": 60, "unserved_value": 500},
            ],
            "processes": [{"id": "plant", "node": "c", "good": "power", "capacity": 1.5, "status": status}],
            "process_goods": [
                {"process": "plant", "good": good, "amount": amount}
                for good, amount in (("oil", -0.1), ("gas", -2.0), ("power", 1.0))
            ],
        },
        calibrated=True,
    )  # fmt: skip
    levels = set(calibrate(case).table("levels")["id"])
    assert sorted({"gas_wells", "homes"} - levels) == left_alone
