"""What stands beside the links and the two sides of the market: stores, pools, ramps, route preferences, wedges."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np

from corridor.case.records import records
from corridor.network.model import Pools, Ramp, Routes, Stores
from corridor.network.pairs import observed_origins, spread
from corridor.network.tables import indices, levels, numbers

if TYPE_CHECKING:
    from corridor.case.model import Case
    from corridor.network.calendar import Periods
    from corridor.network.edits import Capacities
    from corridor.network.model import Links, Supplies
    from corridor.network.streams import Stream
    from corridor.program import Floats, Ints

__all__ = ["pools_of", "ramp_of", "routes_of", "stores_of", "wedges_of"]

USE_VALUE = 1e-4
"""What a year of the usual stock is worth, as a share of the good's value: next to nothing, but it says where the stock
stays when prices are the same in every month, which otherwise nothing would; assumed."""


def stores_of(
    case: Case,
    nodes: Sequence[str],
    goods: Sequence[str],
    stream_good: Ints,
    capacity: Floats,
    links: Links,
    supplies: Supplies,
    given: Floats,
) -> Stores:
    """Storages by stream; `given`, shape (S,), is what each supply can give when the calendar begins."""
    ids = tuple(case.column("storage", "id"))
    node, good = indices(case.column("storage", "node"), nodes), indices(case.column("storage", "good"), goods)
    initial = np.nan_to_num(numbers(case, "storage", "initial"))
    store, stream = np.nonzero(good[:, None] == stream_good[None, :])
    weight = _reaching(len(nodes), store, stream, node, links, supplies, given)
    total = np.bincount(store, weights=weight, minlength=len(ids))[store]
    share = np.divide(weight, total, out=np.zeros(len(store)), where=total > 0)
    end_value = levels(case, "storage", "price", np.nan)
    return Stores(
        ids=ids,
        node=node,
        capacity=capacity,
        initial=initial,
        holding_cost=np.nan_to_num(numbers(case, "storage", "holding_cost")),
        end_value=end_value,
        use_value=USE_VALUE * np.nan_to_num(end_value),
        pair_store=store,
        pair_stream=stream,
        pair_initial=initial[store] * share,
    )


def _reaching(
    n_nodes: int, store: Ints, stream: Ints, store_node: Ints, links: Links, supplies: Supplies, given: Floats
) -> Floats:
    """Available supply of a store's stream that can reach the store, per pair of store and stream.

    Whose good lies in a store at the start is not observed: it is taken as in the supply that can get there.
    """
    weight = np.ones(len(store))
    # Where there is one stream, all that lies in the store is of it.
    for number in np.flatnonzero(np.bincount(store) > 1):
        upstream = spread(n_nodes, links.end, links.start, store_node[[number]])
        here = upstream[supplies.node[supplies.give_supply]]
        by_stream = np.bincount(
            supplies.give_stream[here],
            weights=given[supplies.give_supply[here]],
            minlength=int(stream.max()) + 1,
        )
        mine = np.flatnonzero(store == number)
        # Where nothing can get there any more, what lies there still does.
        if by_stream[stream[mine]].any():
            weight[mine] = by_stream[stream[mine]]
    return weight


def pools_of(case: Case, links: Links, capacity: Floats, flow_link: Ints) -> Pools:
    """Capacities shared by several links; a link that several streams use stands in its pool once per flow."""
    ids, members = tuple(case.column("pools", "id")), case.tables["pool_links"]
    pool, link = indices(members["pool"], ids), indices(members["link"], links.ids)
    member, flow = np.nonzero(link[:, None] == flow_link[None, :])
    return Pools(ids, capacity, pool[member], flow, numbers(case, "pool_links", "weight")[member])


def ramp_of(case: Case, table: str, edited: Capacities, periods: Periods) -> Ramp:
    """Bounds on the change between averages over steps, for the rows of a table that have any."""
    up, down = (numbers(case, table, column) for column in ("ramp_up", "ramp_down"))
    item = np.flatnonzero(~(np.isnan(up) & np.isnan(down)))
    after = edited.result()[:, item]
    fell = np.zeros((int(periods.step[-1]) + 1, len(item)), dtype=bool)
    with np.errstate(invalid="ignore"):
        np.logical_or.at(fell, periods.step, after < edited.base[:, item])
    return Ramp(
        table=table,
        ids=edited.ids,
        item=item,
        up=np.where(np.isnan(up), np.inf, up)[item],
        down=np.where(np.isnan(down), np.inf, down)[item],
        down_free=fell,
    )


def routes_of(
    case: Case, links: Links, streams: Sequence[Stream], flow_link: Ints, flow_stream: Ints, kappa: float | None
) -> Routes:
    """Preferences by route corridor, good and observed origin; none where `kappa`, or the case's own, is 0."""
    table = case.tables["preferences"]
    strength = case.settings.kappa if kappa is None else kappa
    screens = dict(zip(case.column("corridors", "id"), case.column("corridors", "screen"), strict=True))
    apart = {(d.good, d.origins) for d in observed_origins(case)}
    ids: list[str] = []
    slope, observed, route, flow = [], [], [], []
    for row in records(table) if strength > 0 else []:
        counts = [
            s.good == row["good"]
            and (s.origins == {row["origin"]} if row["origin"] else (s.good, s.origins) not in apart)
            for s in streams
        ]
        at = flow_link == links.ids.index(screens[row["corridor"]])
        member = np.flatnonzero(at & np.array(counts)[flow_stream])
        if not len(member):
            continue
        route.extend([len(ids)] * len(member))
        flow.extend(member.tolist())
        ids.append(".".join(part for part in (row["corridor"], row["good"], row["origin"]) if part))
        slope.append(strength * row["slope"])
        observed.append(row["flow"])
    return Routes(
        tuple(ids),
        np.array(slope, float),
        np.array(observed, float),
        np.array(route, np.int64),
        np.array(flow, np.int64),
    )


def wedges_of(
    case: Case,
    links: Links,
    pool_capacity: Floats,
    flow_link: Ints,
    flow_good: Ints,
    goods: Sequence[str],
    *,
    as_cost: float,
) -> Floats:
    """Wedge of every flow, shape (T, F): that of its link and good; of scarcity a share `as_cost` outlasts it."""
    names = case.column("wedges", "link")
    position = dict(zip(links.ids, range(len(links.ids)), strict=True))
    every = np.fromiter(map(position.get, names, repeat(-1)), dtype=np.int64, count=len(names))
    here = np.flatnonzero(every >= 0)  # the others are those of processes (network/processes.py)
    if not len(here):
        return np.zeros((len(links.capacity), len(flow_link)))
    link, good = every[here], indices(case.column("wedges", "good")[here], goods)
    value = np.tile(numbers(case, "wedges", "wedge")[here], (len(links.capacity), 1))
    if as_cost < 1.0:
        # Read as scarcity, the wedge is gone once what was full has more capacity than it had.
        scarce = np.flatnonzero(case.column("wedges", "reading")[here] == "scarcity")
        now = links.capacity[:, link[scarce]]
        pool = case.column("wedges", "pool")[here][scarce]
        shared = np.flatnonzero([name is not None for name in pool])
        now[:, shared] = pool_capacity[:, indices(pool[shared], tuple(case.column("pools", "id")))]
        room = numbers(case, "wedges", "capacity")[here][scarce]
        value[:, scarce] = np.where(now > room * (1 + 1e-9), as_cost, 1.0) * value[:, scarce]
    row = np.full((len(links.ids), len(goods)), -1)
    row[link, good] = np.arange(len(here))
    found = row[flow_link, flow_good]
    return np.where(found >= 0, value[:, found], 0.0)
