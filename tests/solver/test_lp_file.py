"""The LP file is readable, stable, and read back it is the same program."""

from __future__ import annotations

import highspy
import numpy as np
import pytest
from numpy.testing import assert_allclose
from solver.programs import INF, planted, program, transport

from corridor.errors import ProgramError
from corridor.program import Block
from corridor.solver import lp_text, solve_program, write_lp


def read_back(path):
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    assert highs.readModel(str(path)) == highspy.HighsStatus.kOk
    highs.run()
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return highs


@pytest.fixture(autouse=True)
def _quiet(capfd):
    """The first instance of HiGHS in a process prints a banner: not this room's doing here."""


def test_the_text_by_hand():
    p = program(
        [3, -0.5, 0],
        [[1, -1, 0], [1, 1, 0.25], [0, 0, 0]],
        [-5, 0, 0],
        [8, 0, INF],
        [0, -INF, 2],
        [3, INF, 2],
        [2, 0, 0],
        constant=7,
    )
    assert lp_text(p) == (
        "minimize\n"
        " cost: +3 x(a) -0.5 x(b) + [ +2 x(a) ^2 ] / 2 +7\n"
        "subject to\n"
        " r(0).lower: +1 x(a) -1 x(b) >= -5\n"
        " r(0).upper: +1 x(a) -1 x(b) <= 8\n"
        " r(1): +1 x(a) +1 x(b) +0.25 x(c) = 0\n"
        " r(2): +0 x(a) >= 0\n"
        "bounds\n"
        " 0 <= x(a) <= 3\n"
        " x(b) free\n"
        " x(c) = 2\n"
        "end\n"
    )


@pytest.mark.parametrize("seed", range(6))
def test_highs_reads_it_and_finds_the_same_optimum(seed, tmp_path):
    p = planted(seed, quadratic=False).program
    write_lp(p, tmp_path / "p.lp")
    assert read_back(tmp_path / "p.lp").getInfo().objective_function_value == pytest.approx(
        solve_program(p).objective, rel=1e-9, abs=1e-7
    )
    assert [f.name for f in tmp_path.iterdir()] == ["p.lp"]


def test_a_quadratic_program_read_back(tmp_path):
    p = transport(1, 3, 4, elastic=True)
    write_lp(p, tmp_path / "p.lp")
    highs = read_back(tmp_path / "p.lp")
    assert highs.getInfo().objective_function_value == pytest.approx(solve_program(p).objective, rel=1e-7)


def test_whole_numbers_and_every_coefficient_come_back(tmp_path):
    p = program([1 / 3, 1e-7], [[np.pi, 1e9]], 1, INF, 0, [9, 1e20], integer=[True, False])
    write_lp(p, tmp_path / "p.lp")
    lp = read_back(tmp_path / "p.lp").getLp()
    assert lp.col_names_ == ["x(a)", "x(b)"]
    assert_allclose(lp.col_cost_, p.cost, rtol=0)
    assert_allclose(lp.a_matrix_.value_, p.matrix.data, rtol=0)
    assert lp.integrality_[0] == highspy.HighsVarType.kInteger
    assert lp.integrality_[1] == highspy.HighsVarType.kContinuous


def test_a_name_that_the_format_cannot_hold_is_refused():
    p = program([1.0], [[1.0]], 1, INF, names=["a b"])
    with pytest.raises(ProgramError, match="'x\\(a b\\)' is no name"):
        lp_text(p)


def test_members_that_share_a_name_are_refused():
    with pytest.raises(ProgramError, match=r"two members .* 'x\(a\)'"):
        lp_text(program([1.0, 1.0], [[1.0, 1.0]], 1, INF, names=["a", "a"]))


def test_unlabelled_members_still_have_names():
    p = program([1.0], [[1.0]], 1, INF)
    bare = type(p)(**{**vars(p), "columns": (), "rows": (Block("r", 0, (np.array([0]),), (("k",),)),)})
    assert " r(k): +1 #0 >= 1" in lp_text(bare)
