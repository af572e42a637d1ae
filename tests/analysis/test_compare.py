"""What a closure does, decomposed and dated, on numbers worked by hand."""

import pytest
from strategies import plain_case

from corridor.analysis import compare
from corridor.errors import QuestionError
from corridor.network import closure
from corridor.study import solve_case

YEAR = 366 / 365.25


def market(step="year", east=4, wanted=4.5, **more):
    """A field of 7 at k; 2 are used at home. North: by r, a tenth is lost on the way there. East: straight, dearer."""
    return plain_case(
        {
            "nodes": [{"id": "k", "country": "KAZ"}, {"id": "r", "country": "RUS"}, {"id": "c", "country": "CHN"}],
            "links": [
                {"id": "kr", "from": "k", "to": "r", "capacity": 10, "resource_cost": 1, "loss": 0.1},
                {"id": "rc", "from": "r", "to": "c", "capacity": 10, "resource_cost": 1, "transit_fee": 1},
                {"id": "kc", "from": "k", "to": "c", "capacity": east, "resource_cost": 20},
            ],
            "corridors": [
                {"id": "north", "screen": "rc", "route": True},
                {"id": "east", "screen": "kc", "route": True},
            ],
            "corridor_links": [{"corridor": "north", "link": "rc"}, {"corridor": "east", "link": "kc"}],
            "supply": [{"id": "field", "node": "k", "quantity": 7, "avoidable_cost": 10}],
            "demand": [
                {"id": "home", "node": "k", "quantity": 2, "unserved_value": 90},
                {"id": "china", "node": "c", "quantity": wanted, "unserved_value": 50},
            ],
            **more,
        },
        step,
    )


@pytest.fixture(scope="module")
def closed():
    case = market()
    return compare(solve_case(case), solve_case(case, with_=closure("north")))


def test_the_decomposition_is_the_one_derived(closed):
    """Before: 5 leave for r, 4.5 arrive and pass north to China; the field makes 7. After: 4 go east, the field makes 6.
    So 4.5 lose their way: 4 are rerouted, 1 is not made, and half a unit is no longer lost on the way: 4 + 1 - 0.5."""
    (row,) = closed.by_period.to_dict("records")
    expected = {"drop": 4.5, "rerouted": 4, "output_lost": 1, "stock_change": 0, "domestic": 0, "losses": -0.5}
    assert {key: row[key] for key in expected} == pytest.approx({k: v * YEAR for k, v in expected.items()}, abs=1e-7)
    assert row["exports_lost"] == pytest.approx(0.5 * YEAR)
    assert closed.unexplained <= 1e-9
    assert row["unit"] == "Mt"


def test_volumes_and_routes_stand_side_by_side(closed):
    told = closed.volumes.set_index("link")
    assert told["base"].to_dict() == pytest.approx({"kr": 5 * YEAR, "rc": 4.5 * YEAR, "kc": 0}, abs=1e-7)
    assert told["changed"].to_dict() == pytest.approx({"kr": 0, "rc": 0, "kc": 4 * YEAR}, abs=1e-7)
    assert (told["difference"] - (told["changed"] - told["base"])).abs().max() == 0
    assert closed.rerouted.to_dict("records") == [
        {"corridor": "east", "good": "oil", "quantity": pytest.approx(4 * YEAR), "unit": "Mt"}
    ]
    exported = closed.exports_lost.iloc[0]
    assert (exported["country"], exported["difference"]) == ("KAZ", pytest.approx(-0.5 * YEAR))


def test_prices_and_gains_are_those_derived(closed):
    """Before: demand in China is full and the field is not: oil costs 10 at k and, with what is lost, 11 / 0.9 at r and
    two more in China. After: 4 go east where 4.5 are wanted, so China pays 50, its value of going without."""
    price = closed.prices.set_index("node")
    assert price.loc["c", "base"] == pytest.approx(11 / 0.9 + 2)
    assert price.loc["c", "changed"] == pytest.approx(50)
    gains = closed.gains.groupby(["country", "role"])["difference"].sum()
    # China bought 4.5 at 14.2 and would have paid 50; now its price takes all of its gain.
    assert gains["CHN", "consumers"] == pytest.approx(-(50 - 11 / 0.9 - 2) * 4.5 * YEAR)
    assert gains["RUS", "government"] == pytest.approx(-4.5 * YEAR)
    # The full link east earns the difference: 50 - 10 - 20 on 4 units.
    assert gains["KAZ", "congestion"] == pytest.approx(20 * 4 * YEAR)
    assert gains.sum() == pytest.approx(closed.changed.objective - closed.base.objective - 4.5 * YEAR)
    assert closed.budget.set_index("country").loc["RUS", "difference"] == pytest.approx(-4.5 * YEAR)


def test_a_sentence_says_it(closed):
    assert "4.5 Mt of oil" in closed.sentence
    assert "4.0 Mt are rerouted" in closed.sentence
    assert "1.0 Mt are not produced" in closed.sentence
    assert "Russia 4.5 million USD" in closed.sentence


def test_nothing_changed_is_said():
    base = solve_case(market())
    told = compare(base, base)
    assert told.sentence.startswith("Nothing changes that matters")
    assert not told.by_period[["drop", "rerouted", "output_lost"]].to_numpy().any()
    assert told.timeline.empty


