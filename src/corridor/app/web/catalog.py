"""What the page must know of a case before anything is asked: places, links, corridors, measures, dates, questions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from corridor.analysis.world import country_name, list_words, name_of, span_words
from corridor.app.web.answers import VERBS, shown_of
from corridor.app.web.takeaway import command_of
from corridor.case import canonical_price_unit, counts, evidence, groups_of, records, warnings
from corridor.network import crossed_countries, cut, every_instrument, goods_touched
from corridor.report import Shown, assumed_table, map_links, map_nodes, timeline_block

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from corridor.case import Case
    from corridor.network import Instrument

__all__ = ["assumed_of", "catalog", "evidence_of"]

_COSTS = ("resource_cost", "tariff", "transit_fee")


def catalog(case: Case, name: str) -> dict[str, Any]:
    """The case as the page shows it; `name` is how a command names it."""
    settings, calendar = case.settings, case.settings.calendar
    periods = cut(calendar, ())
    groups = {(settings.groups[key].name if key else ""): goods for key, goods in groups_of(case).items()}
    group_of_good = {good: group for group, goods in groups.items() for good in goods}
    every = tuple(case.tables["goods"]["id"])
    instruments = every_instrument(case)
    timelines = {
        group: timeline_block(case, goods, general=number == 0) for number, (group, goods) in enumerate(groups.items())
    }
    return {
        "case": {
            "name": case.name,
            "title": settings.title,
            "hash": case.hash,
            "subtitle": f"{span_words(calendar.start, calendar.end)}, by {calendar.step}",
        },
        "calendar": {
            "start": calendar.start.isoformat(),
            "end": calendar.end.isoformat(),
            "step": calendar.step,
            "periods": list(periods.labels),
            "slices": dict(settings.slices),
            "planning": list(settings.planning.years[1:]) if settings.planning is not None else [],
        },
        "groups": [{"name": group, "goods": list(goods)} for group, goods in groups.items()],
        "goods": [
            {
                "id": row["id"],
                "name": row["name"],
                "unit": row["unit"],
                "price_unit": canonical_price_unit(row["unit"]),
                "group": group_of_good.get(row["id"], ""),
            }
            for row in records(case.tables["goods"])
        ],
        "countries": _countries(case),
        "corridors": _corridors(case),
        "network": {"nodes": map_nodes(case, every), "links": _links(case, every)},
        "supply": _ends(case, "supply"),
        "demand": _ends(case, "demand"),
        "scenarios": [
            {
                "id": row["id"],
                "name": row["name"],
                "headline": bool(row["headline"]),
                "instruments": [i.text() for i in own],
                "goods": sorted(touched),
                "groups": [group for group, goods in groups.items() if touched & set(goods)],
                "start": min((i.start.isoformat() for i in own if i.start), default=None),
                "end": max((i.end.isoformat() for i in own if i.end), default=None)
                if all(i.end for i in own)
                else None,
                "note": row["note"],
            }
            for row in records(case.tables["scenarios"])
            for own in ([i for i in instruments if row["id"] in i.scenarios],)
            for touched in (goods_touched(case, own) if own else frozenset(),)
        ],
        "instruments": _instruments(case, instruments),
        "timeline": {group: block for group, block in timelines.items() if block},
        # Without planning years there is nothing to invest in.
        "verbs": [verb for verb in VERBS if verb != "invest" or settings.planning is not None],
        "questions": _questions(case, name, groups),
        "counts": {**counts(case), "rows": {t: len(rows) for t, rows in case.tables.items() if len(rows)}},
        "warnings": [str(fault) for fault in warnings(case)],
        "worldlink": "/static/world.json",
    }


def evidence_of(case: Case, table: str, row: str, column: str) -> dict[str, Any]:
    """What stands behind one figure, as it is written. Raises `QuestionError` for a figure that is not there."""
    found = evidence(case, table, row, column)
    return {
        "table": table,
        "id": row,
        "column": column,
        "value": found.value or None,
        "unit": found.unit,
        "basis": found.basis,
        "confidence": found.confidence,
        "low": found.low or None,
        "high": found.high or None,
        "reason": found.reason,
        "note": found.note,
        "sources": [vars(source) for source in found.sources],
    }


def assumed_of(case: Case, group: str | None) -> dict[str, Any]:
    """Everything that no source gives, of a group's goods or of all."""
    shown = Shown.everything(case, case.tables["goods"]["id"].iloc[0]) if group is None else shown_of(case, case, group)
    return {"group": group or "", "table": assumed_table(case, shown)}


def _countries(case: Case) -> list[dict[str, str]]:
    codes = set(case.tables["nodes"]["country"]).union(*crossed_countries(case)) - {"XWD"}
    told = [{"id": code, "name": _capital(country_name(code))} for code in codes]
    return sorted(told, key=lambda one: one["name"])


def _corridors(case: Case) -> list[dict[str, Any]]:
    members = case.tables["corridor_links"]
    carried = dict(zip(case.tables["links"]["id"], case.tables["links"]["goods"], strict=True))
    crossed = dict(zip(case.tables["links"]["id"], crossed_countries(case), strict=True))
    told = []
    for row in records(case.tables["corridors"]):
        links = list(members.loc[members["corridor"] == row["id"], "link"])
        told.append(
            {
                "id": row["id"],
                "name": row["name"],
                "links": links,
                "screen": row["screen"],
                "goods": list(dict.fromkeys(good for link in links for good in carried[link])),
                "countries": sorted(set().union(*(crossed[link] for link in links))),
                "route": bool(row["route"]),
                "note": row["note"],
            }
        )
    return told


