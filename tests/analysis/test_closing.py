"""Closed links on one linear program: each as `solve` answers it alone."""

import importlib.util
import sys
from pathlib import Path

import pytest
from numpy.testing import assert_allclose

from corridor.analysis import close_links, close_unions
from corridor.errors import QuestionError
from corridor.network import closure
from corridor.study import answer, ask
from corridor.variations import Variations

_spec = importlib.util.spec_from_file_location("instances", Path(__file__).parents[2] / "benchmarks" / "instances.py")
assert _spec is not None
assert _spec.loader is not None
instances = importlib.util.module_from_spec(_spec)
sys.modules["instances"] = instances
_spec.loader.exec_module(instances)

NETWORK = instances.generate(instances.Size(30, 2, 1, 5, 0.5))
SETS = (("a0",), ("a3",), ("a7", "a20"), ("a11",), ("a40", "a41", "a42"), ("a55",))


@pytest.fixture(scope="module")
def base():
    case = instances.case_of(NETWORK, "fixed")
    return answer(ask(case, formulation="min_cost_flow"))


def test_each_is_as_solve_answers_it(base):
    found = close_links(base, SETS, workers=2)
    for i, links in enumerate(SETS):
        alone = answer(ask(base.case, formulation="min_cost_flow", with_=tuple(closure(link) for link in links)))
        assert found.objective[i] == pytest.approx(alone.objective, rel=1e-10)
        served = [
            alone.network.years[0] * alone.reading.demand[0, alone.network.demands.good == good].sum()
            for good in range(2)
        ]
        assert_allclose(found.delivered[i], served, rtol=1e-9)
    assert_allclose(found.loss, base.objective - found.objective, atol=1e-6)
    assert found.worst.max() < 1e-9
    assert found.unchanged.any()
    assert (found.loss > 1).any()


def test_unions_are_as_their_sets_whoever_solves_them(base):
    groups = SETS[:5]
    alone, shared = close_unions(base, groups), close_unions(base, groups, workers=2)
    each = close_links(base, alone.closures)
    assert alone.closures[0] == ()
    assert alone.closures[0b101] == ("a0", "a7", "a20")
    assert_allclose(alone.objective, each.objective, rtol=1e-10)
    assert_allclose(alone.delivered, each.delivered, rtol=1e-9)
    assert alone.objective.tolist() == shared.objective.tolist()
    assert alone.worst.max() < 1e-9


def test_unions_need_a_linear_program_and_few_groups(base):
    curved = answer(ask(instances.case_of(NETWORK, "elastic")))
    with pytest.raises(QuestionError, match="min_cost_flow"):
        close_unions(curved, SETS)
    with pytest.raises(QuestionError, match="at most 20"):
        close_unions(base, [("a0",)] * 21)


def test_variations_of_a_linear_program_are_warm(base):
    shared = Variations(base.question, tuple(closure(link) for chosen in SETS for link in chosen))
    found = [shared.answer(tuple(closure(link) for link in links)).objective for links in SETS]
    assert not shared.anew
    assert_allclose(found, close_links(base, SETS).objective, rtol=1e-10)


def test_what_cannot_be_asked_is_refused(base):
    with pytest.raises(QuestionError, match="no link nowhere"):
        close_links(base, [("nowhere",)])


def test_curves_are_solved_too():
    elastic = answer(ask(instances.case_of(NETWORK, "elastic")))
    found = close_links(elastic, SETS[:2], workers=2)
    for objective, links in zip(found.objective, SETS, strict=False):
        alone = answer(ask(elastic.case, with_=tuple(closure(link) for link in links)))
        assert objective == pytest.approx(alone.objective, rel=1e-7)
