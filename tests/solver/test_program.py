"""Labels, shapes, and columns that are held still."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from solver.programs import INF, planted, program, transport

from corridor.errors import ProgramError
from corridor.program import Block, substitute
from corridor.solver import InfeasibleProgram, certify, solve_program


def test_labels_name_the_member_by_its_keys():
    block = Block(
        "flow",
        3,
        (np.array([0, 0, 1]), np.array([1, 0, 1])),
        (("2024_01", "2024_02"), ("cpc", "btc")),
    )
    assert [block.label(i) for i in (3, 4, 5)] == ["flow(2024_01,btc)", "flow(2024_01,cpc)", "flow(2024_02,btc)"]
    assert (block.size, block.stop, block.span) == (3, 6, slice(3, 6))
    assert Block("none", 2, (), ()).size == 0


def test_blocks_are_found_by_name_and_a_missing_one_is_named():
    p = program([1, 1], [[1, 1]], 0, 1)
    assert p.column_block("x").stop == 2
    assert p.row_block("r").label(0) == "r(0)"
    assert (p.column_label(1), p.row_label(0), p.column_label(7)) == ("x(b)", "r(0)", "#7")
    with pytest.raises(ProgramError, match="no column block 'y'; there are x"):
        p.column_block("y")
    with pytest.raises(ProgramError, match="no row block 'y'; there are r"):
        p.row_block("y")


@pytest.mark.parametrize("name", ["cost", "quadratic", "lower", "upper", "row_lower", "row_upper"])
def test_arrays_of_the_wrong_length_are_refused(name):
    p = program([1, 1], [[1, 1]], 0, 1)
    with pytest.raises(ProgramError, match=name):
        replace(p, **{name: np.zeros(5)})


def test_the_cost_of_a_point():
    p = program([1, -2], [[1, 1]], 0, 9, q=[0, 4], constant=10)
    assert p.objective(np.array([3.0, 2.0])) == 10 + 3 - 4 + 8
    assert p.is_quadratic
    assert not replace(p, quadratic=np.zeros(2)).is_quadratic


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("quadratic", [False, True])
def test_columns_held_at_their_optimum_give_the_same_answer(seed, quadratic):
    """Fix a third of the columns at the optimum: the expanded answer costs the same, and its bounds hold the rest."""
    known = planted(seed, quadratic=quadratic)
    p = known.program
    full = solve_program(p)
    rng = np.random.default_rng(seed)
    is_fixed = rng.random(len(p.cost)) < 0.3
    reduced = substitute(p, is_fixed, full.primal)
    assert reduced.program.matrix.shape == (len(reduced.kept_rows), (~is_fixed).sum())
    back = reduced.expand(solve_program(reduced.program), p)
    assert back.objective == pytest.approx(full.objective, rel=1e-9, abs=1e-8)
    # The full program with these columns fixed is what has been solved.
    pinned = replace(p, lower=np.where(is_fixed, full.primal, p.lower), upper=np.where(is_fixed, full.primal, p.upper))
    assert certify(pinned, back).worst < 1e-8
    assert_allclose(back.primal[is_fixed], full.primal[is_fixed])


def test_the_reduced_cost_of_a_held_column_is_the_slope_of_the_cost():
    p = transport(2, elastic=True)
    column = 0
    is_fixed = np.zeros(len(p.cost), dtype=bool)
    is_fixed[column] = True

    def cost(value):
        reduced = substitute(p, is_fixed, np.full(len(p.cost), value))
        return reduced.expand(solve_program(reduced.program), p)

    middle, step = cost(2.0), 1e-4
    slope = (cost(2.0 + step).objective - cost(2.0 - step).objective) / (2 * step)
    assert middle.column_dual[column] == pytest.approx(slope, abs=1e-5)


def test_rows_that_only_held_columns_enter_are_dropped():
    p = program([1, 1, 1], [[1, 0, 0], [1, 1, 0], [0, 1, 1]], [2, 3, 1], INF)
    reduced = substitute(p, np.array([True, False, False]), np.array([2.0, 9.0, 9.0]))
    assert reduced.kept_rows.tolist() == [1, 2]
    assert_allclose(reduced.program.row_lower, [1, 1])
    assert reduced.program.constant == 2


@pytest.mark.parametrize("solver", ["highs", "piqp", "clarabel"])
def test_a_row_of_fixed_columns_that_does_not_hold_is_not_dropped(solver):
    # x0 is held at 0, and its row wants 3.
    p = program([1, 1], [[1, 0], [0, 1]], [3, 1], INF, 0, [0, 4])
    reduced = substitute(p, p.lower == p.upper, p.lower)
    assert reduced.kept_rows.tolist() == [0, 1]
    with pytest.raises(InfeasibleProgram):
        solve_program(reduced.program, solver)
