"""Physical shares against Bialek's four buses.

J. Bialek, Tracing the flow of electricity, IEE Proceedings - Generation, Transmission and Distribution 143(4), 1996,
313-320, figure 1: what each line sends and what arrives. The balance of every bus closes exactly on these figures.
"""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from strategies import plain_case

from corridor.analysis import share
from corridor.analysis.tracing import Marks, trace
from corridor.network import closure
from corridor.study import solve_case

LINES = {"12": (60, 59), "13": (225, 218), "14": (115, 112), "24": (173, 171), "43": (83, 82)}
GENERATION = {"1": 400, "2": 114}
LOAD = {"3": 300, "4": 200}
COUNTRY = {"1": "KAZ", "2": "RUS", "3": "CHN", "4": "AZE"}
# By the rule of proportional sharing, by hand: bus 2 has 59 of generator 1 among 173; bus 4 has 112 and 171 x 59 / 173
# among 283; bus 3 has 218 and 82 x (bus 4's share) among 300.
BUS_2 = 59 / 173
BUS_4 = (112 + 171 * BUS_2) / 283
BUS_3 = (218 + 82 * BUS_4) / 300
KNOWN = Path(__file__).parents[3] / "shared" / "known-answers" / "flow_tracing_4bus.json"


@pytest.fixture(scope="module")
def result():
    """Lines are as wide as what they send and every load is worth serving: there is no other flow."""
    case = plain_case(
        {
            "nodes": [{"id": f"bus{n}", "country": c} for n, c in COUNTRY.items()],
            "goods": [{"id": "power", "unit": "TWh"}],
            "links": [
                {"id": f"line{a}{b}", "from": f"bus{a}", "to": f"bus{b}", "capacity": sent, "loss": 1 - got / sent,
                 "mode": "power"}
                for (a, b), (sent, got) in LINES.items()
            ],
            "supply": [{"id": f"gen{n}", "node": f"bus{n}", "quantity": q, "avoidable_cost": 1}
                       for n, q in GENERATION.items()],
            "demand": [{"id": f"load{n}", "node": f"bus{n}", "quantity": q, "unserved_value": 99}
                       for n, q in LOAD.items()],
        }
    )  # fmt: skip
    return solve_case(case)


def test_the_flow_is_the_printed_one(result):
    flow = result.flows.set_index("link")["value"]
    assert {link.removeprefix("line"): v for link, v in flow.items()} == pytest.approx(
        {line: sent for line, (sent, _) in LINES.items()}, rel=1e-7
    )


def test_every_bus_is_mixed_as_derived(result):
    net = result.network
    marks = Marks(np.full(len(net.links.ids), -1), (), np.zeros(len(net.links.ids), dtype=bool))
    histories = trace(net, result.reading, marks, np.arange(len(net.streams)), np.array([0, 1]))
    of_generator_1 = histories.share[0, :, 0].sum(axis=(-1, -2))
    assert of_generator_1 == pytest.approx([1, BUS_2, BUS_3, BUS_4], abs=1e-8)
    assert histories.share[0].sum(axis=(1, 2, 3)) == pytest.approx(np.ones(4), abs=1e-12)
    assert histories.inflow[0] == pytest.approx([400, 173, 300, 283], rel=1e-7)


def test_shares_of_loads_are_the_printed_ones(result):
    for bus, expected in (("3", BUS_3), ("4", BUS_4)):
        told = share(result, good="power", of="KAZ", partner=COUNTRY[bus], basis="physical", ranges=False)
        assert told.quantity / (366 / 365.25) == pytest.approx(LOAD[bus] * expected, rel=1e-6)


def test_the_derivation_is_that_of_the_collection_of_known_answers():
    if not KNOWN.is_file():
        pytest.skip("the collection of known answers in ../shared is not here")
    answers = json.loads(KNOWN.read_text(encoding="utf-8"))["answers"]
    assert pytest.approx(answers["bus4_share_G1"], abs=1e-9) == BUS_4
    assert pytest.approx(answers["bus3_share_G1"], abs=1e-9) == BUS_3


def _ring(**more):
    """Two nodes with a link each way, and one aside."""
    return plain_case(
        {
            "nodes": [{"id": n, "country": c} for n, c in (("a", "KAZ"), ("b", "RUS"), ("c", "CHN"))],
            "links": [
                {"id": "ab", "from": "a", "to": "b", "capacity": 9, "resource_cost": 1},
                {"id": "ba", "from": "b", "to": "a", "capacity": 9, "resource_cost": 1},
                {"id": "bc", "from": "b", "to": "c", "capacity": 9, "resource_cost": 1},
            ],
            "supply": [{"id": "f", "node": "a", "quantity": 5, "avoidable_cost": 1}],
            "demand": [{"id": "m", "node": "c", "quantity": 4, "unserved_value": 99}],
            **more,
        }
    )


def _no_marks(net):
    return Marks(np.full(len(net.links.ids), -1), (), np.zeros(len(net.links.ids), dtype=bool))


def test_a_loop_that_nothing_enters_has_no_history():
    """Solvers leave such dust; the mixing equations of a closed loop have no solution."""
    result = solve_case(_ring())
    net, reading = result.network, result.reading
    round_and_round = np.array([[0.5 if net.links.ids[a] in ("ab", "ba") else 0.0 for a in net.flows.link]])
    dust = replace(reading, flow=round_and_round, give=np.zeros_like(reading.give), take=np.zeros_like(reading.take))
    share_of = trace(net, dust, _no_marks(net), np.arange(1), np.zeros(1, dtype=np.int64)).share
    assert np.isfinite(share_of).all()
    assert np.abs(share_of[0, :2]).max() < 1e-9


def test_what_lay_where_nothing_comes_is_counted_once():
    """A tank at c holds 3 when the year begins, the links are cut off, and c uses what there is."""
    tank = {"id": "tank", "node": "c", "capacity": 3, "initial": 3}
    free = [{"table": "storage", "id": "tank", "factor": 1, "price": 0}]
    case = _ring(storage=[tank], levels=free)
    result = solve_case(case, with_=closure("bc"))
    net = result.network
    assert result.reading.demand[0, 0] * net.years[0] == pytest.approx(3)
    histories = trace(net, result.reading, _no_marks(net), np.arange(1), np.zeros(1, dtype=np.int64))
    at = net.nodes.index("c")
    assert histories.share[0, at].sum() == pytest.approx(1)
    assert histories.stored[0, at].sum() == pytest.approx(1)
