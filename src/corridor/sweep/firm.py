"""Headline answers beside their range: `run --variations N`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.analysis import VISIBLE, output_of, told_gains
from corridor.analysis.world import country_name, name_of, word_for
from corridor.case import records
from corridor.errors import CorridorError
from corridor.processes import begin_loading
from corridor.sweep.apart import LEFT_OUT, apart, own_goods
from corridor.sweep.design import Ask, Design, ScenarioAsked, Vary
from corridor.sweep.plan import plan_over
from corridor.sweep.run import LOADED, pace_of, run_chunks
from corridor.sweep.show import Spread, spread_of
from corridor.sweep.words import number, tally, why_none

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridor.analysis import Answered, Comparison, Headlines, Section
    from corridor.case import Case
    from corridor.sweep.work import Row

__all__ = ["Firm", "with_variations"]

CHUNK = 2
FREE = 1e-6
"""Support per unit below which a minimum volume goes of its own accord."""


@dataclass(frozen=True)
class Firm:
    """The headline answers, each with how it spreads."""

    headlines: Headlines
    spreads: tuple[tuple[Spread, ...], ...]
    """for each answer, in the order of `headlines.answers`"""
    left_out: tuple[str, ...] = LEFT_OUT


def with_variations(
    told: Headlines,
    size: int,
    *,
    workers: int | None = None,
    seed: int = 0,
    tell: Callable[[str], None] = lambda _: None,
) -> Firm:
    """Every headline answer over `size` variations of all figures that have a range, on the annual network.

    Share questions are asked as they stand; of a scenario also the output lost of the good that is hit most, the gains of
    the countries that its sentence tells, and the support that a minimum volume takes. An answer that is none of these (what
    the market does, what cannot be done) has no spread.
    """
    if workers != 1:
        begin_loading(LOADED)
    wanted = [[_asked(section, answer) for answer in section.answers] for section in told.sections]
    asks: dict[str, Ask] = {}
    for ask in (ask for section in wanted for answer in section for ask in answer):
        old = asks.get(ask.name)
        names = dict.fromkeys((*(() if old is None else old.scenarios), *ask.scenarios))
        asks[ask.name] = ask.model_copy(update={"scenarios": tuple(names)})
    if not asks:
        return Firm(told, tuple(() for _ in told.answers))
    cases: dict[tuple[str, ...], Case] = {}
    for section in told.sections:
        for good in section.goods:
            if any(ask.good == good for ask in asks.values()):
                cases.setdefault(own_goods(section.base.case, good), apart(section.base, good))
    scenarios = dict.fromkeys(name for ask in asks.values() for name in ask.scenarios if name != "base")
    design = Design(
        format=1,
        method="latin_hypercube",
        size=size,
        seed=seed,
        chunk=CHUNK,
        calendar="year",
        vary=(Vary(), Vary(parameter="kappa")),
        scenarios=tuple(ScenarioAsked(name=name, scenario=name) for name in scenarios),
        ask=tuple(asks.values()),
    )
    plan = plan_over(list(cases.values()), design)
    rows: list[Row] = []
    pace = pace_of(plan, range(plan.chunks), tell)
    undone = run_chunks(plan, range(plan.chunks), lambda _, found: rows.extend(found), workers=workers, pace=pace)
    if undone:
        raise CorridorError(f"{len(undone)} of {plan.chunks} chunks of variations were not done: their processes died")
    spreads = _spreads(rows, asks, size)
    sections, found = [], []
    for section, answers in zip(told.sections, wanted, strict=True):
        changed = []
        for answer, questions in zip(section.answers, answers, strict=True):
            keys = [(ask, name) for ask in questions for name in ask.scenarios if name == answer.scenario]
            own = [spreads[ask.name, name] for ask, name in keys]
            found.append(tuple(spread for spread, _ in own))
            lines = [_line(told.case, ask, spread) for (ask, _), (spread, _) in zip(keys, own, strict=True)]
            # What has no answer to one question mostly has none to the others of a scenario, and is told once.
            lines += dict.fromkeys(why for _, reasons in own if (why := why_none(reasons)))
            changed.append(replace(answer, details=(*answer.details, *lines)))
        sections.append(replace(section, answers=tuple(changed)))
    return Firm(replace(told, sections=tuple(sections)), tuple(found))


def _asked(section: Section, answer: Answered) -> list[Ask]:
    """Questions with one number each that stand for a headline answer."""
    found: list[Ask] = []
    share: Any = answer.share
    if share is not None:
        question = {"good": share.good, "of": share.of, share.how: share.what}
        question |= {"direction": share.direction, "over": share.denominator}
        found.append(Ask(what="share", scenarios=(answer.scenario,), **question))
    told = answer.comparison
    if told is not None:
        mine = [g for g in told.goods if g in section.goods]
        lost = {g: abs(told.output_lost(g)) / max(output_of(told.base, g), 1e-9) for g in mine}
        # The good that is asked about, or the one that is hit most.
        first = share.good if share is not None and lost.get(share.good, 0.0) >= VISIBLE else None
        good = first or max(lost, key=lambda g: lost[g], default="")
        if good and lost[good] >= VISIBLE:
            found.append(Ask(what="output_lost", good=good, scenarios=(answer.scenario,)))
        good = share.good if share is not None and share.good in mine else good
        if good:
            told_of: list[dict[str, Any]] = [{"what": "support", "via": target} for target in _obliged(told)]
            told_of += [{"what": "gains", "of": country, "tied": True} for country, _ in told_gains(told)]
            found += [Ask(good=good, scenarios=(answer.scenario,), **keys) for keys in told_of]
    return found


def _obliged(told: Comparison) -> list[str]:
    """What an added minimum volume goes through, where it does not go of its own accord."""
    before = {i.id for i in told.base.question.instruments}
    rows = records(told.changed.obligations)
    return [row["target"] for row in rows if row["instrument"] not in before and abs(row["support"]) > FREE]


def _spreads(rows: list[Row], asks: dict[str, Ask], size: int) -> dict[tuple[str, str], tuple[Spread, Counter[str]]]:
    """(question, scenario) -> spread, and why variations have no answer, with how many."""
    values: dict[tuple[str, str], np.ndarray[tuple[int], np.dtype[np.float64]]] = {}
    units: dict[tuple[str, str], str] = {}
    reasons: dict[tuple[str, str], Counter[str]] = {}
    for row in rows:
        key = row.question, row.scenario
        units[key] = row.unit
        values.setdefault(key, np.full(size + 1, np.nan))[row.variation] = np.nan if row.value is None else row.value
        if row.failure and row.variation:
            reasons.setdefault(key, Counter())[row.failure] += 1
    found = {}
    for key, value in values.items():
        own = float(value[0]) if np.isfinite(value[0]) else None
        spread = spread_of(*key, units[key], own, value[1:], asks[key[0]].what)
        found[key] = spread, reasons.get(key, Counter())
    return found


def _line(case: Case, ask: Ask, spread: Spread) -> str:
    if ask.what == "share":
        what = "The share"
    elif ask.what == "gains":
        what = f"What {country_name(ask.of or '')} gains"
    elif ask.what == "support":
        what = f"The support that {name_of(case, ask.via or '')} takes"
    else:
        what = f"Output lost of {word_for(case, ask.good or '')}"
    return f"{what} on the annual network, this good apart: {number(spread.own, spread.unit)}; {tally(spread)}."
