"""Sellers who know that what they sell moves a price (conduct.csv), and where that can be told by one program.

A seller takes everything but the demands that it sells to as given: what moving costs, what links are worth, what its own
producers ask. So it is the producers of a good in some countries acting as one, and its goods are streams of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.case import records
from corridor.errors import QuestionError
from corridor.network.streams import Distinction

if TYPE_CHECKING:
    from corridor.case.model import Case
    from corridor.network.model import Network
    from corridor.program import Floats, Ints

__all__ = ["Sales", "no_sales", "sales_of", "sellers_apart"]

SAME = 1e-9
"""Difference of two theta below which they are the same."""


@dataclass(frozen=True)
class Sales:
    """What sellers sell who know that it moves a price: one entry per seller and demand."""

    ids: tuple[str, ...]
    """seller and demand of each entry, as `seller.demand`"""
    seller: tuple[str, ...]
    demand: Ints
    theta: Floats
    """(M,) each; theta > 0: the conjectural variation"""
    member_sale: Ints
    member_take: Ints
    """which pairs of demand and stream an entry is the sum of"""

    def sold(self, take: Floats) -> Floats:
        """Sum of each entry, (T, M), where `take` (T, K) is delivered."""
        total = np.zeros((len(take), len(self.ids)))
        np.add.at(total.T, self.member_sale, take[:, self.member_take].T)
        return total

    def each(self, amount: Floats, pairs: int) -> Floats:
        """What stands on entries, (T, M), put on each pair of demand and stream, (T, K); several on one add up."""
        spread = np.zeros((len(amount), pairs))
        np.add.at(spread.T, self.member_take, amount[:, self.member_sale].T)
        return spread


def no_sales() -> Sales:
    """Nobody has market power."""
    nothing = np.zeros(0, np.int64)
    return Sales((), (), nothing, np.zeros(0), nothing, nothing)


def sellers_apart(case: Case) -> list[Distinction]:
    """Every country of a seller, so that what it sells is a stream of its own."""
    rows = records(case.tables["conduct"])
    return [Distinction(row["good"], frozenset({country})) for row in rows for country in row["countries"]]


def sales_of(case: Case, net: Network, *, long_run: bool) -> Sales:
    """Every seller with theta > 0 in every demand in which it knows its power.

    Raises `QuestionError` for a seller without goods or markets, for demands on which market power has no meaning here
    (not affine and direct, regulated, with stocks or other buyers beside them, under a duty ad valorem), and for a case
    that was calibrated under another conduct than it is solved with.
    """
    names: list[str] = []
    sellers: list[str] = []
    demands: list[int] = []
    thetas: list[float] = []
    members: list[tuple[int, int]] = []
    for row in records(case.tables["conduct"]):
        _same_as_calibrated(case, row, long_run=long_run)
        if row["theta"] == 0:
            continue
        streams = [k for k, s in enumerate(net.streams) if s.good == row["good"] and s.origins <= set(row["countries"])]
        found = _markets(net, row)
        for d in found:
            pairs = _pairs(net, d, streams)
            if len(pairs):
                _playable(net, row, d, pairs, found)
                members.extend((len(names), int(k)) for k in pairs)
                names.append(f"{row['id']}.{net.demands.ids[d]}")
                sellers.append(row["id"])
                demands.append(d)
                thetas.append(row["theta"])
    told = np.array(members, dtype=np.int64).reshape(-1, 2)
    return Sales(
        tuple(names), tuple(sellers), np.array(demands, np.int64), np.array(thetas, float), told[:, 0], told[:, 1]
    )


def _pairs(net: Network, d: int, streams: list[int]) -> Ints:
    return np.flatnonzero((net.demands.take_demand == d) & np.isin(net.demands.take_stream, streams))


def _markets(net: Network, row: dict[str, Any]) -> list[int]:
    """The case's own demands of the good that a seller's row means."""
    good = net.goods.index(row["good"])
    own = [d for d in range(net.own_demands) if net.demands.good[d] == good]
    country = {d: net.node_country[net.demands.node[d]] for d in own}
    makers = {c for s in net.streams if s.good == row["good"] for c in s.origins}
    for name in row["countries"]:
        if name not in makers:
            raise QuestionError(f"conduct {row['id']}: nobody in {name} sells {row['good']}")
    if not row["countries"]:
        raise QuestionError(f"conduct {row['id']}: name the countries whose producers sell as one")
    if not row["markets"]:
        return [d for d in own if country[d] not in row["countries"]]
    wanted = set(row["markets"])
    for name in row["markets"]:
        if name not in {*country.values(), *(net.demands.ids[d] for d in own)}:
            raise QuestionError(
                f"conduct {row['id']}: {name!r} is neither a demand of {row['good']} nor a country with one"
            )
    return [d for d in own if country[d] in wanted or net.demands.ids[d] in wanted]


def _playable(net: Network, row: dict[str, Any], d: int, pairs: Ints, markets: list[int]) -> None:
    """Raises `QuestionError` where the quadratic term would not say what a seller with market power does."""
    demands, place = net.demands, net.demands.node[d]
    name, here = demands.ids[d], net.node_country[place]
    reason = ""
    with np.errstate(divide="ignore", invalid="ignore"):
        intercept = demands.price[:, d] * (1.0 - 1.0 / demands.elasticity[d])
        wanted = demands.reference[:, d] > 0
    beside = (demands.node == place) & (demands.good == demands.good[d])
    stored = [
        net.stores.ids[n]
        for n in net.stores.pair_store[_held(net, row)]
        if net.node_country[net.stores.node[n]] == here
    ]
    if demands.elasticity[d] >= 0:
        reason = "does not answer to the price (elasticity 0)"
    elif (wanted & (demands.unserved_value[:, d] < intercept)).any():
        reason = "has a value of unserved demand that cuts its line"
    elif set(np.flatnonzero(beside)) - set(markets):
        others = [demands.ids[i] for i in np.flatnonzero(beside) if i not in markets]
        reason = f"stands beside {', '.join(others)}, to whom it could be resold at the lower price"
    elif here not in row["countries"] and stored:
        reason = f"can store it ({stored[0]}): what is bought today is resold tomorrow"
    elif net.ad_valorem[:, pairs].any():
        reason = "is under a duty ad valorem, which changes with the mark-up"
    elif any(i.quantity == "take" and i.lower > 0 and np.isin(i.item, pairs).any() for i in net.limits):
        reason = "is served by an agreement, whose price is not the seller's to set"
    if reason:
        raise QuestionError(
            f"conduct {row['id']}: {name} {reason}; market power is told on straight lines of final demand without "
            "resale. Leave it out of `markets`"
        )


def _held(net: Network, row: dict[str, Any]) -> Ints:
    """Pairs of store and stream of a seller's good."""
    goods = np.array([net.streams[k].good == row["good"] for k in net.stores.pair_stream], dtype=bool)
    return np.flatnonzero(goods)


def _same_as_calibrated(case: Case, row: dict[str, Any], *, long_run: bool) -> None:
    """Costs found as if sellers took the price would count the mark-up twice under market power, and the other way."""
    levels = case.tables["levels"]
    demand = dict(zip(case.tables["demand"]["id"], case.tables["demand"]["good"], strict=True))
    if not any(
        t == "demand" and demand.get(d) == row["good"] for t, d in zip(levels["table"], levels["id"], strict=True)
    ):
        return  # its good is not calibrated
    told = levels[(levels["table"] == "conduct") & (levels["id"] == row["id"])]["factor"]
    was = float(told.iloc[0]) if len(told) else 0.0
    said = row["theta"] if row["observed"] is None or np.isnan(row["observed"]) else row["observed"]
    if abs(was - said) > SAME:
        raise QuestionError(
            f"conduct {row['id']}: the case was calibrated with theta {was:g} and is to be solved as one calibrated with "
            f"{said:g}; calibrate it again, or say in `observed` with which theta the year was read"
        )
    if was > 0 and long_run:
        raise QuestionError(
            f"conduct {row['id']}: calibrated with theta {was:g} on short-run demand, which the long run does not return"
        )
