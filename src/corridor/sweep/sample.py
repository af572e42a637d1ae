"""Points of a design in the unit cube: one row a variation, one column a factor, NaN where the case's own value stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor.errors import QuestionError
from corridor.sweep.design import LARGEST

if TYPE_CHECKING:
    from corridor.program import Floats
    from corridor.sweep.design import Design

__all__ = ["points"]


def points(design: Design, n: int) -> Floats:
    """The points of a design with n factors, shape (1 + variations, n); row 0 is the case as it is.

    `one_at_a_time`: each factor at its low end, then at its high end, the others as they are. `full_factorial`: every
    combination of `levels` equal steps. `latin_hypercube` (McKay, Beckman and Conover 1979) and `sobol` (Sobol 1967,
    scrambled after Owen 1998) fill the cube. `morris` (Morris 1991): `size` walks through a grid, each of which moves
    every factor once, by half of its range or a little more.
    """
    rng = np.random.default_rng(design.seed)
    drawn: Floats
    if design.method == "one_at_a_time":
        drawn = np.full((2 * n, n), np.nan)
        drawn[np.arange(2 * n), np.repeat(np.arange(n), 2)] = np.tile([0.0, 1.0], n)
    elif design.method == "full_factorial":
        drawn = _factorial(n, design.levels)
    elif design.method == "morris":
        drawn = _walks(n, design.size or 1, max(design.levels, 4), rng)
    else:
        from scipy.stats import qmc

        engine = qmc.LatinHypercube(n, rng=rng) if design.method == "latin_hypercube" else qmc.Sobol(n, rng=rng)
        drawn = engine.random(design.size or 1)
    return np.vstack([np.full((1, n), np.nan), drawn])


def _factorial(n: int, levels: int) -> Floats:
    if n * np.log(levels) > np.log(LARGEST):
        raise QuestionError(
            f"{levels} levels of {n} factors are {levels}^{n} variations, more than {LARGEST:,}; "
            "choose fewer figures, put them in groups, or take latin_hypercube"
        )
    grid = np.indices((levels,) * n).reshape(n, -1).T
    found: Floats = grid / (levels - 1.0)
    return found


def _walks(n: int, size: int, levels: int, rng: np.random.Generator) -> Floats:
    """Morris walks, shape (size * (n + 1), n); of a step exactly one coordinate differs from that of the one before."""
    step = levels / (2.0 * (levels - 1.0))
    lower = np.arange(levels // 2) / (levels - 1.0)
    found = np.empty((size, n + 1, n))
    for walk in found:
        base = rng.choice(lower, size=n)
        up = rng.random(n) < 0.5
        start, end = np.where(up, base, base + step), np.where(up, base + step, base)
        moved = np.zeros(n, dtype=bool)
        walk[0] = start
        for k, factor in enumerate(rng.permutation(n)):
            moved[factor] = True
            walk[k + 1] = np.where(moved, end, start)
    return found.reshape(-1, n)
