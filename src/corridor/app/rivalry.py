"""The verb that asks whether sellers should compete: `rivalry`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from corridor.app.console import SCHEMA, answering, write_document, write_lines
from corridor.app.options import AsJson, CaseName, Good, Quiet, Scenario, With, Year, instruments, read, teller
from corridor.version import __version__

if TYPE_CHECKING:
    from corridor.analysis import Rivalry

__all__ = ["register", "rivalry_document"]

Sellers = Annotated[
    str, typer.Option("--sellers", metavar="A,B", help="Countries whose producers sell it, two or more.")
]
Markets = Annotated[
    str | None,
    typer.Option(
        "--markets",
        metavar="C,D",
        help="Countries or demands in which they know their power; all outside them if blank.",
    ),
]
Theta = Annotated[float, typer.Option("--theta", help="1: Cournot rivals, and joint profit; less: weaker power.")]
Observed = Annotated[
    float, typer.Option("--observed", help="theta with which the year of calibration is read; 0: each took the price.")
]


def register(app: typer.Typer) -> None:
    """Add the verb to the command line."""
    app.command()(rivalry)


def rivalry(
    case: CaseName,
    *,
    good: Good,
    sellers: Sellers,
    markets: Markets = None,
    theta: Theta = 1.0,
    observed: Observed = 0.0,
    scenario: Scenario = "base",
    with_: With = None,
    year: Year = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """What sellers of a good gain by selling it as one in place of as rivals, and what buyers pay for it."""
    with answering("rivalry", as_json=as_json):
        from corridor.analysis import rivalry as ask

        named, places = _names(sellers), _names(markets or "")
        added = instruments(with_)
        tell = teller(quiet=quiet or as_json)
        tell("solving it at given prices, as rivals, and as one")
        whole = read(case, year)
        told = ask(whole, good, named, places, theta=theta, observed=observed, scenario=scenario, with_=added)
        if as_json:
            question = {
                "case": case,
                "good": good,
                "sellers": named,
                "markets": places,
                "theta": theta,
                "observed": observed,
                "scenario": scenario,
                "with": [i.question() for i in added],
                "year": year,
            }
            write_document(rivalry_document(told, question))
            return
        write_lines(told.sentence, "", *_lines(told))


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def rivalry_document(told: Rivalry, question: dict[str, Any]) -> dict[str, Any]:
    """The JSON document of an answer."""
    from corridor.analysis import assumptions, source_keys
    from corridor.result.schema import as_rows, binding_rows

    one = told.results["one"]
    return {
        "schema": SCHEMA,
        "verb": "rivalry",
        "question": question,
        "case": told.case.name,
        "case_hash": told.case.hash,
        "scenario": one.scenario,
        "version": __version__,
        "answer": told.sentence,
        "result": {
            "markets": list(told.markets),
            "together": told.change("sellers"),
            "buyers": told.change("buyers"),
            "unit": "million USD",
            "gains": as_rows(told.gains),
            "prices": as_rows(told.prices),
            "resales": [vars(r) for r in told.resales],
        },
        "certificate": {"passed": True, "gap": told.gap, "solves": len(told.results)},
        "binding": binding_rows(one),
        "sources": list(source_keys(told.case, [told.good])),
        "assumed": [str(a) for a in assumptions(told.case, [told.good])],
        "warnings": list(told.warnings),
    }


def _lines(told: Rivalry) -> list[str]:
    from corridor.analysis.world import country_name, name_of
    from corridor.app.tables import table_lines
    from corridor.solver import at_most

    gains, prices = told.gains, told.prices
    gains["country"] = ["everybody else" if c == "rest" else country_name(c) for c in gains["country"]]
    prices["demand"] = [name_of(told.case, d) for d in prices["demand"]]
    conducts = {"competitive": "price given", "rivals": "as rivals", "one": "as one"}
    paid = {"demand": "buyers", **conducts, "price_unit": "unit"}
    volumes = {"demand": "buyers", **{f"volume_{key}": head for key, head in conducts.items()}, "unit": "unit"}
    earned = {"country": "who", "what": "what", **conducts, "difference": "one less rivals"}
    return [
        *table_lines(gains, earned, digits=0, title="Gains, million USD"),
        "",
        *table_lines(prices, paid, digits=0, title="What buyers pay"),
        "",
        *table_lines(prices, volumes, title="What they buy"),
        "",
        f"{len(told.results)} equilibria, certificates passed, gap at most {at_most(told.gap)}.",
        *(f"Warning: {warning}" for warning in told.warnings),
    ]
