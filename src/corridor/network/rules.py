"""Bans become masks; agreements, quotas, leaks and stock releases become rows of the limits table."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.errors import QuestionError
from corridor.network.amounts import leaked_share
from corridor.network.model import LedgerRow, Limit, Stores, Supplies

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.network.instruments import Instrument
    from corridor.network.model import Bools
    from corridor.network.scope import Scope
    from corridor.program import Floats, Ints

__all__ = ["Rules", "rules_of"]


@dataclass(frozen=True)
class Rules:
    """What bans and limits come to: masks of flows (T, F) and of deliveries (T, K), limits, ledger."""

    allowed: Bools
    take_allowed: Bools
    limits: tuple[Limit, ...]
    ledger: tuple[LedgerRow, ...]


@dataclass
class _Written:
    """Rules while they are written."""

    scope: Scope
    wanted: Floats
    supplies: Supplies
    stores: Stores
    allowed: Bools
    take_allowed: Bools
    limits: list[Limit] = field(default_factory=list)
    ledger: list[LedgerRow] = field(default_factory=list)


def rules_of(
    scope: Scope, instruments: Sequence[Instrument], wanted: Floats, supplies: Supplies, stores: Stores
) -> Rules:
    """Write the rules; `wanted` (T, D) is what each demand would take."""
    n_periods = len(scope.periods)
    rules = _Written(
        scope,
        wanted,
        supplies,
        stores,
        np.ones((n_periods, len(scope.flow_link)), dtype=bool),
        np.ones((n_periods, len(scope.demands.take_demand)), dtype=bool),
    )
    closed = _closed(scope, instruments)
    for i in instruments:
        when = scope.periods.inside(i.start, i.end)
        if i.kind == "ban":
            _ban(rules, i, when)
        elif i.kind == "transit_ban":
            rules.allowed &= ~np.outer(when, scope.in_transit(i))
            _note(rules, when, f"transit of {i.target}", "allowed", 1.0, 0.0, i)
        elif i.kind == "agreement":
            _agreement(rules, i, when, closed)
        elif i.kind == "quota":
            _quota(rules, i, when)
        elif i.kind == "stock_release":
            _release(rules, i, when)
    return Rules(rules.allowed, rules.take_allowed, tuple(rules.limits), tuple(rules.ledger))


def _note(rules: _Written, when: Bools, what: str, column: str, before: float, after: float, i: Instrument) -> None:
    rules.ledger.extend(LedgerRow(int(t), what, column, before, after, i.id) for t in np.flatnonzero(when))


def _ban(rules: _Written, i: Instrument, when: Bools) -> None:
    """Nothing is delivered (or enters by the banned modes); with leakage, at most so much."""
    scope = rules.scope
    if i.modes and not i.destination:
        raise QuestionError(f"ban:{i.target}: a ban by mode needs a destination that the goods enter")
    banned = scope.entering(i) if i.modes else scope.deliveries(i)
    _note(rules, when, f"deliveries of {i.target}", "allowed", 1.0, 0.0, i)
    if i.leakage is None:
        mask = rules.allowed if i.modes else rules.take_allowed
        mask &= ~np.outer(when, banned)
        return
    share = leaked_share(i.leakage)
    members = np.flatnonzero(banned)
    if share is None:
        level = np.full(len(scope.periods), float(i.leakage))
    elif i.modes:
        raise QuestionError(
            f"ban:{i.target}: a share leaks of deliveries; a ban by mode needs a volume, as in leakage=0.5Mt/yr"
        )
    else:
        level = share * rules.wanted[:, np.unique(scope.demands.take_demand[members])].sum(axis=1)
    quantity = "flow" if i.modes else "take"
    rules.limits.extend(_yearly(rules, i, when, quantity, members, level, most=True))


def _agreement(rules: _Written, i: Instrument, when: Bools, closed: Bools) -> None:
    scope = rules.scope
    table, items = scope.targets.find(i)
    if table not in ("links", "demand"):
        raise QuestionError(f"agreement:{i.target}: an agreement is on a link, a corridor or a demand, not on {table}")
    if table == "links":
        if i.min is None:
            raise QuestionError(f"agreement:{i.target} needs a minimum volume, as in min=20Mt/yr")
        if i.priority == "exports":
            raise QuestionError(
                f"agreement:{i.target}: exports can come before an agreement on a demand; one on a link or corridor moves "
                "exports itself"
            )
        if i.force_majeure:
            # A corridor is shut with its screen.
            shut = closed[:, scope.targets.screens.get(i.target, items[0])] | _cut_off(rules, scope.flows_on(i), closed)
            # That it asks for nothing is what it does; the name is no row's, so that nothing reads it as a limit on one.
            _note(rules, when & shut, f"agreement on {i.target}", "released", float(i.min), 0.0, i)
            when = when & ~shut
        members = scope.flows_on(i)
        level = np.full(len(scope.periods), float(i.min) * scope.as_kept.get(i.id, 1.0))
    else:
        if i.force_majeure:
            raise QuestionError(
                f"agreement:{i.target}: force majeure releases an agreement on a link or corridor while that is closed; "
                "a demand has no route of its own"
            )
        mine = scope.demands.take_demand == items[0]
        members = np.flatnonzero(mine & scope.streams_of(i)[scope.demands.take_stream])
        level = rules.wanted[:, items[0]] if i.min is None else np.full(len(scope.periods), float(i.min))
    _note(rules, when, i.target, "minimum", 0.0, np.nan if i.min is None else float(i.min), i)
    quantity = "flow" if table == "links" else "take"
    written = _yearly(rules, i, when, quantity, members, level, most=False)
    rules.limits.extend(
        [_yielding(scope, limit, items[0]) for limit in written] if i.priority == "exports" else written
    )


def _cut_off(rules: _Written, members: Ints, closed: Bools) -> Bools:
    """Periods in which closures let nothing come from where it is made to any of these flows, (T,)."""
    scope, supplies = rules.scope, rules.supplies
    found = np.zeros(len(closed), dtype=bool)
    if not closed.any():
        return found
    streams = np.unique(scope.flow_stream[members])
    mine = np.flatnonzero(np.isin(scope.flow_stream, streams))
    start, end = scope.links.start[scope.flow_link[mine]], scope.links.end[scope.flow_link[mine]]
    stream = np.searchsorted(streams, scope.flow_stream[mine])
    given = np.isin(supplies.give_stream, streams)
    at, of = supplies.node[supplies.give_supply[given]], np.searchsorted(streams, supplies.give_stream[given])
    asked = np.isin(mine, members)
    for t in np.flatnonzero(closed.any(axis=1)):
        is_open = scope.links.capacity[t, scope.flow_link[mine]] > 0
        reached = np.zeros((len(scope.country), len(streams)), dtype=bool)
        reached[at, of] = True
        known = 0
        while known < (known := int(reached.sum())):
            through = is_open & reached[start, stream]
            reached[end[through], stream[through]] = True
        found[t] = not (is_open & reached[start, stream])[asked].any()
    return found


def _yielding(scope: Scope, limit: Limit, demand: int) -> Limit:
    """The limit with the deliveries that come before it: the same good of its country, delivered abroad."""
    demands = scope.demands
    home = scope.country[demands.node[demand]]
    abroad = [
        scope.country[demands.node[d]] != home
        and demands.good[d] == demands.good[demand]
        and scope.streams[k].origins <= {home}
        for d, k in zip(demands.take_demand, demands.take_stream, strict=True)
    ]
    good, year = scope.streams[demands.take_stream[limit.item[0]]].good, scope.periods.starts[limit.period[0]].year
    return replace(limit, exports=np.flatnonzero(abroad), group=f"{good}_{home}_{year}")


def _quota(rules: _Written, i: Instrument, when: Bools) -> None:
    scope = rules.scope
    on_good = scope.is_good(i.target)
    members = np.flatnonzero(scope.deliveries(i)) if on_good else scope.flows_on(i)
    level = np.full(len(scope.periods), float(i.max or 0.0))
    _note(rules, when, i.target, "most", np.inf, float(i.max or 0.0), i)
    rules.limits.extend(_yearly(rules, i, when, "take" if on_good else "flow", members, level, most=True))


def _yearly(
    rules: _Written, i: Instrument, when: Bools, quantity: str, members: Ints, level: Floats, *, most: bool
) -> list[Limit]:
    """One limit for each calendar year that the dates touch, pro rata: at least, or at most, `level` on average."""
    scope = rules.scope
    years = scope.periods.years
    found = []
    for year in dict.fromkeys(s.year for s in scope.periods.starts):
        inside = np.flatnonzero(when & np.array([s.year == year for s in scope.periods.starts]))
        if not len(inside) or not len(members):
            continue
        volume = float(level[inside] @ years[inside])
        found.append(
            Limit(
                id=f"{i.id}_{year}",
                instrument=i.id,
                quantity=quantity,
                period=np.repeat(inside, len(members)),
                item=np.tile(members, len(inside)),
                lower=-np.inf if most else volume,
                upper=volume if most else np.inf,
                price=np.nan if i.price is None else float(i.price),
                obliged=i.obliged,
                beneficiary=i.beneficiary,
                holder=_holder(i) if most else "",
                target=i.target,
            )
        )
    return found


def _holder(i: Instrument) -> str:
    """Who takes a quota's rent: as told, else the importing government, else that of the origin."""
    if i.kind == "ban":
        return "grey trade"
    return i.holder or (i.destination[0] if i.destination else i.origin[0] if i.origin else "unassigned")


