"""One program of all planning years: the market of each, and the fractions of projects that begin to work in each.

    minimise   sum_y D_y cost_y(x_y) + sum_(e,b) charge[e,b] w[e,b]
    subject to the rows of every year;  use of a capacity - sum_e delta[e] W[e,y] <= capacity without projects
               W[e,y] = sum of w[e,b] over b <= y < b + lifetime[e];  sum_b w[e,b] <= 1
               needs:  built of e by y <= built of what it needs by y;   excludes:  both together <= 1
               share:  numerator_y - s denominator_y <= 0;   kept:  volume_y >= what it was

D_y is the sum of discount factors of the years that y stands for, delta the capacity that a project adds, with the
target's own profile and availability.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import block_diag, csc_matrix, hstack, vstack

from corridor.formulation import supply_segments
from corridor.program import Block, Program
from corridor.result import network_of, stage_program

if TYPE_CHECKING:
    from corridor.analysis.plan_years import PlanYear, Years
    from corridor.analysis.projects import Project
    from corridor.network import Network
    from corridor.program import Floats

__all__ = ["PlanProgram", "Row"]


@dataclass(frozen=True)
class Row:
    """A row beside those of the markets: entries over the columns of the whole program."""

    name: str
    coefficients: Floats
    lower: float
    upper: float


@dataclass(frozen=True)
class _Widened:
    """A year's program with its widened bounds turned into rows: entries of the build fractions by project."""

    network: Network
    """with everything built"""
    program: Program
    rows: csc_matrix
    """further rows over the year's columns"""
    upper: Floats
    names: tuple[str, ...]
    """what each of them holds"""
    grows: csc_matrix
    """(all rows, projects): capacity added to each row when all of a project is built"""


