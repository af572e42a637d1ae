"""The answer of a game of trade measures in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor.analysis.world import amount, country_name, span_words, word_for

if TYPE_CHECKING:
    from corridor.analysis.payoffs import Change
    from corridor.analysis.retaliate import Retaliation

__all__ = ["action_words", "change_words", "sentence"]


def sentence(told: Retaliation) -> str:
    """Who is hurt more where both do all they can, and where it settles."""
    case, periods = told.base.case, told.base.network.periods
    goods = " and ".join(word_for(case, good) for good in told.goods)
    sides = [country_name(side) for side in told.sides]
    span = span_words(periods.starts[0], periods.ends[-1])
    if len(told.actions[0]) == len(told.actions[1]) == 1:
        return f"{sides[0]} and {sides[1]} have nothing to ban in {goods} of each other in {span}."
    last = told.payoffs[-1][-1]
    changes = [f"{name} {change_words(c, told.tolerance)}" for name, c in zip(sides, last, strict=True)]
    return (
        f"Where {sides[0]} and {sides[1]} ban all trade in {goods} with each other, and transit, in {span}, "
        f"{' and '.join(changes)}: "
        f"{_hurt(told)}; {_settles(told)}."
    )


def change_words(change: Change, tolerance: float) -> str:
    """A change of gains: "loses 12 million USD (0.004 % of its GDP)"."""
    if abs(change.total) <= tolerance:
        return "neither gains nor loses"
    verb = "gains" if change.total > 0 else "loses"
    share = change.per_cent_of_gdp
    told = "" if share is None else f" ({abs(share):.2g} % of its GDP)"
    return f"{verb} {amount(abs(change.total), 'million USD')}{told}"


def action_words(told: Retaliation, actions: tuple[str, str]) -> str:
    """A pair of actions: "Kazakhstan bans imports of wheat and Russia does nothing"."""
    words = []
    for side, chosen, listed in zip(told.sides, actions, told.actions, strict=True):
        words.append(f"{country_name(side)} {next(a.name for a in listed if a.id == chosen)}")
    return " and ".join(words)


def _hurt(told: Retaliation) -> str:
    last = told.payoffs[-1][-1]
    sides = [country_name(side) for side in told.sides]
    losses = [-c.total for c in last]
    if max(losses) <= told.tolerance:
        return "neither is hurt"
    if abs(losses[0] - losses[1]) <= told.tolerance:
        return "both are hurt alike"
    more = int(losses[1] > losses[0])
    shares = [c.per_cent_of_gdp for c in last]
    if losses[1 - more] > told.tolerance and shares[0] is not None and shares[1] is not None:
        relative = int(-shares[1] > -shares[0])
        if relative != more:
            return f"{sides[more]} is hurt more in money, {sides[relative]} more for its size"
    return f"{sides[more]} is the one hurt" if losses[1 - more] <= told.tolerance else f"{sides[more]} is hurt more"


def _settles(told: Retaliation) -> str:
    found = [o.actions for o in told.equilibria]
    if not found:
        mixed = "only at random choices of both" if told.mixed else "nowhere that was found"
        return f"no pair of actions is stable, it settles {mixed}"
    peace = ("nothing", "nothing")
    if len(found) == 1:
        if found[0] == peace:
            return "it settles without any measure, for neither gains by beginning"
        return f"it settles where {action_words(told, found[0])}, the only equilibrium"
    worth = np.array([o.payoffs for o in told.equilibria])
    if np.ptp(worth, axis=0).max() <= told.tolerance:
        first = peace if peace in found else found[0]
        others = "another pair" if len(found) == 2 else f"{len(found) - 1} other pairs"
        return f"it settles where {action_words(told, first)}, or at {others} of actions worth the same"
    more = f"{len(found)} pairs of actions are stable"
    return (
        f"{more}, no measure at all among them"
        if peace in found
        else f"{more}, such as where {action_words(told, found[0])}"
    )
