"""How instruments change numbers, and that their order makes no difference."""

from itertools import permutations

import numpy as np
import pytest
from strategies import plain_case

from corridor.errors import QuestionError
from corridor.network import build_network, capacity, closure, derating, outage
from corridor.study import ask

INF = float("inf")


@pytest.fixture(scope="module")
def case():
    return plain_case(
        {
            "nodes": [{"id": "a", "country": "KAZ"}, {"id": "b", "country": "RUS"}, {"id": "c", "country": "CHN"}],
            "links": [
                {"id": "ab", "from": "a", "to": "b", "capacity": 10},
                {"id": "bc", "from": "b", "to": "c", "capacity": 8},
                {"id": "wide", "from": "a", "to": "c", "capacity": INF},
                {"id": "plan", "from": "a", "to": "c", "capacity": 6, "status": "planned"},
            ],
            "pools": [{"id": "berth", "capacity": 9}],
            "pool_links": [{"pool": "berth", "link": "ab", "weight": 1.5}, {"pool": "berth", "link": "bc"}],
            "corridors": [{"id": "east", "screen": "bc"}],
            "corridor_links": [{"corridor": "east", "link": "ab"}, {"corridor": "east", "link": "bc"}],
            "supply": [{"id": "field", "node": "a", "quantity": 12, "avoidable_cost": 20, "price": 40,
                        "elasticity_short": 0.5}],
            "demand": [{"id": "market", "node": "c", "quantity": 10, "price": 90, "unserved_value": 200}],
            "storage": [{"id": "tank", "node": "b", "capacity": 4, "initial": 1}],
        },
        "quarter",
    )  # fmt: skip


def net_of(case, *instruments):
    question = ask(case, with_=instruments)
    return build_network(case, question.instruments, question.periods)


def capacities(case, link, *instruments):
    net = net_of(case, *instruments)
    return net.links.capacity[:, net.links.ids.index(link)].tolist()


def test_a_closure_holds_in_its_dates_only(case):
    assert capacities(case, "ab", closure("ab", start="2024-04-01", end="2024-10-01")) == [10, 0, 0, 10]


def test_a_closed_corridor_closes_all_its_links_and_a_limit_on_it_holds_on_its_screen(case):
    shut = net_of(case, closure("east"))
    assert shut.links.capacity[0].tolist() == [0, 0, INF, 0]
    limited = net_of(case, derating("east", capacity=3.0))
    assert limited.links.capacity[0].tolist() == [10, 3, INF, 0]
    halved = net_of(case, derating("east", availability=0.5))
    assert halved.links.capacity[0].tolist() == [5, 4, INF, 0]


def test_levels_take_the_largest_capacities_add_availabilities_multiply_the_smallest_limit_wins(case):
    measures = (
        capacity("ab", capacity=14.0),
        capacity("ab", capacity=12.0),
        capacity("ab", add=2.0),
        capacity("ab", add=4.0),
        derating("ab", availability=0.5),
        derating("ab", availability=0.8),
        derating("ab", capacity=9.0),
    )
    # max(10, 14, 12) + 2 + 4 = 20; x 0.5 x 0.8 = 8; below the limit of 9.
    assert capacities(case, "ab", *measures) == pytest.approx([8.0] * 4)
    # With a limit of 7 too the smallest wins, and a closure beats them all.
    assert capacities(case, "ab", *measures, derating("ab", capacity=7.0)) == [7.0] * 4
    assert capacities(case, "ab", *measures, closure("ab")) == [0.0] * 4


def test_any_order_gives_the_same_numbers_and_the_same_ledger(case):
    measures = [
        capacity("ab", add=5.0, start="2024-02-01"),
        derating("ab", availability=0.5, end="2024-09-01"),
        derating("ab", capacity=6.0),
        closure("ab", start="2024-07-01", end="2024-08-01"),
    ]
    nets = [net_of(case, *order) for order in permutations(measures)]
    for net in nets[1:]:
        np.testing.assert_array_equal(net.links.capacity, nets[0].links.capacity)
        assert net.ledger == nets[0].ledger


def test_a_planned_link_carries_nothing_until_capacity_is_added(case):
    assert capacities(case, "plan") == [0.0] * 4
    assert capacities(case, "plan", capacity("plan", add=6.0, start="2024-07-01")) == [0, 0, 6, 6]


