"""Tables of a report: what a result or a comparison holds, in columns with the case's names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor.analysis import Comparison, compare
from corridor.analysis.world import name_of, word_for
from corridor.report.blocks import column, frame_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from corridor.case import Case
    from corridor.report.goods import Shown
    from corridor.result import Proof, Result

Block = dict[str, Any]

__all__ = [
    "accounting_table",
    "binding_table",
    "certificate_table",
    "changes_table",
    "ledger_table",
    "named",
    "netback_changes",
    "netback_table",
    "party_table",
    "price_changes",
    "prices_table",
    "when_table",
]


_VISIBLE = 5e-3
"""Volume from which a change is told: what two decimals show."""

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


def _good_column(shown: Shown) -> list[dict[str, Any]]:
    return [column("good", "Good")] if len(shown.goods) > 1 else []


def _together(shown: Shown) -> str:
    """Which other goods a figure holds that cannot be told apart by good."""
    others = [word_for(shown.case, g) for g in shown.case.tables["goods"]["id"] if g not in shown.goods]
    return f"Of all goods that are tied together, with {', '.join(others)}." if others else ""


def prices_table(result: Result, shown: Shown) -> Block:
    """Mean prices over the calendar, where anything passes."""
    table = (
        shown.of_goods(compare(result, result).prices)
        .groupby(["node", "good", "unit"], as_index=False)[["base"]]
        .mean()
    )
    table = table.dropna(subset=["base"]).sort_values("base", ascending=False)
    return frame_table(
        named(table, result.case, ["node", "good"]),
        [column("node", "Place"), column("good", "Good"), column("base", "Price", digits=0), column("unit", "Unit")],
        title="Prices",
        collapsed=True,
        note="Mean of the calendar's steps, each counting alike. Places that nothing passes have no price.",
    )


def changes_table(c: Comparison, shown: Shown) -> Block:
    """The decomposition of what the closed corridors lost, period by period; goods that nothing changes are left out."""
    table = shown.of_goods(c.by_period)
    parts = ["drop", "rerouted", "output_lost", "stock_change", "domestic", "losses", "exports_lost"]
    kept = set(table.loc[(table[parts].abs() > _VISIBLE).any(axis=1), "good"]) or {shown.main}
    table = table[table["good"].isin(kept)]
    units = list(dict.fromkeys(table["unit"]))
    unit = units[0] if len(units) == 1 else ""
    labels = (
        "Lost its way",
        "Rerouted",
        "Not produced",
        "Into stock",
        "Used at home",
        "Lost on the way",
        "Exports lost",
    )
    return frame_table(
        named(table, c.base.case, ["good"]),
        [
            column("period", "Period"),
            *([column("good", "Good")] if len(kept) > 1 else []),
            *(column(key, label, digits=2, unit=unit) for key, label in zip(parts, labels, strict=True)),
            *([] if unit else [column("unit", "Unit")]),
        ],
        title="Month by month" if len(kept) > 1 else shown.title("Month by month", kept),
        note="What the corridors lost is the sum of the next five columns; exports lost stand beside and are no part of it.",
    )


def price_changes(c: Comparison, shown: Shown) -> Block:
    """Prices that change by more than half a unit, period by period."""
    table = shown.of_goods(c.prices[c.prices["difference"].abs() > 0.5])
    return frame_table(
        named(table, c.base.case, ["node", "good"]),
        [
            column("period", "Period"),
            column("node", "Place"),
            *_good_column(shown),
            *_BEFORE_AND_AFTER,
        ],
        title="Prices that change",
        collapsed=True,
    )


def netback_table(result: Result, shown: Shown) -> Block:
    """What is left at the field on each route in use, and what is taken off the market price."""
    table = named(shown.of_goods(result.netback), result.case, ["field", "route", "market"])
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


def netback_changes(c: Comparison, shown: Shown) -> Block:
    """Netback without and with the measure."""
    return frame_table(
        named(shown.of_names(c.netback, "market"), c.base.case, ["field", "route", "market"]),
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


def party_table(c: Comparison, shown: Shown) -> Block:
    """Gains of each party that change by more than half a million USD."""
    gains = shown.of_goods(c.gains)
    table = gains[gains["difference"].abs() > 0.5].sort_values("difference")
    return frame_table(
        named(table, c.base.case, ["good"]),
        [
            column("party", "Party"),
            column("country", "Country"),
            column("role", "As"),
            *_good_column(shown),
            *_BEFORE_AND_AFTER,
        ],
        title="Gains by party",
        collapsed=True,
    )


def accounting_table(result: Result, shown: Shown) -> Block:
    """From the market's objective to the sum of gains, of all goods that were solved together."""
    return frame_table(
        result.accounting,
        [column("line", "Line"), column("value", "Value", digits=1), column("unit", "Unit")],
        title="From the market's objective to the sum of gains",
        note=_together(shown),
        collapsed=True,
    )


def binding_table(result: Result, shown: Shown) -> Block:
    """What is full, in how many periods, and what one more unit would be worth."""
    binding = shown.of_names(result.binding, "what")
    if binding.empty:
        return {
            "type": "text",
            "title": "What binds",
            "paragraphs": ["Nothing is full: no link or pool carries all it could."],
        }
    table = binding.groupby(["what", "unit"], as_index=False).agg(periods=("period", "nunique"), rent=("rent", "mean"))
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


def when_table(c: Comparison) -> Block:
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


def ledger_table(result: Result, shown: Shown) -> Block:
    """Every figure that an instrument changed."""
    return frame_table(
        shown.of_names(result.ledger, "what", "instrument"),
        [
            column("period", "Period"),
            column("what", "What"),
            column("column", "Figure"),
            column("before", "Before", digits=2),
            column("after", "After", digits=2),
            column("unit", "Unit"),
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
