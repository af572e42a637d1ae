"""HiGHS (Huangfu and Hall 2018): linear programs, whole-number programs, and convex quadratic ones where asked.

HiGHS already gives duals as d cost / d bound, the convention of `corridor.program`.
"""

from __future__ import annotations

import ctypes
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Literal

import highspy
import numpy as np

from corridor.errors import ProgramError
from corridor.program import Solution
from corridor.solver.certificate import certify
from corridor.solver.failure import FailureStatus, InfeasibleProgram, SolverFailure, failure
from corridor.solver.normal import normalise
from corridor.solver.polish import Signs, polish

if TYPE_CHECKING:
    from corridor.program import Bools, Floats, Program

__all__ = ["Method", "basis_of", "has_hipo", "loaded", "primal_and_dual", "solve", "solve_from_basis"]

Method = Literal["simplex", "ipx", "hipo"]

_STATUS = highspy.HighsModelStatus
_FAILURES: dict[highspy.HighsModelStatus, FailureStatus] = {
    _STATUS.kInfeasible: "infeasible",
    _STATUS.kUnbounded: "unbounded",
    _STATUS.kTimeLimit: "limit",
    _STATUS.kIterationLimit: "limit",
    _STATUS.kSolutionLimit: "limit",
    _STATUS.kMemoryLimit: "limit",
    _STATUS.kInterrupt: "limit",
}
_OPTIMAL = (_STATUS.kOptimal, _STATUS.kModelEmpty)

_DEVEX = 1
_BROKEN = 1e-9
"""A row left out is broken where it is missed by more, in numbers near one."""
_QP_CURVATURES = (1e-5, 1e-7, 1e-3)

_lock = threading.Lock()


def solve(program: Program, method: Method = "simplex") -> Solution:
    """Solve by simplex, or by interior point and crossover ("ipx"; "hipo", which needs what `has_hipo` looks for).

    With whole-number columns the duals are those of the linear program with these columns fixed at the optimum. A
    quadratic program is solved by HiGHS's active-set method whatever `method` says, and polished.
    Raises `SolverFailure` where there is no optimum.
    """
    started = time.perf_counter()
    form = normalise(program, drop_fixed=False)
    scaled = form.program
    if scaled.integer is not None and scaled.integer.any():
        if scaled.is_quadratic:
            raise ProgramError("HiGHS takes whole-number columns only with linear cost: make the cost piecewise linear")
        scaled = _fix_integers(scaled)
        name = "branch and bound"
    else:
        name = "active set" if scaled.is_quadratic else method
    if scaled.is_quadratic:
        x, y = _run_quadratic(scaled)
    else:
        highs = loaded(scaled)
        if highs.setOptionValue("solver", method) == highspy.HighsStatus.kError:
            raise failure("HiGHS", f"{method} is not installed", "error")
        x, y = primal_and_dual(highs)
    return form.restore(x, y, solver="highs", method=name, seconds=time.perf_counter() - started)


@cache
def has_hipo() -> bool:
    """Whether HiPO (Zanetti and Gondzio 2025), the interior point with a multifrontal factor, is installed.

    It comes with `highspy[extras]`, whose version must be that of highspy.
    """
    return bool(_new_highs().setOptionValue("solver", "hipo") != highspy.HighsStatus.kError)


