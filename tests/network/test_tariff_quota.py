"""Tariff-rate quotas on the market of test_measures: 30 at the field, 10 to move it, the market pays 100 - 12.5 q.

Free of duty 4.8 a year are bought at 40; at a duty of 10, 4 at 50.
"""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from network.test_measures import YEARS, gains_of, market, solved
from strategies import Shape, cases

from corridor import network as nw
from corridor.errors import QuestionError
from corridor.network.written import parse_instrument
from corridor.result import check_certificate, load_result
from corridor.study import solve_case


def duty(most, **more):
    return nw.tariff_quota("oil", destination="BBB", max=most, **{"rate": "10USD/t", **more})


def test_under_the_quota_only_the_duty_within_is_paid():
    result, bought = solved(duty("6Mt/yr", within="4USD/t"))
    assert bought == pytest.approx((100 - 44) / 12.5)
    gains = gains_of(result)
    assert gains["BBB", "government"] == pytest.approx(4 * bought)
    assert gains["BBB", "consumers"] == pytest.approx(0.5 * 12.5 * bought**2)
    assert gains.get(("BBB", "quota"), 0.0) == pytest.approx(0.0, abs=1e-6)


def test_beyond_the_quota_the_full_duty_makes_the_price_and_places_within_are_worth_the_difference():
    result, bought = solved(duty("2Mt/yr", within="4USD/t"))
    assert bought == pytest.approx(4.0)
    gains = gains_of(result)
    assert gains["BBB", "government"] == pytest.approx(2 * 4 + 2 * 10)
    assert gains["BBB", "quota"] == pytest.approx(2 * 6)
    assert gains["BBB", "consumers"] == pytest.approx(0.5 * 12.5 * 16)
    assert result.netback["duty"].iloc[0] == pytest.approx(7.0)
    row = result.binding.iloc[0]
    assert (row["what"], row["rent"]) == ("tariff_quota_oil_2023", pytest.approx(6.0))


def test_at_the_quota_the_price_lies_between_the_two_duties():
    result, bought = solved(duty("4.4Mt/yr", holder="AAA"))
    assert bought == pytest.approx(4.4)
    gains = gains_of(result)
    assert gains["AAA", "quota"] == pytest.approx(4.4 * 5)
    assert gains.get(("BBB", "government"), 0.0) == pytest.approx(0.0, abs=1e-6)
    assert gains["BBB", "consumers"] == pytest.approx(0.5 * 12.5 * 4.4**2)


def test_it_counts_by_calendar_year_of_its_dates():
    """In force from July: half a year's volume at the low duty, whatever is bought before."""
    result, _ = solved(duty("2Mt/yr", start="2023-07-01"))
    by_period = result.deliveries.groupby("period")["value"].sum()
    assert by_period.to_dict() == pytest.approx({"2023-01-01/2023-07-01": 4.8, "2023-07-01/2024-01-01": 4.0})
    years = (dt.date(2024, 1, 1) - dt.date(2023, 7, 1)).days / 365.25
    assert gains_of(result)["BBB", "government"] * YEARS == pytest.approx(10 * 2 * years)


def test_none_within_is_the_full_tariff_and_endless_is_the_tariff_within():
    full, low = (nw.tariff("oil", destination="BBB", rate=f"{rate}USD/t") for rate in (10, 4))
    assert gains_of(solved(duty("0Mt/yr", within="4USD/t"))[0]).to_dict() == pytest.approx(
        gains_of(solved(full)[0]).to_dict()
    )
    assert gains_of(solved(duty(float("inf"), within="4USD/t"))[0]).to_dict() == pytest.approx(
        gains_of(solved(low)[0]).to_dict()
    )


def test_it_adds_to_a_tariff_of_its_own():
    assert solved(duty("6Mt/yr"), nw.tariff("oil", origin="AAA", rate="10USD/t"))[1] == pytest.approx(4.0)


def test_fixed_demand_pays_it_too():
    demand = [
        {"id": "market", "name": "market", "node": "b", "good": "oil", "quantity": 4.0, "price": 50.0,
         "unserved_value": 48.0, "elasticity_short": -1.0},
    ]  # fmt: skip
    result = solve_case(market(demand=demand), with_=duty("3Mt/yr"), formulation="min_cost_flow")
    assert result.certificate.passed
    assert result.deliveries["value"].sum() == pytest.approx(3.0)


def test_a_surprise_beside_a_store_leaves_the_past_as_it_was():
    """Two half years and a tank: the quota comes in July; what was delivered before stands, and the accounts close."""
    store = {"id": "tank", "name": "tank", "node": "b", "good": "oil", "capacity": 2.0, "initial": 0.0}
    result = solve_case(market(storage=[store]), with_=duty("1Mt/yr", start="2023-07-01"))
    assert len(result.stages) == 2
    first = result.deliveries[result.deliveries["period"] == "2023-01-01/2023-07-01"]
    assert first["value"].sum() == pytest.approx(4.8)
    assert abs(result.certificate.gains_residual) < 1e-9


def test_a_stored_result_is_proved_again(tmp_path):
    result, _ = solved(duty(float("inf"), within="4USD/t", except_="BBB"), duty("2Mt/yr", id="second"))
    path = result.save(tmp_path / "quota.corridor")
    proof = check_certificate(path)
    assert load_result(path).question.instruments == result.question.instruments
    assert proof.passed
    assert proof == result.certificate


def test_more_quota_never_hurts_consumers():
    gains = [
        gains_of(solved(duty(f"{most}Mt/yr", within="2USD/t"))[0])["BBB", "consumers"] for most in (0, 2, 4.2, 4.5, 9)
    ]
    assert all(later >= earlier - 1e-9 for earlier, later in pairwise(gains))
    assert gains[-1] > gains[0]


@settings(max_examples=12)
@given(cases(Shape(goods=(1, 1), elastic=True)), st.integers(0, 8), st.integers(0, 8), st.integers(1, 40))
def test_more_quota_never_lowers_the_objective(case, less, more, rate):
    def answer(most):
        quota = nw.tariff_quota("good_0", origin="KAZ", max=float(most), rate=float(rate))
        return solve_case(case, with_=quota)

    small, large = answer(min(less, more)), answer(max(less, more))
    scale = max(1.0, abs(small.objective), abs(large.objective))
    assert large.objective >= small.objective - 1e-6 * scale


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("tariff_quota:oil:rate=10USD/t:max=1Mt/yr", "needs an origin or a destination"),
        ("tariff_quota:oil:destination=BBB:rate=10USD/t", "needs the volume up to which"),
        ("tariff_quota:oil:destination=BBB:max=1Mt/yr", "needs the duty beyond it"),
        ("tariff_quota:oil:destination=BBB:max=1Mt/yr:rate=10USD/t:within=12USD/t", "above the one beyond it"),
        ("tariff_quota:pipe:destination=BBB:max=1Mt/yr:rate=10USD/t", "the target of a tariff_quota is a good"),
    ],
)
def test_misuse_is_told(text, told):
    with pytest.raises(QuestionError, match=told):
        solved(parse_instrument(text))


def test_written_and_read_again():
    text = "tariff_quota:oil:2023-01-01:destination=BBB:except=CCC:max=1Mt/yr:rate=20USD/t:within=0USD/t:holder=AAA"
    instrument = parse_instrument(text)
    assert parse_instrument(instrument.text()) == instrument
    assert instrument.question()["within"] == "0USD/t"
