"""Programs with a known optimum, for every solver's suite."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_matrix, random_array

from corridor.program import Block, Program

INF = np.inf


def program(c, A, row_lower, row_upper, lower=0.0, upper=INF, q=0.0, constant=0.0, integer=None, names=None):
    """A program from plain lists; its columns are called x(a), x(b), ..., its rows r(0), r(1), ..."""
    c = np.asarray(c, dtype=float)
    A = csc_matrix(np.asarray(A, dtype=float).reshape(-1, len(c)))
    m, n = A.shape
    names = tuple(names or [chr(ord("a") + j) for j in range(n)])

    def full(value, size):
        return np.broadcast_to(np.asarray(value, dtype=float), (size,)).copy()

    return Program(
        cost=c,
        quadratic=full(q, n),
        lower=full(lower, n),
        upper=full(upper, n),
        matrix=A,
        row_lower=full(row_lower, m),
        row_upper=full(row_upper, m),
        columns=(Block("x", 0, (np.arange(n),), (names,)),),
        rows=(Block("r", 0, (np.arange(m),), (tuple(str(i) for i in range(m)),)),),
        constant=constant,
        integer=None if integer is None else np.asarray(integer, dtype=bool),
    )


@dataclass(frozen=True)
class Known:
    """A program and a point with duals that satisfy its optimality conditions by construction."""

    program: Program
    x: np.ndarray
    y: np.ndarray
    z: np.ndarray


def planted(seed, *, quadratic, rows=12, columns=20, degenerate=0.3):
    """A random program built backwards from its optimum.

    Every kind of row (equal, at least, at most, between, free) and column (lower, upper, both, free, fixed) occurs; a
    share `degenerate` of what binds has dual zero, so that neither point nor duals need be unique.
    """
    rng = np.random.default_rng(seed)
    A = csc_matrix(
        random_array((rows, columns), density=0.3, rng=rng, data_sampler=lambda size: rng.integers(-3, 4, size))
    )
    x = rng.integers(-4, 5, columns).astype(float)
    activity = A @ x

    def bounds(value, kinds):
        """Bounds around a value, and a dual that fits them."""
        size = len(value)
        kind = rng.choice(kinds, size)
        room = rng.integers(1, 4, (2, size))
        binds = rng.choice([-1, 0, 1], size)
        lower = np.where(np.isin(kind, ("lower", "both")), value - room[0] * (binds != -1), -INF)
        upper = np.where(np.isin(kind, ("upper", "both")), value + room[1] * (binds != 1), INF)
        lower, upper = np.where(kind == "equal", value, lower), np.where(kind == "equal", value, upper)
        size_of_dual = rng.integers(1, 6, size) * (rng.random(size) >= degenerate)
        sign = np.where(kind == "equal", rng.choice([-1, 1], size), (value == lower) * 1 - (value == upper) * 1)
        return lower, upper, (sign * size_of_dual).astype(float)

    row_lower, row_upper, y = bounds(activity, ("equal", "lower", "upper", "both", "free"))
    lower, upper, z = bounds(x, ("lower", "upper", "both", "free", "equal"))
    q = rng.integers(0, 3, columns).astype(float) if quadratic else np.zeros(columns)
    built = program(A.T @ y + z - q * x, A.toarray(), row_lower, row_upper, lower, upper, q, constant=7.0)
    return Known(built, x, y, z)


def transport(seed, sources=6, markets=7, elastic=False):
    """A transport problem between cities on a plane: balances, one shared capacity, unserved demand or linear demand."""
    rng = np.random.default_rng(seed)
    links = sources * markets
    distance = rng.uniform(1, 10, (sources, markets)).round(2)
    n = links + sources + markets
    A = np.zeros((sources + markets + 1, n))
    for s in range(sources):
        for d in range(markets):
            A[s, s * markets + d] = -1.0
            A[sources + d, s * markets + d] = 1.0
            if d < markets // 2:
                A[-1, s * markets + d] = 1.0
        A[s, links + s] = 1.0
    for d in range(markets):
        A[sources + d, links + sources + d] = -1.0 if elastic else 1.0
    demand = rng.uniform(5, 15, markets).round(1)
    supply = np.full(sources, 1.2 * demand.sum() / sources)
    slope = np.concatenate([np.zeros(links), rng.uniform(0.1, 0.4, sources), 40.0 / demand])
    cost = np.concatenate(
        [distance.ravel(), rng.uniform(10, 15, sources), np.full(markets, -60.0 if elastic else 100.0)]
    )
    balance = np.concatenate([np.zeros(sources), np.zeros(markets) if elastic else demand])
    return program(
        cost,
        A,
        np.append(balance, -INF),
        np.append(balance, 0.35 * demand.sum()),
        0.0,
        np.concatenate([np.full(links, 6.0), supply, np.full(markets, INF) if elastic else demand]),
        slope if elastic else 0.0,
        names=[f"l{i}" for i in range(links)] + [f"s{i}" for i in range(sources)] + [f"d{i}" for i in range(markets)],
    )
