"""Points of each method, by what defines it."""

import numpy as np
import pytest
from sweep.swept import design

from corridor.errors import QuestionError
from corridor.sweep.sample import points


def drawn(n, **keys):
    found = points(design(**keys), n)
    assert np.isnan(found[0]).all()  # the case as it is
    return found[1:]


def test_one_at_a_time():
    found = drawn(3, method="one_at_a_time")
    nan = np.nan
    expected = [[0, nan, nan], [1, nan, nan], [nan, 0, nan], [nan, 1, nan], [nan, nan, 0], [nan, nan, 1]]
    np.testing.assert_array_equal(found, expected)


def test_full_factorial():
    found = drawn(3, method="full_factorial", levels=3)
    assert len(np.unique(found, axis=0)) == 27
    assert set(found.ravel()) == {0.0, 0.5, 1.0}
    with pytest.raises(QuestionError, match=r"2 levels of 30 factors are 2\^30 variations"):
        drawn(30, method="full_factorial")


def test_latin_hypercube_has_one_in_each_stratum():
    found = drawn(5, method="latin_hypercube", size=40)
    strata = np.sort(np.floor(found * 40), axis=0)
    np.testing.assert_array_equal(strata, np.tile(np.arange(40)[:, None], 5))


def test_sobol_is_balanced():
    found = drawn(4, method="sobol", size=64)
    for column in found.T:  # every elementary interval of 1/64 holds one point
        assert sorted(np.floor(column * 64)) == list(range(64))


def test_morris_moves_one_factor_at_a_time():
    found = drawn(4, method="morris", size=6).reshape(6, 5, 4)
    steps = np.diff(found, axis=1)
    assert ((steps != 0).sum(axis=2) == 1).all()
    assert ((steps != 0).sum(axis=1) == 1).all()  # and each factor once in a walk
    np.testing.assert_allclose(np.abs(steps).max(axis=2), 2 / 3)  # 4 levels: 4 / (2 * 3)
    assert found.min() >= 0.0
    assert found.max() <= 1.0


@pytest.mark.parametrize("method", ["latin_hypercube", "sobol", "morris"])
def test_seeded(method):
    one, again, other = (drawn(3, method=method, size=8, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)
