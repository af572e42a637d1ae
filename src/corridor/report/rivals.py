"""Answers about sellers as rivals and as one -> blocks: who gains, what buyers pay, and who could resell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor.analysis.world import country_name, name_of
from corridor.case import records
from corridor.report.blocks import column, frame_table

if TYPE_CHECKING:
    from corridor.analysis import Rivalry

__all__ = ["rivalry_blocks"]

Block = dict[str, Any]

_CONDUCTS = (("competitive", "Price given"), ("rivals", "As rivals"), ("one", "As one"))
_MOST_PAIRS = 10
"""Pairs of markets in the table of resales."""


def rivalry_blocks(told: Rivalry) -> list[Block]:
    """What backs the answer."""
    gains, prices = told.gains, told.prices
    gains["country"] = ["everybody else" if c == "rest" else country_name(c) for c in gains["country"]]
    prices["demand"] = [name_of(told.case, d) for d in prices["demand"]]
    role = "as one less as rivals"
    bars = [
        {
            "label": row["country"],
            "parts": [{"role": role, "value": round(row["difference"], 4)}],
            "total": round(row["difference"], 4),
        }
        for row in records(gains[gains["what"] == "country"])
    ]
    earned = [
        column("country", "Who"),
        column("what", "What"),
        *(column(key, label, digits=0) for key, label in _CONDUCTS),
        column("difference", "One less rivals", digits=0),
        column("unit", "Unit"),
    ]
    paid = [
        column("demand", "Buyers"),
        *(column(key, label, digits=1) for key, label in _CONDUCTS),
        column("price_unit", "Unit"),
    ]
    bought = [
        column("demand", "Buyers"),
        *(column(f"volume_{key}", label, digits=2) for key, label in _CONDUCTS),
        column("unit", "Unit"),
    ]
    return [
        {
            "type": "bars",
            "title": "Who gains where they sell as one in place of as rivals",
            "unit": "million USD",
            "roles": [role],
            "rows": bars,
        },
        frame_table(gains, earned, title="Gains", note="Over the calendar, against no trade at all."),
        frame_table(prices, paid, title="What buyers pay", why="they buy nothing"),
        frame_table(prices, bought, title="What they buy"),
        *_resales(told),
    ]


def _resales(told: Rivalry) -> list[Block]:
    rows = [
        {"start": name_of(told.case, r.start), "end": name_of(told.case, r.end), "gain": r.gain, "unit": r.unit}
        for r in told.resales[:_MOST_PAIRS]
    ]
    columns = [
        column("start", "From"),
        column("end", "To"),
        column("gain", "Gain", digits=1),
        column("unit", "Unit"),
    ]
    note = "Buyers could resell at this gain if the sellers were one: the answer holds only where that can be kept from happening."
    block: Block = {"type": "table", "title": "Who could resell", "note": note, "columns": columns, "rows": rows}
    return [block] if rows else []
