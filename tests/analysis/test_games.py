"""Games with known answers, and laws that every game obeys."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.analysis.games import core_is_empty, nucleolus, sampled_shapley, shapley, worst_clash
from corridor.errors import QuestionError


def table(players, value):
    """The table of a function of sets of player numbers."""
    return np.array([value({i for i in range(players) if s >> i & 1}) for s in range(1 << players)], dtype=float)


# Littlechild and Owen, "A simple expression for the Shapley value in a special case", Management Science 20(3), 1973: the
# cost of a coalition is the largest need in it. The needs and values of 20 players are those of a public test class.
NEEDS = [0, 1, 1, 2, 2, 3, 4, 4, 4, 4, 5, 5, 5, 6, 6, 7, 7, 7, 8, 8]
PRINTED = [
    0.0, 0.052631578947, 0.052631578947, 0.111455108359, 0.111455108359, 0.178121775026, 0.249550346454, 0.249550346454,
    0.249550346454, 0.249550346454, 0.349550346454, 0.349550346454, 0.349550346454, 0.492407489312, 0.492407489312,
    0.692407489312, 0.692407489312, 0.692407489312, 1.192407489312, 1.192407489312,
]  # fmt: skip


def airport():
    v = np.zeros(1 << len(NEEDS))
    for i, need in enumerate(NEEDS):  # needs rise, so the last player in a coalition has the largest
        v[1 << i : 2 << i] = need
    return v


def test_airport_game_of_20():
    assert shapley(airport()) == pytest.approx(PRINTED, abs=1e-9)


def test_airport_game_by_chance():
    v = airport()
    value, error = sampled_shapley(lambda s: float(v[s]), 20, orders=400)
    assert value.sum() == pytest.approx(8)
    assert np.all(np.abs(value - PRINTED) <= 4 * error + 1e-12)
    assert error.max() < 0.15


def gloves():
    """One left glove (player 0), two right ones: a pair is worth 1. A textbook game."""
    return table(3, lambda s: float(0 in s and bool(s & {1, 2})))


def test_glove_game():
    v = gloves()
    assert shapley(v) == pytest.approx([2 / 3, 1 / 6, 1 / 6], abs=1e-12)
    # The core is the single division that gives the rare glove everything; the nucleolus lies in the core.
    assert not core_is_empty(v)
    assert nucleolus(v) == pytest.approx([1, 0, 0], abs=1e-9)


def test_majority_of_three_has_no_core():
    v = table(3, lambda s: float(len(s) >= 2))
    assert core_is_empty(v)
    assert worst_clash(v) is None
    assert nucleolus(v) == pytest.approx([1 / 3] * 3, abs=1e-9)


def estate(sum_left, claims):
    """What others' claims leave of an estate (O'Neill 1982)."""
    total = sum(claims)
    return table(len(claims), lambda s: max(0.0, sum_left - (total - sum(claims[i] for i in s))))


@pytest.mark.parametrize(("left", "division"), [(100, [100 / 3] * 3), (200, [50, 75, 75]), (300, [50, 100, 150])])
def test_nucleolus_of_the_estates_in_the_talmud(left, division):
    """Aumann and Maschler, Journal of Economic Theory 36 (1985): claims of 100, 200 and 300."""
    assert nucleolus(estate(left, [100, 200, 300])) == pytest.approx(division, abs=1e-7)


def test_players_that_lose_together_are_found():
    v = np.array([0.0, 3, 2, 4])
    clash = worst_clash(v)
    assert clash is not None
    assert (clash.one, clash.other, clash.loss) == (1, 2, 1.0)
    with pytest.raises(QuestionError, match="nucleolus is withheld"):
        nucleolus(v)


def test_what_is_no_game_is_refused():
    with pytest.raises(QuestionError, match="2\\^n"):
        shapley(np.zeros(3))
    with pytest.raises(QuestionError, match="empty"):
        shapley(np.ones(4))
    with pytest.raises(QuestionError, match="too many"):
        worst_clash(np.zeros(1 << 17))


@st.composite
def games(draw):
    n = draw(st.integers(2, 5))
    numbers = st.floats(-100, 100, allow_nan=False).map(lambda x: round(x, 3))
    return np.array([0.0, *draw(st.lists(numbers, min_size=(1 << n) - 1, max_size=(1 << n) - 1))])


@given(games())
def test_shapley_shares_out_all_there_is(v):
    assert shapley(v).sum() == pytest.approx(v[-1], abs=1e-9)


@given(games())
def test_equals_get_the_same(v):
    """Made equal by exchanging players 0 and 1 in half of the game."""
    every = np.arange(len(v))
    swapped = (every & ~3) | ((every & 1) << 1) | ((every & 2) >> 1)
    value = shapley(v + v[swapped])
    assert value[0] == pytest.approx(value[1], abs=1e-9)


@given(games(), st.floats(-10, 10))
def test_who_adds_nothing_but_his_own_gets_his_own(v, own):
    bigger = np.concatenate([v, v + own])
    assert shapley(bigger) == pytest.approx([*shapley(v), own], abs=1e-9)


@given(games())
def test_nucleolus_of_a_superadditive_game_is_in_its_core_where_there_is_one(v):
    v = superadditive(v)
    members = (np.arange(len(v))[:, None] >> np.arange(len(v).bit_length() - 1)) & 1
    x = nucleolus(v)
    assert worst_clash(v) is None
    assert x.sum() == pytest.approx(v[-1], abs=1e-6)
    assert np.all(x >= v[1 << np.arange(len(x))] - 1e-5)
    assert core_is_empty(v) == bool((members @ x < v - 1e-4).any())


def superadditive(v):
    """The least superadditive game above a game: what a coalition makes when it splits as it likes best."""
    best = v.copy()
    for s in range(1, len(v)):
        part = (s - 1) & s
        while part:
            best[s] = max(best[s], best[part] + best[s ^ part])
            part = (part - 1) & s
    return best


@given(games(), st.floats(0.1, 1000), st.lists(st.floats(-50, 50), min_size=5, max_size=5))
def test_nucleolus_follows_a_change_of_money_and_of_what_each_has(v, scale, own):
    v = superadditive(v)
    n = len(v).bit_length() - 1
    members = (np.arange(len(v))[:, None] >> np.arange(n)) & 1
    shifted = scale * v + members @ np.array(own[:n])
    assert nucleolus(shifted) == pytest.approx(scale * nucleolus(v) + np.array(own[:n]), abs=1e-4 * scale)
