"""Who can claim which part of what several states make together: a cooperative game over who withholds.

The value of a coalition is what its members gain at the equilibrium in which the other players withhold (design section 6).
Gains are those of the whole part of the case that holds the good, so each player also has gains alone; what is shared out is
what all make above that.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from corridor.analysis.coalitions import gap_of, lay, own_gains, planned_routes, solve_coalition
from corridor.analysis.games import (
    MOST_LISTED,
    TOLERANCE,
    Clash,
    core_is_empty,
    nucleolus,
    sampled_shapley,
    shapley,
    worst_clash,
)
from corridor.analysis.tolls import toll
from corridor.analysis.world import (
    country_name,
    list_words,
    must_have,
    must_have_country,
    name_of,
    percent,
    span_words,
    word_for,
)
from corridor.errors import QuestionError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from corridor.analysis.coalitions import Contracts, Outsiders, Solved, Table
    from corridor.analysis.tolls import Toll
    from corridor.case import Case
    from corridor.network import Instrument
    from corridor.program import Floats
    from corridor.result import Result

__all__ = ["Bargain", "Coalition", "Player", "bargain"]

_ORDERS = 40
"""Orders drawn where there are too many players for every coalition to be solved."""


@dataclass(frozen=True)
class Coalition:
    """What some players make when the others withhold, million USD over the calendar."""

    members: tuple[str, ...]
    value: float
    released: tuple[str, ...]
    """targets of the contracts that cannot be kept"""
    gap: float


@dataclass(frozen=True)
class Player:
    """What one player can claim, million USD over the calendar."""

    player: str
    alone: float
    shapley: float
    standard_error: float
    """0 where it is exact"""
    nucleolus: float | None

    @property
    def gain(self) -> float:
        """What it can claim above what it makes alone."""
        return self.shapley - self.alone


@dataclass(frozen=True)
class Bargain:
    """The game of a good between players, and what it says."""

    case: Case
    good: str
    outsiders: Outsiders
    contracts: Contracts
    grand: Result
    """the equilibrium in which nobody withholds"""
    players: tuple[Player, ...]
    coalitions: tuple[Coalition, ...]
    """all that were solved, in the order of their sets; the empty one, worth nothing, is left out"""
    grand_value: float
    clash: Clash | None
    """the worst case of two coalitions that make less together than apart"""
    core_empty: bool | None
    """None where it is withheld"""
    why_withheld: str
    tolls: tuple[Toll, ...]
    planned: bool = False
    """whether planned routes of the good are open in every coalition"""

    @property
    def superadditive(self) -> bool | None:
        """Whether no two coalitions lose by acting together; None where there are too many players to say."""
        return None if len(self.players) > MOST_LISTED else self.clash is None

    @property
    def surplus(self) -> float:
        """What all make together above what each makes alone."""
        return self.grand_value - sum(p.alone for p in self.players)

    @property
    def gap(self) -> float:
        """The largest gap of all certificates, which passed."""
        return max(*(c.gap for c in self.coalitions), *(t.gap for t in self.tolls), 0.0)

    @property
    def solves(self) -> int:
        """How many equilibria the answer rests on."""
        return len(self.coalitions) + sum(t.solves for t in self.tolls)

    @property
    def released(self) -> tuple[str, ...]:
        """Targets of contracts that cannot be kept in some coalition."""
        return tuple(sorted({target for c in self.coalitions for target in c.released}))

    def share(self, player: Player) -> float | None:
        """A player's part of the surplus; None where there is none to share."""
        return player.gain / self.surplus if self._shared else None

    @cached_property
    def _shared(self) -> bool:
        return self.surplus > TOLERANCE * max(abs(c.value) for c in self.coalitions)

    @cached_property
    def sentence(self) -> str:
        """The answer: who can claim which part, whether that is firm, and what tolls could take."""
        periods = self.grand.network.periods
        span, good = span_words(periods.starts[0], periods.ends[-1]), word_for(self.case, self.good)
        names = [country_name(p.player) for p in self.players]
        if not self._shared:
            return f"By not withholding {good} from each other {list_words(names)} make nothing in {span} that each lacks alone."
        ordered = sorted(self.players, key=lambda p: -p.gain)
        claims = list_words([f"{country_name(p.player)} {percent(self.share(p) or 0.0)}" for p in ordered])
        more = f"{_money(self.surplus)} more in {span} by not withholding {good} from each other than alone"
        opened = "with planned routes open, " if self.planned else ""
        parts = [
            f"{opened}{list_words(names)} make {more}",
            f"by what each adds to the others (Shapley value) the shares are {claims}",
        ]
        if self.clash is not None:
            one, other = (
                list_words([country_name(p) for p in self.members(s)]) for s in (self.clash.one, self.clash.other)
            )
            parts.append(
                f"core and nucleolus are withheld, since {one} on one side and {other} on the other make "
                f"{_money(self.clash.loss)} less together than apart"
            )
        elif self.core_empty is not None:
            parts.append(
                "no division satisfies every coalition (the core is empty)"
                if self.core_empty
                else "there are divisions that no coalition can better by itself (the core is not empty)"
            )
        text = "; ".join(parts)
        return f"{text[0].upper()}{text[1:]}."

    @cached_property
    def toll_sentences(self) -> tuple[str, ...]:
        """One sentence a transit country."""
        return tuple(_toll_words(t) for t in self.tolls)

    @property
    def warnings(self) -> tuple[str, ...]:
        """How it was solved, and which contracts could not always be kept."""
        kept = "kept where they can be" if self.contracts == "bind" else "void on this good"
        slices = (
            ", slices kept, since profiles of goods tied to this one speak of them"
            if self.grand.case.settings.slices
            else ""
        )
        found = [f"solved in periods of a year{slices}; contracts {kept}; other states take prices as they are"]
        if self.released:
            names = "; ".join(name_of(self.case, target) for target in self.released)
            found.append(f"contracts on these are released where withholding makes them impossible: {names}")
        return (*found, *self.grand.warnings)

    def members(self, coalition: int) -> tuple[str, ...]:
        """Who is in a coalition given as a set of bits."""
        return tuple(p.player for i, p in enumerate(self.players) if coalition >> i & 1)


