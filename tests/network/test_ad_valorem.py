"""Duties ad valorem: a share of the border price, which the answer itself tells.

The market of test_measures with a field whose marginal cost is 6 q: 10 to move it, the market pays 100 - 12.5 q. With a duty
of a share s on the border price 6 q + 10, (1 + s) (6 q + 10) = 100 - 12.5 q.
"""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from network.test_measures import gains_of, market, solved
from strategies import Shape, cases

from corridor import network as nw
from corridor.case import check_case
from corridor.errors import CertificateError, QuestionError
from corridor.formulation.curves import demand_segments
from corridor.result import certified, check_certificate, load_result
from corridor.result.fixed_point import Assumed, agreed
from corridor.result.reading import pair_of
from corridor.study import solve_case

RISING = [
    {"id": "field", "name": "field", "node": "a", "good": "oil", "quantity": 10.0, "price": 60.0, "avoidable_cost": 0.0,
     "elasticity_short": 1.0},
]  # fmt: skip


def bought_at(share, specific=0.0):
    return (100 - 10 * (1 + share) - specific) / (12.5 + 6 * (1 + share))


@pytest.mark.parametrize("per_cent", [1, 10, 50, 100, 300])
def test_closed_form(per_cent):
    share = per_cent / 100
    result, bought = solved(nw.tariff("oil", destination="BBB", rate=f"{per_cent}%"), case=market(supply=RISING))
    assert bought == pytest.approx(bought_at(share))
    border = 6 * bought + 10
    gains = gains_of(result)
    assert gains["BBB", "government"] == pytest.approx(share * border * bought)
    assert gains["BBB", "consumers"] == pytest.approx(0.5 * 12.5 * bought**2)
    assert result.netback["duty"].iloc[0] == pytest.approx(share * border)
    assert result.certificate.fixed_point < 1e-8
    assert result.certificate.starts_apart < 1e-7
    assert result.ledger["column"].tolist() == ["ad_valorem"]


def test_it_adds_to_a_duty_by_volume_in_one_row_or_in_two():
    one = nw.tariff("oil", destination="BBB", rate="5USD/t", ad_valorem="10%")
    two = nw.tariff("oil", destination="BBB", rate="10%"), nw.tariff("oil", destination="BBB", rate="5USD/t")
    case = market(supply=RISING)
    assert solved(one, case=case)[1] == pytest.approx(bought_at(0.1, 5.0))
    assert solved(*two, case=case)[1] == pytest.approx(bought_at(0.1, 5.0))


def test_of_two_duties_ad_valorem_each_is_on_the_price_before_both():
    case, duty = market(supply=RISING), nw.tariff("oil", destination="BBB", rate="10%")
    assert solved(duty, nw.tariff("oil", origin="AAA", rate="20%"), case=case)[1] == pytest.approx(bought_at(0.3))


def test_where_nothing_comes_the_duty_is_on_what_it_would_cost_to_bring_it():
    """At 400 % nobody would pay 5 x 40; oil at home is dearer than from abroad, and still all that is bought."""
    home = {"id": "home", "name": "home", "node": "b", "good": "oil", "quantity": 10.0, "avoidable_cost": 60.0}
    field = {"id": "field", "name": "field", "node": "a", "good": "oil", "quantity": 10.0, "avoidable_cost": 30.0}
    case = market(supply=[field, home])
    result, bought = solved(nw.tariff("oil", destination="BBB", rate="100%"), case=case)
    assert bought == pytest.approx(40 / 12.5)
    assert result.flows["value"].sum() == pytest.approx(0.0, abs=1e-6)
    (border,) = result.stages[0].assumed.border[result.network.ad_valorem > 0]
    assert border == pytest.approx(40.0)
    # At 40 % it would come for 56.
    assert solved(nw.tariff("oil", destination="BBB", rate="40%"), case=case)[1] == pytest.approx(44 / 12.5)


def test_a_shut_way_leaves_nothing_to_levy():
    result, bought = solved(nw.tariff("oil", destination="BBB", rate="10%"), nw.closure("pipe"))
    assert bought == pytest.approx(0.0)
    assert result.certificate.passed


def test_beside_a_tariff_quota_and_a_rising_average_cost():
    """The quota is used up: the market pays border price + 10 % + 10. The link costs 10 + q^2 on average."""
    link = {"id": "pipe", "name": "pipe", "from": "a", "to": "b", "mode": "pipeline", "goods": "oil", "capacity": 10.0,
            "resource_cost": 10.0, "cubic_cost": 1.0}  # fmt: skip
    duties = (
        nw.tariff("oil", destination="BBB", rate="10%"),
        nw.tariff_quota("oil", destination="BBB", max="1Mt/yr", rate="10USD/t"),
    )
    result, q = solved(*duties, case=market(links=[link]))
    assert 1.1 * (40 + q**2) + 10 == pytest.approx(100 - 12.5 * q, rel=1e-6)
    assert result.certificate.fixed_point < 1e-8


