"""Tables of a result, in the words of the case: long DataFrames with a `unit` column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from corridor.program import Floats, Ints
    from corridor.result.model import Result

__all__ = [
    "accounting",
    "binding",
    "deliveries",
    "emergencies",
    "flows",
    "ledger",
    "obligations",
    "prices",
    "stocks",
    "supply",
    "unserved",
]


def _text(values: Any) -> Any:
    return np.array(list(values), dtype=object)


def _long(result: Result, values: Floats, unit_of: Any, **keys: Any) -> pd.DataFrame:
    """(T, items) values with keys per item, period by period."""
    import pandas as pd

    labels = _text(result.network.periods.labels)
    n_periods, n_items = values.shape
    columns = {name: np.tile(_text(key), n_periods) for name, key in keys.items()}
    columns["period"] = np.repeat(labels, n_items)
    columns["value"] = values.ravel()
    columns["unit"] = np.tile(_text(unit_of), n_periods)
    return pd.DataFrame(columns)


def _stream_names(result: Result, stream: Ints) -> tuple[list[str], list[str], list[str]]:
    """Good, stream label and unit of each entry."""
    net = result.network
    good = net.stream_good[stream]
    return (
        [net.goods[g] for g in good],
        [net.streams[k].label for k in stream],
        [net.good_unit[g] for g in good],
    )


def flows(result: Result) -> pd.DataFrame:
    """See `Result.flows`."""
    net = result.network
    good, stream, unit = _stream_names(result, net.flows.stream)
    return _long(
        result,
        result.reading.flow,
        [f"{u}/yr" for u in unit],
        link=[net.links.ids[a] for a in net.flows.link],
        good=good,
        stream=stream,
    )


def prices(result: Result) -> pd.DataFrame:
    """See `Result.prices`."""
    from corridor.case.units import canonical_price_unit

    net = result.network
    good, stream, unit = _stream_names(result, net.balance_stream)
    idle = result.reading.idle
    table = _long(
        result,
        np.where(idle, np.nan, result.reading.price),
        [canonical_price_unit(u) for u in unit],
        node=[net.nodes[n] for n in net.balance_node],
        good=good,
        stream=stream,
    )
    table["why_absent"] = np.where(idle.ravel(), "nothing passes here, so there is no price", "")
    return table


def supply(result: Result) -> pd.DataFrame:
    """See `Result.supply`."""
    net = result.network
    good, stream, unit = _stream_names(result, net.supplies.give_stream)
    return _long(
        result,
        result.reading.give,
        [f"{u}/yr" for u in unit],
        supply=[net.supplies.ids[s] for s in net.supplies.give_supply],
        node=[net.nodes[net.supplies.node[s]] for s in net.supplies.give_supply],
        good=good,
        stream=stream,
    )


def deliveries(result: Result) -> pd.DataFrame:
    """See `Result.deliveries`."""
    net = result.network
    good, stream, unit = _stream_names(result, net.demands.take_stream)
    return _long(
        result,
        result.reading.take,
        [f"{u}/yr" for u in unit],
        demand=[net.demands.ids[d] for d in net.demands.take_demand],
        node=[net.nodes[net.demands.node[d]] for d in net.demands.take_demand],
        good=good,
        stream=stream,
    )


def unserved(result: Result) -> pd.DataFrame:
    """See `Result.unserved`."""
    net = result.network
    short = np.maximum(net.demands.reference - result.reading.demand, 0.0)
    return _long(
        result,
        short,
        [f"{net.good_unit[g]}/yr" for g in net.demands.good],
        demand=net.demands.ids,
        node=[net.nodes[n] for n in net.demands.node],
        good=[net.goods[g] for g in net.demands.good],
    )


def stocks(result: Result) -> pd.DataFrame:
    """See `Result.stocks`."""
    net = result.network
    good, stream, unit = _stream_names(result, net.stores.pair_stream)
    return _long(
        result,
        result.reading.level,
        unit,
        storage=[net.stores.ids[n] for n in net.stores.pair_store],
        good=good,
        stream=stream,
    )


def ledger(result: Result) -> pd.DataFrame:
    """See `Result.ledger`."""
    import pandas as pd

    labels = result.network.periods.labels
    rows = [
        (labels[r.period], r.what, r.column, r.before, r.after, r.instrument)
        for r in sorted(result.network.ledger, key=lambda r: (r.period, r.what, r.instrument))
    ]
    return pd.DataFrame(rows, columns=["period", "what", "column", "before", "after", "instrument"])


def binding(result: Result) -> pd.DataFrame:
    """See `Result.binding`. The worth of one more unit is in the price unit of the limit's good."""
    import pandas as pd

    from corridor.case.units import canonical_price_unit

    net = result.network
    price_unit = [canonical_price_unit(u) for u in net.good_unit]
    # A closed link has no rent worth telling: what it would carry is not known from what passes now.
    passes = np.zeros(net.links.capacity.shape, dtype=bool)
    np.logical_or.at(passes.T, net.flows.link, (result.reading.flow > 1e-6).T)
    rows: list[tuple[str, str, float, str]] = []
    for span, built, stage in zip(result.spans, result.programs, result.stages, strict=True):
        for block in built.full.rows:
            if block.name not in ("link_capacity", "pool_capacity", "store_capacity"):
                continue
            t, item = block.keys[0], block.keys[1]
            worth = -stage.solution.row_dual[block.span] / net.years[t]
            full = (worth > 1e-6) & (t >= span.start) & (t < span.stop)
            if block.name == "link_capacity":
                full &= passes[t, item]
            full = np.flatnonzero(full)
            rows.extend(
                (
                    block.names[1][item[i]],
                    net.periods.labels[t[i]],
                    float(worth[i]),
                    _good_unit(net, block.name, int(item[i]), price_unit),
                )
                for i in full
            )
        block = built.full.column_block("flow")
        worth = np.maximum(-stage.solution.column_dual[block.span], 0.0) / net.years[block.keys[0]]
        bounded = (worth > 1e-6) & (block.keys[0] >= span.start) & (block.keys[0] < span.stop)
        bounded &= passes[block.keys[0], block.keys[1]]
        for i in np.flatnonzero(bounded):
            unit = price_unit[net.stream_good[block.keys[2][i]]]
            rows.append((net.links.ids[block.keys[1][i]], net.periods.labels[block.keys[0][i]], float(worth[i]), unit))
    table = pd.DataFrame(rows, columns=["what", "period", "rent", "unit"])
    return table.sort_values(["period", "rent"], ascending=[True, False], ignore_index=True)


