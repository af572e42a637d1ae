"""What the model does not determine: flows that could be others at the same cost, prices that could be others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor.analysis.world import amount, name_of
from corridor.result.ranges import TOLERANCE, price_unique, spare_cost
from corridor.solver import near_optimal_range, optimal_face_range

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

    from corridor.result import Result

__all__ = ["undetermined_flows", "undetermined_lines"]

LARGEST = 5_000
"""Most columns of a program for which this is worked out: each link takes two linear programs of its size."""


def undetermined_flows(result: Result) -> pd.DataFrame:
    """Links whose volume over the calendar is not unique: columns link, good, value, low, high, unit.

    "Not unique" is judged over all optima, to a millionth of the largest flow; `low` and `high` are over all solutions
    that cost at most 0.1 % of the good's system cost more. Empty where every volume is determined, where the result has stages
    (what was decided at each is not one program) and for programs of more than `LARGEST` columns.
    """
    import pandas as pd

    names = ["link", "good", "value", "low", "high", "unit"]
    net, built = result.network, result.programs[-1]
    program = built.reduced.program
    if len(result.stages) > 1 or len(program.cost) > LARGEST:
        return pd.DataFrame(columns=names)
    solution = built.reduced.restrict(result.stages[-1].solution)
    block = built.full.column_block("flow")
    good = net.stream_good[block.keys[2]]
    weight = np.zeros(len(built.full.cost))
    tolerance = TOLERANCE * max(float(result.reading.flow.max(initial=0.0)), 1e-9)
    rows = []
    for a, g in sorted({(int(a), int(g)) for a, g in zip(block.keys[1], good, strict=True)}):
        weight[:] = 0.0
        mine = (block.keys[1] == a) & (good == g)
        weight[block.span] = np.where(mine, net.years[block.keys[0]], 0.0)
        direction = weight[built.reduced.kept_columns]
        if not direction.any():
            continue
        low, high = optimal_face_range(program, solution, direction)
        if high - low <= tolerance:
            continue
        low, high = near_optimal_range(program, solution, direction, spare_cost(result, net.goods[g]))
        value = float(direction @ solution.primal)
        rows.append((net.links.ids[a], net.goods[g], value, min(low, value), max(high, value), net.good_unit[g]))
    return pd.DataFrame(rows, columns=names)


def undetermined_lines(
    result: Result, flows: pd.DataFrame | None = None, *, most: int = 6, goods: Collection[str] = ()
) -> list[str]:
    """What a reader must know, of some goods or all: volumes and prices that could be others; empty where there are none."""
    case = result.case
    flows = undetermined_flows(result) if flows is None else flows
    flows = flows[flows["good"].isin(goods)] if goods else flows
    lines = [
        f"Not unique: {name_of(case, link)}, {amount(value, unit)} here, {amount(low, unit)} to {amount(high, unit)} "
        "over ways that cost at most 0.1 % more."
        for link, value, low, high, unit in zip(
            flows["link"].head(most), flows["value"], flows["low"], flows["high"], flows["unit"], strict=False
        )
    ]
    if len(flows) > most:
        lines.append(f"Not unique either: {', '.join(name_of(case, link) for link in flows['link'].iloc[most:])}.")
    prices = price_unique(result)
    open_prices = prices[~prices["unique"].astype(bool)]
    open_prices = open_prices[open_prices["good"].isin(goods)] if goods else open_prices
    if len(open_prices):
        places = ", ".join(dict.fromkeys(name_of(case, node) for node in open_prices["node"]))
        lines.append(f"Prices that other prices could replace at the same flows: {places}.")
    return lines
