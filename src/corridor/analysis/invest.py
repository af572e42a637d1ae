"""Which investments buy most independence per dollar; the cheapest plan that keeps a share below a limit by a year.

Definition: design section 6. What can be built stands in expansions, what the years bring in projections; the plan is the one
that costs the whole system least (docs/background/investing.md).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.analysis.invest_rows import (
    Effect,
    FrontierPoint,
    Payment,
    PerPoint,
    Planned,
    Sensitivity,
    Utilised,
    YearRow,
    effects_of,
    payments,
    per_point,
    utilised,
    yearly_cost,
)
from corridor.analysis.invest_words import sentence, unreachable
from corridor.analysis.plan_answer import answered
from corridor.analysis.plan_share import Question
from corridor.analysis.plan_years import Years
from corridor.analysis.planner import Planner, Potential
from corridor.analysis.projects import capital_recovery, projects_of
from corridor.analysis.share import measure
from corridor.analysis.world import must_have, must_have_country
from corridor.calibration import calibrate
from corridor.case import part_of
from corridor.errors import InfeasibleError, QuestionError, SolverError
from corridor.network import Distinction, Instrument, goods_touched, instruments_of
from corridor.solver import InfeasibleProgram

if TYPE_CHECKING:
    from corridor.analysis.plan_answer import Answered
    from corridor.analysis.plan_program import Row
    from corridor.analysis.plan_years import PlanYear
    from corridor.analysis.planner import Decided
    from corridor.case import Case
    from corridor.result import Result

__all__ = ["Invest", "invest"]

POINTS = 6
"""Points of the frontier between the share without a limit and the lowest."""
FACTORS = (0.5, 1.0, 1.5, 2.0)
"""Capital costs that are tried."""
MEASURED = 1e-4
"""A share measured unit by unit may pass the limit by so much."""
ROUNDS = 4
HOLDS = 0.01
"""A plan holds if no fraction changes by more."""
APART = 1e-3
"""Points of the frontier are further apart than this."""


@dataclass(frozen=True)
class Wanted:
    """What a plan is asked for."""

    question: Question
    max_share: float | None
    by: int
    allow_cuts: bool = False
    payer: str | None = None


@dataclass(frozen=True)
class Invest:
    """The answer to an investment question. Money in million USD of the case's price year, present values in the base year."""

    question: Question
    max_share: float | None
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
    result: Result | None = field(default=None, repr=False, compare=False)
    """the year asked about, under the plan"""


def invest(
    case: Case,
    *,
    good: str,
    of: str,
    through: str | None = None,
    partner: str | None = None,
    max_share: float | None = None,
    by: int | None = None,
    direction: str = "exports",
    over: str = "trade",
    slice_: str = "",
    allow_cuts: bool = False,
    payer: str | None = None,
    whole: bool | None = None,
    expansions: Collection[str] = (),
    scenario: str = "base",
    with_: Instrument | Iterable[Instrument] = (),
    tell: Callable[[str], None] = lambda _: None,
) -> Invest:
    """The cheapest plan under which at most `max_share` of a country's trade in a good goes through a country, from `by` on.

    `through` or `partner` and `direction`, `over` are those of `share`; `slice_` limits it in one slice of the hours. Without
    `max_share` the plan is what pays by itself. Exports (of imports: the country's use) stay at least what they are without
    the limit, unless `allow_cuts`. `whole` True builds projects wholly or not at all, False in fractions, None as the case
    says; `expansions` names projects to choose among, else all that widen what carries, makes or uses the good. `payer` is the
    country that pays for building and support.
    Raises `QuestionError` for a question that the case cannot be asked, `InfeasibleError` where no plan keeps the limit.
    """
    added = (with_,) if isinstance(with_, Instrument) else tuple(with_)
    asked = _asked(case, good, of, through, partner, direction, over, slice_)
    if max_share is not None and not 0 <= max_share <= 1:
        raise QuestionError(f"the share is between 0 and 1, as in --max-share 0.6, not {max_share:g}")
    if payer is not None:
        must_have_country(case, [payer])
    touched = (*added, *(i for i in instruments_of(case, scenario) if i.scenarios))
    part = calibrate(part_of(case, {good, *(goods_touched(case, touched) if touched else ())}))
    projects = projects_of(part, good, expansions, whole=whole)
    if not projects:
        raise QuestionError(f"{case.name} has no expansion that widens what carries {good}: add rows to expansions.csv")
    track = [Distinction(good, frozenset({of}))]
    track += [Distinction(good, frozenset({asked.what}))] if direction == "imports" else []
    years = Years(part, scenario, added, track, projects)
    planned = years.planning.years[1:]
    by = planned[-1] if by is None else by
    if by not in planned:
        raise QuestionError(f"by is a planning year of the case: {', '.join(map(str, planned))}, not {by}")
    tell("solving the planning years without projects")
    base = years.unbuilt(years.planning.years[0])
    markets = [years.unbuilt(year) for year in planned]
    wanted = Wanted(asked, max_share, by, allow_cuts, payer)
    return _Search(case, years, base, markets, wanted, tell).answer()


