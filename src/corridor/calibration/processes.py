"""What reconciled activities say a process costs beyond its known cost, as wedges of the inverse problem.

    sum_out amount p - sum_in amount p  = cost + w   where it runs with room left
                                       >= cost       where it is full: what it earns is rent, and needs no wedge
                                       <= cost + w   where it stands still, w >= 0

at the penalty of links, u w^2 / cost. From 95 % of its capacity on, w >= 0 and nearly free: scarcity, as for links.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from corridor.formulation.assemble import Assembly
    from corridor.network import Network
    from corridor.program import Block, Bools, Floats, Ints
    from corridor.result import Reading

    Texts = np.ndarray[tuple[int, ...], np.dtype[np.object_]]

__all__ = ["ProcessWedges", "process_side"]

AT_CAPACITY = 1e-6
"""Share of its capacity within which a process runs at it."""
SHUT = 0.01
"""Share of its cost and wedge by which a process that stood still is dearer than what would just make it run; assumed."""
LEAST = 0.01
"""Cost per unit below which a process counts as costing this share of the mean of all, or of the largest price."""


@dataclass(frozen=True)
class ProcessWedges:
    """Processes that have a wedge, as columns of the inverse problem, and how each is read."""

    block: Block
    reading: Texts
    """(P,): "cost", "scarcity", "lower_bound", or "" where the process has no wedge"""
    cost: Floats
    """(P,) known cost per unit of activity"""

    def found(self, value: Floats) -> Floats:
        """Wedge of every process, (P,), from the solution of the inverse problem; 0 where it has none.

        The least that keeps a process from running leaves it in two minds; any more is as true, and keeps it shut.
        """
        wedge = np.zeros(len(self.reading))
        wedge[self.block.keys[0]] = value[self.block.span]
        shut = (self.reading == "lower_bound") & (wedge > 0)
        return np.where(shut, wedge + SHUT * (self.cost + wedge), wedge)


def process_side(
    net: Network,
    reading: Reading,
    weight: Floats,
    at: Assembly,
    sold: Block,
    bought: Block,
    *,
    full: float,
    scarce: float,
) -> ProcessWedges:
    """Add wedges of processes and the row that ties each to prices: `sold` and `bought` of supplies and demands.

    `weight` (T,) averages over periods. A process is scarce from the share `full` of its capacity, at `scarce` times the
    penalty. One that is closed says nothing.
    """
    processes = net.processes
    activity = weight @ reading.activity
    limited = np.isfinite(processes.capacity).all(axis=0)
    capacity = weight @ np.where(np.isfinite(processes.capacity), processes.capacity, 0.0)
    usable = ~limited | (capacity > 0)
    at_capacity = usable & limited & (activity >= capacity * (1.0 - AT_CAPACITY))
    tight = usable & limited & (activity >= full * capacity) & ~at_capacity
    runs = activity > 0
    has = np.flatnonzero(usable & ~at_capacity)
    cost = weight @ processes.cost
    penalty = _penalty(activity, cost) * np.where(tight, scarce, 1.0)
    wedge = at.add_columns(
        "process_wedge",
        (has,),
        (processes.ids,),
        quadratic=2.0 * penalty[has],
        lower=np.where(runs & ~tight, -np.inf, 0.0)[has],
    )
    _margins(net, at, np.flatnonzero(usable), runs, at_capacity, cost, sold, bought, wedge)
    kind = np.full(len(processes.ids), "", dtype=object)
    kind[has] = np.where(runs, np.where(tight, "scarcity", "cost"), "lower_bound")[has]
    return ProcessWedges(wedge, kind, cost)


def _penalty(activity: Floats, cost: Floats) -> Floats:
    """u / cost of every process, (P,); idle ones as if they ran at a hundredth of the largest."""
    total = float(activity.sum())
    usual = LEAST * float(activity @ cost) / total if total > 0 else 0.0
    idle = 0.01 * max(1e-9, float(activity.max(initial=0.0)))
    return np.where(activity > 0, activity, idle) / np.maximum(np.where(cost > 0, cost, usual), 1e-6)


def _margins(
    net: Network,
    at: Assembly,
    usable: Ints,
    runs: Bools,
    at_capacity: Bools,
    cost: Floats,
    sold: Block,
    bought: Block,
    wedge: Block,
) -> None:
    processes = net.processes
    rows = at.add_rows(
        "processing",
        (usable,),
        (processes.ids,),
        lower=np.where(runs, cost, -np.inf)[usable],
        upper=np.where(at_capacity, np.inf, cost)[usable],
    )
    place = np.full(len(processes.ids), -1)
    place[usable] = rows.start + np.arange(len(usable))
    for process, item, amount, price in (
        (processes.output_process, processes.output_supply, processes.output_amount, sold),
        (processes.input_process, processes.input_demand, -processes.input_amount, bought),
    ):
        told = place[process] >= 0
        at.add_entries(place[process][told], price.start + item[told], amount[told])
    own = wedge.keys[0]
    at.add_entries(place[own], wedge.start + np.arange(len(own)), -1.0)
