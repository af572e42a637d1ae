"""A planning year with a plan built and the share kept: one certified result, and what shippers must be paid for it.

The limit is one row of the program, numerator - s * denominator <= 0. Its dual is what a unit more through the country would
save, so what a shipper must be paid to take another way. To account for it, the row is told as limits of the network, each
at the volume of the solution and with the row's dual: the optimality conditions are the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_matrix, vstack

from corridor.analysis.plan_share import Counted, count, counted
from corridor.network import Limit
from corridor.program import Block
from corridor.result import Result, Stage, certified, network_of, stage_program
from corridor.solver import solve_program

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridor.analysis.plan_share import Entries, Question
    from corridor.analysis.plan_years import PlanYear, Years
    from corridor.network import Network
    from corridor.program import Bools, Floats, Program, Solution
    from corridor.result import Question as Asked

__all__ = ["Answered", "answered"]

SLACK = 1e-3
"""Share by which built capacity is larger here than planned: the rent of what is built is no part of the support."""


HOLDER = "shippers"
"""Who collects what the limit is worth: a price among shippers, paid out to them again, and nobody's income."""


@dataclass(frozen=True)
class Answered:
    """A planning year under a plan."""

    year: int
    result: Result
    counted: Counted
    support: float
    """million USD per unit that avoids the country, at the margin; 0 where the limit does not bind"""
    kept: float
    """million USD per unit that keeps exports up; 0 where nothing has to be kept"""

    limits: tuple[tuple[Limit, float], ...] = ()
    """the limit and what is kept, as they stand in the result's network, each with its price in million USD per unit"""

    @property
    def primal(self) -> Floats:
        """Its columns; those by which limits give way stand behind what is counted."""
        return self.result.stages[-1].solution.primal[: len(self.counted.kept)]

    @property
    def numerator(self) -> float:
        """What counts, a year."""
        return float((self.counted.numerator * self.primal).sum())

    @property
    def denominator(self) -> float:
        """All of it, a year."""
        return float((self.counted.denominator * self.primal).sum())

    @property
    def volume(self) -> float:
        """Exports (or the country's use), a year."""
        return float((self.counted.kept * self.primal).sum())

    @property
    def share(self) -> float:
        """The share."""
        return self.counted.share(self.primal)


def answered(
    years: Years,
    market: PlanYear,
    built: Mapping[str, float],
    asked: Question,
    limit: float | None = None,
    floor: float | None = None,
) -> Answered:
    """A planning year with fractions of projects built, the share at most `limit`, and at least `floor` exported."""
    more = {name: fraction * (1 + SLACK) for name, fraction in built.items()}
    question = years.question(market.year, more)
    net, stage = network_of(question), market.result.stages[-1]
    net = replace(net, limits=market.result.network.limits)
    made = stage_program(question, net, 0, None, emergency=stage.emergency, assumed=stage.assumed)
    blocks = {block.name: block for block in made.full.columns}
    told = count(question.case, net, blocks, len(made.full.cost), asked)
    rows: list[tuple[Floats, float, float]] = []
    if limit is not None:
        rows.append((told.numerator - limit * told.denominator, -np.inf, 0.0))
    if floor is not None:
        # What the market sends of its own accord must not fail by the solver's last digit.
        rows.append((told.kept, floor * (1 - 1e-9), np.inf))
    solution = solve_program(_with(made.full, rows))
    duals = solution.row_dual[len(made.full.row_lower) :]
    support = -float(duals[0]) if limit is not None else 0.0
    kept = float(duals[-1]) if floor is not None else 0.0
    support, kept = max(support, 0.0) / market.length, max(kept, 0.0) / market.length
    limits = _limits(net, counted(question.case, net, asked), asked, (limit or 0.0, support, kept))
    result = _result(question, net, stage, solution, limits)
    added = result.network.limits[len(net.limits) :]
    prices = tuple((row, entry[5]) for row, entry in zip(added, limits, strict=True))
    return Answered(market.year, result, told, support, kept, prices)