def bargain(
    case: Case,
    good: str,
    players: Sequence[str],
    outsiders: Outsiders = "absent",
    contracts: Contracts = "bind",
    *,
    scenario: str = "base",
    with_: Instrument | Iterable[Instrument] = (),
    planned: bool = False,
    tolls: bool = True,
    tell: Callable[[str], None] = lambda _: None,
) -> Bargain:
    """Who can claim which part of what trade in a good brings several states, and the tolls that transit states could take.

    `outsiders` says what players outside a coalition do: `absent` withholds the links that they control, their supplies and
    markets from all, `compete` trades over their own only. States that are no players take part as price-takers. Contracts
    `bind` where they can be kept, or those on the good are `void`. `with_` holds in every coalition; `planned` opens the good's
    planned links too. Up to 16 players every coalition is solved; beyond, the Shapley value is sampled. Solved on the part of
    the case that holds the good, one period a year, slices kept where the part's profiles speak of them.

    Raises `QuestionError` for players or goods that the case does not have, and the errors of `solve`.
    """
    must_have(case, "goods", good, "good")
    must_have_country(case, players)
    if len(players) < 2 or len(set(players)) < len(players):
        raise QuestionError("a bargain needs two players or more, each named once, as in --players RUS,KAZ")
    for told, known, word in (
        (outsiders, ("absent", "compete"), "outsiders"),
        (contracts, ("bind", "void"), "contracts"),
    ):
        if told not in known:
            raise QuestionError(f"{word} {told!r}: write {' or '.join(known)}")
    from corridor.network import Instrument as One

    asked = (with_,) if isinstance(with_, One) else tuple(with_)
    opened = planned_routes(case, good) if planned else ()
    table = lay(case, good, players, outsiders, contracts, scenario, (*asked, *opened))
    n, whole = len(players), (1 << len(players)) - 1
    solved: dict[int, Coalition] = {}
    doubtful: set[Instrument] = set()

    def value(coalition: int) -> float:
        if not coalition:
            return 0.0
        if coalition not in solved:
            solved[coalition], found = _solve(table, coalition, doubtful)
            doubtful.update(found.crowded)
            tell(f"{len(solved)} of {whole} coalitions" if n <= MOST_LISTED else f"{len(solved)} coalitions")
        return solved[coalition].value

    solved[whole], grand = _solve(table, whole)
    errors: Floats = np.zeros(n)
    clash, empty, divided = None, None, None
    why = "too many players for every coalition to be solved" if n > MOST_LISTED else ""
    if n <= MOST_LISTED:
        v = np.array([value(s) for s in range(whole + 1)])
        shares, clash = shapley(v), worst_clash(v)
        if clash is None:
            empty, divided = core_is_empty(v), nucleolus(v)
        else:
            why = "not superadditive: two coalitions make less together than apart"
    else:
        shares, errors = sampled_shapley(value, n, _ORDERS)
    told_players = tuple(
        Player(p, value(1 << i), float(shares[i]), float(errors[i]), None if divided is None else float(divided[i]))
        for i, p in enumerate(players)
    )
    taken = []
    for p in players if tolls else ():
        tell(f"tolls of {p}")
        taken.append(toll(table, p, grand.kept))
    return Bargain(
        case=case,
        good=good,
        outsiders=outsiders,
        contracts=contracts,
        grand=grand.result,
        players=told_players,
        coalitions=tuple(solved[s] for s in sorted(solved)),
        grand_value=solved[whole].value,
        clash=clash,
        core_empty=empty,
        why_withheld=why,
        tolls=tuple(t for t in taken if t is not None),
        planned=planned,
    )


def _solve(table: Table, coalition: int, doubtful: Collection[Instrument] = ()) -> tuple[Coalition, Solved]:
    members = tuple(p for i, p in enumerate(table.players) if coalition >> i & 1)
    found = solve_coalition(table, frozenset(members), doubtful)
    gains = own_gains(found.result)
    released = tuple(sorted({i.target for i in table.agreements if i not in found.kept}))
    return Coalition(members, sum(gains.get(p, 0.0) for p in members), released, gap_of(found.result)), found


def _toll_words(t: Toll) -> str:
    name = country_name(t.player)
    counted = ""
    if t.taken_on == "ways in":
        counted = (
            f" Provisional: counted on what enters {name}, its own purchases included, since others hold its ways out."
        )
    if t.half_fee is None:
        first = f"more than half of what crosses {name} stays whatever {name} adds"
    elif t.half_fee <= 0:
        first = f"half of what crosses {name} leaves at any fee"
    else:
        first = f"{name} can add up to {t.half_fee:,.0f} {t.unit} before half of what crosses it leaves"
    first = f"{first[0].upper()}{first[1:]}"
    # What stays in its own pockets, such as a fee that a contract makes its own shippers pay, earns it nothing.
    if t.best_gain <= 1e-3 * t.best_fee * t.best_transit:
        return f"{first}; no further fee earns it anything.{counted}"
    return f"{first}; {t.best_fee:,.0f} {t.unit} earns it most, {_money(t.best_gain)}.{counted}"


def _money(million: float) -> str:
    if abs(million) >= 1000:
        return f"{million / 1000:,.1f} billion USD"
    return f"{million:,.0f} million USD" if abs(million) >= 1 else f"{million:.2g} million USD"
