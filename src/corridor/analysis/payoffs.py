"""What a side's gains change: the payoffs of games between countries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from corridor.result import Result

__all__ = ["Change", "changes_of", "split_gains"]


@dataclass(frozen=True)
class Change:
    """What a side's gains change against no measure, million USD over the calendar."""

    total: float
    producers: float
    """producers, processing, storage, owners of links and of capacity"""
    consumers: float
    government: float
    per_cent_of_gdp: float | None
    """of the gross domestic product over the calendar; None where the case has none"""


def split_gains(result: Result) -> pd.Series[float]:
    """Gains by country and part: producers, consumers or government, million USD over the calendar."""
    gains = result.gains
    users = set(result.case.tables["demand"]["name"])
    government = gains["party"].str.startswith("government of ")
    # An administered price is money to or from a consumer where its party is one.
    consumers = (gains["role"] == "consumers") | ((gains["role"] == "regulation") & gains["party"].isin(users))
    gains["part"] = np.where(government, "government", np.where(consumers, "consumers", "producers"))
    return gains.groupby(["country", "part"])["value"].sum()


def changes_of(
    result: Result, before: pd.Series[float], sides: tuple[str, str], gdp: tuple[float | None, float | None]
) -> tuple[Change, Change]:
    """What the gains of both sides change against `before`; `gdp` is that of each side over the calendar."""
    difference = split_gains(result).sub(before, fill_value=0.0)

    def change(number: int) -> Change:
        parts = {
            part: float(difference.get((sides[number], part), 0.0)) for part in ("producers", "consumers", "government")
        }
        total, whole = sum(parts.values()), gdp[number]
        return Change(total=total, per_cent_of_gdp=100.0 * total / whole if whole else None, **parts)

    return change(0), change(1)
