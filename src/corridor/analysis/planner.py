"""Solves plans: with a limit or without, at other capital costs, all or nothing where projects are whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from corridor.analysis.plan_program import PlanProgram, Row
from corridor.analysis.plan_share import Counted, count
from corridor.formulation import piecewise
from corridor.solver import InfeasibleProgram, WarmProgram, solve_program

if TYPE_CHECKING:
    from corridor.analysis.plan_share import Question
    from corridor.analysis.plan_years import PlanYear, Years
    from corridor.program import Floats, Program

__all__ = ["Decided", "Planner", "Potential"]

SEGMENTS = 20
"""Pieces per curve where projects are whole."""
BUILT = 1e-6
"""A smaller fraction is not built."""
STEPS = 30
"""Most steps of Dinkelbach's iteration."""


@dataclass(frozen=True)
class Decided:
    """A plan and what the whole system costs under it, million USD of present value."""

    primal: Floats
    cost: float
    """of markets and projects together"""
    builds: Floats
    """fraction of each decision"""
    error: float = 0.0
    """no plan of whole projects costs less by more than this; 0 where fractions are allowed"""


class Planner:
    """The plan program of a question, with its share counted in every year."""

    def __init__(self, years: Years, markets: Sequence[PlanYear], asked: Question) -> None:
        self.years, self.asked = years, asked
        self.program = PlanProgram(years, markets)
        self.markets = self.program.markets
        self.whole = np.array([self.program.projects[p].whole for p, _ in self.program.builds], dtype=bool)
        counts = []
        for m, market in enumerate(self.markets):
            span = self.program.columns(m)
            blocks, net = self.program.blocks[m], self.program.networks[m]
            told = count(market.result.case, net, blocks, span.stop - span.start, asked)
            counts.append(told)
        self.counts: tuple[Counted, ...] = tuple(counts)

    def share(self, primal: Floats, m: int) -> float:
        """The share in a year, as counted."""
        return self.counts[m].share(primal[self.program.columns(m)])

    def kept(self, primal: Floats, m: int) -> float:
        """What a plan must not cut, in a year."""
        return float((self.counts[m].kept * primal[self.program.columns(m)]).sum())

    def limit_row(self, m: int, limit: float) -> Row:
        """numerator - limit * denominator <= 0 in a year."""
        told = self.counts[m]
        spread = self.program.spread(m, told.numerator - limit * told.denominator)
        return Row(f"share_{self.markets[m].year}", spread, -np.inf, 0.0)

    def kept_row(self, m: int, floor: float) -> Row:
        """At least so much exported in a year."""
        # What the market sends of its own accord must not fail by the solver's last digit.
        return Row(
            f"kept_{self.markets[m].year}",
            self.program.spread(m, self.counts[m].kept),
            floor * (1 - 1e-7),
            np.inf,
        )

    def decide(self, rows: Sequence[Row], *, capital: float = 1.0) -> Decided:
        """The cheapest plan under some rows; `capital` multiplies what projects cost to build.

        Raises `InfeasibleProgram` where there is none.
        """
        program = self.program.with_rows(rows)
        if capital != 1.0:
            cost = program.cost.copy()
            cost[self.program.first_build :] = self.program.charges(capital)
            program = replace(program, cost=cost)
        if not self.whole.any():
            solution = solve_program(program)
            return self._decided(solution.primal, solution.objective)
        straight, error = piecewise(self._bounded(program), SEGMENTS)
        integer = np.zeros(len(straight.cost), dtype=bool)
        integer[self.program.first_build : len(program.cost)] = self.whole
        found = solve_program(replace(straight, integer=integer))
        first = self.program.first_build
        fixed = np.where(self.whole, np.round(found.primal[first : len(program.cost)]), np.nan)
        lower, upper = program.lower.copy(), program.upper.copy()
        lower[first:] = np.where(self.whole, fixed, lower[first:])
        upper[first:] = np.where(self.whole, fixed, upper[first:])
        solution = solve_program(replace(program, lower=lower, upper=upper))
        # The pieces lie above the curves by at most `error`, so no plan costs less than found.objective - error.
        return self._decided(solution.primal, solution.objective, solution.objective - found.objective + error)

    def _decided(self, primal: Floats, cost: float, error: float = 0.0) -> Decided:
        builds = primal[self.program.first_build :].copy()
        builds[builds < BUILT] = 0.0
        return Decided(primal, cost, builds, max(0.0, error))

    def _bounded(self, program: Program) -> Program:
        """Bounds for curves without one, so that their pieces are short: twice what the plan of fractions uses."""
        curved = (program.quadratic > 0) & ~np.isfinite(program.upper)
        if not curved.any():
            return program
        relaxed = solve_program(program).primal
        reach = np.maximum(2.0 * relaxed, np.abs(program.cost) / np.where(curved, program.quadratic, 1.0))
        return replace(program, upper=np.where(curved, np.maximum(reach, 1.0), program.upper))

    def works(self, decided: Decided, m: int) -> dict[str, float]:
        """Fraction of each project that works in a year, those that do."""
        primal = np.concatenate([np.zeros(self.program.first_build), decided.builds])
        found = self.program.built(primal, m)
        return {p.id: float(f) for p, f in zip(self.program.projects, found, strict=True) if f > 0}


