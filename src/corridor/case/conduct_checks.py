"""Sellers of conduct.csv: do their countries make the good, and are their markets there?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from corridor.case.records import records
from corridor.case.words import did_you_mean
from corridor.errors import Fault

if TYPE_CHECKING:
    from corridor.case.model import Case
    from corridor.case.words import Rows

__all__ = ["conduct_faults"]


def conduct_faults(case: Case, rows: Rows) -> Iterator[Fault]:
    """Countries without the good, and markets that are neither a country that buys it nor a demand for it."""
    where = dict(zip(case.tables["nodes"]["id"], case.tables["nodes"]["country"], strict=True))
    demand = case.tables["demand"]
    made = case.tables["process_goods"]
    at = dict(zip(case.tables["processes"]["id"], case.tables["processes"]["node"], strict=True))
    for line, row in zip(rows("conduct"), records(case.tables["conduct"]), strict=True):
        good, place = row["good"], ("conduct.csv", int(line))
        supply = case.tables["supply"]
        makers = {where[n] for n in supply.loc[supply["good"] == good, "node"]}
        makers |= {where[at[p]] for p in made.loc[(made["good"] == good) & (made["amount"] > 0), "process"]}
        bought = demand[demand["good"] == good]
        markets = {*bought["id"], *(where[n] for n in bought["node"])}
        if not row["countries"]:
            yield Fault(*place, "countries", "a seller of no country", "name those whose producers sell as one")
        for column, known, what in (
            ("countries", makers, f"nobody in '{{}}' makes {good}"),
            ("markets", markets, f"'{{}}' is neither a demand for {good} nor a country with one"),
        ):
            for name in row[column]:
                if name not in known:
                    remedy = did_you_mean(name, known, "did you mean '{}'?") or f"there are {', '.join(sorted(known))}"
                    yield Fault(*place, column, what.format(name), remedy)
