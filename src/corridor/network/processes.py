"""Processes on a network: what each makes is a supply of its good, what each uses is a demand for it.

So streams, bans and shares need no word of processes: what a refinery makes has its origin where the refinery stands.
These supplies and demands, called `process.good`, stand behind the case's own, without a limit, cost or value: activity
ties them together, and has capacity and cost.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.network.model import Processes
from corridor.network.pairs import side_pairs
from corridor.network.tables import indices, numbers, over_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.case.model import Case
    from corridor.network.calendar import Periods
    from corridor.network.model import Demands, Supplies
    from corridor.network.streams import Stream
    from corridor.program import Floats, Ints

__all__ = ["processes_of", "usual_supply", "with_capacity", "with_inputs", "with_outputs"]

NO_LIMIT = 1e6
"""good.unit per year that a process without a known capacity counts for where shares of what is available are needed."""


def processes_of(
    case: Case,
    periods: Periods,
    nodes: Sequence[str],
    goods: Sequence[str],
    capacity: Floats,
    *,
    scarcity_as_cost: float,
) -> Processes:
    """All processes of the case; `capacity` has shape (T, P)."""
    ids = tuple(case.column("processes", "id"))
    process, good, amount = (
        indices(case.column("process_goods", "process"), ids),
        indices(case.column("process_goods", "good"), goods),
        numbers(case, "process_goods", "amount"),
    )
    made, used = np.flatnonzero(amount > 0), np.flatnonzero(amount < 0)
    cost = np.nan_to_num(over_time(case, "processes", "cost", periods))
    return Processes(
        ids=ids,
        node=indices(case.column("processes", "node"), nodes),
        good=indices(case.column("processes", "good"), goods),
        capacity=capacity,
        cost=cost,
        wedge=_wedges(case, ids, capacity, as_cost=scarcity_as_cost),
        output_process=process[made],
        output_supply=len(case.tables["supply"]) + np.arange(len(made)),
        output_good=good[made],
        output_amount=amount[made],
        input_process=process[used],
        input_demand=len(case.tables["demand"]) + np.arange(len(used)),
        input_good=good[used],
        input_amount=-amount[used],
    )


def with_capacity(case: Case, processes: Processes, capacity: Floats, *, scarcity_as_cost: float) -> Processes:
    """The processes with another capacity, (T, P), and the wedges that then hold."""
    wedge = _wedges(case, processes.ids, capacity, as_cost=scarcity_as_cost)
    return replace(processes, capacity=capacity, wedge=wedge)


def _wedges(case: Case, ids: Sequence[str], capacity: Floats, *, as_cost: float) -> Floats:
    """Wedge of every process, (T, P); of a full one a share `as_cost` is left once it has more capacity than it had."""
    wedge = np.zeros(capacity.shape)
    if not ids:
        return wedge
    columns = (case.column("wedges", name) for name in ("link", "wedge", "reading", "capacity"))
    for name, value, reading, room in zip(*columns, strict=True):
        if name in ids:
            p = ids.index(name)
            grown = (capacity[:, p] > room * (1 + 1e-9)) & (reading == "scarcity")
            wedge[:, p] = np.where(grown, as_cost, 1.0) * value
    return wedge


def with_outputs(
    supplies: Supplies,
    processes: Processes,
    country: Sequence[str],
    goods: Sequence[str],
    streams: Sequence[Stream],
    stream_good: Ints,
) -> Supplies:
    """The supplies, with what processes make behind them."""
    of, good = processes.output_process, processes.output_good
    if not len(of):
        return supplies
    node = processes.node[of]
    periods = len(supplies.available)
    endless, free = np.full((periods, len(of)), np.inf), np.zeros((periods, len(of)))
    item, stream = side_pairs(country, node, good, streams, stream_good, "origins")
    return replace(
        supplies,
        ids=(*supplies.ids, *(f"{processes.ids[p]}.{goods[g]}" for p, g in zip(of, good, strict=True))),
        node=np.concatenate([supplies.node, node]),
        good=np.concatenate([supplies.good, good]),
        available=np.hstack([supplies.available, endless]),
        avoidable=np.hstack([supplies.avoidable, free]),
        price=np.hstack([supplies.price, free]),
        reference=np.hstack([supplies.reference, endless]),
        elasticity=np.concatenate([supplies.elasticity, np.zeros(len(of))]),
        give_supply=np.concatenate([supplies.give_supply, len(supplies.ids) + item]),
        give_stream=np.concatenate([supplies.give_stream, stream]),
    )


def with_inputs(
    demands: Demands,
    processes: Processes,
    country: Sequence[str],
    goods: Sequence[str],
    streams: Sequence[Stream],
    stream_good: Ints,
) -> Demands:
    """The demands, with what processes use behind them."""
    of, good = processes.input_process, processes.input_good
    if not len(of):
        return demands
    node = processes.node[of]
    periods = len(demands.reference)
    shape = periods, len(of)
    item, stream = side_pairs(country, node, good, streams, stream_good, "destinations")
    return replace(
        demands,
        ids=(*demands.ids, *(f"{processes.ids[p]}.{goods[g]}" for p, g in zip(of, good, strict=True))),
        node=np.concatenate([demands.node, node]),
        good=np.concatenate([demands.good, good]),
        reference=np.hstack([demands.reference, np.full(shape, np.inf)]),
        price=np.hstack([demands.price, np.full(shape, np.nan)]),
        unserved_value=np.hstack([demands.unserved_value, np.zeros(shape)]),
        elasticity=np.concatenate([demands.elasticity, np.zeros(len(of))]),
        take_demand=np.concatenate([demands.take_demand, len(demands.ids) + item]),
        take_stream=np.concatenate([demands.take_stream, stream]),
        take_allowed=np.ones((periods, len(demands.take_demand) + len(item)), dtype=bool),
    )


def usual_supply(supplies: Supplies, processes: Processes) -> Floats:
    """What each supply can give in the first period, (S,): of a process what its capacity makes."""
    available = supplies.available[0].copy()
    capacity = np.minimum(processes.capacity[0], NO_LIMIT)
    available[processes.output_supply] = processes.output_amount * capacity[processes.output_process]
    return np.asarray(available)
