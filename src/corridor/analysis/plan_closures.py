"""What could still be exported in a planning year under each single closure, and the rows that make a plan stand it.

The most that can be exported with some projects built is a concave function of what is built, so its value and the duals of its
capacities at one plan bound it at every other: a row over the projects alone (Benders). Agreements and bans hold under a
closure too, and nothing is asked of what it would cost.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from corridor.analysis.plan_program import Row
from corridor.analysis.planner import Planner
from corridor.analysis.stress import candidates_of
from corridor.solver import InfeasibleProgram, WarmProgram

if TYPE_CHECKING:
    from corridor.program import Floats

__all__ = ["Closures", "Loss"]


@dataclass(frozen=True)
class Loss:
    """The worst single closure of a year: what of the exports has no way left."""

    closure: str
    share: float
    exports: float
    """the most that can be exported under it, a year"""
    unjudged: tuple[str, ...] = ()
    """closures under which agreements cannot be kept"""


class Closures:
    """Single closures of the corridors and border links of a country, in one planning year."""

    def __init__(self, planner: Planner, m: int) -> None:
        self.planner, self.m = planner, m
        self._one = Planner(planner.years, [planner.markets[m]], planner.asked)
        program, net = self._one.program, self._one.program.networks[0]
        asked, case = planner.asked, planner.markets[m].result.case
        self._exports = program.spread(0, self._one.counts[0].kept)
        block = program.blocks[0]["flow"]
        units: dict[bytes, tuple[str, np.ndarray[tuple[int, ...], np.dtype[np.int64]]]] = {}
        for name, links in candidates_of(case, asked.good, asked.of).items():
            shut = np.flatnonzero(np.isin(block.keys[1], [net.links.ids.index(link) for link in links])) + block.start
            units.setdefault(shut.tobytes(), (name, shut))
        self._units = tuple(units.values())

    @cached_property
    def _warm(self) -> WarmProgram:
        return WarmProgram(self._one.program.with_rows([], cost=-self._exports))

    def worst(self, decisions: Floats, exports: float, most_lost: float) -> tuple[Loss, tuple[Row, ...]]:
        """The worst closure under a plan, and for each that loses more than `most_lost` of the exports a row against it.

        `decisions` are those of the whole calendar. A closure under which agreements cannot be kept is not judged.
        """
        works = self._works(decisions)
        one = self._one.program
        n, first, years = len(one.builds), one.first_build, one.rows_of(0)
        at = np.array([works[p] for p, _ in one.builds])
        builds, market = np.arange(first, first + n), one.market
        growth = market.matrix.tocsr()[years, first : first + n]
        self._warm.set_column_bounds(builds, at, at)
        worst, rows, unjudged = Loss("", 0.0, exports), [], []
        for name, shut in self._units:
            self._warm.set_column_bounds(shut, np.zeros(len(shut)), np.zeros(len(shut)))
            try:
                solution = self._warm.solve()
            except InfeasibleProgram:
                unjudged.append(name)
                continue
            finally:
                self._warm.set_column_bounds(shut, market.lower[shut], market.upper[shut])
            most = -solution.objective
            share = max(0.0, 1.0 - most / exports) if exports > 0 else 0.0
            if share > worst.share:
                worst = replace(worst, closure=name, share=share, exports=most)
            if share > most_lost:
                slope = np.asarray(solution.row_dual[years] @ growth).ravel()
                rows.append(self._row(name, slope, (1.0 - most_lost) * exports - most + float(slope @ at)))
        return replace(worst, unjudged=tuple(unjudged)), tuple(rows)

    def _works(self, decisions: Floats) -> Floats:
        primal = np.concatenate([np.zeros(self.planner.program.first_build), decisions])
        return self.planner.program.built(primal, self.m)

    def _row(self, name: str, slope: Floats, least: float) -> Row:
        """slope @ works >= least, over the decisions of the whole calendar."""
        program = self.planner.program
        by_project = np.zeros(len(program.projects))
        for (p, _), value in zip(self._one.program.builds, slope, strict=True):
            by_project[p] = value
        entries = np.zeros(len(program.market.cost))
        year = program.markets[self.m].year
        for j, (p, b) in enumerate(program.builds):
            if program.projects[p].works(program.markets[b].year, year):
                entries[program.first_build + j] = by_project[p]
        return Row(f"closure_{name}_{year}", entries, least, np.inf)
