"""Why no point satisfies a program: by how much rows must give way, and which rows and bounds clash.

Elastic relaxation after Chinneck and Dravnieks (1991); the deletion filter after Chinneck (2008, section 6.1).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csc_matrix, hstack

from corridor.errors import ProgramError
from corridor.program import Block, Floats, Ints, Program
from corridor.solver import highs
from corridor.solver.failure import InfeasibleProgram

__all__ = ["Conflict", "irreducible_conflict", "is_feasible", "relax", "smallest_relaxation"]

# A Farkas multiplier below this is noise: the elastic program's weights, and so its duals, are of order one.
_SUPPORT = 1e-7


@dataclass(frozen=True)
class Conflict:
    """Rows and column bounds that cannot hold together, though they could if any one of them were dropped.

    Positions in the program; rows and columns that were no candidates hold in the background.
    """

    rows: Ints
    lower_bounds: Ints
    upper_bounds: Ints


def relax(program: Program, rows: Ints, weights: Floats) -> tuple[Program, Block, Block]:
    """Let the given rows give way, each unit at its weight: the elastic program, and its two new blocks of columns.

    `short` says by how much a row's activity stays below its lower bound, `over` by how much it passes its upper bound;
    one column for each given row that has that bound. `weights` has one positive cost per row.
    """
    if not len(rows) == len(weights) or (len(weights) and not (weights > 0).all()):
        raise ProgramError("each row to be relaxed needs one positive weight")
    below, above = np.isfinite(program.row_lower[rows]), np.isfinite(program.row_upper[rows])
    labels = tuple(program.row_label(int(row)) for row in rows)
    start, count = len(program.cost), int(below.sum() + above.sum())
    members = np.arange(len(rows))
    short = Block("short", start, (members[below],), (labels,))
    over = Block("over", short.stop, (members[above],), (labels,))
    entries = np.concatenate([np.ones(short.size), -np.ones(over.size)])
    places = np.concatenate([rows[below], rows[above]])
    slacks = csc_matrix((entries, (places, np.arange(count))), shape=(len(program.row_lower), count))
    elastic = replace(
        program,
        cost=np.concatenate([program.cost, weights[below], weights[above]]),
        quadratic=np.concatenate([program.quadratic, np.zeros(count)]),
        lower=np.concatenate([program.lower, np.zeros(count)]),
        upper=np.concatenate([program.upper, np.full(count, np.inf)]),
        matrix=csc_matrix(hstack([program.matrix, slacks], format="csc")),
        columns=(*program.columns, short, over),
        integer=None if program.integer is None else np.concatenate([program.integer, np.zeros(count, dtype=bool)]),
    )
    return elastic, short, over


def is_feasible(program: Program) -> bool:
    """Whether any point satisfies the rows and bounds (and is whole where it must be)."""
    try:
        highs.solve(_without_cost(program))
    except InfeasibleProgram:
        return False
    return True


def smallest_relaxation(program: Program, rows: Ints, weights: Floats) -> Floats:
    """How far each given row must give way, at the least weighted sum, whatever the program itself costs.

    One number per given row: positive where its lower bound must fall by so much, negative where its upper bound must
    rise, 0 where it can hold. Raises `InfeasibleProgram` where relaxing these rows is not enough.
    """
    elastic, short, over = relax(_without_cost(program), rows, weights)
    x = highs.solve(elastic).primal
    gap = np.zeros(len(rows))
    gap[short.keys[0]] += x[short.span]
    gap[over.keys[0]] -= x[over.span]
    return gap


def irreducible_conflict(program: Program, rows: Ints, columns: Ints) -> Conflict:
    """A smallest clash among the given rows and the bounds of the given columns; whole numbers are not asked for.

    First the support of a Farkas certificate (the duals of the elastic program), then a deletion filter over it: each
    candidate is dropped, and put back where the rest can then hold. One linear program per candidate: for cases whose
    certificate has at most some hundreds of members.

    Raises `ProgramError` where the program is feasible, and `InfeasibleProgram` where it stays infeasible without any
    candidate.
    """
    linear = replace(_without_cost(program), integer=None)
    if is_feasible(linear):
        raise ProgramError("the program is feasible: nothing clashes")
    row_kept, lower_kept, upper_kept = (np.zeros(n, dtype=bool) for n in (*program.matrix.shape, len(program.cost)))
    row_kept[rows] = np.isfinite(program.row_lower[rows]) | np.isfinite(program.row_upper[rows])
    lower_kept[columns] = np.isfinite(program.lower[columns])
    upper_kept[columns] = np.isfinite(program.upper[columns])
    candidates = row_kept.copy(), lower_kept.copy(), upper_kept.copy()

    def holds() -> bool:
        dropped = [mask & ~kept for mask, kept in zip(candidates, (row_kept, lower_kept, upper_kept), strict=True)]
        trial = replace(
            linear,
            row_lower=np.where(dropped[0], -np.inf, linear.row_lower),
            row_upper=np.where(dropped[0], np.inf, linear.row_upper),
            lower=np.where(dropped[1], -np.inf, linear.lower),
            upper=np.where(dropped[2], np.inf, linear.upper),
        )
        return is_feasible(trial)

    masks = (row_kept, lower_kept, upper_kept)
    support = _farkas_support(linear)
    before = tuple(mask.copy() for mask in masks)
    for mask, part in zip(masks, support, strict=True):
        mask[~part] = False
    if holds():
        # The certificate was too inexact to rely on: filter all candidates.
        for mask, whole in zip(masks, before, strict=True):
            mask[:] = whole
    for mask in masks:
        for i in np.flatnonzero(mask):
            mask[i] = False
            if holds():
                mask[i] = True
    if not any(mask.any() for mask in masks):
        raise InfeasibleProgram("the program stays infeasible without any of the candidates")
    return Conflict(np.flatnonzero(row_kept), np.flatnonzero(lower_kept), np.flatnonzero(upper_kept))


def _farkas_support(program: Program) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows, lower bounds and upper bounds with a multiplier in a proof that the program cannot hold."""
    every = np.arange(len(program.row_lower))
    elastic, _, _ = relax(program, every, np.ones(len(every)))
    try:
        solution = highs.solve(elastic)
    except InfeasibleProgram:
        # Bounds of a single column clash: the rows have no part in it.
        crossed = program.lower > program.upper
        return np.zeros(len(every), dtype=bool), crossed, crossed
    reduced_cost = solution.column_dual[: len(program.cost)]
    return np.abs(solution.row_dual) > _SUPPORT, reduced_cost > _SUPPORT, reduced_cost < -_SUPPORT


def _without_cost(program: Program) -> Program:
    nothing = np.zeros(len(program.cost))
    return replace(program, cost=nothing, quadratic=nothing, constant=0.0)
