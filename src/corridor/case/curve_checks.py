"""Curves of supply and demand that lack what draws them: a price to pass through, a cost, a value where they end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from corridor.case.dated import known_by_date
from corridor.case.parts import parts
from corridor.case.words import where
from corridor.errors import Fault

if TYPE_CHECKING:
    from corridor.case.model import Case
    from corridor.case.words import Rows

__all__ = ["curve_faults", "unpriced_supply_faults"]


def curve_faults(case: Case, rows: Rows) -> Iterator[Fault]:
    """Faults of single curves."""
    yield from _supply_faults(case, rows)
    yield from _demand_faults(case, rows)


def unpriced_supply_faults(case: Case, rows: Rows) -> Iterator[Fault]:
    """Elastic supplies with no price at all: none told, no avoidable cost, and no calibration that could find one."""
    supply = case.tables["supply"]
    cost, price = (supply[name].to_numpy(dtype=float) for name in ("avoidable_cost", "price"))
    elasticity = np.fmin(*(supply[name].to_numpy(dtype=float) for name in ("elasticity_short", "elasticity_long")))
    levels, known = case.tables["levels"], known_by_date(case)
    found = set(levels.loc[levels["table"] == "supply", "id"])
    observed = set(case.tables["observations"]["good"]) if case.settings.calibration else set()
    calibrated = {good for part in parts(case) if set(part) & observed for good in part}
    # Below an elasticity of one a missing avoidable cost is a fault of its own.
    for position in where(np.isnan(cost) & np.isnan(price) & (elasticity >= 1)):
        name, good = supply["id"].iloc[position], supply["good"].iloc[position]
        if name not in found and good not in calibrated and ("supply", name, "price") not in known:
            message = (
                f"'{name}' answers to prices, but its own is not known, and no observation of '{good}' could tell it"
            )
            remedy = "give the price at the gate, or the avoidable cost"
            yield Fault("supply.csv", int(rows("supply")[position]), "price", message, remedy)


def _supply_faults(case: Case, rows: Rows) -> Iterator[Fault]:
    """Supply curves with negative or unknown marginal cost, and spare output that no price calls.

    MC(q) = max(avoidable, p0 + p0 (q - q0) / (elasticity q0)): without an avoidable cost it starts at
    p0 (1 - 1 / elasticity), which is negative for every elasticity below one.
    """
    supply = case.tables["supply"]
    cost, price = (supply[name].to_numpy(dtype=float) for name in ("avoidable_cost", "price"))
    short, long = (supply[name].to_numpy(dtype=float) for name in ("elasticity_short", "elasticity_long"))
    steepest = np.fmin(short, long)
    for position in where((supply["spare"].to_numpy(dtype=float) > 0) & (short == 0)):
        message = f"'{supply['id'].iloc[position]}' has spare output but no elasticity, so no price would call it"
        remedy = "give elasticity_short, or write what it has at its avoidable cost into quantity"
        yield Fault("supply.csv", int(rows("supply")[position]), "spare", message, remedy)
    for position in where(np.isnan(cost) & (steepest < 1)):
        name, row = supply["id"].iloc[position], int(rows("supply")[position])
        if steepest[position] == 0:
            message = f"'{name}' produces what is available at its avoidable cost, which is not known"
        else:
            message = (
                f"the supply curve of '{name}' has negative marginal cost: elasticity below 1 and no avoidable cost"
            )
        yield Fault("supply.csv", row, "avoidable_cost", message, "give the lifting cost, or an assumption")
    for position in where(price < cost):
        message = f"the price of '{supply['id'].iloc[position]}' is below its avoidable cost, so it would stand still"
        remedy = "the price at the gate is at least the avoidable cost; check both, and their unit"
        yield Fault("supply.csv", int(rows("supply")[position]), "price", message, remedy)


def _demand_faults(case: Case, rows: Rows) -> Iterator[Fault]:
    """Demand curves without the price that they pass through, or without the value at which a rigid demand gives up.

    P(q) = min(V, p0 + p0 (q - q0) / (elasticity q0)): calibration moves p0, but needs one to move.
    """
    demand, known = case.tables["demand"], known_by_date(case)
    price, value = (demand[name].to_numpy(dtype=float) for name in ("price", "unserved_value"))
    short, long = (demand[name].to_numpy(dtype=float) for name in ("elasticity_short", "elasticity_long"))
    steepest, flattest = np.fmin(short, long), np.fmax(short, long)
    for position in where((steepest < 0) & ~(price > 0)):
        name = demand["id"].iloc[position]
        if ("demand", name, "price") not in known:
            told = "0" if price[position] == 0 else "not known"
            message = f"'{name}' answers to prices (elasticity {steepest[position]:g}), but its own price is {told}"
            remedy = "give the price at which it takes its quantity, or elasticity 0 and an unserved_value"
            yield Fault("demand.csv", int(rows("demand")[position]), "price", message, remedy)
    for position in where((flattest == 0) & np.isnan(value)):
        name = demand["id"].iloc[position]
        if ("demand", name, "unserved_value") not in known:
            message = f"'{name}' takes its quantity at any price, and what going without costs it is not known"
            remedy = "give unserved_value, or an elasticity and a price"
            yield Fault("demand.csv", int(rows("demand")[position]), "unserved_value", message, remedy)
