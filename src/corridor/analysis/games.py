"""Cooperative games: what each of several players can claim of what they make together.

A game is a table `v` of 2^n numbers: coalition S is the number whose bit i says whether player i is in it, so `v[0]` is the
empty coalition's value, which must be 0, and `v[-1]` that of all together.

Shapley (1953), "A value for n-person games"; Schmeidler (1969), "The nucleolus of a characteristic function game", found
by the successive programs of Maschler, Peleg and Shapley (1979).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_matrix

from corridor.errors import QuestionError
from corridor.program import Program
from corridor.solver import solve_program

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridor.program import Bools, Floats, Ints

__all__ = [
    "MOST_LISTED",
    "MOST_PLAYERS",
    "TOLERANCE",
    "Clash",
    "core_is_empty",
    "nucleolus",
    "sampled_shapley",
    "shapley",
    "worst_clash",
]

MOST_PLAYERS = 20
"""Players up to which the Shapley value is worked out from a whole table."""
MOST_LISTED = 16
"""Players up to which core, nucleolus and superadditivity are worked out, each of which looks at every coalition."""
TOLERANCE = 1e-6
"""Differences below this share of the largest value of the table do not count."""


@dataclass(frozen=True)
class Clash:
    """Two coalitions that make more apart than together, as bit sets, and by how much."""

    one: int
    other: int
    loss: float


def shapley(v: Floats) -> Floats:
    """The Shapley value of each player, shape (n,): what it adds to those before it, averaged over all orders.

    Exact up to rounding. Raises `QuestionError` where `v` is no game or has more than 20 players.
    """
    n = _players(v, MOST_PLAYERS)
    sizes = _sizes(n)
    weight = np.array([1.0 / (n * math.comb(n - 1, size)) for size in range(n)])
    every = np.arange(len(v))
    found = np.empty(n)
    for i in range(n):
        without = every[(every >> i) & 1 == 0]
        found[i] = (weight[sizes[without]] * (v[without | (1 << i)] - v[without])).sum()
    return found


def sampled_shapley(
    value: Callable[[int], float], players: int, orders: int = 400, seed: int = 0
) -> tuple[Floats, Floats]:
    """Shapley values and their standard errors, shapes (players,), from random orders; each sums to v of all together.

    Orders come in pairs, one the other's reverse, which takes out a part of the chance (Castro et al. 2009 sample plain
    orders). The standard error is that of the mean over pairs. Raises `QuestionError` for less than two pairs.
    """
    pairs = orders // 2
    if pairs < 2:
        raise QuestionError(f"{orders} orders are too few for a standard error; take at least 4")
    draw = np.random.default_rng(seed)
    added = np.zeros((pairs, players))
    for k in range(pairs):
        order = draw.permutation(players)
        for way in (order, order[::-1]):
            before, coalition = value(0), 0
            for i in way:
                coalition |= 1 << int(i)
                after = value(coalition)
                added[k, i] += 0.5 * (after - before)
                before = after
    return added.mean(axis=0), added.std(axis=0, ddof=1) / math.sqrt(pairs)


def worst_clash(v: Floats) -> Clash | None:
    """The two disjoint coalitions that lose most by acting together; None where none do: the game is superadditive."""
    n = _players(v, MOST_LISTED)
    worst, allowed = None, TOLERANCE * _scale(v)
    for coalition in range(1, len(v)):
        parts = _subsets(coalition, n)
        apart = v[parts] + v[coalition - parts]
        at = int(apart.argmax())
        loss = float(apart[at] - v[coalition])
        if loss > allowed:
            one, other = sorted((int(parts[at]), coalition - int(parts[at])))
            worst, allowed = Clash(one, other, loss), loss
    return worst


def core_is_empty(v: Floats) -> bool:
    """Whether every division of v of all together leaves some coalition less than it makes alone.

    By the least total that satisfies every coalition (Bondareva 1963, Shapley 1967): the core is empty where that is more
    than there is.
    """
    n = _players(v, MOST_LISTED)
    w = _normal(v)[2]
    members = _members(n)[1:-1]
    if not len(members):
        return False
    program = Program(
        cost=np.ones(n),
        quadratic=np.zeros(n),
        lower=np.full(n, -np.inf),
        upper=np.full(n, np.inf),
        matrix=csc_matrix(members),
        row_lower=w[1:-1],
        row_upper=np.full(len(members), np.inf),
        columns=(),
        rows=(),
    )
    least = float(solve_program(program, "highs").primal.sum())
    return bool(least > w[-1] + TOLERANCE * _scale(w))


def nucleolus(v: Floats) -> Floats:
    """The division, shape (n,), whose least content coalition is as content as can be, then the next, and so on.

    Content is what a coalition gets above what it makes alone. Raises `QuestionError` where some player makes a coalition
    poorer by more than he makes alone: then one could get less than alone, and such a division is of no use. No player of a
    superadditive game does.
    """
    n = _players(v, MOST_LISTED)
    own, scale, w = _normal(v)
    every = np.arange(len(v))
    for i in range(n):
        without = every[(every >> i) & 1 == 0]
        if (w[without | 1 << i] < w[without] - TOLERANCE * _scale(w)).any():
            raise QuestionError("the nucleolus is withheld: some player makes others poorer by joining them")
    if n == 1 or w[-1] <= TOLERANCE:
        return own
    members = _members(n)
    open_rows, fixed, levels = np.arange(1, len(v) - 1), [len(v) - 1], [float(w[-1])]
    x = np.zeros(n)
    while len(fixed) < n:
        open_rows = open_rows[_outside(members[open_rows], members[fixed])]
        program = _least_content(members, w, open_rows, fixed, levels)
        solution = solve_program(program, "highs")
        x = solution.primal[:n]
        # What has a price at the optimum is tight in every optimum; one row outside the span of those held always has.
        prices = solution.row_dual[: len(open_rows)]
        for at in np.argsort(-np.abs(prices)):
            if abs(prices[at]) <= 1e-7:
                break
            row = open_rows[at : at + 1]
            if len(fixed) < n and _outside(members[row], members[fixed])[0]:
                fixed.append(int(row[0]))
                levels.append(round(float(w[row[0]] + solution.primal[n]), 12))
    # Which coalitions are tight is known exactly; what that makes of the players, to rounding, is a linear system.
    x = np.linalg.solve(members[fixed], np.array(levels))
    return own + scale * x


def _least_content(members: Floats, w: Floats, open_rows: Ints, fixed: list[int], levels: list[float]) -> Program:
    """max e subject to x(S) - e >= w(S) for what is open, x(S) = its level for what is held."""
    n = members.shape[1]
    rows = np.vstack([members[open_rows], members[fixed]])
    level = np.concatenate([-np.ones(len(open_rows)), np.zeros(len(fixed))])[:, None]
    free = np.full(len(open_rows), np.inf)
    return Program(
        cost=np.concatenate([np.zeros(n), [-1.0]]),
        quadratic=np.zeros(n + 1),
        lower=np.full(n + 1, -np.inf),
        upper=np.full(n + 1, np.inf),
        matrix=csc_matrix(np.hstack([rows, level])),
        row_lower=np.concatenate([w[open_rows], levels]),
        row_upper=np.concatenate([free, levels]),
        columns=(),
        rows=(),
    )


def _outside(rows: Floats, held: Floats) -> Bools:
    """Which rows are no combination of those held."""
    basis = np.linalg.qr(held.T)[0]
    left = rows - (rows @ basis) @ basis.T
    outside: Bools = (left * left).sum(axis=1) > 1e-9
    return outside


def _players(v: Floats, most: int) -> int:
    n = len(v).bit_length() - 1
    if len(v) != 1 << n or n < 1:
        raise QuestionError(f"a game of n players has 2^n values, not {len(v)}")
    if n > most:
        raise QuestionError(f"{n} players are too many for every coalition to be looked at; {most} are the most")
    if abs(v[0]) > 0 or not np.isfinite(v).all():
        raise QuestionError("a game's values are finite, and that of the empty coalition is 0")
    return n


def _normal(v: Floats) -> tuple[Floats, float, Floats]:
    """What each makes alone, the size of the rest, and the game of the rest in that size: solvers like numbers near 1."""
    n = len(v).bit_length() - 1
    own = v[1 << np.arange(n)]
    rest = v - _members(n) @ own
    scale = float(np.abs(rest).max())
    # What is left by rounding where players make nothing together is no game.
    if scale <= 1e-12 * _scale(v):
        return own, 1.0, np.zeros_like(rest)
    # Rounded, since bounds that differ from each other by noise only make a solver stop without an answer.
    return own, scale, np.round(rest / scale, 12)


def _scale(v: Floats) -> float:
    return float(np.abs(v).max(initial=0.0))


def _members(n: int) -> Floats:
    """Who is in which coalition, shape (2^n, n), of zeros and ones."""
    return ((np.arange(1 << n)[:, None] >> np.arange(n)) & 1).astype(float)


def _sizes(n: int) -> Ints:
    sizes = np.zeros(1 << n, dtype=np.int64)
    for i in range(n):
        sizes[1 << i : 2 << i] = sizes[: 1 << i] + 1
    return sizes


def _subsets(coalition: int, n: int) -> Ints:
    """Every part of a coalition, itself and nothing among them."""
    parts = np.zeros(1, dtype=np.int64)
    for i in range(n):
        if coalition >> i & 1:
            parts = np.concatenate([parts, parts | (1 << i)])
    return parts
