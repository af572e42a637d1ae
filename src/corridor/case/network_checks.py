"""What only the network as a whole shows: who reaches whom, where the price level hangs, whether routes form a cut."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from corridor.case.conduct_checks import conduct_faults
from corridor.case.curve_checks import unpriced_supply_faults
from corridor.case.goods import target_goods
from corridor.case.history_checks import group_faults, shock_faults
from corridor.errors import Fault

if TYPE_CHECKING:
    from corridor.case.model import Case
    from corridor.case.words import Rows

    Arcs = dict[str, list[tuple[str, str]]]

__all__ = ["network_faults", "network_warnings"]


def network_faults(case: Case, rows: Rows) -> Iterator[Fault]:
    """Faults of a case whose references all lead somewhere."""
    yield from _screen_faults(case, rows)
    yield from _anchor_faults(case, rows)
    yield from unpriced_supply_faults(case, rows)
    for good in case.tables["goods"]["id"]:
        yield from _cut_faults(case, rows, good, _arcs(case, good))
    yield from conduct_faults(case, rows)
    yield from group_faults(case, rows)
    yield from shock_faults(case, rows)


def network_warnings(case: Case, rows: Rows) -> Iterator[Fault]:
    """Demands that no supply reaches, supplies that reach no demand; planned and closed links count, since they can open."""
    for good in case.tables["goods"]["id"]:
        arcs = _arcs(case, good)
        back: Arcs = defaultdict(list)
        for start, out in arcs.items():
            for link, end in out:
                back[end].append((link, start))
        sources = _sources(case, good)
        sources += [node for node, initial in _places(case, "storage", good, "initial") if initial > 0]
        sinks = _sinks(case, good)
        fed, drained = _reached(sources, arcs), _reached(sinks, back)
        for table, ok, message in (
            ("demand", fed, "no supply of {good} can reach demand '{name}' at '{node}'"),
            ("supply", drained, "supply '{name}' at '{node}' can reach no demand of {good}"),
        ):
            frame = case.tables[table]
            for row, name, node, own in zip(rows(table), *(frame[key] for key in ("id", "node", "good")), strict=True):
                if own == good and node not in ok:
                    told = message.format(good=good, name=name, node=node)
                    yield Fault(f"{table}.csv", int(row), "node", told, "is a link missing, or drawn the wrong way?")


def _arcs(case: Case, good: str) -> Arcs:
    """Node -> (link, next node) over links that carry a good."""
    arcs: Arcs = defaultdict(list)
    links = case.tables["links"]
    for link, start, end, goods in zip(*(links[name] for name in ("id", "from", "to", "goods")), strict=True):
        if good in goods:
            arcs[start].append((link, end))
    return arcs


def _places(case: Case, table: str, good: str, column: str = "id") -> list[tuple[str, Any]]:
    """(node, cell of a column) of the rows of a table that are about a good."""
    frame = case.tables[table]
    return [
        (node, cell) for node, own, cell in zip(frame["node"], frame["good"], frame[column], strict=True) if own == good
    ]


def _sources(case: Case, good: str) -> list[str]:
    """Nodes at which a good is supplied or made."""
    return [node for node, _ in _places(case, "supply", good)] + _process_places(case, good, made=True)


def _sinks(case: Case, good: str) -> list[str]:
    """Nodes at which a good is demanded or used by a process."""
    return [node for node, _ in _places(case, "demand", good)] + _process_places(case, good, made=False)


def _process_places(case: Case, good: str, *, made: bool) -> list[str]:
    place = dict(zip(case.tables["processes"]["id"], case.tables["processes"]["node"], strict=True))
    told = case.tables["process_goods"]
    return [
        place[process]
        for process, own, amount in zip(told["process"], told["good"], told["amount"], strict=True)
        if own == good and (amount > 0) == made
    ]


def _reached(starts: Iterable[str], arcs: Arcs) -> set[str]:
    reached, waiting = set(starts), deque(starts)
    while waiting:
        for _, node in arcs.get(waiting.popleft(), ()):
            if node not in reached:
                reached.add(node)
                waiting.append(node)
    return reached


def _screen_faults(case: Case, rows: Rows) -> Iterator[Fault]:
    """The screen of a corridor is one of its links."""
    members = set(zip(case.tables["corridor_links"]["corridor"], case.tables["corridor_links"]["link"], strict=True))
    corridors = case.tables["corridors"]
    for row, corridor, screen in zip(rows("corridors"), corridors["id"], corridors["screen"], strict=True):
        if (corridor, screen) not in members:
            message = f"the screen '{screen}' is not one of the links of '{corridor}'"
            yield Fault("corridors.csv", int(row), "screen", message, f"add {corridor},{screen} to corridor_links.csv")


def _anchor_faults(case: Case, rows: Rows) -> Iterator[Fault]:
    """A connected part with observations needs one observed price; else calibration finds prices up to a constant.

    A process connects its goods: the price of one says what the others are worth.
    """
    component = _components(case)
    anchored = set()
    for good in case.tables["goods"]["id"]:
        known = _places(case, "prices", good)
        known += [(node, price) for node, price in _places(case, "demand", good, "price") if price == price]  # noqa: PLR0124
        anchored |= {component.get((good, node), (good, node)) for node, _ in known}
    place = _target_nodes(case)
    observations = case.tables["observations"]
    told = set()
    for row, target, good in zip(rows("observations"), observations["target"], observations["good"], strict=True):
        if target not in place:
            continue
        part = component.get((good, place[target]), (good, place[target]))
        if part not in anchored and part not in told:
            told.add(part)
            message = f"price level not identified: the part of the network of '{good}' around '{place[target]}' has no observed price"
            remedy = "add a row to prices.csv for one of its nodes, or the price of a demand there"
            yield Fault("observations.csv", int(row), "target", message, remedy)


def _components(case: Case) -> dict[tuple[str, str], tuple[str, str]]:
    """(good, node) -> the one that stands for its weakly connected component (union by path halving)."""
    parent: dict[tuple[str, str], tuple[str, str]] = {}

    def find(node: tuple[str, str]) -> tuple[str, str]:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    links = case.tables["links"]
    for start, end, goods in zip(links["from"], links["to"], links["goods"], strict=True):
        for good in goods:
            parent[find((good, start))] = find((good, end))
    place = dict(zip(case.tables["processes"]["id"], case.tables["processes"]["node"], strict=True))
    first = dict(zip(case.tables["processes"]["id"], case.tables["processes"]["good"], strict=True))
    for process, good in zip(
        case.tables["process_goods"]["process"], case.tables["process_goods"]["good"], strict=True
    ):
        parent[find((first[process], place[process]))] = find((good, place[process]))
    return {node: find(node) for node in list(parent)}


def _target_nodes(case: Case) -> dict[str, str]:
    """A node of everything that can be observed."""
    found = dict(zip(case.tables["links"]["id"], case.tables["links"]["from"], strict=True))
    for corridor, screen in zip(case.tables["corridors"]["id"], case.tables["corridors"]["screen"], strict=True):
        found[corridor] = found[screen]
    for table in ("supply", "demand", "processes", "storage"):
        found.update(zip(case.tables[table]["id"], case.tables[table]["node"], strict=True))
    return found


def _cut_faults(case: Case, rows: Rows, good: str, arcs: Arcs) -> Iterator[Fault]:
    """Route corridors form a cut: every export path crosses exactly one of their screens.

    Judged for the countries whose exports a headline question is about, else for every producing country. One path that crosses none
    and one that crosses two are named. The search keeps one way to each (node, screen crossed), so a second crossing
    that only a detour shows can be missed; a path that it names exists.
    """
    corridors = case.tables["corridors"]
    carried = target_goods(case.tables)
    routes = {
        screen: (corridor, int(row))
        for row, corridor, screen, route in zip(
            rows("corridors"), *(corridors[name] for name in ("id", "screen", "route")), strict=True
        )
        if route and good in carried[screen]
    }
    if not routes:
        return
    country = dict(zip(case.tables["nodes"]["id"], case.tables["nodes"]["country"], strict=True))
    producers: dict[str, list[str]] = defaultdict(list)
    for node in _sources(case, good):
        producers[country[node]].append(node)
    exports = (q for q in case.settings.headline if q["good"] == good and q.get("direction", "exports") == "exports")
    asked = {question["of"] for question in exports} & set(producers)
    if asked:
        producers = {country: producers[country] for country in asked}
    for origin, sources in sorted(producers.items()):
        markets = {node for node in _sinks(case, good) if country[node] != origin}
        row = min(line for _, line in routes.values())
        none, two = _crossings(sources, arcs, routes, markets)
        if none:
            message = f"an export path of {origin} crosses no route corridor: {' > '.join(none)}"
            remedy = "mark the corridor that it takes as a route, with its screen on this path"
            yield Fault("corridors.csv", row, "route", message, remedy)
        if two:
            message = f"an export path of {origin} crosses two route corridors: {' > '.join(two)}"
            remedy = "put the screens side by side, so that no path crosses a second one, or let one be no route"
            yield Fault("corridors.csv", row, "route", message, remedy)


def _crossings(
    sources: list[str], arcs: Arcs, screens: Iterable[str], markets: set[str]
) -> tuple[list[str] | None, list[str] | None]:
    """A path (node, link, node, ...) to a market that crosses no screen, and one that crosses two; None where none is."""
    none = two = None
    State = tuple[str, str | None, str | None]  # node, first and second screen crossed
    before: dict[State, tuple[State, str] | None] = {(node, None, None): None for node in sources}
    waiting = deque(before)
    screens = set(screens)
    while waiting:
        state = waiting.popleft()
        node, first, second = state
        if node in markets and first is None:
            none = none or _path(state, before)
        if node in markets and second is not None:
            two = two or _path(state, before)
        for link, end in arcs.get(node, ()):
            crossed = (first, second)
            if link in screens and link not in crossed:
                crossed = (link, None) if first is None else (first, second or link)
            following = (end, *crossed)
            if following not in before and end not in _path(state, before)[::2]:
                before[following] = (state, link)
                waiting.append(following)
    return none, two


def _path(state: Any, before: dict[Any, Any]) -> list[str]:
    """Nodes and links of the way to a state, alternating, from its source."""
    backward = [state[0]]
    while before[state] is not None:
        state, link = before[state]
        backward += [link, state[0]]
    return backward[::-1]
