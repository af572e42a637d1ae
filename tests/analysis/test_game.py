"""Games whose answers are in every textbook, and laws of what is found."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.analysis.game import dominated, first_move, mixed_equilibria, pure_equilibria, undominated

TIE = 1e-9


def both(*rows):
    """Two payoff arrays from rows of pairs."""
    table = np.array(rows, dtype=float)
    return table[:, :, 0], table[:, :, 1]


DILEMMA = both([(-1, -1), (-3, 0)], [(0, -3), (-2, -2)])
CHICKEN = both([(0, 0), (-1, 1)], [(1, -1), (-9, -9)])
PENNIES = both([(1, -1), (-1, 1)], [(-1, 1), (1, -1)])


def test_the_prisoners_dilemma():
    assert pure_equilibria(*DILEMMA, TIE) == [(1, 1)]
    assert dominated(DILEMMA[0], TIE) == [(1, True), None]
    assert undominated(*DILEMMA, TIE) == ([1], [1])


def test_in_chicken_who_moves_first_wins():
    assert pure_equilibria(*CHICKEN, TIE) == [(0, 1), (1, 0)]
    assert first_move(*CHICKEN, TIE) == (1, 0)


def test_matching_pennies_has_only_a_mixed_equilibrium():
    assert pure_equilibria(*PENNIES, TIE) == []
    (found,) = mixed_equilibria(*PENNIES, TIE)
    assert found.first == pytest.approx((0.5, 0.5))
    assert found.second == pytest.approx((0.5, 0.5))
    assert found.payoffs == pytest.approx((0, 0), abs=1e-12)


def test_rock_paper_scissors_mixes_three():
    first = np.array([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]])
    (found,) = mixed_equilibria(first, -first, TIE)
    assert found.first == pytest.approx((1 / 3, 1 / 3, 1 / 3))


def test_ties_are_ties():
    assert pure_equilibria(*both([(0, 0), (0, 0)], [(0, 1e-12), (0, 0)]), TIE) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert first_move(*both([(0, 0), (0, 0)], [(0, 0), (0, 0)]), TIE) == (0, 0)


def test_a_leader_counts_on_the_worse_of_two_answers_that_tie():
    first, second = both([(5, 1), (-5, 1)], [(1, 0), (2, 1)])
    assert first_move(first, second, TIE) == (1, 1)


payoffs = st.lists(
    st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=3, max_size=3), min_size=2, max_size=4
)


@given(payoffs)
def test_nobody_gains_by_leaving_what_is_found(rows):
    first, second = both(*rows)
    for i, j in pure_equilibria(first, second, TIE):
        assert first[i, j] >= first[:, j].max() - TIE
        assert second[i, j] >= second[i].max() - TIE
    for found in mixed_equilibria(first, second, TIE):
        x, y = np.array(found.first), np.array(found.second)
        assert (x.sum(), y.sum()) == (pytest.approx(1), pytest.approx(1))
        assert (first @ y).max() <= found.payoffs[0] + 1e-6
        assert (x @ second).max() <= found.payoffs[1] + 1e-6


@given(payoffs)
def test_what_is_struck_out_is_in_no_equilibrium(rows):
    first, second = both(*rows)
    left, right = undominated(first, second, TIE)
    assert all(i in left and j in right for i, j in pure_equilibria(first, second, TIE))
