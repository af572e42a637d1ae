"""The floor: an instance of one period straight to the arrays of a program, with no case, no labels and no words.

What Corridor needs beyond this is its own; what the solver needs with these arrays nobody can do without. Columns: flows
by good and arc, steps of supply, demand. Rows: balance of each good and node, then the shared capacity of each arc.
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
    """The program as plain arrays; with fixed demand a demand's column is what goes unserved, else what is consumed."""
    size = instance.size
    n, k, arcs = size.nodes, size.goods, len(instance.start)
    n_flows, n_steps, n_demands = k * arcs, instance.step_capacity.size, len(instance.demand_node)
    balances = k * n
    columns = n_flows + n_steps + n_demands
    first_row = n * np.arange(k)[:, None]
    index = np.empty((n_flows, 3), np.int32)
    index[:, 0] = (first_row + instance.start).ravel()
    index[:, 1] = (first_row + instance.end).ravel()
    index[:, 2] = np.tile(balances + np.arange(arcs), k)
    supplied = np.repeat(instance.supply_good * n + instance.supply_node, instance.step_capacity.shape[1])
    consumed = instance.demand_good * n + instance.demand_node
    usual = instance.demand[0]
    elastic = kind == "elastic"
    matrix = csc_matrix(
        (
            np.concatenate(
                [np.tile([-1.0, 1.0, 1.0], n_flows), np.ones(n_steps), np.full(n_demands, -1.0 if elastic else 1.0)]
            ),
            np.concatenate([index.ravel(), supplied, consumed]).astype(np.int32),
            np.concatenate([3 * np.arange(n_flows), 3 * n_flows + np.arange(n_steps + n_demands + 1)]).astype(np.int32),
        ),
        shape=(balances + arcs, columns),
    )
    slope = instance.price / (instance.elasticity * usual)
    intercept = instance.price * (1 + 1 / instance.elasticity)
    bound = np.zeros(balances)
    bound[consumed] = 0.0 if elastic else usual
    return Program(
        cost=np.concatenate(
            [
                instance.cost.ravel(),
                instance.step_cost.ravel(),
                -intercept if elastic else np.full(n_demands, instance.unserved_value),
            ]
        ),
        quadratic=np.concatenate([np.zeros(n_flows + n_steps), slope if elastic else np.zeros(n_demands)]),
        lower=np.zeros(columns),
        upper=np.concatenate(
            [np.full(n_flows, np.inf), instance.step_capacity.ravel(), intercept / slope if elastic else usual]
        ),
        matrix=matrix,
        row_lower=np.concatenate([bound, np.full(arcs, -np.inf)]),
        row_upper=np.concatenate([bound, instance.capacity]),
        columns=(),
        rows=(),
    )
