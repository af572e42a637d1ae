"""Agreements that give way to exports, on a field of 10 a year that serves home and abroad.

Abroad (BBB) pays up to 100 for 7 a year, home (AAA) up to 60 for 5, moving costs 10: without an agreement 7 go abroad and
3 stay. An agreement on 5 for home takes 2 from exports where it comes first, and gives way to 3 where they do.
"""

import dataclasses
import datetime as dt

import pytest
from network.test_measures import gains_of, market, solved

from corridor import network as nw
from corridor.case import check_case
from corridor.errors import QuestionError
from corridor.result import check_certificate, load_result
from corridor.study import solve_case

HOME = {
    "id": "home",
    "name": "home",
    "node": "a",
    "good": "oil",
    "quantity": 5.0,
    "unserved_value": 60.0,
    "price": 50.0,
}
ABROAD = {
    "id": "abroad",
    "name": "abroad",
    "node": "b",
    "good": "oil",
    "quantity": 7.0,
    "unserved_value": 100.0,
    "price": 50.0,
}


def shared(quantity=10.0, **more):
    field = {"id": "field", "name": "field", "node": "a", "good": "oil", "quantity": quantity, "avoidable_cost": 30.0}
    return market(supply=[field], demand=[HOME, ABROAD], **more)


def delivered(result):
    return result.deliveries.groupby("demand")["value"].sum().to_dict()


def test_the_agreement_comes_first_where_nothing_else_is_said():
    for priority in ({}, {"priority": "first"}):
        result, _ = solved(nw.agreement("home", min="5Mt/yr", **priority), case=shared())
        assert delivered(result) == pytest.approx({"home": 5.0, "abroad": 5.0})
        assert result.warnings == ()


def test_it_gives_way_to_exports_where_both_cannot_be_had():
    result, _ = solved(nw.agreement("home", min="5Mt/yr", priority="exports"), case=shared())
    assert delivered(result) == pytest.approx({"home": 3.0, "abroad": 7.0}, abs=1e-6)
    assert result.warnings == (
        "agreement_home gives way to exports: 3 of 5 a year are kept from 2023-01-01 to 2024-01-01",
    )
    row = result.ledger.iloc[-1]
    assert (row["column"], row["before"], row["after"]) == ("minimum", pytest.approx(5.0), pytest.approx(3.0))
    assert len(result.certificate.before) == 2


def test_where_both_can_be_had_it_is_kept_whole():
    """A field of 12: home alone would leave nothing idle at 60; with a cheaper home the agreement still makes it deliver."""
    low = HOME | {"unserved_value": 20.0}
    case = shared(12.0)
    case = case.with_tables(demand=market(demand=[low, ABROAD]).table("demand"))
    assert delivered(solved(case=case)[0])["home"] == pytest.approx(0.0, abs=1e-6)
    for priority in ("first", "exports"):
        result, _ = solved(nw.agreement("home", min="4Mt/yr", priority=priority), case=case)
        assert delivered(result) == pytest.approx({"home": 4.0, "abroad": 7.0})
        assert result.warnings == ()


def test_what_is_left_of_it_is_an_agreement_like_any_other():
    low = HOME | {"unserved_value": 20.0}
    case = shared(9.0)
    case = case.with_tables(demand=market(demand=[low, ABROAD]).table("demand"))
    told = nw.agreement("home", min="4Mt/yr", price="10USD/t", obliged="AAA", priority="exports")
    result, _ = solved(told, case=case)
    assert delivered(result) == pytest.approx({"home": 2.0, "abroad": 7.0}, abs=1e-6)
    assert gains_of(result)["AAA", "regulation"] == pytest.approx(0.0, abs=1e-6)


def test_two_agreements_of_one_country_give_way_by_one_share():
    town = HOME | {"id": "town", "name": "town", "quantity": 5.0, "unserved_value": 20.0}
    low = HOME | {"unserved_value": 20.0}
    case = shared().with_tables(demand=market(demand=[low, town, ABROAD]).table("demand"))
    both = [nw.agreement(name, min=f"{most}Mt/yr", priority="exports") for name, most in (("home", 4), ("town", 2))]
    assert delivered(solved(*both, case=case)[0]) == pytest.approx({"home": 2.0, "town": 1.0, "abroad": 7.0}, abs=1e-6)


def test_what_an_outage_leaves_is_for_exports_while_it_lasts():
    """Half a year at 8: exports of 7 leave 1. The agreement is over the year: 3 and 1 on average."""
    told = nw.agreement("home", min="5Mt/yr", priority="exports")
    shut = nw.outage("field", start="2023-07-01", availability=0.8, announced=dt.date(2023, 1, 1))
    result, _ = solved(told, shut, case=shared())
    net = result.network
    years = dict(zip(net.periods.labels, net.years, strict=True))
    volumes = result.deliveries.assign(volume=result.deliveries["value"] * result.deliveries["period"].map(years))
    by_demand = volumes.groupby("demand")["volume"].sum()
    half = [years["2023-01-01/2023-07-01"], years["2023-07-01/2024-01-01"]]
    assert by_demand["abroad"] == pytest.approx(7 * sum(half))
    assert by_demand["home"] == pytest.approx(3 * half[0] + 1 * half[1])


def test_beside_a_store_and_a_duty_ad_valorem_it_is_solved_in_stages_and_proved_again(tmp_path):
    tank = {"id": "tank", "name": "tank", "node": "b", "good": "oil", "capacity": 2.0, "initial": 0.0}
    told = nw.agreement("home", min="5Mt/yr", priority="exports")
    shut = nw.outage("field", start="2023-07-01", availability=0.8)
    duty = nw.tariff("oil", destination="BBB", rate="10%")
    result = solve_case(shared(storage=[tank]), with_=[told, shut, duty])
    assert len(result.stages) == 2
    path = result.save(tmp_path / "priority.corridor")
    assert check_certificate(path) == result.certificate
    assert load_result(path).network.limits[0].lower == result.network.limits[0].lower


def test_a_share_that_is_not_the_most_is_found():
    result, _ = solved(nw.agreement("home", min="5Mt/yr", priority="exports"), case=shared())
    (stage,) = result.stages
    less = stage.most.primal.copy()
    less[-1] *= 0.9
    wrong = dataclasses.replace(stage, most=dataclasses.replace(stage.most, primal=less))
    assert not dataclasses.replace(result, stages=(wrong,), built=()).certificate.passed


def test_misuse_is_told():
    with pytest.raises(QuestionError, match="one on a link or corridor moves exports itself"):
        solved(nw.agreement("pipe", min="5Mt/yr", priority="exports"), case=shared())
    with pytest.raises(QuestionError, match="a demand has no route of its own"):
        solved(nw.agreement("home", min="5Mt/yr", force_majeure="yes"), case=shared())
    with pytest.raises(QuestionError, match="priority is first"):
        nw.parse_instrument("agreement:home:min=5Mt/yr:priority=last")
    row = {"id": "deal", "kind": "agreement", "target": "pipe", "min": 5.0, "priority": "exports"}
    faults = check_case(shared(instruments=[row]))
    assert "priority" in [f.column for f in faults if f.file == "instruments.csv"]
    row = {"id": "deal", "kind": "agreement", "target": "home", "min": 5.0, "force_majeure": True}
    faults = check_case(shared(instruments=[row]))
    assert "force_majeure" in [f.column for f in faults if f.file == "instruments.csv"]


def test_written_and_read_again():
    instrument = nw.parse_instrument("agreement:home:min=5Mt/yr:obliged=AAA:priority=exports")
    assert nw.parse_instrument(instrument.text()) == instrument
