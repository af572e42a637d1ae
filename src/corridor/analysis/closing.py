"""Hundreds of sets of closed links, each solved on the program of one answer: what they cost, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix

from corridor.analysis.games import MOST_PLAYERS
from corridor.analysis.window import periods_in
from corridor.errors import QuestionError
from corridor.solver import solve_closed, solve_unions

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from corridor.program import Bools, Floats, Ints, Program
    from corridor.result import Result
    from corridor.solver import Closed

__all__ = ["LinkClosures", "close_links", "close_unions"]


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
    program = base.programs[0].full
    found = solve_closed(program, _columns(base, sets, window), _deliveries(base, program), workers)
    return _told(base, sets, found)


def close_unions(
    base: Result, groups: Sequence[Collection[str]], *, window: tuple[str, str] | None = None, workers: int = 1
) -> LinkClosures:
    """Solve a case again with each union of groups of links shut: 2^n answers, as a game of n players asks for.

    Bit i of an answer's place says whether group i is shut, so that what players make together is
    `objective[everybody ^ inside]`, fit for `shapley`. Only for an answer of a linear program, as of `min_cost_flow`: each
    union starts from the optimum of one that lacks one of its groups. Raises what `close_links` raises, and
    `QuestionError` for more than twenty groups or curves.
    """
    if len(groups) > MOST_PLAYERS:
        raise QuestionError(f"{len(groups)} groups have too many unions; take at most {MOST_PLAYERS}")
    program = base.programs[0].full
    if program.is_quadratic:
        raise QuestionError("unions of closures are solved in a linear program; ask with formulation min_cost_flow")
    found = solve_unions(program, _columns(base, groups, window), _deliveries(base, program), workers)
    every = [[i for i in range(len(groups)) if union >> i & 1] for union in range(1 << len(groups))]
    return _told(base, [tuple(dict.fromkeys(link for i in one for link in groups[i])) for one in every], found)


def _told(base: Result, sets: Sequence[Collection[str]], found: Closed) -> LinkClosures:
    cost = base.programs[0].full.objective(base.stages[0].solution.primal)
    return LinkClosures(
        closures=tuple(tuple(chosen) for chosen in sets),
        objective=base.objective + cost - found.objective,
        loss=found.objective - cost,
        goods=base.network.goods,
        delivered=found.values,
        worst=found.worst,
        unchanged=found.unchanged,
        why=tuple(found.why),
    )


def _columns(base: Result, sets: Sequence[Collection[str]], window: tuple[str, str] | None) -> list[Ints]:
    """The flows of each set's links over a window, as columns of the program."""
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

    def columns_of(chosen: Collection[str]) -> Ints:
        spans = [np.arange(first[position[link]], first[position[link] + 1]) for link in chosen]
        at = np.concatenate([np.zeros(0, np.int64), *spans])
        return np.asarray(flows.start + order[at[order_inside[at]]])

    return [columns_of(chosen) for chosen in sets]


def _deliveries(base: Result, program: Program) -> csr_matrix:
    """(goods, columns): what is delivered of each good over the calendar."""
    net = base.network
    blocks = [b for b in program.columns if b.name in ("demand_base", "demand_fall")]
    columns = np.concatenate([np.arange(b.start, b.stop) for b in blocks])
    period, demand = (np.concatenate([b.keys[k] for b in blocks]) for k in (0, 1))
    return csr_matrix(
        (net.years[period], (net.demands.good[demand], columns)), shape=(len(net.goods), len(program.cost))
    )
