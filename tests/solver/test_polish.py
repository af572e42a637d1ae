"""Polishing makes an interior point exact, and copes where prices or flows are not unique."""

from __future__ import annotations

import numpy as np
import pytest
from solver.programs import INF, planted, program, transport

from corridor.program import Solution
from corridor.solver import certify, clarabel, piqp
from corridor.solver.normal import normalise
from corridor.solver.polish import polish


def worst(p, x, y):
    z = p.cost + p.quadratic * x - p.matrix.T @ y
    return certify(p, Solution(x, y, z, p.objective(x), "", "", 0.0)).worst


@pytest.mark.parametrize("engine", [piqp, clarabel])
@pytest.mark.parametrize("seed", range(25))
def test_polishing_gets_to_rounding_error_on_degenerate_programs(engine, seed):
    p = normalise(planted(seed, quadratic=seed % 3 > 0, degenerate=0.5).program, drop_fixed=True).program
    x, y = engine.interior_point(p)
    before, after = worst(p, x, y), worst(p, *polish(p, x, y))
    assert after <= before
    assert after < 1e-9


def test_a_rough_point_becomes_exact():
    p = normalise(transport(2, elastic=True), drop_fixed=True).program
    x, y = polish(p, *piqp.interior_point(p))
    rng = np.random.default_rng(0)
    rough = x * (1 + 1e-4 * rng.standard_normal(len(x))), y * (1 + 1e-4 * rng.standard_normal(len(y)))
    assert worst(p, *rough) > 1e-5
    again = polish(p, *rough)
    assert worst(p, *again) < 1e-13
    np.testing.assert_allclose(again[1], y, atol=1e-10)


def test_what_is_not_unique_stays_where_it_was():
    # Two equal routes, 10 to carry: the interior point splits them, and polishing has no reason to choose.
    p = program([1, 1], [[1, 1]], 10, INF, 0, 8)
    x, y = polish(p, np.array([4.0 + 1e-7, 6.0]), np.array([1.0 - 1e-7]))
    np.testing.assert_allclose(x, [4, 6], atol=1e-6)
    np.testing.assert_allclose(x.sum(), 10, atol=1e-13)
    np.testing.assert_allclose(y, [1], atol=1e-13)


def test_a_point_far_from_the_optimum_is_never_made_worse():
    p = planted(3, quadratic=True).program
    rng = np.random.default_rng(1)
    for _ in range(20):
        x, y = 5 * rng.standard_normal(len(p.cost)), 5 * rng.standard_normal(len(p.row_lower))
        assert worst(p, *polish(p, x, y)) <= worst(p, x, y)
