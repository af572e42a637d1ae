"""Infeasible, told in the case's words: what is asked for, the most there is, and who holds it down."""

import pytest
from result.conftest import toy_case

from corridor.errors import InfeasibleError
from corridor.network import agreement, closure, outage
from corridor.study import solve_case


@pytest.fixture(scope="module")
def plain():
    """The toy market without its agreement and without the demand beside the tank; calibrated."""
    case = toy_case()
    demand = case.table("demand")
    return case.with_tables(demand=demand[demand["id"] == "dc"], instruments=case.table("instruments").iloc[:0])


def told(case, *instruments):
    with pytest.raises(InfeasibleError) as caught:
        solve_case(case, with_=list(instruments), foresight="perfect")
    return str(caught.value)


def test_a_minimum_on_a_closed_link_is_not_kept_in_silence(plain):
    text = told(plain, agreement("bc", min=5), closure("via_b"))
    assert "the agreement agreement_bc needs 5 Mt/yr through bc" in text
    assert "at most 0 Mt/yr can pass" in text
    assert "closed or held down by: the closure closure_via_b" in text


def test_what_binds_first_and_then(plain):
    # bc carries 8 less nothing: 9 fail at bc itself; with bc lifted, ab's 10 are enough.
    text = told(plain, agreement("bc", min=9))
    assert "at most 8 Mt/yr can pass" in text
    assert "binds first: bc, at 8 Mt/yr" in text
    assert "with that lifted" not in text


def test_a_ramp_that_holds_a_minimum_back(plain):
    # Nothing in January, 2 Mt/yr more by each month: at most 2 in February.
    links = plain.table("links")
    links.loc[links["id"] == "bc", "ramp_up"] = 2.0
    case = plain.with_tables(links=links)
    text = told(
        case,
        closure("bc", start="2024-01-01", end="2024-02-01"),
        agreement("bc", min=5, start="2024-02-01", end="2024-03-01"),
    )
    assert "at most 2 Mt/yr can pass" in text
    assert "binds first: how fast bc may rise, at 2 Mt/yr" in text


def test_stock_that_must_be_there_at_the_end(plain):
    # No value of end stock: the tank must end with its 0.5 Mt, and stands still in December.
    case = plain.with_tables(levels=plain.table("levels").iloc[:0])
    text = told(case, outage("tank", start="2024-12-01"))
    assert text == "tank must end with the 0.5 Mt it began with, and at most 0 Mt can be in it on 2025-01-01."


def test_a_clash_without_any_agreement_names_the_limits_and_the_instruments(plain):
    # The tank's 0.5 Mt have to leave, and their only way is shut.
    text = told(plain, outage("tank"), closure("bc"))
    first, *lines = text.splitlines()
    assert first == "no flow satisfies the case; these cannot hold together:"
    assert any("tank holds at most 0 Mt" in line and "by the outage outage_tank" in line for line in lines)
    assert any("bc is closed from" in line and "by the closure closure_bc" in line for line in lines)
    assert len(lines) == 2
