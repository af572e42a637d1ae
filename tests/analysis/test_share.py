"""Shares on a network small enough to count on one's fingers."""

import datetime as dt

import numpy as np
import pytest
from strategies import plain_case

from corridor.analysis import share
from corridor.errors import QuestionError
from corridor.network import ban, closure, outage
from corridor.study import solve_case

YEAR = 366 / 365.25
NODES = [{"id": "k", "country": "KAZ"}, {"id": "r", "country": "RUS"}, {"id": "c", "country": "CHN"}]
LINKS = [
    {"id": "kr", "from": "k", "to": "r", "capacity": 6, "resource_cost": 5},
    {"id": "rc", "from": "r", "to": "c", "capacity": 9, "resource_cost": 5},
    {"id": "kc", "from": "k", "to": "c", "capacity": 2, "resource_cost": 1},
]
CORRIDORS = {
    "corridors": [
        {"id": "north", "screen": "rc", "route": True},
        {"id": "east", "screen": "kc", "route": True},
    ],
    "corridor_links": [
        {"corridor": "north", "link": "kr"},
        {"corridor": "north", "link": "rc"},
        {"corridor": "east", "link": "kc"},
    ],
}


def demand(**quantities):
    return [{"id": f"d{node}", "node": node, "quantity": q, "unserved_value": 90} for node, q in quantities.items()]


def market(step="year", **more):
    """Kazakhstan makes 10: 2 stay, 2 go straight to China (cheaper), 6 by Russia, where 3 stay and 3 go on to China."""
    return plain_case(
        {
            "nodes": NODES,
            "links": LINKS,
            "supply": [{"id": "fk", "node": "k", "quantity": 10, "avoidable_cost": 10}],
            "demand": demand(k=2, r=3, c=5),
            **CORRIDORS,
            **more,
        },
        step,
    )


@pytest.fixture(scope="module")
def base():
    return solve_case(market())


@pytest.mark.parametrize(
    ("question", "quantity", "total"),
    [
        ({"through": "RUS"}, 3, 8),
        ({"partner": "RUS"}, 3, 8),
        ({"partner": "CHN"}, 5, 8),
        ({"touching": "RUS"}, 6, 8),
        ({"touching": "CHN"}, 5, 8),
        ({"through": "CHN"}, 0, 8),
        ({"via": "north"}, 3, 8),
        ({"via": "east"}, 2, 8),
        ({"through": "RUS", "over": "use"}, 3, 10),
        ({"via": "east", "over": "use"}, 2, 10),
        ({"through": "RUS", "basis": "physical"}, 3, 8),
    ],
)
def test_shares_of_exports(base, question, quantity, total):
    told = share(base, good="oil", of="KAZ", **question)
    assert told.quantity == pytest.approx(quantity * YEAR, abs=1e-9)
    assert told.total == pytest.approx(total * YEAR, abs=1e-9)
    assert told.value == pytest.approx(quantity / total, abs=1e-9)
    assert (told.unit, told.period) == ("Mt", "2024-01-01/2025-01-01")


@pytest.mark.parametrize(
    ("question", "quantity", "total"),
    [
        ({"of": "CHN", "through": "RUS"}, 3, 5),
        ({"of": "CHN", "partner": "KAZ"}, 5, 5),
        ({"of": "CHN", "partner": "RUS"}, 0, 5),
        ({"of": "CHN", "via": "east"}, 2, 5),
        ({"of": "RUS", "partner": "KAZ"}, 3, 3),
        ({"of": "RUS", "through": "CHN"}, 0, 3),
    ],
)
def test_shares_of_imports(base, question, quantity, total):
    told = share(base, good="oil", direction="imports", **question)
    assert told.quantity == pytest.approx(quantity * YEAR, abs=1e-9)
    assert told.value == pytest.approx(quantity / total, abs=1e-9)


def test_a_share_adds_up_by_route_and_tells_what_stays(base):
    told = share(base, good="oil", of="KAZ", through="RUS")
    assert told.delivered_in == pytest.approx(3 * YEAR)
    assert [(r.corridor, r.share) for r in told.routes] == [("north", pytest.approx(3 / 8))]
    carried = {r.corridor: r.quantity for r in told.all_routes}
    # What stays in Russia has crossed no screen.
    assert carried == pytest.approx({"north": 3 * YEAR, "east": 2 * YEAR, "": 3 * YEAR})
    assert told.hhi == pytest.approx(1e4 * (9 + 9 + 4) / 64)
    touching = share(base, good="oil", of="KAZ", touching="RUS")
    assert sum(r.quantity for r in touching.routes) == pytest.approx(touching.quantity)


