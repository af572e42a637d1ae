"""Supply and demand curves as two segments each: a flat one and a rising or falling one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from corridor.network.model import Demands, Network, Supplies
    from corridor.program import Floats

__all__ = ["Segments", "demand_segments", "mark_up_slopes", "supply_segments"]


@dataclass(frozen=True)
class Segments:
    """A piecewise-linear curve, each array of shape (T, items).

    Over the first `flat` units its height is `level`; over the next `width` units it starts at `start` and changes by
    `slope` per unit (>= 0, rising for supply and falling for demand).
    """

    flat: Floats
    level: Floats
    width: Floats
    start: Floats
    slope: Floats


def supply_segments(supplies: Supplies) -> Segments:
    """MC(q) = max(avoidable, p0 + p0 (q - q0) / (e q0)), q <= available; e = 0: avoidable up to min(q0, available).

    Starting at the avoidable cost keeps half a field from having negative cost, which a straight inelastic line through
    the observed point would give it.
    """
    q0, p0, floor = supplies.reference, supplies.price, supplies.avoidable
    elastic = (supplies.elasticity > 0) & (q0 > 0) & (p0 > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = np.where(elastic, p0 / (supplies.elasticity * q0), 0.0)
        reached = np.where(elastic, q0 + (floor - p0) / slope, np.minimum(q0, supplies.available))
        flat = np.clip(reached, 0.0, supplies.available)
        # An unlimited supply gives infinity less infinity where it is not elastic: that segment is not there.
        width = np.where(elastic, supplies.available - flat, 0.0)
        start = np.where(elastic, np.maximum(floor, p0 - slope * q0), floor)
    return Segments(flat=flat, level=floor, width=width, start=start, slope=slope)


def demand_segments(demands: Demands) -> Segments:
    """P(q) = min(V, p0 + p0 (q - q0) / (e q0)), P >= 0, with V the value of unserved demand; e = 0: q0 at V."""
    q0, p0 = demands.reference, demands.price
    elastic = (demands.elasticity < 0) & (q0 > 0) & (p0 > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = np.where(elastic, p0 / (-demands.elasticity * q0), 0.0)
        intercept = p0 + slope * q0
        cap = np.where(np.isnan(demands.unserved_value), intercept, np.minimum(demands.unserved_value, intercept))
        flat = np.where(elastic, (intercept - cap) / slope, q0)
        width = np.where(elastic, cap / slope, 0.0)
    level = np.where(elastic, cap, demands.unserved_value)
    return Segments(flat=np.where(elastic, flat, q0), level=level, width=width, start=level, slope=slope)


def mark_up_slopes(net: Network) -> Floats:
    """theta b of each seller in each demand, (T, M): what a unit more of its sales takes off its own marginal revenue.

    b is the slope of the demand curve, million USD per good.unit and good.unit per year.
    """
    return np.asarray(net.sales.theta * demand_segments(net.demands).slope[:, net.sales.demand])
