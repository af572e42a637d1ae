"""Rows of an investment answer, and those of them that need solves of their own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor.analysis.plan_answer import HOLDER
from corridor.analysis.plan_share import count
from corridor.analysis.projects import annuity, with_needs
from corridor.errors import InfeasibleError
from corridor.study import answer

if TYPE_CHECKING:
    from corridor.analysis.plan_answer import Answered
    from corridor.analysis.plan_share import Question
    from corridor.analysis.plan_years import PlanYear, Years
    from corridor.analysis.planner import Potential
    from corridor.analysis.projects import Project
    from corridor.result import Result

__all__ = [
    "Effect",
    "FrontierPoint",
    "Payment",
    "PerPoint",
    "Planned",
    "Sensitivity",
    "Utilised",
    "YearRow",
    "effects_of",
    "payments",
    "per_point",
    "utilised",
    "yearly_cost",
]

NO_GAIN = 1e-5
"""A project that lowers the share by less than this does not lower it."""


@dataclass(frozen=True)
class Planned:
    """A project of the plan: the planning year in which it begins to work, and how much of it. Money in million USD."""

    expansion: str
    year: int
    fraction: float
    build_cost: float
    discounted: float


@dataclass(frozen=True)
class YearRow:
    """A planning year without and with the plan. Quantities a year, money in million USD (per unit: per good.unit)."""

    year: int
    stands_for: int
    volume_before: float
    """exports (or the country's use) with nothing built and no limit"""
    volume: float
    share_before: float
    share: float
    support_per_unit: float
    moved: float
    """what goes another way than it would without the limit"""
    support: float
    """support_per_unit times moved, a year"""
    support_on_all: float
    """the same if all that avoids the country is paid it"""
    kept_per_unit: float
    """what a unit of exports must be paid so that exports stay up"""
    worst_loss: float | None = None
    """share of the exports that has no way under the worst single closure; None where not asked"""
    worst_closure: str = ""


@dataclass(frozen=True)
class Utilised:
    """How far a capacity that the plan widens is used, in rates of good.unit a year, averages of the year."""

    expansion: str
    target: str
    year: int
    used: float
    capacity: float
    utilisation: float | None


@dataclass(frozen=True)
class FrontierPoint:
    """The least cost (present value, million USD) at which the share is at most this, and what is built for it."""

    cost: float
    share: float
    build_cost: float
    plan: tuple[Planned, ...]
    error: float = 0.0
    """no plan of whole projects costs less by more than this"""


@dataclass(frozen=True)
class PerPoint:
    """What a percentage point costs with a project (and what it needs), by itself and in the best order."""

    expansion: str
    build_cost: float
    """with what it needs"""
    points: float
    """percentage points by which the lowest possible share falls with it alone"""
    dollars_per_point: float | None
    """million USD; None where it moves nothing by itself"""
    order: int | None = None
    """place in the best order; None where it is not reached, or moves nothing then either"""
    points_then: float | None = None
    dollars_per_point_then: float | None = None
    why_absent: str = ""


@dataclass(frozen=True)
class Sensitivity:
    """The plan at another capital cost."""

    factor: float
    holds: bool
    """the same projects are built"""
    largest_change: float
    """of the fraction of a project"""
    joins: tuple[str, ...]
    leaves: tuple[str, ...]
    build_cost: float


@dataclass(frozen=True)
class Effect:
    """What a project does to the share by itself in one slice of the year asked about, without a limit or support."""

    expansion: str
    slice: str
    share_before: float
    share_after: float | None
    quantity_before: float
    """what counts in the share, over the slice, as an average rate"""
    quantity_after: float | None
    why_absent: str = ""


@dataclass(frozen=True)
class Payment:
    """What a country gains and pays in the year asked about, million USD a year."""

    country: str
    gains: float
    """change of its gains at market prices, limit against no plan"""
    pays_capital: float
    pays_support: float
    receives_support: float
    net: float


def utilised(years: Years, answers: Sequence[Answered], works: Sequence[Mapping[str, float]]) -> tuple[Utilised, ...]:
    """Use of every capacity that the plan widens, in every planning year in which it is widened."""
    found = []
    for told, built in zip(answers, works, strict=True):
        for project in years.projects:
            if built.get(project.id, 0.0) > 0:
                for target in project.adds:
                    used, capacity = _use(told.result, target)
                    finite = np.isfinite(capacity) and capacity > 0
                    found.append(
                        Utilised(project.id, target, told.year, used, capacity, used / capacity if finite else None)
                    )
    return tuple(found)


def _use(result: Result, target: str) -> tuple[float, float]:
    """Average rate and capacity of a link, pool, process or supply."""
    net, reading = result.network, result.reading
    share = net.years / net.years.sum()
    if target in net.links.ids:
        a = net.links.ids.index(target)
        used, capacity = reading.flow[:, net.flows.link == a].sum(axis=1), net.links.capacity[:, a]
    elif target in net.pools.ids:
        n = net.pools.ids.index(target)
        mine = net.pools.member_pool == n
        used = reading.flow[:, net.pools.member_flow[mine]] @ net.pools.member_weight[mine]
        capacity = net.pools.capacity[:, n]
    elif target in net.processes.ids:
        p = net.processes.ids.index(target)
        used, capacity = reading.activity[:, p], net.processes.capacity[:, p]
    else:
        s = net.supplies.ids.index(target)
        used, capacity = reading.supply[:, s], net.supplies.available[:, s]
    return float(share @ used), float(share @ capacity)


def per_point(projects: Sequence[Project], potential: Potential, until: float | None) -> tuple[PerPoint, ...]:
    """Each project alone, and in the best order: at each step the one whose next point is cheapest, until the limit."""
    needs = {project.id: project.needs for project in projects}
    cost = {project.id: project.capital for project in projects}
    able = [p.id for p in projects if with_needs(needs, {p.id}) <= potential.able]
    start = potential.least(frozenset())
    ordered = _order(able, needs, cost, potential, start, until)
    found = []
    for project in projects:
        whole = with_needs(needs, {project.id})
        price = sum(cost[name] for name in whole)
        if project.id not in able:
            why = "it cannot work by then"
            found.append(PerPoint(project.id, price, 0.0, None, why_absent=why))
            continue
        points = 100 * (start - potential.least(whole))
        place = ordered.get(project.id)
        moves = points > 100 * NO_GAIN
        found.append(
            PerPoint(
                expansion=project.id,
                build_cost=price,
                points=points if moves else 0.0,
                dollars_per_point=price / points if moves else None,
                order=place[0] if place else None,
                points_then=place[1] if place else None,
                dollars_per_point_then=place[2] if place else None,
                why_absent="" if moves else "by itself it lowers the share by nothing",
            )
        )
    return tuple(sorted(found, key=lambda r: (r.order or len(found) + 1, r.dollars_per_point or np.inf)))


def _order(
    able: Sequence[str],
    needs: Mapping[str, tuple[str, ...]],
    cost: Mapping[str, float],
    potential: Potential,
    start: float,
    until: float | None,
) -> dict[str, tuple[int, float, float]]:
    """Project -> place, points and million USD per point when it is added; of those that do nothing alone, pairs are tried."""
    found: dict[str, tuple[int, float, float]] = {}
    built: set[str] = set()
    share = start
    while share > (until if until is not None else -1.0) + NO_GAIN:
        left = [name for name in able if name not in built]
        steps = [with_needs(dict(needs), {name}) - built for name in left]
        idle = [s for s in steps if 100 * (share - potential.least(built | s, start=share)) <= 100 * NO_GAIN]
        pairs = [a | b for i, a in enumerate(idle) for b in idle[i + 1 :]]
        best = _cheapest([*(s for s in steps if s not in idle), *pairs], built, cost, potential, share)
        if best is None:
            break
        names, points = best
        price = sum(cost[name] for name in names)
        place = len({place for place, _, _ in found.values()}) + 1
        for name in names:
            found[name] = (place, points, price / points)
        built |= names
        share -= points / 100
    return found


def _cheapest(
    steps: Sequence[set[str]], built: set[str], cost: Mapping[str, float], potential: Potential, share: float
) -> tuple[set[str], float] | None:
    best: tuple[float, set[str], float] | None = None
    for names in steps:
        points = 100 * (share - potential.least(built | names, start=share))
        if points > 100 * NO_GAIN:
            price = sum(cost[name] for name in names) / points
            if best is None or price < best[0]:
                best = price, names, points
    return None if best is None else (best[1], best[2])


def effects_of(years: Years, market: PlanYear, able: Collection[str], asked: Question) -> tuple[Effect, ...]:
    """Each project by itself, with what it needs, in the market of one year: no limit, no support."""
    needs = {project.id: project.needs for project in years.projects}
    before = _by_slice(market.result, asked)
    found = []
    for project in years.projects:
        whole = with_needs(needs, {project.id})
        why = ""
        after: dict[str, tuple[float | None, float | None]] = dict.fromkeys(before, (None, None))
        if not whole <= set(able):
            why = "it cannot work by then"
        else:
            try:
                after |= _by_slice(answer(years.question(market.year, dict.fromkeys(whole, 1.0))), asked)
            except InfeasibleError as error:
                why = str(error).splitlines()[0]
        for name, (share, quantity) in before.items():
            found.append(Effect(project.id, name, share, after[name][0], quantity, after[name][1], why))
    return tuple(found)


def _by_slice(result: Result, asked: Question) -> dict[str, tuple[float, float]]:
    """Share and average rate of what counts, by slice; "" is the whole year."""
    from dataclasses import replace

    net, full = result.network, result.programs[-1].full
    blocks = {block.name: block for block in full.columns}
    primal = result.stages[-1].solution.primal
    found = {}
    for name in dict.fromkeys(("", *map(str, net.periods.slice))):
        told = count(result.case, net, blocks, len(full.cost), replace(asked, slice=name))
        hours = net.years[[not name or s == name for s in net.periods.slice]].sum() / net.years.sum()
        found[name] = (told.share(primal), float((told.numerator * primal).sum()) / float(hours))
    return found


def yearly_cost(years: Years, built: Mapping[str, float]) -> float:
    """Annuities and fixed cost of what works in a year, million USD."""
    rate = years.planning.discount_rate
    return sum(
        built.get(project.id, 0.0) * (project.capital * annuity(rate, project.lifetime) + project.fixed)
        for project in years.projects
    )


def payments(
    before: Answered, after: Answered, *, shippers: str, payer: str, yearly: float, support: float
) -> tuple[Payment, ...]:
    """Who gains and who pays in the year asked about: the payer pays for building, keeping and support.

    Gains are those of the year under the plan (`after`) less those of the same year with nothing built and no limit. The
    limit is a price among the shippers of a country, which costs nobody else; support goes to them. What a unit more of
    exports must be paid (`kept`) is paid by the payer on all of them.
    """
    was, now = _gains(before), _gains(after)
    length = float(after.result.network.years.sum())
    found = []
    for country in sorted(set(was) | set(now) | {payer}):
        gains = (now.get(country, 0.0) - was.get(country, 0.0)) / length
        pays = (yearly, support + after.kept * after.volume) if country == payer else (0.0, 0.0)
        receives = support if country == shippers else 0.0
        found.append(Payment(country, gains, *pays, receives, gains - sum(pays) + receives))
    return tuple(sorted(found, key=lambda p: (p.country != payer, -abs(p.net))))


def _gains(told: Answered) -> dict[str, float]:
    """Gains by country, million USD over the solved year, the price of the limit settled among shippers.

    The limit stands in the network as a price on what counts, whose rents its holder collects, and as a payment on every
    unit of the whole. Rents are paid out again as these payments: they go to those who are delivered to, who paid a
    price that is higher by as much.
    """
    result = told.result
    gains = result.gains
    mine = gains[gains["party"] != HOLDER]
    found = {str(k): float(v) for k, v in mine["value"].groupby(mine["country"]).sum().items()}
    net, take = result.network, result.reading.take
    for limit, dual in told.limits:
        if limit.quantity == "take" and np.isfinite(limit.lower):
            at = net.demands.node[net.demands.take_demand[limit.item]]
            paid = dual * net.years[limit.period] * take[limit.period, limit.item]
            for node, amount in zip(at, paid, strict=True):
                country = net.node_country[node]
                found[country] = found.get(country, 0.0) + float(amount)
    return found
