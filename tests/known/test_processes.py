"""A refinery and a power system, small enough to be solved by hand; the derivation stands beside each."""

import pytest
from strategies import plain_case

from corridor.analysis import compare, share
from corridor.network import ban, capacity, closure, derating, outage
from corridor.result import load_result
from corridor.study import solve_case

YEARS = 366 / 365.25
"""Rates are per year of 365.25 days, and 2024 has 366."""


def refinery(capacity=float("inf"), **more):
    """Crude at 25 in Kazakhstan; the pipe uses up 1, its owners take 2, Russia's fee is 1: 29 at the refinery.

    A unit of crude gives 0.4 of petrol and 0.5 of diesel and costs 2 to refine. Petrol: P = 120 - 20 q, diesel: P = 90 - 12 q.
    """
    return plain_case(
        {
            "nodes": [{"id": "field", "country": "KAZ"}, {"id": "town", "country": "RUS"}],
            "goods": [{"id": good, "unit": "Mt"} for good in ("crude", "petrol", "diesel")],
            "links": [
                {
                    "id": "pipe",
                    "from": "field",
                    "to": "town",
                    "capacity": 50,
                    "resource_cost": 1,
                    "tariff": 2,
                    "transit_fee": 1,
                    "controlled_by": "RUS",
                }
            ],
            "corridors": [{"id": "export", "screen": "pipe", "route": True}],
            "corridor_links": [{"corridor": "export", "link": "pipe"}],
            "supply": [{"id": "wells", "node": "field", "quantity": 50, "avoidable_cost": 25}],
            "demand": [
                {"id": "cars", "node": "town", "good": "petrol", "quantity": 4, "price": 40, "elasticity_short": -0.5},
                {
                    "id": "lorries",
                    "node": "town",
                    "good": "diesel",
                    "quantity": 5,
                    "price": 30,
                    "elasticity_short": -0.5,
                },
            ],
            "processes": [{"id": "refinery", "node": "town", "good": "crude", "capacity": capacity, "cost": 2}],
            "process_goods": [
                {"process": "refinery", "good": "crude", "amount": -1},
                {"process": "refinery", "good": "petrol", "amount": 0.4},
                {"process": "refinery", "good": "diesel", "amount": 0.5},
            ],
            **more,
        }
    )


def gain(result, role, party=None):
    table = result.gains
    mine = (table["role"] == role) & ((table["party"] == party) if party else True)
    return table.loc[mine, "value"].sum()


def value_of(table, column, name):
    return table.set_index(column).loc[name, "value"]


def test_a_refinery_with_room_earns_nothing():
    """0.4 (120 - 8 u) + 0.5 (90 - 6 u) = 29 + 2 gives u = 10: petrol 4 at 40, diesel 5 at 30."""
    result = solve_case(refinery())
    assert value_of(result.activity, "process", "refinery") == pytest.approx(10)
    assert value_of(result.deliveries, "demand", "cars") == pytest.approx(4)
    prices = result.prices.set_index(["node", "good"])["value"]
    assert prices["town", "crude"] == pytest.approx(29)
    assert prices["town", "petrol"] == pytest.approx(40)
    assert prices["town", "diesel"] == pytest.approx(30)
    assert gain(result, "processing") == pytest.approx(0, abs=1e-5)


def test_a_full_refinery_keeps_the_rent():
    """At 8: petrol 3.2 at 56, diesel 4 at 42; a unit of crude is worth 43.4 and costs 31, so 12.4 x 8 are the refinery's.

    Consumers: 20 x 3.2^2 / 2 and 12 x 4^2 / 2. The pipe's owners get 16, Russia 8.
    """
    owners = [{"asset": "refinery", "party": "Oil Works", "country": "KAZ", "share": 1.0}]
    result = solve_case(refinery(8, ownership=owners))
    assert gain(result, "processing", "Oil Works") == pytest.approx(99.2 * YEARS)
    assert set(result.gains.loc[result.gains["role"] == "processing", "country"]) == {"KAZ"}
    assert gain(result, "consumers", "cars") == pytest.approx(102.4 * YEARS)
    assert gain(result, "consumers", "lorries") == pytest.approx(96 * YEARS)
    assert gain(result, "producers") == pytest.approx(0, abs=1e-5)
    assert result.objective == pytest.approx(297.6 * YEARS)
    assert result.gains["value"].sum() == pytest.approx(321.6 * YEARS)
    (row,) = result.binding.to_dict("records")
    assert (row["what"], row["rent"]) == ("refinery", pytest.approx(12.4))


