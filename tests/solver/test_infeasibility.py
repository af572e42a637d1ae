"""Why nothing holds: by how much rows must give way, and what clashes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from solver.programs import INF, planted, program

from corridor.errors import ProgramError
from corridor.solver import (
    InfeasibleProgram,
    irreducible_conflict,
    is_feasible,
    relax,
    smallest_relaxation,
    solve_program,
)

# An agreement wants 10 through a pipe (a) of 7; a second pipe (b) of 5 doesn't count for it. Demand is 4.
PIPES = program([1, 2], [[1, 0], [1, 1], [0, 1]], [10, 4, -INF], [INF, INF, 3], 0, [7, 5])


def test_feasible_or_not():
    assert not is_feasible(PIPES)
    assert is_feasible(replace(PIPES, row_lower=np.array([7.0, 4.0, -INF])))
    assert is_feasible(planted(0, quadratic=True).program)


def test_feasible_asks_for_whole_numbers():
    p = program([1.0], [[2.0]], 1, 1, 0, 9)
    assert is_feasible(p)
    assert not is_feasible(replace(p, integer=np.array([True])))


def test_the_agreement_misses_three():
    gap = smallest_relaxation(PIPES, np.array([0, 1, 2]), np.ones(3))
    np.testing.assert_allclose(gap, [3, 0, 0], atol=1e-9)


def test_the_cheaper_row_gives_way_and_the_sign_says_which_side():
    # x >= 10 and x <= 6 as rows: 4 apart.
    p = program([1.0], [[1.0], [1.0]], [10, -INF], [INF, 6])
    rows = np.array([0, 1])
    np.testing.assert_allclose(smallest_relaxation(p, rows, np.array([1.0, 2.0])), [4, 0], atol=1e-9)
    np.testing.assert_allclose(smallest_relaxation(p, rows, np.array([2.0, 1.0])), [0, -4], atol=1e-9)


def test_an_equality_gives_way_on_both_sides():
    p = program([1.0, 1.0], [[1.0, 0.0], [0.0, 1.0]], [5, 1], [5, 1], [0, 2], [3, 4])
    np.testing.assert_allclose(smallest_relaxation(p, np.array([0, 1]), np.ones(2)), [2, -1], atol=1e-9)


def test_relaxing_the_wrong_row_is_not_enough():
    with pytest.raises(InfeasibleProgram):
        smallest_relaxation(PIPES, np.array([1]), np.ones(1))


def test_the_relaxed_program_has_labels_and_the_old_optimum_where_nothing_needs_to_give():
    p = program([1, 2], [[1, 1], [1, -1]], [4, -2], [INF, 2], 0, [3, INF])
    elastic, short, over = relax(p, np.array([0, 1]), np.array([50.0, 50.0]))
    assert [elastic.column_label(j) for j in range(2, 5)] == ["short(r(0))", "short(r(1))", "over(r(1))"]
    assert (short.size, over.size) == (2, 1)
    assert solve_program(elastic).objective == pytest.approx(solve_program(p).objective)


def test_weights_must_be_positive():
    with pytest.raises(ProgramError, match="positive weight"):
        relax(PIPES, np.array([0]), np.array([0.0]))


def test_the_conflict_is_the_agreement_and_the_limit_of_its_pipe():
    conflict = irreducible_conflict(PIPES, np.arange(3), np.arange(2))
    assert conflict.rows.tolist() == [0]
    assert conflict.upper_bounds.tolist() == [0]
    assert conflict.lower_bounds.tolist() == []


def test_among_rows_only_the_conflict_is_the_agreement():
    conflict = irreducible_conflict(PIPES, np.arange(3), np.array([], dtype=np.int64))
    assert conflict.rows.tolist() == [0]
    assert not len(conflict.upper_bounds)


@pytest.mark.parametrize("seed", range(8))
def test_a_conflict_is_infeasible_and_each_member_is_needed(seed):
    rng = np.random.default_rng(seed)
    p = planted(seed, quadratic=False).program
    # one row asked for more than its columns can give, where they are all bounded
    p = replace(p, lower=np.maximum(p.lower, -6.0), upper=np.minimum(p.upper, 6.0))
    row = int(rng.integers(len(p.row_lower)))
    most = float((abs(p.matrix) @ np.full(len(p.cost), 6.0))[row])
    low, high = p.row_lower.copy(), p.row_upper.copy()
    low[row], high[row] = most + 1.0, INF
    p = replace(p, row_lower=low, row_upper=high)
    conflict = irreducible_conflict(p, np.arange(len(low)), np.arange(len(p.cost)))

    def only(rows, lowers, uppers):
        keep = [np.isin(np.arange(n), k) for n, k in ((len(low), rows), (len(p.cost), lowers), (len(p.cost), uppers))]
        return replace(
            p,
            row_lower=np.where(keep[0], low, -INF),
            row_upper=np.where(keep[0], high, INF),
            lower=np.where(keep[1], p.lower, -INF),
            upper=np.where(keep[2], p.upper, INF),
        )

    parts = [conflict.rows, conflict.lower_bounds, conflict.upper_bounds]
    assert not is_feasible(only(*parts))
    for k, part in enumerate(parts):
        for member in part:
            fewer = [*parts]
            fewer[k] = part[part != member]
            assert is_feasible(only(*fewer))


def test_nothing_clashes_in_a_feasible_program():
    with pytest.raises(ProgramError, match="nothing clashes"):
        irreducible_conflict(planted(0, quadratic=False).program, np.arange(3), np.arange(3))


def test_candidates_that_do_not_explain_it():
    with pytest.raises(InfeasibleProgram, match="without any of the candidates"):
        irreducible_conflict(PIPES, np.array([1, 2]), np.array([1]))