def _asked(
    case: Case, good: str, of: str, through: str | None, partner: str | None, direction: str, over: str, slice_: str
) -> Question:
    must_have(case, "goods", good, "good")
    given = {how: what for how, what in (("through", through), ("partner", partner)) if what}
    if len(given) != 1:
        raise QuestionError("a plan limits what goes through a country or what a partner sends or takes: give one")
    how, what = next(iter(given.items()))
    must_have_country(case, [of, what])
    if of == what:
        raise QuestionError(f"a share of {of}'s trade {how} {of} itself is no question: give another country")
    for name, value, allowed in (
        ("direction", direction, ("exports", "imports")),
        ("over", over, ("trade", "use")),
    ):
        if value not in allowed:
            raise QuestionError(f"{name} is {' or '.join(allowed)}, not {value!r}")
    return Question(good, of, how, what, direction, over, slice_)


class _Search:
    """Everything that is solved for one question."""

    def __init__(
        self,
        case: Case,
        years: Years,
        base: PlanYear,
        markets: Sequence[PlanYear],
        wanted: Wanted,
        tell: Callable[[str], None],
    ) -> None:
        self.case, self.years, self.base, self.wanted, self.tell = case, years, base, wanted, tell
        asked = self.asked = wanted.question
        self.max_share, self.by, self.allow_cuts = wanted.max_share, wanted.by, wanted.allow_cuts
        self.planner = Planner(years, markets, asked)
        self.at = next(m for m, market in enumerate(markets) if market.year == wanted.by)
        self.limited = tuple(range(self.at, len(markets)))
        self.unbuilt = [answered(years, market, {}, asked) for market in markets]

    def answer(self) -> Invest:
        """The plan and all that is told beside it."""
        self.tell("what pays by itself")
        self.reference = self.planner.decide([])
        self.floors = [self.planner.kept(self.reference.primal, m) for m in range(len(self.planner.markets))]
        self.potential = Potential(self.planner, self.at, self.unbuilt[self.at].volume)
        lowest = self.potential.least(self.potential.able)
        self.tell("the plan")
        plan, limit = self._plan(lowest)
        answers = self._answers(plan, limit)
        here, before = answers[self.at], self.unbuilt[self.at]
        planned = self._planned(plan)
        rows = self._year_rows(answers)
        self.tell("the frontier")
        frontier = self._frontier(lowest)
        self.tell("how the plan changes with the cost of building")
        sensitivity = self._sensitivity(plan, limit)
        self.tell("each project by itself")
        found = Invest(
            question=self.asked,
            max_share=self.max_share,
            by=self.by,
            plan=planned,
            build_cost=sum(p.build_cost for p in planned),
            build_cost_discounted=sum(p.discounted for p in planned),
            system_cost=max(0.0, plan.cost - self.reference.cost) if self.max_share is not None else 0.0,
            yearly_support=rows[self.at].support,
            share_now=answered(self.years, self.base, {}, self.asked).share,
            share_before=before.share,
            share_unlimited=self.planner.share(self.reference.primal, self.at),
            share_after=here.share,
            lowest_share=lowest,
            years=rows,
            utilisation=utilised(self.years, answers, [self.planner.works(plan, m) for m in range(len(answers))]),
            frontier=frontier,
            dollars_per_point=per_point(self.planner.program.projects, self.potential, self.max_share),
            sensitivity=sensitivity,
            effects=effects_of(self.years, self.planner.markets[self.at], self.potential.able, self.asked),
            payer=self._payments(plan, here, rows[self.at]),
            price_year=self.case.settings.price_year,
            allow_cuts=self.allow_cuts,
            error=max(plan.error, self.reference.error),
            unit=here.result.network.good_unit[here.result.network.goods.index(self.asked.good)],
            kept_values=_unprojected(self.years.part, self.asked.good),
            warnings=self._warnings(),
            result=here.result,
        )
        return replace(found, sentence=sentence(self.case, found))

    def _rows(self, limit: float | None) -> list[Row]:
        rows = [] if limit is None else [self.planner.limit_row(m, limit) for m in self.limited]
        if not self.allow_cuts and limit is not None:
            rows += [self.planner.kept_row(m, floor) for m, floor in enumerate(self.floors)]
        return rows

    def _plan(self, lowest: float) -> tuple[Decided, float | None]:
        """The plan, and the limit in the program under which the share as measured is what was asked."""
        if self.max_share is None:
            return self.reference, None
        limit, measured = self.max_share, 1.0
        for _ in range(ROUNDS):
            try:
                plan = self.planner.decide(self._rows(limit))
            except InfeasibleProgram:
                raise InfeasibleError(self._why_not(lowest)) from None
            measured = self._measured(plan, limit)
            if measured <= self.max_share + MEASURED:
                return plan, limit
            limit *= self.max_share / measured
        raise SolverError(f"the share counted at the border and the share measured do not meet: {measured:g}")

    def _measured(self, plan: Decided, limit: float) -> float:
        """The highest share of the limited years, unit by unit; slices only as counted."""
        if self.asked.slice:
            return 0.0
        found = 0.0
        for m in self.limited:
            q, told = self.asked, self._answer(plan, m, limit)
            share = measure(told.result, q.good, q.of, q.how, q.what, q.direction, q.over, "contractual", None)
            found = max(found, share.value)
        return found

    def _answer(self, plan: Decided, m: int, limit: float | None) -> Answered:
        market = self.planner.markets[m]
        floor = None if self.allow_cuts or limit is None else self.floors[m]
        return answered(
            self.years,
            market,
            self.planner.works(plan, m),
            self.asked,
            limit if m in self.limited else None,
            floor,
        )

    def _answers(self, plan: Decided, limit: float | None) -> list[Answered]:
        return [self._answer(plan, m, limit) for m in range(len(self.planner.markets))]

    def _why_not(self, lowest: float) -> str:
        holds = self.potential.binding(self.potential.able)
        year, share = self.by, lowest
        for m in self.limited[1:]:
            other = Potential(self.planner, m, self.unbuilt[m].volume)
            least = other.least(other.able)
            if least > share:
                year, share, holds = self.planner.markets[m].year, least, other.binding(other.able)
        assert self.max_share is not None  # noqa: S101 (without a limit there is always a plan)
        return unreachable(self.case, self.asked, self.max_share, year, share, holds, allow_cuts=self.allow_cuts)

    def _planned(self, plan: Decided) -> tuple[Planned, ...]:
        found = []
        for (p, m), fraction in zip(self.planner.program.builds, plan.builds, strict=True):
            if fraction > 0:
                project, year = self.planner.program.projects[p], self.planner.markets[m].year
                found.append(
                    Planned(
                        project.id,
                        year,
                        float(fraction),
                        float(fraction) * project.capital,
                        float(fraction) * capital_recovery(project, year, self.years.planning),
                    )
                )
        return tuple(sorted(found, key=lambda row: (row.year, -row.build_cost)))

    def _year_rows(self, answers: Sequence[Answered]) -> tuple[YearRow, ...]:
        found = []
        for m, (told, market) in enumerate(zip(answers, self.planner.markets, strict=True)):
            before = self.reference.primal[self.planner.program.columns(m)]
            counted = self.planner.counts[m]
            # What goes another way than without the limit is what has to be paid for.
            moved = float((counted.numerator * before).sum()) - told.numerator
            moved = max(0.0, moved - max(0.0, self.floors[m] - told.volume) * self.unbuilt[m].share)
            avoiding = told.denominator - told.numerator
            found.append(
                YearRow(
                    year=market.year,
                    stands_for=market.span,
                    volume_before=self.unbuilt[m].volume,
                    volume=told.volume,
                    share_before=self.unbuilt[m].share,
                    share=told.share,
                    support_per_unit=told.support,
                    moved=moved,
                    support=told.support * moved,
                    support_on_all=told.support * avoiding,
                    kept_per_unit=told.kept,
                )
            )
        return tuple(found)

    def _payments(self, plan: Decided, here: Answered, row: YearRow) -> tuple[Payment, ...]:
        if self.wanted.payer is None:
            return ()
        return payments(
            self.unbuilt[self.at].result,
            here.result,
            shippers=self.asked.of,
            payer=self.wanted.payer,
            yearly=yearly_cost(self.years, self.planner.works(plan, self.at)),
            support=row.support,
        )

    def _frontier(self, lowest: float) -> tuple[FrontierPoint, ...]:
        highest = max(self.planner.share(self.reference.primal, m) for m in self.limited)
        floor = max(
            [lowest]
            + [p.least(p.able) for p in (Potential(self.planner, m, self.unbuilt[m].volume) for m in self.limited[1:])]
        )
        shares = [highest - (highest - floor) * step / POINTS for step in range(POINTS)]
        # At the very lowest share nothing has any room left, which solvers are bad at.
        shares.append(floor + APART * (highest - floor))
        if self.max_share is not None and floor < self.max_share < highest:
            shares = [share for share in shares if abs(share - self.max_share) > APART]
            shares.append(self.max_share)
        found: list[FrontierPoint] = []
        for share in sorted(set(shares), reverse=True):
            if found and share > found[-1].share - APART:
                continue
            try:
                told = self.reference if share >= highest else self.planner.decide(self._rows(share))
            except InfeasibleProgram:
                continue
            planned = self._planned(told)
            found.append(
                FrontierPoint(
                    cost=max(0.0, told.cost - self.reference.cost),
                    share=max(self.planner.share(told.primal, m) for m in self.limited),
                    build_cost=sum(p.build_cost for p in planned),
                    plan=planned,
                )
            )
        return tuple(found)

    def _sensitivity(self, plan: Decided, limit: float | None) -> tuple[Sensitivity, ...]:
        own = {p.expansion for p in self._planned(plan)}
        found = []
        for factor in FACTORS:
            told = plan if factor == 1.0 else self.planner.decide(self._rows(limit), capital=factor)
            planned = self._planned(told)
            apart = float(np.abs(told.builds - plan.builds).max(initial=0.0))
            names = {p.expansion for p in planned}
            found.append(
                Sensitivity(
                    factor,
                    apart <= HOLDS,
                    tuple(sorted(names - own)),
                    tuple(sorted(own - names)),
                    factor * sum(p.build_cost for p in planned),
                )
            )
        return tuple(found)

    def _warnings(self) -> tuple[str, ...]:
        found = []
        for market in (self.base, *self.planner.markets):
            stage = market.result.stages[-1]
            if market.gave_way:
                found.append(
                    f"{market.year}: with nothing built these cannot all be kept and give way: {', '.join(market.gave_way)}"
                )
            if not stage.assumed.nothing:
                found.append(
                    f"{market.year}: duties ad valorem and rising average costs stand as they are with nothing built"
                )
        return tuple(found)


def _unprojected(part: Case, good: str) -> int:
    """Figures of supply and demand of a good that keep the value of the base year."""
    told = set(part.tables["projections"]["target"])
    return sum(
        row not in told
        for table in ("supply", "demand")
        for row, of in zip(part.tables[table]["id"], part.tables[table]["good"], strict=True)
        if of == good
    )
