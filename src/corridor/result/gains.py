"""Gains to parties and countries: who owns, who governs, who is obliged."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from corridor.case import Case
    from corridor.network import Network
    from corridor.program import Floats
    from corridor.result.settlement import Settlement

__all__ = ["GAIN_ROLES", "country_gains", "gains_table"]

GAIN_ROLES = {
    "consumers": "value of what is consumed less what is paid for it",
    "producers": "sales less avoidable cost, after the government's share",
    "mark_up": "what sellers with market power are paid above the cost of bringing the last unit, after the government's share",
    "owners": "tariffs of links",
    "congestion": "rents of full links and pools, to capacity rights if any, else to equity",
    "government": "fees, and its share of producer surplus",
    "processing": "sales of processes less the goods they use and their cost, to their owners",
    "storage": "sales of stores less purchases, end stock at its value",
    "regulation": "administered prices: what the obliged give the beneficiary",
    "obligation": "cost of minimum volumes on links, to the obliged",
    "quota": "rents of quotas, to their holders",
    "ramps": "rents of limits on change, to the link's owners",
    "preference": "margin that observed route shares hold and no known cost explains",
}

Owner = tuple[str, str, float]
"""Party, country, share."""

_COUNTRY = re.compile(r"\(([A-Z]{3})\)$")
"""A party's country behind its name."""


@dataclass
class _Book:
    """Amounts per period by good, country, party and role."""

    case: Case
    periods: int
    entries: dict[tuple[str, str, str, str], Floats] = field(default_factory=dict)

    def add(self, good: str, country: str, party: str, role: str, amounts: Floats) -> None:
        """Add amounts of all periods, shape (T,)."""
        key = good, country, party, role
        if key in self.entries:
            self.entries[key] = self.entries[key] + amounts
        elif amounts.any():
            self.entries[key] = amounts

    def at(self, period: int, amount: float) -> Floats:
        """An amount that belongs to one period, shape (T,)."""
        amounts = np.zeros(self.periods)
        amounts[period] = amount
        return amounts

    @cached_property
    def held(self) -> dict[tuple[str, str], list[Owner]]:
        """(asset, role) -> owners."""
        return self.case.worked_out("ownership", "held", lambda: _held(self.case))

    @cached_property
    def homes(self) -> dict[str, str]:
        """Party -> country, as ownership tells it."""
        return {party: country for owners in self.held.values() for party, country, _ in owners}

    @cached_property
    def countries(self) -> frozenset[str]:
        """Countries of the case's nodes."""
        return frozenset(self.case.column("nodes", "country"))

    def owners(self, asset: str, country: str, role: str) -> list[Owner]:
        """Owners of an asset; capacity rights fall back on equity, equity on the asset's own name."""
        return (
            self.held.get((asset, role)) or self.held.get((asset, "equity")) or [(f"owners of {asset}", country, 1.0)]
        )

    def share_out(self, good: str, asset: str, country: str, role: str, right: str, amounts: Floats) -> None:
        """Give amounts to the owners of an asset by their shares."""
        if amounts.any():
            for party, home, share in self.owners(asset, country, right):
                self.add(good, home, party, role, share * amounts)

    def home(self, party: str) -> str:
        """Country of a party: by ownership, because it is a country, or as in "Gazprom (RUS)"; "" where nothing tells."""
        told = _COUNTRY.search(party)
        return self.homes.get(party) or (party if party in self.countries else told[1] if told else "")


def gains_table(case: Case, net: Network, settled: Settlement) -> pd.DataFrame:
    """Columns country, party, role, good, period, value, unit (million USD over the period).

    The part of a store stands in the last period, that of an administered price in the last that its agreement touches.
    """
    import pandas as pd

    book = _booked(case, net, settled)
    labels = np.array(net.periods.labels, dtype=object)
    keys = sorted(book.entries)
    amounts = np.array([book.entries[key] for key in keys]).reshape(len(keys), len(labels))
    columns = {
        name: np.repeat(np.array([key[place] for key in keys], dtype=object), len(labels))
        for name, place in (("country", 1), ("party", 2), ("role", 3), ("good", 0))
    }
    table = pd.DataFrame(columns | {"period": np.tile(labels, len(keys)), "value": amounts.ravel()})
    return table[table["value"] != 0.0].assign(unit="million USD").reset_index(drop=True)


def country_gains(case: Case, net: Network, settled: Settlement) -> dict[tuple[str, str], float]:
    """(country, good) -> million USD over the calendar; what belongs to no country stands under ""."""
    found: dict[tuple[str, str], float] = defaultdict(float)
    for (good, country, *_), amounts in _booked(case, net, settled).entries.items():
        found[country, good] += float(amounts.sum())
    return dict(found)


def _booked(case: Case, net: Network, settled: Settlement) -> _Book:
    book = _Book(case, len(net.periods))
    _consumers(book, net, settled)
    _producers(book, net, settled)
    _mark_ups(book, net, settled)
    _processes(book, net, settled)
    _links(book, net, settled)
    _pools(book, net, settled)
    _charges(book, net, settled)
    _obligations(book, net, settled)
    _quotas(book, net, settled)
    _regulation(book, net, settled)
    _stores(book, net, settled)
    return book