class Potential:
    """The lowest share that is possible in one year with some projects built, whatever it costs to use them."""

    def __init__(self, planner: Planner, m: int, floor: float | None) -> None:
        one = Planner(planner.years, [planner.markets[m]], planner.asked)
        self._program, self._counted = one.program, one.counts[0]
        self._rows = [] if floor is None else [one.kept_row(0, floor)]
        span = self._program.columns(0)
        self._numerator = self._program.spread(0, self._counted.numerator)
        self._denominator = self._program.spread(0, self._counted.denominator)
        assert span.stop == self._program.first_build  # noqa: S101 (one year: its columns, then the builds)

    @cached_property
    def _warm(self) -> WarmProgram:
        return WarmProgram(self._program.with_rows(self._rows, cost=self._numerator))

    @property
    def able(self) -> frozenset[str]:
        """Projects that can work by then."""
        return frozenset(self._program.projects[p].id for p, _ in self._program.builds)

    def least(self, names: set[str] | frozenset[str], start: float = 1.0) -> float:
        """The lowest share with some projects wholly built; Dinkelbach's iteration (1967)."""
        share, _ = self._least(names, start)
        return share

    def binding(self, names: set[str] | frozenset[str]) -> tuple[str, ...]:
        """Labels of the rows and columns that hold the lowest share where it is."""
        _, duals = self._least(names, 1.0)
        return duals

    def _least(self, names: set[str] | frozenset[str], share: float) -> tuple[float, tuple[str, ...]]:
        builds = np.arange(self._program.first_build, len(self._program.market.cost))
        on = np.array([float(self._program.projects[p].id in names) for p, _ in self._program.builds])
        self._warm.set_column_bounds(builds, on, on)
        for _ in range(STEPS):
            self._warm.set_cost(self._numerator - share * self._denominator)
            solution = self._warm.solve()
            total = float((self._denominator * solution.primal).sum())
            if total <= 0:
                return 0.0, ()
            better = float((self._numerator * solution.primal).sum()) / total
            if better >= share - 1e-9:
                return min(share, better), self._labels(solution.row_dual, solution.column_dual)
            share = better
        return share, ()

    def _labels(self, row_dual: Floats, column_dual: Floats) -> tuple[str, ...]:
        """Ids of links, pools and processes whose capacity holds the share up."""
        program, net = self._program.market, self._program.networks[0]
        found: list[str] = []
        for block in self._program.blocks[0].values():
            if block.name in ("flow", "activity"):
                ids = net.links.ids if block.name == "flow" else net.processes.ids
                full = (column_dual[block.span] < -1e-7) & (program.upper[block.span] > 0)
                found += [ids[i] for i in block.keys[1][full]]
        for row in np.flatnonzero(row_dual[: len(program.row_lower)] < -1e-7):
            label = program.row_label(int(row))
            if label.startswith(("pool_capacity", "link_capacity")):
                found.append(label[:-1].rsplit(",", 1)[1])
        return tuple(dict.fromkeys(found))


def feasible(planner: Planner, rows: Sequence[Row]) -> bool:
    """Whether any plan of fractions satisfies some rows."""
    try:
        solve_program(planner.program.with_rows(rows, cost=np.zeros(len(planner.program.market.cost))))
    except InfeasibleProgram:
        return False
    return True
