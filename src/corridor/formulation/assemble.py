"""Columns, rows and entries put together into one program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csc_matrix

from corridor.program import Block, Floats, Ints, Program

__all__ = ["Assembly", "grid"]


def grid(periods: int, items: int) -> tuple[Ints, Ints]:
    """Keys of a full block (period, item), period by period."""
    return np.repeat(np.arange(periods), items), np.tile(np.arange(items), periods)


def _filled(values: Floats | float, shape: tuple[int, ...]) -> Floats:
    """Values as they are, or one value everywhere."""
    return np.asarray(values, float) if np.shape(values) == shape else np.full(shape, values, dtype=float)


@dataclass
class Assembly:
    """A program being put together: blocks in the order they are added, entries as triplets.

    With `bounds_only` entries are dropped: what is left are costs, bounds and labels.
    """

    bounds_only: bool = False
    columns: list[Block] = field(default_factory=list)
    rows: list[Block] = field(default_factory=list)
    constant: float = 0.0
    _bounds: list[tuple[Floats, Floats, Floats, Floats]] = field(default_factory=list)
    _row_bounds: list[tuple[Floats, Floats]] = field(default_factory=list)
    _entries: list[tuple[Ints, Ints, Floats]] = field(default_factory=list)

    def add_columns(
        self,
        name: str,
        keys: tuple[Ints, ...],
        names: tuple[Sequence[str], ...],
        *,
        cost: Floats | float = 0.0,
        quadratic: Floats | float = 0.0,
        lower: Floats | float = 0.0,
        upper: Floats | float = np.inf,
    ) -> Block:
        """A block of columns after those already there."""
        block = Block(name, self.columns[-1].stop if self.columns else 0, keys, names)
        shape = (block.size,)
        self._bounds.append(
            (_filled(cost, shape), _filled(quadratic, shape), _filled(lower, shape), _filled(upper, shape))
        )
        self.columns.append(block)
        return block

    def add_rows(
        self,
        name: str,
        keys: tuple[Ints, ...],
        names: tuple[Sequence[str], ...],
        *,
        lower: Floats | float = -np.inf,
        upper: Floats | float = np.inf,
    ) -> Block:
        """A block of rows after those already there."""
        block = Block(name, self.rows[-1].stop if self.rows else 0, keys, names)
        shape = (block.size,)
        self._row_bounds.append((_filled(lower, shape), _filled(upper, shape)))
        self.rows.append(block)
        return block

    def add_entries(self, rows: Ints, columns: Ints, values: Floats | float) -> None:
        """Entries of the matrix, as positions in the program; those at the same place add up."""
        if not self.bounds_only:
            self._entries.append((rows, columns, _filled(values, np.shape(rows))))

    def program(self) -> Program:
        """The program as it stands."""
        n_columns = self.columns[-1].stop if self.columns else 0
        n_rows = self.rows[-1].stop if self.rows else 0
        cost, quadratic, lower, upper = (
            np.concatenate([b[i] for b in self._bounds]) if self._bounds else np.zeros(0) for i in range(4)
        )
        row_lower, row_upper = (
            np.concatenate([b[i] for b in self._row_bounds]) if self._row_bounds else np.zeros(0) for i in range(2)
        )
        rows, columns, values = (
            np.concatenate([e[i] for e in self._entries]) if self._entries else np.zeros(0) for i in range(3)
        )
        matrix = csc_matrix((values, (rows.astype(np.int32), columns.astype(np.int32))), shape=(n_rows, n_columns))
        return Program(
            cost=cost,
            quadratic=quadratic,
            lower=lower,
            upper=upper,
            matrix=matrix,
            row_lower=row_lower,
            row_upper=row_upper,
            columns=tuple(self.columns),
            rows=tuple(self.rows),
            constant=self.constant,
        )
