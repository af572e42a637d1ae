"""Results -> maps of a group's goods: what flows, what could flow, what is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.analysis.world import name_of
from corridor.case import records

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from corridor.case import Case
    from corridor.program import Bools
    from corridor.report.goods import Shown
    from corridor.result import Result

__all__ = ["map_blocks", "map_links", "map_nodes", "view"]

Block = dict[str, Any]

CHANGE = 1e-4
"""Share of the largest flow below which a flow is the same before and after."""


def map_blocks(
    shown: Shown,
    views: Callable[[Collection[str]], Sequence[dict[str, Any]]],
    *,
    title: str,
    note: str = "",
    differences: bool = False,
) -> list[Block]:
    """A map for each unit in which the goods are measured; `views(goods)` makes its pictures.

    Units of which nothing flows are left out, and with `differences` those of which no flow differs between the first
    picture and the last, unless that leaves nothing.
    """
    blocks = []
    for goods in shown.by_unit.values():
        links, nodes = map_links(shown.case, goods), map_nodes(shown.case, goods)
        if links and any(node["kind"] != "world" for node in nodes):
            block: Block = {"type": "maps", "title": shown.title(title, goods), "nodes": nodes, "links": links}
            block |= {"views": list(views(goods))}
            blocks.append(block | ({"note": note} if note else {}) | ({"differences": True} if differences else {}))
    worth_seeing = _differs if differences else _flows
    return [block for block in blocks if worth_seeing(block)] or blocks[:1]


def map_links(case: Case, goods: Collection[str]) -> list[dict[str, Any]]:
    """Links that carry any of some goods, as a map draws them."""
    corridors: dict[str, list[str]] = {}
    names = dict(zip(case.tables["corridors"]["id"], case.tables["corridors"]["name"], strict=True))
    members = case.tables["corridor_links"]
    for corridor, link in zip(members["corridor"], members["link"], strict=True):
        corridors.setdefault(link, []).append(names[corridor])
    units = dict(zip(case.tables["goods"]["id"], case.tables["goods"]["unit"], strict=True))
    links = []
    for row in records(case.tables["links"]):
        carried = [good for good in row["goods"] if good in goods]
        if carried:
            links.append(
                {
                    "id": row["id"],
                    "name": row["name"],
                    "from": row["from"],
                    "to": row["to"],
                    "mode": row["mode"],
                    "good": _lower(name_of(case, carried[0])),
                    "status": row["status"],
                    "corridors": corridors.get(row["id"], []),
                    "path": [[float(part) for part in point.split()] for point in row["path"]],
                    "capacity": float(row["capacity"]) if np.isfinite(row["capacity"]) else None,
                    "unit": f"{units[carried[0]]}/yr",
                }
            )
    return links


def map_nodes(case: Case, goods: Collection[str]) -> list[dict[str, Any]]:
    """Places that links of the goods join, or where the goods are given, taken or kept."""
    links = case.tables["links"]
    used = links[[bool(set(carried) & set(goods)) for carried in links["goods"]]]
    places = set(used["from"]) | set(used["to"])
    for table in ("supply", "demand", "processes", "storage"):
        rows = case.tables[table]
        places.update(rows.loc[rows["good"].isin(list(goods)), "node"])
    return [
        {key: row[key] for key in ("id", "name", "country", "lon", "lat", "kind")} | {"label": _short(row["name"])}
        for row in records(case.tables["nodes"])
        if row["id"] in places
    ]


def _lower(name: str) -> str:
    """A good's name as a label says it: short, and not as the beginning of a sentence."""
    told = _short(name).partition(" and ")[0]
    return told[:1].lower() + told[1:]


def _short(name: str) -> str:
    """What a map writes beside a place: its name up to the first comma or bracket."""
    return name.partition(",")[0].partition(" (")[0].strip() or name


def _flows(block: Block) -> bool:
    return any(view["flows"] for view in block["views"])


def _differs(block: Block) -> bool:
    first, last = block["views"][0], block["views"][-1]
    one, other = first["flows"], last["flows"]
    least = CHANGE * max([*one.values(), *other.values()], default=0.0)
    moved = any(abs(one.get(link, 0.0) - other.get(link, 0.0)) > least for link in {*one, *other})
    return moved or first["closed"] != last["closed"]


def view(result: Result, periods: Bools, goods: Collection[str], *, name: str, title: str) -> dict[str, Any]:
    """One picture of some goods: mean rates and capacities over some periods, and what is closed in all of them."""
    net = result.network
    weight = net.years * periods
    weight = weight / weight.sum()
    ours = np.array([good in goods for good in net.goods])[net.stream_good[net.flows.stream]]
    flow = np.zeros(len(net.links.ids))
    np.add.at(flow, net.flows.link[ours], weight @ result.reading.flow[:, ours])
    shut = np.asarray((net.links.capacity[periods] <= 0).all(axis=0))
    usual = result.case.tables["links"]["status"].to_numpy() == "open"
    with np.errstate(invalid="ignore"):
        room = weight @ np.where(np.isfinite(net.links.capacity), net.links.capacity, 0.0)
    limited = np.asarray(np.isfinite(net.links.capacity).all(axis=0))
    carried = zip(net.links.ids, result.case.tables["links"]["goods"], strict=True)
    drawn = [(a, link) for a, (link, own) in enumerate(carried) if any(good in goods for good in own)]
    return {
        "id": name,
        "title": title,
        "flows": {link: round(float(flow[a]), 6) for a, link in drawn if flow[a] > 1e-6},
        "closed": [link for a, link in drawn if shut[a] and usual[a]],
        "capacity": {link: float(room[a]) if limited[a] else None for a, link in drawn},
    }
