"""Case -> calibrated case: reconcile what was published, find prices and wedges, hold observed route shares."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csc_matrix
from scipy.sparse.linalg import splu

from corridor.calibration.conduct import conduct_observed
from corridor.calibration.inverse import Prices, find_prices
from corridor.calibration.reach import out_of_reach
from corridor.calibration.reconcile import Adjustment, Reconciled, observations_over, reconcile, without_stores
from corridor.case import Calendar, part_of, parts, records, route_screens
from corridor.errors import CaseError, NotObservedError, QuestionError
from corridor.network import Distinction, Ground, cut, distinctions_of, instruments_of, prepare
from corridor.result.reading import pair_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pandas as pd

    from corridor.case import Case
    from corridor.network import Network
    from corridor.program import Floats, Ints

__all__ = ["Calibration", "adjustments", "calibrate", "calibration_of", "fresh_calibration", "varied_flows"]


@dataclass(frozen=True)
class Calibration:
    """A calibrated case, and what it took."""

    case: Case
    reconciled: Reconciled
    prices: Prices
    ground: Ground

    @property
    def adjustments(self) -> pd.DataFrame:
        """id, target, origin, published, reconciled, sigma, in_sigmas: the largest first."""
        import pandas as pd

        rows = [{**vars(a), "in_sigmas": a.in_sigmas} for a in self.reconciled.adjustments]
        return pd.DataFrame(rows, columns=[*Adjustment.__dataclass_fields__, "in_sigmas"])


def calibrate(case: Case, year: int | None = None) -> Case:
    """The case with wedges, preferences and levels that make its observations an equilibrium.

    `year` takes another calendar year than the case's own calibration range; only observations that cover the range
    exactly are used. A case without a calibration range, or already calibrated on it, is returned as it is. Parts that
    nothing ties to each other are calibrated apart, each on the year of its group; one without observations is left as
    it is. Raises `CaseError` where the observations cannot be reconciled, `QuestionError` where there are none at all.
    """
    if not _wanted(case, year):
        return case
    found = _calibrations(case, year)
    if len(found) == 1 and len(parts(case)) == 1:
        return found[0].case
    import pandas as pd

    names = ("wedges", "preferences", "levels")
    tables = {name: pd.concat([one.case.tables[name] for one in found], ignore_index=True) for name in names}
    return case.with_tables(None, **tables)


def adjustments(case: Case, year: int | None = None) -> pd.DataFrame:
    """What each published figure had to move, over all parts of a case; columns as `Calibration.adjustments`."""
    import pandas as pd

    table = pd.concat([one.adjustments for one in _calibrations(case, year)], ignore_index=True)
    return table.sort_values("in_sigmas", key=abs, ascending=False, ignore_index=True)


def _calibrations(case: Case, year: int | None) -> list[Calibration]:
    """A calibration of each part that has observations over its range."""
    found: list[Calibration] = []
    missing: QuestionError | None = None
    for goods in parts(case):
        try:
            found.append(calibration_of(part_of(case, goods), year))
        except NotObservedError as error:
            missing = error
    if not found and missing is not None:
        raise missing
    return found


def _wanted(case: Case, year: int | None) -> bool:
    return year is not None or (case.settings.calibration is not None and case.tables["levels"].empty)


def calibration_of(case: Case, year: int | None = None) -> Calibration:
    """Calibrate, and keep what it took. Cases with the same content are calibrated once."""
    span = case.settings.calibration
    if year is not None:
        span = Calendar.of_year(year)
    if span is None:
        raise QuestionError(f"{case.name} says no calibration range; give a year that it has observations of")
    return _calibrated(case, span)


def fresh_calibration(case: Case, like: Calibration | None = None) -> Calibration:
    """Calibrate a case that is of one part on its own range, without remembering it: for thousands of cases, each met once.

    `like` is the calibration of the same case with other figures: where its fit leads to this one's, that is sooner found.
    """
    if case.settings.calibration is None:
        raise QuestionError(f"{case.name} says no calibration range")
    return _fitted(case, case.settings.calibration, like)


@lru_cache(maxsize=16)
def _calibrated(given: Case, span: Calendar) -> Calibration:
    return _fitted(given, span)


def _fitted(given: Case, span: Calendar, like: Calibration | None = None) -> Calibration:
    case, ground, net = _observed_network(given, span, (), None if like is None else like.ground)
    reconciled = reconcile(case, net, start=None if like is None else like.reconciled.held)
    prices = find_prices(case, reconciled)
    tables = _tables(case, net, reconciled, prices)
    if len(given.tables["conduct"]):
        tables["conduct"] = given.table("conduct")
    return Calibration(case.with_complete(None, **tables), reconciled, prices, ground)


def varied_flows(
    case: Case, observations: Iterable[pd.DataFrame], track: Sequence[Distinction] = ()
) -> Iterator[tuple[Case, Reconciled]]:
    """The reconciled flows of the calibration range, then those with each table of observations in turn.

    What is calibrated returns these flows (for kappa > 0), so a question about the year as observed needs no prices.
    `track` tells origins apart beyond those observed. Observations that nothing can reconcile are left out.
    """
    if case.settings.calibration is None:
        return
    plain, _, net = _observed_network(case, case.settings.calibration, track)
    net = without_stores(net)
    yield plain, reconcile(plain, net)
    for table in observations:
        moved = plain.with_tables(observations=table)
        try:
            yield moved, reconcile(moved, net, sharp=False)
        except CaseError:
            continue


def _observed_network(
    given: Case, span: Calendar, track: Sequence[Distinction], like: Ground | None = None
) -> tuple[Case, Ground, Network]:
    """The case without what calibration made, its ground and its network over the range, with observed origins told apart."""
    settings = replace(given.settings, calibration=span)
    made = {name: given.tables[name].iloc[:0] for name in ("wedges", "preferences", "levels")}
    if len(given.tables["conduct"]):
        made["conduct"] = conduct_observed(given)
    case = given.with_complete(settings, **made)
    rows = observations_over(case)
    if not rows:
        years = sorted({row["start"].year for row in records(case.tables["observations"])})
        raise NotObservedError(
            f"{case.name} has no observation over {span.start} to {span.end}; it has {', '.join(map(str, years))}"
        )
    instruments = [
        i
        for i in prepare(case, instruments_of(case, "base"))
        if not i.start or not i.end or (i.start < span.end and i.end > span.start)
    ]
    periods = cut(span, (d for i in instruments for d in i.dates()))
    told = (*_told_apart(rows), *track, *distinctions_of(case, instruments))
    ground = Ground.of(case, periods, distinctions=told, like=like)
    return case, ground, ground.under(instruments)


def _told_apart(rows: list[dict[str, Any]]) -> list[Distinction]:
    return [Distinction(str(row["good"]), frozenset({str(row["origin"])})) for row in rows if row["origin"]]


def _tables(case: Case, net: Network, reconciled: Reconciled, prices: Prices) -> dict[str, pd.DataFrame]:
    from corridor.case.make import complete_table

    weight = net.years / net.years.sum()
    flow = weight @ reconciled.reading.flow
    carried = np.zeros(prices.wedge.shape)
    np.add.at(carried, (net.flows.link, net.stream_good[net.flows.stream]), flow)
    limited = np.asarray(np.isfinite(net.links.capacity).all(axis=0))
    capacity = weight @ np.where(np.isfinite(net.links.capacity), net.links.capacity, 0.0)
    pools = {name: float(weight @ net.pools.capacity[:, p]) for p, name in enumerate(net.pools.ids)}
    wedges = []
    for a, g in zip(*np.nonzero(prices.reading != ""), strict=True):
        pool = prices.pool[a] or None
        limit = pools[pool] if pool else float(capacity[a]) if limited[a] else np.inf
        wedges.append(
            {
                "link": net.links.ids[a],
                "good": net.goods[g],
                "wedge": float(prices.wedge[a, g]),
                "reading": prices.reading[a, g],
                "flow": float(carried[a, g]),
                "capacity": limit,
                "pool": pool,
            }
        )
    wedges += _process_wedges(net, reconciled, prices)
    return {
        "wedges": complete_table("wedges", wedges),
        "preferences": complete_table(
            "preferences", _preferences(case, net, reconciled, prices, observations_over(case))
        ),
        "levels": complete_table("levels", _levels(case, net, reconciled, prices)),
    }


def _process_wedges(net: Network, reconciled: Reconciled, prices: Prices) -> list[dict[str, Any]]:
    weight, processes = net.years / net.years.sum(), net.processes
    activity = weight @ reconciled.reading.activity
    return [
        {
            "link": processes.ids[p],
            "good": net.goods[processes.good[p]],
            "wedge": float(prices.process[p]),
            "reading": prices.process_reading[p],
            "flow": float(activity[p]),
            "capacity": float(weight @ processes.capacity[:, p]),
            "pool": None,
        }
        for p in np.flatnonzero(prices.process_reading != "")
    ]


def _preferences(
    case: Case, net: Network, reconciled: Reconciled, prices: Prices, rows: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Slope c / max(x0, 10 % of capacity) per route corridor and observed origin; c is what moving a unit costs."""
    origin, market = _ends(net, reconciled, prices)
    flow = (net.years / net.years.sum()) @ reconciled.reading.flow
    found: list[dict[str, Any]] = []
    for corridor, screen in route_screens(case).items():
        a = net.links.ids.index(screen)
        capacity = float(net.links.capacity[:, a].max())
        for good, country, streams in _observed_classes(net, rows):
            members = np.flatnonzero((net.flows.link == a) & np.isin(net.flows.stream, streams))
            x0 = float(flow[members].sum())
            room = max(x0, 0.1 * capacity if np.isfinite(capacity) else 0.0)
            if not len(members) or room <= 0:
                continue
            g = net.goods.index(good)
            cost = _route_cost(net, members, flow, origin, market) or _mean_cost(net, origin, market, g, reconciled)
            found.append({"corridor": corridor, "good": good, "origin": country, "flow": x0, "slope": cost / room})
    return found


