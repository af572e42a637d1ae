"""Pages of documentation whose answers are what a command prints: run anew, and put back where they stand.

A page shows a command in a `console` block and, below it, what it answers between two markers:

    <!-- answer -->      the sentence that answers, as a quotation; `<!-- answer 3 -->`: the first three lines
    <!-- output -->      everything, as it stands on a terminal
    <!-- end -->
"""

from __future__ import annotations

import re
import shlex

from corridor.errors import CorridorError

__all__ = ["filled_page", "printed"]

_SHOWN = re.compile(
    r"(?P<block>^```console\n\$ corridor (?P<command>.*?)\n```\n+)(?P<mark><!-- (?P<kind>answer|output)(?: (?P<lines>\d+))? -->\n)"
    r".*?(?P<end><!-- end -->)",
    re.M | re.S,
)


def filled_page(page: str) -> str:
    """The page with every marked answer made anew. Raises `CorridorError` for a command that fails."""

    def answer(shown: re.Match[str]) -> str:
        text = printed(shown["command"].replace("\\\n", " "))
        if shown["kind"] == "output":
            told = f"```text\n{text.rstrip()}\n```\n"
        else:
            lines = [line.strip() for line in text.splitlines() if line.strip()][: int(shown["lines"] or 1)]
            told = "\n>\n".join(f"> {line}" for line in lines) + "\n"
        return f"{shown['block']}{shown['mark']}\n{told}\n{shown['end']}"

    return _SHOWN.sub(answer, page)


def printed(command: str) -> str:
    """What `corridor COMMAND` prints on standard output, without the progress on standard error."""
    from typer.testing import CliRunner

    from corridor.app.cli import app

    done = CliRunner().invoke(app, shlex.split(command), env={"COLUMNS": "200"})
    if done.exit_code:
        raise CorridorError(f"corridor {command} failed: {done.stderr or done.exception}")
    return done.stdout
