"""The verb that does everything a case asks for by itself: `run`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from corridor.app.console import answering, write_document, write_lines
from corridor.app.documents import answer_document
from corridor.app.options import AsJson, CaseName, Quiet, read, teller

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command()(run)


def run(
    case: CaseName,
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where the report goes.")] = Path("corridor-out"),
    variations: Annotated[
        int | None,
        typer.Option(
            "--variations", metavar="N", min=1, help="Over N variations of what is not known, does each answer hold?"
        ),
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """The main job: check, base, the case's headline scenarios, the answers in words, and the report."""
    with answering("run", as_json=as_json):
        from corridor.analysis import headlines
        from corridor.app.asked import asked_body
        from corridor.report import headlines_document, write_html

        tell = teller(quiet=quiet or as_json)
        tell(f"reading {case}")
        whole = read(case)
        told = headlines(whole, tell, processes=2 if (os.cpu_count() or 1) > 1 else 1)
        spreads: list[list[dict[str, Any]]] = [[] for _ in told.answers]
        left_out: list[str] = []
        if variations is not None:
            from corridor.app.sweeping import spread_rows
            from corridor.sweep import with_variations

            firm = with_variations(told, variations, tell=tell)
            told, left_out = firm.headlines, list(firm.left_out)
            spreads = [spread_rows(found) for found in firm.spreads]
        tell("writing the report")
        page = out / f"{whole.name}.html"
        write_html(headlines_document(told), page)
        kept = [
            base.save(out / f"{whole.name}{f'-{number + 1}' if number else ''}.corridor")
            for number, base in enumerate(told.bases)
        ]
        if as_json:
            answers = [
                {
                    "verb": a.verb,
                    "scenario": a.scenario,
                    "question": a.question,
                    "answer": a.answer,
                    "details": list(a.details),
                    "command": a.command,
                    "result": asked_body(a.told) if a.told is not None else None,
                    "variations": found,
                }
                for a, found in zip(told.answers, spreads, strict=True)
            ]
            body = {"answers": answers, "report": str(page), "result": str(kept[0]), "results": [str(k) for k in kept]}
            body["left_out"] = left_out
            first = told.sections[0]
            asked = {"case": case, "out": str(out)} | ({} if variations is None else {"variations": variations})
            write_document(answer_document("run", asked, first.base, first.answers[0].answer, body))
            return
        for section in told.sections:
            if section.name:
                write_lines(f"== {section.name} ==", "")
            for a in section.answers:
                details = (f"    {detail}".replace("\n", "\n    ") for detail in a.details)
                write_lines(a.question, f"  {a.answer}", *details, "")
        if left_out:
            write_lines("What the variations leave out:", *(f"    {line}" for line in left_out), "")
        bases = "The base result" if len(kept) == 1 else "The base results"
        write_lines(f"Certificate passed. Report: {page}. {bases}: {', '.join(map(str, kept))}.")
