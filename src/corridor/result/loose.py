"""Gains that hang on prices which nothing determines."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.solver import dual_direction

if TYPE_CHECKING:
    from corridor.result.model import Result

__all__ = ["loose_gains"]

PUSH = 0.01
"""Move of prices that nothing determines, as a share of the largest price."""
FELT = 1e-4
"""Move of a country's gains, as a share of all gains, that is more than noise."""


def loose_gains(result: Result) -> dict[str, str]:
    """Countries whose gains move when prices that nothing determines do, each with the node and good of such a price.

    Where what must pass and what can pass are the same, prices beyond may be anything: the program has many duals, the
    solver tells one of them, and whoever sells there gains what whoever buys loses. Looked for in the last stage.
    """
    built, stage = result.programs[-1], result.stages[-1]
    direction = dual_direction(built.full, stage.solution)
    if direction is None:
        return {}
    net, span = built.network, built.full.row_block("balance").span
    moved = np.where(result.reading.idle, 0.0, direction[span].reshape(len(net.periods), -1) / net.years[:, None])
    size = float(np.abs(moved).max(initial=0.0))
    if not size > 0:
        return {}
    prices = np.where(result.reading.idle, 0.0, result.reading.price)
    step = PUSH * float(np.abs(prices).max(initial=0.0)) / size
    dual = stage.solution.row_dual + step * direction
    reduced = stage.solution.column_dual - step * (built.full.transposed @ direction)
    other = replace(stage, solution=replace(stage.solution, row_dual=dual, column_dual=reduced))
    pushed = replace(result, stages=(*result.stages[:-1], other), built=result.programs)
    change: dict[str, float] = defaultdict(float)
    for told, sign in ((pushed.country_gains, 1.0), (result.country_gains, -1.0)):
        for (country, _), gain in told.items():
            change[country] += sign * gain
    felt = FELT * sum(abs(gain) for gain in result.country_gains.values())
    most = int(np.abs(moved).sum(axis=0).argmax())
    where = f"{net.streams[net.balance_stream[most]].good} at {net.nodes[net.balance_node[most]]}"
    return {country: where for country, gain in change.items() if country and abs(gain) > felt}
