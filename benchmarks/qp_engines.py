"""Ways to solve a quadratic program again and again, on closures of S: qp_engines.py [N]; a line of JSON for each way.

All get the floor's arrays with elastic demand and the same N closures; the error is that of the objective against PIQP
polished. Times are of one processor and exclude what is done once (`first` tells it). What each can do without starting
anew: `piqp_fresh` nothing; `piqp_update` hands vectors to a kept solver; `piecewise` keeps a linear program in HiGHS, whose
pieces are narrowed around the last point until the proven bound is met; `proxqp` starts from the last optimum; `daqp` is a
dual active-set method on dense arrays.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from floor import floor_program
from instances import make
from peers import closures, shut
from scipy.sparse import csc_matrix, hstack

from corridor.program import Program
from corridor.solver import highs, piqp, solve_program
from corridor.solver.normal import diagonal
from corridor.solver.repeated import RepeatedProgram

if TYPE_CHECKING:
    from corridor.program import Floats

PIECES = 16
BOUND = 1e-6
"""Proven error of the piecewise route, relative to the objective."""
RIDGE = 1e-7
"""What the dense method adds to a flat direction, which it cannot do without."""


@dataclass(frozen=True)
class Way:
    """One way: made once from the program, then called with each changed program; gives the objective."""

    name: str
    make: Callable[[Program], Callable[[Program], float]]


def piqp_fresh(_: Program) -> Callable[[Program], float]:
    return lambda program: piqp.solve(program, polished=False).objective


def piqp_update(first: Program) -> Callable[[Program], float]:
    kept = RepeatedProgram(first)
    kept.solve_as(first)
    return lambda program: kept.solve_as(program).solution.objective


def piecewise(first: Program) -> Callable[[Program], float]:
    """Chords of each curve over pieces that grow away from the last point, until the bound is met.

    The bound is Lagrange's: at any row prices the least cost over the columns' bounds alone is no more than the optimum.
    """
    curved = np.flatnonzero(first.quadratic)
    q, c, top = first.quadratic[curved], first.cost[curved], first.upper[curved]
    n, columns = len(curved), len(first.cost)
    start = piqp.solve(first).primal[curved]

    def pieces(centre: Floats, width: float) -> Floats:
        """Break points, (n, PIECES + 1): fine near the centre, the whole range in all."""
        away = width * (4.0 ** np.arange(PIECES // 2))
        inner = np.concatenate([-away[::-1], [0.0], away])
        points = np.clip(centre[:, None] + top[:, None] * inner, 0.0, top[:, None])
        points[:, 0], points[:, -1] = 0.0, top
        return np.sort(points, axis=1)

    def chords(points: Floats) -> tuple[Floats, Floats]:
        return (c[:, None] + q[:, None] * (points[:, :-1] + points[:, 1:]) / 2).ravel(), np.diff(points).ravel()

    cost, room = chords(pieces(start, 1e-4))
    flat = np.setdiff1d(np.arange(columns), curved)
    spread = first.matrix[:, np.repeat(curved, PIECES)]
    linear = Program(
        cost=np.concatenate([first.cost[flat], cost]),
        quadratic=np.zeros(len(flat) + n * PIECES),
        lower=np.zeros(len(flat) + n * PIECES),
        upper=np.concatenate([first.upper[flat], room]),
        matrix=csc_matrix(hstack([first.matrix[:, flat], spread], format="csc")),
        row_lower=first.row_lower, row_upper=first.row_upper, columns=(), rows=(),
    )  # fmt: skip
    kept = highs.loaded(linear)
    kept.setOptionValue("simplex_dual_edge_weight_strategy", 1)
    kept.setOptionValue("solver", "simplex")
    highs.primal_and_dual(kept)
    basis = kept.getBasis()
    rows, tail = np.arange(len(first.row_lower), dtype=np.int32), len(flat) + np.arange(n * PIECES, dtype=np.int32)

    def least(program: Program, y: Floats) -> float:
        """What no point can cost less than."""
        marginal = program.cost - program.matrix.T @ y
        best = np.where(marginal < 0, np.where(np.isfinite(program.upper), program.upper, 0.0), 0.0)
        best[curved] = np.clip(-marginal[curved] / q, 0.0, top)
        bound = np.where(y > 0, program.row_lower, np.where(y < 0, program.row_upper, 0.0))
        return float((marginal * best + 0.5 * program.quadratic * best * best).sum() + (y * bound).sum())

    def solve(program: Program) -> float:
        kept.changeRowsBounds(len(rows), rows, program.row_lower, program.row_upper)
        centre, width = start, 1e-4
        kept.setBasis(basis)
        for _ in range(12):
            points = pieces(centre, width)
            cost, room = chords(points)
            kept.changeColsCost(len(tail), tail, cost)
            kept.changeColsBounds(len(tail), tail, np.zeros(len(tail)), room)
            x, y = highs.primal_and_dual(kept)
            z = x[len(flat) :].reshape(n, PIECES).sum(axis=1)
            true = float(first.cost[flat] @ x[: len(flat)] + c @ z + 0.5 * q @ (z * z))
            if true - least(program, y) <= BOUND * abs(true):
                return true
            moved = float(np.abs(z - centre).max())
            centre, width = z, max(width * 0.25, 1e-7) if moved < 1e-3 * float(top.max()) else width
        return true

    return solve


def proxqp(first: Program) -> Callable[[Program], float]:
    from proxsuite import proxqp as prox

    equal, between, a, g = _split(first)
    solver = prox.sparse.QP(len(first.cost), len(equal), len(between) + len(first.cost))
    solver.settings.eps_abs, solver.settings.verbose = 1e-7, False
    solver.settings.initial_guess = prox.InitialGuess.WARM_START_WITH_PREVIOUS_RESULT
    stacked = csc_matrix(hstack([g.T, diagonal(np.ones(len(first.cost)))], format="csc").T)

    def limits(program: Program) -> tuple[Floats, Floats]:
        return (
            np.concatenate([np.full(len(between), -1e20), program.lower]),
            np.concatenate([program.row_upper[between], np.minimum(program.upper, 1e20)]),
        )

    solver.init(diagonal(first.quadratic), first.cost, a, first.row_lower[equal], stacked, *limits(first))
    solver.solve()

    def solve(program: Program) -> float:
        low, high = limits(program)
        solver.update(l=low, u=high)
        solver.solve()
        return program.objective(np.asarray(solver.results.x))

    return solve


def daqp(first: Program) -> Callable[[Program], float]:
    import daqp as engine

    equal, between, a, g = _split(first)
    dense = np.ascontiguousarray(np.vstack([a.toarray(), g.toarray()]))
    h = np.diag(first.quadratic + RIDGE)
    sense = np.concatenate([np.zeros(len(first.cost)), np.full(len(equal), 5), np.zeros(len(between))]).astype(np.int32)

    def solve(program: Program) -> float:
        low = np.concatenate([program.lower, program.row_lower[equal], np.full(len(between), -1e30)])
        high = np.concatenate([np.minimum(program.upper, 1e30), program.row_upper[equal], program.row_upper[between]])
        x, *_ = engine.solve(h, program.cost.copy(), dense, high, low, sense.copy())
        return program.objective(np.asarray(x))

    return solve


WAYS = tuple(Way(make.__name__, make) for make in (piqp_fresh, piqp_update, piecewise, proxqp, daqp))
SLOW = {"daqp": 1, "proxqp": 2}
"""How many closures the slow ones get."""


def _split(program: Program) -> tuple[Any, Any, csc_matrix, csc_matrix]:
    same = program.row_lower == program.row_upper
    equal, between = np.flatnonzero(same), np.flatnonzero(~same)
    rows = program.matrix.tocsr()
    return equal, between, csc_matrix(rows[equal]), csc_matrix(rows[between])


def main(n: str = "200", *only: str) -> None:
    instance = make("S")
    first = floor_program(instance, "elastic")
    changed = [
        replace(first, row_upper=floor_program(shut(instance, link), "elastic").row_upper)
        for link in closures(instance, int(n))
    ]
    exact = [solve_program(program).objective for program in changed]
    for way in WAYS:
        if only and way.name not in only:
            continue
        begun = time.process_time()
        try:
            solve = way.make(first)
            ready = time.process_time()
            some = changed[: SLOW.get(way.name, len(changed))]
            found = [solve(program) for program in some]
            seconds = time.process_time() - ready
        except (ImportError, ValueError, RuntimeError) as error:
            sys.stdout.write(json.dumps({"tool": way.name, "failed": str(error)[:200]}) + "\n")
            continue
        error = max(abs(a - b) / abs(b) for a, b in zip(found, exact, strict=False))
        told = {"task": "qp_engines", "tool": way.name, "size": "S", "n": len(some), "first": ready - begun}
        sys.stdout.write(json.dumps(told | {"each": seconds / len(some), "error": error}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
