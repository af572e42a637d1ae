"""A case's events and dated instruments -> a timeline: what happened, what is in force, and what of it is modelled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor.analysis.world import country_name, name_of
from corridor.case import records, row_goods

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable

    from corridor.case import Case

Block = dict[str, Any]

__all__ = ["timeline_block"]


def timeline_block(case: Case, goods: Collection[str], *, general: bool = False) -> Block | None:
    """Events and dated instruments about some goods; with `general`, also the events that are about no good of the case.

    An event stands with the instruments that model it; instruments in force in every scenario that no event names stand
    beside them. None where nothing is dated.
    """
    rows = []
    instruments, touched = records(case.tables["instruments"]), _instrument_goods(case)
    for event in records(case.tables["events"]):
        about = _goods(event, touched)
        if set(about) & set(goods) or (general and not about):
            rows.append(_event_row(case, event, [i for i in instruments if i["id"] in event["instruments"]], about))
    rows += [
        _measure_row(case, i, touched[i["id"]])
        for i in _measures(case, instruments)
        if set(touched[i["id"]]) & set(goods)
    ]
    if not rows:
        return None
    rows.sort(key=lambda row: (row["start"] or row["end"], row["name"]))
    calendar = case.settings.calendar
    solved = {"start": calendar.start.isoformat(), "end": calendar.end.isoformat(), "label": "Calendar of the answers"}
    note = "Measures that only a scenario holds are left out, unless an event names them."
    return {"type": "timeline", "rows": rows, "solved": solved, "note": note}


def _goods(event: dict[str, Any], about: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Goods that an event is about: those it names, else those of the instruments that model it."""
    if event["goods"] or not event["instruments"]:
        return tuple(event["goods"])
    return tuple(dict.fromkeys(good for name in event["instruments"] for good in about.get(name, ())))


def _instrument_goods(case: Case) -> dict[str, tuple[str, ...]]:
    table = case.tables["instruments"]
    return dict(zip(table["id"], row_goods("instruments", table, case.tables), strict=True))


def _measures(case: Case, instruments: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Dated instruments of every scenario that no event names."""
    named = {name for names in case.tables["events"]["instruments"] for name in names}
    return [
        row for row in instruments if not row["scenarios"] and (row["start"] or row["end"]) and row["id"] not in named
    ]


def _event_row(
    case: Case, event: dict[str, Any], instruments: list[dict[str, Any]], about: tuple[str, ...]
) -> dict[str, Any]:
    row = _row(case, event, "event", event["countries"], about)
    row["models"] = [_modelled(case, event, i) for i in instruments]
    # An event without an end is a single day, unless what models it is still in force.
    row["open"] = event["end"] is None and any(i["end"] is None for i in instruments)
    for key in ("claim", "verdict"):
        if event[key]:
            row[key] = event[key]
    return row


def _measure_row(case: Case, instrument: dict[str, Any], about: tuple[str, ...]) -> dict[str, Any]:
    named = instrument | {
        "name": instrument["name"] or f"{instrument['kind']} of {name_of(case, instrument['target'])}"
    }
    row = _row(case, named, "measure", _acting(case, instrument), about)
    return row | {
        "models": [f"{instrument['kind'].replace('_', ' ')} ({instrument['id']})"],
        "open": not instrument["end"],
    }


def _row(case: Case, told: dict[str, Any], what: str, countries: Iterable[str], goods: Iterable[str]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": f"{what} {told['id']}",
        "name": told["name"],
        "what": what,
        **{key: _iso(told[key]) for key in ("start", "end", "announced")},
        "countries": [_capital(country_name(code)) for code in countries],
        "goods": [name_of(case, good) for good in goods],
        "source": list(told["source"]),
    }
    if told["announced"] == told["start"]:
        row["announced"] = None
    if told["start"] and told["end"] and told["end"] <= told["start"]:
        row["end"] = None
    trust = {key: str(told[key]) for key in ("basis", "confidence", "note") if told[key]}
    return row | trust


def _modelled(case: Case, event: dict[str, Any], instrument: dict[str, Any]) -> str:
    """An instrument that models an event, with its dates where they are others, and its scenarios."""
    told = instrument["name"] or f"{instrument['kind'].replace('_', ' ')} ({instrument['id']})"
    extra = []
    if (instrument["start"], instrument["end"]) != (event["start"], event["end"]):
        extra.append(f"{_iso(instrument['start']) or 'since ever'} to {_iso(instrument['end']) or 'open'}")
    if instrument["scenarios"]:
        extra.append(f"only in {', '.join(name_of(case, name) for name in instrument['scenarios'])}")
    return f"{told} ({'; '.join(extra)})" if extra else told


def _acting(case: Case, instrument: dict[str, Any]) -> tuple[str, ...]:
    """Countries that an instrument is a measure of: the government that collects, the origin, else where it acts."""
    if instrument["government"]:
        return (instrument["government"],)
    if instrument["origin"] and instrument["kind"] != "tariff_quota":
        return tuple(instrument["origin"])
    country = dict(zip(case.tables["nodes"]["id"], case.tables["nodes"]["country"], strict=True))
    target = instrument["target"]
    screens = dict(zip(case.tables["corridors"]["id"], case.tables["corridors"]["screen"], strict=True))
    for table, at in (
        ("links", "from"),
        ("supply", "node"),
        ("demand", "node"),
        ("processes", "node"),
        ("storage", "node"),
    ):
        rows = case.tables[table]
        found = rows.loc[rows["id"] == screens.get(target, target), at]
        if len(found):
            return (country[found.iloc[0]],)
    return tuple(instrument["destination"])


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
