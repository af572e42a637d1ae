"""Which figures an entry chooses, their ranges, and what moves together."""

import pandas as pd
import pytest
from sweep.swept import design, gas, plan

from corridor.case import read_case
from corridor.errors import QuestionError
from corridor.sweep.figures import factors_of


def chosen(*vary, case=None, scenarios=(), **keys):
    found = factors_of([case or gas()], design(vary, **keys), scenarios)
    return {figure.name: figure for factor in found for figure in factor.figures}


def ranged():
    """The small case with a range, a source and a currency of its own."""
    case = gas()
    links = case.table("links")
    links["source"] = [("atlas",) if name == "northward" else () for name in links["id"]]
    told = {
        "table": "links",
        "id": "northward",
        "column": "tariff",
        "low": 20.0,
        "high": 40.0,
        "source": ("atlas",),
        "confidence": "medium",
    }
    return case.with_tables(links=links, evidence=pd.DataFrame([told]))


def test_range_is_that_of_evidence_else_by_confidence():
    found = chosen({"table": "links", "column": "tariff"}, case=ranged(), assumed={"low": 0.5})
    own, other = found["links.northward.tariff"], found["links.regas.tariff"]
    assert (own.low, own.nominal, own.high, own.confidence, own.assumed) == (20.0, 26.0, 40.0, "medium", False)
    assert (other.low, other.nominal, other.high, other.assumed) == (7.5, 15.0, 22.5, True)
    assert own.unit == "USD/1000m3"


def test_selectors():
    case = ranged()
    assert set(chosen({"ranged": True}, case=case)) == {"links.northward.tariff", "split"}
    assert set(chosen({"confidence": "medium"}, case=case)) == {"links.northward.tariff", "split"}
    assert {n.split(".")[1] for n in chosen({"source": "atlas"}, case=case) if n != "split"} == {"northward"}
    assert set(chosen({"table": "supply", "row": "cargoes", "column": ["quantity", "spare"]})) == {
        "supply.cargoes.quantity",
        "supply.cargoes.spare",
    }


def test_own_unit_and_factor():
    by_value = chosen({"table": "links", "row": "northward", "column": "capacity", "low": 3, "high": 12})
    assert by_value["links.northward.capacity"].high == 12.0  # bcm/yr, canonical too
    by_factor = chosen({"table": "demand", "column": "elasticity_short", "factor": [0.5, 2]})
    figure = by_factor["demand.use_sao_paulo.elasticity_short"]
    assert (figure.low, figure.high) == (-0.4, -0.1)


def test_last_entry_wins():
    found = chosen(
        {"table": "links", "column": "tariff"},
        {"table": "links", "row": "regas", "column": "tariff", "as": "change"},
    )
    assert found["links.regas.tariff"].kind == "change"
    assert found["links.northward.tariff"].kind == "knowledge"


def test_costs_bring_the_split_with_them():
    found = chosen({"table": "links"})
    assert {f.kind for n, f in found.items() if n != "split"} == {"knowledge"}
    assert (found["split"].low, found["split"].high, found["split"].nominal) == (0.0, 1.0, 0.0)
    assert "split" not in chosen({"table": "supply", "column": "quantity"})
    assert chosen({"table": "links"}, {"parameter": "split", "low": 0.4, "high": 0.6})["split"].low == 0.4


def test_instruments_of_scenarios_not_asked_for_stay():
    case = read_case("kazakhstan")
    vary = {"table": "instruments"}
    without, asked = chosen(vary, case=case), chosen(vary, case=case, scenarios=["ceyhan_obligation"])
    assert set(without) < set(asked)
    assert {f.kind for n, f in asked.items() if n not in without} == {"change"}
    # What was in force in the year calibrated on is part of what is known of it; what was not, is not looked at.
    assert without["instruments.tengiz_to_btc_2024.min"].kind == "knowledge"
    assert "instruments.tengiz_to_btc_2025.min" not in without


def test_groups_move_together():
    made = plan(
        {"table": "demand", "column": "price", "group": "brent"},
        {"table": "supply", "row": "cargoes", "column": "avoidable_cost", "group": "brent"},
        {"table": "supply", "row": "cargoes", "column": "quantity"},
    )
    assert [(f.name, len(f.figures)) for f in made.factors] == [("group brent", 3), ("supply.cargoes.quantity", 1)]
    low = made.values(1)
    assert list(low[:3]) == [f.low for f in made.figures[:3]]
    assert low[3] == made.figures[3].nominal


@pytest.mark.parametrize(
    ("vary", "says"),
    [
        ({"table": "lonks"}, "figures of table 'lonks' cannot vary; did you mean 'links'"),
        ({"table": "links", "column": "tarif"}, "links.csv has no figure 'tarif'; did you mean 'tariff'"),
        ({"table": "links", "row": "westward"}, "entry 1 of .* chooses no figure of gas_transit"),
        ({"parameter": "kappa", "low": -1, "high": 1}, "kappa cannot go from -1 to 1"),
    ],
)
def test_faults(vary, says):
    with pytest.raises(QuestionError, match=says):
        chosen(vary)
