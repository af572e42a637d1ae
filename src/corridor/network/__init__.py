"""Case + instruments + periods -> Network: arrays per period, with a ledger of what instruments changed."""

from __future__ import annotations

from corridor.network.amounts import resolve
from corridor.network.build import build_network
from corridor.network.calendar import Periods, cut
from corridor.network.instruments import (
    KINDS,
    Instrument,
    agreement,
    ban,
    capacity,
    closure,
    derating,
    instruments_of,
    outage,
    parse_instrument,
    transit_ban,
    unique,
)
from corridor.network.model import LedgerRow, Limit, Network
from corridor.network.rules import crossed_countries
from corridor.network.streams import Distinction, Stream, split

__all__ = [
    "KINDS",
    "Distinction",
    "Instrument",
    "LedgerRow",
    "Limit",
    "Network",
    "Periods",
    "Stream",
    "agreement",
    "ban",
    "build_network",
    "capacity",
    "closure",
    "crossed_countries",
    "cut",
    "derating",
    "instruments_of",
    "outage",
    "parse_instrument",
    "resolve",
    "split",
    "transit_ban",
    "unique",
]
