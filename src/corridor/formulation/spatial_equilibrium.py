"""Competitive spatial price equilibrium as a convex quadratic program (Samuelson 1952; Takayama and Judge 1971).

    maximise  sum_t tau_t [ sum_d integral of P_d - sum_s integral of MC_s - cost of moving ] subject to the balances.

Its optimum is the competitive equilibrium: at every node with trade the price is the dual of the balance, producers'
marginal cost meets it, consumers' willingness to pay meets it, and no shipment earns more than its cost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor.formulation.assemble import Assembly
from corridor.formulation.columns import market_columns
from corridor.formulation.constraints import CONSTRAINTS

if TYPE_CHECKING:
    from corridor.network.model import Network
    from corridor.program import Floats, Program

__all__ = ["spatial_equilibrium"]


def spatial_equilibrium(net: Network, carried: Floats | None = None) -> Program:
    """The market objective as a cost to minimise, under every constraint of `constraints.py`.

    `carried`, shape (T, A), is the flow around which rising average costs (harker) are linearised; None: around zero.
    """
    at = Assembly()
    columns = market_columns(net, at, carried)
    for constraint in CONSTRAINTS:
        constraint(net, at, columns)
    return at.program()
