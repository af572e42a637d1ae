"""Solves plans: with a limit or without, at other capital costs, all or nothing where projects are whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_matrix, hstack, vstack

from corridor.analysis.plan_program import PlanProgram, Row
from corridor.analysis.plan_share import Counted, count
from corridor.program import Program
from corridor.solver import InfeasibleProgram, WarmProgram, relax, solve_program

if TYPE_CHECKING:
    from corridor.analysis.plan_share import Question
    from corridor.analysis.plan_years import PlanYear, Years
    from corridor.program import Floats, Ints, Solution

__all__ = ["Decided", "Planner", "Potential"]

PROPOSALS = 60
"""Most plans of whole projects that are tried."""
MET = 1e-4
"""Bounds have met where they differ by this share of what the dearest project costs."""
GAVE_WAY = 1e-5
"""A row that misses its bound by more is not kept."""
BUILT = 1e-6
"""A smaller fraction is not built."""
STEPS = 30
"""Most steps of Dinkelbach's iteration."""


_Cut = tuple[int, "Floats", float]


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
    cuts: tuple[_Cut, ...] = ()
    """what was learnt of the markets' cost under these rows, whatever building costs"""
    at: Floats | None = None
    """the cost of each year's market that cuts are counted from"""


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

    def decide(
        self, rows: Sequence[Row], *, capital: float = 1.0, like: Decided | None = None, most: int = PROPOSALS
    ) -> Decided:
        """The cheapest plan under some rows; `capital` multiplies what projects cost to build.

        `like` is a plan under the same rows, whose solves tell of this one's; at most `most` plans of whole projects are tried.
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
        return self._whole(program, like, most)

    def _whole(self, program: Program, like: Decided | None, most: int) -> Decided:
        """The cheapest plan of whole projects: generalised Benders decomposition (Geoffrion 1972).

        What the market of a year costs is a convex function of what works in it, so the duals of its capacities at any plan
        bound it from below at every other. A small program of the projects alone, with these bounds in the place of the
        markets, proposes the next plan, and its own cost bounds every plan's; both meet at the best one.
        """
        first, n = self.program.first_build, len(self.program.builds)
        charge = program.cost[first : first + n]
        soft = self._softened(program)
        if like is not None and like.at is not None:
            at, cuts = like.at, list(like.cuts)
        else:
            relaxed = solve_program(soft)
            terms = soft.cost * relaxed.primal + 0.5 * soft.quadratic * relaxed.primal**2
            at = np.array([terms[self.program.columns(m)].sum() for m in range(len(self.markets))])
            cuts = self._cuts(relaxed, soft, at)
        best: Solution | None = None
        least, bound, tried = np.inf, -np.inf, set[bytes]()
        for _ in range(most):
            proposed, bound = self._propose(program, cuts)
            if least - bound <= MET * max(1.0, float(charge.max())) or proposed.tobytes() in tried:
                break
            tried.add(proposed.tobytes())
            found = solve_program(self._fixed(soft, proposed))
            builds = found.primal[first : first + n]
            fresh = self._cuts(found, soft, at)
            cuts += fresh
            cost = float(charge @ builds) + sum(height + float(slope @ builds) for _, slope, height in fresh)
            if cost < least:
                least, best = cost, found
        if best is None or best.primal[len(program.cost) :].max(initial=0.0) > GAVE_WAY:
            raise InfeasibleProgram("no plan of whole projects keeps the rows")
        whole = np.where(self.whole, best.primal[first : first + n], np.nan)
        exact = solve_program(self._fixed(program, whole))
        told = self._decided(exact.primal, exact.objective, least - bound)
        return replace(told, cuts=tuple(cuts), at=at)

    def _further(self, program: Program) -> tuple[Ints, Ints]:
        """Positions of the further rows: those over the market of a year, and those over decisions alone."""
        rows = np.arange(len(self.program.market.row_lower), len(program.row_lower))
        held = np.diff(program.matrix.tocsr()[rows, : self.program.first_build].indptr) if len(rows) else rows
        return rows[held > 0], rows[held == 0]

    def _softened(self, program: Program) -> Program:
        """The program whose further rows give way at ten times the largest cost, so that every plan has an answer."""
        rows, _ = self._further(program)
        price = 10.0 * float(np.abs(program.cost[: self.program.first_build]).max(initial=1.0))
        return relax(program, rows, np.full(len(rows), price))[0] if len(rows) else program

    def _fixed(self, program: Program, builds: Floats) -> Program:
        """The program with decisions where they are given, NaN where they are free."""
        lower, upper = program.lower.copy(), program.upper.copy()
        span = slice(self.program.first_build, self.program.first_build + len(builds))
        held = ~np.isnan(builds)
        lower[span] = np.where(held, np.round(np.nan_to_num(builds)), lower[span])
        upper[span] = np.where(held, np.round(np.nan_to_num(builds)), upper[span])
        return replace(program, lower=lower, upper=upper)

    def _cuts(self, solution: Solution, soft: Program, at: Floats) -> list[_Cut]:
        """For each year: its cost, less `at`, is at least height + slope @ decisions."""
        program, n = self.program, len(self.program.builds)
        first = program.first_build
        builds = solution.primal[first : first + n]
        terms = soft.cost * solution.primal + 0.5 * soft.quadratic * solution.primal**2
        # What gives way costs; it belongs to the year whose columns the row holds.
        rows = soft.matrix.tocsr()
        slack, owner = np.maximum(terms[first + n :], 0.0), np.zeros(len(terms) - first - n, dtype=int)
        for row in self._further(soft)[0]:
            held = rows[[row]].indices
            owner[held[held >= first + n] - first - n] = program.year_at(int(held.min()))
        found: list[_Cut] = []
        for m in range(len(self.markets)):
            span = program.rows_of(m)
            slope = -np.asarray(solution.row_dual[span] @ rows[span, first : first + n]).ravel()
            cost = float(terms[program.columns(m)].sum() + slack[owner == m].sum())
            found.append((m, slope, cost - float(at[m]) - float(slope @ builds)))
        return found

    def _propose(self, program: Program, cuts: Sequence[_Cut]) -> tuple[Floats, float]:
        """Whole decisions that cost least if markets cost no more than the cuts say (NaN for fractions), and that cost."""
        first, n = self.program.first_build, len(self.program.builds)
        years = len(self.markets)
        own, own_upper = self.program.own_rows
        _, more = self._further(program)
        asked = program.matrix.tocsr()[more, first : first + n]
        rows = np.zeros((len(cuts), n + years))
        for i, (m, slope, _) in enumerate(cuts):
            rows[i, :n], rows[i, n + m] = -slope, 1.0
        charge = program.cost[first : first + n]
        master = Program(
            cost=np.concatenate([charge, np.ones(years)]),
            quadratic=np.zeros(n + years),
            lower=np.concatenate([np.zeros(n), np.full(years, -np.inf)]),
            upper=np.concatenate([np.ones(n), np.full(years, np.inf)]),
            matrix=csc_matrix(
                vstack(
                    [
                        hstack([vstack([own, asked]), csc_matrix((len(own_upper) + len(more), years))]),
                        csc_matrix(rows),
                    ]
                )
            ),
            row_lower=np.concatenate(
                [np.full(len(own_upper), -np.inf), program.row_lower[more], [height for _, _, height in cuts]]
            ),
            row_upper=np.concatenate([own_upper, program.row_upper[more], np.full(len(cuts), np.inf)]),
            columns=(),
            rows=(),
            integer=np.concatenate([self.whole, np.zeros(years, dtype=bool)]),
        )
        solution = solve_program(master)
        chosen = np.where(self.whole, np.round(solution.primal[:n]), np.nan)
        return chosen, solution.objective

    def _decided(self, primal: Floats, cost: float, error: float = 0.0) -> Decided:
        builds = primal[self.program.first_build :].copy()
        builds[builds < BUILT] = 0.0
        return Decided(primal, cost, builds, max(0.0, error))

    def works(self, decided: Decided, m: int) -> dict[str, float]:
        """Fraction of each project that works in a year, those that do."""
        primal = np.concatenate([np.zeros(self.program.first_build), decided.builds])
        found = self.program.built(primal, m)
        return {p.id: float(f) for p, f in zip(self.program.projects, found, strict=True) if f > 0}


class Potential:
    """The lowest share that is possible in one year with some projects built, whatever it costs to use them.

    What projects need and exclude is not looked at: that is for those who choose the projects.
    """

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
        program = self._program.with_rows(self._rows, cost=self._numerator)
        # What projects need and exclude is for a plan: here everything may stand beside everything.
        own = program.row_block("builds")
        upper = program.row_upper.copy()
        upper[own.start : own.stop] = np.inf
        return WarmProgram(replace(program, row_upper=upper))

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
            if label.startswith(("pool_capacity", "link_capacity", "widened")):
                found.append(label[:-1].rsplit("(", 1)[1].rsplit(",", 1)[-1])
        return tuple(dict.fromkeys(found))


def feasible(planner: Planner, rows: Sequence[Row]) -> bool:
    """Whether any plan of fractions satisfies some rows."""
    try:
        solve_program(planner.program.with_rows(rows, cost=np.zeros(len(planner.program.market.cost))))
    except InfeasibleProgram:
        return False
    return True
