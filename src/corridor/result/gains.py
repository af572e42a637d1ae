"""Gains to parties and countries: who owns, who governs, who is obliged."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from corridor.case import Case
    from corridor.network import Network
    from corridor.program import Floats
    from corridor.result.settlement import Settlement

__all__ = ["GAIN_ROLES", "gains_table"]

GAIN_ROLES = {
    "consumers": "value of what is consumed less what is paid for it",
    "producers": "sales less avoidable cost, after the government's share",
    "owners": "tariffs of links",
    "congestion": "rents of full links and pools, to capacity rights if any, else to equity",
    "government": "fees, and its share of producer surplus",
    "storage": "sales of stores less purchases, end stock at its value",
    "regulation": "administered prices: what the obliged give the beneficiary",
    "obligation": "cost of minimum volumes on links, to the obliged",
    "ramps": "rents of limits on change, to the link's owners",
    "preference": "margin that observed route shares hold and no known cost explains",
}


@dataclass
class _Book:
    case: Case
    entries: dict[tuple[int, str, str, str, str], float] = field(default_factory=lambda: defaultdict(float))

    def add(self, good: str, country: str, party: str, role: str, period: int, value: float) -> None:
        if value != 0.0:
            self.entries[period, good, country, party, role] += value


def gains_table(case: Case, net: Network, settled: Settlement) -> pd.DataFrame:
    """Columns country, party, role, good, period, value, unit (million USD over the period).

    The parts of a store and of an agreement over several periods stand in the last period they touch.
    """
    import pandas as pd

    book = _Book(case)
    _markets(book, net, settled)
    _links(book, net, settled)
    _pools(book, net, settled)
    _limits(book, net, settled)
    _rest(book, net, settled)
    rows = [
        {
            "country": country,
            "party": party,
            "role": role,
            "good": good,
            "period": net.periods.labels[period],
            "value": value,
            "unit": "million USD",
        }
        for (period, good, country, party, role), value in sorted(book.entries.items())
    ]
    return pd.DataFrame(rows, columns=["country", "party", "role", "good", "period", "value", "unit"])


def _owners(case: Case, asset: str, country: str, role: str) -> list[tuple[str, str, float]]:
    """(party, country, share) of an asset; capacity rights fall back on equity, equity on the asset's own name."""
    held = case.tables["ownership"]
    for wanted in dict.fromkeys((role, "equity")):
        rows = held[(held["asset"] == asset) & (held["role"] == wanted)]
        if len(rows):
            return list(zip(rows["party"], rows["country"], rows["share"], strict=True))
    return [(f"owners of {asset}", country, 1.0)]


def _markets(book: _Book, net: Network, settled: Settlement) -> None:
    case = book.case
    names = dict(zip(case.tables["demand"]["id"], case.tables["demand"]["name"], strict=True))
    for d, name in enumerate(net.demands.ids):
        country, good = net.node_country[net.demands.node[d]], net.goods[net.demands.good[d]]
        for t in range(len(net.periods)):
            book.add(good, country, names[name], "consumers", t, float(settled.consumers[t, d]))
    assets = _assets(case, "supply")
    fiscal = case.tables["fiscal"]
    for s, name in enumerate(net.supplies.ids):
        country, good = net.node_country[net.supplies.node[s]], net.goods[net.supplies.good[s]]
        taken = fiscal[fiscal["supply"] == name]
        owners = _owners(case, assets[name], country, "equity")
        for t in range(len(net.periods)):
            surplus = float(settled.producers[t, s])
            for government, share in zip(taken["country"], taken["share"], strict=True):
                book.add(good, government, f"government of {government}", "government", t, share * surplus)
            rest = surplus * (1.0 - float(taken["share"].sum()))
            for party, home, share in owners:
                book.add(good, home, party, "producers", t, share * rest)


def _assets(case: Case, table: str) -> dict[str, str]:
    rows = case.tables[table]
    return {name: asset or name for name, asset in zip(rows["id"], rows["asset"], strict=True)}