def _observed_classes(net: Network, rows: list[dict[str, Any]]) -> list[tuple[str, str | None, list[int]]]:
    """(good, origin, streams) for every origin that observations tell apart, and for the rest together."""
    classes: list[tuple[str, str | None, list[int]]] = []
    for good in net.goods:
        apart = sorted({str(row["origin"]) for row in rows if row["good"] == good and row["origin"]})
        mine = [k for k, s in enumerate(net.streams) if s.good == good]
        classes.extend((good, country, [k for k in mine if net.streams[k].origins == {country}]) for country in apart)
        rest = [k for k in mine if not any(net.streams[k].origins == {country} for country in apart)]
        classes.append((good, None, rest))
    return classes


def _ends(net: Network, reconciled: Reconciled, prices: Prices) -> tuple[Floats, Floats]:
    """Mean gate price of what reaches each node, and mean market price of what leaves it, by proportional mixing (B,)."""
    weight = net.years / net.years.sum()
    reading, at = reconciled.reading, pair_of(net)
    n = len(net.balance_node)
    flow = weight @ reading.flow
    start = at[net.links.start[net.flows.link], net.flows.stream]
    end = at[net.links.end[net.flows.link], net.flows.stream]
    gate, give = np.zeros(n), weight @ reading.give
    s = net.supplies
    supply_at = at[s.node[s.give_supply], s.give_stream]
    np.add.at(gate, supply_at, give * prices.supply[s.give_supply])
    sold, take = np.zeros(n), weight @ reading.take
    d = net.demands
    demand_at = at[d.node[d.take_demand], d.take_stream]
    np.add.at(sold, demand_at, take * prices.price[demand_at])
    inflow, outflow = np.zeros(n), np.zeros(n)
    np.add.at(inflow, supply_at, give)
    np.add.at(inflow, end, flow)
    np.add.at(outflow, demand_at, take)
    np.add.at(outflow, start, flow)
    return _unmixed(inflow, (end, start), flow, gate), _unmixed(outflow, (start, end), flow, sold)


