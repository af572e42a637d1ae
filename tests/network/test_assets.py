"""Wedges, preferences and pools: tables of a calibrated case as arrays of flows."""

import numpy as np
import pytest
from strategies import plain_case

from corridor.network import build_network, capacity
from corridor.study import ask

TWO_GOODS = [{"id": "oil", "unit": "Mt"}, {"id": "gas", "unit": "bcm"}]
NODES = [{"id": "a", "country": "KAZ"}, {"id": "r", "country": "RUS"}, {"id": "b", "country": "CHN"}]


def wedge(link, good="oil", value=5.0, reading="cost", **more):
    return {"link": link, "good": good, "wedge": value, "reading": reading, "flow": 9.0, "capacity": 10.0, **more}


def case_with(wedges=(), preferences=(), pools=(), pool_links=()):
    """Two pipelines from a to b, one with both goods; Kazakhstan makes oil and gas, Russia oil."""
    return plain_case(
        {
            "goods": TWO_GOODS,
            "nodes": NODES,
            "links": [
                {"id": "shared", "from": "a", "to": "b", "goods": "oil;gas", "capacity": 10.0},
                {"id": "alone", "from": "a", "to": "b", "capacity": 10.0},
                {"id": "feeder", "from": "r", "to": "a", "capacity": 3.0},
            ],
            "supply": [
                {"id": "wells", "node": "a", "quantity": 12.0},
                {"id": "siberia", "node": "r", "quantity": 3.0},
                {"id": "gas_field", "node": "a", "good": "gas", "quantity": 4.0},
            ],
            "demand": [{"id": "buyers", "node": "b", "quantity": 9.0}, {"id": "flats", "node": "b", "good": "gas", "quantity": 4.0}],
            "corridors": [
                {"id": "first", "screen": "shared", "route": True},
                {"id": "second", "screen": "alone", "route": True},
            ],
            "corridor_links": [{"corridor": "first", "link": "shared"}, {"corridor": "second", "link": "alone"}],
            "pools": list(pools),
            "pool_links": list(pool_links),
            "wedges": list(wedges),
            "preferences": list(preferences),
        }
    )  # fmt: skip


def built(case, *instruments, **options):
    question = ask(case, with_=instruments)
    return build_network(case, question.instruments, question.periods, **options)


def by_flow(net):
    """Wedge by link and stream."""
    names = [(net.links.ids[a], net.streams[k].label) for a, k in zip(net.flows.link, net.flows.stream, strict=True)]
    return dict(zip(names, net.flows.wedge[0], strict=True))


def test_a_wedge_stands_on_its_link_and_good_only():
    found = by_flow(built(case_with([wedge("shared", "gas", 7.0), wedge("alone", "oil", -2.0)])))
    assert found == {
        ("shared", "oil"): 0.0, ("shared", "gas"): 7.0, ("alone", "oil"): -2.0, ("feeder", "oil"): 0.0,
    }  # fmt: skip


@pytest.mark.parametrize(("added", "as_cost", "left"), [(0.0, False, 5.0), (1.0, False, 0.0), (1.0, True, 5.0)])
def test_scarcity_ends_where_capacity_is_added(added, as_cost, left):
    case = case_with([wedge("alone", reading="scarcity"), wedge("shared", reading="cost")])
    measures = [capacity("alone", add=added), capacity("shared", add=added)] if added else []
    found = by_flow(built(case, *measures, scarcity_as_cost=as_cost))
    assert found["alone", "oil"] == left
    assert found["shared", "oil"] == 5.0


def test_scarcity_of_a_pool_ends_with_room_in_the_pool_not_on_the_link():
    pools = [{"id": "berths", "capacity": 10.0}]
    case = case_with(
        [wedge("alone", reading="scarcity", pool="berths")], (), pools, [{"pool": "berths", "link": "alone"}]
    )
    assert by_flow(built(case, capacity("alone", add=5.0)))["alone", "oil"] == 5.0
    assert by_flow(built(case, capacity("berths", add=5.0)))["alone", "oil"] == 0.0


def test_scarcity_ends_only_in_the_periods_with_more_room():
    case = case_with([wedge("alone", reading="scarcity")])
    net = built(case, capacity("alone", start="2024-07-01", add=5.0))
    at = [(net.links.ids[a]) for a in net.flows.link].index("alone")
    np.testing.assert_array_equal(net.flows.wedge[:, at], [5.0, 0.0])


def test_a_pool_holds_each_flow_of_its_links_with_the_links_weight():
    pools = [{"id": "berths", "capacity": 10.0}, {"id": "fleet", "capacity": 6.0}]
    members = [
        {"pool": "fleet", "link": "shared", "weight": 0.5},
        {"pool": "berths", "link": "alone"},
        {"pool": "berths", "link": "shared"},
    ]
    net = built(case_with(pools=pools, pool_links=members))
    pool = net.pools
    listed = {
        (pool.ids[p], net.links.ids[net.flows.link[f]], net.streams[net.flows.stream[f]].label): w
        for p, f, w in zip(pool.member_pool, pool.member_flow, pool.member_weight, strict=True)
    }
    assert listed == {
        ("fleet", "shared", "oil"): 0.5, ("fleet", "shared", "gas"): 0.5, ("berths", "alone", "oil"): 1.0,
        ("berths", "shared", "oil"): 1.0, ("berths", "shared", "gas"): 1.0,
    }  # fmt: skip


def test_preferences_are_held_by_observed_origin_and_the_rest_together():
    rows = [
        {"corridor": "first", "good": "oil", "origin": "KAZ", "flow": 4.0, "slope": 10.0},
        {"corridor": "first", "good": "oil", "origin": None, "flow": 1.0, "slope": 20.0},
    ]
    net = built(case_with(preferences=rows), kappa=0.5)
    routes = net.routes
    assert routes.ids == ("first.oil.KAZ", "first.oil")
    assert routes.slope.tolist() == [5.0, 10.0]
    counted = [
        (routes.ids[r], net.streams[net.flows.stream[f]].origins)
        for r, f in zip(routes.member_route, routes.member_flow, strict=True)
    ]
    assert counted == [("first.oil.KAZ", {"KAZ"}), ("first.oil", {"RUS"})]
    assert built(case_with(preferences=rows), kappa=0.0).routes.ids == ()


def test_an_origin_observed_of_one_good_leaves_the_other_goods_alone():
    rows = [
        {"corridor": "first", "good": "oil", "origin": "KAZ", "flow": 4.0, "slope": 10.0},
        {"corridor": "first", "good": "gas", "origin": None, "flow": 3.0, "slope": 7.0},
    ]
    routes = built(case_with(preferences=rows), kappa=1.0).routes
    assert routes.ids == ("first.oil.KAZ", "first.gas")
    assert routes.observed.tolist() == [4.0, 3.0]
