"""What a variation is: laws of knowledge and change, and failures that stop nothing."""

import numpy as np
import pandas as pd
import pytest
from sweep.swept import LOST, SHARE, SHUT, answers, gas, plan

from corridor.analysis import compare, share
from corridor.calibration import calibrate
from corridor.network import parse_instrument
from corridor.study import solve_case
from corridor.sweep.draw import changed, learned
from corridor.sweep.plan import by_year, plan_of
from corridor.sweep.work import Worker

BASE = ("share gas BRA through BOL imports", "base")


def test_the_case_as_it_is_is_what_the_verbs_say():
    """Without any draw a sweep gives what `share` and `compare` give, on the case's own calendar."""
    made = plan({"parameter": "kappa"}, calendar="case", scenarios=[SHUT], ask=[SHARE, LOST])
    rows = {(r.question, r.scenario): r.value for r in Worker(made).rows(0)}
    case = calibrate(gas())
    base = solve_case(case)
    shut = solve_case(case, with_=parse_instrument(SHUT["with"][0]))
    asked = {"good": "gas", "of": "BRA", "through": "BOL", "direction": "imports", "ranges": False}
    assert rows[BASE] == pytest.approx(share(base, **asked).value, abs=1e-6)
    assert rows[BASE[0], "shut"] == pytest.approx(share(shut, **asked).value, abs=1e-6)
    assert rows["output_lost gas", "shut"] == pytest.approx(compare(base, shut).output_lost("gas"), abs=1e-5)


def test_prices_gains_and_support_are_what_the_verbs_say():
    agreed = {"name": "agreed", "with": "agreement:northward:goods=gas:origin=ARG:min=5bcm/yr"}
    asks = [
        {"what": "price", "good": "gas", "at": "sao_paulo"},
        {"what": "gains", "of": "BOL", "good": "gas", "tied": True},
        {"what": "support", "good": "gas", "via": "northward"},
    ]
    made = plan({"parameter": "kappa"}, scenarios=[agreed], ask=asks)
    rows = {r.question.split()[0]: r for r in Worker(made).rows(0)}
    case = calibrate(by_year(gas()))
    base = solve_case(case, foresight="perfect")
    other = solve_case(case, with_=parse_instrument(agreed["with"]), foresight="perfect")
    told = compare(base, other)
    price = told.prices.set_index("node")["difference"]["sao_paulo"]
    gains = told.gains.groupby("country")["difference"].sum()["BOL"]
    assert rows["price"].value == pytest.approx(price, abs=1e-5)
    assert rows["price"].unit == "USD/1000m3"
    assert rows["gains"].value == pytest.approx(gains, abs=1e-3)
    assert rows["support"].value == pytest.approx(other.obligations["support"].iloc[0], abs=1e-5)
    assert rows["support"].value > 1.0


def test_gains_that_hang_on_nothing_are_not_told():
    """A minimum volume as large as the link it goes through: its cost and the link's rent could be anything together."""
    agreed = {"name": "agreed", "with": "agreement:northward:goods=gas:origin=ARG:min=5bcm/yr:obliged=BRA"}
    entry = {"table": "links", "row": "northward", "column": "capacity", "low": 5, "high": 8, "as": "change"}
    made = plan(entry, scenarios=[agreed], ask=[{"what": "gains", "of": "BRA", "good": "gas"}])
    own, low, high = answers(made)["gains gas BRA", "agreed"]
    assert str(low).startswith("nothing determines what one unit of limit(agreement_northward_2024) is worth")
    assert own == pytest.approx(high, rel=0.1)


def test_a_known_cost_is_absorbed_by_its_wedge_and_a_changed_one_is_not():
    """Design section 6: varying a cost and recalibrating changes nothing, whatever the split of cost and wedge."""
    entry = {"table": "links", "row": "northward", "column": "tariff", "factor": [0.7, 1.3]}
    split = {"parameter": "split", "low": 0.0, "high": 1.0}
    known = answers(plan(entry, split))[BASE]
    np.testing.assert_allclose(known[1:3], known[0], atol=1e-6)
    change = answers(plan({**entry, "as": "change"}, split))[BASE]
    assert change[1] > change[0] + 1e-3 > change[2] + 2e-3  # cheaper transit carries more, dearer less


def test_an_observation_is_recalibrated():
    found = answers(plan({"table": "observations", "row": "seen_northward", "column": "value", "factor": [0.5, 1.5]}))[
        BASE
    ]
    np.testing.assert_allclose(found, [3 / 11, 1.5 / 11, 4.5 / 11], atol=0.06)


def test_dated_values_move_with_their_figure():
    row = {"table": "links", "id": "northward", "column": "tariff", "start": None, "end": None, "value": 52.0}
    case = gas().with_tables(dated=pd.DataFrame([row]))
    made = plan({"table": "links", "row": "northward", "column": "tariff", "factor": [0.5, 2], "as": "change"})
    made = plan_of(case, made.design)
    values, nominal = made.values(2), np.array([f.nominal for f in made.figures])
    moved = changed(case, made.parts[0].slots, values, nominal, 0.0)
    assert moved.tables["dated"]["value"].tolist() == [104.0]
    assert learned(case, made.parts[0].slots, values, nominal) is case  # a change waits until after calibration


def test_split_moves_the_wedge_with_its_cost():
    case = calibrate(by_year(gas()))
    made = plan({"table": "links", "row": "northward", "column": "tariff", "factor": [0.5, 1.5], "as": "change"})
    nominal = np.array([f.nominal for f in made.figures])
    wedge = case.tables["wedges"].set_index("link")["wedge"]
    for split, times in ((0.0, 1.0), (1.0, 1 + 13 / 46), (0.5, 1 + 6.5 / 46)):  # 12 + 26 + 8 becomes 59
        values = np.where([f.column == "split" for f in made.figures], split, made.values(2))
        moved = changed(case, made.parts[0].slots, values, nominal, split).tables["wedges"].set_index("link")["wedge"]
        assert moved["northward"] == pytest.approx(times * wedge["northward"])
        assert moved.drop("northward").equals(wedge.drop("northward"))


def test_an_instrument_in_force_or_not():
    found = answers(plan({"instrument": SHUT["with"][0]}))[BASE]
    shut = answers(plan({"parameter": "kappa"}, scenarios=[SHUT]))[BASE[0], "shut"]
    assert found[1] == found[0]
    assert found[2] == pytest.approx(shut[0], abs=1e-9)


def test_what_fails_is_a_row_with_its_reason():
    agreed = {"name": "agreed", "with": "agreement:northward:goods=gas:origin=ARG:min=5bcm/yr"}
    found = answers(
        plan({"table": "links", "row": "northward", "column": "capacity", "low": 4, "high": 8}, scenarios=[agreed])
    )
    own, low, high = found[BASE[0], "agreed"]
    assert "at most 4" in low
    assert low.startswith("agreed: ")
    assert own == pytest.approx(high, abs=0.01)
    assert all(isinstance(value, float) for value in found[BASE])
