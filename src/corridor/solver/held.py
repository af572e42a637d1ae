"""The equations of an optimum whose binding bounds are known: one sparse symmetric system per guess of what binds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csc_matrix
from scipy.sparse.linalg import splu

if TYPE_CHECKING:
    from corridor.program import Bools, Floats, Program

__all__ = ["HeldEquations"]


class HeldEquations:
    """[Q_F + d, A_RF'; A_RF, -d] of the free columns F and the binding rows R of a program, d a small proximal term.

    Quasi-definite, so any symmetric order of pivots will do: no pivoting, less fill. The pattern of all columns and rows is
    sorted once; each guess takes its part of it.
    """

    def __init__(self, program: Program, shift: float) -> None:
        rows, columns = program.matrix.shape
        self._columns, self._size, self._shift = columns, columns + rows, shift
        matrix = program.matrix
        column, row = np.repeat(np.arange(columns), np.diff(matrix.indptr)), columns + matrix.indices
        own = np.arange(self._size)
        diagonal = np.concatenate([program.quadratic + shift, np.full(rows, -shift)])
        at = np.concatenate([row, column, own]), np.concatenate([column, row, own])
        whole = csc_matrix((np.concatenate([matrix.data, matrix.data, diagonal]), at), shape=(self._size, self._size))
        self._data, self._row = whole.data, whole.indices
        self._column = np.repeat(own, np.diff(whole.indptr))

    def of(self, free: Bools, binding: Bools) -> tuple[csc_matrix, Any]:
        """The system and its factor, (columns,) and (rows,) chosen. Raises `RuntimeError` where it has none."""
        chosen = np.concatenate([free, binding])
        place = np.cumsum(chosen) - 1
        kept = chosen[self._row] & chosen[self._column]
        size = int(chosen.sum())
        start = np.zeros(size + 1, dtype=np.int32)
        np.cumsum(np.bincount(place[self._column[kept]], minlength=size), out=start[1:])
        inside = place[self._row[kept]].astype(np.int32)
        system = csc_matrix((self._data[kept], inside, start), shape=(size, size))
        return system, splu(system, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})

    def proximal(self, free: Bools, binding: Bools) -> Floats:
        """The proximal term on the diagonal of that system."""
        return np.concatenate([np.full(int(free.sum()), self._shift), np.full(int(binding.sum()), -self._shift)])
