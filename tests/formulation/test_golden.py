"""Golden LP files: one tiny case per constraint, derived by hand in the comment that opens the file.

To change one on purpose, change the derivation first; the program's own text is what `write_lp(program_of(name), path)`
writes.
"""

import inspect
import re
from pathlib import Path

import highspy
import numpy as np
import pytest
from formulation.golden_cases import CARRIED, GOLDEN, program_of

from corridor.formulation import CONSTRAINTS
from corridor.formulation.assemble import Assembly
from corridor.formulation.columns import market_columns
from corridor.solver import solve_program, write_lp

FOLDER = Path(__file__).parent / "golden"
NAMES = tuple(constraint.__name__ for constraint in CONSTRAINTS)


def kept(name):
    return (FOLDER / f"{name}.lp").read_text(encoding="utf-8")


def derived_optimum(name):
    (told,) = re.findall(r"^\\ optimum: (\S+)$", kept(name), flags=re.M)
    return float(told)


def test_every_constraint_has_a_golden_file():
    assert {path.stem for path in FOLDER.glob("*.lp")} == set(GOLDEN)
    assert set(NAMES) <= set(GOLDEN), "a new constraint needs a case in golden_cases.py and a file in golden/"


@pytest.mark.parametrize("name", GOLDEN)
def test_the_program_is_the_one_that_was_derived(name, tmp_path):
    write_lp(program_of(name), tmp_path / "now.lp")
    text = "".join(line for line in kept(name).splitlines(keepends=True) if not line.startswith("\\"))
    assert (tmp_path / "now.lp").read_text(encoding="utf-8") == text


@pytest.mark.parametrize("name", GOLDEN)
def test_a_person_can_read_it(name):
    comment = [line for line in kept(name).splitlines() if line.startswith("\\")]
    assert len(comment) >= 4
    assert len(kept(name).splitlines()) <= 40


@pytest.mark.parametrize("name", GOLDEN)
def test_the_solver_reads_the_file_back_to_the_optimum_found_by_hand(name):
    solver = highspy.Highs()
    solver.silent()
    assert solver.readModel(str(FOLDER / f"{name}.lp")) == highspy.HighsStatus.kOk
    solver.run()
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    assert solver.getInfo().objective_function_value == pytest.approx(derived_optimum(name), abs=1e-6)
    assert solve_program(program_of(name)).objective == pytest.approx(derived_optimum(name), abs=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_the_file_of_a_constraint_has_its_rows(name):
    """A file that its constraint leaves untouched would prove nothing of it."""
    net = GOLDEN[name]()
    carried = np.full(net.links.capacity.shape, CARRIED[name]) if name in CARRIED else None
    at = Assembly()
    columns = market_columns(net, at, carried)
    for constraint in CONSTRAINTS:
        before = sum(block.size for block in at.rows)
        constraint(net, at, columns)
        if constraint.__name__ == name:
            assert sum(block.size for block in at.rows) > before


@pytest.mark.parametrize("constraint", CONSTRAINTS, ids=NAMES)
def test_a_constraint_says_its_equation(constraint):
    assert re.search(r"<=|>=|=", inspect.getdoc(constraint) or "")