@pytest.mark.parametrize(
    ("measure", "activity"),
    [
        (outage("refinery"), 0.0),
        (outage("refinery", availability=0.5), 4.0),
        (derating("refinery", capacity=6.0), 6.0),
        (derating("refinery", availability=0.25), 2.0),
        (capacity("refinery", add=1.0), 9.0),
        (capacity("refinery", capacity=12.0), 10.0),
    ],
)
def test_measures_on_a_refinery(measure, activity):
    """It would work at 10 and has room for 8."""
    result = solve_case(refinery(8), with_=measure)
    assert result.activity["value"].sum() == pytest.approx(activity, abs=1e-6)
    assert [row["what"] for row in result.ledger.to_dict("records")] == ["processes.refinery"]


def test_half_the_amounts_are_twice_the_activity():
    case = refinery(8)
    half = case.table("process_goods").assign(amount=lambda rows: rows["amount"] / 2)
    twice = case.table("processes").assign(capacity=16.0, cost=1.0)
    one, other = solve_case(case), solve_case(case.with_tables(process_goods=half, processes=twice))
    assert other.objective == pytest.approx(one.objective)
    assert value_of(other.activity, "process", "refinery") == pytest.approx(16)
    assert gain(other, "processing") == pytest.approx(gain(one, "processing"))


def test_what_a_refinery_makes_comes_from_where_it_stands():
    """The crude is Kazakh, the petrol Russian: a ban on Kazakh petrol bans nothing, one on Russian petrol all of it."""
    base = solve_case(refinery())
    kazakh = solve_case(refinery(), with_=ban("petrol", origin=["KAZ"], destination=["RUS"]))
    russian = solve_case(refinery(), with_=ban("petrol", origin=["RUS"], destination=["RUS"]))
    assert kazakh.objective == pytest.approx(base.objective)
    # Petrol cannot be thrown away: with it, diesel stops too.
    assert russian.activity["value"].sum() == pytest.approx(0, abs=1e-7)


def test_crude_bought_by_a_refinery_is_an_export():
    told = share(solve_case(refinery()), good="crude", of="KAZ", partner="RUS", ranges=False)
    assert told.value == pytest.approx(1)
    assert told.quantity == pytest.approx(10 * YEARS)


def test_a_closed_pipe_is_accounted_for_in_every_good():
    base = solve_case(refinery())
    told = compare(base, solve_case(refinery(), with_=closure("pipe")))
    assert told.unexplained <= 1e-9
    rows = told.by_period.set_index("good")
    assert rows.loc["crude", "drop"] == pytest.approx(10 * YEARS)
    assert rows.loc["petrol", "output_lost"] == pytest.approx(4 * YEARS)
    assert rows.loc["petrol", "domestic"] == pytest.approx(-4 * YEARS)
    assert {"field cut", "plant cut"} <= set(told.timeline["event"])


@pytest.mark.parametrize("solver", ["highs", "piqp", "clarabel"])
def test_solvers_agree_on_a_refinery(solver):
    result = solve_case(refinery(8), solver=solver)
    assert result.objective == pytest.approx(297.6 * YEARS, rel=1e-6)
    assert value_of(result.activity, "process", "refinery") == pytest.approx(8, rel=1e-5)


def test_fixed_demand_knows_processes():
    """At 6 of petrol at most, and a value of 300 for what is missing, crude is refined for petrol: 10 of it."""
    case = refinery()
    demand = case.table("demand").assign(unserved_value=300.0, elasticity_short=0.0)
    result = solve_case(case.with_tables(demand=demand), formulation="min_cost_flow")
    assert value_of(result.activity, "process", "refinery") == pytest.approx(10)
    assert len(result.unserved) == 2
    assert result.unserved["value"].abs().max() == pytest.approx(0, abs=1e-7)


