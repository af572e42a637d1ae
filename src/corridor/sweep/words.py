"""What a sweep says, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor.analysis.world import amount, percent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridor.sweep.show import Spread

__all__ = ["kinds_sentence", "number", "spread_sentence", "tally"]


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
