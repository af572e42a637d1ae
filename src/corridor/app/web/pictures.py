"""What flows, for the map of a page: one view of the whole calendar, one of the days asked about, one of each step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.analysis.world import span_words
from corridor.case import canonical_price_unit
from corridor.report import view
from corridor.result import price_unique

if TYPE_CHECKING:
    from collections.abc import Collection

    from corridor.program import Bools
    from corridor.result import Result

__all__ = ["inside_window", "price_rows", "views_of"]


def views_of(result: Result, chosen: Bools, goods: Collection[str]) -> list[dict[str, Any]]:
    """Views `whole`, `window` (periods `chosen`) and one of each period of days, named as in JSON (`start/end`)."""
    periods = result.network.periods
    days = periods.by_day
    whole = np.ones(len(periods), dtype=bool)
    at = np.flatnonzero(chosen)
    told = [
        ("whole", span_words(periods.starts[0], periods.ends[-1]), whole),
        ("window", span_words(periods.starts[at[0]], periods.ends[at[-1]]), chosen),
        *(
            (f"{start.isoformat()}/{end.isoformat()}", span_words(start, end), periods.inside(start, end))
            for start, end in zip(days.starts, days.ends, strict=True)
        ),
    ]
    return [view(result, which, goods, name=name, title=title) for name, title, which in told]


def inside_window(result: Result, window: tuple[str, str]) -> Bools:
    """Periods wholly inside a window; all of them where none is."""
    import datetime as dt

    start, end = (dt.date.fromisoformat(day) for day in window)
    inside = result.network.periods.inside(start, end)
    return inside if inside.any() else np.ones(len(inside), dtype=bool)


def price_rows(base: Result, changed: Result | None, chosen: tuple[Bools, Bools | None], goods: Collection[str]) -> Any:
    """Price of each good at each place, on average over the periods chosen, weighted by what passes; null where nothing does.

    `unique` is false where the price of the last result could be another in some of them, null where that is not known.
    """
    before = _mean_prices(base, chosen[0])
    after = {} if changed is None or chosen[1] is None else _mean_prices(changed, chosen[1])
    last, when = (base, chosen[0]) if changed is None or chosen[1] is None else (changed, chosen[1])
    doubtful = _doubtful(last, when)
    units = dict(zip(base.network.goods, base.network.good_unit, strict=True))
    return [
        {
            "node": node,
            "good": good,
            "unit": canonical_price_unit(units[good]),
            "base": before.get((node, good)),
            "changed": after.get((node, good)),
            "unique": doubtful.get((node, good), True),
        }
        for node, good in sorted({*before, *after})
        if good in goods
    ]


def _mean_prices(result: Result, chosen: Bools) -> dict[tuple[str, str], float]:
    net, reading = result.network, result.reading
    years = (net.years * chosen)[:, None]
    through = np.where(reading.idle, 0.0, reading.throughput) * years
    weight, value = through.sum(axis=0), (through * reading.price).sum(axis=0)
    sums: dict[tuple[str, str], tuple[float, float]] = {}
    for pair in np.flatnonzero(weight > 0):
        key = net.nodes[net.balance_node[pair]], net.goods[net.stream_good[net.balance_stream[pair]]]
        mass, worth = sums.get(key, (0.0, 0.0))
        sums[key] = mass + float(weight[pair]), worth + float(value[pair])
    return {key: worth / mass for key, (mass, worth) in sums.items()}


def _doubtful(result: Result, chosen: Bools) -> dict[tuple[str, str], bool | None]:
    """Places and goods whose price is not, or not known to be, the only one in some of the periods."""
    labels = {label for label, inside in zip(result.network.periods.labels, chosen, strict=True) if inside}
    table = price_unique(result)
    found: dict[tuple[str, str], bool | None] = {}
    columns = (table[name] for name in ("node", "good", "period", "unique"))
    for node, good, period, unique in zip(*columns, strict=True):
        if period in labels and unique is not True and found.get((node, good), True) is not False:
            found[node, good] = None if unique is None else bool(unique)
    return {key: unique for key, unique in found.items() if unique is not True}
