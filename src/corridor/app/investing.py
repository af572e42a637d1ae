"""The verb that asks what to build: `invest`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corridor.app.console import answering, write_document, write_lines
from corridor.app.options import AsJson, CaseName, Good, Quiet, Scenario, With, instruments, read, teller

if TYPE_CHECKING:
    from corridor.analysis import Invest

__all__ = ["invest_document", "register"]


SEEN = 1e-4
"""A change of share that a table shows."""


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command()(invest)


def invest(
    case: CaseName,
    *,
    good: Good,
    of: Annotated[str, typer.Option("--of", metavar="ISO3", help="The country whose trade it is.")],
    through: Annotated[
        str | None, typer.Option("--through", metavar="ISO3", help="What its exports shall cross less.")
    ] = None,
    partner: Annotated[
        str | None, typer.Option("--partner", metavar="ISO3", help="Who shall send or take less of its trade.")
    ] = None,
    max_share: Annotated[
        float | None,
        typer.Option("--max-share", metavar="X", help="Highest share, as in 0.6; none: what pays by itself."),
    ] = None,
    max_loss: Annotated[
        float | None,
        typer.Option(
            "--max-loss", metavar="X", help="Highest share of exports without a way under any single closure."
        ),
    ] = None,
    by: Annotated[
        int | None, typer.Option("--by", metavar="YEAR", help="Planning year from which it holds; none: the last.")
    ] = None,
    direction: Annotated[str, typer.Option("--direction", help="exports or imports.")] = "exports",
    over: Annotated[str, typer.Option("--over", help="trade or use: what the share is of.")] = "trade",
    slice_: Annotated[str, typer.Option("--slice", help="Slice of the hours in which the share is limited.")] = "",
    allow_cuts: Annotated[
        bool,
        typer.Option("--allow-cuts", help="Exports (of imports: use) may fall below what they are without the limit."),
    ] = False,
    payer: Annotated[
        str | None, typer.Option("--payer", metavar="ISO3", help="Who pays for building and support.")
    ] = None,
    whole: Annotated[
        bool | None,
        typer.Option(
            "--whole/--fractions", help="Projects wholly or not at all, or in fractions; else as the case says."
        ),
    ] = None,
    projects: Annotated[
        str, typer.Option("--projects", metavar="A,B", help="Expansions to choose among; else all about the good.")
    ] = "",
    with_: With = None,
    scenario: Scenario = "base",
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """The cheapest plan that keeps a share of a country's trade below a limit by a year, what it costs, and who pays.

    Build cost stands apart from the support that shippers must be paid a year to use what is built. Exports are kept.
    """
    with answering("invest", as_json=as_json):
        from corridor.analysis import invest as find
        from corridor.analysis.invest_words import plan_lines

        added = instruments(with_)
        names = tuple(name.strip() for name in projects.split(",") if name.strip())
        told = find(
            read(case),
            good=good,
            of=of,
            through=through,
            partner=partner,
            max_share=max_share,
            max_loss=max_loss,
            by=by,
            direction=direction,
            over=over,
            slice_=slice_,
            allow_cuts=allow_cuts,
            payer=payer,
            whole=whole,
            expansions=names,
            scenario=scenario,
            with_=added,
            tell=teller(quiet=quiet or as_json),
        )
        if as_json:
            question = {
                "case": case,
                "scenario": scenario,
                "with": [i.question() for i in added],
                "good": good,
                "of": of,
                **({"through": through} if through else {"partner": partner}),
                "direction": direction,
                "over": over,
                "slice": slice_,
                "max_share": max_share,
                "max_loss": max_loss,
                "by": told.by,
                "allow_cuts": allow_cuts,
                "payer": payer,
                "whole": whole,
                "projects": list(names),
                "horizon": "long",
            }
            write_document(invest_document(told, question))
            return
        lines = plan_lines(told.result.case, told) if told.result is not None else ()
        write_lines(told.sentence, *lines, "", *_lines(told), *(f"Warning: {w}" for w in told.warnings))


def invest_document(told: Invest, question: dict[str, Any]) -> dict[str, Any]:
    """The JSON document of an answer."""
    from corridor.result.schema import envelope

    assert told.result is not None  # noqa: S101 (a plan always tells the year asked about)
    body = {
        "plan": [asdict(row) for row in told.plan],
        "build_cost": told.build_cost,
        "build_cost_discounted": told.build_cost_discounted,
        "money_unit": "million USD" + (f" of {told.price_year}" if told.price_year else ""),
        "yearly_support": told.yearly_support,
        "system_cost": told.system_cost,
        "share_now": told.share_now,
        "share_before": told.share_before,
        "share_unlimited": told.share_unlimited,
        "share_after": told.share_after,
        "lowest_share": told.lowest_share,
        "by": told.by,
        "unit": told.unit,
        **{
            name: [asdict(row) for row in getattr(told, name)]
            for name in (
                "years",
                "utilisation",
                "frontier",
                "dollars_per_point",
                "sensitivity",
                "effects",
                "payer",
            )
        },
        "exports_kept": not told.allow_cuts,
        "plan_error": told.error,
        "figures_not_projected": told.kept_values,
    }
    return envelope(
        "invest",
        question,
        told.result,
        told.sentence,
        body,
        sources=told.sources,
        assumed=told.assumed,
        warnings=told.warnings,
    )


def _lines(told: Invest) -> list[str]:
    """The plan, the years, what a point costs, the frontier, and who pays."""
    import pandas as pd

    from corridor.analysis.invest_words import expansion_name
    from corridor.analysis.world import country_name
    from corridor.app.tables import table_lines

    assert told.result is not None  # noqa: S101 (as above)
    case = told.result.case
    nan = float("nan")

    def named(names: list[str]) -> list[str]:
        return [expansion_name(case, name) for name in names]

    def absent(values: list[float | None]) -> list[float]:
        return [nan if value is None else value for value in values]

    lines: list[str] = []

    def table(title: str, columns: dict[str, list[Any]], digits: int = 1) -> None:
        if next(iter(columns.values())):
            shown = pd.DataFrame(columns)
            lines.extend([*table_lines(shown, {c: c for c in columns}, digits=digits, title=title), ""])

    table(
        "The plan, million USD",
        {
            "project": named([p.expansion for p in told.plan]),
            "from": [str(p.year) for p in told.plan],
            "of it, %": [100 * p.fraction for p in told.plan],
            "to build": [p.build_cost for p in told.plan],
            "discounted": [p.discounted for p in told.plan],
        },
    )
    table(
        f"Year by year; volumes in {told.unit}, support in million USD a year",
        {
            "year": [str(y.year) for y in told.years],
            "volume before": [y.volume_before for y in told.years],
            "with the plan": [y.volume for y in told.years],
            "share before, %": [100 * y.share_before for y in told.years],
            "with it, %": [100 * y.share for y in told.years],
            "moved": [y.moved for y in told.years],
            "support": [y.support for y in told.years],
            "if paid to all": [y.support_on_all for y in told.years],
        },
    )
    table(
        "The least cost of a share, million USD",
        {
            "share, %": [100 * f.share for f in told.frontier],
            "system, present value": [f.cost for f in told.frontier],
            "to build": [f.build_cost for f in told.frontier],
        },
    )
    table(
        f"Million USD per percentage point that becomes possible by {told.by}, with what a project needs",
        {
            "project": named([r.expansion for r in told.dollars_per_point]),
            "points alone": [r.points for r in told.dollars_per_point],
            "per point alone": absent([r.dollars_per_point for r in told.dollars_per_point]),
            "place in the best order": ["" if r.order is None else str(r.order) for r in told.dollars_per_point],
            "per point then": absent([r.dollars_per_point_then for r in told.dollars_per_point]),
        },
    )
    hours = told.question.slice
    moving = [
        e for e in told.effects if e.slice == hours and abs((e.share_after or e.share_before) - e.share_before) > SEEN
    ]
    table(
        f"What each does by itself in {told.by}{f', {hours}' if hours else ''}, without limit and support",
        {
            "project": named([e.expansion for e in moving]),
            "share before, %": [100 * e.share_before for e in moving],
            "after, %": [100 * (e.share_after or 0.0) for e in moving],
        },
    )
    table(
        "Where building costs more or less",
        {
            "cost, times": [f"{s.factor:g}" for s in told.sensitivity],
            "same projects": ["yes" if s.holds else "no" for s in told.sensitivity],
            "joins": [", ".join(named(list(s.joins))) for s in told.sensitivity],
            "leaves": [", ".join(named(list(s.leaves))) for s in told.sensitivity],
            "to build": [s.build_cost for s in told.sensitivity],
        },
    )
    table(
        f"Who gains and who pays in {told.by}, million USD a year",
        {
            "country": [country_name(p.country) if p.country else "nobody (route preference)" for p in told.payer],
            "at market prices": [p.gains for p in told.payer],
            "pays for building": [p.pays_capital for p in told.payer],
            "pays support": [p.pays_support for p in told.payer],
            "gets support": [p.receives_support for p in told.payer],
            "net": [p.net for p in told.payer],
        },
        digits=0,
    )
    return lines
