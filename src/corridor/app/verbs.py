"""The verbs that answer questions. Each says the sentence first, then the table, then why, then what it rests on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corridor.app.console import answering, write_document, write_lines
from corridor.app.documents import answer_document, asked_words, comparison_body, share_body
from corridor.app.options import (
    AsJson,
    CaseName,
    End,
    Foresight,
    Good,
    Out,
    Quiet,
    Scenario,
    Start,
    With,
    Year,
    instruments,
    out_path,
    read,
    teller,
    window_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.result import Result

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the verbs to the command line."""
    for verb in (solve, compare, share, sources, report):
        app.command()(verb)


def solve(
    case: CaseName,
    *,
    good: Annotated[str | None, typer.Option("--good", help="Only this good, and what is tied to it.")] = None,
    with_: With = None,
    scenario: Scenario = "base",
    year: Year = None,
    start: Start = None,
    end: End = None,
    foresight: Foresight = "announced",
    formulation: Annotated[str, typer.Option(help="spatial_equilibrium or min_cost_flow.")] = "spatial_equilibrium",
    out: Out = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Volumes, prices and gains of one scenario. --out FILE.corridor keeps the result, FILE.html writes its report."""
    with answering("solve", as_json=as_json):
        from corridor.analysis import describe, part_asked, periods_in, undetermined_lines
        from corridor.analysis import solve as find
        from corridor.app.lines import flow_lines, gain_lines, peak_lines, price_lines, rests_on
        from corridor.case import group_of
        from corridor.result.schema import solve_payload

        window = window_of(start, end)
        target = out_path(out, (".corridor", ".html"))
        added = instruments(with_)
        whole = read(case, year)
        asked_of = whole if good is None else part_asked(whole, good, scenario, added)
        tell = teller(quiet=quiet or as_json)
        tell(f"solving {asked_of.name}, {scenario}")
        found = find(asked_of, scenario, added, formulation=formulation, foresight=foresight)  # type: ignore[arg-type]
        periods_in(found, window)  # a window that holds no period is refused
        kept = group_of(asked_of, good)
        sentence = describe(found, kept)
        open_ends = undetermined_lines(found)
        _keep(target, [found])
        if as_json:
            asked = asked_words(
                case, scenario, added, window, foresight=foresight, formulation=formulation, good=good, year=year
            )
            document = answer_document("solve", asked, found, sentence, solve_payload(found, window))
            document["warnings"] = [*document["warnings"], *open_ends]
            write_document(document)
            return
        write_lines(
            sentence,
            "",
            *flow_lines(found, window, kept),
            "",
            *price_lines(found, window, kept),
            *gain_lines(found, window, kept),
            "",
            *peak_lines(found, good, window),
            *open_ends,
            *rests_on(found),
        )
        if target:
            write_lines(f"Written: {target}")


def compare(
    case: CaseName,
    *,
    with_: With = None,
    scenario: Scenario = "base",
    year: Year = None,
    start: Start = None,
    end: End = None,
    foresight: Foresight = "announced",
    out: Out = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """What instruments or a scenario change against the base: who pays, where it goes instead, when.

    --out FILE.html writes the report.
    """
    with answering("compare", as_json=as_json):
        from corridor.analysis import compare as set_side_by_side
        from corridor.analysis import no_period, part_touched
        from corridor.analysis import solve as find
        from corridor.app.lines import comparison_lines, rests_on
        from corridor.errors import QuestionError
        from corridor.result.schema import within

        window = window_of(start, end)
        target = out_path(out, (".html",))
        added = instruments(with_)
        if not added and scenario == "base":
            raise QuestionError("compare needs something to compare with: --with INSTRUMENT or --scenario NAME")
        whole = read(case, year)
        tell = teller(quiet=quiet or as_json)
        tell(f"solving {whole.name} without and with it")
        part, shared = part_touched(whole, scenario, added)
        base = find(part, foresight=foresight, calendar_with=shared)  # type: ignore[arg-type]
        changed = find(part, scenario, added, foresight=foresight, calendar_with=shared)  # type: ignore[arg-type]
        told = set_side_by_side(base, changed)
        if window is not None and within(told.by_period, window).empty:
            raise no_period(whole, window)
        _keep(target, [base, changed])
        if as_json:
            asked = asked_words(case, scenario, added, window, foresight=foresight, year=year)
            write_document(answer_document("compare", asked, changed, told.sentence, comparison_body(told, window)))
            return
        write_lines(told.sentence, "", *comparison_lines(told, window), "", *rests_on(changed))
        if target:
            write_lines(f"Written: {target}")


def share(
    case: CaseName,
    *,
    good: Good,
    of: Annotated[str, typer.Option("--of", metavar="ISO3", help="The country whose trade is asked about.")],
    through: Annotated[str | None, typer.Option("--through", metavar="ISO3", help="A country crossed.")] = None,
    partner: Annotated[
        str | None, typer.Option("--partner", metavar="ISO3", help="The country at the other end.")
    ] = None,
    touching: Annotated[
        str | None, typer.Option("--touching", metavar="ISO3", help="Crossed or at the other end.")
    ] = None,
    via: Annotated[str | None, typer.Option("--via", metavar="CORRIDOR", help="A corridor taken.")] = None,
    direction: Annotated[str, typer.Option(help="exports or imports.")] = "exports",
    over: Annotated[str, typer.Option(help="trade: exports or imports; use: with its own use.")] = "trade",
    basis: Annotated[str, typer.Option(help="contractual: by title; physical: by mixture.")] = "contractual",
    with_: With = None,
    scenario: Scenario = "base",
    year: Year = None,
    start: Start = None,
    end: End = None,
    foresight: Foresight = "announced",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Which share of a country's exports or imports crosses a country or a corridor, or comes from a partner."""
    with answering("share", as_json=as_json):
        from corridor.analysis import part_asked
        from corridor.analysis import share as measure
        from corridor.analysis import solve as find
        from corridor.app.indicators import security_lines
        from corridor.app.lines import rests_on, share_lines

        window = window_of(start, end)
        whole = read(case, year)
        tell = teller(quiet=quiet or as_json)
        tell("solving, and working out the ranges")
        added = instruments(with_)
        part = part_asked(whole, good, scenario, added)
        asked: dict[str, Any] = {"through": through, "partner": partner, "touching": touching, "via": via}
        told = measure(
            find(part, scenario, added, foresight=foresight),  # type: ignore[arg-type]
            good=good,
            of=of,
            **asked,
            direction=direction,  # type: ignore[arg-type]
            over=over,  # type: ignore[arg-type]
            basis=basis,  # type: ignore[arg-type]
            window=window,
        )
        result = told.result
        assert result is not None  # noqa: S101 (share always tells what it read)
        if as_json:
            question = asked_words(case, scenario, added, window, foresight=foresight, year=year) | {
                "good": good,
                "of": of,
                **{key: value for key, value in asked.items() if value},
                "direction": direction,
                "over": over,
                "basis": basis,
            }
            document = answer_document("share", question, result, told.sentence, share_body(told))
            document["warnings"] = [*document["warnings"], *told.warnings]
            write_document(document)
            return
        write_lines(told.sentence, "", *share_lines(told, result), *security_lines(told, result), "", *rests_on(result))


def sources(
    case: CaseName,
    table: Annotated[str | None, typer.Argument(help="A table of the case.")] = None,
    row: Annotated[str | None, typer.Argument(metavar="ID", help="A row of it.")] = None,
    column: Annotated[str | None, typer.Argument(help="A column of it.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Where figures come from: every source of a case, or the source of one number."""
    with answering("sources", as_json=as_json):
        from corridor.app.sources import source_lines, source_rows
        from corridor.case import read_case

        found = read_case(case)
        if as_json:
            write_document(source_rows(found, table, row, column))
            return
        write_lines(*source_lines(found, table, row, column))


def report(
    results: Annotated[
        list[Path], typer.Argument(metavar="RESULT.corridor", help="The base first, then what to compare.")
    ],
    *,
    out: Annotated[Path, typer.Option("--out", metavar="FILE.html", help="The report.")] = Path("corridor.html"),
) -> None:
    """A report from saved results: the base, and what the others change."""
    with answering("report", as_json=False):
        from corridor.report import write_report
        from corridor.result import load_result

        out_path(out, (".html",))
        write_lines(f"Wrote {write_report([load_result(path) for path in results], out)}")


def _keep(target: Path | None, results: Sequence[Result]) -> None:
    if target is None:
        return
    if target.suffix == ".corridor":
        results[-1].save(target)
        return
    from corridor.report import write_report

    write_report(list(results), target)