def _good_unit(net: Any, block: str, item: int, price_unit: list[str]) -> str:
    if block == "store_capacity":
        first = np.flatnonzero(net.stores.pair_store == item)[0]
        return price_unit[net.stream_good[net.stores.pair_stream[first]]]
    if block == "pool_capacity":
        member = net.pools.member_flow[np.flatnonzero(net.pools.member_pool == item)[0]]
    else:
        member = np.flatnonzero(net.flows.link == item)[0]
    return price_unit[net.stream_good[net.flows.stream[member]]]


def obligations(result: Result) -> pd.DataFrame:
    """See `Result.obligations`."""
    import pandas as pd

    from corridor.case.units import canonical_price_unit

    net = result.network
    rows = []
    built, stage = result.programs[-1], result.stages[-1]
    blocks = {b.name: b for b in built.full.rows}
    for limit in net.limits:
        if limit.quantity != "flow" or "limit" not in blocks:
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

    rows = []
    for built, stage in zip(result.programs, result.stages, strict=True):
        for name in ("short", "over") if stage.emergency else ():
            block = built.full.column_block(name)
            values = stage.solution.primal[block.span]
            rows.extend(
                (block.names[0][block.keys[0][i]], name, float(values[i])) for i in np.flatnonzero(values > 1e-6)
            )
    return pd.DataFrame(rows, columns=["row", "side", "value"])
