"""Types of the body of an `invest` answer; the sentences below fields are their descriptions."""

from __future__ import annotations

from corridor.result.rows import Model, Row

__all__ = ["InvestBody"]


class PlannedRow(Model):
    """A project of a plan."""

    expansion: str
    year: int
    """planning year in which it begins to work"""
    fraction: float
    build_cost: float
    """capital cost of this fraction, undiscounted, million USD of the price year"""
    discounted: float
    """its present value in the base year"""


class YearRow(Model):
    """A planning year without and with the plan. Volumes a year in `unit`, money in million USD."""

    year: int
    stands_for: int
    """years that it stands for"""
    volume_before: float
    """exports (of imports: the country's use) with nothing built and no limit"""
    volume: float
    share_before: float
    share: float
    support_per_unit: float
    """what a unit must be paid to take another way, the capacity built being there; dual of the share limit"""
    moved: float
    """what takes another way than it would without the limit"""
    support: float
    """support_per_unit times moved, a year"""
    support_on_all: float
    """the same if all that avoids the country is paid it"""
    kept_per_unit: float
    """what a unit of exports must be paid so that exports stay up; 0 where they do of their own accord"""
    worst_loss: float | None
    """share of the exports that no way is left for under the worst single closure, with the plan built; null where not asked"""
    worst_closure: str
    """that closure"""


class UtilisedRow(Row):
    """How far a capacity that the plan widens is used; averages of a planning year, in the target's unit a year."""

    expansion: str
    target: str
    year: int
    used: float
    capacity: float | None
    utilisation: float | None


class FrontierRow(Model):
    """The least cost at which the share is so low."""

    cost: float
    """present value of what the limit costs the whole system, million USD"""
    share: float
    build_cost: float
    plan: list[PlannedRow]
    error: float
    """no plan of whole projects keeps this share for less by more than this, million USD; 0 for fractions"""


class PerPointRow(Row):
    """What a percentage point costs with a project and what it needs, by the lowest share that it makes possible."""

    expansion: str
    build_cost: float
    """of it and of all that it needs, million USD"""
    points: float
    """percentage points by itself"""
    dollars_per_point: float | None
    """million USD per percentage point, by itself"""
    order: int | None
    """place in the best order, where at each step the cheapest next point is taken (greedy)"""
    points_then: float | None
    dollars_per_point_then: float | None


class SensitivityRow(Model):
    """The plan where building costs more or less."""

    factor: float
    """of every capital cost"""
    holds: bool
    """the same projects are built"""
    largest_change: float
    """of the fraction of a project"""
    joins: list[str]
    leaves: list[str]
    build_cost: float
    """at these costs"""


class EffectRow(Row):
    """What a project does by itself in the market of the year asked about: no limit, no support."""

    expansion: str
    slice: str
    """slice of the hours; blank: the whole year"""
    share_before: float
    share_after: float | None
    quantity_before: float
    """what counts in the share, as an average rate over the slice, in `unit` a year"""
    quantity_after: float | None


class PaymentRow(Model):
    """What a country gains and pays in the year asked about, million USD a year."""

    country: str
    """blank: nobody's, the unexplained part of route preferences"""
    gains: float
    """change of its gains at market prices, against the same year with nothing built and no limit"""
    pays_capital: float
    """annuities and fixed cost of what works"""
    pays_support: float
    receives_support: float
    net: float


class InvestBody(Model):
    """The cheapest plan, and what it rests on."""

    plan: list[PlannedRow]
    build_cost: float
    """million USD of the price year, undiscounted"""
    build_cost_discounted: float
    """present value in the base year"""
    money_unit: str
    yearly_support: float
    """in the year asked about, million USD a year: apart from building, what shippers must be paid so that they use it"""
    system_cost: float
    """present value of what the limit costs the whole system"""
    share_now: float
    """of the base year"""
    share_before: float
    """in the year asked about, with nothing built and no limit"""
    share_unlimited: float
    """with what pays by itself, without a limit"""
    share_after: float
    lowest_share: float
    """the lowest that is possible in that year with everything built that can work by then, exports kept"""
    by: int
    unit: str
    years: list[YearRow]
    utilisation: list[UtilisedRow]
    frontier: list[FrontierRow]
    dollars_per_point: list[PerPointRow]
    sensitivity: list[SensitivityRow]
    effects: list[EffectRow]
    payer: list[PaymentRow]
    """empty where no payer is asked for"""
    exports_kept: bool
    plan_error: float
    """no plan of whole projects costs the system less by more than this, million USD, as bounds of the solver say; 0 for fractions"""
    figures_not_projected: int
    """figures of supply and demand of the good that keep their value of the base year"""
