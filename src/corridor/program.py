"""A question as arrays, and its answer: no word of the domain.

    minimise    constant + c'x + 1/2 x' diag(q) x
    subject to  row_lower <= A x <= row_upper,   lower <= x <= upper

Sign convention, the same for every solver (docs/background/duality.md): `row_dual` is d cost / d bound of the row that
binds, `column_dual` is d cost / d bound of the column that binds, so that stationarity reads

    c + q * x  =  A' row_dual + column_dual

and a dual is >= 0 where a lower bound binds and <= 0 where an upper bound binds.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from corridor.errors import ProgramError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scipy.sparse import csc_matrix, csr_matrix

__all__ = ["Block", "Bools", "Floats", "Ints", "Program", "Reduced", "Solution", "submatrix", "substitute"]

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Ints = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Bools = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

_HOLDS = 1e-6
"""A row of fixed columns holds if it misses its bounds by at most this share of the largest fixed value (at least 1)."""


@dataclass(frozen=True)
class Block:
    """Columns or rows that stand side by side under one name, labelled by one or more keys.

    `keys[j][i]` is the position in `names[j]` of the j-th label of the i-th member; labels are made when asked for.
    """

    name: str
    start: int
    keys: tuple[Ints, ...]
    names: tuple[Sequence[str], ...]

    @property
    def size(self) -> int:
        """Number of members."""
        return len(self.keys[0]) if self.keys else 0

    @property
    def stop(self) -> int:
        """Position after the last member."""
        return self.start + self.size

    @property
    def span(self) -> slice:
        """Positions of the members in the program."""
        return slice(self.start, self.stop)

    def label(self, position: int) -> str:
        """Readable name of the member at a position of the program, such as `flow(2024_01,cpc_ru2,crude)`."""
        member = position - self.start
        parts = (names[int(key[member])] for key, names in zip(self.keys, self.names, strict=True))
        return f"{self.name}({','.join(parts)})"


@dataclass(frozen=True)
class Program:
    """A linear or convex quadratic program with labelled columns and rows.

    Shapes: `cost`, `quadratic`, `lower`, `upper` (columns,); `row_lower`, `row_upper` (rows,); `matrix` (rows, columns),
    compressed by column. `integer`, where given, marks columns that take whole numbers.
    """

    cost: Floats
    quadratic: Floats
    lower: Floats
    upper: Floats
    matrix: csc_matrix
    row_lower: Floats
    row_upper: Floats
    columns: tuple[Block, ...]
    rows: tuple[Block, ...]
    constant: float = 0.0
    integer: Bools | None = field(default=None)

    def __post_init__(self) -> None:
        rows, columns = self.matrix.shape
        for name, size in (("cost", columns), ("quadratic", columns), ("lower", columns), ("upper", columns)):
            if getattr(self, name).shape != (size,):
                raise ProgramError(f"{name} has shape {getattr(self, name).shape}, the matrix has {size} columns")
        for name in ("row_lower", "row_upper"):
            if getattr(self, name).shape != (rows,):
                raise ProgramError(f"{name} has shape {getattr(self, name).shape}, the matrix has {rows} rows")

    @cached_property
    def transposed(self) -> csr_matrix:
        """The matrix with columns for rows; it shares its numbers."""
        turned: csr_matrix = self.matrix.T
        return turned

    @property
    def is_quadratic(self) -> bool:
        """Whether any column has a quadratic cost."""
        return bool(self.quadratic.any())

    def column_block(self, name: str) -> Block:
        """The block of columns of this name; raises `ProgramError` where there is none."""
        return _block(self.columns, name, "column")

    def row_block(self, name: str) -> Block:
        """The block of rows of this name; raises `ProgramError` where there is none."""
        return _block(self.rows, name, "row")

    def column_label(self, position: int) -> str:
        """Readable name of a column."""
        return _label(self.columns, position)

    def row_label(self, position: int) -> str:
        """Readable name of a row."""
        return _label(self.rows, position)

    def objective(self, x: Floats) -> float:
        """Cost of a point."""
        # A sum of products, not a dot product: BLAS would wake its threads for it, which costs milliseconds.
        return self.constant + float((self.cost * x + 0.5 * self.quadratic * x * x).sum())


@dataclass(frozen=True)
class Solution:
    """What a solver answers: point, duals in the convention of this module, and who said so.

    Shapes: `primal`, `column_dual` (columns,); `row_dual` (rows,). `seconds` is the time of the solver's own call.
    """

    primal: Floats
    row_dual: Floats
    column_dual: Floats
    objective: float
    solver: str
    method: str
    seconds: float


@dataclass(frozen=True)
class Reduced:
    """A program in which some columns stand still, and the way back.

    `kept_columns` and `kept_rows` are positions in the full program; `fixed` has one value per column of the full
    program, 0 where the column is kept.
    """

    program: Program
    kept_columns: Ints
    kept_rows: Ints
    fixed: Floats

    def expand(self, solution: Solution, full: Program) -> Solution:
        """The solution of the full program: fixed columns at their values, with the reduced cost that holds them there."""
        primal = self.fixed.copy()
        primal[self.kept_columns] = solution.primal
        row_dual = np.zeros(full.matrix.shape[0])
        row_dual[self.kept_rows] = solution.row_dual
        column_dual = full.cost + full.quadratic * primal - full.transposed @ row_dual
        column_dual[self.kept_columns] = solution.column_dual
        return replace(
            solution, primal=primal, row_dual=row_dual, column_dual=column_dual, objective=full.objective(primal)
        )

    def restrict(self, solution: Solution) -> Solution:
        """The part of a full solution that the reduced program knows."""
        primal = solution.primal[self.kept_columns]
        return replace(
            solution,
            primal=primal,
            row_dual=solution.row_dual[self.kept_rows],
            column_dual=solution.column_dual[self.kept_columns],
            objective=self.program.objective(primal),
        )


def submatrix(matrix: csc_matrix, rows: Bools, columns: Bools) -> csc_matrix:
    """The rows and columns that are chosen, in one pass: SciPy's own indexing turns the matrix by rows and back."""
    from scipy.sparse import csc_matrix

    kept = rows[matrix.indices]
    if not columns.all():
        kept &= np.repeat(columns, np.diff(matrix.indptr))
    count = np.concatenate([[0], np.cumsum(kept)])[matrix.indptr]
    place = np.cumsum(rows) - 1
    start = np.concatenate([[0], np.cumsum(np.diff(count)[columns])]).astype(np.int32)
    inside = place[matrix.indices[kept]].astype(np.int32)
    return csc_matrix((matrix.data[kept], inside, start), shape=(int(rows.sum()), int(columns.sum())))


