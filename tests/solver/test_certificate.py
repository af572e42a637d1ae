"""Each condition of the certificate has an answer that breaks it, and it alone where that is possible."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from solver.programs import INF, planted, program

from corridor.program import Solution
from corridor.solver import THRESHOLDS, Thresholds, at_most, certify, solve_program

# min x + 2y + z^2/2 - 3z, x + y - z >= 1, x <= 2.5, x, y, z >= 0, worked by hand: at price p of the row z = 3 - p, and
# y = 0 while p < 2. With x at its limit, z = 1.5 and p = 1.5, so x would gain 0.5 and y lose 0.5 from one unit more.
P = program([1, 2, -3], [[1, 1, -1]], 1, INF, 0, [2.5, INF, INF], [0, 0, 1])


@pytest.fixture(scope="module")
def optimum():
    return Solution(
        primal=np.array([2.5, 0.0, 1.5]),
        row_dual=np.array([1.5]),
        column_dual=np.array([-0.5, 0.5, 0.0]),
        objective=2.5 - 4.5 + 1.125,
        solver="hand",
        method="",
        seconds=0.0,
    )


def broken(solution, **changes):
    return certify(P, replace(solution, **changes)).failures


def test_the_optimum_passes_and_solvers_find_it(optimum):
    certificate = certify(P, optimum)
    assert certificate.passed
    assert certificate.worst < 1e-15
    assert certificate.cost == certificate.dual_cost == pytest.approx(-0.875)
    np.testing.assert_allclose(solve_program(P).primal, optimum.primal, atol=1e-9)
    assert str(certificate).startswith("passed: imbalance")


@pytest.mark.parametrize(
    ("residual", "words"),
    [(0.0, "1e-12"), (-3e-17, "1e-12"), (1e-12, "1e-12"), (7.2e-12, "8e-12"), (-9.7e-9, "1e-08"), (2e-7, "2e-07")],
)
def test_a_residual_in_words_is_rounded_up_and_the_same_on_every_machine(residual, words):
    assert at_most(residual) == words


def test_imbalance(optimum):
    # The second column lowered below what the row needs: only the row sees it, since its bound is the same distance.
    x = np.array([2.5, 0.0, 1.5])
    p = replace(P, row_lower=np.array([1.1]))
    certificate = certify(p, replace(optimum, primal=x))
    assert "imbalance" in certificate.failures
    assert certificate.imbalance_absolute == pytest.approx(0.1)
    assert certificate.imbalance == pytest.approx(0.1 / 2.5)


def test_bound_violation(optimum):
    failures = broken(optimum, primal=np.array([2.6, -0.1, 1.5]))
    assert "bound_violation" in failures
    assert "imbalance" not in failures


def test_stationarity(optimum):
    # A price that is wrong by 0.1 and nothing that answers for it
    failures = broken(optimum, row_dual=np.array([1.6]))
    assert "stationarity" in failures
    assert "dual_infeasibility" not in failures


def test_dual_infeasibility(optimum):
    # The signs of the row's dual turned round; column duals made to fit, so that stationarity holds.
    y = np.array([-1.5])
    z = P.cost + P.quadratic * optimum.primal - P.matrix.T @ y
    failures = broken(optimum, row_dual=y, column_dual=z)
    assert "dual_infeasibility" in failures
    assert "stationarity" not in failures


def test_dual_infeasibility_of_a_free_column():
    p = program([1.0], [[1.0]], 2, INF, -INF, INF)
    right = Solution(np.array([2.0]), np.array([1.0]), np.array([0.0]), 2.0, "hand", "", 0.0)
    assert certify(p, right).passed
    assert (
        "dual_infeasibility"
        in certify(p, replace(right, row_dual=np.array([0.5]), column_dual=np.array([0.5]))).failures
    )


def test_complementarity(optimum):
    # Feasible and stationary, but the row is slack and still has a price.
    x = np.array([2.5, 0.2, 1.5])
    certificate = certify(P, replace(optimum, primal=x, objective=P.objective(x)))
    assert set(certificate.failures) == {"complementarity", "gap"}


def test_gap(optimum):
    # Everything right but the cost that is claimed.
    assert broken(optimum, objective=optimum.objective - 0.01) == ("gap",)


def test_integrality():
    p = program([1.0], [[1.0]], 1.5, INF, 0, 9, integer=[True])
    half = Solution(np.array([1.5]), np.array([1.0]), np.array([0.0]), 1.5, "hand", "", 0.0)
    assert "integrality" in certify(p, half).failures
    # With the column whole the row is slack, its price nil, and the column's own dual has either sign.
    whole = Solution(np.array([2.0]), np.array([0.0]), np.array([1.0]), 2.0, "hand", "", 0.0)
    assert certify(p, whole).passed


@pytest.mark.parametrize("part", ["primal", "row_dual", "column_dual", "objective"])
def test_not_a_number_never_passes(optimum, part):
    value = getattr(optimum, part)
    spoilt = np.nan if part == "objective" else np.full_like(value, np.nan)
    assert not certify(P, replace(optimum, **{part: spoilt})).passed


def test_nothing_delivered_is_no_small_error():
    """With all flows zero there is no largest flow to be relative to: what is missing is the measure then."""
    p = program([1.0], [[1.0]], 1e-9, INF)
    idle = Solution(np.zeros(1), np.ones(1), np.zeros(1), 0.0, "hand", "", 0.0)
    assert certify(p, idle).imbalance == 1.0


@pytest.mark.parametrize("seed", range(30))
def test_a_planted_optimum_passes_and_a_spoilt_one_does_not(seed):
    known = planted(seed, quadratic=bool(seed % 2))
    p = known.program
    right = Solution(known.x, known.y, known.z, p.objective(known.x), "planted", "", 0.0)
    assert certify(p, right).worst < 1e-12
    rng = np.random.default_rng(seed)
    for name in ("primal", "row_dual", "column_dual"):
        value = getattr(right, name).copy()
        value[rng.integers(len(value))] += 0.01
        spoilt = replace(right, **{name: value})
        spoilt = replace(spoilt, objective=p.objective(spoilt.primal))
        certificate = certify(p, spoilt)
        # A move of one coordinate can stay optimal only where nothing holds it: then stationarity must still be exact.
        if certificate.passed:
            assert name == "primal"
            assert p.objective(spoilt.primal) == pytest.approx(p.objective(known.x), abs=1e-9)


def test_thresholds_are_an_argument(optimum):
    near = replace(optimum, objective=optimum.objective + 1e-4)
    assert not certify(P, near, THRESHOLDS).passed
    assert certify(P, near, Thresholds(gap=1e-3)).passed