def test_an_unlimited_link_can_be_closed_and_limited_but_has_no_share(case):
    assert capacities(case, "wide", derating("wide", capacity=3.0)) == [3.0] * 4
    assert capacities(case, "wide", derating("wide", availability=0.0)) == [0.0] * 4
    with pytest.raises(QuestionError, match=r"no capacity is known for wide, .*give capacity= instead"):
        net_of(case, derating("wide", availability=0.5))


def test_an_outage_cuts_a_field_short_and_added_capacity_moves_its_curve(case):
    short = net_of(case, outage("field", availability=0.25)).supplies
    assert (short.available[0, 0], short.reference[0, 0]) == (3.0, 12.0)
    assert not net_of(case, outage("field")).supplies.available.any()
    more = net_of(case, capacity("field", add=6.0)).supplies
    assert (more.available[0, 0], more.reference[0, 0]) == (18.0, 18.0)


def test_spare_output_lies_beyond_the_curves_point_and_moves_it_not(case):
    roomy = case.with_tables(supply=case.table("supply").assign(spare=3.0))
    net = net_of(roomy)
    assert (net.supplies.available[0, 0], net.supplies.reference[0, 0]) == (15.0, 12.0)
    more = net_of(roomy, capacity("field", add=6.0)).supplies
    assert (more.available[0, 0], more.reference[0, 0]) == (21.0, 18.0)


def test_an_outage_of_demand_and_storage(case):
    net = net_of(case, outage("market", availability=0.5), outage("tank", availability=0.5))
    assert net.demands.reference[0, 0] == 5.0
    assert net.stores.capacity[0, 0] == 2.0


def test_pools_are_derated_and_weigh_their_links(case):
    net = net_of(case, derating("berth", availability=0.5, start="2024-07-01"))
    assert net.pools.capacity[:, 0].tolist() == [9, 9, 4.5, 4.5]
    used = dict(zip(net.flows.link[net.pools.member_flow].tolist(), net.pools.member_weight.tolist(), strict=True))
    assert {net.links.ids[a]: w for a, w in used.items()} == {"ab": 1.5, "bc": 1.0}


def test_the_ledger_tells_what_each_instrument_did(case):
    shut = closure("ab", start="2024-04-01", end="2024-07-01")
    (row,) = net_of(case, shut).ledger
    assert (row.what, row.column, row.before, row.after) == ("links.ab", "capacity", 10.0, 0.0)
    assert (row.period, row.instrument) == (1, "closure_ab")


@pytest.mark.parametrize(
    ("instrument", "message"),
    [
        (closure("field"), "field stands in supply; a closure acts on links, pools"),
        (outage("ab"), "ab stands in links; an outage acts on supply, demand, processes, storage"),
        (
            capacity("market", add=1.0),
            "market stands in demand; a capacity acts on links, pools, supply, processes, storage",
        ),
        (closure("aab"), "closure:aab: nothing in the case has this id; did you mean ab"),
        (closure("xyz"), "closure:xyz: nothing in the case has this id$"),
    ],
)
def test_an_instrument_on_what_it_cannot_act_on_is_told(case, instrument, message):
    with pytest.raises(QuestionError, match=message):
        net_of(case, instrument)


def test_units_of_a_measure_are_those_of_the_good(case):
    assert capacities(case, "ab", derating("ab", capacity="3000kt/yr")) == pytest.approx([3.0] * 4)
    assert capacities(case, "ab", derating("ab", capacity="0.01Mt/d")) == pytest.approx([3.6525] * 4)
    with pytest.raises(QuestionError, match=r"derating:ab, capacity=3MW"):
        ask(case, with_=derating("ab", capacity="3MW"))
    with pytest.raises(QuestionError, match=r"write a number and its unit, as in capacity=20Mt/yr"):
        ask(case, with_=derating("ab", capacity="plenty"))


def test_falls_that_a_measure_forces_are_not_held_up_by_a_ramp():
    case = plain_case(
        {
            "nodes": [{"id": "a", "country": "KAZ"}, {"id": "b", "country": "RUS"}],
            "links": [{"id": "ab", "from": "a", "to": "b", "capacity": 10, "ramp_up": 1, "ramp_down": 1}],
            "supply": [{"id": "field", "node": "a", "quantity": 5}],
        },
        "quarter",
    )
    ramp = net_of(case, closure("ab", start="2024-04-01", end="2024-07-01")).ramps[0]
    assert ramp.down_free[:, 0].tolist() == [False, True, False, False]
