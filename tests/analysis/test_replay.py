"""Shocks on a line whose answers can be worked out by hand: 8 Mt/yr through one pipe, whatever the price."""

import datetime as dt

import pytest

from corridor.analysis import replay
from corridor.analysis.replay import Replayed
from corridor.case import Calendar, Settings, check_case, make_case
from corridor.errors import QuestionError

_YEAR = {"good": "oil", "start": dt.date(2024, 1, 1), "end": dt.date(2025, 1, 1), "confidence": "high"}
_SHOCK = {
    "good": "oil", "calibrate_on": 2024, "start": dt.date(2025, 3, 1), "end": dt.date(2025, 4, 1),
    "measure": "volume", "target": "pipe", "unit": "Mt/yr",
}  # fmt: skip


USUAL = 8.0 * 365.25 / 366
"""What passed in the 366 days of 2024, per year of 365.25 days."""
ERROR = (9.0 - USUAL) / 10.0


def pipe(*shocks, scenarios=("half", "dusk", "open")):
    """A field without elasticity, a pipe of 10, a ship of 20 that is dearer; halved to 4 in March 2025."""
    calendar = Calendar(dt.date(2024, 1, 1), dt.date(2025, 1, 1), "month")
    march = {"start": dt.date(2025, 3, 1), "end": dt.date(2025, 4, 1)}
    return make_case(
        "pipe",
        Settings("Pipe", calendar, Calendar.of_year(2024)),
        {
            "nodes": [
                {"id": n, "name": n, "country": c, "lon": 0, "lat": 0, "kind": "junction"}
                for n, c in (("a", "KAZ"), ("b", "RUS"))
            ],
            "goods": [{"id": "oil", "name": "oil", "unit": "Mt"}],
            "links": [
                {"id": "pipe", "name": "pipe", "from": "a", "to": "b", "mode": "pipeline", "goods": "oil",
                 "capacity": 10, "tariff": 5, "length_km": 100},
                {"id": "ship", "name": "ship", "from": "a", "to": "b", "mode": "sea", "goods": "oil", "capacity": 20,
                 "resource_cost": 30, "length_km": 100},
            ],
            "corridors": [
                {"id": "land", "name": "land", "screen": "pipe", "route": True},
                {"id": "sea", "name": "sea", "screen": "ship", "route": True},
            ],
            "corridor_links": [{"corridor": "land", "link": "pipe"}, {"corridor": "sea", "link": "ship"}],
            "supply": [{"id": "field", "name": "field", "node": "a", "good": "oil", "quantity": 8,
                        "avoidable_cost": 10, "confidence": "high"}],
            "demand": [{"id": "town", "name": "town", "node": "b", "good": "oil", "quantity": 8, "price": 100,
                        "elasticity_short": -0.1, "unserved_value": 500, "confidence": "high"}],
            "observations": [{"id": "seen", "target": "pipe", "value": 8.0, **_YEAR}],
            "scenarios": [{"id": s, "name": s} for s in scenarios],
            "instruments": [
                {"id": "halved", "kind": "derating", "target": "pipe", "capacity": 4, "scenarios": ("half",), **march},
                {"id": "dawn", "kind": "derating", "target": "pipe", "capacity": 9, "scenarios": ("dusk",), **march},
                {"id": "wider", "kind": "capacity", "target": "pipe", "add": 5, "scenarios": ("open",), **march},
            ],
            "shocks": list(shocks),
        },
    )  # fmt: skip


def shock(name, scenario, before, observed, **more):
    return {"id": name, "name": name, "scenario": scenario, "before": before, "observed": observed, **_SHOCK, **more}


def test_predicted_is_the_level_before_plus_the_models_change():
    """USUAL pass without, 4 with: on a level of 10 that leaves 14 less USUAL. Capacity fell from 10 to 4, so the rule says 4."""
    case = pipe(shock("hit", "half", 10.0, 5.0, effect=True, first_route=("sea",)))
    assert check_case(case) == ()
    (told,) = replay(case).shocks
    assert told.predicted == pytest.approx(14.0 - USUAL, abs=1e-6)
    assert told.error == pytest.approx((9.0 - USUAL) / 10.0, abs=1e-6)
    assert told.error_no_change == pytest.approx(0.5)
    assert told.lost_times_flow == pytest.approx(4.0, abs=1e-6)
    assert told.sign_right
    assert told.route_right
    assert told.routes == ("sea",)


