"""Security indicators of a country's trade in a good: N-1, concentration of partners, days of cover, spare border capacity.

N-1 is the formula of Regulation (EU) 2017/1938, Annex II, made for gas and used here for any good:

    N-1 [%] = 100 (EP + P + S + LNG - I) / D

with the capacity of border entries EP, of own production P, of withdrawal from storage S, of LNG terminals (here entries
like others), of the largest single entry I, and the largest demand D. All are told in the period of largest demand; a
regulator takes a day that comes once in twenty years, so that a case without such a period shows the country too secure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.analysis.peaks import rate_in_words_unit
from corridor.analysis.world import name_of
from corridor.network import Distinction
from corridor.study import answer

if TYPE_CHECKING:
    from corridor.network import Network
    from corridor.network.model import Bools
    from corridor.program import Floats, Ints
    from corridor.result import Result

__all__ = ["BorderLink", "NMinusOne", "Security", "security"]


@dataclass(frozen=True)
class BorderLink:
    """A link over the country's border, in the direction asked about; averages over the window."""

    link: str
    capacity: float | None
    """None: unlimited, or nothing known limits it"""
    flow: float
    """of all goods that it carries"""
    spare: float | None
    unit: str


@dataclass(frozen=True)
class NMinusOne:
    """The terms of the formula, rates in `unit`, in the period of largest demand."""

    value: float | None
    """per cent; 100 and more: the largest entry can be done without"""
    why_absent: str
    period: str
    unit: str
    entry: float | None
    """EP, and LNG with it; a pool that several entries share counts once"""
    production: float | None
    """P: what own supplies have available and processes can make"""
    storage: float
    """S: what is in store when the period begins, spread over it; no limit of withdrawal is known"""
    largest: float | None
    """I"""
    largest_entry: str
    demand: float
    """D"""


@dataclass(frozen=True)
class Security:
    """Indicators beside a share."""

    hhi_partners: float
    """Herfindahl-Hirschman index of partners' shares, 0 to 10,000: destinations of exports, origins of imports"""
    partners: tuple[tuple[str, float], ...]
    """country and its share, the largest first"""
    n_1: NMinusOne | None
    """of imports only"""
    days_of_cover: float | None
    """average stock in the country over its average daily use; None where it stores none or uses none"""
    stock: float
    """average, in `stock_unit`"""
    stock_unit: str
    border: tuple[BorderLink, ...]
    """the largest flow first"""


def security(result: Result, good: str, of: str, direction: str, inside: Floats) -> Security:
    """Indicators of a country's exports or imports of a good; `inside` (T,) is 1 for periods that count, else 0.

    Partners of imports are origins. A result that does not tell them apart is solved again with them apart.
    """
    net, reading = result.network, result.reading
    years = net.years * inside
    partners = _partners(result, good, of, direction, inside)
    cover, stock = _cover(result, good, of, inside)
    border = _border(net, good, of, direction)
    return Security(
        hhi_partners=float(1e4 * sum(share**2 for _, share in partners)),
        partners=partners,
        n_1=_n_minus_one(result, good, of, inside) if direction == "imports" else None,
        days_of_cover=cover,
        stock=stock,
        stock_unit=net.good_unit[net.goods.index(good)],
        border=_border_links(net, reading.flow, years, good, border),
    )


def _partners(result: Result, good: str, of: str, direction: str, inside: Floats) -> tuple[tuple[str, float], ...]:
    if direction == "imports":
        result = _origins_apart(result, good)
    net = result.network
    country = np.array(net.node_country)[net.demands.node[net.demands.take_demand]]
    volume = (net.years * inside) @ result.reading.take
    found: dict[str, float] = {}
    for k, place, quantity in zip(net.demands.take_stream, country, volume, strict=True):
        stream = net.streams[k]
        if stream.good != good or quantity <= 0.0:
            continue
        if direction == "exports" and place != of and stream.origins == {of}:
            found[str(place)] = found.get(str(place), 0.0) + float(quantity)
        elif direction == "imports" and place == of and stream.origins != {of}:
            origin = "_".join(sorted(stream.origins))
            found[origin] = found.get(origin, 0.0) + float(quantity)
    whole = sum(found.values())
    kept = {name: quantity / whole for name, quantity in found.items() if quantity > 1e-6 * whole}
    return tuple(sorted(kept.items(), key=lambda item: (-item[1], item[0])))


def _origins_apart(result: Result, good: str) -> Result:
    """The result if each origin of the good is a stream of its own, else the same question with them apart."""
    mixed = [s for s in result.network.streams if s.good == good and len(s.origins) > 1]
    if not mixed:
        return result
    told = tuple(Distinction(good, frozenset({country})) for s in mixed for country in sorted(s.origins))
    return answer(replace(result.question, track=(*result.question.track, *told)))


def _cover(result: Result, good: str, of: str, inside: Floats) -> tuple[float | None, float]:
    """Days of cover, and the average stock, good.unit. Levels stand at the ends of periods."""
    net, reading = result.network, result.reading
    goods = dict(zip(result.case.tables["storage"]["id"], result.case.tables["storage"]["good"], strict=True))
    here = np.array([net.node_country[n] == of for n in net.stores.node], dtype=bool)
    mine = here & np.array([goods[name] == good for name in net.stores.ids], dtype=bool)
    years = net.years * inside
    level = reading.level[:, mine[net.stores.pair_store]].sum(axis=1)
    stock = float(years @ level / years.sum())
    use = float(years @ reading.demand[:, _uses(net, good, of)].sum(axis=1) / years.sum())
    return (stock / (use / 365.25) if mine.any() and use > 0.0 else None), stock


