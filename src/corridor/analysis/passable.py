"""Which contracts have a way left: from a source of the good, over links that are not shut, to someone who takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor.case import corridor_screens

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from corridor.case import Case
    from corridor.network import Instrument

__all__ = ["has_way"]


def has_way(case: Case, carried: Mapping[str, tuple[str, ...]], contract: Instrument, held: Collection[str]) -> bool:
    """Whether what a contract asks for can be brought at all while these links, supplies, demands and processes are shut.

    `carried` are the goods of each of them (`target_goods`). Capacities are not looked at: a contract that has a way may still ask for too much. Contracts on anything but a link, a
    corridor or a demand count as having one.
    """
    target = corridor_screens(case).get(contract.target, contract.target)
    if target in held:
        return False
    goods = set(contract.goods) or set(carried.get(target, ()))
    return any(_good_has_way(case, carried, contract, target, good, held) for good in goods) if goods else True


def _good_has_way(
    case: Case,
    carried: Mapping[str, tuple[str, ...]],
    contract: Instrument,
    target: str,
    good: str,
    held: Collection[str],
) -> bool:
    tables = case.tables
    links = tables["links"]
    ways = [
        (link, start, end)
        for link, start, end in zip(links["id"], links["from"], links["to"], strict=True)
        if good in carried[link] and link not in held
    ]
    country = dict(zip(tables["nodes"]["id"], tables["nodes"]["country"], strict=True))
    sources = [
        *_at(case, "supply", good, held),
        *_plants(case, good, held, makes=True),
        *_at(case, "storage", good, held),
    ]
    if contract.origin:
        sources = [node for node in sources if country[node] in contract.origin]
    from_source = _reached(sources, [(start, end) for _, start, end in ways])
    demands = dict(zip(tables["demand"]["id"], tables["demand"]["node"], strict=True))
    if target in demands:
        return demands[target] in from_source
    ends = {link: (start, end) for link, start, end in ways}
    if target not in set(links["id"]):
        return True
    sinks = [
        *_at(case, "demand", good, held),
        *_plants(case, good, held, makes=False),
        *_at(case, "storage", good, held),
    ]
    to_sink = _reached(sinks, [(end, start) for _, start, end in ways])
    return target in ends and ends[target][0] in from_source and ends[target][1] in to_sink


def _at(case: Case, table: str, good: str, held: Collection[str]) -> list[str]:
    """Nodes of the rows of a table that are about the good and not shut."""
    rows = case.tables[table]
    return [
        node
        for row, node, g in zip(rows["id"], rows["node"], rows["good"], strict=True)
        if g == good and row not in held
    ]


def _plants(case: Case, good: str, held: Collection[str], *, makes: bool) -> list[str]:
    """Nodes of processes that make the good, or use it, and are not shut."""
    amounts = case.tables["process_goods"]
    sign = amounts["amount"] > 0 if makes else amounts["amount"] < 0
    these = set(amounts.loc[(amounts["good"] == good) & sign, "process"]) - set(held)
    rows = case.tables["processes"]
    return [node for row, node in zip(rows["id"], rows["node"], strict=True) if row in these]


def _reached(starts: Iterable[str], arcs: list[tuple[str, str]]) -> set[str]:
    """Nodes that can be reached, the starts among them."""
    following: dict[str, list[str]] = {}
    for start, end in arcs:
        following.setdefault(start, []).append(end)
    found, waiting = set(starts), list(starts)
    while waiting:
        for node in following.get(waiting.pop(), ()):
            if node not in found:
                found.add(node)
                waiting.append(node)
    return found
