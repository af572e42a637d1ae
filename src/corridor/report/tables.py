"""Tables of a report: what a result or a comparison holds, in columns with the case's names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor.analysis import Comparison, compare
from corridor.analysis.world import name_of
from corridor.report.blocks import column, frame_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from corridor.case import Case
    from corridor.result import Proof, Result

Block = dict[str, Any]

__all__ = [
    "accounting_table",
    "binding_table",
    "certificate_table",
    "ledger_table",
    "named",
    "netback_changes",
    "netback_table",
    "party_table",
    "price_changes",
    "prices_table",
    "timeline_table",
]


_BEFORE_AND_AFTER = (
    column("base", "Without", digits=0),
    column("changed", "With", digits=0),
    column("difference", "Change", digits=0),
    column("unit", "Unit"),
)


def named(table: pd.DataFrame, case: Case, keys: Sequence[str]) -> pd.DataFrame:
    """Ids replaced by the names that the case shows."""
    told = table.copy()
    for key in keys:
        names = {name: name_of(case, str(name)) for name in told[key].unique() if name}
        told[key] = told[key].map(lambda name, names=names: names.get(name, name))
    return told


def prices_table(result: Result) -> Block:
    """Mean prices over the calendar, where anything passes."""
    table = compare(result, result).prices.groupby(["node", "good", "unit"], as_index=False)[["base"]].mean()
    table = table.dropna(subset=["base"]).sort_values("base", ascending=False)
    return frame_table(
        named(table, result.case, ["node", "good"]),
        [column("node", "Place"), column("good", "Good"), column("base", "Price", digits=0), column("unit", "Unit")],
        title="Prices",
        collapsed=True,
        note="Mean of the calendar's steps, each counting alike. Places that nothing passes have no price.",
    )


def price_changes(c: Comparison) -> Block:
    """Prices that change by more than half a unit, period by period."""
    table = c.prices[c.prices["difference"].abs() > 0.5].copy()
    return frame_table(
        named(table, c.base.case, ["node", "good"]),
        [
            column("period", "Period"),
            column("node", "Place"),
            *_BEFORE_AND_AFTER,
        ],
        title="Prices that change",
        collapsed=True,
    )


def netback_table(result: Result) -> Block:
    """What is left at the field on each route in use, and what is taken off the market price."""
    table = named(result.netback, result.case, ["field", "route", "market"])
    specs = [column("field", "Field"), column("route", "Route"), column("market", "Market")]
    specs += [
        column(key, label, digits=0)
        for key, label in (
            ("price", "Market price"),
            ("freight", "Freight"),
            ("tariff", "Tariffs"),
            ("fees", "Fees"),
            ("quality", "Quality"),
            ("wedge", "Wedge"),
            ("netback", "Netback"),
        )
    ]
    return frame_table(
        table, [*specs, column("unit", "Unit")], title="Netback: what is left at the field", collapsed=True
    )


def netback_changes(c: Comparison) -> Block:
    """Netback without and with the measure."""
    return frame_table(
        named(c.netback, c.base.case, ["field", "route", "market"]),
        [
            column("field", "Field"),
            column("route", "Route"),
            column("market", "Market"),
            *_BEFORE_AND_AFTER,
        ],
        title="Netback at the field",
        collapsed=True,
        why="not used",
    )


def party_table(c: Comparison) -> Block:
    """Gains of each party that change by more than half a million USD."""
    table = c.gains[c.gains["difference"].abs() > 0.5].sort_values("difference")
    return frame_table(
        table,
        [
            column("party", "Party"),
            column("country", "Country"),
            column("role", "As"),
            *_BEFORE_AND_AFTER,
        ],
        title="Gains by party",
        collapsed=True,
    )


def accounting_table(result: Result) -> Block:
    """From the market's objective to the sum of gains."""
    return frame_table(
        result.accounting,
        [column("line", "Line"), column("value", "Value", digits=1), column("unit", "Unit")],
        title="From the market's objective to the sum of gains",
        collapsed=True,
    )


def binding_table(result: Result) -> Block:
    """What is full, in how many periods, and what one more unit would be worth."""
    if result.binding.empty:
        return {
            "type": "text",
            "title": "What binds",
            "paragraphs": ["Nothing is full: no link or pool carries all it could."],
        }
    table = result.binding.groupby(["what", "unit"], as_index=False).agg(
        periods=("period", "nunique"), rent=("rent", "mean")
    )
    return frame_table(
        named(table.sort_values("rent", ascending=False), result.case, ["what"]),
        [
            column("what", "What is full"),
            column("periods", "Periods", digits=0),
            column("rent", "What one more unit would be worth", digits=1),
            column("unit", "Unit"),
        ],
        title="What binds",
    )


def timeline_table(c: Comparison) -> Block:
    """Tanks full, fields cut, output back."""
    return frame_table(
        c.timeline,
        [
            column("event", "Event"),
            column("date", "Date"),
            column("days", "Days", digits=0),
            column("what", "What"),
            column("note", "Note"),
        ],
        title="When",
    )


def ledger_table(result: Result) -> Block:
    """Every figure that an instrument changed."""
    return frame_table(
        result.ledger,
        [
            column("period", "Period"),
            column("what", "What"),
            column("column", "Figure"),
            column("before", "Before", digits=2),
            column("after", "After", digits=2),
            column("instrument", "Instrument"),
        ],
        title="Ledger: what the instruments changed",
        collapsed=True,
    )


def certificate_table(proof: Proof) -> Block:
    """The optimality conditions with their errors."""
    told = proof.as_json()
    rows = [
        {"condition": label, "value": f"{float(told[key]):.1e}"}  # type: ignore[arg-type]
        for key, label in (
            ("imbalance", "Largest imbalance, relative"),
            ("bound_violation", "Bounds"),
            ("stationarity", "Stationarity"),
            ("dual_infeasibility", "Signs of prices"),
            ("complementarity", "Complementarity"),
            ("gap", "Duality gap"),
            ("gains_residual", "Gains add up to"),
            ("rent_unexplained", "Margins without a reason"),
        )
    ]
    passed = "passed" if proof.passed else "not passed"
    return {
        "type": "table",
        "title": f"Certificate: {passed}",
        "note": f"Optimality conditions, worked out from the case without a solver; each must be below {told['threshold']:.0e}.",
        "columns": [column("condition", "Condition"), column("value", "Error")],
        "rows": rows,
    }