def _held(case: Case) -> dict[tuple[str, str], list[Owner]]:
    found: dict[tuple[str, str], list[Owner]] = defaultdict(list)
    columns = (case.column("ownership", name) for name in ("asset", "role", "party", "country", "share"))
    for asset, role, party, country, share in zip(*columns, strict=True):
        found[asset, role].append((party, country, float(share)))
    return dict(found)


def _assets(case: Case, table: str) -> dict[str, str]:
    def made() -> dict[str, str]:
        rows = zip(case.column(table, "id"), case.column(table, "asset"), strict=True)
        return {name: asset or name for name, asset in rows}

    return case.worked_out(table, "assets", made, numbers=False)


def _names(case: Case, table: str) -> dict[str, str]:
    return dict(zip(case.column(table, "id"), case.column(table, "name"), strict=True))


def _consumers(book: _Book, net: Network, settled: Settlement) -> None:
    names = _names(book.case, "demand")
    for d, name in enumerate(net.demands.ids[: net.own_demands]):
        country, good = net.node_country[net.demands.node[d]], net.goods[net.demands.good[d]]
        book.add(good, country, names[name], "consumers", settled.consumers[:, d])


def _producers(book: _Book, net: Network, settled: Settlement) -> None:
    _earned(book, net, "producers", settled.producers)


def _earned(book: _Book, net: Network, role: str, amounts: Floats) -> None:
    """What each of the case's own supplies earns, (T, S): the government's share first, the rest to the owners."""
    assets = _assets(book.case, "supply")
    fiscal: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for supply, state, share in zip(
        *(book.case.column("fiscal", c) for c in ("supply", "country", "share")), strict=True
    ):
        fiscal[supply].append((state, share))
    for s, name in enumerate(net.supplies.ids[: net.own_supplies]):
        country, good = net.node_country[net.supplies.node[s]], net.goods[net.supplies.good[s]]
        surplus, taken = amounts[:, s], fiscal[name]
        for government, share in taken:
            book.add(good, government, f"government of {government}", "government", share * surplus)
        rest = surplus * (1.0 - sum(share for _, share in taken))
        book.share_out(good, assets[name], country, role, "equity", rest)


def _mark_ups(book: _Book, net: Network, settled: Settlement) -> None:
    """The mark-up on a stream goes to whoever feeds it, by what each can give over the calendar.

    Not by what each gave in the period: what is sold from a store was given in another.
    """
    if not settled.mark_up.any():
        return
    supplies, own, processes = net.supplies, net.own_supplies, net.processes
    usual = (net.years[:, None] * np.where(np.isfinite(supplies.available), supplies.available, 0.0)).sum(axis=0)
    earned = np.zeros((len(net.periods), len(supplies.ids)))
    for k in np.flatnonzero(np.bincount(net.demands.take_stream, weights=settled.mark_up.sum(axis=0)) > 0):
        total = settled.mark_up[:, net.demands.take_stream == k].sum(axis=1)
        feeding = supplies.give_supply[supplies.give_stream == k]
        weight = usual[feeding] if usual[feeding].sum() > 0 else np.ones(len(feeding))
        earned[:, feeding] += total[:, None] * (weight / weight.sum())
    _earned(book, net, "mark_up", earned[:, :own])
    assets = _assets(book.case, "processes")
    for p, s in zip(processes.output_process, processes.output_supply, strict=True):
        name, country = processes.ids[p], net.node_country[processes.node[p]]
        book.share_out(net.goods[supplies.good[s]], assets[name], country, "mark_up", "equity", earned[:, s])


def _processes(book: _Book, net: Network, settled: Settlement) -> None:
    """A process's margin stands under the good in whose unit its activity is told."""
    assets = _assets(book.case, "processes")
    for p, name in enumerate(net.processes.ids):
        country, good = net.node_country[net.processes.node[p]], net.goods[net.processes.good[p]]
        book.share_out(good, assets[name], country, "processing", "equity", settled.processing[:, p])


def _links(book: _Book, net: Network, settled: Settlement) -> None:
    assets = _assets(book.case, "links")
    told = book.case.column("links", "controlled_by")
    controllers = [c or net.node_country[net.links.start[a]] for a, c in enumerate(told)]
    good_of = net.stream_good[net.flows.stream]
    pairs, member = np.unique(np.stack([net.flows.link, good_of]), axis=1, return_inverse=True)

    def summed(amounts: Floats) -> Floats:
        total = np.zeros((len(amounts), pairs.shape[1]))
        np.add.at(total.T, member.ravel(), amounts.T)
        return total

    tariff, fee = summed(settled.tariff), summed(settled.fee)
    full, ramp, route = (summed(settled.rent[name]) for name in ("link_capacity", "ramp_links", "route_total"))
    for i, (a, g) in enumerate(pairs.T):
        good, asset, state = net.goods[g], assets[net.links.ids[a]], controllers[a]
        book.share_out(good, asset, state, "owners", "equity", tariff[:, i])
        book.share_out(good, asset, state, "congestion", "capacity", full[:, i])
        book.share_out(good, asset, state, "ramps", "equity", ramp[:, i])
        book.add(good, state, f"government of {state}", "government", fee[:, i])
        book.add(good, "", "unexplained route preference", "preference", route[:, i])


