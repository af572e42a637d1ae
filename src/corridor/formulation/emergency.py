"""What a past that cannot be undone leaves open: minimum volumes and ramps may be missed, at a price, and it is told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import csc_matrix, hstack

from corridor.program import Block, Program

__all__ = ["SOFT_ROWS", "soften"]

SOFT_ROWS = ("limit", "ramp_links", "ramp_supply", "store_end")
"""Rows that a decision already taken can make impossible to keep."""


def soften(program: Program) -> Program:
    """The program with a slack on either side of every soft row, at ten times the largest cost in it.

    The slacks are the last block of columns, `emergency(row,side)`; their first key is not a period.
    """
    rows = [block for block in program.rows if block.name in SOFT_ROWS]
    at = np.concatenate([np.arange(b.start, b.stop) for b in rows]) if rows else np.zeros(0, np.int64)
    labels = tuple(program.row_label(int(r)).replace("(", "[").replace(")", "]") for r in at)
    sides = np.tile(np.array([0, 1]), len(at))
    which = np.repeat(np.arange(len(at)), 2)
    sign = np.where(sides == 0, 1.0, -1.0)
    scale = max(1.0, float(np.abs(program.cost).max(initial=0.0)))
    extra = csc_matrix((sign, (at[which], np.arange(len(which)))), shape=(program.matrix.shape[0], len(which)))
    block = Block("emergency", len(program.cost), (which, sides), (labels, ("short", "over")))
    return replace(
        program,
        cost=np.concatenate([program.cost, np.full(len(which), 10.0 * scale)]),
        quadratic=np.concatenate([program.quadratic, np.zeros(len(which))]),
        lower=np.concatenate([program.lower, np.zeros(len(which))]),
        upper=np.concatenate([program.upper, np.full(len(which), np.inf)]),
        matrix=csc_matrix(hstack([program.matrix, extra])),
        columns=(*program.columns, block),
    )
