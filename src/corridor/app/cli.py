"""The command line. What a verb needs is imported inside it, so that `corridor --help` stays quick."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from corridor.app.bargaining import register as register_bargaining
from corridor.app.console import SCHEMA, answering, fault_rows, write_document, write_lines
from corridor.app.history import register as register_history
from corridor.app.investing import register as register_investing
from corridor.app.main_job import register as register_main_job
from corridor.app.options import AsJson, CaseName  # noqa: TC001 (Typer reads them when it runs)
from corridor.app.retaliation import register as register_retaliation
from corridor.app.rivalry import register as register_rivalry
from corridor.app.serving import register as register_serving
from corridor.app.sweeping import register as register_sweeping
from corridor.app.verbs import register
from corridor.app.worst import register as register_worst
from corridor.version import __version__

__all__ = ["app", "main"]

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

register_main_job(app)
register(app)
register_history(app)
register_retaliation(app)
register_worst(app)
register_bargaining(app)
register_investing(app)
register_sweeping(app)
register_rivalry(app)
register_serving(app)


def main() -> None:
    """Entry point of the `corridor` command."""
    # Dense systems here are small: threads of a linear algebra library cost more than they give. Solvers have their own.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    app()


def tell_version(wanted: bool) -> None:  # noqa: FBT001 (Typer calls it so)
    """Print the version and stop, where it was asked for."""
    if wanted:
        write_lines(__version__)
        raise typer.Exit


@app.callback()
def corridor(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=tell_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Who controls a trade corridor, what its closure does, and who pays."""
    del version  # told by the callback


@app.command()
def check(case: CaseName, *, as_json: AsJson = False) -> None:
    """Every fault of a case with file, row, column and remedy; what has no source or no licence."""
    with answering("check", as_json=as_json):
        from corridor.case import counts, read_case, unlicensed, unsourced, warnings

        read = read_case(case)
        without_source, without_licence, doubtful = unsourced(read), unlicensed(read), warnings(read)
        rows = sum(len(table) for table in read.tables.values())
        answer = (
            f"{read.settings.title}: {rows} rows without fault; {len(without_source)} without source, "
            f"{len(without_licence)} sources without licence, {len(doubtful)} warnings."
        )
        if not as_json:
            write_lines(answer, *(f"  {fault}" for fault in (*doubtful, *without_source, *without_licence)))
            return
        write_document(
            {
                "schema": SCHEMA,
                "verb": "check",
                "question": {"case": case},
                "case": read.name,
                "case_hash": read.hash,
                "version": __version__,
                "answer": answer,
                "result": {
                    "faults": [],
                    "unsourced": fault_rows(without_source),
                    "unlicensed": fault_rows(without_licence),
                    "counts": counts(read),
                },
                "warnings": [str(fault) for fault in doubtful],
            }
        )


@app.command()
def new(folder: Annotated[Path, typer.Argument(help="Where to write it; must be empty or not there.")]) -> None:
    """Write a small case that reads and checks clean, to start from."""
    with answering("new", as_json=False):
        from corridor.case import new_case

        write_lines(
            f"Wrote {new_case(folder)}; next: corridor check {folder if len(folder.parts) > 1 else f'./{folder}'}"
        )
