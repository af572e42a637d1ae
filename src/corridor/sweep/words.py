"""What a sweep says, in sentences."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from corridor.analysis.world import amount, percent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridor.sweep.show import Spread

__all__ = ["kinds_sentence", "number", "spread_sentence", "tally", "why_none"]

_HELD = re.compile(
    r"(?:\w+: )?(?P<who>.+?) needs \S+ \S+ through .+?, and at most (?P<most>\S+) (?P<unit>\S+) can pass\."
    r"(?:.*?binds first: (?P<first>.+?), at \S+ \S+)?"
)
"""How `InfeasibleError` tells that a minimum volume cannot pass."""


def number(value: float | None, unit: str) -> str:
    """A number of an answer, rounded for a sentence."""
    if value is None:
        return "no answer"
    return percent(value) if not unit else amount(value, unit)


def tally(spread: Spread) -> str:
    """In how many variations an answer holds, and its range."""
    if not spread.count:
        return f"no answer in any of {spread.failed} variations"
    failed = f"; {spread.failed} more have no answer" if spread.failed else ""
    return (
        f"holds in {spread.holds} of {spread.count} variations ({spread.rule}), "
        f"range {number(spread.low, spread.unit)} to {number(spread.high, spread.unit)}{failed}"
    )


def spread_sentence(spread: Spread) -> str:
    """One sentence on one answer."""
    where = "" if spread.scenario == "base" else f", {spread.scenario}"
    own = number(spread.own, spread.unit)
    middle = ""
    if spread.quantiles:
        ends = (number(spread.quantiles[q], spread.unit) for q in (0.05, 0.95))
        middle = "; nine in ten between {} and {}".format(*ends)
    return f"{spread.question}{where}: {own} in the case as it is; {tally(spread)}{middle}."


def kinds_sentence(figures: Sequence[Mapping[str, Any]]) -> str:
    """Which figures vary as knowledge, which as a change, and which ranges are assumed."""
    known = sum(f["kind"] == "knowledge" for f in figures)
    changes = len(figures) - known
    assumed = sum(bool(f["assumed"]) for f in figures)
    factors = len({f["factor"] for f in figures})
    told = []
    if known:
        told.append(f"{known} as knowledge, with the case calibrated again")
    if changes:
        told.append(f"{changes} as a change, with wedges held")
    text = f"{len(figures)} figures vary, {' and '.join(told)}"
    if factors < len(figures):
        text += f"; some move together, so that there are {factors} factors"
    return f"{text}; {assumed} of the ranges are assumed." if assumed else f"{text}."


def why_none(reasons: Mapping[str, int]) -> str:
    """Why variations have no answer: minimum volumes that cannot pass together with what holds them, then the most common."""
    most: dict[tuple[str, str], list[float]] = {}
    held: dict[tuple[str, str], Counter[str]] = {}
    others: Counter[str] = Counter()
    for reason, count in reasons.items():
        told = _HELD.match(reason)
        if told is None:
            others[reason] += count
            continue
        key = told["who"], told["unit"]
        most.setdefault(key, []).append(float(told["most"]))
        held.setdefault(key, Counter())[told["first"] or "nothing that is known"] += count
    lines = []
    for (who, unit), levels in most.items():
        binds = held[who, unit]
        first = "; ".join(f"{name} in {count}" for name, count in binds.most_common(3))
        lines.append(
            f"In {binds.total()} variations there is no answer, since this cannot be kept: {who}. At most "
            f"{min(levels):.3g} to {max(levels):.3g} {unit} can pass; first binds {first}."
        )
    for reason, _ in others.most_common(1):
        lines.append(f"In {others.total()} variations there is no answer, mostly because of this: {reason}.")
    return " ".join(lines)
