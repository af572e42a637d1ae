"""Duties, fees, subsidies and what leakage costs: money per unit on a flow or a delivery, and who gets it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.errors import QuestionError
from corridor.network.model import Charge, LedgerRow, TariffQuota

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.network.instruments import Instrument
    from corridor.network.model import Bools
    from corridor.network.scope import Scope
    from corridor.program import Floats, Ints

__all__ = ["charges_of", "tariff_quotas_of"]

_CHARGING = ("tariff", "tariff_quota", "fee", "subsidy")


def charges_of(scope: Scope, instruments: Sequence[Instrument]) -> tuple[tuple[Charge, ...], tuple[LedgerRow, ...]]:
    """The charges that instruments levy or pay, and their ledger rows. Several on one thing add up."""
    charges: list[Charge] = []
    ledger: list[LedgerRow] = []
    for i in instruments:
        if i.kind not in _CHARGING and not (i.kind == "ban" and i.surcharge is not None):
            continue
        when = scope.periods.inside(i.start, i.end)
        if not when.any():
            continue
        if i.ad_valorem:
            share = float(i.ad_valorem)
            ledger.extend(LedgerRow(int(t), i.target, "ad_valorem", 0.0, share, i.id) for t in np.flatnonzero(when))
            # The rate follows from the border price, which the answer tells: see `Network.at_border`.
            charges.extend(
                replace(charge, ad_valorem=share) for charge in _written(scope, i, when, np.zeros(len(scope.periods)))
            )
            if i.rate is None and not i.index:
                continue
        rate = _rates(scope, i)
        ledger.extend(LedgerRow(int(t), i.target, i.kind, 0.0, float(rate[t]), i.id) for t in np.flatnonzero(when))
        charges.extend(_written(scope, i, when, rate))
    return tuple(charges), tuple(ledger)


def tariff_quotas_of(scope: Scope, instruments: Sequence[Instrument]) -> tuple[TariffQuota, ...]:
    """What tariff-rate quotas take off the duty of `rate` on their deliveries: one per calendar year of their dates."""
    found = []
    for i in instruments:
        if i.kind != "tariff_quota":
            continue
        saving = float(i.rate or 0.0) - float(i.within or 0.0)
        if saving < 0:
            raise QuestionError(
                f"tariff_quota:{i.target}: the duty within the quota is above the one beyond it (rate); a duty that falls "
                "with volume has no market equilibrium here"
            )
        when = scope.periods.inside(i.start, i.end)
        members = np.flatnonzero(scope.deliveries(i))
        at = tuple(scope.country[n] for n in scope.demands.node[scope.demands.take_demand[members]])
        for year in dict.fromkeys(s.year for s in scope.periods.starts):
            inside = np.flatnonzero(when & np.array([s.year == year for s in scope.periods.starts]))
            if not len(inside) or not len(members):
                continue
            found.append(
                TariffQuota(
                    id=f"{i.id}_{year}",
                    instrument=i.id,
                    period=np.repeat(inside, len(members)),
                    item=np.tile(members, len(inside)),
                    country=at * len(inside),
                    volume=float(i.max or 0.0) * float(scope.periods.years[inside].sum()),
                    saving=saving,
                    government=i.government,
                    holder=i.holder,
                )
            )
    return tuple(found)


def _rates(scope: Scope, i: Instrument) -> Floats:
    """What is paid per unit in each period, shape (T,); a subsidy is negative.

    A sliding duty is slope * (index - base), never below zero, with the index as observed: frozen for each period.
    """
    if i.index:
        return np.maximum(float(i.slope or 0.0) * (_index(scope, i) - float(i.base or 0.0)), 0.0)
    amount = i.surcharge if i.kind == "ban" else i.rate
    return np.full(len(scope.periods), -float(amount or 0.0) if i.kind == "subsidy" else float(amount or 0.0))


def _index(scope: Scope, i: Instrument) -> Floats:
    """The observed price at a node, averaged over the days of each period."""
    table = scope.case.tables["prices"]
    rows = table[(table["node"] == i.index) & (table["good"] == i.target)]
    covered, summed = np.zeros(len(scope.periods)), np.zeros(len(scope.periods))
    for start, end, value in zip(rows["start"], rows["end"], rows["value"], strict=True):
        share = scope.periods.share(start, end)
        covered += share
        summed += share * value
    missing = scope.periods.inside(i.start, i.end) & (covered < 1.0 - 1e-9)
    if missing.any():
        span = scope.periods.labels[int(np.flatnonzero(missing)[0])]
        raise QuestionError(f"tariff:{i.target}: prices.csv has no price of {i.target} at {i.index!r} over {span}")
    return np.divide(summed, covered, out=np.zeros_like(summed), where=covered > 0)


def _written(scope: Scope, i: Instrument, when: Bools, rate: Floats) -> list[Charge]:
    """One charge per government that it goes to."""
    periods = np.flatnonzero(when)
    if i.kind == "ban" and i.modes:
        # What evading a ban costs is used up on the way: nobody receives it.
        return [_charge(i, "flow", periods, np.flatnonzero(scope.entering(i)), rate, "")]
    if scope.is_good(i.target):
        members = np.flatnonzero(scope.deliveries(i))
        at = np.array([scope.country[n] for n in scope.demands.node[scope.demands.take_demand[members]]], dtype=object)
        if i.kind == "ban":
            return [_charge(i, "take", periods, members, rate, "")]
        governments = np.full(len(members), i.government, dtype=object) if i.government else at
        return [
            _charge(i, "take", periods, members[governments == country], rate, str(country))
            for country in dict.fromkeys(governments)
        ]
    flows = scope.flows_on(i)
    link = scope.flow_link[flows[0]] if len(flows) else 0
    controller = scope.case.tables["links"]["controlled_by"].iloc[int(link)] or scope.country[scope.links.start[link]]
    return [_charge(i, "flow", periods, flows, rate, i.government or str(controller))]


def _charge(i: Instrument, quantity: str, periods: Ints, members: Ints, rate: Floats, government: str) -> Charge:
    return Charge(
        instrument=i.id,
        kind=i.kind,
        quantity=quantity,
        government=government,
        period=np.repeat(periods, len(members)),
        item=np.tile(members, len(periods)),
        rate=np.repeat(rate[periods], len(members)),
    )
