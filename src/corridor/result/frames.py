"""Tables of a result, in the words of the case: long DataFrames with a `unit` column."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor.formulation.curves import demand_segments, mark_up_slopes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import pandas as pd

    from corridor.network import Network
    from corridor.program import Block, Bools, Floats, Ints
    from corridor.result.model import Result
    from corridor.result.setup import Stage, StageProgram

    Texts = np.ndarray[tuple[int, ...], np.dtype[np.object_]]

__all__ = [
    "accounting",
    "activity",
    "binding",
    "consumer_prices",
    "deliveries",
    "emergencies",
    "flows",
    "obligations",
    "prices",
    "sales",
    "stocks",
    "supply",
    "unserved",
]


_CAPACITIES = ("link_capacity", "pool_capacity", "store_capacity")
"""Row blocks that hold a capacity each."""
_PASSES = 1e-6
"""Rate (good.unit per year) from which a link is said to carry something."""


def _text(values: Iterable[str]) -> Texts:
    """Texts as an array of objects, so that pandas keeps them as they are."""
    return values if isinstance(values, np.ndarray) else np.array(list(values), dtype=object)


def _long(result: Result, values: Floats, units: Iterable[str], **keys: Iterable[str]) -> pd.DataFrame:
    """(T, items) values as a long table, period by period; `units` and each of `keys` have one text per item."""
    import pandas as pd

    labels = _text(result.network.periods.labels)
    n_periods, n_items = values.shape
    columns: dict[str, Texts | Floats] = {name: np.tile(_text(key), n_periods) for name, key in keys.items()}
    columns["period"] = np.repeat(labels, n_items)
    columns["value"] = values.ravel()
    columns["unit"] = np.tile(_text(units), n_periods)
    return pd.DataFrame(columns)


def _per_year(unit: str) -> str:
    return f"{unit}/yr"


def _named(names: Sequence[str], at: Ints) -> Texts:
    """The name at each position."""
    return _text(names)[at]


def _stream_names(result: Result, stream: Ints, unit_of: Callable[[str], str]) -> tuple[Texts, Texts, Texts]:
    """Good, stream label and unit of each entry; `unit_of` makes it from the good's unit."""
    net = result.network
    good = net.stream_good[stream]
    units = [unit_of(unit) for unit in net.good_unit]
    return _named(net.goods, good), _named([s.label for s in net.streams], stream), _named(units, good)


def flows(result: Result) -> pd.DataFrame:
    """See `Result.flows`."""
    net = result.network
    good, stream, unit = _stream_names(result, net.flows.stream, _per_year)
    return _long(
        result,
        result.reading.flow,
        unit,
        link=_named(net.links.ids, net.flows.link),
        good=good,
        stream=stream,
    )


def prices(result: Result) -> pd.DataFrame:
    """See `Result.prices`."""
    from corridor.case.units import canonical_price_unit

    net = result.network
    good, stream, unit = _stream_names(result, net.balance_stream, canonical_price_unit)
    idle = result.reading.idle
    table = _long(
        result,
        np.where(idle, np.nan, result.reading.price),
        unit,
        node=_named(net.nodes, net.balance_node),
        good=good,
        stream=stream,
    )
    table["why_absent"] = np.where(idle.ravel(), "nothing passes here, so there is no price", "")
    return table


def supply(result: Result) -> pd.DataFrame:
    """See `Result.supply`."""
    net = result.network
    good, stream, unit = _stream_names(result, net.supplies.give_stream, _per_year)
    return _long(
        result,
        result.reading.give,
        unit,
        supply=_named(net.supplies.ids, net.supplies.give_supply),
        node=_named(net.nodes, net.supplies.node[net.supplies.give_supply]),
        good=good,
        stream=stream,
    )


def deliveries(result: Result) -> pd.DataFrame:
    """See `Result.deliveries`."""
    net = result.network
    good, stream, unit = _stream_names(result, net.demands.take_stream, _per_year)
    return _long(
        result,
        result.reading.take,
        unit,
        demand=_named(net.demands.ids, net.demands.take_demand),
        node=_named(net.nodes, net.demands.node[net.demands.take_demand]),
        good=good,
        stream=stream,
    )


def consumer_prices(result: Result) -> Floats:
    """What each demand is ready to pay for its last unit, (T, D), as its curve says; what buyers pay, mark-ups included."""
    curve, taken = demand_segments(result.network.demands), result.reading.demand
    return np.asarray(curve.start - curve.slope * np.maximum(taken - curve.flat, 0.0))


