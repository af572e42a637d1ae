"""Agreements that give way to exports: how much of them can be kept beside the exports that there would be without them.

An agreement on home deliveries with `priority=exports` holds only as far as it takes nothing from exports. The market is
solved without it; what the country then delivers abroad over the agreement's year is set aside, and

    maximise  sum_g f_g   subject to   sum tau_t h >= f_g min_j  for every agreement j of group g,
                                       deliveries abroad >= what they are without the agreements,  0 <= f_g <= 1

under every other row of the market says which share of the minimum can be met. Agreements of one country on one good in
one year are a group: they give way by one share. The market is then solved with the minimum that is left.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_matrix, hstack, vstack

from corridor.formulation import Columns, deliveries
from corridor.network import LedgerRow
from corridor.program import Block, Program, substitute

if TYPE_CHECKING:
    from corridor.network import Limit, Network
    from corridor.program import Floats, Reduced, Solution
    from corridor.result.setup import StageProgram

__all__ = ["Asked", "ask_most", "gave_way", "kept", "unbound"]

_SLACK = 1e-9
"""Share of the exports without the agreements that may be missing: they come from a solver."""


@dataclass(frozen=True)
class Asked:
    """The program that says how much of the agreements can be kept."""

    full: Program
    reduced: Reduced


def unbound(net: Network) -> Network:
    """The network without the agreements that give way."""
    return replace(net, limits=tuple(limit for limit in net.limits if limit.exports is None))


def ask_most(net: Network, built: StageProgram, without: Solution) -> Asked:
    """The linear program above; `built` and `without` are the program and the solution without the agreements."""
    base, limits = built.full, _yielding(net)
    groups = _groups(net)
    columns = Columns({block.name: block for block in base.columns})
    n, rows = base.matrix.shape[1], 2 * len(limits)
    extra = np.zeros((rows, n + len(groups)))
    lower = np.zeros(rows)
    for j, limit in enumerate(limits):
        column, years = deliveries(net, columns, limit.period, limit.item)
        np.add.at(extra[j], column, years)
        extra[j, n + groups.index(limit.group)] = -limit.lower
        abroad = np.zeros(0, np.int64) if limit.exports is None else limit.exports
        periods = np.unique(limit.period)
        column, years = deliveries(net, columns, np.repeat(periods, len(abroad)), np.tile(abroad, len(periods)))
        np.add.at(extra[len(limits) + j], column, years)
        lower[len(limits) + j] = (1.0 - _SLACK) * float(years @ without.primal[column])
    upper = base.upper.copy()
    for block in base.columns:
        # What a surprise had to give way for stays what it was.
        if block.name in ("short", "over"):
            upper[block.span] = np.maximum(without.primal[block.span], 0.0)
    last = np.full(len(groups), len(net.periods) - 1)
    at = np.tile(np.arange(len(limits)), 1), (tuple(limit.id for limit in limits),)
    program = Program(
        cost=np.concatenate([np.zeros(n), -np.ones(len(groups))]),
        quadratic=np.zeros(n + len(groups)),
        lower=np.concatenate([base.lower, np.zeros(len(groups))]),
        upper=np.concatenate([upper, np.ones(len(groups))]),
        matrix=csc_matrix(
            vstack([hstack([base.matrix, csc_matrix((base.matrix.shape[0], len(groups)))]), csc_matrix(extra)])
        ),
        row_lower=np.concatenate([base.row_lower, lower]),
        row_upper=np.concatenate([base.row_upper, np.full(rows, np.inf)]),
        columns=(*base.columns, Block("kept", n, (last, np.arange(len(groups))), (net.periods.names, groups))),
        rows=(
            *base.rows,
            Block("kept", base.matrix.shape[0], at[:1], at[1]),
            Block("exports", base.matrix.shape[0] + len(limits), at[:1], at[1]),
        ),
    )
    fixed = np.zeros(n + len(groups), dtype=bool)
    fixed[:n] = True
    fixed[built.reduced.kept_columns] = False
    values = np.concatenate([built.reduced.fixed, np.zeros(len(groups))])
    return Asked(program, substitute(program, fixed, values))


def kept(net: Network, most: Solution) -> Network:
    """The network whose agreements ask for no more than can be kept; the ledger tells by how much they give way."""
    groups = _groups(net)
    share = dict(zip(groups, _shares(most, len(groups)), strict=True))
    limits = tuple(
        limit if limit.exports is None else replace(limit, lower=limit.lower * float(share[limit.group]))
        for limit in net.limits
    )
    ledger = [*net.ledger]
    for limit in _yielding(net):
        periods = np.unique(limit.period)
        rate = limit.lower / float(net.years[periods].sum())
        after = rate * float(share[limit.group])
        if after < rate:
            ledger += [LedgerRow(int(t), limit.target, "minimum", rate, after, limit.instrument) for t in periods]
    return replace(net, limits=limits, ledger=tuple(ledger))


def gave_way(net: Network) -> tuple[str, ...]:
    """A sentence for each agreement and year that gave way to exports."""
    told: dict[tuple[str, float, float], list[int]] = {}
    for row in net.ledger:
        if row.column == "minimum" and row.after < row.before:
            told.setdefault((row.instrument, row.before, row.after), []).append(row.period)
    return tuple(
        f"{instrument} gives way to exports: {after:.4g} of {before:.4g} a year are kept from "
        f"{net.periods.starts[min(periods)]} to {net.periods.ends[max(periods)]}"
        for (instrument, before, after), periods in told.items()
    )


def _yielding(net: Network) -> tuple[Limit, ...]:
    return tuple(limit for limit in net.limits if limit.exports is not None)


def _groups(net: Network) -> tuple[str, ...]:
    return tuple(dict.fromkeys(limit.group for limit in _yielding(net)))


def _shares(most: Solution, groups: int) -> Floats:
    share = np.clip(most.primal[len(most.primal) - groups :], 0.0, 1.0)
    # Within a solver's tolerance the whole is the whole.
    return np.where(share > 1.0 - 1e-7, 1.0, share)
