"""The verb that opens the app: `serve`."""

from __future__ import annotations

from typing import Annotated

import typer

from corridor.app.console import answering, write_lines
from corridor.app.options import CaseName  # noqa: TC001 (Typer reads it when it runs)

__all__ = ["register"]

PORT = 8765


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command()(serve)


def serve(
    case: CaseName,
    *,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="Port on this machine; 0: any free one.")
    ] = PORT,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open a browser.")] = False,
) -> None:
    """The local app: a map on which to close a corridor and see who pays. Only this machine can reach it."""
    with answering("serve", as_json=False):
        from corridor.app.web.serve import serve as run
        from corridor.case import case_folder

        case_folder(case)

        def opened(address: str) -> None:
            if not no_open:
                import webbrowser

                webbrowser.open(address)

        run(case, port, lambda address: write_lines(f"Corridor is at {address} (ends with Ctrl-C)"), opened)
