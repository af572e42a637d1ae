"""The verb that asks whether answers hold: `sweep`, with `sweep resume` and `sweep show`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from corridor.app.console import SCHEMA, answering, write_document, write_lines
from corridor.app.options import AsJson, CaseName, Quiet, teller
from corridor.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from corridor.sweep import Shown, Spread, Store

__all__ = ["register", "spread_rows"]

BARS = 10
"""Factors of a tornado on a screen; --json has all."""
WIDTH = 24
"""Characters of the longest bar."""
FAILED = 4
"""Exit code where some variations have no answer."""
INTERRUPTED = 130

Workers = Annotated[
    int | None, typer.Option("--workers", metavar="N", min=1, help="Processes at work; default: one for each core.")
]
Dask = Annotated[
    str | None, typer.Option("--dask", metavar="ADDRESS", help="Work on this Dask scheduler, as in tcp://host:8786.")
]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a sweep.")]


class _RunUnlessNamed(TyperGroup):
    """`sweep CASE DESIGN` runs a sweep; only a first word that names a subcommand is one."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["run", *args]
        return super().parse_args(ctx, args)


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    verb = typer.Typer(cls=_RunUnlessNamed, no_args_is_help=True)
    verb.command("run", hidden=True)(sweep)
    verb.command()(resume)
    verb.command()(show)
    app.add_typer(
        verb,
        name="sweep",
        help="Does an answer hold over thousands of variations of what we don't know?\n\n"
        "corridor sweep CASE DESIGN --out DIR runs a design; resume goes on with it; show tells what came out.",
    )


def sweep(
    case: CaseName,
    design: Annotated[Path, typer.Argument(metavar="DESIGN", help="A design file (TOML).")],
    *,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="A folder of its own, for what comes out.")],
    workers: Workers = None,
    dask: Dask = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Run a design over a case: thousands of variations, each solved and certified, kept chunk by chunk.

    What is done stands whatever happens; `corridor sweep resume DIR` goes on. Exit code 4: some variations have no answer.
    """

    def work() -> Store:
        from corridor.sweep import sweep as begin

        return begin(case, design, out, workers=workers, dask=dask, tell=teller(quiet=quiet))

    _run(work, out, as_json=as_json)


def resume(
    folder: Folder, *, workers: Workers = None, dask: Dask = None, as_json: AsJson = False, quiet: Quiet = False
) -> None:
    """Go on with a sweep that was stopped or killed: nothing is lost, nothing done twice."""

    def work() -> Store:
        from corridor.sweep import resume as go_on

        return go_on(folder, workers=workers, dask=dask, tell=teller(quiet=quiet))

    _run(work, folder, as_json=as_json)


def show(folder: Folder, *, as_json: AsJson = False) -> None:
    """How the answers of a sweep spread, whether they hold, and which unknown moves them most."""
    with answering("sweep", as_json=as_json):
        from corridor.sweep import open_store

        _tell(open_store(folder), as_json=as_json)


def spread_rows(spreads: Iterable[Spread]) -> list[dict[str, Any]]:
    """Spreads as objects of a JSON document."""
    return [
        {**asdict(s), "quantiles": [{"at": at, "value": value} for at, value in s.quantiles.items()]} for s in spreads
    ]


def _run(work: Callable[[], Store], folder: Path, *, as_json: bool) -> None:
    with answering("sweep", as_json=as_json):
        try:
            store = work()
        except KeyboardInterrupt:
            typer.echo(f"Interrupted; what is done stands. Go on with: corridor sweep resume {folder}", err=True)
            raise typer.Exit(INTERRUPTED) from None
        failed = _tell(store, as_json=as_json)
    if failed:
        raise typer.Exit(FAILED)


def _tell(store: Store, *, as_json: bool) -> int:
    """Print what a sweep says; returns in how many variations something has no answer."""
    from corridor.sweep import show as read

    shown = read(store)
    if as_json:
        write_document(_document(store, shown))
    else:
        write_lines(*_lines(store, shown))
    return sum(shown.failures.values())


def _document(store: Store, shown: Shown) -> dict[str, Any]:
    from corridor.sweep import spread_sentence

    told, design = store.manifest, store.design
    names = ("name", "factor", "kind", "nominal", "low", "high", "unit", "confidence", "assumed")
    body = {
        "folder": str(store.folder),
        "method": design.method,
        "seed": design.seed,
        "variations": shown.variations,
        "done": shown.done,
        "spreads": spread_rows(shown.spreads),
        "measure": shown.measure,
        "chance": shown.chance,
        "tornado": [
            {"question": question, "scenario": scenario, "bars": [asdict(bar) for bar in bars]}
            for (question, scenario), bars in shown.tornado.items()
        ],
        "figures": [{name: figure[name] for name in names} for figure in told.figures],
        "failures": [{"reason": reason, "count": count} for reason, count in shown.failures.items()],
        "design_hash": told.design_hash,
    }
    return {
        "schema": SCHEMA,
        "verb": "sweep",
        "question": {"case": told.case, "design": told.design},
        "case": told.case_name,
        "case_hash": told.case_hash,
        "version": __version__,
        "answer": spread_sentence(shown.spreads[0]),
        "result": body,
        "certificate": {"passed": shown.worst is not None, "worst": shown.worst},
        "warnings": _warnings(store, shown),
    }


def _warnings(store: Store, shown: Shown) -> list[str]:
    from corridor.sweep import kinds_sentence

    told = [kinds_sentence(store.manifest.figures), *store.manifest.left_out]
    if shown.done < shown.variations:
        told.append(
            f"{shown.variations - shown.done} of {shown.variations} variations are not worked out yet: "
            f"corridor sweep resume {store.folder}"
        )
    return told


def _lines(store: Store, shown: Shown) -> list[str]:
    from corridor.sweep import number, spread_sentence

    lines = [spread_sentence(spread) for spread in shown.spreads]
    lines += ["", *_warnings(store, shown), ""]
    if shown.chance is not None:
        lines += [f"A correlation between {-shown.chance:.2f} and {shown.chance:.2f} cannot be told from chance.", ""]
    for spread in shown.spreads:
        bars = shown.tornado.get((spread.question, spread.scenario), ())
        if not bars or not abs(bars[0].value):
            continue
        where = "" if spread.scenario == "base" else f", {spread.scenario}"
        lines += [f"What moves it most: {spread.question}{where} ({shown.measure})"]
        longest = max(len(b.factor) for b in bars[:BARS])
        for bar in bars[:BARS]:
            drawn = "#" * max(1, round(WIDTH * abs(bar.value / bars[0].value))) if bar.value else ""
            ends = ""
            if bar.at_low is not None:
                ends = f"  {number(bar.at_low, spread.unit)} to {number(bar.at_high, spread.unit)}"
            lines.append(
                f"  {bar.factor.ljust(longest)}  {_size(bar.value, shown, spread.unit)}  {drawn.ljust(WIDTH)}{ends}".rstrip()
            )
        lines.append("")
    if shown.failures:
        lines.append("Variations without an answer")
        lines += [f"  {count:5d}  {reason}" for reason, count in list(shown.failures.items())[:BARS]]
        if len(shown.failures) > BARS:
            lines.append(f"         and {len(shown.failures) - BARS} reasons more; --json has all of them")
    return lines


def _size(value: float, shown: Shown, unit: str) -> str:
    """A bar's number: a correlation or an index as it is, a change of the answer in its unit."""
    if shown.method in ("latin_hypercube", "sobol"):
        return f"{value:+6.2f}"
    return f"{100 * value:+7.1f} points" if not unit else f"{value:+10.4g} {unit}"
