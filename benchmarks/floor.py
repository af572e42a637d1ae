"""The floor: an instance straight to the arrays of a program, with no case, no labels and no words.

What Corridor needs beyond this is its own; what the solver needs with these arrays nobody can do without. Columns: flows
by period, good and arc; steps of supply; demand; what each store holds from a period to the next, round the year. Rows:
balance of each period, good and node, then the shared capacity of each arc in each period.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.sparse import csc_matrix

from corridor.program import Program

if TYPE_CHECKING:
    from instances import Instance

__all__ = ["floor_program"]


def floor_program(instance: Instance, kind: Literal["fixed", "elastic"]) -> Program:
    """The program as plain arrays; with fixed demand a demand's column is what goes unserved, else what is consumed.

    The arrays are written in place, so that the peak is the program itself and one block of working space.
    """
    size = instance.size
    n, k, periods, arcs = size.nodes, size.goods, size.periods, len(instance.start)
    n_steps, n_demands, n_stores = instance.step_capacity.size, len(instance.demand_node), len(instance.store_node)
    # Where each kind of column, and its entries, begin.
    counts = periods * np.array([k * arcs, n_steps, n_demands, n_stores])
    entries = counts * [3, 1, 1, 2]
    flows, steps, demands, stores = (
        slice(end - count, end) for end, count in zip(counts.cumsum(), counts, strict=True)
    )
    balances = periods * k * n
    elastic = kind == "elastic"

    index = np.empty(entries.sum(), np.int32)
    value = np.ones(entries.sum())
    parts = np.split(index, entries.cumsum()[:-1])
    period = np.arange(periods, dtype=np.int32)
    own = parts[0].reshape(periods, k, arcs, 3)
    first = n * np.arange(periods * k, dtype=np.int32).reshape(periods, k, 1)
    np.add(first, instance.start, out=own[..., 0])
    np.add(first, instance.end, out=own[..., 1])
    own[..., 2] = (balances + arcs * period[:, None] + np.arange(arcs, dtype=np.int32))[:, None, :]
    supplied = np.repeat(instance.supply_good * n + instance.supply_node, instance.step_capacity.shape[1])
    np.add(k * n * period[:, None], supplied, out=parts[1].reshape(periods, n_steps))
    consumed = (k * n * period[:, None] + instance.demand_good * n + instance.demand_node).astype(np.int32)
    parts[2][:] = consumed.ravel()
    held = parts[3].reshape(periods, n_stores, 2)
    np.add(k * n * period[:, None], instance.store_good * n + instance.store_node, out=held[..., 0])
    # The next period's balance of the same store; the last one's next is the first.
    held[..., 1] = np.roll(held[..., 0], -1, axis=0)
    value[: entries[0] : 3] = -1.0
    value[entries[:2].sum() : entries[:3].sum()] = -1.0 if elastic else 1.0
    value[entries[:3].sum() :: 2] = -1.0
    begin = np.zeros(counts.sum() + 1, np.int32)
    np.cumsum(np.repeat([3, 1, 1, 2], counts), out=begin[1:])
    matrix = csc_matrix((value, index, begin), shape=(balances + periods * arcs, counts.sum()))

    usual = instance.demand.ravel()
    price, elasticity = np.tile(instance.price, periods), np.tile(instance.elasticity, periods)
    slope, intercept = price / (elasticity * usual), price * (1 + 1 / elasticity)
    cost, upper, quadratic = np.empty(counts.sum()), np.full(counts.sum(), np.inf), np.zeros(counts.sum())
    cost[flows].reshape(periods, -1)[:] = instance.cost.ravel()
    cost[steps].reshape(periods, -1)[:] = instance.step_cost.ravel()
    cost[demands] = -intercept if elastic else instance.unserved_value
    cost[stores] = instance.holding_cost
    upper[steps].reshape(periods, -1)[:] = instance.step_capacity.ravel()
    upper[demands] = intercept / slope if elastic else usual
    upper[stores].reshape(periods, -1)[:] = instance.store_capacity
    if elastic:
        quadratic[demands] = slope
    row_lower, row_upper = np.full(matrix.shape[0], -np.inf), np.zeros(matrix.shape[0])
    row_lower[:balances] = 0.0
    if not elastic:
        row_lower[consumed.ravel()] = row_upper[consumed.ravel()] = usual
    row_upper[balances:].reshape(periods, arcs)[:] = instance.capacity
    return Program(
        cost=cost,
        quadratic=quadratic,
        lower=np.zeros(counts.sum()),
        upper=upper,
        matrix=matrix,
        row_lower=row_lower,
        row_upper=row_upper,
        columns=(),
        rows=(),
    )
