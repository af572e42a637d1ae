"""Games of two sides with payoffs in tables: dominance, equilibria, and what happens where one side moves first.

Payoffs are two arrays of shape (m, n): what the first and the second side get where the first takes action i and the
second action j. Numbers that differ by no more than a tolerance are ties, and every tie is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from corridor.program import Floats

__all__ = ["Mixed", "dominated", "first_move", "mixed_equilibria", "pure_equilibria", "undominated"]

LARGEST_SUPPORT = 4
"""Most actions that a side mixes in the search; there are too many larger sets to try them all."""


@dataclass(frozen=True)
class Mixed:
    """Both sides draw their action at random so that neither has a better one."""

    first: tuple[float, ...]
    """probability of each action of the first side"""
    second: tuple[float, ...]
    payoffs: tuple[float, float]
    """expected"""


def pure_equilibria(first: Floats, second: Floats, tolerance: float) -> list[tuple[int, int]]:
    """Pairs of actions from which neither side gains by leaving alone (Nash 1951), ties included."""
    best = (first >= first.max(axis=0, keepdims=True) - tolerance) & (
        second >= second.max(axis=1, keepdims=True) - tolerance
    )
    return [(int(i), int(j)) for i, j in np.argwhere(best)]


def dominated(own: Floats, tolerance: float) -> list[tuple[int, bool] | None]:
    """For each row of `own` (m, n): a row that is never worse and somewhere better, and whether it is better everywhere.

    None for a row that no other dominates. One that is better everywhere goes before one that is better somewhere.
    """
    found: list[tuple[int, bool] | None] = []
    for row in range(len(own)):
        more = own - own[row]
        strict = np.flatnonzero((more > tolerance).all(axis=1))
        weak = np.flatnonzero((more >= -tolerance).all(axis=1) & (more > tolerance).any(axis=1))
        chosen = strict if len(strict) else weak
        found.append((int(chosen[np.argmax(own[chosen].sum(axis=1))]), bool(len(strict))) if len(chosen) else None)
    return found


def undominated(first: Floats, second: Floats, tolerance: float) -> tuple[list[int], list[int]]:
    """Actions of either side that are left when what is worse everywhere is struck out again and again."""
    rows, columns = list(range(first.shape[0])), list(range(first.shape[1]))
    while True:
        told = dominated(first[np.ix_(rows, columns)], tolerance)
        kept_rows = [r for r, by in zip(rows, told, strict=True) if by is None or not by[1]]
        told = dominated(second[np.ix_(kept_rows, columns)].T, tolerance)
        kept_columns = [c for c, by in zip(columns, told, strict=True) if by is None or not by[1]]
        if (kept_rows, kept_columns) == (rows, columns):
            return rows, columns
        rows, columns = kept_rows, kept_columns


def first_move(leader: Floats, follower: Floats, tolerance: float) -> tuple[int, int]:
    """The pair of actions reached where the rows' side commits itself first and the other answers as is best for it.

    Where several answers tie for the follower, the leader counts on the worst of them for itself; where several of its
    own actions tie, it takes the first, so that doing nothing goes before doing something for nothing.
    """
    answers = follower >= follower.max(axis=1, keepdims=True) - tolerance
    worth = np.where(answers, leader, np.inf)
    least = worth.min(axis=1)
    row = int(np.flatnonzero(least >= least.max() - tolerance)[0])
    return row, int(worth[row].argmin())


def mixed_equilibria(first: Floats, second: Floats, tolerance: float) -> list[Mixed]:
    """Equilibria in which both sides mix equally many actions, two to four, by support enumeration.

    On each pair of supports the probabilities make the other side indifferent among its own; kept are those that are
    probabilities and leave no better action outside. Of a game without ties these are all with such supports.
    """
    rows, columns = undominated(first, second, tolerance)
    found: list[Mixed] = []
    for size in range(2, min(LARGEST_SUPPORT, len(rows), len(columns)) + 1):
        for some in combinations(rows, size):
            for others in combinations(columns, size):
                chance = _indifferent(first[np.ix_(some, others)])
                answer = _indifferent(second[np.ix_(some, others)].T)
                if chance is None or answer is None:
                    continue
                x, y = np.zeros(first.shape[0]), np.zeros(first.shape[1])
                x[list(some)], y[list(others)] = answer, chance
                worth, against = first @ y, x @ second
                gains = float(x @ worth), float(against @ y)
                if worth.max() <= gains[0] + tolerance and against.max() <= gains[1] + tolerance:
                    found.append(Mixed(tuple(x.tolist()), tuple(y.tolist()), gains))
    return found


def _indifferent(own: Floats) -> Floats | None:
    """Probabilities of the columns that make all rows worth the same; None where there are none."""
    size = len(own)
    system = np.zeros((size + 1, size + 1))
    system[:size, :size], system[:size, size], system[size, :size] = own, -1.0, 1.0
    try:
        solved = np.linalg.solve(system, np.concatenate([np.zeros(size), [1.0]]))
    except np.linalg.LinAlgError:
        return None
    chances: Floats = solved[:size]
    return chances if (chances > 0.0).all() else None