def _links(case: Case, goods: tuple[str, ...]) -> list[dict[str, Any]]:
    """Links as a map draws them, with what a card tells of each."""
    where = dict(zip(case.tables["nodes"]["id"], case.tables["nodes"]["country"], strict=True))
    units = dict(zip(case.tables["goods"]["id"], case.tables["goods"]["unit"], strict=True))
    crossed = dict(zip(case.tables["links"]["id"], crossed_countries(case), strict=True))
    rows = {row["id"]: row for row in records(case.tables["links"])}
    owners: dict[str, list[dict[str, Any]]] = {}
    for row in records(case.tables["ownership"]):
        told = {key: row[key] for key in ("party", "country", "share", "role")}
        owners.setdefault(row["asset"], []).append(told)
    links = map_links(case, goods)
    for link in links:
        row = rows[link["id"]]
        link |= {
            "goods": list(row["goods"]),
            "crosses": sorted(crossed[link["id"]]),
            "controlled_by": row["controlled_by"] or where[row["from"]],
            "owner": owners.get(row["asset"] or row["id"], []),
            **{name: _number(row[name]) for name in _COSTS},
            "cost_unit": canonical_price_unit(units[row["goods"][0]]),
            "distance": _number(row["length_km"]),
            "distance_unit": "km",
            "loss": _number(row["loss"]),
            "source": list(row["source"]),
            "basis": row["basis"],
            "confidence": row["confidence"],
            "note": row["note"],
        }
    return links


def _ends(case: Case, table: str) -> list[dict[str, Any]]:
    units = dict(zip(case.tables["goods"]["id"], case.tables["goods"]["unit"], strict=True))
    return [
        {
            **{key: row[key] for key in ("id", "name", "node", "good")},
            "quantity": _number(row["quantity"]),
            "unit": f"{units[row['good']]}/yr",
        }
        for row in records(case.tables[table])
    ]


def _instruments(case: Case, instruments: tuple[Instrument, ...]) -> list[dict[str, Any]]:
    sources = dict(zip(case.tables["instruments"]["id"], case.tables["instruments"]["source"], strict=True))
    every = dict.fromkeys(i for i in instruments if not i.scenarios)
    every |= dict.fromkeys(i for s in case.tables["scenarios"]["id"] for i in instruments if s in i.scenarios)
    return [
        {
            "id": i.id,
            "name": i.name or f"{i.kind.replace('_', ' ')}: {name_of(case, i.target)}",
            "text": i.text(),
            "kind": i.kind,
            "target": i.target,
            "goods": sorted(goods_touched(case, [i])),
            "scenarios": list(i.scenarios),
            **{key: _iso(i, key) for key in ("start", "end", "announced")},
            "source": list(sources.get(i.id, ())),
        }
        for i in every
    ]


def _iso(instrument: Instrument, key: str) -> str | None:
    day = getattr(instrument, key)
    return day.isoformat() if day else None


def _questions(case: Case, name: str, groups: dict[str, tuple[str, ...]]) -> list[dict[str, Any]]:
    """The questions of the case's own, ready to be asked."""
    shares = [("share", _share_label(case, question), dict(question)) for question in case.settings.headline]
    told = []
    for verb, label, arguments in [*shares, *_others(case)]:
        good = arguments["good"] if "good" in arguments else arguments["goods"][0]
        told.append(
            {
                "verb": verb,
                "label": label,
                "arguments": arguments,
                "group": next(group for group, goods in groups.items() if good in goods),
                "command": command_of(verb, name, arguments),
            }
        )
    return told


def _share_label(case: Case, question: Mapping[str, str]) -> str:
    way = next(how for how in ("through", "partner", "touching", "via") if how in question)
    about = name_of(case, question[way]) if way == "via" else country_name(question[way])
    exports = question.get("direction", "exports") == "exports"
    words = {
        "through": f"crosses {about}",
        "partner": f"{'goes to' if exports else 'comes from'} {about}",
        "touching": f"crosses or ends in {about}",
        "via": f"takes {about}",
    }
    trade = "use" if question.get("over") == "use" else question.get("direction", "exports")
    good = name_of(case, question["good"]).lower()
    return f"Which share of {country_name(question['of'])}'s {trade} of {good} {words[way]}?"


def _others(case: Case) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Questions of other verbs that the app can ask: verb, label, arguments."""
    for question in case.settings.asked:
        arguments: dict[str, Any] = {
            key: list(v) if isinstance(v, tuple) else v for key, v in question.items() if key != "verb"
        }
        verb = str(question["verb"])
        if verb == "stress":
            good, country = name_of(case, arguments["good"]).lower(), country_name(arguments["for"])
            label = f"Which closures hurt {country}'s trade in {good} most?"
        elif verb == "bargain":
            label = f"What can each state claim of trade in {name_of(case, arguments['good']).lower()}?"
        elif verb == "retaliate":
            one, other = map(country_name, arguments["between"])
            goods = ", ".join(name_of(case, good).lower() for good in arguments["goods"])
            label = f"What do {one} and {other} do to each other by bans on {goods}?"
        elif verb == "invest":
            label = f"What has to be built for {country_name(arguments['of'])}'s {name_of(case, arguments['good']).lower()}?"
        else:
            sellers = list_words([country_name(seller) for seller in arguments["sellers"]])
            label = f"What would {sellers} gain by selling {name_of(case, arguments['good']).lower()} as one?"
        yield verb, label, arguments


def _number(value: Any) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
