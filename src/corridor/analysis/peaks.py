"""The hour that counts: who covers a good where and when most of it is wanted, and what is not served then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor.analysis.window import periods_in
from corridor.errors import QuestionError

if TYPE_CHECKING:
    import pandas as pd

    from corridor.result import Result

__all__ = ["Peak", "at_peak", "rate_in_words_unit"]

MEGAWATTS = 1e6 / (24 * 365.25)
"""MW in a TWh a year."""


@dataclass(frozen=True)
class Peak:
    """The period in which most of a good is wanted. Rates are in `unit`: MW for energy, else good.unit per year."""

    good: str
    period: str
    unit: str
    places: pd.DataFrame
    """node, wanted, made, arriving, leaving, not_served: nodes that want or make the good"""
    borders: pd.DataFrame
    """from, to, rate: what crosses between countries, by pair"""


def at_peak(result: Result, good: str, window: tuple[str, str] | None = None) -> Peak:
    """The balance of a good in the period of its highest demand inside a window (ISO dates), by node and by border.

    Raises `QuestionError` for a good that the result does not hold.
    """
    import pandas as pd

    net, reading = result.network, result.reading
    if good not in net.goods:
        raise QuestionError(f"{result.case.name} has no good {good!r}")
    g = net.goods.index(good)
    factor, unit = rate_in_words_unit(net.good_unit[g])
    wants = net.demands.good == g
    inside = periods_in(result, window)
    wanted = np.where(inside > 0, net.demands.reference[:, wants].sum(axis=1), -np.inf)
    t = int(np.argmax(wanted))
    n = len(net.nodes)
    told = {name: np.zeros(n) for name in ("wanted", "made", "arriving", "leaving", "not_served")}
    short = np.maximum(net.demands.reference - reading.demand, 0.0)
    np.add.at(told["wanted"], net.demands.node[wants], np.maximum(net.demands.reference, reading.demand)[t, wants])
    np.add.at(told["not_served"], net.demands.node[wants], short[t, wants])
    makes = net.supplies.good == g
    np.add.at(told["made"], net.supplies.node[makes], reading.supply[t, makes])
    flows = np.flatnonzero(net.stream_good[net.flows.stream] == g)
    link, rate = net.flows.link[flows], reading.flow[t, flows]
    arrived = rate * (1.0 - net.links.loss[link])
    np.add.at(told["arriving"], net.links.end[link], arrived)
    np.add.at(told["leaving"], net.links.start[link], rate)
    here = np.flatnonzero((told["wanted"] > 0) | (told["made"] > 0))
    places = pd.DataFrame({"node": [net.nodes[i] for i in here]} | {key: factor * v[here] for key, v in told.items()})
    country = np.array(net.node_country)
    pairs: dict[tuple[str, str], float] = {}
    for a, value in zip(link, arrived, strict=True):
        key = (str(country[net.links.start[a]]), str(country[net.links.end[a]]))
        if key[0] != key[1] and value > 0:
            pairs[key] = pairs.get(key, 0.0) + factor * float(value)
    rows = sorted(((*key, value) for key, value in pairs.items()), key=lambda row: -row[2])
    return Peak(
        good=good,
        period=net.periods.labels[t],
        unit=unit,
        places=places.sort_values("wanted", ascending=False, ignore_index=True),
        borders=pd.DataFrame(rows, columns=["from", "to", "rate"]),
    )


def rate_in_words_unit(unit: str) -> tuple[float, str]:
    """Factor and unit in which a rate is told: MW for energy, else good.unit per year."""
    known = {"TWh": (MEGAWATTS, "MW"), "GWh": (MEGAWATTS / 1e3, "MW")}
    return known.get(unit, (1.0, f"{unit}/yr"))
