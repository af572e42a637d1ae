"""Minimum-cost flow as a linear program: demand is fixed, and going without costs the value of unserved demand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_matrix, hstack, vstack

from corridor.errors import QuestionError
from corridor.formulation.spatial_equilibrium import spatial_equilibrium
from corridor.program import Block

if TYPE_CHECKING:
    from corridor.network.model import Network
    from corridor.program import Program

__all__ = ["SEGMENTS", "min_cost_flow", "piecewise", "with_fixed_demand"]

SEGMENTS = 40
"""Pieces per curve: the error bound falls with its square."""


def min_cost_flow(net: Network) -> tuple[Program, float]:
    """The market of `spatial_equilibrium` with every demand fixed; curves that remain are made piecewise linear.

    Returns the program and a bound on how much its optimum can exceed that of the curves themselves (million USD).
    Raises `QuestionError` where a demand has no value of going unserved, without which nothing makes it be served,
    where a link's average cost rises, or where a seller has market power.
    """
    if net.sales.ids:
        raise QuestionError(
            "min_cost_flow has fixed demand, on which no seller has power (conduct.csv); use spatial_equilibrium"
        )
    without = [net.demands.ids[d] for d in np.flatnonzero(np.isnan(net.demands.unserved_value[0]))]
    if without:
        raise QuestionError(
            f"min_cost_flow needs unserved_value for {', '.join(without[:5])}{' and others' if len(without) > 5 else ''}"
        )
    if (net.links.cubic > 0).any():
        raise QuestionError(
            "min_cost_flow cannot tell links whose average cost rises (cubic_cost); use spatial_equilibrium"
        )
    return piecewise(spatial_equilibrium(with_fixed_demand(net)))


def with_fixed_demand(net: Network) -> Network:
    """The network whose every demand takes its quantity unless priced out; what consumers gain is counted on it too."""
    return replace(net, demands=replace(net.demands, elasticity=np.zeros_like(net.demands.elasticity)))


def piecewise(program: Program, segments: int = SEGMENTS) -> tuple[Program, float]:
    """Replace each quadratic cost by `segments` pieces of constant marginal cost, chords of the parabola.

    A chord lies at most q w^2 / 8 above its parabola over a piece of width w; the bound is their sum over columns, since
    each column ends in one piece. A column without an upper bound is cut at ten times the point where its marginal cost
    is zero (at 10 where that is nowhere).
    """
    curved = np.flatnonzero(program.quadratic > 0)
    if not len(curved):
        return program, 0.0
    q, c = program.quadratic[curved], program.cost[curved]
    low = program.lower[curved]
    high = np.where(np.isfinite(program.upper[curved]), program.upper[curved], np.maximum(10.0 * np.abs(c) / q, 10.0))
    width = (high - low) / segments
    edges = low[:, None] + width[:, None] * np.arange(segments)[None, :]
    marginal = c[:, None] + q[:, None] * (edges + width[:, None] / 2)
    n_curved, n_pieces = len(curved), len(curved) * segments
    rows, columns = program.matrix.shape
    link = csc_matrix((np.ones(n_curved), (np.arange(n_curved), curved)), shape=(n_curved, columns))
    pieces = csc_matrix(
        (-np.ones(n_pieces), (np.repeat(np.arange(n_curved), segments), np.arange(n_pieces))),
        shape=(n_curved, n_pieces),
    )
    cost, quadratic, upper = program.cost.copy(), program.quadratic.copy(), program.upper.copy()
    cost[curved], quadratic[curved], upper[curved] = 0.0, 0.0, high
    # The first key of every block is the period; pieces keep that of the column they stand for.
    labels = tuple(program.column_label(int(j)).replace("(", "[").replace(")", "]") for j in curved)
    first = np.concatenate([b.keys[0] for b in program.columns])[curved]
    periods = program.columns[0].names[0]
    which = np.repeat(np.arange(n_curved), segments)
    keys = first[which], which, np.tile(np.arange(segments), n_curved)
    linear = replace(
        program,
        cost=np.concatenate([cost, marginal.ravel()]),
        quadratic=np.concatenate([quadratic, np.zeros(n_pieces)]),
        lower=np.concatenate([program.lower, np.zeros(n_pieces)]),
        upper=np.concatenate([upper, np.repeat(width, segments)]),
        matrix=csc_matrix(vstack([hstack([program.matrix, csc_matrix((rows, n_pieces))]), hstack([link, pieces])])),
        row_lower=np.concatenate([program.row_lower, low]),
        row_upper=np.concatenate([program.row_upper, low]),
        columns=(
            *program.columns,
            Block("piece", columns, keys, (periods, labels, tuple(f"piece_{n}" for n in range(segments)))),
        ),
        rows=(*program.rows, Block("pieces", rows, (first, np.arange(n_curved)), (periods, labels))),
        constant=program.constant + float((c * low + 0.5 * q * low**2).sum()),
    )
    return linear, float((q * width**2 / 8).sum())
