"""Which solver for which program, and no answer without its certificate."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Literal

from corridor.errors import CertificateError, CorridorError, ProgramError
from corridor.program import Program, Solution
from corridor.solver import clarabel, highs, piqp, vertex
from corridor.solver.certificate import certify
from corridor.solver.failure import InfeasibleProgram, SolverFailure
from corridor.solver.infeasibility import is_feasible
from corridor.solver.normal import check
from corridor.solver.width import widest_level

__all__ = ["LARGE_COLUMNS", "SMALL_COLUMNS", "SolverName", "passed", "solve_for_value", "solve_program"]

SolverName = Literal["auto", "highs", "piqp", "clarabel", "piqp_vertex", "piqp_interior"]

_log = logging.getLogger("corridor.solver")

_Engine = Callable[[Program], Solution]
_ENGINES: dict[str, _Engine] = {
    "highs": highs.solve,
    "piqp": piqp.solve,
    "clarabel": clarabel.solve,
    "piqp_vertex": vertex.solve,
    "piqp_interior": partial(piqp.solve, polished=False),
}

# Below, simplex takes milliseconds. Above, PIQP's factor may fill in (it can't be interrupted): a look at the rows tells.
SMALL_COLUMNS = 2_000
LARGE_COLUMNS = 100_000
WIDE = 2_500
"""Rows in the widest level from which PIQP's factor takes minutes. Measured: M 499, XL1 1,866 (10 s); L 5,046 (not in 240 s)."""


def solve_program(program: Program, solver: SolverName = "auto") -> Solution:
    """Solve a program; the answer has passed its certificate.

    "auto" chooses by structure: linear programs by HiGHS, from medium size on by PIQP and a guessed basis, and by an
    interior point of HiGHS (HiPO where it is installed, else IPX) where they are large and entangled, as by stores over
    many periods; quadratic ones by PIQP; whole-number ones by HiGHS. A solver that fails, or whose answer doesn't pass, is
    followed by the next.

    Raises `InfeasibleProgram`, `SolverFailure` (its `status` says unbounded, limit or error), or `CertificateError`
    where no solver's answer passes.
    """
    if solver != "auto":
        if solver not in _ENGINES:
            raise ProgramError(f"no solver {solver!r}; there are auto, {', '.join(_ENGINES)}")
        return _certified(program, _ENGINES[solver](program))
    return _first_that_passes(program, _candidates(program))


def solve_for_value(program: Program) -> Solution:
    """Solve a continuous program of which only the optimal cost matters, so that no vertex is needed."""
    candidates = _candidates(program)
    if vertex.solve in candidates:
        candidates = (piqp.solve, *candidates)
    return _first_that_passes(program, candidates)


def _first_that_passes(program: Program, engines: tuple[_Engine, ...]) -> Solution:
    check(program)
    trouble: CorridorError = SolverFailure("no solver takes this program", "error")
    for engine in engines:
        try:
            return _certified(program, engine(program))
        except (SolverFailure, CertificateError) as error:
            _log.info("%s; trying the next solver", error)
            if isinstance(error, InfeasibleProgram) and not is_feasible(program):
                raise
            trouble = error
    raise trouble


def _candidates(program: Program) -> tuple[_Engine, ...]:
    """Solvers to try, in order."""
    columns = len(program.cost)
    if program.integer is not None and program.integer.any():
        return (highs.solve,)
    if program.is_quadratic:
        # HiGHS's active set needs minutes on a large program
        return (piqp.solve, clarabel.solve, highs.solve) if columns <= SMALL_COLUMNS else (piqp.solve, clarabel.solve)
    if columns <= SMALL_COLUMNS:
        return highs.solve, clarabel.solve
    if program.integer is None and (columns <= LARGE_COLUMNS or widest_level(program.matrix) <= WIDE):
        return vertex.solve, highs.solve
    interior = partial(highs.solve, method="ipx")
    hipo = (partial(highs.solve, method="hipo"),) if highs.has_hipo() else ()
    return (*hipo, interior, highs.solve)


def _certified(program: Program, solution: Solution) -> Solution:
    passed(program, solution)
    return solution


def passed(program: Program, solution: Solution) -> float:
    """The largest relative error of a solution's optimality conditions; raises `CertificateError` where it is too large."""
    certificate = certify(program, solution)
    if not certificate.passed:
        raise CertificateError(f"the answer of {solution.solver} ({solution.method}) is refused: {certificate}")
    return certificate.worst
