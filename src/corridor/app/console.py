"""What the command line prints: answers and documents on standard output, everything else on standard error."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import typer

from corridor.errors import CaseError, CorridorError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from corridor.errors import Fault

__all__ = ["SCHEMA", "answering", "fault_rows", "write_document", "write_lines"]

SCHEMA = 1
"""Number of the JSON documents' schema; within it fields are added, never changed."""


@contextmanager
def answering(verb: str, *, as_json: bool) -> Iterator[None]:
    """Tell an error that Corridor raises on purpose in one block, without traceback, and end with its exit code."""
    try:
        yield
    except CorridorError as error:
        if as_json:
            faults = fault_rows(error.faults) if isinstance(error, CaseError) else []
            told = {"kind": error.kind, "message": getattr(error, "message", str(error)), "faults": faults}
            write_document({"schema": SCHEMA, "verb": verb, "error": told})
        else:
            typer.echo(str(error), err=True)
        raise typer.Exit(error.exit_code) from None


def write_document(document: Mapping[str, Any]) -> None:
    """One JSON document. NaN and infinity are refused: an absent number is null, with the reason beside it."""
    import json

    _print(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False))


def write_lines(*lines: str) -> None:
    """Lines of an answer."""
    _print("\n".join(lines))


def fault_rows(faults: Iterable[Fault]) -> list[dict[str, Any]]:
    """Faults as objects of a JSON document."""
    from dataclasses import asdict

    return [asdict(fault) for fault in faults]


def _print(text: str) -> None:
    try:
        typer.echo(text)
    except BrokenPipeError:
        raise  # a reader such as `head` has what it wants: Typer ends quietly
    except OSError as problem:
        # What is still in the buffer would be tried again, and fail again, when Python ends.
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        typer.echo(f"cannot write the answer to standard output: {problem.strerror}", err=True)
        raise typer.Exit(1) from None
