"""Parts of a case that nothing ties to each other: what happens in one changes no number of another.

Goods are tied by a process, by a capacity that they share (a link, a pool) and by an instrument with one volume for
several of them. Groups of case.toml are kept whole. Solving the parts apart is exact, and each keeps its own calendar:
cut only at its own instruments' dates, with slices only where its own profiles speak of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.case.goods import row_goods, target_goods
from corridor.case.model import Calendar
from corridor.case.questions import asked_goods
from corridor.case.schema import TABLES
from corridor.errors import QuestionError

if TYPE_CHECKING:
    import pandas as pd

    from corridor.case.model import Case

__all__ = ["group_of", "groups_of", "in_year", "part_of", "parts", "restricted", "table_ties"]

_COUNTED = ("quota", "agreement")
"""Instruments whose volume is one for all their goods."""


def groups_of(case: Case) -> dict[str, tuple[str, ...]]:
    """Group -> its goods, in the order of case.toml; goods without a group stand with the first, or under ""."""
    order = list(case.settings.groups) or [""]
    found: dict[str, list[str]] = {name: [] for name in order}
    for good, group in zip(case.tables["goods"]["id"], case.tables["goods"]["group"], strict=True):
        found[group if group in found else order[0]].append(good)
    return {name: tuple(goods) for name, goods in found.items() if goods}


def group_of(case: Case, good: str | None) -> tuple[str, ...]:
    """Goods of the group that a good is in; all goods where none is given."""
    if good is None:
        return tuple(case.tables["goods"]["id"])
    return next((goods for goods in groups_of(case).values() if good in goods), (good,))


def parts(case: Case) -> list[tuple[str, ...]]:
    """Goods of each part, in the order of the case's groups."""
    parent = {good: good for good in case.tables["goods"]["id"]}

    def find(good: str) -> str:
        while parent[good] != good:
            good = parent[good]
        return good

    for tied in _ties(case):
        first, *others = tied
        for other in others:
            parent[find(other)] = find(first)
    found: dict[str, list[str]] = {}
    for goods in groups_of(case).values():
        for good in goods:
            found.setdefault(find(good), []).append(good)
    return [tuple(goods) for goods in found.values()]


def part_of(case: Case, goods: Collection[str]) -> Case:
    """The case with the parts that hold these goods only, calibrated on the year of their group.

    Raises `QuestionError` for a good that the case does not have.
    """
    strange = set(goods) - set(case.tables["goods"]["id"])
    if strange:
        raise QuestionError(f"{case.name} has no good {min(strange)!r}; it has {', '.join(case.tables['goods']['id'])}")
    return _part_of(case, frozenset(good for part in parts(case) if set(part) & set(goods) for good in part))


@lru_cache(maxsize=64)
def _part_of(case: Case, chosen: frozenset[str]) -> Case:
    if chosen >= set(case.tables["goods"]["id"]):
        return _on_its_own_year(case)
    tables = restricted(case, chosen)
    settings = replace(
        case.settings,
        headline=tuple(q for q in case.settings.headline if q["good"] in chosen),
        asked=tuple(q for q in case.settings.asked if chosen.intersection(asked_goods(q))),
        groups={key: group for key, group in case.settings.groups.items() if key in set(tables["goods"]["group"])},
        slices=case.settings.slices if (tables["profiles"]["slice"] != "").any() else {},
    )
    return _on_its_own_year(case.with_tables(settings, **tables))


def in_year(case: Case, year: int) -> Case:
    """The case on the calendar of a year, calibrated on that year."""
    groups = {key: replace(group, calibrate_on=None) for key, group in case.settings.groups.items()}
    whole = Calendar.of_year(year)
    calendar = replace(whole, step=case.settings.calendar.step)
    return case.with_tables(replace(case.settings, calendar=calendar, calibration=whole, groups=groups))


def _on_its_own_year(case: Case) -> Case:
    """The calibration range that the goods' groups ask for, where they agree on one."""
    years = {group.calibrate_on for group in case.settings.groups.values()}
    if len(years) != 1 or None in years or case.settings.calibration is None:
        return case
    year = max(year for year in years if year is not None)
    return case.with_tables(replace(case.settings, calibration=Calendar.of_year(year)))


def _ties(case: Case) -> Iterator[tuple[str, ...]]:
    """Goods that something ties together: groups of the case, then what its tables say."""
    yield from groups_of(case).values()
    yield from table_ties(case)


def table_ties(case: Case) -> Iterator[tuple[str, ...]]:
    """Goods that a process, a capacity or an instrument's volume ties together."""
    tables = case.tables
    own = dict(zip(tables["processes"]["id"], tables["processes"]["good"], strict=True))
    for process, good in zip(tables["process_goods"]["process"], tables["process_goods"]["good"], strict=True):
        yield (own[process], good)
    links = tables["links"]
    limited = np.isfinite(links[["capacity", "ramp_up", "ramp_down"]].to_numpy(dtype=float)).any(axis=1)
    yield from (goods for goods, bound in zip(links["goods"], limited, strict=True) if bound and goods)
    carried = target_goods(tables)
    for pool, good in zip(tables["pools"]["id"], tables["pools"]["good"], strict=True):
        members = tables["pool_links"].loc[tables["pool_links"]["pool"] == pool, "link"]
        yield (good, *(g for link in members for g in carried[link]))
    instruments = tables["instruments"]
    counted = instruments["kind"].isin(_COUNTED).to_numpy()
    for goods, one in zip(row_goods("instruments", instruments, tables), counted, strict=True):
        if one and goods:
            yield goods