def sales(result: Result) -> pd.DataFrame:
    """See `Result.sales`."""
    import pandas as pd

    from corridor.case.units import canonical_price_unit

    net, reading, told = result.network, result.reading, result.network.sales
    names = ["seller", "demand", "good", "period", "value", "unit", "share", "mark_up", "price", "price_unit"]
    if not told.ids:
        return pd.DataFrame(columns=names)
    sold, slope = told.sold(reading.take), mark_up_slopes(net)
    wanted = reading.demand[:, told.demand]
    price = consumer_prices(result)[:, told.demand]
    share = np.divide(sold, wanted, out=np.zeros_like(sold), where=wanted > 0)
    t, m = np.repeat(np.arange(len(net.periods)), len(told.ids)), np.tile(np.arange(len(told.ids)), len(net.periods))
    good = net.demands.good[told.demand[m]]
    columns = {
        "seller": [told.seller[i] for i in m],
        "demand": [net.demands.ids[told.demand[i]] for i in m],
        "good": [net.goods[g] for g in good],
        "period": [net.periods.labels[i] for i in t],
        "value": sold.ravel(),
        "unit": [f"{net.good_unit[g]}/yr" for g in good],
        "share": share.ravel(),
        "mark_up": (slope * sold).ravel(),
        "price": price.ravel(),
        "price_unit": [canonical_price_unit(net.good_unit[g]) for g in good],
    }
    return pd.DataFrame(columns)[names]


def unserved(result: Result) -> pd.DataFrame:
    """See `Result.unserved`."""
    net, own = result.network, slice(result.network.own_demands)
    short = np.maximum(net.demands.reference - result.reading.demand, 0.0)
    return _long(
        result,
        short[:, own],
        _named([_per_year(unit) for unit in net.good_unit], net.demands.good[own]),
        demand=net.demands.ids[own],
        node=_named(net.nodes, net.demands.node[own]),
        good=_named(net.goods, net.demands.good[own]),
    )


def activity(result: Result) -> pd.DataFrame:
    """See `Result.activity`."""
    net = result.network
    return _long(
        result,
        result.reading.activity,
        _named([_per_year(unit) for unit in net.good_unit], net.processes.good),
        process=net.processes.ids,
        node=_named(net.nodes, net.processes.node),
        good=_named(net.goods, net.processes.good),
    )


def stocks(result: Result) -> pd.DataFrame:
    """See `Result.stocks`."""
    net = result.network
    good, stream, unit = _stream_names(result, net.stores.pair_stream, str)
    return _long(
        result,
        result.reading.level,
        unit,
        storage=_named(net.stores.ids, net.stores.pair_store),
        good=good,
        stream=stream,
    )


def binding(result: Result) -> pd.DataFrame:
    """See `Result.binding`. The worth of one more unit is in the price unit of the limit's good."""
    import pandas as pd

    from corridor.case.units import canonical_price_unit

    net = result.network
    price_unit = [canonical_price_unit(u) for u in net.good_unit]
    # A closed link has no rent worth telling: what it would carry is not known from what passes now.
    passes = np.zeros(net.links.capacity.shape, dtype=bool)
    np.logical_or.at(passes.T, net.flows.link, (result.reading.flow > _PASSES).T)
    rows = []
    for span, built, stage in zip(result.spans, result.programs, result.stages, strict=True):
        for block, over_period in _worths(built, stage, passes):
            period, item = block.keys[:2]
            worth = over_period / net.years[period]
            for i in np.flatnonzero((worth > 1e-6) & (period >= span.start) & (period < span.stop)):
                good = good_of(net, block, int(i))
                rows.append((block.names[1][item[i]], net.periods.labels[period[i]], float(worth[i]), price_unit[good]))
    table = pd.DataFrame(rows, columns=["what", "period", "rent", "unit"])
    return table.sort_values(["period", "rent"], ascending=[True, False], ignore_index=True)


