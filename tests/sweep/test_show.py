"""What a sweep says: spreads and tornados against hand-worked answers."""

import numpy as np
import pytest
from sweep.swept import design

from corridor.sweep.sample import points
from corridor.sweep.show import _bars, first_order, spread_of


def linear(method, **keys):
    """Bars of y = 3 a - 2 b + 0 c; where a factor is as in the case it counts as one half."""
    places = points(design(method=method, **keys), 3)[1:]
    value = np.where(np.isnan(places), 0.5, places) @ np.array([3.0, -2.0, 0.0])
    return [bar.value for bar in _bars(method, ["a", "b", "c"], places, value)]


def test_one_at_a_time():
    assert linear("one_at_a_time") == pytest.approx([3, -2, 0])


def test_full_factorial():
    assert linear("full_factorial", levels=3) == pytest.approx([3, -2, 0])


def test_morris():
    assert linear("morris", size=5) == pytest.approx([3, 2, 0])


def test_rank_correlation():
    a, b, c = linear("latin_hypercube", size=4000)
    # Of a sum of independent parts, Pearson's is 3 / sqrt(13) and 2 / sqrt(13); ranks come close to it.
    assert a == pytest.approx(3 / 13**0.5, abs=0.05)
    assert b == pytest.approx(-2 / 13**0.5, abs=0.05)
    assert abs(c) < 0.1


def test_first_order_sobol_of_the_ishigami_function():
    """Ishigami and Homma 1990 with a = 7, b = 0.1: 0.3139, 0.4424 and 0 in closed form."""
    places = points(design(method="sobol", size=4096), 3)[1:]
    x = np.pi * (2 * places - 1)
    value = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    found = [first_order(places[:, n], value) for n in range(3)]
    assert found == pytest.approx([0.3139, 0.4424, 0.0], abs=0.02)


@pytest.mark.parametrize(
    ("what", "own", "ends", "rule", "holds"),
    [
        ("share", 0.6, {}, "above one half", 2),
        ("share", 0.4, {}, "at most one half", 2),
        ("share", 0.6, {"above": 0.55, "below": 0.8}, "above 0.55 and below 0.8", 1),
        ("output_lost", 1.0, {}, "a loss, at least half as large", 2),
        ("gains", -0.1, {}, "less, at least half as large", 0),
        ("rerouted", 0.0, {}, "none", 0),
    ],
)
def test_holding(what, own, ends, rule, holds):
    value = np.array([0.2, 0.45, 0.75, 0.9, np.nan])
    told = spread_of("q", "base", "", own, value, what, **ends)
    assert (told.rule, told.holds, told.count, told.failed) == (rule, holds, 4, 1)
    assert (told.low, told.high) == (0.2, 0.9)
