"""Another year: the calibration's own year comes back, the rules are those of the page, and the page is as the model says."""

import dataclasses
import datetime as dt
import re
from pathlib import Path

import kazakhstan
import numpy as np
import pytest

from corridor.analysis import another_year_page, mean_errors, observed_years, predict_routes
from corridor.calibration import calibration_of
from corridor.case import Case
from corridor.errors import QuestionError

PAGE = Path(__file__).parents[2] / "docs" / "background" / "another-year.md"


@pytest.fixture(scope="module")
def case() -> Case:
    return kazakhstan.whole()


@pytest.fixture(scope="module")
def table(case):
    return predict_routes(case, 2023)


def test_its_own_year_comes_back(case):
    own = predict_routes(case, 2023, [2023])
    np.testing.assert_allclose(own["predicted"], own["observed"], rtol=1e-5, atol=1e-4)
    np.testing.assert_allclose(own["same_shares"], own["observed"], rtol=1e-9)
    assert mean_errors(own)["model"].max() < 1e-3


def test_years_with_a_route_unobserved_are_not_scored(case):
    assert observed_years(case) == [2022, 2023, 2024, 2025]  # 2021 says nothing of BTC


def test_observed_are_the_reconciled_volumes(case, table):
    """CPC in 2025: the reconciled figure lies within its standard error of the minister's 64.8 Mt."""
    cpc = table[(table["year"] == 2025) & (table["corridor"] == "cpc")].iloc[0]
    adjusted = calibration_of(case, 2025).adjustments
    row = adjusted[(adjusted["target"] == "cpc") & (adjusted["origin"] == "KAZ")].iloc[0]
    assert cpc["observed"] == pytest.approx(row["reconciled"], abs=1e-6)
    assert row["published"] == 64.8


def test_shares_and_rule_by_hand(table):
    for _, year in table.groupby("year"):
        assert year["observed_share"].sum() == pytest.approx(1.0)
        assert year["predicted_share"].sum() == pytest.approx(1.0)
        # Shares add up to one on both sides, so errors cancel.
        assert year["error"].sum() == pytest.approx(0.0, abs=1e-9)
        assert year["same_shares"].sum() == pytest.approx(year["observed"].sum())
        np.testing.assert_allclose(
            year["error_same_shares"],
            100 * (year["same_shares"] - year["observed"]) / year["observed"].sum(),
            atol=1e-9,
        )


def test_mean_errors_by_hand(table):
    errors = mean_errors(table).set_index("year")
    own = table[table["year"] == 2025]
    assert errors.loc[2025, "model"] == pytest.approx(sum(abs(e) for e in own["error"]) / len(own))
    assert errors.loc["all", "same_shares"] == pytest.approx(table["error_same_shares"].abs().sum() / len(table))


def test_the_plain_rule_is_the_rule_of_2023(case, table):
    """The rule's share of CPC is that of 2023 in every year."""
    own = predict_routes(case, 2023, [2023]).set_index("corridor")
    cpc = table[table["corridor"] == "cpc"]
    by_year = table.groupby("year")["observed"].sum()
    for row in cpc.to_dict("records"):
        assert row["same_shares"] / by_year[row["year"]] == pytest.approx(own.loc["cpc", "observed_share"])


def test_what_the_tables_date_moves_the_prediction(case, table):
    """A mooring of 30 Mt in 2024 only: no more than that is predicted, Russian oil included."""
    dated = case.table("dated")
    new = dict.fromkeys(dated.columns)
    new |= {"table": "links", "id": "cpc_mooring", "column": "capacity", "unit": "Mt/yr", "value": 30.0}
    new |= {"start": dt.date(2024, 1, 1), "end": dt.date(2025, 1, 1), "source": (), "note": ""}
    dated.loc[len(dated)] = new
    narrow = predict_routes(case.with_tables(dated=dated), 2023, [2024])
    predicted = narrow.set_index("corridor")["predicted"]["cpc"]
    plain = table[(table["year"] == 2024) & (table["corridor"] == "cpc")]["predicted"].iloc[0]
    assert predicted < 30.1 < plain


def test_a_case_without_a_question_says_so(case):
    settings = dataclasses.replace(case.settings, headline=())
    with pytest.raises(QuestionError, match="headline"):
        predict_routes(case.with_tables(settings), 2023)


def test_a_year_without_observations_says_so(case):
    with pytest.raises(QuestionError, match="2019"):
        predict_routes(case, 2023, [2019])


def test_the_page_is_current(case):
    """Words as they are, figures within one of their last digit: a solver on another machine may round the other way."""
    stands = PAGE.read_text(encoding="utf-8")
    made = another_year_page(case, 2023, stands)
    number = r"[+-]?\d+(?:\.\d+)?"
    assert re.sub(number, "#", stands) == re.sub(number, "#", made), "run: scripts/make-reference"
    for old, new in zip(re.findall(number, stands), re.findall(number, made), strict=True):
        digits = len(old.partition(".")[2])
        assert float(old) == pytest.approx(float(new), abs=1.01 * 10**-digits if digits else 0), (
            "run: scripts/make-reference"
        )
