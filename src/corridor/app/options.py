"""Options that verbs share, and what they mean."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corridor.errors import QuestionError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from corridor.case import Case
    from corridor.network import Instrument

__all__ = [
    "AsJson",
    "CaseName",
    "End",
    "Foresight",
    "Good",
    "Out",
    "Quiet",
    "Scenario",
    "Start",
    "With",
    "Year",
    "instruments",
    "out_path",
    "read",
    "teller",
    "window_of",
]

CaseName = Annotated[
    str, typer.Argument(metavar="CASE", help="A bundled case, or a folder (written with a separator or a dot).")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
With = Annotated[
    list[str] | None,
    typer.Option(
        "--with",
        metavar="INSTRUMENT",
        help="KIND:TARGET[:START[:END]][:KEY=VALUE...], as in closure:cpc:2024-03-01:2024-06-01. May be repeated.",
    ),
]
Scenario = Annotated[str, typer.Option("--scenario", help="A scenario of the case.")]
Start = Annotated[str | None, typer.Option("--start", metavar="DATE", help="First day asked about.")]
End = Annotated[str | None, typer.Option("--end", metavar="DATE", help="First day no longer asked about.")]
Foresight = Annotated[
    str,
    typer.Option(
        "--foresight", help="announced: instruments are known from their announcement; perfect: from the start."
    ),
]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="PATH", help="Also write the answer here; see the verb's help.")
]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress on standard error.")]
Year = Annotated[
    int | None,
    typer.Option("--year", metavar="YEAR", help="Another year: its calendar, calibrated on what was observed in it."),
]
Good = Annotated[str, typer.Option("--good", help="A good of the case.")]


def read(case: str, year: int | None = None) -> Case:
    """The case, in another year where one is given."""
    from corridor.case import in_year, read_case

    found = read_case(case)
    return found if year is None else in_year(found, year)


def instruments(texts: Sequence[str] | None) -> tuple[Instrument, ...]:
    """The instruments written on the command line; raises `QuestionError` for the first that can't be read."""
    from corridor.network import parse_instrument

    return tuple(parse_instrument(text) for text in texts or ())


def window_of(start: str | None, end: str | None) -> tuple[str, str] | None:
    """The window asked about; None for the whole calendar. Raises `QuestionError` for half of one, or wrong dates."""
    from corridor.case import day_of

    if start is None and end is None:
        return None
    if start is None or end is None:
        raise QuestionError("a window needs both --start and --end")
    first, last = day_of(start), day_of(end)
    if first is None or last is None:
        raise QuestionError(f"--start {start} --end {end}: write dates as YYYY-MM-DD")
    if first >= last:
        raise QuestionError(f"--start {start} is not before --end {end}")
    return start, end


def out_path(out: Path | None, endings: Sequence[str]) -> Path | None:
    """A file to write, if its ending says what; raises `QuestionError` otherwise."""
    if out is not None and out.suffix not in endings:
        raise QuestionError(f"--out {out}: end it in {' or '.join(endings)}, which says what to write")
    return out


def teller(*, quiet: bool) -> Callable[[str], None]:
    """Tells progress on standard error, unless asked to be quiet."""

    def tell(text: str) -> None:
        if not quiet:
            typer.echo(f"  {text}", err=True)

    return tell