class PlanProgram:
    """The markets of some planning years and what can be built, assembled once; questions add rows and bounds."""

    def __init__(self, years: Years, markets: Sequence[PlanYear]) -> None:
        self.markets = tuple(markets)
        self.projects: tuple[Project, ...] = years.projects
        planning, last = years.planning, markets[-1]
        end = last.year + last.span
        widened = [_widen(years, market) for market in markets]
        self.networks = tuple(w.network for w in widened)
        self.blocks = tuple({block.name: block for block in w.program.columns} for w in widened)
        """columns of each year, by name, counted from the year's first"""
        self._starts = np.concatenate([[0], np.cumsum([len(w.program.cost) for w in widened])]).astype(int)
        self.builds = tuple(
            (p, m)
            for p, project in enumerate(self.projects)
            for m, market in enumerate(markets)
            if market.year >= project.first
        )
        self.first_build = int(self._starts[-1])
        self._planning, self._end = planning, end
        self._rows = np.concatenate(
            [[0], np.cumsum([len(w.program.row_lower) + len(w.upper) for w in widened])]
        ).astype(int)
        own, own_upper, self._own_names = self._own_rows()
        self.own_rows = own, own_upper
        """rows over the builds alone, and their upper bounds"""
        self.market = self._assemble(widened)

    def charges(self, capital: float = 1.0) -> Floats:
        """Present value of each decision's annuities and fixed cost; `capital` multiplies the cost of building."""
        found = [
            replace(project, capital=capital * project.capital).charge(self.markets[m].year, self._planning, self._end)
            for project, m in ((self.projects[p], m) for p, m in self.builds)
        ]
        return np.array(found, dtype=float)

    def columns(self, m: int) -> slice:
        """The columns of a planning year."""
        return slice(int(self._starts[m]), int(self._starts[m + 1]))

    def rows_of(self, m: int) -> slice:
        """The rows of a planning year."""
        return slice(int(self._rows[m]), int(self._rows[m + 1]))

    def year_at(self, column: int) -> int:
        """The planning year that a column belongs to."""
        return int(np.searchsorted(self._starts, column, side="right")) - 1

    def spread(self, m: int, coefficients: Floats) -> Floats:
        """Coefficients of a year's columns as coefficients of all."""
        found = np.zeros(len(self.market.cost))
        found[self.columns(m)] = coefficients
        return found

    def built(self, primal: Floats, m: int) -> Floats:
        """Fraction of each project that works in a year, shape (projects,)."""
        return self._works[m] @ primal[self.first_build :]

    @cached_property
    def _works(self) -> list[csc_matrix]:
        """(projects, builds) per year: which decisions make which project work in it."""
        found = []
        for market in self.markets:
            entries = [
                (p, j)
                for j, (p, b) in enumerate(self.builds)
                if self.projects[p].works(self.markets[b].year, market.year)
            ]
            rows, columns = (np.array([e[i] for e in entries], dtype=int) for i in range(2))
            shape = (len(self.projects), len(self.builds))
            found.append(csc_matrix((np.ones(len(entries)), (rows, columns)), shape=shape))
        return found

    def with_rows(self, rows: Sequence[Row], *, cost: Floats | None = None, upper: Floats | None = None) -> Program:
        """The program under further rows; `cost` replaces all costs (linear), `upper` the bounds of the builds."""
        market = self.market
        program = market if cost is None else replace(market, cost=cost, quadratic=np.zeros(len(cost)), constant=0.0)
        if upper is not None:
            bounds = program.upper.copy()
            bounds[self.first_build :] = upper
            program = replace(program, upper=bounds)
        if not rows:
            return program
        block = Block("plan", len(market.row_lower), (np.arange(len(rows)),), (tuple(row.name for row in rows),))
        return replace(
            program,
            matrix=csc_matrix(vstack([market.matrix, csc_matrix(np.array([row.coefficients for row in rows]))])),
            row_lower=np.concatenate([market.row_lower, [row.lower for row in rows]]),
            row_upper=np.concatenate([market.row_upper, [row.upper for row in rows]]),
            rows=(*market.rows, block),
        )

    def _assemble(self, widened: Sequence[_Widened]) -> Program:
        n_builds = len(self.builds)
        parts = [vstack([w.program.matrix, w.rows]) for w in widened]
        growth = [-(w.grows @ self._works[m]) for m, w in enumerate(widened)]
        (own, own_upper), names = self.own_rows, self._own_names
        matrix = vstack(
            [
                hstack(
                    [block_diag(parts), vstack(growth) if n_builds else csc_matrix((sum(p.shape[0] for p in parts), 0))]
                ),
                hstack([csc_matrix((len(own_upper), self.first_build)), own]),
            ]
        )
        weights = [market.weight / market.length for market in self.markets]
        programs = [w.program for w in widened]
        ones = np.ones(n_builds)
        return Program(
            cost=np.concatenate([*(d * p.cost for d, p in zip(weights, programs, strict=True)), self.charges()]),
            quadratic=np.concatenate([*(d * p.quadratic for d, p in zip(weights, programs, strict=True)), 0 * ones]),
            lower=np.concatenate([*(p.lower for p in programs), 0 * ones]),
            upper=np.concatenate([*(p.upper for p in programs), ones]),
            matrix=csc_matrix(matrix),
            row_lower=np.concatenate(
                [x for w in widened for x in (w.program.row_lower, np.full(len(w.upper), -np.inf))]
                + [np.full(len(own_upper), -np.inf)]
            ),
            row_upper=np.concatenate([x for w in widened for x in (w.program.row_upper, w.upper)] + [own_upper]),
            columns=self._labels(programs),
            rows=self._row_labels(widened, names),
            constant=sum(d * p.constant for d, p in zip(weights, programs, strict=True)),
        )

    def _own_rows(self) -> tuple[csc_matrix, Floats, tuple[str, ...]]:
        """Rows over the builds alone: once, needs, excludes."""
        ids = [project.id for project in self.projects]
        rows, upper, names = [], [], []
        mine = np.zeros((len(ids), len(self.builds)))
        for j, (p, _) in enumerate(self.builds):
            mine[p, j] = 1.0
        for p, project in enumerate(self.projects):
            rows.append(mine[p])
            upper.append(1.0)
            names.append(f"once_{project.id}")
            for other in project.needs:
                for m in range(len(self.markets)):
                    by_now = np.array([b <= m for _, b in self.builds], dtype=float)
                    rows.append((mine[p] - mine[ids.index(other)]) * by_now)
                    upper.append(0.0)
                    names.append(f"needs_{project.id}_{other}_{self.markets[m].year}")
            for other in project.excludes:
                rows.append(mine[p] + mine[ids.index(other)])
                upper.append(1.0)
                names.append(f"excludes_{project.id}_{other}")
        shape = (len(rows), len(self.builds))
        return csc_matrix(np.array(rows).reshape(shape)), np.array(upper, dtype=float), tuple(names)

    def _labels(self, programs: Sequence[Program]) -> tuple[Block, ...]:
        blocks = [
            replace(block, name=f"{block.name}_{market.year}", start=block.start + int(start))
            for market, program, start in zip(self.markets, programs, self._starts, strict=False)
            for block in program.columns
        ]
        p, m = (np.array([b[i] for b in self.builds], dtype=np.int64) for i in range(2))
        names = tuple(project.id for project in self.projects), tuple(str(market.year) for market in self.markets)
        return (*blocks, Block("build", self.first_build, (p, m), names))

    def _row_labels(self, widened: Sequence[_Widened], names: tuple[str, ...]) -> tuple[Block, ...]:
        blocks, start = [], 0
        for market, w in zip(self.markets, widened, strict=True):
            blocks += [
                replace(block, name=f"{block.name}_{market.year}", start=block.start + start)
                for block in w.program.rows
            ]
            start += len(w.program.row_lower)
            blocks.append(Block(f"widened_{market.year}", start, (np.arange(len(w.upper)),), (w.names,)))
            start += len(w.upper)
        return (*blocks, Block("builds", start, (np.arange(len(names)),), (names,)))