def _unmixed(through: Floats, pairs: tuple[Ints, Ints], flow: Floats, value: Floats) -> Floats:
    """Mean values at nodes: through_n v_n = value_n + sum over links of flow times the value at their other end."""
    n = len(through)
    # A trace more at each node: a loop without supply or sale would have no solution.
    diagonal = np.where(through > 0, through, 1.0) + 1e-12 * max(1.0, float(through.max(initial=0.0)))
    own = np.arange(n)
    at = np.concatenate([own, pairs[0]]), np.concatenate([own, pairs[1]])
    solved: Floats = splu(csc_matrix((np.concatenate([diagonal, -flow]), at), shape=(n, n))).solve(value)
    return solved


def _route_cost(net: Network, members: Ints, flow: Floats, origin: Floats, market: Floats) -> float:
    """Market price less gate price of what crosses a screen; 0 where nothing does."""
    carried = flow[members]
    if carried.sum() <= 0:
        return 0.0
    at, link, stream = pair_of(net), net.flows.link[members], net.flows.stream[members]
    spread = market[at[net.links.end[link], stream]] - origin[at[net.links.start[link], stream]]
    return max(float(carried @ spread / carried.sum()), 0.01 * float(np.abs(market).max()))


def _mean_cost(net: Network, origin: Floats, market: Floats, g: int, reconciled: Reconciled) -> float:
    """What moving a unit of the good costs on average, for routes that carried nothing."""
    weight = net.years / net.years.sum()
    at = pair_of(net)
    s = net.supplies
    mine = np.flatnonzero(net.stream_good[s.give_stream] == g)
    give = (weight @ reconciled.reading.give)[mine]
    here = at[s.node[s.give_supply[mine]], s.give_stream[mine]]
    total = give.sum()
    mean = float(give @ (market[here] - origin[here]) / total) if total > 0 else 0.0
    return max(mean, 0.01 * float(np.abs(market).max(initial=1.0)))


