"""The verb that asks what two countries do to each other: `retaliate`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from corridor.app.console import answering, write_document, write_lines
from corridor.app.options import AsJson, CaseName, Out, Quiet, Scenario, out_path, teller

if TYPE_CHECKING:
    from corridor.analysis import Retaliation

__all__ = ["register", "retaliate_document"]

Between = Annotated[str, typer.Option("--between", metavar="A,B", help="The two countries, as in KAZ,RUS.")]
Goods = Annotated[str, typer.Option("--goods", metavar="G,...", help="The goods that they can ban.")]
UNIT = "million USD"


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command()(retaliate)


def retaliate(
    case: CaseName,
    *,
    between: Between,
    goods: Goods,
    scenario: Scenario = "base",
    out: Out = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """What do two countries do to each other by bans on imports, exports and transit, and where does it settle?

    --out FILE.html writes the report.
    """
    with answering("retaliate", as_json=as_json):
        from corridor.analysis import retaliate as play
        from corridor.app.lines import rests_on
        from corridor.case import read_case

        target = out_path(out, (".html",))
        sides, asked = _names(between), _names(goods)
        told = play(read_case(case), sides, asked, scenario, teller(quiet=quiet or as_json))
        if target is not None:
            from corridor.report import write_retaliation

            write_retaliation(told, target)
        if as_json:
            question = {"case": case, "scenario": scenario, "between": list(told.sides), "goods": list(told.goods)}
            write_document(retaliate_document(told, question))
            return
        write_lines(told.sentence, "", *_lines(told), "", _proof(told), *rests_on(told.base)[1:])


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _proof(told: Retaliation) -> str:
    from corridor.solver import at_most

    return (
        f"{told.solves} equilibria, each certified (gap at most {at_most(told.gap)}, "
        f"gains add up to within {at_most(told.gains_residual)})."
    )


def retaliate_document(told: Retaliation, question: dict[str, Any]) -> dict[str, Any]:
    """The JSON document of the answer."""
    from corridor.analysis import assumptions, source_keys
    from corridor.result.schema import envelope

    base = told.base
    document = envelope(
        "retaliate",
        question,
        base,
        told.sentence,
        _body(told),
        sources=source_keys(base.case),
        assumed=[str(a) for a in assumptions(base.case)],
    )
    document["warnings"] = list(told.warnings)
    return document


def _body(told: Retaliation) -> dict[str, Any]:
    def pair(o: Any) -> dict[str, Any]:
        first, second = o.actions
        return {
            "first": first,
            "second": second,
            "payoff_first": o.payoffs[0],
            "payoff_second": o.payoffs[1],
            "unit": UNIT,
        }

    return {
        "sides": list(told.sides),
        "actions": _action_rows(told),
        "left_out": [{"side": x.side, "action": x.id, "name": x.name, "why": x.why} for x in told.left_out],
        "voids": [{"side": side, "action": action, "agreements": list(names)} for side, action, names in told.voids],
        "payoffs": _payoff_rows(told),
        "equilibria": [pair(o) for o in told.equilibria],
        "mixed": [
            {
                "chances": [
                    {"side": side, "action": action.id, "probability": chance}
                    for side, listed, chances in zip(told.sides, told.actions, (m.first, m.second), strict=True)
                    for action, chance in zip(listed, chances, strict=True)
                    if chance > 0.0
                ],
                "payoff_first": m.payoffs[0],
                "payoff_second": m.payoffs[1],
                "unit": UNIT,
            }
            for m in told.mixed
        ],
        "leverage": [
            {
                "side": x.side,
                "action": x.action,
                "value": x.value,
                "class": x.kind,
                "own_low": x.own[0],
                "own_high": x.own[1],
                "other_low": x.other[0],
                "other_high": x.other[1],
                "unit": UNIT,
            }
            | ({} if x.value is not None else {"why_absent": f"value: {x.kind}"})
            for x in told.leverage
        ],
        "outcomes": [pair(o) | {"what": o.what, "leader": o.leader} for o in told.outcomes],
        "gdp": [
            {"side": side, "value": value, "unit": UNIT}
            | ({} if value is not None else {"why_absent": f"value: {told.why_absent}"})
            for side, value in zip(told.sides, told.gdp, strict=True)
        ],
        "tolerance": told.tolerance,
        "solves": told.solves,
        "gap": told.gap,
        "gains_residual": told.gains_residual,
    }


def _action_rows(told: Retaliation) -> list[dict[str, Any]]:
    rows = []
    for listed, dominance in zip(told.actions, told.dominated, strict=True):
        for action, by in zip(listed, dominance, strict=True):
            row = {
                "side": action.side,
                "action": action.id,
                "name": action.name,
                "instruments": [i.question() for i in action.instruments],
                "volume": action.volume,
                "unit": action.unit,
                "dominated_by": listed[by[0]].id if by else None,
                "strictly": bool(by and by[1]),
            }
            if action.volume is None:
                row["why_absent"] = "volume: of single bans only"
            rows.append(row)
    return rows


def _payoff_rows(told: Retaliation) -> list[dict[str, Any]]:
    rows = []
    for first, line in zip(told.actions[0], told.payoffs, strict=True):
        for second, cell in zip(told.actions[1], line, strict=True):
            for side, change in zip(told.sides, cell, strict=True):
                row = {
                    "first": first.id,
                    "second": second.id,
                    "side": side,
                    "value": change.total,
                    "producers": change.producers,
                    "consumers": change.consumers,
                    "government": change.government,
                    "unit": UNIT,
                    "per_cent_of_gdp": change.per_cent_of_gdp,
                }
                if change.per_cent_of_gdp is None:
                    row["why_absent"] = f"per_cent_of_gdp: {told.why_absent}"
                rows.append(row)
    return rows


def _lines(told: Retaliation) -> list[str]:
    """The matrix, who in each country pays, leverage, where a first move leads, and what was left out."""
    import pandas as pd

    from corridor.analysis.retaliate_words import action_words
    from corridor.analysis.world import amount, country_name
    from corridor.app.tables import table_lines

    sides = [country_name(side) for side in told.sides]
    stable = {o.actions for o in told.equilibria}
    heads = {"action": sides[0]} | {b.id: f"{sides[1]} {b.name}" for b in told.actions[1]}
    cells = [
        {"action": a.name}
        | {
            b.id: f"{c[0].total:+z,.0f} / {c[1].total:+z,.0f}{' *' if (a.id, b.id) in stable else ''}"
            for b, c in zip(told.actions[1], line, strict=True)
        }
        for a, line in zip(told.actions[0], told.payoffs, strict=True)
    ]
    title = f"Change of gains against no measure, {UNIT}: {sides[0]} / {sides[1]}; * nobody gains by leaving it alone"
    lines = [*table_lines(pd.DataFrame(cells), heads, title=title), ""]
    lines += table_lines(pd.DataFrame(_parts(told, sides)), _PARTS, title="Who in each country, one side acting alone")
    heads = {"who": "action alone", "own": f"own change, {UNIT}", "other": "the other's", "told": "leverage"}
    rows = [
        {
            "who": f"{country_name(x.side)} {next(a.name for p in told.actions for a in p if (a.side, a.id) == (x.side, x.action))}",
            "own": _span(x.own),
            "other": _span(x.other),
            "told": x.kind if x.value is None else amount(x.value, "lost by the other for 1 lost"),
        }
        for x in told.leverage
    ]
    if rows:
        title = "Leverage, over the assumed strengths of the route preference"
        lines += ["", *table_lines(pd.DataFrame(rows), heads, title=title)]
    lines += [
        "",
        *(
            f"  {country_name(o.leader)} first: {action_words(told, o.actions)} ({o.payoffs[0]:+z,.0f} / {o.payoffs[1]:+z,.0f})"
            for o in told.outcomes
            if o.leader
        ),
        *(
            f"  void where {country_name(side)} {next(a.name for p in told.actions for a in p if (a.side, a.id) == (side, action))}: "
            f"{', '.join(names)}"
            for side, action, names in told.voids
        ),
        *(f"  left out: {country_name(x.side)} {x.name}: {x.why}" for x in told.left_out),
    ]
    return lines


_PARTS = {
    "who": "who acts",
    "where": "change in",
    "producers": "producers",
    "consumers": "consumers",
    "government": "budget",
    "total": "in all",
    "share": "% of GDP",
}


def _parts(told: Retaliation, sides: list[str]) -> list[dict[str, Any]]:
    """Rows of the split: each action of one side against nothing, in both countries."""
    alone = [(a.name, sides[0], told.payoffs[n][0]) for n, a in enumerate(told.actions[0]) if n]
    alone += [(b.name, sides[1], told.payoffs[0][n]) for n, b in enumerate(told.actions[1]) if n]
    return [
        {
            "who": f"{who} {name}",
            "where": place,
            "producers": f"{c.producers:+z,.0f}",
            "consumers": f"{c.consumers:+z,.0f}",
            "government": f"{c.government:+z,.0f}",
            "total": f"{c.total:+z,.0f}",
            "share": "-" if c.per_cent_of_gdp is None else f"{c.per_cent_of_gdp:+z.3f}",
        }
        for name, who, cell in alone
        for place, c in zip(sides, cell, strict=True)
    ]


def _span(values: tuple[float, float]) -> str:
    low, high = (f"{value:+z,.0f}" for value in values)
    return low if low == high else f"{low} to {high}"
