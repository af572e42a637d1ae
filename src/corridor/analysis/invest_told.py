"""What an investment question asks, and its answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corridor.analysis.invest_rows import (
        Effect,
        FrontierPoint,
        Payment,
        PerPoint,
        Planned,
        Sensitivity,
        Utilised,
        YearRow,
    )
    from corridor.analysis.plan_share import Question
    from corridor.result import Result

__all__ = ["Invest", "Wanted"]


@dataclass(frozen=True)
class Wanted:
    """What a plan is asked for."""

    question: Question
    max_share: float | None
    max_loss: float | None
    by: int
    allow_cuts: bool = False
    payer: str | None = None


@dataclass(frozen=True)
class Invest:
    """The answer to an investment question. Money in million USD of the case's price year, present values in the base year."""

    question: Question
    max_share: float | None
    max_loss: float | None
    by: int
    plan: tuple[Planned, ...]
    build_cost: float
    """what is built, undiscounted"""
    build_cost_discounted: float
    system_cost: float
    """present value of what the limit costs the whole system: building, keeping and dearer ways, less what they save"""
    yearly_support: float
    """what shippers must be paid in the year asked about to use the ways built, million USD a year"""
    share_now: float
    """of the base year"""
    share_before: float
    """in the year asked about, with nothing built and no limit"""
    share_unlimited: float
    """in that year with what pays by itself, without a limit"""
    share_after: float
    lowest_share: float
    """the lowest that is possible in that year with everything built that can be by then"""
    years: tuple[YearRow, ...]
    utilisation: tuple[Utilised, ...]
    frontier: tuple[FrontierPoint, ...]
    dollars_per_point: tuple[PerPoint, ...]
    sensitivity: tuple[Sensitivity, ...]
    effects: tuple[Effect, ...]
    payer: tuple[Payment, ...]
    price_year: int | None
    allow_cuts: bool
    error: float
    """no plan of whole projects costs the system less by more than this; 0 for fractions"""
    unit: str
    kept_values: int
    """figures of supply and demand of the good that have no projection and keep their value of the base year"""
    sentence: str = ""
    warnings: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    """keys of sources, those of projects and projections included"""
    assumed: tuple[str, ...] = ()
    result: Result | None = field(default=None, repr=False, compare=False)
    """the year asked about, under the plan"""
