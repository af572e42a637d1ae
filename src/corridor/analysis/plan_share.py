"""The share of a plan as sums over the columns of a year's program.

What crosses a country is counted where it enters: on links that cross it and do not begin in it, less what is delivered
inside. A unit that enters twice counts twice, and losses behind the border are counted with it; so a plan's share is measured
again unit by unit (`share.measure`), and the limit corrected by the ratio of the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor.errors import QuestionError
from corridor.formulation import Columns, deliveries
from corridor.network import crossed_countries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridor.case import Case
    from corridor.network import Network
    from corridor.program import Block, Bools, Floats

__all__ = ["Counted", "Question", "count", "counted"]


@dataclass(frozen=True)
class Question:
    """Which share a plan limits."""

    good: str
    of: str
    how: str
    """`through` or `partner`"""
    what: str
    direction: str = "exports"
    over: str = "trade"
    slice: str = ""
    """slice of the hours in which it is limited; "": the whole year"""


@dataclass(frozen=True)
class Counted:
    """Coefficients over a year's columns, quantities a year."""

    numerator: Floats
    denominator: Floats
    kept: Floats
    """what a plan must not cut: exports, or of imports the country's use; over the whole year"""

    def share(self, primal: Floats) -> float:
        """Numerator over denominator; 0 where there is nothing."""
        total = float((self.denominator * primal).sum())
        return float((self.numerator * primal).sum()) / total if total > 0 else 0.0


@dataclass(frozen=True)
class Entries:
    """What is counted as entering the country asked about: flows, and pairs of demand and stream that leave the count."""

    flows: Bools
    """(F,) counted where they enter"""
    inside: Bools
    """(K,) deliveries inside, which are no transit"""
    partner: Bools
    """(K,) deliveries from or to the partner"""
    trade: Bools
    """(K,) exports or imports"""
    use: Bools
    """(K,) deliveries at home, or of what the country makes"""


def counted(case: Case, net: Network, asked: Question) -> Entries:
    """What counts in a network, by flow and by pair of demand and stream."""
    streams = [s.good == asked.good for s in net.streams]
    same = np.array(streams, dtype=bool)
    own = same & np.array([s.origins == frozenset({asked.of}) for s in net.streams], dtype=bool)
    theirs = same & np.array([s.origins == frozenset({asked.what}) for s in net.streams], dtype=bool)
    country = np.array(net.node_country, dtype=object)
    at = country[net.demands.node[net.demands.take_demand]]
    stream = net.demands.take_stream
    home, there = at == asked.of, at == asked.what
    crossed = np.array([asked.what in named for named in crossed_countries(case)], dtype=bool)
    enters = crossed & (country[net.links.start] != asked.what)
    if asked.direction == "exports":
        trade = own[stream] & ~home
        return Entries(
            flows=enters[net.flows.link] & own[net.flows.stream],
            inside=own[stream] & there,
            partner=trade & there,
            trade=trade,
            use=own[stream],
        )
    if asked.how != "partner":
        raise QuestionError(
            "imports are limited by partner, not by the country they cross: ask --partner, as in --partner RUS"
        )
    trade = (same & ~own)[stream] & home
    none = np.zeros(len(net.flows.link), dtype=bool)
    return Entries(flows=none, inside=none[:0], partner=theirs[stream] & home, trade=trade, use=same[stream] & home)


def count(case: Case, net: Network, blocks: Mapping[str, Block], columns: int, asked: Question) -> Counted:
    """The share as coefficients over the columns of a year's program."""
    told = counted(case, net, asked)
    chosen = np.array([not asked.slice or name == asked.slice for name in net.periods.slice], dtype=bool)
    if not chosen.any():
        known = ", ".join(dict.fromkeys(net.periods.slice)) or "none"
        raise QuestionError(f"there is no slice {asked.slice!r}; there are {known}")
    length = float(net.years.sum())
    named = Columns(blocks)

    def delivered(pairs: Bools, periods: Bools) -> Floats:
        found = np.zeros(columns)
        period, item = np.meshgrid(np.flatnonzero(periods), np.flatnonzero(pairs), indexing="ij")
        if period.size:
            at, years = deliveries(net, named, period.ravel(), item.ravel())
            np.add.at(found, at, years / length)
        return found

    def entering(flows: Bools, periods: Bools) -> Floats:
        found = np.zeros(columns)
        block = named["flow"]
        member = np.tile(flows, len(net.periods)) & periods[block.keys[0]]
        found[block.span] = np.where(member, net.years[block.keys[0]] / length, 0.0)
        return found

    every = np.ones(len(net.periods), dtype=bool)
    if asked.how == "partner":
        numerator = delivered(told.partner, chosen)
    else:
        numerator = entering(told.flows, chosen) - delivered(told.inside, chosen)
    return Counted(
        numerator=numerator,
        denominator=delivered(told.trade if asked.over == "trade" else told.use, chosen),
        kept=delivered(told.trade if asked.direction == "exports" else told.use, every),
    )
