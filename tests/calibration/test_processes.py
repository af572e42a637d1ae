"""Processes in calibration: what they earn in a real year is a wedge, or rent where they are full; activities come back."""

import pytest
from strategies import plain_case

from corridor.calibration import calibration_of
from corridor.case import check_case
from corridor.study import solve_case


def refinery(*, seen, capacity=20.0, crude=20.0, petrol=40.0, cost=2.0):
    """Crude seen at 20, petrol at 40: a margin of 0.9 x 40 - 20 = 16 for a unit of activity that costs 2.

    Five of crude are sold as they are, so that what crude is worth hangs on its buyers and not on the refinery alone.
    """
    return plain_case(
        {
            "nodes": [{"id": "town", "country": "RUS"}],
            "goods": [{"id": "crude", "unit": "Mt"}, {"id": "petrol", "unit": "Mt"}],
            "supply": [
                {"id": "wells", "node": "town", "quantity": seen + 5, "avoidable_cost": 5, "elasticity_short": 0.5}
            ],
            "demand": [
                {
                    "id": "abroad",
                    "node": "town",
                    "quantity": 5,
                    "price": crude,
                    "elasticity_short": -0.5,
                    "confidence": "high",
                },
                {
                    "id": "cars",
                    "node": "town",
                    "good": "petrol",
                    "quantity": 0.9 * seen,
                    "price": petrol,
                    "elasticity_short": -0.5,
                    "confidence": "high",
                },
            ],
            "processes": [{"id": "refinery", "node": "town", "good": "crude", "capacity": capacity, "cost": cost}],
            "process_goods": [
                {"process": "refinery", "good": "crude", "amount": -1},
                {"process": "refinery", "good": "petrol", "amount": 0.9},
            ],
            "observations": [{"id": "seen", "target": "refinery", "value": seen * 366 / 365.25, "confidence": "high"}],
            "prices": [{"id": "known", "node": "town", "good": "crude", "value": crude, "confidence": "high"}],
        },
        calibrated=True,
    )


def wedges(made):
    return made.case.tables["wedges"].set_index("link")


def test_what_a_refinery_with_room_earns_is_its_wedge():
    made = calibration_of(refinery(seen=10))
    row = wedges(made).loc["refinery"]
    crude, petrol = made.prices.price
    assert row["reading"] == "cost"
    assert row["wedge"] == pytest.approx(0.9 * petrol - crude - 2, abs=1e-6)
    # The margin is 14 at the prices seen; they give way a little.
    assert 12 < row["wedge"] < 14
    assert row["flow"] == pytest.approx(10, rel=1e-6)
    assert check_case(made.case) == ()


def test_a_calibrated_refinery_runs_as_it_was_seen():
    made = calibration_of(refinery(seen=10))
    result = solve_case(made.case)
    assert result.reading.activity[0, 0] == pytest.approx(made.reconciled.reading.activity[0, 0], rel=1e-6)
    assert result.settlement.processing.sum() == pytest.approx(0, abs=1e-4)


def test_a_full_refinery_earns_a_rent_and_needs_no_wedge():
    made = calibration_of(refinery(seen=10, capacity=10.0))
    assert made.case.tables["wedges"].empty
    crude, petrol = made.prices.price
    assert crude == pytest.approx(20, rel=1e-3)
    assert petrol == pytest.approx(40, rel=1e-3)
    result = solve_case(made.case)
    assert result.reading.activity[0, 0] == pytest.approx(10, rel=1e-6)
    assert result.settlement.processing.sum() == pytest.approx(140 * 366 / 365.25, rel=1e-2)


def test_one_that_is_nearly_full_is_scarce_until_it_grows():
    made = calibration_of(refinery(seen=9.7, capacity=10.0))
    assert wedges(made).loc["refinery", "reading"] == "scarcity"
    result = solve_case(made.case)
    assert result.reading.activity[0, 0] == pytest.approx(9.7, rel=1e-6)
    grown = made.case.table("processes").assign(capacity=11.0)
    more = solve_case(made.case.with_tables(processes=grown))
    assert more.reading.activity[0, 0] > 9.75
    assert solve_case(made.case.with_tables(processes=grown), scarcity_as_cost=True).reading.activity[
        0, 0
    ] == pytest.approx(9.7, rel=1e-6)


def test_one_that_stands_still_tells_only_the_least_it_costs():
    case = refinery(seen=10)
    idle = case.table("processes")
    idle.loc[1] = idle.loc[0].copy().to_dict() | {"id": "old", "name": "old", "cost": 1.0}
    goods = case.table("process_goods")
    goods.loc[2] = goods.loc[0].copy().to_dict() | {"process": "old"}
    goods.loc[3] = goods.loc[1].copy().to_dict() | {"process": "old"}
    seen = case.table("observations")
    seen.loc[1] = seen.loc[0].copy().to_dict() | {"id": "none", "target": "old", "value": 0.0}
    made = calibration_of(case.with_tables(processes=idle, process_goods=goods, observations=seen))
    told = wedges(made)
    assert told.loc["old", "reading"] == "lower_bound"
    # Its margin is that of the refinery and one more, since it costs one less; and a hundredth of it all, so that it stays shut.
    margin = told.loc["refinery", "wedge"] + 2
    assert told.loc["old", "wedge"] == pytest.approx(margin - 1 + 0.01 * margin, abs=1e-5)
    again = solve_case(made.case).reading.demand
    assert again == pytest.approx(made.reconciled.reading.demand, rel=1e-6)