def test_fixed_demand_pays_it_too():
    demand = [
        {"id": "market", "name": "market", "node": "b", "good": "oil", "quantity": 4.0, "price": 50.0,
         "unserved_value": 43.0},
    ]  # fmt: skip
    for rate, expected in (("5%", 4.0), ("10%", 0.0)):
        duty = nw.tariff("oil", destination="BBB", rate=rate)
        result = solve_case(market(demand=demand), with_=duty, formulation="min_cost_flow")
        assert result.deliveries["value"].sum() == pytest.approx(expected, abs=1e-6)


def test_a_surprise_beside_a_store_keeps_the_duties_of_the_past():
    store = {"id": "tank", "name": "tank", "node": "b", "good": "oil", "capacity": 2.0, "initial": 0.0}
    duties = (
        nw.tariff("oil", destination="BBB", rate="10%"),
        nw.tariff("oil", start="2023-07-01", destination="BBB", rate="20%"),
    )
    result = solve_case(market(supply=RISING, storage=[store]), with_=duties)
    assert len(result.stages) == 2
    by_period = result.deliveries.groupby("period")["value"].sum()
    assert by_period.to_dict() == pytest.approx(
        {"2023-01-01/2023-07-01": bought_at(0.1), "2023-07-01/2024-01-01": bought_at(0.3)}
    )
    assert abs(result.certificate.gains_residual) < 1e-9


def test_a_stored_result_is_proved_again_and_a_wrong_duty_is_found(tmp_path):
    result, _ = solved(nw.tariff("oil", destination="BBB", rate="10%"), case=market(supply=RISING))
    path = result.save(tmp_path / "duty.corridor")
    assert check_certificate(path) == result.certificate
    (stage,) = load_result(path).stages
    wrong = dataclasses.replace(stage, assumed=Assumed(border=1.001 * stage.assumed.border))
    with pytest.raises(CertificateError, match="duties are not those that the answer says"):
        certified(dataclasses.replace(result, stages=(wrong,), built=()))


def test_two_starts_that_lead_apart_give_no_answer():
    result, _ = solved(nw.tariff("oil", destination="BBB", rate="10%"), case=market(supply=RISING))
    (stage,) = result.stages
    other = Assumed(border=1.01 * stage.assumed.border)
    with pytest.raises(CertificateError, match="depending on where one begins"):
        agreed(result.network, stage.assumed, other, result.reading.take, "market")


@settings(max_examples=15)
@given(cases(Shape(elastic=True)), st.sampled_from([2, 10, 40, 100]))
def test_whoever_buys_pays_the_border_price_and_the_share_of_it(case, per_cent):
    duty = nw.tariff("good_0", origin="KAZ", rate=f"{per_cent}%")
    result = solve_case(case, with_=duty)
    assert result.certificate.fixed_point < 1e-7
    net, reading = result.network, result.reading
    curve, d = demand_segments(net.demands), net.demands.take_demand
    # On the sloped part of a demand curve its height is what the last unit is worth.
    worth = (curve.start - curve.slope * np.clip(reading.demand - curve.flat, 0.0, None))[:, d]
    price = reading.price[:, pair_of(net)[net.demands.node[d], net.demands.take_stream]]
    buys = (reading.take > 1e-6) & (reading.demand > curve.flat + 1e-6)[:, d]
    gap = np.where(buys, worth - (1.0 + net.ad_valorem) * price, 0.0)
    assert np.abs(gap).max() <= 1e-5 * np.nan_to_num(curve.level).max()
    assert result.settlement.duty.sum() == pytest.approx(
        float((net.years[:, None] * net.ad_valorem * price * reading.take).sum()), rel=1e-6, abs=1e-6
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("tariff:oil:destination=BBB:rate=ten%", "write a share of the border price in per cent"),
        ("tariff:oil:destination=BBB:rate=10%:ad_valorem=5%", "one thing; give one"),
        ("tariff:oil:destination=BBB:ad_valorem=10", "write a share of the border price in per cent"),
        ("fee:pipe:rate=10%", "write a number and its unit"),
    ],
)
def test_misuse_is_told(text, told):
    with pytest.raises(QuestionError, match=told):
        solved(nw.parse_instrument(text))


def test_a_row_of_a_case_says_it_in_a_column_of_its_own():
    row = {"id": "duty", "kind": "tariff", "target": "oil", "destination": ("BBB",), "ad_valorem": "10%"}
    assert solved(case=market(supply=RISING, instruments=[row]))[1] == pytest.approx(bought_at(0.1))
    faults = list(check_case(market(instruments=[row | {"ad_valorem": "ten"}])))
    assert [(f.column, f.message) for f in faults if f.file == "instruments.csv" and f.column != "destination"] == [
        ("ad_valorem", "'ten' is no share of the border price")
    ]
    quota = {"id": "quota", "kind": "tariff_quota", "target": "oil", "destination": ("BBB",), "max": 1.0}
    faults = list(check_case(market(instruments=[quota | {"rate": 10.0, "within": 12.0}])))
    assert [f.column for f in faults if f.file == "instruments.csv" and f.column != "destination"] == ["within"]


def test_written_and_read_again():
    instrument = nw.parse_instrument("tariff:oil:destination=BBB:rate=10%")
    assert instrument.text() == "tariff:oil:destination=BBB:ad_valorem=10%"
    assert nw.parse_instrument(instrument.text()) == instrument
