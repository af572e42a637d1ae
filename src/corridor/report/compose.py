"""Answers -> the document of a report: what is said first, then what backs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.analysis import (
    Answered,
    Comparison,
    Headlines,
    Section,
    compare,
    source_keys,
    undetermined_flows,
    undetermined_lines,
)
from corridor.analysis.world import amount, name_of, span_words
from corridor.calibration import adjustments
from corridor.case import records
from corridor.errors import QuestionError
from corridor.report.asked import asked_blocks
from corridor.report.blocks import (
    assumed_table,
    bars_by_country,
    column,
    frame_table,
    route_blocks,
    sankey_blocks,
    sources_block,
)
from corridor.report.frame import case_document
from corridor.report.goods import Shown
from corridor.report.html import write_html
from corridor.report.maps import map_blocks, view
from corridor.report.tables import (
    accounting_table,
    binding_table,
    certificate_table,
    changes_table,
    ledger_table,
    named,
    netback_changes,
    netback_table,
    party_table,
    price_changes,
    prices_table,
    when_table,
)
from corridor.report.timeline import timeline_block

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from corridor.case import Case
    from corridor.program import Bools
    from corridor.result import Result

__all__ = [
    "base_blocks",
    "base_maps",
    "change_blocks",
    "comparison_document",
    "during",
    "headlines_document",
    "same_days",
    "trust_blocks",
    "write_report",
]

Block = dict[str, Any]
Blocks = dict[str, list[Block]]
"""Blocks under the word for what they show, in the order in which a page has them."""


def write_report(results: Sequence[Result], path: str | os.PathLike[str]) -> Path:
    """Write results as one self-contained page: the first as it is, the others by what they change against it.

    Returns the path. Raises `QuestionError` for no result, or for results that cannot be compared.
    """
    if not results:
        raise QuestionError("a report needs at least one result")
    base, *others = results
    return write_html(comparison_document([compare(base, other) for other in others], base), path)


def headlines_document(told: Headlines) -> dict[str, Any]:
    """The report of `corridor run`: every answer in short, then group by group what backs it and what it rests on."""
    taken = {"answers", "events"}
    shorts: list[Block] = []
    backing: list[dict[str, Any]] = []
    open_flows = {id(base): undetermined_flows(base) for base in told.bases}
    for number, section in enumerate(told.sections):
        suffix = f"-{number + 1}" if number else ""
        own = {name: _anchor(f"{name}{suffix}", taken) for name in ("base", "dates", "trust")}
        anchors = [
            own["base"] if a.is_of_base else _anchor(a.verb if a.told else a.scenario, taken) for a in section.answers
        ]
        items = [_answer_item(a) for a in section.answers]
        short: Block = {"type": "answers", "items": items}
        if section.name:
            short |= {"title": section.name, "group": section.name}
            short["items"] = [item | {"section": at} for item, at in zip(items, anchors, strict=True)]
        shorts.append(short)
        backing.extend(_group_sections(section, own, anchors, open_flows[id(section.base)]))
    if any(section.name for section in told.sections):
        others = timeline_block(told.case, (), general=True)
        backing.extend([{"id": "events", "title": "What else happened", "blocks": [others]}] if others else [])
    return case_document(told.case, [{"id": "answers", "title": "In short", "blocks": shorts}, *backing])


def _anchor(name: str, taken: set[str]) -> str:
    """An anchor that no other section has: one scenario can have measures in several parts of a case."""
    told = name
    while told in taken:
        told += "-again"
    taken.add(told)
    return told


def _group_sections(
    told: Section, own: dict[str, str], anchors: Sequence[str], flows: pd.DataFrame
) -> list[dict[str, Any]]:
    """What backs the answers of one group of goods, each section under its anchor."""
    shown = Shown(told.base.case, told.goods, _good(told))
    group = {"group": told.name} if told.name else {}
    sections = [
        {
            "id": own["base"],
            "title": "As it is",
            "blocks": [*base_maps(told.base, shown), *_flat(base_blocks(told.base, shown, flows))],
        }
    ]
    dates = timeline_block(shown.case, shown.goods, general=not told.name)
    if dates:
        sections.append({"id": own["dates"], "title": "What happened, and what is in force", "blocks": [dates]})
    sections.extend(
        {"id": anchor, "title": a.question, "blocks": _answer_blocks(a, shown)}
        for a, anchor in zip(told.answers, anchors, strict=True)
        if not a.is_of_base
    )
    sections.append(
        {"id": own["trust"], "title": "What this rests on", "blocks": _flat(trust_blocks(told.base, shown))}
    )
    return [section | group for section in sections]


def comparison_document(comparisons: Sequence[Comparison], base: Result) -> dict[str, Any]:
    """The report of results side by side: the base, then what each other result changes."""
    case = base.case
    good = str(case.settings.headline[0]["good"] if case.settings.headline else case.tables["goods"]["id"].iloc[0])
    shown = Shown.everything(case, good)
    items = [{"question": _title(c.changed), "answer": c.sentence, "command": _command(c.changed)} for c in comparisons]
    as_it_is = [*base_maps(base, shown), *_flat(base_blocks(base, shown, undetermined_flows(base)))]
    sections = [{"id": "base", "title": "As it is", "blocks": as_it_is}]
    if items:
        sections.insert(0, {"id": "answers", "title": "In short", "blocks": [{"type": "answers", "items": items}]})
    for number, c in enumerate(comparisons):
        sections.append({"id": f"change-{number + 1}", "title": _title(c.changed), "blocks": _changes(c, shown)})
    sections.append({"id": "trust", "title": "What this rests on", "blocks": _flat(trust_blocks(base, shown))})
    return case_document(case, sections)


def _good(told: Section) -> str:
    """The good that pictures of one good show: the first that a question is about, else the first of the group."""
    asked = [q["good"] for q in told.base.case.settings.headline if q["good"] in told.goods]
    return asked[0] if asked else told.goods[0]


def _answer_item(a: Answered) -> dict[str, Any]:
    return {"question": a.question, "answer": a.answer, "detail": list(a.details), "command": a.command}


def _title(result: Result) -> str:
    if result.question.with_:
        return "; ".join(i.name or i.text() for i in result.question.with_)
    return name_of(result.case, result.scenario)


def _command(result: Result) -> str:
    parts = ["corridor compare", result.case.name]
    if result.scenario != "base":
        parts.append(f"--scenario {result.scenario}")
    parts.extend(f"--with {i.text()}" for i in result.question.with_)
    return " ".join(parts)


def _flat(blocks: Blocks) -> list[Block]:
    return [block for told in blocks.values() for block in told]


def base_maps(base: Result, shown: Shown) -> list[Block]:
    """What flows over the whole calendar, a map for each unit."""
    whole = np.ones(len(base.network.periods), dtype=bool)
    span = _span_words(base, whole)
    return map_blocks(
        shown,
        lambda goods: [view(base, whole, goods, name="base", title=span)],
        title="Flows and capacities",
        note="Core: what flows. Pale casing: capacity. Closed links are dashed, planned ones dotted.",
    )


def base_blocks(base: Result, shown: Shown, flows: pd.DataFrame) -> Blocks:
    """What an equilibrium is, without its maps; `flows` are those of `undetermined_flows`."""
    gains = bars_by_country(
        shown.of_goods(base.gains),
        "value",
        title="Who gains what",
        note="Gains at the prices of the equilibrium, against no trade at all.",
    )
    return {
        "sankey": sankey_blocks(base, shown, title="From field to market"),
        "prices": [prices_table(base, shown)],
        "netback": [netback_table(base, shown)],
        "gains": [gains],
        "accounting": [accounting_table(base, shown)],
        "binding": [binding_table(base, shown)],
        "open": [_undetermined_block(base, shown, flows)],
    }


def _undetermined_block(result: Result, shown: Shown, flows: pd.DataFrame) -> Block:
    """What the model leaves open, in words: a reader must not take one of several answers for the answer."""
    lines = undetermined_lines(result, flows, goods=shown.goods) or ["Every volume and every price is determined."]
    return {"type": "text", "title": "What the model leaves open", "paragraphs": lines}


def _answer_blocks(a: Answered, shown: Shown) -> list[Block]:
    words: Block = {"type": "text", "paragraphs": [a.answer, *a.details]}
    if a.told is not None:
        return [words, *asked_blocks(shown.case, a.told)]
    return [words, *(_changes(a.comparison, shown) if a.comparison is not None else [])]


def _changes(c: Comparison, shown: Shown) -> list[Block]:
    within = during(c.changed)
    span = _span_words(c.changed, within)
    maps = map_blocks(
        shown,
        lambda goods: [
            view(c.base, same_days(c, within), goods, name="before", title=f"Without, {span}"),
            view(c.changed, within, goods, name="after", title=f"With, {span}"),
        ],
        title="Before and after",
        differences=True,
    )
    return [*maps, *_flat(change_blocks(c, shown))]


def change_blocks(c: Comparison, shown: Shown) -> Blocks:
    """What measures change, without its maps."""
    gains = bars_by_country(
        shown.of_goods(c.gains),
        "difference",
        title="Who pays, who gains",
        note="Change of gains over the calendar by country and role; the parts add up to the country's total."
        + _elsewhere(c, shown),
    )
    blocks = {
        "routes": route_blocks(c, shown, title="What each route carries"),
        "changes": [changes_table(c, shown)],
        "when": [when_table(c)],
        "prices": [price_changes(c, shown)],
        "gains": [gains],
        "parties": [party_table(c, shown)],
        "netback": [netback_changes(c, shown)],
        "binding": [binding_table(c.changed, shown)],
        "ledger": [ledger_table(c.changed, shown)],
    }
    if len(c.changed.emergencies):
        specs = [column("row", "Limit"), column("side", "Side"), column("value", "By how much", digits=3)]
        title = "Limits that the past made impossible to keep"
        blocks["emergencies"] = [frame_table(c.changed.emergencies, specs, title=title)]
    return blocks


def _elsewhere(c: Comparison, shown: Shown) -> str:
    """What a measure changes in goods that are tied to those shown."""
    if not shown.is_part:
        return ""
    others = c.gains[~c.gains["good"].isin(shown.goods)]["difference"].sum()
    return f" Goods of other groups that are tied to these change by {amount(float(others), 'million USD')} in sum."


def during(result: Result) -> Bools:
    """Periods in which an added instrument is in force, shape (T,); all of them where none is."""
    net = result.network
    added = {i.id for i in result.question.with_}
    ours = [i for i in result.question.instruments if i.scenarios or i.id in added]
    inside = np.zeros(len(net.periods), dtype=bool)
    for i in ours:
        inside |= net.periods.inside(i.start, i.end)
    return inside if inside.any() else np.ones(len(net.periods), dtype=bool)


def same_days(c: Comparison, chosen: Bools) -> Bools:
    """The base's periods that lie in the same days."""
    one, other = c.base.network.periods, c.changed.network.periods
    if one.starts == other.starts:
        return chosen
    first = min(s for s, inside in zip(other.starts, chosen, strict=True) if inside)
    last = max(e for e, inside in zip(other.ends, chosen, strict=True) if inside)
    inside = one.inside(first, last)
    return inside if inside.any() else np.ones(len(one), dtype=bool)


