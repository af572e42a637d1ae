"""A vertex from a guessed basis, with rows that wait outside; and how entangled a program's rows are."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csc_matrix

from corridor.program import Program
from corridor.solver import SolverFailure, certify, choose, highs, solve_program, vertex
from corridor.solver.width import widest_level

NO_GUESS = (np.array([-1, -1], np.int8), np.zeros(2, np.int8))


def program(cost, rows, upper, *, cap=np.inf):
    return Program(
        cost=np.array(cost, float),
        quadratic=np.zeros(len(cost)),
        lower=np.zeros(len(cost)),
        upper=np.full(len(cost), cap),
        matrix=csc_matrix(np.array(rows, float)),
        row_lower=np.full(len(rows), -np.inf),
        row_upper=np.array(upper, float),
        columns=(),
        rows=(),
    )


# Maximise 2 a + b with a + b <= 4 and a <= 3: (3, 1), prices of the rows 1 and 1.
CORNER = program([-2, -1], [[1, 1], [1, 0]], [4, 3])


@pytest.mark.parametrize("needed", [[True, True], [True, False]])
def test_a_row_left_out_comes_back_where_it_is_broken(needed):
    x, y = highs.solve_from_basis(CORNER, *NO_GUESS, np.array(needed))
    np.testing.assert_allclose(x, [3, 1])
    np.testing.assert_allclose(y, [-1, -1])


@pytest.mark.parametrize("needed", [[False, True], [False, False]])
def test_where_the_rest_has_no_optimum_all_rows_are_taken(needed):
    x, _ = highs.solve_from_basis(CORNER, *NO_GUESS, np.array(needed))
    np.testing.assert_allclose(x, [3, 1])


def test_a_loose_row_has_no_price():
    x, y = highs.solve_from_basis(replace(CORNER, row_upper=np.array([4.0, 9.0])), *NO_GUESS, np.array([True, False]))
    np.testing.assert_allclose(x, [4, 0])
    np.testing.assert_allclose(y, [-2, 0])


def test_infeasible_without_the_rows_left_out_is_infeasible():
    impossible = replace(CORNER, row_upper=np.array([-1.0, 3.0]))
    with pytest.raises(SolverFailure) as failed:
        highs.solve_from_basis(impossible, *NO_GUESS, np.array([True, False]))
    assert failed.value.status == "infeasible"


def random_program(seed, n=40, m=60):
    draw = np.random.default_rng(seed)
    rows = draw.uniform(0, 1, (m, n)) * (draw.random((m, n)) < 0.2)
    return program(-draw.uniform(1, 2, n), rows, draw.uniform(1, 40, m), cap=3.0)


@pytest.mark.parametrize("seed", range(8))
def test_the_vertex_is_the_optimum_of_simplex(seed):
    made = random_program(seed)
    found = vertex.solve(made)
    assert certify(made, found).passed
    assert found.objective == pytest.approx(highs.solve(made).objective, rel=1e-12)


def entangled(edges, nodes):
    """A matrix with a row for each node and a column for each edge."""
    ends = np.array(edges)
    at = ends.ravel(), np.repeat(np.arange(len(ends)), 2)
    return csc_matrix((np.tile([-1.0, 1.0], len(ends)), at), shape=(nodes, len(ends)))


def test_a_chain_is_one_row_wide():
    assert widest_level(entangled([(i, i + 1) for i in range(50)], 51)) == 1


def test_a_star_is_all_its_ends_wide():
    # Walks begin at the hub and then at one of its ends, from which all others are two steps away.
    assert widest_level(entangled([(0, i) for i in range(1, 30)], 30)) == 28


@pytest.mark.parametrize(("long", "short"), [(30, 4), (20, 10)])
def test_a_grid_is_as_wide_as_its_short_side(long, short):
    across = [(i * short + j, i * short + j + 1) for i in range(long) for j in range(short - 1)]
    along = [(i * short + j, (i + 1) * short + j) for i in range(long - 1) for j in range(short)]
    assert widest_level(entangled(across + along, long * short)) == short


def test_nothing_is_entangled_in_an_empty_matrix():
    assert widest_level(csc_matrix((3, 2))) == 1


def methods(columns, wide, monkeypatch):
    """The first choice for a program with room for some entries, under limits made small."""
    monkeypatch.setattr(choose, "SMALL_COLUMNS", 10)
    monkeypatch.setattr(choose, "LARGE_COLUMNS", columns)
    monkeypatch.setattr(choose, "WIDE", wide)
    return solve_program(random_program(0)).method


def test_large_programs_go_to_the_interior_point_only_where_they_are_wide(monkeypatch):
    assert methods(100, 5, monkeypatch) == "piqp_vertex"
    assert methods(20, 100, monkeypatch) == "piqp_vertex"
    assert methods(20, 5, monkeypatch) in ("hipo", "ipx")
