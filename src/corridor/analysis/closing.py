"""Hundreds of sets of closed links, each solved on the program of one answer: what they cost, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix

from corridor.analysis.window import periods_in
from corridor.errors import QuestionError
from corridor.solver import solve_closed

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from corridor.program import Bools, Floats, Program
    from corridor.result import Result

__all__ = ["LinkClosures", "close_links"]


@dataclass(frozen=True)
class LinkClosures:
    """What each set of closed links leads to, n of them."""

    closures: tuple[tuple[str, ...], ...]
    objective: Floats
    """(n,) the market objective, million USD over the calendar; NaN where there is no answer"""
    loss: Floats
    """(n,) that of the base less it"""
    goods: tuple[str, ...]
    delivered: Floats
    """(n, goods) what all demands get over the calendar, in each good's unit"""
    worst: Floats
    """(n,) the largest relative error of the optimality conditions; each is within the thresholds of a certificate"""
    unchanged: Bools
    """(n,) whether the optimum of the base, proved, is that of the set"""
    why: tuple[str, ...]
    """(n,) why there is no answer; empty where there is one"""


def close_links(
    base: Result, sets: Sequence[Collection[str]], *, window: tuple[str, str] | None = None, workers: int = 1
) -> LinkClosures:
    """Solve a case again with each set of links shut, over `window` (a pair of ISO dates; None: the whole calendar).

    A linear program, as of `min_cost_flow`, is solved by dual simplex from the optimum of the base, one with curves by PIQP, by
    as many workers as told; every answer is certified. Raises `QuestionError` for a base that took several programs, that
    has agreements which closures release, or an unknown link.
    """
    if (
        len(base.stages) != 1
        or not base.stages[0].assumed.nothing
        or any(x.exports is not None for x in base.network.limits)
    ):
        raise QuestionError("only an answer found in one program is solved again with links shut; use stress")
    program, net = base.programs[0].full, base.network
    position = {link: a for a, link in enumerate(net.links.ids)}
    unknown = sorted({link for chosen in sets for link in chosen if link not in position})
    if unknown:
        raise QuestionError(f"no link {', '.join(unknown[:5])} in case {base.case.name}")
    if any(i.kind == "agreement" and i.force_majeure for i in net.instruments):
        raise QuestionError(
            "closures release agreements under force majeure here, which no one program tells; use stress"
        )
    flows = program.column_block("flow")
    order = np.argsort(flows.keys[1], kind="stable")
    first = np.searchsorted(flows.keys[1][order], np.arange(len(position) + 1))
    inside = periods_in(base, window) > 0
    order_inside = inside[flows.keys[0][order]]

    def columns_of(chosen: Collection[str]) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
        spans = [np.arange(first[position[link]], first[position[link] + 1]) for link in chosen]
        at = np.concatenate([np.zeros(0, np.int64), *spans])
        return np.asarray(flows.start + order[at[order_inside[at]]])

    closures = [columns_of(chosen) for chosen in sets]
    found = solve_closed(program, closures, _deliveries(base, program), workers)
    cost = program.objective(base.stages[0].solution.primal)
    return LinkClosures(
        closures=tuple(tuple(chosen) for chosen in sets),
        objective=base.objective + cost - found.objective,
        loss=found.objective - cost,
        goods=net.goods,
        delivered=found.values,
        worst=found.worst,
        unchanged=found.unchanged,
        why=tuple(found.why),
    )


def _deliveries(base: Result, program: Program) -> csr_matrix:
    """(goods, columns): what is delivered of each good over the calendar."""
    net = base.network
    blocks = [b for b in program.columns if b.name in ("demand_base", "demand_fall")]
    columns = np.concatenate([np.arange(b.start, b.stop) for b in blocks])
    period, demand = (np.concatenate([b.keys[k] for b in blocks]) for k in (0, 1))
    return csr_matrix(
        (net.years[period], (net.demands.good[demand], columns)), shape=(len(net.goods), len(program.cost))
    )