def restricted(case: Case, goods: frozenset[str]) -> dict[str, pd.DataFrame]:
    """Every table with the rows that are about these goods."""
    old = case.tables
    new: dict[str, pd.DataFrame] = {}

    def keep(table: str, rows: Iterable[bool]) -> None:
        new[table] = old[table][np.fromiter(rows, dtype=bool, count=len(old[table]))].reset_index(drop=True)

    for table in (
        "goods",
        "supply",
        "demand",
        "processes",
        "storage",
        "pools",
        "observations",
        "prices",
        "shocks",
        "exposure",
        "conduct",
    ):
        column = "id" if table == "goods" else "good"
        keep(table, (good in goods for good in old[table][column]))
    for table in ("wedges", "preferences"):
        keep(table, (good in goods for good in old[table]["good"]))
    keep("links", (bool(set(carried) & goods) for carried in old["links"]["goods"]))
    new["links"]["goods"] = [tuple(g for g in carried if g in goods) for carried in new["links"]["goods"]]
    links = set(new["links"]["id"])
    keep("corridor_links", (link in links for link in old["corridor_links"]["link"]))
    keep("corridors", (corridor in set(new["corridor_links"]["corridor"]) for corridor in old["corridors"]["id"]))
    keep("pool_links", (pool in set(new["pools"]["id"]) for pool in old["pool_links"]["pool"]))
    keep("process_goods", (process in set(new["processes"]["id"]) for process in old["process_goods"]["process"]))
    keep("fiscal", (supply in set(new["supply"]["id"]) for supply in old["fiscal"]["supply"]))
    _keep_screens(new)
    _keep_instruments(case, new, keep, goods)
    _keep_plans(case, new, keep)
    known = {table: set(new[table]["id"]) for table in new if "id" in new[table]}
    for table in ("dated", "profiles", "evidence", "levels"):
        rows = zip(old[table]["table"], old[table]["id"], strict=True)
        keep(table, (name not in known or row in known[name] for name, row in rows))
    owned = set().union(
        *(set(new[t]["id"]) | set(new[t]["asset"]) for t in ("links", "pools", "supply", "processes", "storage"))
    )
    keep("ownership", (asset in owned for asset in old["ownership"]["asset"]))
    keep("events", (not about or bool(set(about) & goods) for about in old["events"]["goods"]))
    new["events"]["goods"] = [tuple(g for g in about if g in goods) for about in new["events"]["goods"]]
    held = set(new["instruments"]["id"])
    new["events"]["instruments"] = [tuple(i for i in named if i in held) for named in new["events"]["instruments"]]
    places = set(new["links"]["from"]) | set(new["links"]["to"])
    places |= {node for t in ("supply", "demand", "processes", "storage", "prices") for node in new[t]["node"]}
    # An instrument may name a country that none of these lies in; then one node of it shows that it is known.
    named = {
        c for cell in ("origin", "destination", "through", "except") for cs in new["instruments"][cell] for c in cs
    }
    first = old["nodes"].drop_duplicates("country")
    places |= {node for node, country in zip(first["id"], first["country"], strict=True) if country in named}
    keep("nodes", (node in places for node in old["nodes"]["id"]))
    return {name: table for name, table in new.items() if name in TABLES}


def _keep_plans(case: Case, new: dict[str, pd.DataFrame], keep: Any) -> None:
    """Projections of what is left, what widens it, and the projects that these belong to or need."""
    left = {row for table in ("links", "pools", "supply", "demand", "processes") for row in new[table]["id"]}
    for table in ("expansion_targets", "projections"):
        keep(table, (target in left for target in case.tables[table]["target"]))
    projects = case.tables["expansions"]
    needs = dict(zip(projects["id"], projects["needs"], strict=True))
    chosen: set[str] = set()
    more = set(new["expansion_targets"]["expansion"])
    while more:
        chosen |= more
        more = {other for name in more for other in needs.get(name, ())} - chosen
    keep("expansions", (name in chosen for name in projects["id"]))
    new["expansions"]["excludes"] = [
        tuple(other for other in others if other in chosen) for others in new["expansions"]["excludes"]
    ]


def _keep_screens(new: dict[str, pd.DataFrame]) -> None:
    """A corridor whose screen carries other goods only is counted on the first of its links that is left."""
    left = dict(zip(new["corridor_links"]["corridor"][::-1], new["corridor_links"]["link"][::-1], strict=True))
    links = set(new["links"]["id"])
    corridors = new["corridors"]
    corridors["screen"] = [
        screen if screen in links else left[name]
        for name, screen in zip(corridors["id"], corridors["screen"], strict=True)
    ]


def _keep_instruments(case: Case, new: dict[str, pd.DataFrame], keep: Any, goods: frozenset[str]) -> None:
    """Instruments that touch a good of the part; those of areas and blocs always."""
    table = case.tables["instruments"]
    about = row_goods("instruments", table, case.tables)
    anywhere = table["kind"].isin(("area_closure", "membership"))
    keep("instruments", (bool(always or set(own) & goods) for always, own in zip(anywhere, about, strict=True)))
    new["instruments"]["goods"] = [tuple(g for g in own if g in goods) for own in new["instruments"]["goods"]]
