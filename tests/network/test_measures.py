"""Tariffs, fees, subsidies, quotas, leaks, blocs, areas and stock releases, each on a market worked out by hand.

One field at `a` (AAA) makes up to 10 a year at 30; moving it to `b` (BBB) costs 10; there the market pays 100 - 12.5 q.
Alone, the price at `b` is 40 and 4.8 a year are bought.
"""

from __future__ import annotations

import datetime as dt

import pytest

from corridor import network as nw
from corridor.case import Calendar, Settings, make_case
from corridor.errors import QuestionError
from corridor.study import solve_case

YEARS = 365 / 365.25


def market(**more):
    calendar = Calendar(dt.date(2023, 1, 1), dt.date(2024, 1, 1), "year")
    tables = {
        "nodes": [
            {"id": "a", "name": "a", "country": "AAA", "lon": 10.0, "lat": 10.0, "kind": "field"},
            {"id": "b", "name": "b", "country": "BBB", "lon": 20.0, "lat": 10.0, "kind": "market"},
        ],
        "goods": [{"id": "oil", "name": "oil", "unit": "Mt"}],
        "links": [
            {"id": "pipe", "name": "pipe", "from": "a", "to": "b", "mode": "pipeline", "goods": "oil", "capacity": 10.0,
             "resource_cost": 10.0},
        ],
        "supply": [{"id": "field", "name": "field", "node": "a", "good": "oil", "quantity": 10.0, "avoidable_cost": 30.0}],
        "demand": [
            {"id": "market", "name": "market", "node": "b", "good": "oil", "quantity": 4.0, "price": 50.0,
             "elasticity_short": -1.0},
        ],
    }  # fmt: skip
    return make_case("market", Settings("Market", calendar, None), {**tables, **more})


def gains_of(result):
    return result.gains.groupby(["country", "role"])["value"].sum() / YEARS


def solved(*instruments, case=None):
    result = solve_case(case or market(), with_=instruments)
    assert result.certificate.passed
    assert abs(result.certificate.gains_residual) < 1e-12
    return result, result.deliveries["value"].sum()


def test_alone():
    result, bought = solved()
    assert bought == pytest.approx(4.8)
    assert result.prices.set_index("node")["value"].to_dict() == pytest.approx({"a": 30.0, "b": 40.0})


def test_a_tariff_raises_the_price_by_itself_and_the_importer_collects_it():
    result, bought = solved(nw.tariff("oil", origin="AAA", destination="BBB", rate="10USD/t"))
    assert bought == pytest.approx(4.0)
    gains = gains_of(result)
    assert gains["BBB", "government"] == pytest.approx(40.0)
    assert gains["BBB", "consumers"] == pytest.approx(0.5 * 12.5 * 16)


def test_duties_and_fees_stand_in_the_netback():
    result, _ = solved(nw.tariff("oil", origin="AAA", rate="6USD/t"), nw.fee("pipe", rate="4USD/t"))
    row = result.netback.iloc[0]
    assert row["price"] == pytest.approx(50.0)
    assert (row["duty"], row["fees"], row["freight"]) == pytest.approx((6.0, 4.0, 10.0))
    assert row["netback"] - row["rent"] == pytest.approx(30.0)


def test_an_export_duty_goes_to_the_government_named():
    result, _ = solved(nw.tariff("oil", origin="AAA", rate="10USD/t", government="AAA"))
    assert gains_of(result)["AAA", "government"] == pytest.approx(40.0)


def test_two_duties_add_up_in_any_order():
    one, other = nw.tariff("oil", origin="AAA", rate="4USD/t"), nw.tariff("oil", destination="BBB", rate="6USD/t")
    assert solved(one, other)[1] == pytest.approx(4.0)
    assert solved(other, one)[1] == pytest.approx(4.0)


def test_goods_of_exempt_origin_pay_no_tariff():
    assert solved(nw.tariff("oil", destination="BBB", rate="10USD/t", except_="AAA"))[1] == pytest.approx(4.8)


def test_a_duty_slides_with_its_index_and_never_below_zero():
    observed = {
        "id": "p",
        "node": "b",
        "good": "oil",
        "start": dt.date(2023, 1, 1),
        "end": dt.date(2024, 1, 1),
        "value": 60.0,
    }
    case = market(prices=[observed])
    assert solved(nw.tariff("oil", origin="AAA", index="b", base="40USD/t", slope=0.5), case=case)[1] == pytest.approx(
        4.0
    )
    assert solved(nw.tariff("oil", origin="AAA", index="b", base="70USD/t", slope=0.5), case=case)[1] == pytest.approx(
        4.8
    )
    with pytest.raises(QuestionError, match=r"prices\.csv has no price of oil at 'a'"):
        solved(nw.tariff("oil", origin="AAA", index="a", base="40USD/t", slope=0.5), case=case)


