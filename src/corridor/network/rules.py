"""Bans and agreements: what is not a change of one number becomes a mask or a row of the limits table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from corridor.errors import QuestionError
from corridor.network.model import LedgerRow, Limit
from corridor.network.streams import Distinction

if TYPE_CHECKING:
    from corridor.case.model import Case
    from corridor.network.calendar import Periods
    from corridor.network.edits import Targets
    from corridor.network.instruments import Instrument
    from corridor.network.model import Bools, Demands, Links
    from corridor.network.streams import Stream
    from corridor.program import Floats, Ints

__all__ = ["Rules", "crossed_countries", "distinctions_of", "rules_of"]


@dataclass(frozen=True)
class Rules:
    """What bans and agreements are written on."""

    case: Case
    periods: Periods
    targets: Targets
    links: Links
    flow_link: Ints
    flow_stream: Ints
    streams: Sequence[Stream]
    country: Sequence[str]
    demands: Demands
    rows: list[LedgerRow] = field(default_factory=list)

    def ledger(self) -> tuple[LedgerRow, ...]:
        """What bans and agreements changed."""
        return tuple(self.rows)


def crossed_countries(case: Case) -> tuple[frozenset[str], ...]:
    """Countries whose territory each link crosses: as told, else those of its two ends."""
    where = dict(zip(case.tables["nodes"]["id"], case.tables["nodes"]["country"], strict=True))
    links = case.tables["links"]
    return tuple(
        frozenset(crosses) | {where[a], where[b]}
        for crosses, a, b in zip(links["crosses"], links["from"], links["to"], strict=True)
    )


def distinctions_of(case: Case, instruments: Sequence[Instrument]) -> tuple[Distinction, ...]:
    """What the instruments need told apart."""
    goods = set(case.tables["goods"]["id"])
    told: list[Distinction] = []
    for i in instruments:
        if i.kind in ("ban", "transit_ban"):
            if i.target not in goods:
                raise QuestionError(
                    f"{i.kind}:{i.target}: the target of a {i.kind} is a good; there are {', '.join(sorted(goods))}"
                )
            _known_countries(case, i)
        if i.kind == "ban":
            told.append(Distinction(i.target, frozenset(i.origin or i.destination)))
        elif i.kind == "transit_ban":
            told.append(Distinction(i.target, frozenset(i.origin), frozenset(i.through)))
        elif i.kind == "agreement" and i.origin:
            _known_countries(case, i)
            told.extend(Distinction(good, frozenset(i.origin)) for good in i.goods or goods)
    return tuple(told)


def _known_countries(case: Case, instrument: Instrument) -> None:
    known = set(case.tables["nodes"]["country"])
    for crossed in case.tables["links"]["crosses"]:
        known.update(crossed)
    for country in (*instrument.origin, *instrument.destination, *instrument.through):
        if country not in known:
            raise QuestionError(
                f"{instrument.kind}:{instrument.target}: {country!r} is no country of the case; it has {', '.join(sorted(known))}"
            )


def rules_of(rules: Rules, instruments: Sequence[Instrument], wanted: Floats) -> tuple[Bools, Bools, tuple[Limit, ...]]:
    """Masks of flows (T, F) and deliveries (T, K), and the limits; `wanted` (T, D) is what each demand would take."""
    allowed = np.ones((len(rules.periods), len(rules.flow_link)), dtype=bool)
    take_allowed = np.ones((len(rules.periods), len(rules.demands.take_demand)), dtype=bool)
    limits: list[Limit] = []
    closed = _closed(rules, instruments)
    for instrument in instruments:
        when = rules.periods.inside(instrument.start, instrument.end)
        if instrument.kind == "ban":
            banned = _banned_deliveries(rules, instrument)
            take_allowed &= ~np.outer(when, banned)
            _note(rules, when, f"deliveries of {instrument.target}", instrument)
        elif instrument.kind == "transit_ban":
            banned = _banned_transit(rules, instrument)
            allowed &= ~np.outer(when, banned)
            _note(rules, when, f"transit of {instrument.target}", instrument)
        elif instrument.kind == "agreement":
            limits.extend(_minimum(rules, instrument, closed, wanted))
            _note(rules, when, instrument.target, instrument)
    return allowed, take_allowed, tuple(limits)


def _note(rules: Rules, when: Bools, what: str, instrument: Instrument) -> None:
    column, before, after = {
        "ban": ("allowed", 1.0, 0.0),
        "transit_ban": ("allowed", 1.0, 0.0),
        "agreement": ("minimum", 0.0, np.nan if instrument.min is None else float(instrument.min)),
    }[instrument.kind]
    rules.rows.extend(LedgerRow(int(t), what, column, before, after, instrument.id) for t in np.flatnonzero(when))


def _banned_deliveries(rules: Rules, ban: Instrument) -> Bools:
    streams = rules.streams
    at = [rules.country[n] for n in rules.demands.node[rules.demands.take_demand]]
    origin, destination = frozenset(ban.origin), frozenset(ban.destination)
    banned = []
    for country, k in zip(at, rules.demands.take_stream, strict=True):
        stream = streams[k]
        comes = stream.origins <= origin if origin else not stream.origins & destination
        goes = country in destination if destination else country not in origin
        banned.append(stream.good == ban.target and comes and goes)
    return np.array(banned, dtype=bool)


def _banned_transit(rules: Rules, ban: Instrument) -> Bools:
    origin, through = frozenset(ban.origin), frozenset(ban.through)
    crosses = np.array([bool(c & through) for c in crossed_countries(rules.case)], dtype=bool)
    bound = np.array(
        [s.good == ban.target and s.origins <= origin and not s.destinations & through for s in rules.streams],
        dtype=bool,
    )
    # Goods of the country itself are not in transit through it.
    own = np.array([bool(s.origins & through) for s in rules.streams], dtype=bool)
    banned: Bools = crosses[rules.flow_link] & (bound & ~own)[rules.flow_stream]
    return banned


def _closed(rules: Rules, instruments: Sequence[Instrument]) -> Bools:
    """Periods in which each link is shut by a closure, shape (T, A)."""
    shut = np.zeros((len(rules.periods), len(rules.links.ids)), dtype=bool)
    for i in instruments:
        if i.kind == "closure" and rules.targets.find(i)[0] == "links":
            when = np.flatnonzero(rules.periods.inside(i.start, i.end))
            shut[np.ix_(when, np.array(rules.targets.find(i)[1], np.int64))] = True
    return shut


def _as_kept(case: Case, instrument: str) -> float:
    """What calibration found to be sent under an agreement, over its minimum."""
    levels = case.tables["levels"]
    found = levels.loc[(levels["table"] == "instruments") & (levels["id"] == instrument), "factor"]
    return float(found.iloc[0]) if len(found) else 1.0


def _minimum(rules: Rules, i: Instrument, closed: Bools, wanted: Floats) -> list[Limit]:
    table, items = rules.targets.find(i)
    if table not in ("links", "demand"):
        raise QuestionError(f"agreement:{i.target}: an agreement is on a link, a corridor or a demand, not on {table}")
    if table == "links" and i.min is None:
        raise QuestionError(f"agreement:{i.target} needs a minimum volume, as in min=20Mt/yr")
    when = rules.periods.inside(i.start, i.end)
    if i.force_majeure and table == "links":
        # A corridor is shut with its screen.
        when = when & ~closed[:, rules.targets.screens.get(i.target, items[0])]
    goods, origin = set(i.goods), frozenset(i.origin)
    counts = [(not goods or s.good in goods) and (not origin or s.origins <= origin) for s in rules.streams]
    if table == "links":
        at = rules.targets.screens.get(i.target, items[0])
        members = np.flatnonzero((rules.flow_link == at) & np.array(counts)[rules.flow_stream])
        level = np.full(len(rules.periods), float(i.min or 0.0) * _as_kept(rules.case, i.id))
    else:
        members = np.flatnonzero((rules.demands.take_demand == items[0]) & np.array(counts)[rules.demands.take_stream])
        level = wanted[:, items[0]] if i.min is None else np.full(len(rules.periods), float(i.min))
    years = rules.periods.years
    rows = []
    for year in dict.fromkeys(s.year for s in rules.periods.starts):
        inside = np.flatnonzero(when & np.array([s.year == year for s in rules.periods.starts]))
        if not len(inside) or not len(members):
            continue
        rows.append(
            Limit(
                id=f"{i.id}_{year}",
                instrument=i.id,
                quantity="flow" if table == "links" else "take",
                period=np.repeat(inside, len(members)),
                item=np.tile(members, len(inside)),
                lower=float(level[inside] @ years[inside]),
                upper=np.inf,
                price=np.nan if i.price is None else float(i.price),
                obliged=i.obliged,
                beneficiary=i.beneficiary,
                target=i.target,
            )
        )
    return rows
