"""From periods to the case's own steps, in which results on different calendars can be set side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import datetime as dt

    from corridor.network import Network
    from corridor.program import Floats

__all__ = ["step_starts", "step_totals"]


def step_starts(net: Network) -> list[dt.date]:
    """First day of each step."""
    periods = net.periods
    return [periods.starts[int(np.searchsorted(periods.step, m))] for m in range(int(periods.step[-1]) + 1)]


def step_totals(net: Network, rate: Floats) -> Floats:
    """Volumes by step, shape (steps, ...), of rates by period, shape (T, ...), in good.unit per year."""
    volume = rate * net.years.reshape(-1, *[1] * (rate.ndim - 1))
    total = np.zeros((int(net.periods.step[-1]) + 1, *rate.shape[1:]))
    np.add.at(total, net.periods.step, volume)
    return total