def _pools(book: _Book, net: Network, settled: Settlement) -> None:
    pools, assets = net.pools, _assets(book.case, "pools")
    for m, (pool, f) in enumerate(zip(pools.member_pool, pools.member_flow, strict=True)):
        good = net.streams[net.flows.stream[f]].good
        country = net.node_country[net.links.start[net.flows.link[f]]]
        asset = assets[pools.ids[pool]]
        book.share_out(good, asset, country, "congestion", "capacity", settled.pool_rent[:, m])


def _obligations(book: _Book, net: Network, settled: Settlement) -> None:
    """A minimum on a link costs the obliged what the link's shippers lose by it."""
    for limit, amounts in zip(net.limits, settled.limit_rent, strict=True):
        if limit.quantity != "flow" or np.isfinite(limit.upper):
            continue
        party = limit.obliged or "unassigned"
        goods = net.stream_good[net.flows.stream[limit.item]]
        for g in np.unique(goods):
            mine = goods == g
            total = np.zeros(len(net.periods))
            np.add.at(total, limit.period[mine], amounts[mine])
            start = net.links.start[net.flows.link[limit.item[mine][0]]]
            book.add(net.goods[g], book.home(party) or net.node_country[start], party, "obligation", total)


def _charges(book: _Book, net: Network, settled: Settlement) -> None:
    """Duties and fees of instruments go to a government, subsidies come from one; what leakage costs is used up."""
    for charge, amounts in zip(net.charges, settled.charges, strict=True):
        if charge.government and len(charge.item):
            stream = net.flows.stream if charge.quantity == "flow" else net.demands.take_stream
            good = net.streams[stream[charge.item[0]]].good
            book.add(good, charge.government, f"government of {charge.government}", "government", amounts)
    for quota, saved in zip(net.tariff_quotas, settled.quota_saving, strict=True):
        for period, item, country, amount in zip(quota.period, quota.item, quota.country, saved, strict=True):
            state, good = quota.government or country, net.streams[net.demands.take_stream[item]].good
            book.add(good, state, f"government of {state}", "government", book.at(int(period), -float(amount)))


def _quotas(book: _Book, net: Network, settled: Settlement) -> None:
    """A quota's rent goes to its holder; on deliveries it is the consumers who pay more than the border price."""
    names = _names(book.case, "demand")
    for limit, amounts in zip(net.limits, settled.limit_rent, strict=True):
        if not np.isfinite(limit.upper) or not len(amounts):
            continue
        holder = limit.holder or "unassigned"
        party = f"government of {holder}" if holder in book.countries else holder
        stream = net.flows.stream if limit.quantity == "flow" else net.demands.take_stream
        for entry in range(len(limit.item)):
            item, good = limit.item[entry], net.streams[stream[limit.item[entry]]].good
            amount = book.at(int(limit.period[entry]), float(amounts[entry]))
            book.add(good, book.home(holder), party, "quota", amount)
            if limit.quantity == "take":
                d = int(net.demands.take_demand[item])
                book.add(good, net.node_country[net.demands.node[d]], names[net.demands.ids[d]], "consumers", -amount)
    for quota, rents in zip(net.tariff_quotas, settled.quota_rent, strict=True):
        for period, item, country, rent in zip(quota.period, quota.item, quota.country, rents, strict=True):
            holder, d = quota.holder or country, int(net.demands.take_demand[item])
            party = f"government of {holder}" if holder in book.countries else holder
            good, amount = net.streams[net.demands.take_stream[item]].good, book.at(int(period), float(rent))
            book.add(good, book.home(holder), party, "quota", amount)
            book.add(good, country, names[net.demands.ids[d]], "consumers", -amount)


def _regulation(book: _Book, net: Network, settled: Settlement) -> None:
    """An administered price moves money from the obliged to the beneficiary."""
    names = _names(book.case, "demand")
    for number, amount in settled.regulation:
        limit = net.limits[number]
        d = int(net.demands.take_demand[limit.item[0]])
        good, country = net.goods[net.demands.good[d]], net.node_country[net.demands.node[d]]
        payer, getter = limit.obliged or "unassigned", limit.beneficiary or names[net.demands.ids[d]]
        moved = book.at(int(limit.period.max()), amount)
        book.add(good, book.home(payer) or country, payer, "regulation", -moved)
        book.add(good, country, getter, "regulation", moved)


def _stores(book: _Book, net: Network, settled: Settlement) -> None:
    assets = _assets(book.case, "storage")
    goods = dict(zip(book.case.tables["storage"]["id"], book.case.tables["storage"]["good"], strict=True))
    for n, name in enumerate(net.stores.ids):
        amounts = book.at(book.periods - 1, float(settled.stores[n]))
        book.share_out(goods[name], assets[name], net.node_country[net.stores.node[n]], "storage", "equity", amounts)
