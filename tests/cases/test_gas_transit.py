"""A second case, of another region: the same program answers for it."""

import pytest

from corridor.analysis import headlines, share, solve
from corridor.case import check_case, read_case, unlicensed, unsourced
from corridor.network import fee


@pytest.fixture(scope="module")
def case():
    return read_case("gas_transit")


def test_case_is_clean(case):
    assert check_case(case) == ()
    assert unsourced(case) == ()
    assert unlicensed(case) == ()


def test_transit_is_the_gas_that_enters_bolivia_from_elsewhere(case):
    result = solve(case)
    flows = result.flows.groupby("link")["value"].sum()
    told = share(result, good="gas", of="BRA", through="BOL", direction="imports")
    assert told.value == pytest.approx(flows["northward"] / (flows["export_line"] + flows["regas"]), abs=1e-9)


def test_spare_cargoes_come_when_land_is_shut(case):
    """What was brought in the calibration year, and all of the 3 bcm/yr that could be added."""
    by_sea = solve(case, "line_shut").flows.query("link == 'regas'").set_index("period")["value"]
    calm, shut = by_sea["2024-05-01/2024-06-01"], by_sea["2024-07-01/2024-08-01"]
    assert calm == pytest.approx(3.09, abs=0.01)
    assert shut == pytest.approx(calm + 3.0, abs=1e-6)


def test_a_ban_fills_no_link(case):
    """5 of 11 pass the export line in the ban: it has room, whatever banned gas would have been worth on it."""
    assert "export_line" not in solve(case, "no_transit").binding["what"].tolist()


def test_headline_asks_for_imports(case):
    told = headlines(case)
    assert told.answers[0].question == "Which share of Brazil's imports of natural gas goes through Bolivia?"
    assert told.answers[0].command.endswith("--through BOL --direction imports")
    assert len(told.answers) == 3


def test_a_fee_on_what_does_not_pass_is_paid_by_nobody(case):
    """Nothing of Argentina comes by ship, so the fee meets no flow."""
    result = solve(case, with_=fee("regas", origin="ARG", rate="5USD/1000m3"))
    assert result.gains["value"].sum() == pytest.approx(solve(case).gains["value"].sum(), abs=1e-6)