def substitute(program: Program, is_fixed: Bools, values: Floats) -> Reduced:
    """Hold some columns at given values and drop them, and every row that then has no free column and holds.

    A row without a free column that does not hold stays, so that the reduced program is infeasible too. `is_fixed` and
    `values` have one entry per column; values of free columns are not read. Labels are not carried over: the reduced
    program is for a solver, the full one for the reader.
    """
    fixed = np.where(is_fixed, values, 0.0)
    kept_columns = np.flatnonzero(~is_fixed)
    moved = program.matrix @ fixed
    kept = np.maximum(program.row_lower - moved, moved - program.row_upper) > _HOLDS * max(
        1.0, np.abs(fixed).max(initial=0.0)
    )
    matrix = program.matrix
    entries = np.repeat(~is_fixed, np.diff(matrix.indptr))
    kept[matrix.indices[entries]] = True
    kept_rows = np.flatnonzero(kept)
    # Nothing fixed, as in most programs of one stage: no need to copy the matrix.
    if len(kept_columns) == len(fixed) and len(kept_rows) == len(kept):
        return Reduced(replace(program, columns=(), rows=()), kept_columns, kept_rows, fixed)
    reduced = Program(
        cost=program.cost[kept_columns],
        quadratic=program.quadratic[kept_columns],
        lower=program.lower[kept_columns],
        upper=program.upper[kept_columns],
        matrix=submatrix(matrix, kept, ~is_fixed),
        row_lower=program.row_lower[kept_rows] - moved[kept_rows],
        row_upper=program.row_upper[kept_rows] - moved[kept_rows],
        columns=(),
        rows=(),
        constant=program.objective(fixed),
        integer=None if program.integer is None else program.integer[kept_columns],
    )
    return Reduced(reduced, kept_columns, kept_rows, fixed)


def _block(blocks: tuple[Block, ...], name: str, what: str) -> Block:
    for block in blocks:
        if block.name == name:
            return block
    raise ProgramError(f"no {what} block {name!r}; there are {', '.join(b.name for b in blocks) or 'none'}")


def _label(blocks: tuple[Block, ...], position: int) -> str:
    for block in blocks:
        if block.start <= position < block.stop:
            return block.label(position)
    return f"#{position}"
