"""A second case, of another region: the same program answers for it."""

import pytest

from corridor.analysis import headlines, share
from corridor.case import check_case, read_case, unlicensed, unsourced
from corridor.study import solve_case


@pytest.fixture(scope="module")
def case():
    return read_case("gas_transit")


def test_case_is_clean(case):
    assert check_case(case) == ()
    assert unsourced(case) == ()
    assert unlicensed(case) == ()


def test_transit_is_the_gas_that_enters_bolivia_from_elsewhere(case):
    result = solve_case(case)
    flows = result.flows.groupby("link")["value"].sum()
    told = share(result, good="gas", of="BRA", through="BOL", direction="imports")
    assert told.value == pytest.approx(flows["northward"] / (flows["export_line"] + flows["regas"]), abs=1e-9)


def test_headline_asks_for_imports(case):
    told = headlines(case)
    assert told.answers[0].question == "Which share of Brazil's natural gas imports goes through Bolivia?"
    assert told.answers[0].command.endswith("--through BOL --direction imports")
    assert len(told.answers) == 3