def _controllers(case: Case, net: Network) -> list[str]:
    return [
        controller or net.node_country[net.links.start[a]]
        for a, controller in enumerate(case.tables["links"]["controlled_by"])
    ]


def _links(book: _Book, net: Network, settled: Settlement) -> None:
    case = book.case
    assets, controllers = _assets(case, "links"), _controllers(case, net)
    per_role: tuple[tuple[str, str, Floats], ...] = (
        ("owners", "equity", settled.tariff),
        ("congestion", "capacity", settled.rent["link_capacity"]),
        ("ramps", "equity", settled.rent["ramp_links"]),
    )
    for f, a in enumerate(net.flows.link):
        good, name = net.streams[net.flows.stream[f]].good, net.links.ids[a]
        for role, right, amounts in per_role:
            for t in np.flatnonzero(amounts[:, f]):
                for party, home, share in _owners(case, assets[name], controllers[a], right):
                    book.add(good, home, party, role, int(t), share * float(amounts[t, f]))
        for t in np.flatnonzero(settled.fee[:, f]):
            state = controllers[a]
            book.add(good, state, f"government of {state}", "government", int(t), float(settled.fee[t, f]))
        for t in np.flatnonzero(settled.rent["route_total"][:, f]):
            amount = float(settled.rent["route_total"][t, f])
            book.add(good, "", "unexplained route preference", "preference", int(t), amount)


def _pools(book: _Book, net: Network, settled: Settlement) -> None:
    case, pools = book.case, net.pools
    assets = _assets(case, "pools")
    for m, (pool, f) in enumerate(zip(pools.member_pool, pools.member_flow, strict=True)):
        good = net.streams[net.flows.stream[f]].good
        country = net.node_country[net.links.start[net.flows.link[f]]]
        for t in np.flatnonzero(settled.pool_rent[:, m]):
            for party, home, share in _owners(case, assets[pools.ids[pool]], country, "capacity"):
                book.add(good, home, party, "congestion", int(t), share * float(settled.pool_rent[t, m]))


def _limits(book: _Book, net: Network, settled: Settlement) -> None:
    """A minimum on a link costs the obliged; an administered price moves money from the obliged to the beneficiary."""
    case = book.case
    for limit, amounts in zip(net.limits, settled.limit_rent, strict=True):
        party = limit.obliged or "unassigned"
        for t, f, amount in zip(limit.period, limit.item, amounts, strict=limit.quantity == "flow"):
            good = net.streams[net.flows.stream[f]].good
            book.add(good, _home(case, party), party, "obligation", int(t), float(amount))
    for number, amount in settled.regulation:
        limit = net.limits[number]
        t, d = int(limit.period.max()), int(net.demands.take_demand[limit.item[0]])
        good, country = net.goods[net.demands.good[d]], net.node_country[net.demands.node[d]]
        payer = limit.obliged or "unassigned"
        getter = (
            limit.beneficiary
            or dict(zip(case.tables["demand"]["id"], case.tables["demand"]["name"], strict=True))[net.demands.ids[d]]
        )
        book.add(good, _home(case, payer) or country, payer, "regulation", t, -amount)
        book.add(good, country, getter, "regulation", t, amount)


def _home(case: Case, party: str) -> str:
    held = case.tables["ownership"]
    rows = held[held["party"] == party]
    if len(rows):
        return str(rows["country"].iloc[0])
    return party if party in set(case.tables["nodes"]["country"]) else ""


def _rest(book: _Book, net: Network, settled: Settlement) -> None:
    case = book.case
    assets = _assets(case, "storage")
    last = len(net.periods) - 1
    goods = dict(zip(case.tables["storage"]["id"], case.tables["storage"]["good"], strict=True))
    for n, name in enumerate(net.stores.ids):
        for party, home, share in _owners(case, assets[name], net.node_country[net.stores.node[n]], "equity"):
            book.add(goods[name], home, party, "storage", last, share * float(settled.stores[n]))
