"""Network -> Program: two formulations over one set of columns and constraints."""

from __future__ import annotations

from corridor.formulation.constraints import CONSTRAINTS
from corridor.formulation.curves import supply_segments
from corridor.formulation.min_cost_flow import min_cost_flow, piecewise, with_fixed_demand
from corridor.formulation.revise import ShapeError, revised
from corridor.formulation.sides import Columns, deliveries
from corridor.formulation.spatial_equilibrium import spatial_equilibrium

__all__ = [
    "CONSTRAINTS",
    "Columns",
    "ShapeError",
    "deliveries",
    "min_cost_flow",
    "piecewise",
    "revised",
    "spatial_equilibrium",
    "supply_segments",
    "with_fixed_demand",
]