def _worths(built: StageProgram, stage: Stage, passes: Bools) -> Iterator[tuple[Block, Floats]]:
    """Blocks that hold capacities, with what a unit more over the period would be worth, one per member.

    `passes` (T, A) says which links carry anything.
    """
    solution = stage.solution
    for block in built.full.rows:
        if block.name in _CAPACITIES:
            worth = -solution.row_dual[block.span]
            yield (
                block,
                np.where(passes[block.keys[0], block.keys[1]], worth, 0.0) if block.name == "link_capacity" else worth,
            )
    # A link that one stream has to itself is bounded in its column; a stream held at zero by a ban fills no link.
    flow = built.full.column_block("flow")
    flows = solution.primal[flow.span] > _PASSES
    yield flow, np.where(flows, -solution.column_dual[flow.span], 0.0)
    for quota in (b for b in built.full.columns if b.name == "within_quota"):
        # A quota is a volume: its dual is per unit as it stands.
        yield quota, -solution.column_dual[quota.span] * built.network.years[quota.keys[0]]
    for activity_block in (b for b in built.full.columns if b.name == "activity"):
        runs = solution.primal[activity_block.span] > _PASSES
        yield activity_block, np.where(runs, -solution.column_dual[activity_block.span], 0.0)


def good_of(net: Network, block: Block, member: int) -> int:
    """Position of the good that a figure is of: a pool's or a shared link's is that of the first flow it holds."""
    item = block.keys[1 if len(block.keys) > 1 else 0][member]
    if block.name == "activity":
        return int(net.processes.good[item])
    if block.name.startswith(("supply", "ramp_supply", "process_output")):
        return int(net.supplies.good[item])
    if block.name.startswith(("demand", "process_input")):
        return int(net.demands.good[item])
    if block.name.startswith("store"):
        stream = net.stores.pair_stream[np.flatnonzero(net.stores.pair_store == item)[0]]
    elif block.name == "flow":
        stream = block.keys[2][member]
    elif block.name in ("within_quota", "tariff_quota"):
        stream = net.demands.take_stream[net.tariff_quotas[item].item[0]]
    elif block.name == "limit":
        limit = net.limits[item]
        stream = (net.flows.stream if limit.quantity == "flow" else net.demands.take_stream)[limit.item[0]]
    elif block.name == "pool_capacity":
        stream = net.flows.stream[net.pools.member_flow[np.flatnonzero(net.pools.member_pool == item)[0]]]
    else:
        stream = net.flows.stream[np.flatnonzero(net.flows.link == item)[0]]
    return int(net.stream_good[stream])


def obligations(result: Result) -> pd.DataFrame:
    """See `Result.obligations`."""
    import pandas as pd

    from corridor.case.units import canonical_price_unit

    net = result.network
    rows = []
    built, stage = result.programs[-1], result.stages[-1]
    blocks = {b.name: b for b in built.full.rows}
    for limit in net.limits:
        if limit.quantity != "flow" or not np.isfinite(limit.lower) or "limit" not in blocks:
            continue
        row = blocks["limit"].start + blocks["limit"].names[0].index(limit.id)
        volume = float((built.full.matrix[row] @ stage.solution.primal).item())
        support = float(stage.solution.row_dual[row])
        unit = net.good_unit[net.stream_good[net.flows.stream[limit.item[0]]]]
        rows.append(
            (
                limit.instrument,
                limit.target,
                limit.lower,
                volume,
                unit,
                support,
                canonical_price_unit(unit),
                support * volume,
                "million USD",
            )
        )
    columns = ["instrument", "target", "least", "volume", "unit", "support", "support_unit", "cost", "cost_unit"]
    return pd.DataFrame(rows, columns=columns)


def accounting(result: Result) -> pd.DataFrame:
    """See `Result.accounting`."""
    import pandas as pd

    lines = [
        *result.settlement.lines,
        ("sum of gains", sum(v for _, v in result.settlement.lines) + result.settlement.residual),
    ]
    return pd.DataFrame([(name, value, "million USD") for name, value in lines], columns=["line", "value", "unit"])


def emergencies(result: Result) -> pd.DataFrame:
    """See `Result.emergencies`."""
    import pandas as pd

    rows: list[tuple[str, str, float]] = []
    for built, stage in zip(result.programs, result.stages, strict=True):
        for name in ("short", "over") if stage.emergency else ():
            block = built.full.column_block(name)
            values = stage.solution.primal[block.span]
            rows.extend(
                (block.names[0][block.keys[0][i]], name, float(values[i])) for i in np.flatnonzero(values > 1e-6)
            )
    return pd.DataFrame(rows, columns=["row", "side", "value"])
