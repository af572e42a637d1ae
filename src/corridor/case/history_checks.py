"""Groups that calibrate together, and shocks that can be replayed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from corridor.case.parts import groups_of, parts
from corridor.case.words import did_you_mean
from corridor.errors import Fault

if TYPE_CHECKING:
    from corridor.case.model import Case
    from corridor.case.words import Rows

__all__ = ["group_faults", "shock_faults"]

_MEASURED = ("links", "corridors", "supply", "demand", "processes")


def group_faults(case: Case, rows: Rows) -> Iterator[Fault]:
    """A good's group is one of case.toml; groups that something ties together are calibrated on one year."""
    declared = case.settings.groups
    table = case.tables["goods"]
    for row, group in zip(rows("goods"), table["group"], strict=True):
        if group and group not in declared:
            hint = did_you_mean(group, declared)
            remedy = f"{hint}groups of case.toml: {', '.join(declared) or 'none'}"
            yield Fault("goods.csv", int(row), "group", f"no group '{group}' is declared", remedy)
    home = {good: group for group, goods in groups_of(case).items() for good in goods}
    for goods in parts(case):
        tied = list(dict.fromkeys(home[good] for good in goods if home[good]))
        if len({declared[name].calibrate_on for name in tied}) > 1:
            message = (
                f"{', '.join(tied)} are tied by a process, a capacity or a contract, and calibrated on different years"
            )
            yield Fault("case.toml", None, "groups", message, "give them the same calibrate_on")


def shock_faults(case: Case, rows: Rows) -> Iterator[Fault]:
    """A shock measures something that is there, before and during, and is predicted from an earlier year."""
    tables = case.tables
    table = tables["shocks"]
    measured = {name for kind in _MEASURED for name in tables[kind]["id"]}
    nodes, countries = set(tables["nodes"]["id"]), set(tables["nodes"]["country"])
    held = {scenario for scenarios in tables["instruments"]["scenarios"] for scenario in scenarios}
    for row, shock in zip(rows("shocks"), table.to_dict("records"), strict=True):
        line, measure, target = int(row), shock["measure"], shock["target"]
        names = {"volume": measured, "price": nodes}.get(measure, countries)
        what = {"volume": "link, corridor, supply, demand or process", "price": "node"}.get(
            measure, "country of a node"
        )
        if target not in names:
            remedy = did_you_mean(target, names, "did you mean '{}'?") or f"{measure} is of a {what}"
            yield Fault("shocks.csv", line, "target", f"no {what} '{target}'", remedy)
        for column in ("price_before", "price_observed") if measure == "price" else ("before", "observed"):
            if shock[column] != shock[column]:
                yield Fault("shocks.csv", line, column, "no value", f"a shock of {measure} needs it; or remove the row")
        if shock["scenario"] not in held:
            message = f"scenario '{shock['scenario']}' has no instrument"
            yield Fault("shocks.csv", line, "scenario", message, "add the shock's measures to instruments.csv")
        if shock["start"] is not None and shock["calibrate_on"] >= shock["start"].year:
            message = f"{shock['calibrate_on']} is not before the shock of {shock['start']}"
            yield Fault("shocks.csv", line, "calibrate_on", message, "a prediction rests on an earlier year")
