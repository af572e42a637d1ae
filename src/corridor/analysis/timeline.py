"""When a closure bites: days until tanks are full, the first field is shut in, and output is back."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

from corridor.analysis.steps import step_starts, step_totals
from corridor.analysis.world import amount, name_of

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

    from corridor.result import Result

    Event = tuple[str, str, int, str, str]
    """event, ISO date, days from the beginning, what, note"""

__all__ = ["timeline_of"]

VISIBLE = 1e-3
"""Share of its base output by which a field must differ to be told."""


def timeline_of(base: Result, changed: Result, goods: Collection[str]) -> pd.DataFrame:
    """Columns event, date, days, what, note; days count from the start of the first instrument that the base lacks.

    Fields and plants are told of `goods` only.

    Within a period rates are even: a tank that is full at the end of a period is taken to fill at the pace at which the
    good would have kept arriving, so that the day lies between the period's bounds.
    """
    import pandas as pd

    added = {i.id for i in changed.question.instruments} - {i.id for i in base.question.instruments}
    ours = [i for i in changed.question.instruments if i.id in added]
    starts = [i.start or changed.network.periods.starts[0] for i in ours]
    rows: list[Event] = []
    if starts:
        begin = max(min(starts), changed.network.periods.starts[0])
        for i in sorted(ours, key=lambda i: (i.start or dt.date.min, i.id)):
            rows.extend(_dated(changed, i.target, i.start, i.end, begin, i.known_from))
        rows.extend(_tanks(base, changed, begin))
        rows.extend(_fields(base, changed, begin, goods))
    return pd.DataFrame(rows, columns=["event", "date", "days", "what", "note"])


def _dated(
    result: Result, target: str, start: dt.date | None, end: dt.date | None, begin: dt.date, known: dt.date
) -> list[Event]:
    name = name_of(result.case, target)
    rows: list[Event] = []
    if start:
        note = "a surprise" if known == start else f"known since {known.isoformat()}"
        rows.append(("begins", start.isoformat(), (start - begin).days, name, note))
    if end and end <= result.network.periods.ends[-1]:
        rows.append(("ends", end.isoformat(), (end - begin).days, name, ""))
    return rows


def _tanks(base: Result, changed: Result, begin: dt.date) -> list[Event]:
    net, level = changed.network, changed.reading.level
    rows: list[Event] = []
    for n, store in enumerate(net.stores.ids):
        pairs = net.stores.pair_store == n
        held = level[:, pairs].sum(axis=1)
        first = next((t for t, s in enumerate(net.periods.starts) if s >= begin), None)
        if first is None:
            continue
        before = float(held[first - 1]) if first else float(net.stores.initial[n])
        room = float(net.stores.capacity[first, n]) - before
        arriving = _arriving(base, n)
        name = name_of(changed.case, store)
        if _cut_off(changed, n, begin):
            if _cut_off(base, n, begin):
                continue  # by what the base has too, such as links that are only planned
            rows.append(("tanks cut off", net.periods.starts[first].isoformat(), 0, name, "nothing reaches them"))
            continue
        full = next((t for t in range(first, len(held)) if held[t] >= net.stores.capacity[t, n] - 1e-6), None)
        if full is None or room <= 1e-9 or arriving <= 0:
            continue
        # Full within the first period: at the pace at which the good keeps arriving; later: by the period's end.
        days = 365.25 * room / arriving
        day = net.periods.starts[first] + dt.timedelta(days=round(days)) if full == first else net.periods.ends[full]
        day = min(day, net.periods.ends[full])
        note = f"{room:.2f} of room at the usual flow of {arriving:.1f} a year last {days:.1f} days"
        rows.append(("tanks full", day.isoformat(), (day - begin).days, name, note))
    return rows


def _cut_off(result: Result, store: int, day: dt.date) -> bool:
    """Whether every link that reaches a store's node is shut in the first period that ends after a day."""
    net = result.network
    period = next(t for t, end in enumerate(net.periods.ends) if end > day)
    into = net.links.end == net.stores.node[store]
    return bool(into.any() and (net.links.capacity[period, into] <= 0).all())


def _arriving(base: Result, store: int) -> float:
    """What usually passes the node of a store, good.unit per year."""
    net, reading = base.network, base.reading
    node = net.stores.node[store]
    at = net.balance_node == node
    return float((net.years @ reading.throughput[:, at]).sum() / net.years.sum())


def _fields(base: Result, changed: Result, begin: dt.date, goods: Collection[str]) -> list[Event]:
    net = changed.network
    first_of = step_starts(net)
    steps = len(first_of)
    rows: list[Event] = []
    one, other = (step_totals(r.network, r.reading.supply) for r in (base, changed))
    shut = []
    for s, supply in enumerate(net.supplies.ids):
        if net.goods[net.supplies.good[s]] not in goods:
            continue
        less = one[:, s] - other[:, s]
        short = np.flatnonzero((less > VISIBLE * np.maximum(one[:, s], 1e-9)) & (one[:, s] > 0))
        cut = [m for m in short.tolist() if m + 1 >= steps or first_of[m + 1] > begin]
        if not cut:
            continue
        total = float(np.clip(less, 0.0, None).sum())
        begins = max(begin, first_of[cut[0]])
        shut.append((begins, -total, supply, cut, s))
    for begins, lost, supply, cut, s in sorted(shut):
        if -lost < VISIBLE / 10 * float(one[:, net.supplies.good == net.supplies.good[s]].sum()):
            continue
        unit = net.good_unit[net.supplies.good[s]]
        name = name_of(changed.case, supply)
        what = "field cut" if s < net.own_supplies else "plant cut"
        rows.append((what, begins.isoformat(), (begins - begin).days, name, f"{amount(-lost, unit)} not produced"))
        if cut[-1] + 1 < steps:
            back = first_of[cut[-1] + 1]
            rows.append(("output back", back.isoformat(), (back - begin).days, name, "to within 0.1 % of the base"))
    return rows
