"""How far the rows of a program are entangled: the size that the factor of an interior point will have, told beforehand.

Rows are neighbours where a column enters both. Walking outwards from a far end of that graph, each step reaches a level of
rows, and every level parts what lies before it from what lies behind (George and Liu 1981, chapter 4). The widest level is
thus close to the largest dense block that elimination in any good order leaves. A network of one period is thin, like a
map; stores make one of many periods thick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order

if TYPE_CHECKING:
    from scipy.sparse import csc_matrix

    from corridor.program import Ints

__all__ = ["widest_level"]

_WALKS = 2
"""The second walk begins where the first one ends, which is a far end of the graph."""


def widest_level(matrix: csc_matrix) -> int:
    """Most rows in one level of a walk from a far end of the part of the matrix (rows, columns) that its fullest row is in."""
    rows = matrix.shape[0]
    by_row = matrix.tocsr()
    if not matrix.nnz:
        return min(rows, 1)
    # Rows, then columns; edges go from rows to columns and are walked both ways.
    columns = matrix.shape[1]
    begin = np.concatenate([by_row.indptr, np.full(columns, matrix.nnz, by_row.indptr.dtype)])
    size = rows + columns
    graph = csr_array((by_row.data, by_row.indices + rows, begin), shape=(size, size))
    start, widest = int(np.diff(by_row.indptr).argmax()), 0
    for _ in range(_WALKS):
        order, parent = breadth_first_order(graph, start, directed=False)
        levels = _levels(order.astype(np.int64), parent.astype(np.int64))
        is_row = order < rows
        widest = int(np.bincount(levels[is_row]).max())
        start = int(order[is_row][-1])
    return widest


def _levels(order: Ints, parent: Ints) -> Ints:
    """The level of each node, in the order in which they were reached."""
    place = np.empty(len(parent), dtype=np.int64)
    place[order] = np.arange(len(order))
    # Parents stand in order too: a level ends where the children of the level before end.
    of = place[parent[order[1:]]]
    ends = [0, 1]
    while ends[-1] < len(order):
        ends.append(1 + int(np.searchsorted(of, ends[-1])))
    return np.repeat(np.arange(len(ends) - 1), np.diff(ends))