def test_a_fee_goes_to_whoever_controls_the_link():
    result, bought = solved(nw.fee("pipe", rate="10USD/t"))
    assert bought == pytest.approx(4.0)
    assert gains_of(result)["AAA", "government"] == pytest.approx(40.0)


def test_a_subsidy_is_paid_by_the_government_named():
    result, bought = solved(nw.subsidy("oil", destination="BBB", rate="10USD/t", government="BBB"))
    assert bought == pytest.approx(5.6)
    assert gains_of(result)["BBB", "government"] == pytest.approx(-56.0)


def test_a_quotas_rent_goes_to_the_importing_government():
    result, bought = solved(nw.quota("oil", origin="AAA", destination="BBB", max="2Mt/yr"))
    assert bought == pytest.approx(2.0)
    gains = gains_of(result)
    assert gains["BBB", "quota"] == pytest.approx((75.0 - 40.0) * 2)
    assert gains["BBB", "consumers"] == pytest.approx(0.5 * 12.5 * 4)


def test_of_two_quotas_the_smaller_holds():
    quotas = (nw.quota("oil", origin="AAA", max="2Mt/yr"), nw.quota("pipe", max="1Mt/yr", holder="AAA"))
    assert solved(*quotas)[1] == pytest.approx(1.0)


def test_what_leaks_through_a_ban_costs_its_surcharge_and_nobody_gets_it():
    ban = nw.ban("oil", origin="AAA", destination="BBB", leakage="1Mt/yr", surcharge="5USD/t")
    result, bought = solved(ban)
    assert bought == pytest.approx(1.0)
    gains = gains_of(result)
    assert gains["", "quota"] == pytest.approx(87.5 - 45.0)
    assert ("BBB", "government") not in gains.index


def test_a_share_leaks_of_what_the_market_would_take():
    assert solved(nw.ban("oil", origin="AAA", destination="BBB", leakage="50%"))[1] == pytest.approx(2.0)


def test_a_ban_spares_the_demands_that_are_exempt():
    assert solved(nw.ban("oil", origin="AAA", destination="BBB"))[1] == pytest.approx(0.0)
    assert solved(nw.ban("oil", origin="AAA", destination="BBB", except_="market"))[1] == pytest.approx(4.8)


def with_mill():
    """The market with a mill at b beside it: half a unit of oil makes a unit of wax, wanted up to 2 a year."""
    wax = {"id": "wax_buyers", "name": "wax", "node": "b", "good": "wax", "quantity": 2.0, "unserved_value": 200.0}
    plain = market()
    return market(
        goods=[*plain.table("goods").to_dict("records"), {"id": "wax", "name": "wax", "unit": "Mt"}],
        demand=[*plain.table("demand").to_dict("records"), wax],
        processes=[{"id": "mill", "name": "mill", "node": "b", "good": "wax", "capacity": 5.0}],
        process_goods=[
            {"process": "mill", "good": "oil", "amount": -0.5},
            {"process": "mill", "good": "wax", "amount": 1.0},
        ],
    )


@pytest.mark.parametrize("spared", ["mill", "mill.oil"])
def test_a_ban_spares_what_a_process_takes(spared):
    banned = {"origin": "AAA", "destination": "BBB"}
    assert solved(nw.ban("oil", **banned), case=with_mill())[1] == pytest.approx(0.0)
    result, _ = solved(nw.ban("oil", **banned, except_=spared), case=with_mill())
    assert result.flows["value"].sum() == pytest.approx(1.0), "oil for the mill, none for the market"


@pytest.mark.parametrize(
    ("kind", "told", "message"),
    [
        (nw.ban, {"except_": "mil"}, "'mil' is no country, bloc, demand, process or link of the case; did you mean 'mill'?"),
        (nw.tariff, {"except_": "marke", "rate": "1USD/t"}, "did you mean 'market'?"),
        (nw.ban, {"except_": "KAZ"}, "'KAZ' is no country"),
        (nw.ban, {"except_": "pipe"}, "'pipe' cannot be an exception here; a ban can except demands, processes"),
        (nw.ban, {"except_": "market", "modes": "rail"}, "a ban by mode can except links"),
        (nw.ban, {"except_": "wax_buyers"}, "'wax_buyers' has nothing to do with 'oil'"),
    ],
)  # fmt: skip
def test_an_exception_that_would_change_nothing_is_refused(kind, told, message):
    with pytest.raises(QuestionError) as raised:
        solve_case(with_mill(), with_=kind("oil", origin="AAA", destination="BBB", **told))
    assert message in str(raised.value)