def _widen(years: Years, market: PlanYear) -> _Widened:
    """A year's program in which what projects add to a capacity depends on how much of them is built.

    It is the program of the year in which everything is built, so that what carries nothing without a project has its
    columns; the bounds are those of the year without, and grow with what is built.
    """
    result, projects = market.result, years.projects
    net, stage = result.network, result.stages[-1]
    question = years.question(market.year, {project.id: 1.0 for project in projects})
    grown = replace(network_of(question), limits=net.limits)
    program = stage_program(question, grown, 0, None, emergency=stage.emergency, assumed=stage.assumed).full
    bounds = _Bounds(net, grown, program)
    total: dict[str, float] = {}
    for project in projects:
        for target, amount in project.adds.items():
            total[target] = total.get(target, 0.0) + amount
    grows: list[tuple[int, int, float]] = []
    for target, whole in total.items():
        shares = [(p, project.adds[target] / whole) for p, project in enumerate(projects) if target in project.adds]
        for row, delta in bounds.free(target):
            grows += [(row, p, share * delta) for p, share in shares]
    i, j, v = (np.array([g[k] for g in grows]) for k in range(3))
    n_rows = len(program.row_lower) + len(bounds.rows)
    return _Widened(
        network=grown,
        program=replace(program, upper=bounds.upper, quadratic=bounds.quadratic, row_upper=bounds.row_upper),
        rows=csc_matrix(np.array([entries for entries, _ in bounds.rows]).reshape(len(bounds.rows), len(program.cost))),
        upper=np.array([bound for _, bound in bounds.rows], dtype=float),
        names=tuple(bounds.names),
        grows=csc_matrix((v.astype(float), (i.astype(int), j.astype(int))), shape=(n_rows, len(projects))),
    )


class _Bounds:
    """Bounds of a program that is being widened: columns that a project widens are bounded by a row instead."""

    def __init__(self, net: Network, grown: Network, program: Program) -> None:
        self.net, self.grown, self.program = net, grown, program
        self.upper, self.row_upper = program.upper.copy(), program.row_upper.copy()
        self.quadratic = program.quadratic.copy()
        self.names: list[str] = []
        """target of each further row"""
        self.rows: list[tuple[Floats, float]] = []
        """coefficients of the year's columns, and the bound without projects"""
        self._columns = {block.name: block for block in program.columns}
        self._held = {block.name: block for block in program.rows}
        before, after = supply_segments(net.supplies), supply_segments(grown.supplies)
        self._kinds: dict[str, tuple[tuple[str, ...], str, list[tuple[str, Floats, Floats]]]] = {
            "link": (net.links.ids, "link_capacity", [("flow", net.links.capacity, grown.links.capacity)]),
            "pool": (net.pools.ids, "pool_capacity", [("", net.pools.capacity, grown.pools.capacity)]),
            "process": (net.processes.ids, "", [("activity", net.processes.capacity, grown.processes.capacity)]),
            "supply": (
                net.supplies.ids,
                "",
                [("supply_base", before.flat, after.flat), ("supply_rise", before.width, after.width)],
            ),
        }
        self._slope = before.slope

    def free(self, target: str) -> list[tuple[int, float]]:
        """Rows that hold a target, one or two a period, and what each gains when all that widens the target is built."""
        kind = next(kind for kind, (ids, _, _) in self._kinds.items() if target in ids)
        ids, held, parts = self._kinds[kind]
        item, found = ids.index(target), []
        for name, old, new in parts:
            for t in range(len(old)):
                # An item that nothing limits is not widened; a closed one stays closed.
                delta = float(new[t, item] - old[t, item]) if np.isfinite(old[t, item]) else 0.0
                if delta > 0:
                    row = self._row(name, held, t, item, float(old[t, item]))
                    if len(self.names) < len(self.rows):
                        self.names.append(target)
                    found += [(row, delta)] if row is not None else []
        return found

    def _row(self, name: str, held: str, t: int, item: int, bound: float) -> int | None:
        block = self._held.get(held)
        if block is not None:
            at = np.flatnonzero((block.keys[0] == t) & (block.keys[1] == item))
            if len(at):
                self.row_upper[block.start + at[0]] = bound
                return int(block.start + at[0])
        block = self._columns[name]
        members = block.start + np.flatnonzero((block.keys[0] == t) & (block.keys[1] == item))
        if name == "flow":
            members = members[self.grown.flows.allowed[t, np.flatnonzero(self.grown.flows.link == item)]]
        if not len(members):
            return None
        self.upper[members] = np.inf
        if name == "supply_rise" and self._slope[t, item] > 0:
            # The curve is moved to the right as it is: a larger field would be flatter.
            self.quadratic[members] = self.net.years[t] * self._slope[t, item]
        entries = np.zeros(len(self.program.cost))
        entries[members] = 1.0
        self.rows.append((entries, bound))
        return len(self.program.row_lower) + len(self.rows) - 1
