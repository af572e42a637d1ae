"""How far a quantity moves among optima and near-optima."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csc_matrix, vstack
from solver.programs import INF, planted, program, transport

from corridor.errors import ProgramError
from corridor.solver import dual_direction, near_optimal_range, optimal_face_range, ratio_range, solve_program

# 10 to carry over two routes of equal cost, of capacity 8 and 7, and a third that costs 1 more.
ROUTES = program([5, 5, 6], [[1, 1, 1]], 10, 10, 0, [8, 7, INF])
A, B, C = np.eye(3)


def test_two_equal_routes_are_not_unique():
    s = solve_program(ROUTES)
    assert optimal_face_range(ROUTES, s, A) == pytest.approx((3, 8), abs=1e-6)
    assert optimal_face_range(ROUTES, s, A + B) == pytest.approx((10, 10), abs=1e-6)
    assert optimal_face_range(ROUTES, s, C) == pytest.approx((0, 0), abs=1e-6)


def test_near_optimal_adds_what_the_slack_buys():
    s = solve_program(ROUTES)
    # 0.5 buys half a unit of the dear route
    assert near_optimal_range(ROUTES, s, C, 0.5) == pytest.approx((0, 0.5), abs=1e-7)
    assert near_optimal_range(ROUTES, s, A, 0.5) == pytest.approx((2.5, 8), abs=1e-7)


def test_a_range_without_end():
    p = program([1, 0], [[1, 0]], 1, INF)
    s = solve_program(p)
    assert optimal_face_range(p, s, B[:2])[1] == INF
    assert near_optimal_range(p, s, B[:2], 0.1)[1] == INF


def test_with_a_curved_cost_the_optimum_is_one_point_and_the_near_optimum_an_interval():
    # min x^2/2 + y^2/2, x + y = 10: x = y = 5. Cost rises by d^2 at x = 5 + d, so a slack of 0.25 buys d = 0.5.
    p = program([0, 0], [[1, 1]], 10, 10, -INF, INF, 1.0)
    s = solve_program(p)
    low, high = optimal_face_range(p, s, B[:2])
    assert low == pytest.approx(5, abs=1e-6)
    assert high == pytest.approx(5, abs=1e-6)
    assert near_optimal_range(p, s, B[:2], 0.25) == pytest.approx((4.5, 5.5), abs=1e-6)


def test_curved_and_straight_together():
    # Two equal routes feed one curved demand: min 2a + 2b + z^2/2 - 12z, a + b = z: z = 10; a between 10 - 7 and 8.
    p = program([2, 2, -12], [[1, 1, -1]], 0, 0, 0, [8, 7, INF], [0, 0, 1])
    s = solve_program(p)
    assert optimal_face_range(p, s, A) == pytest.approx((3, 8), abs=1e-6)
    assert optimal_face_range(p, s, C) == pytest.approx((10, 10), abs=1e-6)
    # A slack of 0.5 buys z = 9 to 11: (z - 10)^2 / 2 <= 0.5
    assert near_optimal_range(p, s, C, 0.5) == pytest.approx((9, 11), abs=1e-5)
    assert near_optimal_range(p, s, A, 0.5) == pytest.approx((2, 8), abs=1e-5)


def test_ranges_of_a_program_of_medium_size_are_those_of_simplex():
    p = transport(1, 45, 45)
    s = solve_program(p)
    assert s.method == "piqp_vertex"
    direction = (np.arange(len(p.cost)) % 7 == 0).astype(float)
    slack = 1e-3 * s.objective
    cost_row = replace(
        p,
        matrix=csc_matrix(vstack([p.matrix, csc_matrix(p.cost[None])])),
        row_lower=np.append(p.row_lower, -INF),
        row_upper=np.append(p.row_upper, s.objective + slack),
    )
    expected = tuple(
        sign * solve_program(replace(cost_row, cost=sign * direction), "highs").objective for sign in (1, -1)
    )
    assert near_optimal_range(p, s, direction, slack) == pytest.approx(expected, rel=1e-9)


def test_fixed_columns_take_part():
    p = program([2, 2, -12], [[1, 1, -1]], 0, 0, [0, 4, 0], [8, 4, INF], [0, 0, 1])
    s = solve_program(p)
    assert near_optimal_range(p, s, C, 0.5) == pytest.approx((9, 11), abs=1e-5)
    assert near_optimal_range(p, s, B, 0.5) == pytest.approx((4, 4), abs=1e-9)


@pytest.mark.parametrize("elastic", [False, True])
def test_the_optimum_is_inside_and_the_range_grows_with_the_slack(elastic):
    p = transport(4, elastic=elastic)
    s = solve_program(p)
    rng = np.random.default_rng(0)
    money = abs(s.objective)
    for _ in range(4):
        direction = (rng.random(len(p.cost)) < 0.2).astype(float)
        value = direction @ s.primal
        narrow = near_optimal_range(p, s, direction, 1e-4 * money)
        wide = near_optimal_range(p, s, direction, 1e-3 * money)
        assert wide[0] - 1e-6 <= narrow[0] <= value + 1e-6
        assert value - 1e-6 <= narrow[1] <= wide[1] + 1e-6


@pytest.mark.parametrize("seed", range(6))
def test_the_face_of_a_planted_program_has_both_optima(seed):
    """The planted optimum and the solver's are both optimal, so each direction's range covers both."""
    known = planted(seed, quadratic=seed % 2 == 1)
    s = solve_program(known.program)
    rng = np.random.default_rng(seed)
    for _ in range(4):
        direction = rng.standard_normal(len(known.x))
        low, high = optimal_face_range(known.program, s, direction)
        for x in (known.x, s.primal):
            assert low - 1e-6 <= direction @ x <= high + 1e-6


def test_the_range_of_a_share():
    s = solve_program(ROUTES)
    # The share of the first route at optimal cost (nearly): 3/10 to 8/10.
    assert ratio_range(ROUTES, s, A, A + B + C, 1e-7) == pytest.approx((0.3, 0.8), abs=1e-6)


def test_the_share_where_the_total_moves_too():
    # Brute force: all z from 9 to 11 (slack (z - 10)^2 / 2), the first route between z - 7 and 8.
    p = program([2, 2, -12], [[1, 1, -1]], 0, 0, 0, [8, 7, INF], [0, 0, 1])
    s = solve_program(p)
    z = np.linspace(9, 11, 2001)
    expected = ((z - 7) / z).min(), (np.minimum(8, z) / z).max()
    assert ratio_range(p, s, A, C, 0.5) == pytest.approx(expected, abs=1e-5)


def test_a_share_of_what_may_be_nothing_is_refused():
    s = solve_program(ROUTES)
    with pytest.raises(ProgramError, match="denominator can fall to"):
        ratio_range(ROUTES, s, A, C, 0.5)


def test_a_slack_must_be_positive():
    with pytest.raises(ProgramError, match="slack"):
        near_optimal_range(ROUTES, solve_program(ROUTES), A, 0.0)


def test_whole_numbers_are_held_loose_in_no_range_wider_than_the_linear_one():
    p = replace(ROUTES, integer=np.array([True, False, False]))
    assert near_optimal_range(p, solve_program(p), A, 0.5) == pytest.approx((2.5, 8), abs=1e-7)


def test_duals_of_two_limits_on_one_flow_move_against_each_other():
    """x at most 1, told twice, earns 2 a unit: the two duals add up to -2 and nothing says how they share it."""
    twice = program([-2, 0], [[1, 0], [1, 0], [1, 1]], [-INF, -INF, 5], [1, 1, 5], 0, INF)
    direction = dual_direction(twice, solve_program(twice))
    assert direction is not None
    assert np.abs(direction).max() == 1
    assert direction @ np.array([1, 1, 0]) == pytest.approx(0, abs=1e-9)
    assert direction[2] == 0


def test_duals_of_one_limit_are_unique():
    once = program([-2, 0], [[1, 0], [1, 1]], [-INF, 5], [1, 5], 0, INF)
    assert dual_direction(once, solve_program(once)) is None