def test_routes_of_imports_are_of_all_imports_whatever_the_question(base):
    """China takes 3 by the north and 2 by the east, all of it Kazakh; asked for Russia's part there is none of it."""
    for question in ({"through": "RUS"}, {"partner": "KAZ"}, {"partner": "RUS"}, {"through": "KAZ"}):
        told = share(base, good="oil", of="CHN", direction="imports", **question, ranges=False)
        carried = {r.corridor: r.quantity for r in told.all_routes}
        assert carried == pytest.approx({"north": 3 * YEAR, "east": 2 * YEAR}), question
        assert told.hhi == pytest.approx(1e4 * (0.6**2 + 0.4**2))


def hub(**more):
    """5 from Kazakhstan by Russia and 5 from Azerbaijan meet in Turkey; China and Georgia take 5 each."""
    places = {"k": "KAZ", "r": "RUS", "a": "AZE", "h": "TUR", "c": "CHN", "g": "GEO"}
    ways = ("kr", "rh", "ah", "hc", "hg")
    return plain_case(
        {
            "nodes": [{"id": node, "country": country} for node, country in places.items()],
            "links": [{"id": way, "from": way[0], "to": way[1], "capacity": 20, "resource_cost": 1} for way in ways],
            "supply": [{"id": f"f{node}", "node": node, "quantity": 5, "avoidable_cost": 10} for node in "ka"],
            "demand": demand(c=5, g=5),
            **more,
        }
    )


def test_imports_by_title_do_not_mix_on_the_way():
    """Georgia bars Kazakh oil, so by title all of China's is Kazakh; in the pipe it is half and half."""
    result = solve_case(hub(), with_=ban("oil", origin="KAZ", destination="GEO"))
    asked = {"good": "oil", "of": "CHN", "direction": "imports", "through": "RUS", "ranges": False}
    assert share(result, **asked).value == pytest.approx(1, abs=1e-9)
    assert share(result, **asked, basis="physical").value == pytest.approx(0.5, abs=1e-9)


def test_the_range_of_a_share_that_nothing_leaves_open_is_narrow(base):
    """Straight to China 2 a year at 1; another unit by Russia would cost 9 more, and the whole system costs 147."""
    told = share(base, good="oil", of="KAZ", through="RUS")
    assert told.low <= told.value + 1e-9
    assert told.high >= told.value - 1e-9
    assert told.high - told.low < 0.02


def test_a_share_that_is_not_unique_says_so_and_keeps_the_objective():
    """Russia makes 4 too, and its own market of 3 takes either oil: of 8 that Kazakhstan sells abroad 3 to 6 pass
    through. The base does not tell the two apart, so it is solved again with a stream of their own."""
    case = market(
        supply=[
            {"id": "fk", "node": "k", "quantity": 10, "avoidable_cost": 10},
            {"id": "fr", "node": "r", "quantity": 4, "avoidable_cost": 10},
        ],
        demand=demand(k=2, r=3, c=9),
    )
    result = solve_case(case)
    assert [s.label for s in result.network.streams] == ["oil"]
    told = share(result, good="oil", of="KAZ", through="RUS")
    assert [s.label for s in told.result.network.streams] == ["oil.KAZ", "oil.RUS"]
    assert told.result.objective == pytest.approx(result.objective, abs=1e-6)
    assert told.total == pytest.approx(8 * YEAR)
    assert 3 * YEAR - 1e-6 <= told.quantity <= 6 * YEAR + 1e-6
    assert told.low == pytest.approx(3 / 8, abs=0.02)
    assert told.high == pytest.approx(6 / 8, abs=0.02)
    # By the mixture there is nothing to choose: 10 enter the node in Russia, 6 of them from Kazakhstan; 7 go on.
    physical = share(result, good="oil", of="KAZ", through="RUS", basis="physical")
    assert physical.quantity == pytest.approx(7 * 6 / 10 * YEAR)