def test_a_measure_on_no_day_of_the_calendar_is_said():
    late = closure("kr", start="2031-01-01", end="2031-03-01")
    told = compare(solve_case(market()), solve_case(market(), with_=late))
    assert told.sentence == "closure:kr is in force on no day of 2024, so it changes nothing."


def test_calendars_that_differ_are_compared_by_case_step():
    case = market("quarter")
    told = compare(solve_case(case), solve_case(case, with_=closure("north", start="2024-05-10")))
    assert told.calendars_differ
    assert told.by_period["period"].tolist() == list(told.steps)
    assert len(told.steps) == 4
    drop = told.by_period["drop"].to_numpy()
    # From 10 May to 1 July there are 52 days of the second quarter.
    assert drop == pytest.approx([0, 4.5 * 52 / 365.25, 4.5 * 92 / 365.25, 4.5 * 92 / 365.25], abs=1e-7)
    assert told.unexplained <= 1e-9


def test_results_that_have_nothing_in_common_are_refused():
    other = market(links=[{"id": "xy", "from": "k", "to": "c", "capacity": 1}], corridors=[], corridor_links=[])
    with pytest.raises(QuestionError, match="different links: nothing to compare"):
        compare(solve_case(market()), solve_case(other))
    with pytest.raises(QuestionError, match="different calendars"):
        compare(solve_case(market()), solve_case(market("month")))


# Months, a tank and dates


@pytest.fixture(scope="module")
def surprised():
    """China's curve falls, so that a steady flow is worth most and stock is kept for when there is less.

    Before, all 5 that the field can spare go north, 4.5 arrive, and the tank at r holds its 0.5. While the way on is
    shut 1 goes east, and what still comes to r can only fill the tank, which has room for 0.2.
    """
    tank = {"id": "tank", "node": "r", "capacity": 0.7, "initial": 0.5}
    buyers = [
        {"id": "home", "node": "k", "quantity": 2, "unserved_value": 90},
        {"id": "china", "node": "c", "quantity": 6, "price": 40, "elasticity_short": -1, "unserved_value": 70},
    ]
    case = market("month", east=1, storage=[tank], demand=buyers)
    shut = closure("north", start="2024-03-01", end="2024-04-01")
    return compare(solve_case(case), solve_case(case, with_=shut))


def test_stock_takes_up_what_it_can_and_gives_it_back(surprised):
    told = surprised.by_period.set_index("period")["stock_change"]
    months = told.index.tolist()
    march = "2024-03-01/2024-04-01"
    assert told[march] == pytest.approx(0.2, abs=1e-6)
    later = told[[m for m in months if m > march]]
    assert later.sum() == pytest.approx(-0.2, abs=1e-6)
    # Given back evenly, since China's price falls with what it gets: 275 days are left.
    assert later["2024-04-01/2024-05-01"] == pytest.approx(-0.2 * 30 / 275, abs=1e-5)
    assert surprised.unexplained <= 1e-9
    assert (surprised.by_period.set_index("period")["drop"][[m for m in months if m < march]].abs() < 1e-6).all()


def test_the_timeline_dates_the_tank_and_the_field(surprised):
    told = surprised.timeline.set_index("event")
    assert (told.loc["begins", "date"], told.loc["begins", "note"]) == ("2024-03-01", "a surprise")
    assert (told.loc["ends", "date"], told.loc["ends", "days"]) == ("2024-04-01", 31)
    # 0.2 of room at the 4.5 a year that usually arrive.
    assert told.loc["tanks full", "days"] == round(365.25 * 0.2 / 4.5)
    assert (told.loc["field cut", "date"], told.loc["field cut", "days"]) == ("2024-03-01", 0)
    assert told.loc["output back", "date"] == "2024-04-01"


def test_a_tank_that_nothing_ever_reached_is_not_cut_off_by_a_closure():
    """Only a planned line leads to the depot: no closure elsewhere takes anything from it."""
    places = [{"id": n, "country": c} for n, c in (("k", "KAZ"), ("r", "RUS"), ("c", "CHN"), ("depot", "KAZ"))]
    ways = [
        {"id": "kr", "from": "k", "to": "r", "capacity": 10, "resource_cost": 1},
        {"id": "rc", "from": "r", "to": "c", "capacity": 10, "resource_cost": 1},
        {"id": "kc", "from": "k", "to": "c", "capacity": 4, "resource_cost": 20},
        {"id": "kd", "from": "k", "to": "depot", "capacity": 4, "resource_cost": 1, "status": "planned"},
    ]
    tanks = [
        {"id": "tank", "node": "depot", "capacity": 2, "initial": 1},
        {"id": "hub", "node": "r", "capacity": 2, "initial": 1},
    ]
    case = market("month", nodes=places, links=ways, storage=tanks)
    shut = closure("kr", start="2024-03-01", end="2024-04-01")
    told = compare(solve_case(case, calendar_with=[shut]), solve_case(case, with_=shut)).timeline
    assert told[told["event"] == "tanks cut off"]["what"].tolist() == ["hub"]


def test_an_announced_closure_says_since_when():
    case = market("month")
    told = closure("north", start="2024-03-01", end="2024-06-01", announced="2024-01-15")
    timeline = compare(solve_case(case), solve_case(case, with_=told)).timeline.set_index("event")
    assert timeline.loc["begins", "note"] == "known since 2024-01-15"
