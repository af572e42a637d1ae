"""The report of a game of trade measures: the matrix, who in each country pays, and leverage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor.analysis.asked import first_moves
from corridor.analysis.world import country_name
from corridor.report.blocks import column
from corridor.report.frame import case_document
from corridor.report.html import write_html
from corridor.report.tables import certificate_table

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from corridor.analysis import Retaliation

__all__ = ["game_blocks", "retaliation_document", "write_retaliation"]

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
    item = {
        "question": question,
        "answer": told.sentence,
        "detail": list(first_moves(told)),
        "command": command,
    }
    answers = {"type": "answers", "items": [item]}
    blocks = [answers, *game_blocks(told)]
    return case_document(
        told.base.case,
        [
            {"id": "answers", "title": "In short", "blocks": blocks},
            {"id": "trust", "title": "What this rests on", "blocks": [certificate_table(told.base.certificate)]},
        ],
    )


def game_blocks(told: Retaliation) -> list[dict[str, Any]]:
    """What backs the answer: the matrix, who in each country gains and loses, leverage."""
    sides = [country_name(side) for side in told.sides]
    return [_matrix(told, sides), *_parts(told, sides), _leverage(told)]


def _matrix(told: Retaliation, sides: list[str]) -> dict[str, Any]:
    """Both sides' payoffs as a heat map each, stable pairs marked."""
    stable = {o.actions for o in told.equilibria}

    def cell(i: int, j: int, number: int) -> dict[str, Any]:
        change = told.payoffs[i][j][number]
        found: dict[str, Any] = {
            "value": round(change.total, 6),
            "parts": [{"role": role, "value": round(getattr(change, role), 6)} for role in ROLES],
        }
        if change.per_cent_of_gdp is not None:
            found["share"] = change.per_cent_of_gdp
        if (told.actions[0][i].id, told.actions[1][j].id) in stable:
            found["marked"] = True
        return found

    def choices(number: int) -> list[dict[str, Any]]:
        listed = told.actions[number]
        found = []
        for action, by in zip(listed, told.dominated[number], strict=True):
            choice: dict[str, Any] = {"label": action.name}
            if by is not None:
                choice["dominated"] = {"word": "always worse" if by[1] else "never better", "than": listed[by[0]].name}
            found.append(choice)
        return found

    rows, columns = choices(0), choices(1)
    block: dict[str, Any] = {
        "type": "matrix",
        "title": "What each side gains or loses against no measure",
        "note": f"Each figure is what a country's producers, consumers and budget gain together over the calendar, {UNIT}. "
        "Both matrices have one scale." + _unstable(told),
        "unit": UNIT,
        "digits": 0,
        "down": sides[0],
        "across": sides[1],
        "rows": rows,
        "columns": columns,
        "mark": {"short": "stable", "words": "neither side gains by leaving this pair alone"},
        "views": [
            {
                "id": told.sides[number],
                "title": f"What {side} gains",
                "cells": [[cell(i, j, number) for j in range(len(columns))] for i in range(len(rows))],
            }
            for number, side in enumerate(sides)
        ],
    }
    if any(value is not None for value in told.gdp):
        block["share_of"] = "% of its GDP"
    return block


def _unstable(told: Retaliation) -> str:
    if told.equilibria:
        return ""
    return " No pair is stable: whatever both do, one of them gains by doing something else."


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
