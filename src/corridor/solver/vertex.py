"""An exact vertex of a linear program, sooner than by simplex alone: PIQP, a guess of the basis, primal simplex.

The interior point tells of most columns and rows whether they end at a bound; simplex needs only correct the rest
(crossover as a warm start: Bixby and Saltzman 1994).
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from corridor.errors import ProgramError
from corridor.solver import highs, piqp
from corridor.solver.normal import normalise
from corridor.solver.polish import binding

if TYPE_CHECKING:
    from corridor.program import Program, Solution

__all__ = ["solve"]


def solve(program: Program) -> Solution:
    """Solve a linear program with continuous columns. Raises `SolverFailure` where there is no optimum."""
    if program.is_quadratic or program.integer is not None:
        raise ProgramError("a vertex is looked for only in a linear program without whole-number columns")
    started = time.perf_counter()
    form = normalise(program, drop_fixed=True)
    columns, rows = binding(form.program, *piqp.interior_point(form.program))
    x, y = highs.solve_from_basis(form.program, columns, rows)
    return form.restore(x, y, solver="highs", method="piqp_vertex", seconds=time.perf_counter() - started)