def _levels(case: Case, net: Network, reconciled: Reconciled, prices: Prices) -> list[dict[str, Any]]:
    """Factor and price of what the range says something of; what nothing could reach and nobody observed stays as it is."""
    weight = net.years / net.years.sum()
    reading = reconciled.reading
    supplied, taken = weight @ reading.supply, weight @ reading.demand
    table, wanted = weight @ net.supplies.reference, weight @ net.demands.reference
    unsold, unserved = out_of_reach(net)
    seen = {row["target"] for row in observations_over(case)}
    rows: list[dict[str, Any]] = []
    for s, name in enumerate(net.supplies.ids[: net.own_supplies]):
        if unsold[s] and name not in seen:
            continue
        factor = supplied[s] / table[s] if table[s] > 0 else 1.0
        rows.append({"table": "supply", "id": name, "factor": float(factor), "price": float(prices.supply[s])})
    observed = weight @ net.demands.price
    regulated = {int(net.demands.take_demand[k]) for i in net.limits if i.quantity == "take" for k in i.item}
    for d, name in enumerate(net.demands.ids[: net.own_demands]):
        if unserved[d] and name not in seen:
            continue
        factor = taken[d] / wanted[d] if wanted[d] > 0 else 1.0
        # What took nothing says nothing of its price.
        told = d not in regulated and np.isfinite(observed[d]) and taken[d] > 0
        shift = float(prices.demand[d] - observed[d]) if told else 0.0
        rows.append({"table": "demand", "id": name, "factor": float(factor), "price": shift})
    for number in prices.contracts:
        limit = net.limits[number]
        volume = float(net.years[limit.period] @ reading.flow[limit.period, limit.item])
        rows.append({"table": "instruments", "id": limit.instrument, "factor": volume / limit.lower, "price": 0.0})
    sellers = records(case.tables["conduct"])
    rows += [{"table": "conduct", "id": row["id"], "factor": row["theta"], "price": 0.0} for row in sellers]
    at, through = pair_of(net), weight @ reading.throughput
    for n, name in enumerate(net.stores.ids):
        pairs = at[net.stores.node[n], net.stores.pair_stream[net.stores.pair_store == n]]
        total = through[pairs].sum()
        value = float(through[pairs] @ prices.price[pairs] / total) if total > 0 else 0.0
        rows.append({"table": "storage", "id": name, "factor": 1.0, "price": value})
    return rows