def _uses(net: Network, good: str, of: str) -> Bools:
    """Demands of the good in the country, those of processes included, shape (D,)."""
    found: Bools = (net.demands.good == net.goods.index(good)) & _in(net, net.demands.node, of)
    return found


def _in(net: Network, node: Ints, country: str) -> Bools:
    found: Bools = np.array(net.node_country, dtype=object)[node] == country
    return found


def _border(net: Network, good: str, of: str, direction: str) -> Ints:
    """Links that carry the good over the border: into the country for imports, out of it for exports."""
    carrying = np.unique(net.flows.link[net.stream_good[net.flows.stream] == net.goods.index(good)])
    starts, ends = (_in(net, node[carrying], of) for node in (net.links.start, net.links.end))
    return carrying[ends & ~starts] if direction == "imports" else carrying[starts & ~ends]


def _border_links(net: Network, flow: Floats, years: Floats, good: str, border: Ints) -> tuple[BorderLink, ...]:
    factor, unit = rate_in_words_unit(net.good_unit[net.goods.index(good)])
    weight = years / years.sum()
    asked = weight > 0  # elsewhere nothing times an unlimited capacity would be no number
    found = []
    for a in border:
        capacity = factor * float(weight[asked] @ net.links.capacity[asked, a])
        if capacity <= 0.0:
            continue  # closed, or planned
        carried = factor * float(weight @ flow[:, net.flows.link == a].sum(axis=1))
        known = bool(np.isfinite(capacity))
        found.append(
            BorderLink(
                net.links.ids[a],
                capacity if known else None,
                carried,
                max(capacity - carried, 0.0) if known else None,
                unit,
            )
        )
    return tuple(sorted(found, key=lambda b: (-b.flow, b.link)))


def _n_minus_one(result: Result, good: str, of: str, inside: Floats) -> NMinusOne:
    net, reading = result.network, result.reading
    uses = _uses(net, good, of)
    own = uses & (np.arange(len(uses)) < net.own_demands)
    # A process wants what it takes: it has no reference of its own.
    wanted = np.maximum(net.demands.reference[:, own], reading.demand[:, own]).sum(axis=1)
    wanted = wanted + reading.demand[:, uses & ~own].sum(axis=1)
    t = int(np.argmax(np.where(inside > 0, wanted, -np.inf)))
    factor, unit = rate_in_words_unit(net.good_unit[net.goods.index(good)])
    border = _border(net, good, of, "imports")
    entry, largest, name = _entries(net, border, t)
    production = _production(net, good, of, t)
    storage, demand = _withdrawal(result, good, of, t), float(wanted[t])
    why = ""
    if demand <= 0.0:
        why = "the country uses none"
    elif not np.isfinite(entry):
        why = f"no capacity is known of {name_of(result.case, name)}"
    elif not np.isfinite(production):
        why = "no capacity is known of what makes it"
    value = None if why else 100.0 * (entry + production + storage - largest) / demand
    told = [factor * number if np.isfinite(number) else None for number in (entry, production, largest)]
    return NMinusOne(
        value=value,
        why_absent=why,
        period=net.periods.labels[t],
        unit=unit,
        entry=told[0],
        production=told[1],
        storage=factor * storage,
        largest=told[2],
        largest_entry=name,
        demand=factor * demand,
    )


def _entries(net: Network, border: Ints, t: int) -> tuple[float, float, str]:
    """Capacity of all entries, of the largest single one, and its id: a link, or the pool that several links share."""
    capacity = {int(a): float(net.links.capacity[t, a]) * (1.0 - float(net.links.loss[a])) for a in border}
    groups: dict[str, float] = {}
    pools = net.pools
    for number, name in enumerate(pools.ids):
        links = {int(net.flows.link[f]) for f in pools.member_flow[pools.member_pool == number]} & capacity.keys()
        if len(links) > 1:
            groups[name] = min(sum(capacity.pop(a) for a in sorted(links)), float(pools.capacity[t, number]))
    groups |= {net.links.ids[a]: value for a, value in capacity.items()}
    if not groups:
        return 0.0, 0.0, ""
    largest = max(sorted(groups), key=lambda name: groups[name])
    return sum(groups.values()), groups[largest], largest


def _production(net: Network, good: str, of: str, t: int) -> float:
    supplies, made = net.supplies, net.processes
    mine = (supplies.good == net.goods.index(good)) & _in(net, supplies.node, of)
    own = np.flatnonzero(mine)
    total = float(supplies.available[t, own[own < net.own_supplies]].sum())
    outputs = np.flatnonzero(mine[made.output_supply])
    return total + float((made.capacity[t, made.output_process[outputs]] * made.output_amount[outputs]).sum())


def _withdrawal(result: Result, good: str, of: str, t: int) -> float:
    """What is in store when the days of a period begin, over the length of those days, good.unit per year."""
    net, reading = result.network, result.reading
    goods = dict(zip(result.case.tables["storage"]["id"], result.case.tables["storage"]["good"], strict=True))
    total = 0.0
    for pair, store in enumerate(net.stores.pair_store):
        if goods[net.stores.ids[store]] != good or net.node_country[net.stores.node[store]] != of:
            continue
        before = [n for n, end in enumerate(net.periods.ends) if end <= net.periods.starts[t]]
        held = reading.level[before[-1], pair] if before else net.stores.pair_initial[pair]
        total += float(held)
    days = (net.periods.ends[t] - net.periods.starts[t]).days
    return total / (days / 365.25)