def test_skill_is_over_shocks_with_effect_and_without():
    """Errors: of the model ERROR and 0; of "no change" 0.5 and 0; of "lost times flow" 0.1 twice, as a tenth went."""
    found = replay(pipe(shock("hit", "half", 10, 5, effect=True), shock("calm", "dusk", 8, 8, effect=False)))
    assert found.errors == pytest.approx((ERROR,), abs=1e-6)
    assert found.false_alarms == 0
    assert found.skill("no_change") == pytest.approx(1 - ERROR / 0.5, abs=1e-5)
    assert found.skill("lost_times_flow") == pytest.approx(1 - ERROR / 0.2, abs=1e-5)
    assert "1 shocks with effect the model tells 1" in found.sentence


def test_an_effect_told_of_a_shock_without_is_a_false_alarm():
    found = replay(pipe(shock("quiet", "half", 8, 8, effect=False)))
    assert found.false_alarms == 1
    assert found.skill("no_change") is None


def test_a_size_known_later_and_a_shock_that_a_parameter_came_from_do_not_count():
    late = shock("late", "half", 10, 5, effect=True, known_on=dt.date(2025, 6, 1))
    used = shock("used", "half", 10, 5, effect=True, used_for=("ramp",))
    found = replay(pipe(late, used))
    assert found.counted(effect=True) == ()
    assert [s.conditional for s in found.shocks] == [True, False]
    assert [s.scored for s in found.shocks] == [True, False]
    assert found.sentence == "pipe has no shock that can be scored."


def test_nothing_before_leaves_no_measure():
    (told,) = replay(pipe(shock("new", "open", 0, 3, effect=True))).shocks
    assert told.error is None
    assert not told.scored
    assert "nothing passed before" in told.note


def test_a_year_without_observations_is_told_not_scored():
    (told,) = replay(pipe(shock("old", "half", 10, 5, effect=True, calibrate_on=2019))).shocks
    assert told.predicted is None
    assert "nothing was observed in 2019" in told.note


def test_exports_output_and_prices_are_read_as_flows_are():
    """Every tonne of the field is exported by either way; the buyers' price rises when a dear way sets it."""
    price = {
        "id": "p", "name": "p", "scenario": "half", **_SHOCK, "measure": "price", "target": "b", "effect": True,
        "price_before": 100.0, "price_observed": 110.0, "cost_unit": "USD/t",
    }  # fmt: skip
    case = pipe(
        shock("sold", "half", 8, 8, effect=False, measure="exports", target="KAZ"),
        shock("made", "half", 8, 8, effect=False, measure="output", target="KAZ"),
        {name: value for name, value in price.items() if name != "unit"},
    )
    sold, made, dearer = replay(case).shocks
    assert (sold.predicted, made.predicted) == pytest.approx((8.0, 8.0), abs=1e-6)
    assert dearer.predicted is not None
    assert dearer.unit == "USD/t"


def test_a_shock_that_is_not_there():
    with pytest.raises(QuestionError, match=r"it has no shocks\.csv"):
        replay(pipe())
    with pytest.raises(QuestionError, match="no shock 'flood'; it has hit"):
        replay(pipe(shock("hit", "half", 10, 5, effect=True)), ["flood"])


@pytest.mark.parametrize(
    ("changed", "column", "message"),
    [
        ({"target": "tube"}, "target", "no link, corridor, supply, demand or process 'tube'"),
        ({"measure": "price"}, "target", "no node 'pipe'"),
        ({"observed": None}, "observed", "no value"),
        ({"calibrate_on": 2025}, "calibrate_on", "2025 is not before the shock"),
        ({"scenario": "calm"}, "scenario", "scenario 'calm' has no instrument"),
    ],
)
def test_faults_of_a_shock(changed, column, message):
    row = {**shock("hit", "half", 10, 5, effect=True), **changed}
    told = check_case(pipe(row, scenarios=("half", "dusk", "open", "calm")))
    assert any(f.file == "shocks.csv" and f.column == column and message in f.message for f in told), told


def test_replayed_is_frozen():
    (told,) = replay(pipe(shock("hit", "half", 10, 5, effect=True))).shocks
    assert isinstance(told, Replayed)
    with pytest.raises(AttributeError):
        told.before = 1.0