def test_a_ban_by_mode_leaves_the_other_modes():
    links = [
        {"id": "pipe", "name": "pipe", "from": "a", "to": "b", "mode": "pipeline", "goods": "oil", "capacity": 10.0,
         "resource_cost": 20.0},
        {"id": "train", "name": "train", "from": "a", "to": "b", "mode": "rail", "goods": "oil", "capacity": 10.0,
         "resource_cost": 10.0},
    ]  # fmt: skip
    case = market(links=links)
    by_rail = nw.ban("oil", origin="AAA", destination="BBB", modes="rail")
    result, bought = solved(by_rail, case=case)
    assert bought == pytest.approx(4.0)
    assert result.flows.groupby("link")["value"].sum().to_dict() == pytest.approx({"pipe": 4.0, "train": 0.0})
    leaky = nw.ban("oil", origin="AAA", destination="BBB", modes="rail", leakage="1Mt/yr", surcharge="2USD/t")
    assert solved(leaky, case=case)[0].flows.groupby("link")["value"].sum()["train"] == pytest.approx(1.0)
    spared = nw.ban("oil", origin="AAA", destination="BBB", modes="rail", except_="train")
    assert solved(spared, case=case)[1] == pytest.approx(4.8)
    with pytest.raises(QuestionError, match="needs a destination"):
        solved(nw.ban("oil", origin="AAA", modes="rail"), case=case)


def test_what_is_written_for_a_bloc_holds_for_its_members_while_they_are():
    """A tariff on goods from outside a union; AAA joins it on 1 July, and its goods are free from then on."""
    outside = nw.tariff("oil", destination="union", rate="10USD/t", except_="union")
    case = market(blocs=[{"bloc": "union", "country": "BBB"}])
    assert solved(outside, case=case)[1] == pytest.approx(4.0)
    result, _ = solved(outside, nw.membership("union", start="2023-07-01", members="AAA"), case=case)
    by_period = result.deliveries.groupby("period")["value"].sum()
    assert by_period.to_dict() == pytest.approx({"2023-01-01/2023-07-01": 4.0, "2023-07-01/2024-01-01": 4.8})


def test_an_area_closes_links_by_their_ends_or_by_their_path():
    around_a = {"id": "storm", "name": "storm", "polygon": "8 8; 12 8; 12 12; 8 12"}
    case = market(areas=[around_a])
    with pytest.raises(QuestionError, match="no link has both its ends in it; inside=path also counts"):
        solved(nw.area_closure("storm"), case=case)
    assert solved(nw.area_closure("storm", inside="path"), case=case)[1] == pytest.approx(0.0)
    wide = {"id": "storm", "name": "storm", "polygon": "8 8; 22 8; 22 12; 8 12"}
    assert solved(nw.area_closure("storm"), case=market(areas=[wide]))[1] == pytest.approx(0.0)
    with pytest.raises(QuestionError, match="no such area"):
        solved(nw.area_closure("calm"), case=case)


def test_a_release_brings_a_volume_out_of_a_store():
    store = {"id": "tank", "name": "tank", "node": "b", "good": "oil", "capacity": 2.0, "initial": 2.0}
    level = {"table": "storage", "id": "tank", "price": 90.0}
    case = market(storage=[store], levels=[level])
    kept, _ = solved(case=case)
    assert kept.stocks["value"].sum() == pytest.approx(2.0)
    released, _ = solved(nw.stock_release("tank", volume="0.5Mt"), case=case)
    assert released.stocks["value"].sum() == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("tariff:oil:rate=10USD/t", "needs an origin or a destination"),
        ("tariff:oil:origin=AAA", "needs a rate, as in rate=20USD/t or rate=10%, or an index"),
        ("tariff:oil:origin=AAA:index=b", "needs a base and a slope"),
        ("tariff:pipe:origin=AAA:rate=10USD/t", "the target of a tariff is a good"),
        ("quota:oil:origin=AAA", "needs a largest volume"),
        ("subsidy:pipe:rate=10USD/t", "needs the government that pays"),
        ("ban:oil:origin=AAA:surcharge=5USD/t", "give the leakage too"),
        ("ban:oil:origin=AAA:leakage=much", "write a number and its unit"),
        ("fee:field:rate=5USD/t", "a fee is on a link, a corridor or a good"),
        ("stock_release:pipe:volume=1Mt", "a stock release is from a storage"),
        ("area_closure:storm:inside=middle", "by its ends or its path"),
        ("membership:union", "needs the members"),
    ],
)
def test_misuse_is_told(text, told):
    with pytest.raises(QuestionError, match=told):
        solved(nw.parse_instrument(text))


@pytest.mark.parametrize(
    "text",
    [
        "tariff:oil:2023-01-01:2023-07-01:origin=AAA:destination=BBB:except=CCC,DDD:rate=20USD/t:government=AAA",
        "ban:oil:origin=AAA:modes=rail,road:leakage=10%:surcharge=5USD/t",
        "membership:union:2023-01-01:members=AAA,BBB",
        "quota:oil:origin=AAA:max=1Mt/yr:holder=BBB",
        "stock_release:tank:volume=0.5Mt",
    ],
)
def test_written_and_read_again(text):
    instrument = nw.parse_instrument(text)
    assert nw.parse_instrument(instrument.text()) == instrument
