"""What is HiGHS's own: a quiet standard output, threads, a program kept warm."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from solver.programs import INF, program, transport

from corridor.errors import ProgramError
from corridor.solver import InfeasibleProgram, WarmProgram, certify, highs, solve_program

_QUIET = """
import os, sys
print("before")
import numpy as np
from scipy.sparse import csc_matrix
from corridor.program import Program
from corridor.solver import solve_program
p = Program(np.ones(1), np.zeros(1), np.zeros(1), np.full(1, 9.0), csc_matrix([[1.0]]), np.ones(1), np.full(1, np.inf), (), ())
print(solve_program(p, "highs").objective)
print(solve_program(p, "highs").objective)
"""


def test_standard_output_belongs_to_the_caller():
    done = subprocess.run([sys.executable, "-c", _QUIET], capture_output=True, text=True, check=True)
    assert done.stdout == "before\n1.0\n1.0\n"
    assert done.stderr == ""


_NEIGHBOUR = """
import highspy
own = highspy.Highs()
own.setOptionValue("output_flag", False)
own.addVar(0, 1)
own.run()
"""


def test_a_program_that_runs_highs_itself_with_other_threads_is_no_obstacle():
    done = subprocess.run([sys.executable, "-c", _NEIGHBOUR + _QUIET], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("before\n1.0\n1.0\n")


def test_a_closed_standard_output_is_no_obstacle():
    code = _QUIET.replace('print("before")', "os.close(1)").replace("print(", "str(") + "\nos.write(2, b'done')"
    done = subprocess.run([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True, check=False)
    assert "done" in done.stderr


def test_threads_get_the_same_answers():
    programs = [transport(seed) for seed in range(8)]
    alone = [solve_program(p, "highs").objective for p in programs]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda p: solve_program(p, "highs").objective, programs))
    assert together == alone


def test_the_interior_point_method_ends_in_a_vertex():
    p = transport(2)
    s = highs.solve(p, method="ipx")
    assert s.method == "ipx"
    assert s.objective == pytest.approx(highs.solve(p).objective, rel=1e-12)
    assert certify(p, s).worst < 1e-9


def test_a_warm_program_gives_what_a_fresh_one_gives():
    p = transport(6, 10, 12)
    warm = WarmProgram(p)
    base = warm.solve()
    assert base.objective == pytest.approx(solve_program(p, "highs").objective, rel=1e-12)
    links = np.flatnonzero(base.primal[:120] > 1)[:6]
    for link in links:
        one = np.array([link])
        warm.set_column_bounds(one, np.zeros(1), np.zeros(1))
        closed = warm.solve()
        upper = p.upper.copy()
        upper[link] = 0.0
        fresh = replace(p, upper=upper)
        assert closed.objective == pytest.approx(solve_program(fresh, "highs").objective, rel=1e-12)
        assert certify(fresh, closed).worst < 1e-9
        warm.set_column_bounds(one, p.lower[one], p.upper[one])
    assert warm.solve().objective == pytest.approx(base.objective, rel=1e-12)


def test_a_warm_program_takes_new_costs_and_row_bounds():
    warm = WarmProgram(program([1, 2], [[1, 1]], 4, INF, 0, [3, INF]))
    assert warm.solve().objective == pytest.approx(5)
    warm.set_cost(np.array([3.0, 2.0]))
    dear = warm.solve()
    assert dear.objective == pytest.approx(8)
    assert_allclose(dear.primal, [0, 4])
    warm.set_row_bounds(np.array([0]), np.array([6.0]), np.array([6.0]))
    more = warm.solve()
    assert more.objective == pytest.approx(12)
    assert_allclose(more.column_dual, [1, 0])
    warm.set_column_bounds(np.array([1]), np.zeros(1), np.ones(1))
    with pytest.raises(InfeasibleProgram):
        warm.solve()
    warm.set_column_bounds(np.array([1]), np.zeros(1), np.full(1, INF))
    assert warm.solve().objective == pytest.approx(12)


def test_only_linear_programs_are_kept_warm():
    with pytest.raises(ProgramError, match="kept warm"):
        WarmProgram(transport(1, elastic=True))
