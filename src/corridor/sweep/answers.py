"""The one number that answers a question in one variation."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from corridor.analysis import exports_by_country, link_volumes, measure, output_of
from corridor.case import canonical_price_unit, corridor_screens
from corridor.errors import QuestionError
from corridor.network import Distinction

if TYPE_CHECKING:
    from corridor.result import Result
    from corridor.sweep.design import Ask

__all__ = ["answered", "told_apart", "unit_of"]

HOW = ("through", "partner", "touching", "via")
"""Ways of a share."""


def told_apart(ask: Ask) -> tuple[Distinction, ...]:
    """Streams that a question needs told apart, so that no result is solved twice for it."""
    if ask.good is None or ask.of is None:
        return ()
    wanted = [ask.of]
    if ask.what == "share" and ask.direction == "imports":
        wanted += [x for x in (ask.through, ask.partner, ask.touching) if x]
    return tuple(Distinction(ask.good, frozenset({country})) for country in wanted)


def unit_of(ask: Ask, unit: str) -> str:
    """Unit of the number; `unit` is that of the good."""
    if ask.what in ("price", "support"):
        return canonical_price_unit(unit)
    return {"share": "", "gains": "million USD"}.get(ask.what, unit)


def answered(ask: Ask, base: Result, result: Result) -> float:
    """The number: a share or a support of `result`, or what changes from `base` to it.

    Raises `QuestionError` where there is none.
    """
    if ask.what == "share":
        how, what = next((how, x) for how in HOW if (x := getattr(ask, how)))
        told = measure(result, ask.good or "", ask.of or "", how, what, ask.direction, ask.over, ask.basis, None)
        if told.total <= 0:
            raise QuestionError(f"{ask.of} has no {ask.direction} of {ask.good}")
        return told.value
    if ask.what == "gains":
        return _gains(result, ask) - _gains(base, ask)
    if ask.what == "price":
        return _price(result, ask) - _price(base, ask)
    if ask.what == "support":
        return _support(result, ask)
    if ask.what == "output_lost":
        return output_of(base, ask.good or "") - output_of(result, ask.good or "")
    if ask.what == "rerouted":
        return _carried(result, ask) - _carried(base, ask)
    return _exports(base, ask) - _exports(result, ask)


def _exports(result: Result, ask: Ask) -> float:
    keys, totals, _ = exports_by_country(result)
    return math.fsum(float(totals[:, n].sum()) for n, key in enumerate(keys) if key == (ask.of, ask.good))


def _carried(result: Result, ask: Ask) -> float:
    keys, totals, _ = link_volumes(result)
    screen = corridor_screens(result.case).get(ask.via or "")
    if screen is None:
        raise QuestionError(f"{result.case.name} has no corridor {ask.via!r}")
    return math.fsum(float(totals[:, n].sum()) for n, key in enumerate(keys) if key == (screen, ask.good))


def _gains(result: Result, ask: Ask) -> float:
    loose = result.loose_gains.get(ask.of or "")
    if loose:
        raise QuestionError(f"nothing determines the price of {loose}, and with it the gains of {ask.of}")
    every = ask.good is None or ask.tied
    found = result.country_gains
    return math.fsum(v for (country, good), v in found.items() if country == ask.of and (every or good == ask.good))


def _price(result: Result, ask: Ask) -> float:
    """Mean over all that passes the node while the calendar lasts."""
    net, reading = result.network, result.reading
    if ask.at not in net.nodes:
        raise QuestionError(f"{result.case.name} has no node {ask.at!r}")
    here = (net.balance_node == net.nodes.index(ask.at)) & (
        net.stream_good[net.balance_stream] == net.goods.index(ask.good or "")
    )
    passes = net.years[:, None] * np.where(reading.idle, 0.0, reading.throughput)[:, here]
    if not passes.any():
        raise QuestionError(f"no {ask.good} passes {ask.at}, so that nothing tells its price there")
    return float((passes * reading.price[:, here]).sum() / passes.sum())


def _support(result: Result, ask: Ask) -> float:
    table = result.obligations
    mine = table["target"].to_numpy() == ask.via
    if not mine.any():
        raise QuestionError(f"nothing asks for a minimum volume through {ask.via}")
    return math.fsum(table["support"].to_numpy(dtype=float)[mine])
