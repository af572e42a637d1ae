"""Questions on one assembled program: their answers are those of fresh solves, and what does not fit is built anew."""

import itertools

import numpy as np
import pytest
from strategies import Shape, plain_case, random_case

from corridor.errors import InfeasibleError
from corridor.formulation import ShapeError, revised, spatial_equilibrium
from corridor.network import agreement, ban, build_network, capacity, closure, outage, quota, tariff
from corridor.study import answer, ask
from corridor.variations import Variations, Zeros


def two_ways(**more):
    """10 from s to e, over a (room for 6) or b (room for 6, dearer)."""
    return plain_case(
        {
            "nodes": [{"id": "s", "country": "KAZ"}, {"id": "e", "country": "CHN"}],
            "links": [
                {"id": "a", "from": "s", "to": "e", "capacity": 6, "resource_cost": 1},
                {"id": "b", "from": "s", "to": "e", "capacity": 6, "resource_cost": 3},
            ],
            "supply": [{"id": "field", "node": "s", "quantity": 20, "price": 10, "elasticity_short": 1}],
            "demand": [{"id": "city", "node": "e", "quantity": 10, "price": 40, "elasticity_short": -0.5}],
            **more,
        }
    )


def perfect(case, **more):
    return ask(case, foresight="perfect", **more)


def measures_of(case):
    """One of each kind that a network can meet, on its own links, fields and goods."""
    links, good = list(case.tables["links"]["id"]), case.tables["goods"]["id"].iloc[0]
    abroad = [c for c in dict.fromkeys(case.tables["nodes"]["country"]) if c != "KAZ"]
    return (
        closure(links[0]),
        closure(links[-1], start="2024-04-01", end="2024-07-01"),
        outage(case.tables["supply"]["id"].iloc[0], availability=0.5),
        outage(case.tables["demand"]["id"].iloc[0]),
        quota(links[min(1, len(links) - 1)], goods=(good,), max=1.0),
        ban(good, origin="KAZ", destination=abroad[0]),
        tariff(good, origin="KAZ", destination=abroad[-1], rate=2.0),
    )


@pytest.mark.parametrize("seed", range(4))
def test_the_answers_of_fresh_solves(seed):
    """Objective and, as every curve has a slope, deliveries; the streams of the fresh solve are its own, coarser ones."""
    shape = Shape(nodes=(3, 5), goods=(1, 1), elastic=True, stores=True, pools=True, extra_links=(1, 3), step="quarter")
    case = random_case(seed, shape)
    measures = measures_of(case)
    shared = Variations(perfect(case, calendar_with=measures), measures)
    sets = [(), *itertools.combinations(measures, 2)][seed % 3 :: 3]
    for chosen in sets:
        told = shared.answer(chosen)
        fresh = answer(perfect(case, with_=chosen, calendar_with=measures))
        scale = max(1.0, abs(fresh.objective), fresh.settlement.scale)
        assert told.objective == pytest.approx(fresh.objective, abs=1e-7 * scale)
        top = max(1.0, fresh.reading.demand.max())
        assert told.reading.demand == pytest.approx(fresh.reading.demand, abs=1e-5 * top)
        assert told.certificate.passed
        assert told.network.ledger == fresh.network.ledger
    assert (shared.reused, shared.anew) == (len(sets), {})


def test_contracts_come_and_go():
    must = agreement("b", min=5.0)
    dear = [
        {"id": "a", "from": "s", "to": "e", "capacity": 6, "resource_cost": 1},
        {"id": "b", "from": "s", "to": "e", "capacity": 6, "resource_cost": 80},
    ]
    case = two_ways(links=dear, instruments=[{"id": "own", "kind": "agreement", "target": "a", "min": 2}])
    shared = Variations(perfect(case), (must, closure("a")))
    years = 366 / 365.25

    def carried(*with_, void=()):
        flow = shared.answer(with_, void).reading.flow[0]
        return flow, shared.answer(with_, void).objective / years

    assert carried()[0][1] == pytest.approx(0.0, abs=1e-6)
    assert carried(must)[0][1] == pytest.approx(5.0)
    assert carried(closure("a"), must, void=["own"])[0] == pytest.approx([0.0, 5.0])
    with pytest.raises(InfeasibleError, match="own"):
        shared.answer((closure("a"),))
    with pytest.raises(InfeasibleError):
        shared.answer((closure("a"),), explain=False)
    assert not shared.anew
    assert carried()[1] == pytest.approx(answer(perfect(case)).objective / years)


@pytest.mark.parametrize(
    ("measure", "why"),
    [
        (closure("a", start="2024-03-01", end="2024-05-01"), "cut periods"),
        (ban("oil", origin="KAZ", destination="CHN"), "told apart"),
        (capacity("c", capacity=4.0), "lacks"),
        (tariff("oil", origin="KAZ", destination="CHN", ad_valorem=0.1), "told apart"),
    ],
)
def test_what_does_not_fit_is_built_anew_and_counted(measure, why):
    links = [
        {"id": name, "from": "s", "to": "e", "capacity": room, "resource_cost": 1, "status": status}
        for name, room, status in (("a", 6, "open"), ("b", 6, "open"), ("c", 0, "planned"))
    ]
    supply = [
        {"id": name, "node": "s", "quantity": 20, "price": 10, "elasticity_short": 1} for name in ("field", "other")
    ]
    case = two_ways(links=links, supply=supply)
    extra = capacity("other", capacity=30.0) if measure.kind == "capacity" else None
    question = perfect(case, with_=[outage("other")] if extra else ())
    shared = Variations(question)
    told = shared.answer((extra,) if extra else (measure,))
    assert shared.reused == 0
    (reason,) = shared.anew
    assert why in reason
    fresh = answer(perfect(case, with_=(extra,) if extra else (measure,)))
    if "cut" not in why:
        assert told.objective == pytest.approx(fresh.objective)


def test_another_matrix_is_refused():
    one, other = (build_network(two_ways(), (), perfect(two_ways()).periods) for _ in range(2))
    program = spatial_equilibrium(one)
    again = revised(program, one, other)
    assert np.array_equal(again.upper, program.upper)
    assert np.array_equal(again.row_upper, program.row_upper)
    lossy = two_ways(links=[{"id": "a", "from": "s", "to": "e", "capacity": 6, "resource_cost": 1, "loss": 0.1}])
    with pytest.raises(ShapeError):
        revised(program, one, build_network(lossy, (), perfect(lossy).periods))


def test_columns_behind_a_shut_one_are_zero():
    """s to m to e, one way: shutting the second leg leaves nothing to the first, but not where m has a market."""
    links = [{"id": f"{a}{b}", "from": a, "to": b, "capacity": 5, "resource_cost": 1} for a, b in ("sm", "me")]
    nodes = [{"id": "s", "country": "KAZ"}, {"id": "m", "country": "RUS"}, {"id": "e", "country": "CHN"}]
    market = {"quantity": 10, "price": 40, "elasticity_short": -0.5}
    for markets, first in ((["e"], 0.0), (["e", "m"], 5.0)):
        case = two_ways(nodes=nodes, links=links, demand=[{"id": f"at_{n}", "node": n, **market} for n in markets])
        net = build_network(case, (), perfect(case).periods)
        program = spatial_equilibrium(net)
        flow = program.column_block("flow")
        shut = np.zeros(len(program.cost), dtype=bool)
        shut[flow.start + 1] = True
        assert Zeros(program).following(shut)[flow.start] == (first == 0.0)
