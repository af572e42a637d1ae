"""Results in the structures of other libraries; both are extras, imported when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.errors import CorridorError
from corridor.result.reading import pair_of

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    import xarray as xr

    from corridor.result.model import Result

__all__ = ["to_networkx", "to_xarray"]

_TABLES = {
    "flow": ("flows", "link"),
    "price": ("prices", "node"),
    "supply": ("supply", "supply"),
    "delivery": ("deliveries", "demand"),
    "stock": ("stocks", "storage"),
}
"""Variable -> table of the result, and what it is about."""


def to_xarray(result: Result) -> xr.Dataset:
    """Flows, prices, supply, deliveries and stocks as arrays over period, item and stream.

    Dimensions: period (its first day), stream, and link, node, supply, demand or storage. A stream that an item does not
    know, and a price where nothing passes, is NaN. `good` and `unit` are coordinates of stream: the unit of volumes; a
    rate is per year, a price in million USD per unit. Coordinates `period_end` and `years` tell how long a period is.
    Raises `CorridorError` where the extra `xarray` is not installed.
    """
    try:
        import xarray as xr
    except ImportError:
        raise CorridorError(_missing("xarray")) from None
    net = result.network
    streams = [stream.label for stream in net.streams]
    data: dict[str, Any] = {}
    coordinates: dict[str, Any] = {
        "period": np.array(net.periods.starts, dtype="datetime64[ns]"),
        "period_end": ("period", np.array(net.periods.ends, dtype="datetime64[ns]")),
        "years": ("period", net.years),
        "stream": streams,
        "good": ("stream", [stream.good for stream in net.streams]),
        "unit": ("stream", [net.good_unit[good] for good in net.stream_good]),
        "link": list(net.links.ids),
        "node": list(net.nodes),
        "supply": list(net.supplies.ids),
        "demand": list(net.demands.ids),
        "storage": list(net.stores.ids),
    }
    for variable, (table, item) in _TABLES.items():
        values = _cube(result, getattr(result, table), item, coordinates[item], streams)
        # A variable may not be called as one of its dimensions.
        data[f"{variable}_rate" if variable == item else variable] = (("period", item, "stream"), values)
    attributes = {"case": result.case.name, "case_hash": result.case.hash, "scenario": result.scenario}
    return xr.Dataset(data, coordinates, attributes)


def to_networkx(result: Result, period: int | None = None) -> nx.MultiDiGraph[str]:
    """The network with what it carries, as a directed graph whose edges have the link's id as key.

    Averages over the calendar, or one period by its position. Nodes: `country`, `price` by stream (million USD per
    good.unit, volume-weighted; only where something passes). Edges: `capacity` and `flow` by stream (good.unit per year),
    `cost` (million USD per good.unit: resource cost, tariff, fee and quality). Raises `CorridorError` where the extra
    `networkx` is not installed, or the period is not there.
    """
    try:
        import networkx as nx
    except ImportError:
        raise CorridorError(_missing("networkx")) from None
    net, reading = result.network, result.reading
    if period is not None and not 0 <= period < len(net.periods):
        raise CorridorError(f"there is no period {period}; there are {len(net.periods)}, the first is 0")
    weight = net.years / net.years.sum() if period is None else np.eye(len(net.periods))[period]
    labels = [stream.label for stream in net.streams]
    through = weight @ reading.throughput
    price = np.divide(
        weight @ (reading.price * reading.throughput), through, out=np.zeros_like(through), where=through > 0
    )
    passes = ~(reading.idle | (weight == 0)[:, None]).all(axis=0)
    at = pair_of(net)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(case=result.case.name, scenario=result.scenario)
    for n, name in enumerate(net.nodes):
        known = {labels[k]: float(price[at[n, k]]) for k in range(len(labels)) if at[n, k] >= 0 and passes[at[n, k]]}
        graph.add_node(name, country=net.node_country[n], price=known)
    capacity = _mean(weight, net.links.capacity)
    cost = weight @ (net.links.resource_cost + net.links.tariff + net.links.fee + net.links.quality)
    flow = weight @ reading.flow
    for a, name in enumerate(net.links.ids):
        carried = {labels[net.flows.stream[f]]: float(flow[f]) for f in np.flatnonzero(net.flows.link == a)}
        graph.add_edge(
            net.nodes[net.links.start[a]],
            net.nodes[net.links.end[a]],
            key=name,
            flow=carried,
            capacity=float(capacity[a]),
            cost=float(cost[a]),
        )
    return graph


def _cube(result: Result, table: pd.DataFrame, item: str, items: list[str], streams: list[str]) -> Any:
    cube = np.full((len(result.network.periods), len(items), len(streams)), np.nan)
    periods = list(result.network.periods.labels)
    positions = (
        _positions(table[name].tolist(), known)
        for name, known in (("period", periods), (item, items), ("stream", streams))
    )
    cube[tuple(positions)] = table["value"]
    return cube


def _positions(names: list[str], known: list[str]) -> Any:
    where = {name: i for i, name in enumerate(known)}
    return np.array([where[name] for name in names], dtype=np.int64)


def _mean(weight: Any, values: Any) -> Any:
    """Weighted mean over periods, infinite where any period with weight is."""
    used = values[weight > 0]
    with np.errstate(invalid="ignore"):
        return np.where(np.isinf(used).any(axis=0), np.inf, weight[weight > 0] @ np.where(np.isinf(used), 0.0, used))


def _missing(extra: str) -> str:
    return f"this needs {extra}, which is not installed: pip install 'corridor[{extra}]'"
