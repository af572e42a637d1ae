"""The verb that asks for the worst: `stress`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from corridor.app.console import answering, write_document, write_lines
from corridor.app.options import (
    AsJson,
    CaseName,
    End,
    Good,
    Quiet,
    Scenario,
    Start,
    With,
    Year,
    instruments,
    read,
    teller,
    window_of,
)

if TYPE_CHECKING:
    from corridor.analysis import ClosureSet, Stress

__all__ = ["register", "stress_document"]

SHOWN = 10
"""Sets on a screen; --json has up to `TOLD`."""
TOLD = 100
OTHERS = 4
"""Sets of the same loss that are named on a screen."""


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command()(stress)


def stress(
    case: CaseName,
    *,
    good: Good,
    for_: Annotated[str, typer.Option("--for", metavar="ISO3", help="The country whose loss is asked for.")],
    k: Annotated[int, typer.Option("-k", metavar="N", help="At most so many closures at once.")] = 1,
    over: Annotated[
        str, typer.Option("--over", help="corridors (and border links), countries (all links each controls), or links.")
    ] = "corridors",
    loss: Annotated[str, typer.Option("--loss", help="exports, unserved, gains or objective.")] = "exports",
    with_: With = None,
    scenario: Scenario = "base",
    year: Year = None,
    start: Start = None,
    end: End = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Which closures together hurt a country's trade in a good most, and is that proven?

    Closures hold from --start to --end (default: the whole calendar) and are known beforehand: what is lost is what no plan
    can help.
    """
    with answering("stress", as_json=as_json):
        from corridor.analysis import stress as find
        from corridor.app.lines import rests_on

        window = window_of(start, end)
        added = instruments(with_)
        told = find(
            read(case, year),
            good=good,
            for_=for_,
            k=k,
            over=over,  # type: ignore[arg-type]
            loss=loss,  # type: ignore[arg-type]
            window=window,
            scenario=scenario,
            with_=added,
            tell=teller(quiet=quiet or as_json),
        )
        result = told.result
        assert result is not None  # noqa: S101 (stress always tells its base)
        if as_json:
            question = {
                "case": case,
                "scenario": scenario,
                "with": [i.question() for i in added],
                "window": f"{window[0]}/{window[1]}" if window else None,
                "good": good,
                "for": for_,
                "k": k,
                "over": over,
                "loss": loss,
                "foresight": "perfect",
                **({} if year is None else {"year": year}),
            }
            write_document(stress_document(told, question))
            return
        write_lines(told.sentence, "", *_lines(told), *rests_on(result), *(f"Warning: {w}" for w in told.warnings))


def stress_document(told: Stress, question: dict[str, Any]) -> dict[str, Any]:
    """The JSON document of the answer."""
    from corridor.analysis import assumptions, source_keys
    from corridor.result.schema import envelope

    assert told.result is not None  # noqa: S101 (stress always tells its base)
    case = told.result.case
    body = {
        "sets": [_row(s, told.unit) for s in told.sets[:TOLD]],
        "bound": told.bound,
        "proven": told.proven,
        "window": told.window,
        "base": told.base,
        "unit": told.unit,
        "candidates": list(told.candidates),
        "idle": list(told.idle),
        "already_shut": list(told.already_shut),
        "solves": told.solves,
        "equal": told.equal,
    }
    return envelope(
        "stress",
        question,
        told.result,
        told.sentence,
        body,
        sources=source_keys(case),
        assumed=[str(a) for a in assumptions(case)],
        warnings=told.warnings,
    )


def _row(s: ClosureSet, unit: str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "closures": list(s.closures),
        "loss": s.loss,
        "share": s.share,
        "unit": unit,
        "alternatives": [
            {"closure": closure, "instead": list(names)}
            for closure, names in zip(s.closures, s.alternatives, strict=True)
            if names
        ],
        "same": [list(other) for other in s.same],
        "agreements_broken": list(s.broken),
    }
    return row | ({"why_absent": s.why_absent} if s.why_absent else {})


def _lines(told: Stress) -> list[str]:
    """The ranking, what shuts the same, and what carries nothing."""
    import pandas as pd

    from corridor.analysis.world import country_name, name_of
    from corridor.app.tables import table_lines

    assert told.result is not None  # noqa: S101 (stress always tells its base)
    case = told.result.case

    def named(names: tuple[str, ...], between: str = ", ") -> str:
        return between.join(country_name(n) if told.over == "countries" else name_of(case, n) for n in names)

    shown = told.sets[:SHOWN]
    nan = float("nan")
    table = pd.DataFrame(
        {
            "closures": [named(s.closures, " + ") for s in shown],
            "loss": [nan if s.loss is None else s.loss for s in shown],
            "share": [nan if s.share is None else 100 * s.share for s in shown],
            "told": [
                "; ".join(
                    [*([f"gives way: {named(s.broken)}"] if s.broken else []), *([s.why_absent] * bool(s.why_absent))]
                )
                for s in shown
            ],
        }
    )
    heads = {"closures": "closures", "loss": f"lost, {told.unit}", "share": "%", "told": ""}
    lines = [*table_lines(table, heads, digits=1, title="Worst first"), ""]
    pipes = dict(pair for s in shown for pair in zip(s.closures, s.alternatives, strict=True) if pair[1])
    same = [f"  {named((first,))}: {named(others)}" for first, others in pipes.items()]
    for s in shown:
        more = f"; and {len(s.same) - OTHERS} sets more" if len(s.same) > OTHERS else ""
        others = "; ".join(named(o, " + ") for o in s.same[:OTHERS])
        same += [f"  {named(s.closures, ' + ')}: {others}{more}"] if s.same else []
    if same:
        lines += ["Does the same", *same, ""]
    if told.idle:
        lines.append(f"Carries nothing without closures: {named(told.idle)}.")
    if told.already_shut:
        lines.append(f"Nothing can pass as it is: {named(told.already_shut)}.")
    return lines