def _release(rules: _Written, i: Instrument, when: Bools) -> None:
    """s[before] - s[after] >= volume, over the whole of the dates."""
    scope, stores = rules.scope, rules.stores
    table, items = scope.targets.find(i)
    if table != "storage":
        raise QuestionError(
            f"stock_release:{i.target}: {i.target} stands in {table}; a stock release is from a storage"
        )
    inside = np.flatnonzero(when)
    if not len(inside):
        return
    pairs = np.flatnonzero(stores.pair_store == items[0])
    before, after = int(inside[0]) - 1, int(inside[-1])
    period, item, weight = [np.full(len(pairs), after)], [pairs], [np.full(len(pairs), -1.0)]
    least = float(i.volume or 0.0)
    if before >= 0:
        period.append(np.full(len(pairs), before))
        item.append(pairs)
        weight.append(np.ones(len(pairs)))
    else:
        least -= float(stores.pair_initial[pairs].sum())
    _note(rules, when, i.target, "release", 0.0, float(i.volume or 0.0), i)
    rules.limits.append(
        Limit(
            id=i.id,
            instrument=i.id,
            quantity="stock",
            period=np.concatenate(period),
            item=np.concatenate(item),
            lower=least,
            upper=np.inf,
            weight=np.concatenate(weight),
            target=i.target,
        )
    )


def _closed(scope: Scope, instruments: Sequence[Instrument]) -> Bools:
    """Periods in which each link is shut by a closure, shape (T, A)."""
    shut = np.zeros((len(scope.periods), len(scope.links.ids)), dtype=bool)
    for i in instruments:
        if i.kind in ("closure", "area_closure") and scope.targets.find(i)[0] == "links":
            when = np.flatnonzero(scope.periods.inside(i.start, i.end))
            shut[np.ix_(when, np.array(scope.targets.find(i)[1], np.int64))] = True
    return shut
