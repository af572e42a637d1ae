"""Results -> blocks of the document: maps, tables, charts. Plain data; the front end draws it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.analysis import Comparison, assumptions, origin_route_market
from corridor.analysis.world import country_name, name_of, period_words
from corridor.case import records, route_screens
from corridor.report.goods import Shown

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    import pandas as pd

    from corridor.case import Case
    from corridor.program import Floats
    from corridor.result import Result

Block = dict[str, Any]

_MOST_MARKS = 3
"""Measures that are shaded each by itself; more would be names over names."""

_ONE_WAY = 2
"""Ribbons of one field, one route and one market: nothing that a diagram would show."""

__all__ = [
    "assumed_table",
    "bars_by_country",
    "column",
    "frame_table",
    "route_blocks",
    "sankey_blocks",
    "sources_block",
]


def column(key: str, label: str, *, digits: int | None = None, unit: str = "") -> dict[str, Any]:
    """One column of a table; `digits` makes it numeric."""
    told: dict[str, Any] = {"key": key, "label": label}
    if digits is not None:
        told |= {"numeric": True, "digits": digits}
    if unit:
        told["unit"] = unit
    return told


def frame_table(
    table: pd.DataFrame,
    columns: Sequence[dict[str, Any]],
    *,
    title: str,
    note: str = "",
    caption: str = "",
    collapsed: bool = False,
    why: str = "nothing passes here",
) -> Block:
    """A DataFrame as a table block; an absent number says why."""
    rows = []
    for row in records(table):
        told: dict[str, Any] = {}
        for spec in columns:
            value = row[spec["key"]]
            if spec["key"] == "period":
                told["period"] = period_words(value)
            elif isinstance(value, (float, np.floating)) and not np.isfinite(value):
                told[spec["key"]] = "unlimited" if value > 0 else {"value": None, "why": why}
            else:
                told[spec["key"]] = value.item() if isinstance(value, np.generic) else value
        rows.append(told)
    block: Block = {"type": "table", "title": title, "columns": list(columns), "rows": rows}
    return block | {k: v for k, v in (("note", note), ("caption", caption), ("collapsed", collapsed)) if v}


def route_blocks(c: Comparison, shown: Shown, *, title: str) -> list[Block]:
    """What each route carries with a measure, for every good whose routes carry something else than without."""
    routes = shown.of_goods(c.routes)
    usual, moved = (routes[key].abs().groupby(routes["good"]).sum().to_dict() for key in ("base", "difference"))
    goods = [g for g in shown.ordered if moved.get(g, 0.0) > 1e-3 * usual.get(g, 0.0)]
    found = [route_series(c.changed, g, title=shown.title(title, (g,)), base=c.base) for g in goods or (shown.main,)]
    return [block for block in found if block["series"]]


def route_series(result: Result, good: str, *, title: str, base: Result | None = None) -> Block:
    """What each route carries, step by step of the periods, stacked; the base's total as reference."""
    net = result.network
    g = net.goods.index(good)
    routes = route_screens(result.case)
    series = []
    for corridor, screen in routes.items():
        carried = _on_screen(result, screen, g)
        if carried.max(initial=0.0) > 1e-6:
            series.append({"name": name_of(result.case, corridor), "values": [round(float(v), 4) for v in carried]})
    block: Block = {
        "type": "series",
        "title": title,
        "unit": f"{net.good_unit[g]}/yr",
        "periods": _periods(result),
        "series": series,
        "stacked": True,
        "marks": _marks(result, good),
    }
    if base is not None:
        total = sum(
            (_on_screen(base, screen, g) for screen in routes.values()), np.zeros(len(base.network.periods.by_day))
        )
        if len(total) == len(net.periods.by_day):
            block["reference"] = {"name": "without the measure", "values": [round(float(v), 4) for v in total]}
    return block


def _on_screen(result: Result, screen: str, g: int) -> Floats:
    net = result.network
    on = (net.flows.link == net.links.ids.index(screen)) & (net.stream_good[net.flows.stream] == g)
    rate = np.asarray(result.reading.flow[:, on].sum(axis=1))
    each = len(net.periods.slices)
    if not each:
        return rate
    # The picture is over days: the slices of a day are averaged by their hours.
    by_day = (rate * net.years).reshape(-1, each).sum(axis=1)
    return np.asarray(by_day / net.years.reshape(-1, each).sum(axis=1))


def _periods(result: Result) -> list[dict[str, str]]:
    periods = result.network.periods.by_day
    return [
        {
            "start": s.isoformat(),
            "end": e.isoformat(),
            "label": s.strftime("%b %Y") if s.day == 1 else s.strftime("%d %b %Y"),
        }
        for s, e in zip(periods.starts, periods.ends, strict=True)
    ]


def _marks(result: Result, good: str) -> list[dict[str, str]]:
    """Dated barriers for a good that the scenario or the question added; many of them as the spans that they cover."""
    first, last = result.network.periods.starts[0], result.network.periods.ends[-1]
    added = {i.id for i in result.question.instruments if i.scenarios} | {i.id for i in result.question.with_}
    about = Shown(result.case, (good,), good)
    spans = [
        (
            max(i.start, first),
            min(i.end or last, last),
            i.name or f"{name_of(result.case, i.target)}: {i.kind.replace('_', ' ')}",
        )
        for i in result.question.instruments
        if i.id in added and i.start and i.start < last and (i.end or last) > first
        if i.kind in ("closure", "derating", "outage", "ban", "transit_ban")
        if about.are_about(i.goods or (i.target,))
    ]
    if len(spans) > _MOST_MARKS:
        spans = _covered(spans)
    return [{"start": s.isoformat(), "end": e.isoformat(), "label": label} for s, e, label in spans]


