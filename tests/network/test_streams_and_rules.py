"""Streams, bans, agreements, and who can reach what."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import plain_case

from corridor.errors import QuestionError
from corridor.network import (
    Distinction,
    agreement,
    ban,
    build_network,
    closure,
    crossed_countries,
    cut,
    split,
    transit_ban,
)
from corridor.study import ask, solve_case

KAZ, RUS, CHN, AZE = (frozenset({c}) for c in ("KAZ", "RUS", "CHN", "AZE"))


def test_without_distinctions_a_good_is_one_stream():
    (stream,) = split("oil", ["KAZ", "RUS"], ["CHN"], [])
    assert (stream.origins, stream.destinations, stream.label) == (KAZ | RUS, CHN, "oil")


def test_origins_are_told_apart_only_where_something_tells_them_apart():
    streams = split("oil", ["KAZ", "RUS", "AZE"], ["CHN", "RUS"], [Distinction("oil", KAZ)])
    assert {(s.label, s.origins) for s in streams} == {("oil.KAZ", KAZ), ("oil.AZE_RUS", AZE | RUS)}
    assert all(s.destinations == CHN | RUS for s in streams)


def test_destinations_are_told_apart_for_the_origins_concerned_only():
    streams = split("oil", ["KAZ", "RUS"], ["CHN", "RUS"], [Distinction("oil", KAZ, RUS)])
    assert {s.label for s in streams} == {"oil.KAZ.to_RUS", "oil.KAZ.to_CHN", "oil.RUS"}


def test_distinctions_of_another_good_do_nothing():
    assert len(split("oil", ["KAZ", "RUS"], ["CHN"], [Distinction("gas", KAZ)])) == 1


def test_a_good_that_nobody_makes_has_a_stream_without_origin():
    (stream,) = split("oil", [], ["CHN"], [Distinction("oil", KAZ)])
    assert stream.origins == frozenset()


_some = st.frozensets(st.sampled_from([f"C{chr(65 + i)}{chr(65 + j)}" for i in range(3) for j in range(3)]), min_size=1)


@given(_some, _some, st.lists(st.builds(Distinction, st.just("oil"), _some, st.none() | _some), max_size=4))
def test_streams_part_every_pair_and_no_rule_cuts_through_one(producers, consumers, rules):
    streams = split("oil", producers, consumers, rules)
    pairs = [(o, d) for s in streams for o in s.origins for d in s.destinations]
    assert sorted(pairs) == sorted((o, d) for o in producers for d in consumers)
    assert len({s.label for s in streams}) == len(streams)
    for rule in rules:
        for stream in streams:
            assert stream.origins <= rule.origins or not stream.origins & rule.origins
            if rule.destinations is not None and stream.origins <= rule.origins:
                assert stream.destinations <= rule.destinations or not stream.destinations & rule.destinations
    assert streams == split("oil", sorted(producers), sorted(consumers), rules[::-1])


@pytest.fixture(scope="module")
def case():
    """Kazakhstan and Russia make oil; it is sold in Russia, at home and, by way of Russia or a tanker, in China."""
    return plain_case(
        {
            "nodes": [
                {"id": "k", "country": "KAZ"},
                {"id": "r", "country": "RUS"},
                {"id": "c", "country": "CHN"},
                {"id": "island", "country": "AZE"},
            ],
            "links": [
                {"id": "kr", "from": "k", "to": "r", "capacity": 10},
                {"id": "rc", "from": "r", "to": "c", "capacity": 10},
                {"id": "kc", "from": "k", "to": "c", "capacity": 10, "crosses": ("AZE",)},
                {"id": "ic", "from": "island", "to": "c", "capacity": 10},
            ],
            "corridors": [{"id": "north", "screen": "rc"}],
            "corridor_links": [{"corridor": "north", "link": "kr"}, {"corridor": "north", "link": "rc"}],
            "supply": [
                {"id": "fk", "node": "k", "quantity": 8, "avoidable_cost": 10},
                {"id": "fr", "node": "r", "quantity": 8, "avoidable_cost": 10},
            ],
            "demand": [
                {"id": d, "node": d[1], "quantity": 4, "price": 50, "unserved_value": 90} for d in ("dk", "dr", "dc")
            ],
        },
        "quarter",
    )


def net_of(case, *instruments, distinctions=()):
    question = ask(case, with_=instruments)
    return build_network(case, question.instruments, question.periods, distinctions=distinctions)


def test_countries_crossed_are_those_told_and_those_of_both_ends(case):
    assert crossed_countries(case) == (KAZ | RUS, RUS | CHN, KAZ | CHN | AZE, AZE | CHN)


def test_a_stream_has_flows_only_where_its_supply_can_get(case):
    net = net_of(case, distinctions=[Distinction("oil", KAZ)])
    pairs = {(net.links.ids[a], net.streams[k].label) for a, k in zip(net.flows.link, net.flows.stream, strict=True)}
    assert pairs == {("kr", "oil.KAZ"), ("rc", "oil.KAZ"), ("kc", "oil.KAZ"), ("rc", "oil.RUS")}


def banned(net):
    """(demand, stream) pairs that may not be served, in the first period."""
    pairs = zip(net.demands.take_demand, net.demands.take_stream, net.demands.take_allowed[0], strict=True)
    return {(net.demands.ids[d], net.streams[k].label) for d, k, allowed in pairs if not allowed}


def stopped(net, period=0):
    pairs = zip(net.flows.link, net.flows.stream, net.flows.allowed[period], strict=True)
    return {(net.links.ids[a], net.streams[k].label) for a, k, allowed in pairs if not allowed}


def test_a_ban_of_an_origin_in_a_destination(case):
    net = net_of(case, ban("oil", origin="KAZ", destination="CHN"))
    assert banned(net) == {("dc", "oil.KAZ")}
    assert not stopped(net)


def test_a_ban_of_an_origin_everywhere_abroad_leaves_home_alone(case):
    assert banned(net_of(case, ban("oil", origin="KAZ"))) == {("dr", "oil.KAZ"), ("dc", "oil.KAZ")}


def test_a_ban_of_all_foreign_goods_leaves_its_own_alone(case):
    assert banned(net_of(case, ban("oil", destination="RUS"))) == {("dr", "oil.KAZ")}


def test_a_transit_ban_stops_what_is_bound_elsewhere_and_not_what_is_bound_for_the_country(case):
    net = net_of(case, transit_ban("oil", origin="KAZ", through="RUS"))
    assert stopped(net) == {("kr", "oil.KAZ.to_CHN_KAZ"), ("rc", "oil.KAZ.to_CHN_KAZ")}
    assert not banned(net)


def test_a_transit_ban_counts_countries_that_a_link_merely_crosses(case):
    net = net_of(case, transit_ban("oil", origin="KAZ", through="AZE"))
    assert {link for link, _ in stopped(net)} == {"kc"}


def test_goods_of_the_country_itself_are_not_in_transit_through_it(case):
    assert not stopped(net_of(case, transit_ban("oil", origin=("KAZ", "RUS"), through="RUS"))) & {("rc", "oil.RUS")}


def test_bans_hold_in_their_dates_only(case):
    net = net_of(case, transit_ban("oil", origin="KAZ", through="RUS", start="2024-04-01", end="2024-07-01"))
    assert [bool(stopped(net, t)) for t in range(4)] == [False, True, False, False]


@pytest.mark.parametrize(
    ("instrument", "message"),
    [
        (ban("wheat", origin="KAZ"), "the target of a ban is a good; there are oil"),
        (ban("oil", origin="KAS"), "'KAS' is no country of the case; it has AZE, CHN, KAZ, RUS"),
        (transit_ban("oil", origin="KAZ", through="IRN"), "'IRN' is no country of the case"),
        (agreement("kr"), "needs a minimum volume, as in min=20Mt/yr"),
        (agreement("fk", min=3.0), "an agreement is on a link, a corridor or a demand, not on supply"),
        (agreement("nowhere", min=3.0), "nothing in the case has this id"),
        (agreement("kr", min="3Mt/yr", goods="gas"), "nothing in the case carries gas"),
    ],
)
def test_a_rule_that_makes_no_sense_is_told(case, instrument, message):
    with pytest.raises(QuestionError, match=message):
        net_of(case, instrument)


# Agreements


def test_a_minimum_is_one_volume_for_each_calendar_year_of_its_dates():
    case = plain_case(
        {
            "nodes": [{"id": "a", "country": "KAZ"}, {"id": "b", "country": "RUS"}],
            "links": [{"id": "ab", "from": "a", "to": "b", "capacity": 10}],
            "supply": [{"id": "f", "node": "a", "quantity": 9, "avoidable_cost": 1}],
            "demand": [{"id": "d", "node": "b", "quantity": 9, "unserved_value": 90}],
        },
        "quarter",
        end=dt.date(2026, 1, 1),
    )
    first, second = net_of(case, agreement("ab", min="4Mt/yr", start="2024-07-01")).limits
    assert (first.id, second.id) == ("agreement_ab_2024", "agreement_ab_2025")
    assert first.lower == pytest.approx(4 * 184 / 365.25)
    assert second.lower == pytest.approx(4 * 365 / 365.25)
    assert np.unique(first.period).tolist() == [2, 3]
    assert first.upper == np.inf


def test_a_minimum_on_a_corridor_counts_its_screen_and_the_goods_and_origins_named(case):
    (limit,) = net_of(case, agreement("north", min=2.0, origin="KAZ", obliged="shippers")).limits
    net = net_of(case, agreement("north", min=2.0, origin="KAZ"))
    counted = {(net.links.ids[net.flows.link[f]], net.streams[net.flows.stream[f]].label) for f in limit.item}
    assert counted == {("rc", "oil.KAZ")}
    assert (limit.quantity, limit.obliged, limit.target) == ("flow", "shippers", "north")


def test_a_delivery_without_a_volume_is_the_demands_own(case):
    (limit,) = net_of(case, agreement("dk", price=30.0)).limits
    assert limit.quantity == "take"
    assert limit.lower == pytest.approx(4 * 366 / 365.25)
    assert limit.price == 30.0


@pytest.mark.parametrize(("released", "days"), [(True, 366 - 91), (False, 366)])
def test_force_majeure_releases_while_the_target_is_closed(case, released, days):
    shut = closure("rc", start="2024-04-01", end="2024-07-01")
    (limit,) = net_of(case, agreement("north", min=2.0, force_majeure=released), shut).limits
    assert limit.lower == pytest.approx(2 * days / 365.25)


@pytest.mark.parametrize(("origin", "days"), [("KAZ", 366 - 91), (None, 366)])
def test_force_majeure_releases_while_nothing_can_come_to_the_target(case, origin, days):
    """Kazakh oil comes to rc by kr only; Russian oil is made where rc begins."""
    shut = closure("kr", start="2024-04-01", end="2024-07-01")
    told = {"origin": origin} if origin else {}
    (limit,) = net_of(case, agreement("north", min=2.0, force_majeure=True, **told), shut).limits
    assert limit.lower == pytest.approx(2 * days / 365.25)


def test_an_agreement_that_is_shut_all_year_asks_for_nothing(case):
    net = net_of(case, agreement("rc", min=2.0, force_majeure=True), closure("rc"))
    assert net.limits == ()
    told = {(row.what, row.column, row.before, row.after) for row in net.ledger if row.instrument.startswith("agree")}
    assert told == {("agreement on rc", "released", 2.0, 0.0)}


def test_an_agreement_that_is_shut_all_year_leaves_an_answer_that_is_certified(case):
    result = solve_case(case, with_=(agreement("rc", min=2.0, force_majeure=True), closure("rc")))
    assert result.certificate.passed
    assert "released" in result.ledger["column"].tolist()


def test_rules_leave_rows_in_the_ledger(case):
    net = net_of(case, ban("oil", origin="KAZ", start="2024-10-01"), agreement("rc", min=2.0, end="2024-04-01"))
    assert {(r.period, r.instrument, r.column) for r in net.ledger} == {
        (3, "ban_oil", "allowed"),
        (0, "agreement_rc", "minimum"),
    }


def test_stock_is_taken_as_in_the_supply_that_can_reach_it(case):
    """8 of Kazakhstan and 8 of Russia reach the tank in Russia; only Kazakhstan's reaches one in Kazakhstan."""
    tanks = [
        {"id": name, "name": name, "node": node, "good": "oil", "capacity": 5, "initial": 4}
        for name, node in (("tank_r", "r"), ("tank_k", "k"), ("tank_i", "island"))
    ]
    import pandas as pd

    held = case.with_tables(storage=pd.DataFrame(tanks))
    net = build_network(held, (), cut(held.settings.calendar), distinctions=[Distinction("oil", KAZ)])
    told = {
        (net.stores.ids[n], net.streams[k].label): volume
        for n, k, volume in zip(net.stores.pair_store, net.stores.pair_stream, net.stores.pair_initial, strict=True)
    }
    assert told["tank_r", "oil.KAZ"] == told["tank_r", "oil.RUS"] == pytest.approx(2)
    assert told["tank_k", "oil.KAZ"] == pytest.approx(4)
    # Nothing reaches the island, yet its 4 are not lost.
    assert told["tank_i", "oil.KAZ"] + told["tank_i", "oil.RUS"] == pytest.approx(4)
