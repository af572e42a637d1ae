"""docs/reference/cli.md from the commands themselves."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["cli_page"]

_INTRO = """# Command line

Made by `scripts/make-reference` from the commands themselves. `corridor VERB --help` says the same.

A case is named by a bundled name, or by a folder, written with a separator or a dot (`./my-case`). An instrument is written
`KIND:TARGET[:START[:END]][:KEY=VALUE...]`; see [instruments](../background/instruments.md). Dates are `YYYY-MM-DD`; an end is the first day that no
longer counts.

With `--json` exactly one document stands on standard output; progress and warnings go to standard error. Exit codes:
0 answered; 1 the case or the question is at fault, or it cannot be done; 2 the command is written wrongly; 3 no certificate;
4 finished, and some variations have no answer, or a sweep stopped unfinished; 130 interrupted."""


def cli_page() -> str:
    """The page: a section for each verb, with its arguments and options."""
    from typer.main import get_command

    from corridor.app.cli import app

    group: Any = get_command(app)
    verbs = [_verb(name, command) for name, command in _commands(group)]
    return "\n\n".join([_INTRO, *verbs]) + "\n"


def _commands(group: Any) -> Iterator[tuple[str, Any]]:
    """Every command with its name; of a verb with subcommands, the hidden one is what the verb alone does."""
    for name, command in group.commands.items():
        for inner, one in getattr(command, "commands", {"": command}).items():
            yield (name if one.hidden or not inner else f"{name} {inner}"), one


def _verb(name: str, command: Any) -> str:
    rows = [_row(parameter) for parameter in command.params if parameter.name != "help"]
    usage = " ".join(["corridor", name, *(_place(p) for p in command.params if p.param_type_name == "argument")])
    lines = ["| | | default |", "|---|---|---|", *rows]
    # A docstring ends its paragraphs with blank lines; the table of options follows the last.
    return "\n\n".join([f"## {name}", inspect.cleandoc(command.help or ""), f"`{usage} [options]`", "\n".join(lines)])


def _place(parameter: Any) -> str:
    told = _metavar(parameter)
    return told if parameter.required else f"[{told}]"


def _metavar(parameter: Any) -> str:
    text = parameter.metavar or parameter.name.upper()
    return f"{text}..." if parameter.nargs == -1 and not text.endswith("...") else text


def _row(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        what, default = f"`{_metavar(parameter)}`", "" if parameter.required else "none"
    else:
        flag = getattr(parameter, "is_flag", False)
        value = "" if flag else f" {parameter.metavar or 'TEXT'}"
        what = f"`{max(parameter.opts, key=len)}{value}`"
        given = parameter.default
        default = "required" if parameter.required else "" if flag or given in (None, "", ()) else f"`{given}`"
    return f"| {what} | {(parameter.help or '').replace('|', 'or')} | {default} |"
