"""Case + instruments + periods -> Network: arrays per period, with a ledger of what instruments changed."""

from __future__ import annotations

from corridor.network.amounts import resolve
from corridor.network.blocs import prepare
from corridor.network.build import Ground, build_network
from corridor.network.calendar import Periods, cut
from corridor.network.instruments import (
    Instrument,
    every_instrument,
    goods_touched,
    instruments_of,
    never_in_force,
    unique,
)
from corridor.network.kinds import KINDS, Kind
from corridor.network.model import LedgerRow, Limit, Network
from corridor.network.pairs import spread
from corridor.network.scope import crossed_countries, distinctions_of
from corridor.network.streams import Distinction, Stream, split
from corridor.network.written import (
    agreement,
    area_closure,
    ban,
    capacity,
    closure,
    derating,
    fee,
    membership,
    outage,
    parse_instrument,
    quota,
    stock_release,
    subsidy,
    tariff,
    tariff_quota,
    transit_ban,
)

__all__ = [
    "KINDS",
    "Distinction",
    "Ground",
    "Instrument",
    "Kind",
    "LedgerRow",
    "Limit",
    "Network",
    "Periods",
    "Stream",
    "agreement",
    "area_closure",
    "ban",
    "build_network",
    "capacity",
    "closure",
    "crossed_countries",
    "cut",
    "derating",
    "distinctions_of",
    "every_instrument",
    "fee",
    "goods_touched",
    "instruments_of",
    "membership",
    "never_in_force",
    "outage",
    "parse_instrument",
    "prepare",
    "quota",
    "resolve",
    "split",
    "spread",
    "stock_release",
    "subsidy",
    "tariff",
    "tariff_quota",
    "transit_ban",
    "unique",
]
