"""Cutting a link in two, in series or side by side, changes no price, no flow and no wedge of a calibrated case."""

import numpy as np
import pytest
from calibration.test_calibrate import two_ways
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.calibration import calibrate, calibration_of
from corridor.network import closure, derating
from corridor.study import solve_case

parts = st.integers(1, 9).map(lambda n: n / 10)
few = settings(max_examples=8)


def in_series(case, link, part):
    """The link as two, one behind the other: cost and length divided. What was seen on it is seen on the first."""
    links, nodes = case.table("links"), case.table("nodes")
    i = links.index[links["id"] == link][0]
    nodes.loc[len(nodes)] = nodes[nodes["id"] == links.loc[i, "from"]].assign(id="halfway", name="halfway").iloc[0]
    second = links.loc[i].copy()
    for column in ("resource_cost", "tariff", "transit_fee", "quality", "length_km"):
        links.loc[i, column], second[column] = part * second[column], (1 - part) * second[column]
    second["id"], second["from"], links.loc[i, "to"] = "rest", "halfway", "halfway"
    links.loc[len(links)] = second
    return case.with_tables(links=links, nodes=nodes)


def side_by_side(case, link, part):
    """The link as two beside each other: capacity divided, and what was seen on it too. Both belong to its corridor."""
    links, seen = case.table("links"), case.table("observations")
    i = links.index[links["id"] == link][0]
    twin = links.loc[i].copy()
    twin["id"], twin["capacity"] = "twin", (1 - part) * twin["capacity"]
    links.loc[i, "capacity"] *= part
    links.loc[len(links)] = twin
    o = seen.index[seen["target"] == link][0]
    other = seen.loc[o].copy()
    other["id"], other["target"], other["value"] = "seen_twin", "twin", (1 - part) * other["value"]
    seen.loc[o, "value"] *= part
    seen.loc[len(seen)] = other
    return case.with_tables(links=links, observations=seen)


def wedge_of(calibrated):
    return calibrated.table("wedges").set_index("link")["wedge"]


def prices(calibrated):
    return calibrated.table("levels").set_index("id")["price"]


@few
@given(parts, st.sampled_from(["cheap", "dear"]), st.sampled_from([100.0, 6.1]))
def test_in_series(part, link, room):
    whole, cut = (calibrate(case) for case in (two_ways(room), in_series(two_ways(room), link, part)))
    one, two = wedge_of(whole), wedge_of(cut)
    assert two[link] + two["rest"] == pytest.approx(one[link], abs=1e-4)
    other = ({"cheap", "dear"} - {link}).pop()
    assert two[other] == pytest.approx(one[other], abs=1e-4)
    assert prices(cut)[["f", "m"]].to_numpy() == pytest.approx(prices(whole)[["f", "m"]].to_numpy(), abs=1e-4)
    # The parts of a wedge that is a cost are as the parts of the cost.
    if room > 10:
        assert two[link] == pytest.approx(part * one[link], abs=1e-4)


@few
@given(parts, st.sampled_from(["cheap", "dear"]), st.sampled_from([100.0, 6.1]))
def test_side_by_side(part, link, room):
    whole, cut = (calibrate(case) for case in (two_ways(room), side_by_side(two_ways(room), link, part)))
    one, two = wedge_of(whole), wedge_of(cut)
    assert two[["cheap", "dear"]].to_numpy() == pytest.approx(one[["cheap", "dear"]].to_numpy(), abs=1e-4)
    assert two["twin"] == pytest.approx(one[link], abs=1e-4)
    assert prices(cut)[["f", "m"]].to_numpy() == pytest.approx(prices(whole)[["f", "m"]].to_numpy(), abs=1e-4)


@few
@given(parts, st.sampled_from(["cheap", "dear"]))
def test_what_a_closure_does_is_the_same_in_series(part, link):
    whole, cut = calibrate(two_ways()), calibrate(in_series(two_ways(), link, part))
    for measure in (closure(link), derating(link, availability=0.03)):
        one, two = (solve_case(case, with_=measure) for case in (whole, cut))
        assert two.objective == pytest.approx(one.objective, abs=1e-3)
        totals = [np.sort(r.network.years @ r.reading.supply) for r in (one, two)]
        assert totals[1] == pytest.approx(totals[0], abs=1e-4)


@few
@given(st.permutations(range(4)))
def test_the_order_of_observations_changes_nothing(order):
    case = two_ways()
    shuffled = case.with_tables(observations=case.table("observations").iloc[list(order)].reset_index(drop=True))
    one, two = calibration_of(case), calibration_of(shuffled)
    assert wedge_of(two.case).to_dict() == pytest.approx(wedge_of(one.case).to_dict(), abs=1e-6)
