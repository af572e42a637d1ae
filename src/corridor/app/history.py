"""The verb that asks the past: `replay`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from corridor.app.console import SCHEMA, answering, write_document, write_lines
from corridor.app.options import AsJson, CaseName, Quiet, teller
from corridor.version import __version__

if TYPE_CHECKING:
    from corridor.analysis import Replay, Replayed

__all__ = ["register"]

Shocks = Annotated[list[str] | None, typer.Option("--shock", metavar="ID", help="Only this shock; can be repeated.")]


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command()(replay)


def replay(case: CaseName, *, shock: Shocks = None, as_json: AsJson = False, quiet: Quiet = False) -> None:
    """Would the model have told documented shocks? Predicted against observed, beside two naive rules."""
    with answering("replay", as_json=as_json):
        from corridor.analysis import replay as tell_again
        from corridor.case import read_case

        read = read_case(case)
        told = tell_again(read, shock, teller(quiet=quiet or as_json))
        if as_json:
            write_document(_document(told, {"case": case, "shock": shock or []}))
            return
        write_lines(told.sentence, "", *_lines(told))


def _document(told: Replay, question: dict[str, Any]) -> dict[str, Any]:
    from corridor.analysis import assumptions, source_keys

    asked = [s for s in told.shocks if s.gap is not None]
    return {
        "schema": SCHEMA,
        "verb": "replay",
        "question": question,
        "case": told.case.name,
        "case_hash": told.case.hash,
        "version": __version__,
        "answer": told.sentence,
        "result": {
            "shocks": [_row(s) for s in told.shocks],
            "with_effect": _errors(told.errors),
            "zero_effect": {"false_alarms": told.false_alarms, "n": len(told.counted(effect=False))},
            "skill": {rule: told.skill(rule) for rule in ("no_change", "lost_times_flow")},
        },
        "certificate": {
            "passed": bool(asked),
            "gap": max((s.gap for s in asked if s.gap is not None), default=None),
            "solves": 2 * len(asked),
        },
        "sources": list(source_keys(told.case)),
        "assumed": [str(a) for a in assumptions(told.case)],
        "warnings": [],
    }


def _errors(errors: tuple[float, ...]) -> dict[str, Any]:
    from statistics import median

    return {"median": median(errors) if errors else None, "worst": max(errors, default=None), "n": len(errors)}


def _row(s: Replayed) -> dict[str, Any]:
    return {
        "id": s.id,
        "name": s.name,
        "good": s.good,
        "measure": f"{s.measure} {s.target}",
        "calibrated_on": s.calibrated_on,
        "window": f"{s.start}/{s.end}",
        "before": s.before,
        "observed": s.observed,
        "predicted": s.predicted,
        "error": s.error,
        "error_no_change": s.error_no_change,
        "lost_times_flow": s.lost_times_flow,
        "error_lost_times_flow": s.error_lost,
        "unit": s.unit,
        "effect": s.effect,
        "sign_right": s.sign_right,
        "first_route": list(s.first_route),
        "routes": list(s.routes),
        "route_right": s.route_right,
        "alarm": s.alarm,
        "known_on": s.known_on.isoformat() if s.known_on else None,
        "conditional": s.conditional,
        "scored": s.scored,
        "used_for": list(s.used_for),
        "note": s.note,
    }


def _lines(told: Replay) -> list[str]:
    """Shocks that count with effect, those without, then those that do not count, with the reason."""
    import pandas as pd

    from corridor.app.tables import table_lines

    heads = {
        "shock": "shock",
        "before": "before",
        "observed": "observed",
        "predicted": "predicted",
        "unit": "unit",
        "error": "error, %",
        "none": "no change, %",
        "lost": "lost x flow, %",
        "told": "",
    }
    rest = [s for s in told.shocks if not s.scored or s.conditional]
    groups = (
        ("With effect", told.counted(effect=True)),
        ("Without effect", told.counted(effect=False)),
        ("Told, not counted", tuple(rest)),
    )
    lines: list[str] = []
    for title, shocks in groups:
        if shocks:
            table = pd.DataFrame([_cells(s) for s in shocks])
            lines += [*table_lines(table, heads, digits=1, title=title), ""]
    return lines


def _cells(s: Replayed) -> dict[str, Any]:
    def per_cent(error: float | None) -> float:
        return float("nan") if error is None else 100.0 * error

    words = [
        "size known later" if s.conditional else "",
        "false alarm" if s.alarm else "",
        "wrong direction" if s.sign_right is False else "",
        "" if s.route_right is None else "right route" if s.route_right else "wrong route",
        s.note,
    ]
    return {
        "shock": s.name,
        "before": s.before,
        "observed": s.observed,
        "predicted": float("nan") if s.predicted is None else s.predicted,
        "unit": s.unit,
        "error": per_cent(s.error),
        "none": per_cent(s.error_no_change),
        "lost": per_cent(s.error_lost),
        "told": "; ".join(word for word in words if word),
    }
