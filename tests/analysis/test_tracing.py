"""Physical shares against Bialek's four buses.

J. Bialek, Tracing the flow of electricity, IEE Proceedings - Generation, Transmission and Distribution 143(4), 1996,
313-320, figure 1: what each line sends and what arrives. The balance of every bus closes exactly on these figures.
"""

import json
from pathlib import Path

import numpy as np
import pytest
from strategies import plain_case

from corridor.analysis import share
from corridor.analysis.tracing import Marks, trace
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