def test_only_periods_inside_the_window_count():
    shut = solve_case(market("quarter"), with_=closure("rc", start="2024-04-01", end="2024-07-01"))
    asked = {"good": "oil", "of": "KAZ", "through": "RUS", "ranges": False}
    closed = share(shut, **asked, window=("2024-04-01", "2024-07-01"))
    assert (closed.value, closed.quantity) == (0.0, 0.0)
    assert closed.period == "2024-04-01/2024-07-01"
    before = share(shut, **asked, window=("2024-01-01", "2024-04-01"))
    assert before.quantity == pytest.approx(3 * 91 / 365.25)
    whole = share(shut, **asked)
    assert whole.quantity == pytest.approx(3 * (366 - 91) / 365.25)
    # A window that begins within a period does not count that period.
    later = share(shut, **asked, window=("2024-02-10", "2024-12-31"))
    assert later.period == "2024-04-01/2024-10-01"
    with pytest.raises(QuestionError, match="not a pair of dates"):
        share(shut, **asked, window=("March", "2024-07-01"))
    with pytest.raises(QuestionError, match="not a pair of dates"):
        share(shut, **asked, window=("20240401", "20240701"))
    with pytest.raises(
        QuestionError, match=r"no period of test lies inside .* by quarter from 2024-01-01 to 2025-01-01"
    ):
        share(shut, **asked, window=("2024-04-02", "2024-05-01"))


def test_a_window_has_no_range_and_says_why():
    told = share(
        solve_case(market("quarter")), good="oil", of="KAZ", through="RUS", window=("2024-04-01", "2024-07-01")
    )
    assert (told.low, told.data_low) == (None, None)
    assert "no range: only part of the calendar is asked about" in told.warnings


def test_a_way_without_a_known_capacity_says_so_in_a_window():
    open_links = [{**link, "capacity": np.inf} if link["id"] == "kc" else link for link in LINKS]
    shut = solve_case(market("quarter", links=open_links))
    told = share(shut, good="oil", of="KAZ", through="RUS", window=("2024-04-01", "2024-07-01"))
    assert {b.link: b.capacity for b in told.security.border} == {"kc": None, "kr": pytest.approx(6)}


def test_what_a_tank_gives_back_has_come_the_way_it_came():
    """The field stands still in the second year; what China gets then was stored in Russia in the first."""
    case = plain_case(
        {
            "nodes": NODES,
            "links": LINKS[:2],
            "supply": [{"id": "fk", "node": "k", "quantity": 10, "avoidable_cost": 10}],
            "demand": demand(c=3),
            "storage": [{"id": "tank", "node": "r", "capacity": 2, "initial": 0}],
            **{name: rows[:1] if name == "corridors" else rows[:2] for name, rows in CORRIDORS.items()},
        },
        end=dt.date(2026, 1, 1),
    )
    result = solve_case(case, with_=outage("fk", start="2025-01-01", announced="2024-01-01"))
    told = share(result, good="oil", of="KAZ", through="RUS", ranges=False, window=("2025-01-01", "2026-01-01"))
    assert told.quantity == pytest.approx(2, abs=1e-6)
    assert told.value == pytest.approx(1, abs=1e-9)
    assert [(r.corridor, r.share) for r in told.routes] == [("north", pytest.approx(1))]


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ({"of": "KAZ"}, "give one"),
        ({"of": "KAZ", "through": "RUS", "partner": "CHN"}, "give one"),
        ({"of": "KAZ", "through": "KAZ"}, "is no question: give another country"),
        ({"of": "KAZ", "through": "RUS", "good": "gas"}, "gas"),
        ({"of": "KAZ", "through": "ZZZ"}, "ZZZ"),
        ({"of": "KAZ", "via": "nort"}, "north"),
        ({"of": "KAZ", "through": "RUS", "direction": "export"}, "direction is exports or imports, not 'export'"),
        ({"of": "KAZ", "through": "RUS", "over": "all"}, "over is trade or use, not 'all'"),
        ({"of": "KAZ", "through": "RUS", "basis": "legal"}, "basis is contractual or physical, not 'legal'"),
    ],
)
def test_a_question_that_cannot_be_asked_is_told(base, question, message):
    with pytest.raises(QuestionError, match=message):
        share(base, **{"good": "oil", **question})


def test_a_country_without_exports_is_told(base):
    told = share(base, good="oil", of="RUS", through="CHN")
    assert (told.value, told.total) == (0.0, 0.0)
    assert "no exports of oil" in told.sentence