def power(slices=None, **more):
    """100 TWh a year, 160 at the peak's pace and 80 off it. Coal power costs 0.5 x 40 + 2 = 22, gas power 0.2 x 200 + 3 = 43."""
    slices = {"off_peak": 0.75, "peak": 0.25} if slices is None else slices
    return plain_case(
        {
            "nodes": [{"id": "south", "country": "KAZ"}],
            "goods": [{"id": "power", "unit": "TWh"}, {"id": "coal", "unit": "Mt"}, {"id": "gas", "unit": "bcm"}],
            "supply": [
                {"id": "pit", "node": "south", "good": "coal", "quantity": 100, "avoidable_cost": 40},
                {"id": "pipe", "node": "south", "good": "gas", "quantity": 100, "avoidable_cost": 200},
            ],
            "demand": [{"id": "homes", "node": "south", "quantity": 100, "unserved_value": 500}],
            "processes": [
                {"id": "coal_plant", "node": "south", "good": "power", "capacity": 90, "cost": 2},
                {"id": "gas_plant", "node": "south", "good": "power", "capacity": 100, "cost": 3},
            ],
            "process_goods": [
                {"process": "coal_plant", "good": "power", "amount": 1},
                {"process": "coal_plant", "good": "coal", "amount": -0.5},
                {"process": "gas_plant", "good": "power", "amount": 1},
                {"process": "gas_plant", "good": "gas", "amount": -0.2},
            ],
            "profiles": [
                {"table": "demand", "id": "homes", "column": "quantity", "slice": "peak", "factor": 1.6},
                {"table": "demand", "id": "homes", "column": "quantity", "slice": "off_peak", "factor": 0.8},
            ],
            **more,
        },
        slices=slices,
    )


def test_the_dear_plant_runs_at_peak_and_sets_the_price():
    """Peak: 90 of coal power and 70 of gas power, at 43. Off-peak: 80 of coal power, at 22. Coal earns 21 x 90 in the peak's hours."""
    result = solve_case(power())
    rows = result.activity.set_index(["process", "period"])["value"]
    peak, off_peak = "2024-01-01/2025-01-01 peak", "2024-01-01/2025-01-01 off_peak"
    assert rows["coal_plant", peak] == pytest.approx(90)
    assert rows["gas_plant", peak] == pytest.approx(70)
    assert rows["coal_plant", off_peak] == pytest.approx(80)
    assert rows["gas_plant", off_peak] == pytest.approx(0, abs=1e-6)
    price = result.prices[result.prices["good"] == "power"].set_index("period")["value"]
    assert price[peak] == pytest.approx(43)
    assert price[off_peak] == pytest.approx(22)
    assert gain(result, "processing", "owners of coal_plant") == pytest.approx(21 * 90 * 0.25 * YEARS)
    burnt = result.network.years @ result.reading.supply[:, 0]
    assert burnt == pytest.approx(0.5 * (90 * 0.25 + 80 * 0.75) * YEARS)


def test_a_store_fills_off_peak_and_empties_at_peak():
    """Coal has 10 x 0.75 to spare off peak; 5 of it fit into the lake and take the place of gas power at the peak."""
    lake = [{"id": "lake", "node": "south", "good": "power", "capacity": 5, "initial": 0}]
    result = solve_case(power(storage=lake))
    by_gas = result.network.years @ result.reading.activity[:, 1]
    assert by_gas == pytest.approx(70 * 0.25 * YEARS - 5)
    told = result.stocks.set_index("period")["value"]
    assert told["2024-01-01/2025-01-01 off_peak"] == pytest.approx(5)


def test_a_sliced_result_is_kept_and_told_by_window(tmp_path):
    result = solve_case(power())
    again = load_result(result.save(tmp_path / "power.corridor"))
    assert again.network.periods.labels == result.network.periods.labels
    assert again.objective == result.objective

    from corridor.result.schema import within

    assert len(within(result.activity, ("2024-01-01", "2025-01-01"))) == 4
    assert within(result.activity, ("2024-01-01", "2024-12-31")).empty


def test_a_report_draws_slices_as_whole_days():
    from corridor.report.blocks import route_series

    case = refinery()
    sliced = case.with_tables(_with_slices(case))
    block = route_series(solve_case(sliced), "crude", title="")
    assert [p["label"] for p in block["periods"]] == ["Jan 2024"]
    assert block["series"][0]["values"] == [pytest.approx(10, abs=1e-3)]


def _with_slices(case):
    from dataclasses import replace

    return replace(case.settings, slices={"day": 0.5, "night": 0.5})
