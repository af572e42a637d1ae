"""Programs on one matrix: what is found from the first optimum is what a fresh solve finds."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_matrix
from solver.programs import INF, program, transport

from corridor.errors import ProgramError
from corridor.solver import InfeasibleProgram, RepeatedProgram, WarmProgram, solve_closed, solve_program


def closed(p, columns):
    upper = p.upper.copy()
    upper[columns] = 0.0
    return replace(p, upper=upper)


@pytest.mark.parametrize("size", [(6, 10, 12), (4, 50, 45)], ids=["simplex", "guessed basis"])
def test_closures_are_as_solved_alone_whoever_solves_them(size):
    p = transport(*size)
    links = size[1] * size[2]
    base = solve_program(p, "highs")
    # From links that carry nothing to those that carry most.
    order = np.argsort(base.primal[:links])
    sets = [order[i : i + 3] for i in np.linspace(0, links - 3, 20).astype(int)]
    total = csr_matrix(np.ones((1, len(p.cost))))
    one = solve_closed(p, sets, total)
    # Backwards, so that every solve has other neighbours, and on two threads.
    two = solve_closed(p, sets[::-1], total, workers=2)
    assert_array_equal(one.objective, two.objective[::-1])
    assert_array_equal(one.values, two.values[::-1])
    fresh = [solve_program(closed(p, chosen), "highs") for chosen in sets]
    assert_allclose(one.objective, [s.objective for s in fresh], rtol=1e-12)
    assert one.worst.max() < 1e-9
    assert one.unchanged.any()
    assert not one.unchanged.all()
    assert_allclose(one.objective[one.unchanged], base.objective, rtol=1e-12)


def test_unique_prices_and_flows_are_those_of_a_fresh_solve():
    p = program([1, 2, 5], [[1, 1, 1]], 4, 4, 0, [3, 9, 9])
    warm = WarmProgram(p)
    answer = warm.solve_as(closed(p, [0]))
    assert_allclose(answer.solution.primal, [0, 4, 0])
    assert_allclose(answer.solution.row_dual, [2])
    assert not answer.unchanged
    assert warm.solve_as(closed(p, [2])).unchanged


def test_a_closure_without_an_answer_says_why_and_stops_no_other():
    p = program([1, 2], [[1, 1]], 4, 4, 0, [3, 4])
    found = solve_closed(p, [np.array([1]), np.array([0])])
    assert np.isnan(found.objective[0])
    assert "nfeasible" in found.why[0]
    assert found.objective[1] == pytest.approx(8)
    assert found.why[1] == ""


def test_costs_and_rows_may_change_too():
    p = program([1, 2], [[1, 1]], 4, INF, 0, [3, INF])
    warm = WarmProgram(p)
    dear = warm.solve_as(replace(p, cost=np.array([3.0, 2.0])))
    assert_allclose(dear.solution.primal, [0, 4])
    more = warm.solve_as(replace(p, row_lower=np.array([6.0]), row_upper=np.array([6.0])))
    assert more.solution.objective == pytest.approx(9)
    # The costs of the first program are back.
    assert warm.solve_as(p).solution.objective == pytest.approx(5)
    with pytest.raises(InfeasibleProgram):
        warm.solve_as(replace(p, upper=np.array([1.0, 1.0])))
    with pytest.raises(ProgramError, match="same matrix"):
        warm.solve_as(program([1, 2], [[1, 1]], 4, INF, 0, [3, INF]))


def test_a_quadratic_program_kept_in_place_answers_as_fresh_ones():
    p = transport(6, 10, 12, elastic=True)
    kept = RepeatedProgram(p)
    base = solve_program(p)
    order = np.argsort(base.primal[:120])
    for chosen in (order[:3], order[-3:], order[60:70], np.zeros(0, int)):
        changed = closed(p, chosen)
        answer = kept.solve_as(changed)
        assert answer.solution.objective == pytest.approx(solve_program(changed).objective, rel=1e-8)
        assert answer.worst < 1e-7
    # Another curvature, and columns that stood still and now may move, are solved from the start.
    steeper = replace(p, quadratic=2 * p.quadratic)
    assert kept.solve_as(steeper).solution.objective == pytest.approx(solve_program(steeper).objective, rel=1e-8)
    shut = RepeatedProgram(replace(p, upper=np.where(np.arange(len(p.cost)) < 5, 0.0, p.upper)))
    assert shut.solve_as(p).solution.objective == pytest.approx(base.objective, rel=1e-8)


def test_closures_of_a_quadratic_program():
    p = transport(3, 5, 6, elastic=True)
    sets = [np.array([i]) for i in range(6)]
    found = solve_closed(p, sets)
    fresh = [solve_program(closed(p, chosen)).objective for chosen in sets]
    assert_allclose(found.objective, fresh, rtol=1e-8)
    assert found.worst.max() < 1e-7