def _with(program: Program, rows: list[tuple[Floats, float, float]]) -> Program:
    if not rows:
        return program
    block = Block("plan", len(program.row_lower), (np.arange(len(rows)),), (("share", "kept")[: len(rows)],))
    return replace(
        program,
        matrix=csc_matrix(vstack([program.matrix, csc_matrix(np.array([entries for entries, _, _ in rows]))])),
        row_lower=np.concatenate([program.row_lower, [lower for _, lower, _ in rows]]),
        row_upper=np.concatenate([program.row_upper, [upper for _, _, upper in rows]]),
        rows=(*program.rows, block),
    )


def _limits(
    net: Network, entries: Entries, asked: Question, prices: tuple[float, float, float]
) -> list[tuple[str, str, Bools, Bools, bool, float]]:
    """The share limit and what is kept, as limits: (id, quantity, periods, items, whether it is an upper one, dual)."""
    limit, support, kept = prices
    chosen = np.array([not asked.slice or name == asked.slice for name in net.periods.slice], dtype=bool)
    every = np.ones(len(net.periods), dtype=bool)
    whole = entries.trade if asked.over == "trade" else entries.use
    own = entries.trade if asked.direction == "exports" else entries.use
    found = [
        ("plan_whole", "take", chosen, whole, False, limit * support),
        ("plan_kept", "take", every, own, False, kept),
    ]
    if asked.how == "partner":
        found.append(("plan_partner", "take", chosen, entries.partner, True, support))
    else:
        found.append(("plan_entering", "flow", chosen, entries.flows, True, support))
        found.append(("plan_inside", "take", chosen, entries.inside, False, support))
    return [entry for entry in found if entry[3].any() and entry[5] > 0]


def _result(
    question: Asked,
    net: Network,
    stage: Stage,
    solution: Solution,
    limits: list[tuple[str, str, Bools, Bools, bool, float]],
) -> Result:
    """The solution as one of the network with these limits at the volumes that it has."""
    from corridor.result.reading import read

    plain = stage_program(question, net, 0, None, emergency=stage.emergency, assumed=stage.assumed)
    reading = read(net, plain.full, solution.primal, solution.row_dual)
    more, duals = [], []
    for name, quantity, periods, items, above, dual in limits:
        period, item = (a.ravel() for a in np.meshgrid(np.flatnonzero(periods), np.flatnonzero(items), indexing="ij"))
        amounts = (reading.flow if quantity == "flow" else reading.take)[period, item]
        volume = float((net.years[period] * amounts).sum())
        bounds = (-np.inf, volume) if above else (volume, np.inf)
        more.append(Limit(name, "plan", quantity, period, item, *bounds, holder=HOLDER))
        duals.append(-dual if above else dual)
    net = replace(net, limits=(*net.limits, *more))
    built = stage_program(question, net, 0, None, emergency=stage.emergency, assumed=stage.assumed)
    old = {block.name: block for block in plain.full.rows}
    row_dual = np.zeros(len(built.full.row_lower))
    for block in built.full.rows:
        if block.name in old:
            before = old[block.name]
            row_dual[block.start : block.start + before.size] = solution.row_dual[before.span]
        if block.name == "limit":
            row_dual[block.stop - len(duals) : block.stop] = duals
    full, primal = built.full, _placed(plain.full, built.full, solution.primal)
    column_dual = full.cost + full.quadratic * primal - full.matrix.T @ row_dual
    same = replace(
        solution, primal=primal, row_dual=row_dual, column_dual=column_dual, objective=full.objective(primal)
    )
    told = Stage(stage.day, 0, same, stage.emergency, stage.assumed)
    return certified(Result(question, (told,), (), (built,)))


def _placed(plain: Program, full: Program, primal: Floats) -> Floats:
    """A point in the columns of the program with further limits: where limits may give way, these do not."""
    found = np.zeros(len(full.cost))
    old = {block.name: block for block in plain.columns}
    for block in full.columns:
        before = old[block.name]
        if block.size == before.size:
            found[block.span] = primal[before.span]
            continue
        at = {before.label(position): position for position in range(before.start, before.stop)}
        for position in range(block.start, block.stop):
            known = at.get(block.label(position))
            found[position] = 0.0 if known is None else primal[known]
    return found
