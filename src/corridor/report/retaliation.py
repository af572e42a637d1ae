"""The report of a game of trade measures: the matrix, who in each country pays, and leverage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor.analysis.retaliate_words import action_words
from corridor.analysis.world import country_name
from corridor.report.blocks import column
from corridor.report.compose import case_document
from corridor.report.html import write_html
from corridor.report.tables import certificate_table

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from corridor.analysis import Retaliation

__all__ = ["retaliation_document", "write_retaliation"]

UNIT = "million USD"
ROLES = ("producers", "consumers", "government")


def write_retaliation(told: Retaliation, path: str | os.PathLike[str]) -> Path:
    """Write the answer as one self-contained page; returns the path."""
    return write_html(retaliation_document(told), path)


def retaliation_document(told: Retaliation) -> dict[str, Any]:
    """The document of the report."""
    sides = [country_name(side) for side in told.sides]
    command = (
        f"corridor retaliate {told.base.case.name} --between {','.join(told.sides)} --goods {','.join(told.goods)}"
    )
    question = f"What do {sides[0]} and {sides[1]} do to each other?"
    detail = [
        f"{country_name(o.leader)} first: {action_words(told, o.actions)}, {o.payoffs[0]:+,.0f} and {o.payoffs[1]:+,.0f} {UNIT}"
        for o in told.outcomes
        if o.leader
    ]
    answers = {
        "type": "answers",
        "items": [{"question": question, "answer": told.sentence, "detail": detail, "command": command}],
    }
    blocks = [answers, *(_matrix(told, sides, number) for number in (0, 1)), *_parts(told, sides), _leverage(told)]
    return case_document(
        told.base.case,
        [
            {"id": "answers", "title": "In short", "blocks": blocks},
            {"id": "trust", "title": "What this rests on", "blocks": [certificate_table(told.base.certificate)]},
        ],
    )


def _matrix(told: Retaliation, sides: list[str], number: int) -> dict[str, Any]:
    """One side's payoffs; stable pairs say so."""
    stable = {o.actions for o in told.equilibria}
    rows = []
    for first, line in zip(told.actions[0], told.payoffs, strict=True):
        row: dict[str, Any] = {"action": f"{sides[0]} {first.name}"}
        for second, cell in zip(told.actions[1], line, strict=True):
            mark = ", stable" if (first.id, second.id) in stable else ""
            row[second.id] = f"{cell[number].total:+,.0f}{mark}"
        rows.append(row)
    return {
        "type": "table",
        "title": f"What {sides[number]} gains against no measure, {UNIT}",
        "note": "Stable: neither side gains by leaving the pair of actions alone.",
        "columns": [column("action", ""), *(column(a.id, f"{sides[1]} {a.name}") for a in told.actions[1])],
        "rows": rows,
    }


def _parts(told: Retaliation, sides: list[str]) -> list[dict[str, Any]]:
    """Bars of either country: each action alone, by producers, consumers and budget."""
    alone = [(f"{sides[0]} {a.name}", told.payoffs[n][0]) for n, a in enumerate(told.actions[0]) if n]
    alone += [(f"{sides[1]} {b.name}", told.payoffs[0][n]) for n, b in enumerate(told.actions[1]) if n]
    if not alone:
        return []
    return [
        {
            "type": "bars",
            "title": f"Who in {side} gains and loses where one side acts alone",
            "unit": UNIT,
            "roles": list(ROLES),
            "rows": [
                {
                    "label": name,
                    "parts": [{"role": role, "value": getattr(cell[number], role)} for role in ROLES],
                    "total": cell[number].total,
                }
                for name, cell in alone
            ],
        }
        for number, side in enumerate(sides)
    ]


def _leverage(told: Retaliation) -> dict[str, Any]:
    names = {(a.side, a.id): f"{country_name(a.side)} {a.name}" for listed in told.actions for a in listed}
    return {
        "type": "table",
        "title": "Leverage",
        "note": "What the other loses for each dollar lost, where both lose at every assumed strength of the route preference.",
        "columns": [column("action", "Action alone"), column("value", "Leverage", digits=2), column("kind", "")],
        "rows": [
            {
                "action": names[x.side, x.action],
                "value": x.value if x.value is not None else {"value": None, "why": x.kind},
                "kind": x.kind,
            }
            for x in told.leverage
        ],
    }
