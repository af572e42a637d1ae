"""The verb that asks what states can claim of each other: `bargain`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from corridor.app.console import SCHEMA, answering, write_document, write_lines
from corridor.app.options import AsJson, CaseName, Good, Quiet, Scenario, With, Year, instruments, read, teller
from corridor.version import __version__

if TYPE_CHECKING:
    from corridor.analysis import Bargain

__all__ = ["bargain_document", "register"]

Players = Annotated[str, typer.Option("--players", metavar="A,B,C", help="Countries that bargain, two or more.")]
Outside = Annotated[
    str,
    typer.Option(
        "--outsiders", help="absent: players outside a coalition withhold from all; compete: they trade over their own."
    ),
]
Held = Annotated[
    str, typer.Option("--contracts", help="bind: kept where they can be; void: those on the good are dropped.")
]
Planned = Annotated[bool, typer.Option("--planned", help="Open the good's planned links in every coalition.")]


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command()(bargain)


def bargain(
    case: CaseName,
    *,
    good: Good,
    players: Players,
    outsiders: Outside = "absent",
    contracts: Held = "bind",
    planned: Planned = False,
    scenario: Scenario = "base",
    with_: With = None,
    year: Year = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Which part of what trade in a good brings can each state claim, and which toll can it take? One solve a coalition."""
    with answering("bargain", as_json=as_json):
        from corridor.analysis import bargain as ask

        named = [p.strip() for p in players.split(",") if p.strip()]
        added = instruments(with_)
        told = ask(
            read(case, year),
            good,
            named,
            outsiders,  # type: ignore[arg-type]
            contracts,  # type: ignore[arg-type]
            scenario=scenario,
            with_=added,
            planned=planned,
            tell=teller(quiet=quiet or as_json),
        )
        if as_json:
            question = {
                "case": case,
                "good": good,
                "players": named,
                "outsiders": outsiders,
                "contracts": contracts,
                "planned": planned,
                "scenario": scenario,
                "with": [i.question() for i in added],
                "year": year,
            }
            write_document(bargain_document(told, question))
            return
        write_lines(told.sentence, *told.toll_sentences, "", *_lines(told))


def bargain_document(told: Bargain, question: dict[str, Any]) -> dict[str, Any]:
    """The JSON document of the answer."""
    from corridor.analysis import assumptions, source_keys
    from corridor.result.schema import binding_rows

    return {
        "schema": SCHEMA,
        "verb": "bargain",
        "question": question,
        "case": told.case.name,
        "case_hash": told.case.hash,
        "scenario": told.grand.scenario,
        "version": __version__,
        "answer": told.sentence,
        "result": _body(told),
        "certificate": {"passed": True, "gap": told.gap, "solves": told.solves},
        "binding": binding_rows(told.grand),
        "sources": list(source_keys(told.case, [told.good])),
        "assumed": [str(a) for a in assumptions(told.case, [told.good])],
        "warnings": list(told.warnings),
    }


def _body(told: Bargain) -> dict[str, Any]:
    clash = told.clash
    return {
        "players": [
            {
                "player": p.player,
                "alone": p.alone,
                "shapley": p.shapley,
                "standard_error": p.standard_error,
                "nucleolus": p.nucleolus,
                "share": told.share(p),
                "unit": "million USD",
                "why_absent": told.why_withheld if p.nucleolus is None else None,
            }
            for p in told.players
        ],
        "grand_value": told.grand_value,
        "surplus": told.surplus,
        "unit": "million USD",
        "superadditive": told.superadditive,
        "clash": None
        if clash is None
        else {"one": list(told.members(clash.one)), "other": list(told.members(clash.other)), "loss": clash.loss},
        "core_empty": told.core_empty,
        "why_absent": told.why_withheld or None,
        "coalitions": [
            {"members": list(c.members), "value": c.value, "released": list(c.released)} for c in told.coalitions
        ],
        "tolls": [
            {
                "player": t.player,
                "links": list(t.links),
                "taken_on": t.taken_on,
                "transit": t.transit,
                "transit_unit": t.transit_unit,
                "half_fee": t.half_fee,
                "best_fee": t.best_fee,
                "best_gain": t.best_gain,
                "best_transit": t.best_transit,
                "unit": t.unit,
                "gain_unit": "million USD",
                "why_absent": t.why_absent or None,
            }
            for t in told.tolls
        ],
    }


def _lines(told: Bargain) -> list[str]:
    """Players, then what was solved and what it rests on."""
    import pandas as pd

    from corridor.app.tables import table_lines
    from corridor.solver import at_most

    rows = [
        {
            "player": p.player,
            "alone": p.alone,
            "shapley": p.shapley,
            "gain": p.gain,
            "share": 100 * share if (share := told.share(p)) is not None else float("nan"),
            "error": p.standard_error,
            "nucleolus": float("nan") if p.nucleolus is None else p.nucleolus,
        }
        for p in sorted(told.players, key=lambda p: -p.gain)
    ]
    heads = {"player": "player", "alone": "alone", "shapley": "Shapley", "gain": "above alone", "share": "share, %"}
    if any(p.standard_error > 0 for p in told.players):
        heads["error"] = "standard error"
    if any(p.nucleolus is not None for p in told.players):
        heads["nucleolus"] = "nucleolus"
    lines = table_lines(pd.DataFrame(rows), heads, digits=0, title="Claims, million USD")
    return [*lines, "", f"{told.solves} equilibria, gap at most {at_most(told.gap)}.", *told.warnings]