def solve_from_basis(
    program: Program, columns: Signs, rows: Signs, needed: Bools | None = None
) -> tuple[Floats, Floats]:
    """Primal and row duals of a scaled linear program, by dual simplex from a guessed basis.

    `columns` and `rows` say -1 (at the lower bound), 0 (basic), 1 (at the upper bound). The guess may have too few or
    too many basic members, or be singular: HiGHS repairs it. A row that is not `needed` is left out until the optimum of
    the rest breaks it (Dantzig, Fulkerson and Johnson 1954): dual simplex goes on from there, and loose rows cost nothing.
    """
    needed = np.ones(len(rows), dtype=bool) if needed is None else needed
    kept = np.flatnonzero(needed)
    by_row = program.matrix.tocsr()
    part = program
    if len(kept) < len(rows):
        lower, upper = program.row_lower[kept], program.row_upper[kept]
        part = replace(program, matrix=by_row[kept].tocsc(), row_lower=lower, row_upper=upper)
    highs = loaded(part)
    highs.setOptionValue("solver", "simplex")
    # Dual steepest edge would first work out a weight for every row of the new basis; Devex starts from one.
    highs.setOptionValue("simplex_dual_edge_weight_strategy", _DEVEX)
    highs.setBasis(basis_of(columns, rows[kept]))
    while True:
        try:
            x, y = primal_and_dual(highs)
        except SolverFailure as failed:
            if len(kept) == len(rows) or failed.status == "infeasible":
                raise
            # A cost may fall for ever only because the row that would end it is left out.
            return solve_from_basis(program, columns, rows)
        activity = program.matrix @ x
        missed = np.maximum(program.row_lower - activity, activity - program.row_upper)
        missed[kept] = 0.0
        broken = np.flatnonzero(missed > _BROKEN)
        if not len(broken):
            dual = np.zeros(len(rows))
            dual[kept] = y
            return x, dual
        more = by_row[broken]
        lower, upper = program.row_lower[broken], program.row_upper[broken]
        highs.addRows(len(broken), lower, upper, more.nnz, more.indptr[:-1], more.indices, more.data)
        kept = np.concatenate([kept, broken])


def basis_of(columns: Signs, rows: Signs) -> highspy.HighsBasis:
    """A guessed basis as HiGHS takes it, which repairs what is wrong with it."""
    basis = highspy.HighsBasis()
    kind = {-1: highspy.HighsBasisStatus.kLower, 0: highspy.HighsBasisStatus.kBasic, 1: highspy.HighsBasisStatus.kUpper}
    basis.col_status = [kind[s] for s in columns.tolist()]
    basis.row_status = [kind[s] for s in rows.tolist()]
    basis.valid = True
    basis.alien = True
    return basis


def loaded(program: Program) -> highspy.Highs:
    """A quiet HiGHS instance that holds the program: one thread, fixed seed."""
    highs = _new_highs()
    rows, columns = program.matrix.shape
    matrix = program.matrix
    # highspy reads an empty integrality array past its end, so zeros are passed for continuous columns.
    integer = np.zeros(columns, np.int32) if program.integer is None else program.integer.astype(np.int32)
    status = highs.passModel(
        columns,
        rows,
        matrix.nnz,
        int(highspy.MatrixFormat.kColwise),
        int(highspy.ObjSense.kMinimize),
        program.constant,
        program.cost,
        program.lower,
        program.upper,
        program.row_lower,
        program.row_upper,
        matrix.indptr.astype(np.int32, copy=False),
        matrix.indices.astype(np.int32, copy=False),
        matrix.data.astype(np.float64, copy=False),
        integer,
    )
    if program.is_quadratic and status != highspy.HighsStatus.kError:
        curved = program.quadratic != 0
        start = np.concatenate([[0], np.cumsum(curved)]).astype(np.int32)
        status = highs.passHessian(
            columns,
            int(start[-1]),
            int(highspy.HessianFormat.kTriangular),
            start,
            np.flatnonzero(curved).astype(np.int32),
            program.quadratic[curved],
        )
    if status == highspy.HighsStatus.kError:
        raise ProgramError("HiGHS does not accept the program's arrays")
    return highs


def primal_and_dual(highs: highspy.Highs) -> tuple[Floats, Floats]:
    """Primal and row duals of the loaded program."""
    highs.run()
    status = highs.getModelStatus()
    if status == _STATUS.kNotset:
        # Someone else in this process has run HiGHS with another number of threads; its pool has to go first.
        highspy.Highs.resetGlobalScheduler(True)
        highs.run()
        status = highs.getModelStatus()
    if status == _STATUS.kUnboundedOrInfeasible:
        # Presolve saw a ray but not whether there is a feasible point; simplex without presolve tells.
        highs.setOptionValue("presolve", "off")
        highs.setOptionValue("solver", "simplex")
        highs.run()
        status = highs.getModelStatus()
    if status not in _OPTIMAL:
        raise failure("HiGHS", highs.modelStatusToString(status), _FAILURES.get(status, "error"))
    solution = highs.getSolution()
    return np.array(solution.col_value), np.array(solution.row_dual)


