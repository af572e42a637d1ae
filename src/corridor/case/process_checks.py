"""Processes that make nothing of nothing, demands counted twice, profiles of nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from corridor.case.columns import columns
from corridor.case.words import did_you_mean
from corridor.errors import Fault

if TYPE_CHECKING:
    from corridor.case.model import Case
    from corridor.case.words import Rows

__all__ = ["process_faults", "profile_faults"]


def process_faults(case: Case, rows: Rows) -> Iterator[Fault]:
    """A process makes or uses something, each amount is one, and no elastic demand stands beside its own use of a good."""
    told = case.tables["process_goods"]
    for row, good, amount in zip(rows("process_goods"), told["good"], told["amount"], strict=True):
        if amount == 0:
            message = f"an amount of nothing of '{good}'"
            yield Fault(
                "process_goods.csv", int(row), "amount", message, "positive is made, negative used; or remove the row"
            )
    uses: dict[str, set[str]] = defaultdict(set)
    for process, good, amount in zip(told["process"], told["good"], told["amount"], strict=True):
        uses[process].update([good] if amount < 0 else [])
    known = set(told["process"])
    for row, name in zip(rows("processes"), case.tables["processes"]["id"], strict=True):
        if name not in known:
            remedy = "add rows to process_goods.csv"
            yield Fault("processes.csv", int(row), "id", f"'{name}' makes nothing and uses nothing", remedy)
    yield from _counted_twice(case, rows, uses)


def _counted_twice(case: Case, rows: Rows, uses: dict[str, set[str]]) -> Iterator[Fault]:
    """What a modelled process buys is no demand of its own: its elasticity comes from what the process sells."""
    place = dict(zip(case.tables["processes"]["id"], case.tables["processes"]["node"], strict=True))
    demand = case.tables["demand"]
    names = ("id", "node", "good", "use", "elasticity_short", "elasticity_long")
    for row, name, node, good, use, short, long in zip(rows("demand"), *(demand[n] for n in names), strict=True):
        if use in uses and good in uses[use] and place.get(use) == node and (short < 0 or long < 0):
            message = f"'{name}' counts twice the {good} that the process '{use}' uses here"
            remedy = "take the process's use out of the demand's quantity and leave 'use' blank, or remove the demand"
            yield Fault("demand.csv", int(row), "use", message, remedy)


def profile_faults(case: Case, rows: Rows) -> Iterator[Fault]:
    """A profile is of a column that its table has, of a whole month and of a slice that case.toml declares."""
    table = case.tables["profiles"]
    names = ("table", "column", "month", "slice")
    for row, of, column, month, name in zip(rows("profiles"), *(table[n] for n in names), strict=True):
        line = int(row)
        if of and column and column not in columns(of):
            other = "quantity" if column == "capacity" else "capacity"
            yield Fault("profiles.csv", line, "column", f"{of}.csv has no column '{column}'", f"write {other}")
        if month == month and month != int(month):  # noqa: PLR0124
            yield Fault("profiles.csv", line, "month", f"{month:g} is no month", "write 1 to 12, or leave it blank")
        if name and name not in case.settings.slices:
            listed = ", ".join(case.settings.slices) or "none"
            hint = did_you_mean(name, case.settings.slices)
            remedy = f"{hint}slices of case.toml: {listed}"
            yield Fault("profiles.csv", line, "slice", f"no slice '{name}' is declared", remedy)
