"""Everything that is solved for one investment question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.analysis.invest_rows import (
    FrontierPoint,
    Payment,
    Planned,
    Sensitivity,
    YearRow,
    effects_of,
    payments,
    per_point,
    utilised,
    yearly_cost,
)
from corridor.analysis.invest_told import Invest, Wanted
from corridor.analysis.invest_words import sentence, undefended, unreachable
from corridor.analysis.plan_answer import answered
from corridor.analysis.plan_closures import Closures
from corridor.analysis.plan_evidence import plan_assumptions, plan_sources
from corridor.analysis.planner import Planner, Potential
from corridor.analysis.projects import capital_recovery
from corridor.analysis.share import measure
from corridor.analysis.world import percent
from corridor.errors import InfeasibleError, SolverError
from corridor.solver import InfeasibleProgram

if TYPE_CHECKING:
    from corridor.analysis.plan_answer import Answered
    from corridor.analysis.plan_closures import Loss
    from corridor.analysis.plan_program import Row
    from corridor.analysis.plan_years import PlanYear, Years
    from corridor.analysis.planner import Decided
    from corridor.case import Case

__all__ = ["Search"]

POINTS = 6
"""Points of the frontier between the share without a limit and the lowest."""
FACTORS = (0.5, 1.0, 1.5, 2.0)
"""Capital costs that are tried."""
MEASURED = 1e-4
"""A share measured unit by unit may pass the limit by so much."""
ROUNDS = 4
STANDING = 30
"""Most rounds in which rows against closures are added."""
TRIED = 12
"""Plans of whole projects that are tried for a point of the frontier, or another cost of building."""
APART = 1e-3
"""Points of the frontier are further apart than this."""


class Search:
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
        self.stands: list[Row] = []
        self.closures = [Closures(self.planner, m) for m in self.limited] if wanted.max_loss is not None else []
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
        rows = self._year_rows(answers, plan)
        self.tell("the frontier")
        frontier = self._frontier(lowest, plan)
        self.tell("how the plan changes with the cost of building")
        sensitivity = self._sensitivity(plan, limit)
        self.tell("each project by itself")
        found = Invest(
            question=self.asked,
            max_share=self.max_share,
            max_loss=self.wanted.max_loss,
            by=self.by,
            plan=planned,
            build_cost=sum(p.build_cost for p in planned),
            build_cost_discounted=sum(p.discounted for p in planned),
            system_cost=max(0.0, plan.cost - self.reference.cost),
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
            sources=plan_sources(self.years.part, [p.id for p in self.years.projects]),
            assumed=plan_assumptions(self.years.part, [p.id for p in self.years.projects]),
            result=here.result,
        )
        return replace(found, sentence=sentence(self.case, found))

    def _rows(self, limit: float | None) -> list[Row]:
        rows = [] if limit is None else [self.planner.limit_row(m, limit) for m in self.limited]
        rows += self.stands
        if not self.allow_cuts and rows:
            rows += [self.planner.kept_row(m, floor) for m, floor in enumerate(self.floors)]
        return rows

    def _plan(self, lowest: float) -> tuple[Decided, float | None]:
        """The plan, and the limit in the program under which the share as measured is what was asked."""
        if self.max_share is None:
            return (self.reference if self.wanted.max_loss is None else self._standing(None, lowest)), None
        limit, measured = self.max_share, 1.0
        for _ in range(ROUNDS):
            plan = self._standing(limit, lowest)
            measured = self._measured(plan, limit)
            if measured <= self.max_share + MEASURED:
                return plan, limit
            limit *= self.max_share / measured
        raise SolverError(f"the share counted at the border and the share measured do not meet: {measured:g}")

    def _standing(self, limit: float | None, lowest: float) -> Decided:
        """The cheapest plan that keeps the limit and, where it is asked, stands every single closure."""
        for _ in range(STANDING):
            try:
                plan = self.planner.decide(self._rows(limit))
            except InfeasibleProgram:
                raise InfeasibleError(self._why_not(lowest)) from None
            fresh = [row for told in self._losses(plan, self.wanted.max_loss or 0.0) for row in told[1]]
            if not fresh:
                return plan
            self.stands += fresh
        raise SolverError(f"no plan that stands every closure was found in {STANDING} rounds")

    def _losses(self, plan: Decided, most: float) -> list[tuple[Loss, tuple[Row, ...]]]:
        """Of each limited year the worst closure and rows against those that lose too much; nothing where not asked."""
        return [
            closures.worst(plan.builds, self.floors[m], most + MEASURED)
            for m, closures in zip(self.limited, self.closures, strict=False)
        ]

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
        if self.closures:
            every = replace(self.reference, builds=np.ones(len(self.planner.program.builds)))
            for m, (loss, _) in zip(self.limited, self._losses(every, 1.0), strict=True):
                if self.wanted.max_loss is not None and loss.share > self.wanted.max_loss:
                    year = self.planner.markets[m].year
                    return undefended(self.case, self.asked, self.wanted.max_loss, year, loss.closure, loss.share)
        if self.max_share is None:
            return f"no plan keeps the loss of every single closure at {percent(self.wanted.max_loss or 0.0)}"
        holds = self.potential.binding(self.potential.able)
        year, share = self.by, lowest
        for m in self.limited[1:]:
            other = Potential(self.planner, m, self.unbuilt[m].volume)
            least = other.least(other.able)
            if least > share:
                year, share, holds = self.planner.markets[m].year, least, other.binding(other.able)
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

    def _year_rows(self, answers: Sequence[Answered], plan: Decided) -> tuple[YearRow, ...]:
        found = []
        losses = dict(zip(self.limited, (loss for loss, _ in self._losses(plan, 1.0)), strict=False))
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
                    worst_loss=losses[m].share if m in losses else None,
                    worst_closure=losses[m].closure if m in losses else "",
                )
            )
        return tuple(found)

    def _payments(self, plan: Decided, here: Answered, row: YearRow) -> tuple[Payment, ...]:
        if self.wanted.payer is None:
            return ()
        return payments(
            self.unbuilt[self.at],
            here,
            shippers=self.asked.of,
            payer=self.wanted.payer,
            yearly=yearly_cost(self.years, self.planner.works(plan, self.at)),
            support=row.support,
        )

    def _frontier(self, lowest: float, plan: Decided) -> tuple[FrontierPoint, ...]:
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
        for share in sorted(set(shares)):
            if found and share < found[-1].share + APART:
                continue
            try:
                if share == self.max_share:
                    told = plan
                else:
                    told = self.reference if share >= highest else self.planner.decide(self._rows(share), most=TRIED)
            except InfeasibleProgram:
                continue
            planned = self._planned(told)
            point = FrontierPoint(
                cost=max(0.0, told.cost - self.reference.cost),
                share=max(self.planner.share(told.primal, m) for m in self.limited),
                build_cost=sum(p.build_cost for p in planned),
                plan=planned,
                error=told.error,
            )
            # What keeps a lower share keeps a higher one too.
            if not found or point.cost <= found[-1].cost:
                found.append(point)
        return tuple(reversed(found))

    def _sensitivity(self, plan: Decided, limit: float | None) -> tuple[Sensitivity, ...]:
        own = {p.expansion for p in self._planned(plan)}
        found = []
        for factor in FACTORS:
            told = (
                plan if factor == 1.0 else self.planner.decide(self._rows(limit), capital=factor, like=plan, most=TRIED)
            )
            planned = self._planned(told)
            names = {p.expansion for p in planned}
            apart = float(np.abs(self._fractions(told) - self._fractions(plan)).max(initial=0.0))
            found.append(
                Sensitivity(
                    factor,
                    names == own,
                    apart,
                    tuple(sorted(names - own)),
                    tuple(sorted(own - names)),
                    factor * sum(p.build_cost for p in planned),
                )
            )
        return tuple(found)

    def _fractions(self, plan: Decided) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        """How much of each project is built in all, shape (projects,)."""
        owner = np.array([p for p, _ in self.planner.program.builds], dtype=int)
        return np.bincount(owner, weights=plan.builds, minlength=len(self.planner.program.projects)).astype(float)

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
