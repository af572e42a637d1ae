"""A good cut out of its part of a case, so that thousands of variations of it are quick; what that leaves out is said.

The network of the cut has the good, what its own group ties to it, one step for the whole calendar and no stocks. What
processes of other goods take from it and give to it stays as in the base result; what other goods its own processes use
or make is bought and sold at the base's prices.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.analysis import mean_prices
from corridor.case import groups_of, records
from corridor.case.make import complete_table
from corridor.case.parts import restricted, table_ties
from corridor.sweep.plan import by_year

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridor.case import Case
    from corridor.result import Result

__all__ = ["LEFT_OUT", "apart", "own_goods"]

LEFT_OUT = (
    "annual network: one step for the year, no stocks, no months, measures known from the start",
    "each good apart: what other goods take from it and give to it stays as it is",
)
WORTH = 10.0
"""Value of unserved use by processes of other goods, as a multiple of the price: they hardly go without; assumed."""


def own_goods(case: Case, good: str) -> tuple[str, ...]:
    """A good and those of its group that a process, a capacity or an instrument ties to it."""
    group = next(goods for goods in groups_of(case).values() if good in goods)
    found = {good}
    links = [set(tied) & set(group) for tied in table_ties(case)]
    while more := {g for tied in links if tied & found for g in tied} - found:
        found |= more
    return tuple(g for g in case.tables["goods"]["id"] if g in found)


def apart(base: Result, good: str) -> Case:
    """The good cut out of the case of a base result, on its annual network."""
    case = base.case
    goods = frozenset(own_goods(case, good))
    tables = restricted(case, goods)
    price = _prices(base)
    activity = dict(zip(base.network.processes.ids, _mean(base, base.reading.activity), strict=True))
    node = dict(zip(case.tables["processes"]["id"], case.tables["processes"]["node"], strict=True))
    kept = set(tables["processes"]["id"])
    beside: dict[str, float] = {}
    demand: list[dict[str, Any]] = []
    supply: list[dict[str, Any]] = []
    for row in records(case.tables["process_goods"]):
        process, other, amount = row["process"], row["good"], float(row["amount"])
        worth = price.get((node[process], other), 0.0)
        if process in kept and other not in goods:
            beside[process] = beside.get(process, 0.0) - amount * worth
        elif process not in kept and other in goods and activity[process] > 0:
            side = supply if amount > 0 else demand
            side.append(_fixed(process, node[process], other, abs(amount) * activity[process], worth, made=amount > 0))
    told = tables["process_goods"]
    tables["process_goods"] = told[told["good"].isin(goods)].reset_index(drop=True)
    tables["processes"] = _with_costs(tables["processes"], beside)
    for name, rows in (("supply", supply), ("demand", demand)):
        if rows:
            import pandas as pd

            tables[name] = pd.concat([tables[name], complete_table(name, rows)], ignore_index=True)
    gone = set(case.tables["processes"]["id"]) - kept
    for name in ("observations", "instruments"):
        tables[name] = tables[name][~tables[name]["target"].isin(gone)].reset_index(drop=True)
    for name in ("wedges", "preferences", "levels"):
        tables[name] = case.tables[name].iloc[:0]
    settings = replace(
        case.settings,
        headline=tuple(q for q in case.settings.headline if q["good"] in goods),
        groups={key: g for key, g in case.settings.groups.items() if key in set(tables["goods"]["group"])},
    )
    return by_year(case.with_tables(settings, **tables))


def _fixed(process: str, node: str, good: str, quantity: float, price: float, *, made: bool) -> dict[str, Any]:
    """What a process of another good takes or gives, as a demand or a supply that does not answer to prices."""
    row = {"id": process, "name": process, "node": node, "good": good, "quantity": quantity, "confidence": "high"}
    if made:
        return {**row, "avoidable_cost": 0.0, "elasticity_short": 0.0}
    return {**row, "price": price, "unserved_value": WORTH * max(price, 1e-9), "elasticity_short": 0.0}


def _with_costs(processes: Any, beside: Mapping[str, float]) -> Any:
    cost = processes["cost"].to_numpy(dtype=np.float64, copy=True)
    cost += np.array([beside.get(name, 0.0) for name in processes["id"]])
    return processes.assign(cost=cost)


def _prices(base: Result) -> dict[tuple[str, str], float]:
    """(node, good) -> mean price over the calendar where anything passes."""
    keys, prices, _ = mean_prices(base)
    with np.errstate(invalid="ignore"):
        there = np.isfinite(prices)
        mean = np.where(there, prices, 0.0).sum(axis=0) / np.maximum(there.sum(axis=0), 1)
    return {key: float(value) for key, value in zip(keys, mean, strict=True)}


def _mean(base: Result, rate: Any) -> Any:
    years = base.network.years
    return (years @ rate) / years.sum()
