"""Volumes from each supply over each route to each market, by proportional tracing: what a Sankey diagram draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor.analysis.share import marks_of
from corridor.analysis.tracing import trace

if TYPE_CHECKING:
    import pandas as pd

    from corridor.result import Result

__all__ = ["origin_route_market"]


def origin_route_market(result: Result, good: str) -> pd.DataFrame:
    """Columns supply, route, demand, value, unit: volumes over the calendar; route "" crosses no screen."""
    import pandas as pd

    net, reading = result.network, result.reading
    marks = marks_of(result, "through", "")
    g = net.goods.index(good)
    chosen = np.flatnonzero(net.stream_good == g)
    makers = np.flatnonzero(net.supplies.good == g)
    rank = np.zeros(len(net.supplies.ids), dtype=np.int64)
    rank[makers] = np.arange(len(makers))
    histories = trace(net, reading, marks, chosen, rank[net.supplies.give_supply])
    names = (*marks.routes, "")
    rows = []
    for d in np.flatnonzero(net.demands.good == g):
        mixed = histories.share[:, net.demands.node[d]].sum(axis=-1)
        volume = np.einsum("t,t,tsr->sr", net.years, reading.demand[:, d], mixed)
        for s, r in zip(*np.nonzero(volume > 1e-6), strict=True):
            rows.append(
                (net.supplies.ids[makers[s]], names[r], net.demands.ids[d], float(volume[s, r]), net.good_unit[g])
            )
    return pd.DataFrame(rows, columns=["supply", "route", "demand", "value", "unit"])