def _covered(spans: Sequence[tuple[dt.date, dt.date, str]]) -> list[tuple[dt.date, dt.date, str]]:
    """Spans that touch each other as one."""
    found: list[tuple[dt.date, dt.date, str]] = []
    for start, end, _ in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end), found[-1][2])
        else:
            found.append((start, end, "measures in force"))
    return found


def sankey_blocks(result: Result, shown: Shown, *, title: str) -> list[Block]:
    """A diagram for the main good, and for each other good that takes more than one way."""
    first, *others = (sankey_block(result, good, title=shown.title(title, (good,))) for good in shown.ordered)
    return [first, *(block for block in others if len(block["links"]) > _ONE_WAY)]


def sankey_block(result: Result, good: str, *, title: str) -> Block:
    """Field, route, market."""
    table = origin_route_market(result, good)
    case = result.case
    nodes: dict[str, dict[str, Any]] = {}

    def node(kind: int, name: str, label: str) -> str:
        key = f"{kind}:{name}"
        nodes.setdefault(key, {"id": key, "label": label, "column": kind})
        return key

    links: dict[tuple[str, str], float] = {}
    home = _countries(case)
    for row in records(table):
        a = node(0, row["supply"], name_of(case, row["supply"]))
        # What crosses no screen of a route stays at home, or goes abroad on ways that are no routes of the case.
        unnamed = "at home" if home(row["supply"]) == home(row["demand"]) else "abroad, on no named route"
        route = row["route"] or unnamed
        b = node(1, route, name_of(case, row["route"]) if row["route"] else unnamed)
        c = node(2, row["demand"], name_of(case, row["demand"]))
        links[a, b] = links.get((a, b), 0.0) + row["value"]
        links[b, c] = links.get((b, c), 0.0) + row["value"]
    unit = table["unit"].iloc[0] if len(table) else ""
    return {
        "type": "sankey",
        "title": title,
        "columns": ["Field", "Route", "Market"],
        "nodes": list(nodes.values()),
        "links": [{"source": a, "target": b, "value": round(v, 6)} for (a, b), v in links.items()],
        "unit": unit,
    }


def _countries(case: Case) -> Callable[[str], str]:
    """Country of a supply, a demand, or a process (`process.good`)."""
    country = dict(zip(case.tables["nodes"]["id"], case.tables["nodes"]["country"], strict=True))
    found = {
        name: country[node]
        for table in ("supply", "demand", "processes")
        for name, node in zip(case.tables[table]["id"], case.tables[table]["node"], strict=True)
    }
    return lambda name: found.get(name, found.get(name.partition(".")[0], ""))


def bars_by_country(gains: pd.DataFrame, value: str, *, title: str, note: str = "", least: float = 0.5) -> Block:
    """Gains or their changes by country and role; parts add up to each country's total."""
    table = gains.groupby(["country", "role"])[value].sum().reset_index()
    totals = table.groupby("country")[value].sum()
    roles = [
        role for role in dict.fromkeys(table["role"]) if table.loc[table["role"] == role, value].abs().sum() > least
    ]
    order = totals.reindex(totals.abs().sort_values(ascending=False).index)
    rows = []
    for country in order.index.astype(str):
        mine = table[table["country"] == country]
        parts = [
            {"role": role, "value": round(float(v), 4)}
            for role, v in zip(mine["role"], mine[value], strict=True)
            if role in roles and v != 0.0
        ]
        if max((abs(p["value"]) for p in parts), default=0.0) > least:
            label = country_name(country) if country else "no country (unexplained)"
            rows.append(
                {
                    "label": label[:1].upper() + label[1:],
                    "parts": parts,
                    "total": round(sum(p["value"] for p in parts), 4),
                }
            )
    block: Block = {"type": "bars", "title": title, "unit": "million USD", "rows": rows, "roles": roles}
    return block | ({"note": note} if note else {})


def sources_block(case: Case, keys: Sequence[str]) -> Block:
    """The sources behind the figures, with their licences."""
    rows = case.tables["sources"]
    used = rows[rows["key"].isin(set(keys))]
    return {
        "type": "sources",
        "title": "Sources",
        "rows": [
            {name: str(row[name] or "") for name in ("key", "title", "publisher", "date", "url", "licence")}
            for row in records(used)
        ],
    }


def assumed_table(case: Case, shown: Shown) -> Block:
    """Everything that no source gives, with its range and reason."""
    rows = [
        {
            "table": a.table,
            "id": a.id,
            "column": a.column or "all figures",
            "low": a.low,
            "high": a.high,
            "reason": a.reason,
        }
        for a in assumptions(case, shown.goods if shown.is_part else ())
        if not shown.is_part or shown.are_about([a.id])
    ]
    return {
        "type": "table",
        "title": "What is assumed",
        "collapsed": True,
        "columns": [
            column("table", "Table"),
            column("id", "Row"),
            column("column", "Figure"),
            column("low", "Low", digits=2),
            column("high", "High", digits=2),
            column("reason", "Why"),
        ],
        "rows": [
            {
                k: ({"value": None, "why": "no range told"} if v is None and k in ("low", "high") else v)
                for k, v in row.items()
            }
            for row in rows
        ],
    }