def _run_quadratic(program: Program) -> tuple[Floats, Floats]:
    """Primal and row duals by the active-set method, polished.

    The active set of HiGHS 1.16 cycles or calls a flat optimum unbounded where the cost is not strictly convex. Adding
    some curvature helps and polishing removes its bias, but no one size helps everywhere: the certificate decides.
    """
    trouble = failure("HiGHS", "no answer of its active set passes", "error")
    for curvature in _QP_CURVATURES:
        highs = loaded(program)
        highs.setOptionValue("qp_regularization_value", curvature)
        highs.setOptionValue("qp_iteration_limit", 1_000 + 20 * sum(program.matrix.shape))
        try:
            x, y = polish(program, *primal_and_dual(highs))
        except InfeasibleProgram:
            raise
        except SolverFailure as error:
            trouble = trouble if error.status == "unbounded" else error
            continue
        z = program.cost + program.quadratic * x - program.matrix.T @ y
        if certify(program, Solution(x, y, z, program.objective(x), "", "", 0.0)).passed:
            return x, y
    if _has_descending_ray(program):
        raise failure("HiGHS", "a ray of falling cost", "unbounded")
    raise trouble


def _has_descending_ray(program: Program) -> bool:
    """Whether the cost falls for ever along some direction d: Q d = 0, c'd < 0, and no bound or row ends it."""
    flat = program.quadratic == 0
    cone = replace(
        program,
        quadratic=np.zeros(len(program.cost)),
        constant=0.0,
        lower=np.where(np.isfinite(program.lower) | ~flat, 0.0, -1.0),
        upper=np.where(np.isfinite(program.upper) | ~flat, 0.0, 1.0),
        row_lower=np.where(np.isfinite(program.row_lower), 0.0, -np.inf),
        row_upper=np.where(np.isfinite(program.row_upper), 0.0, np.inf),
    )
    direction, _ = primal_and_dual(loaded(cone))
    return cone.objective(direction) < -1e-7


def _fix_integers(program: Program) -> Program:
    """The linear program in which the whole-number columns stand at their optimum, found by branch and bound."""
    highs = loaded(program)
    # HiGHS's own default stops at 1e-4 of the cost, far above what the certificate accepts elsewhere.
    highs.setOptionValue("mip_rel_gap", 1e-7)
    highs.setOptionValue("mip_abs_gap", 1e-9)
    x, _ = primal_and_dual(highs)
    whole = np.round(x)
    integer = np.zeros(len(x), dtype=bool) if program.integer is None else program.integer
    lower, upper = np.where(integer, whole, program.lower), np.where(integer, whole, program.upper)
    return replace(program, lower=lower, upper=upper, integer=None)


def _new_highs() -> highspy.Highs:
    with _lock, _stdout_to_null():
        highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("random_seed", 0)
    return highs


_banner_shown = threading.Event()


@contextmanager
def _stdout_to_null() -> Iterator[None]:
    """Send file descriptor 1 to the null device, the first time only.

    highspy 1.16 prints two lines when a process makes its first instance, before any option can silence it, and
    standard output belongs to `--json`.
    """
    if _banner_shown.is_set():
        yield
        return
    try:
        kept = os.dup(1)
    except OSError:
        # Standard output is closed: there is nothing to guard.
        yield
        return
    null = os.open(os.devnull, os.O_WRONLY)
    _flush_c_streams()
    os.dup2(null, 1)
    try:
        yield
    finally:
        _flush_c_streams()
        os.dup2(kept, 1)
        os.close(kept)
        os.close(null)
        _banner_shown.set()


def _flush_c_streams() -> None:
    """Write out what C's own standard output still holds, so that it lands on the side of the switch it belongs to."""
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).fflush(None)