def _span_words(result: Result, inside: Bools) -> str:
    periods = result.network.periods
    chosen = np.flatnonzero(inside)
    return span_words(periods.starts[chosen[0]], periods.ends[chosen[-1]])


def trust_blocks(result: Result, shown: Shown) -> Blocks:
    """What an answer rests on: proof, calibration, assumptions, sources."""
    case = result.case
    blocks = {"certificate": [certificate_table(result.certificate)]}
    if case.settings.calibration is not None:
        moved = shown.of_names(adjustments(case), "target")
        blocks["reconciliation"] = [
            frame_table(
                moved.head(25),
                [
                    column("target", "Figure"),
                    column("origin", "Origin"),
                    column("published", "Published", digits=2),
                    column("reconciled", "Reconciled", digits=2),
                    column("in_sigmas", "Moved by (standard errors)", digits=2),
                ],
                title="Reconciliation: published figures and what they were moved to",
                note="The largest moves first: where sources disagree with each other or with a capacity.",
                collapsed=True,
            )
        ]
        blocks["wedges"] = [
            frame_table(
                named(
                    shown.of_goods(case.table("wedges")).sort_values("wedge", key=abs, ascending=False), case, ["link"]
                ),
                [
                    column("link", "Link"),
                    column("wedge", "Wedge", digits=1),
                    column("reading", "Read as"),
                    column("flow", "Flow", digits=2),
                    column("capacity", "Capacity", digits=1),
                ],
                title="Wedges: what observed flows say a link costs beyond its known cost",
                collapsed=True,
            )
        ]
    blocks["assumed"] = [assumed_table(case, shown)]
    blocks["sources"] = [sources_block(case, sorted(_sources(case, shown)))]
    return blocks


def _sources(case: Case, shown: Shown) -> set[str]:
    """Keys of the sources behind the shown goods, the timeline's among them."""
    keys = set(source_keys(case, shown.goods if shown.is_part else ()))
    for event in records(case.tables["events"]):
        if not event["goods"] or set(event["goods"]) & set(shown.goods):
            keys.update(event["source"])
    return keys
