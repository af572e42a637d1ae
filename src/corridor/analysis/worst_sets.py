"""The worst of all sets of at most k closures, by solving each set that is not proved equal to a smaller one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from corridor.analysis.closures import Outcome, Packed, SharedProgram, Unit

__all__ = ["Searched", "search"]

BEST = 12
"""So many of the best sets of a size are extended where not all sets can be solved."""

Set = tuple[int, ...]


@dataclass(frozen=True)
class Searched:
    """What was found over all sets of at most k units."""

    outcomes: tuple[Outcome, ...]
    """those solved, without closures first; each stands for itself and for every set proved equal to it"""
    equal: int
    """sets proved equal to one of fewer closures, or to one that shuts the same"""
    whole: bool
    """whether every set was solved or proved equal"""
    same: dict[Set, list[Set]]
    """members of an outcome -> other sets that shut the same"""


def search(shared: SharedProgram, units: tuple[Unit, ...], k: int, most: int, tell: Callable[[str], None]) -> Searched:
    """Sets of one closure, of two, and so on.

    A size whose sets need more than `most` solves in all is searched from the best sets of the size before.
    """
    without = shared.outcome(units, ())
    found: dict[Set, Outcome] = {(): without}
    solved = [without]
    same: dict[Set, list[Set]] = {}
    equal, whole = 0, True
    for size in range(1, min(k, len(units)) + 1):
        open_: list[Set] = []
        for chosen in combinations(range(len(units)), size):
            smaller = _smaller(found, chosen)
            if smaller is None:
                open_.append(chosen)
            else:
                found[chosen] = smaller
                equal += 1
        # Those that shut least come first: what carries nothing under them is then known of those that shut more.
        shut = {chosen: _shut(shared, units, chosen) for chosen in open_}
        open_.sort(key=lambda chosen: int(np.bitwise_count(shut[chosen]).sum()))
        if shared.solves + len({p.tobytes() for p in shut.values()}) > most:
            good = _promising(found, open_, size)
            whole = whole and len(good) == len(open_)
            open_ = good
        tell(f"{len(open_)} sets of {size} to look at")
        for chosen in open_:
            releases = frozenset().union(*(units[m].releases for m in chosen))
            twin = _twin(solved, shut[chosen], releases)
            if twin is None and shared.solves >= most:
                whole = False
                break
            if twin is None:
                found[chosen] = shared.outcome(units, chosen)
                solved.append(found[chosen])
                continue
            found[chosen] = twin
            equal += 1
            if not set(twin.members) <= set(chosen):
                same.setdefault(twin.members, []).append(chosen)
    return Searched(tuple(solved), equal, whole and all(o.loss is not None for o in solved), same)


def _smaller(found: dict[Set, Outcome], chosen: Set) -> Outcome | None:
    """The outcome of the set without one member, where that member carries nothing in it."""
    for left in chosen:
        rest = found.get(tuple(m for m in chosen if m != left))
        if rest is not None and rest.idle[left]:
            return rest
    return None


def _shut(shared: SharedProgram, units: tuple[Unit, ...], chosen: Set) -> Packed:
    return np.packbits(shared.following(np.any([units[m].columns for m in chosen], axis=0)))


def _twin(solved: list[Outcome], shut: Packed, releases: frozenset[str]) -> Outcome | None:
    """A set solved before that is proved to have the same optima (closures.py)."""
    for outcome in solved:
        if outcome.releases == releases and not (shut & ~outcome.never).any() and not (outcome.shut & ~shut).any():
            return outcome
    return None


def _promising(found: dict[Set, Outcome], wanted: list[Set], size: int) -> list[Set]:
    """Sets that extend one of the best of the size before, the best first."""
    ranked = sorted((s for s in found if len(s) == size - 1), key=lambda s: -_loss(found[s]))
    starts = [set(s) for s in ranked[:BEST]]
    ranks = {chosen: [n for n, start in enumerate(starts) if start < set(chosen)] for chosen in wanted}
    return sorted((chosen for chosen in wanted if ranks[chosen]), key=lambda chosen: ranks[chosen])


def _loss(outcome: Outcome) -> float:
    """The loss of an outcome; nothing is known of one without an answer, so it is tried first."""
    return float("inf") if outcome.loss is None else outcome.loss
