"""What nothing could reach while the calibration range lasted: the range says nothing of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor.network import spread
from corridor.result.reading import pair_of

if TYPE_CHECKING:
    from corridor.network import Network
    from corridor.program import Bools, Ints

__all__ = ["out_of_reach"]


def out_of_reach(net: Network) -> tuple[Bools, Bools]:
    """The case's own supplies (S,) with no way to any buyer, and its demands (D,) with no way from any supply.

    Ways are those of the network's periods: planned and closed links, bans and idle processes are none. A process counts
    where all that it uses can come and all that it makes can go.
    """
    s, d, processes, size = net.supplies, net.demands, net.processes, len(net.balance_node)
    at, link, stream = pair_of(net), net.flows.link, net.flows.stream
    usable = (net.links.capacity.max(axis=0)[link] > 0) & net.flows.allowed.any(axis=0)
    start = at[net.links.start[link], stream][usable]
    end = at[net.links.end[link], stream][usable]
    allowed = d.take_allowed.any(axis=0)
    give_supply, give_at = s.give_supply, at[s.node[s.give_supply], s.give_stream]
    take_demand, take_at = d.take_demand[allowed], at[d.node[d.take_demand], d.take_stream][allowed]
    works = np.asarray(processes.capacity.max(axis=0) > 0)
    while True:
        gives, takes = np.ones(len(s.ids), dtype=bool), np.ones(len(d.ids), dtype=bool)
        gives[processes.output_supply] = works[processes.output_process]
        takes[processes.input_demand] = works[processes.input_process]
        fed = spread(size, start, end, give_at[gives[give_supply]])
        drained = spread(size, end, start, take_at[takes[take_demand]])
        sold = _any(len(s.ids), give_supply, drained[give_at])
        served = _any(len(d.ids), take_demand, fed[take_at])
        still = works.copy()
        still[processes.output_process[~sold[processes.output_supply]]] = False
        still[processes.input_process[~served[processes.input_demand]]] = False
        if (still == works).all():
            return ~sold[: net.own_supplies], ~served[: net.own_demands]
        works = still


def _any(size: int, item: Ints, true: Bools) -> Bools:
    """Items of which any pair is true."""
    found = np.zeros(size, dtype=bool)
    found[item[true]] = True
    return found
