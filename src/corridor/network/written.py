"""Instruments as they are written: constructors in Python, `KIND:TARGET[:START[:END]][:KEY=VALUE...]` on a command line."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields
from typing import Any

from corridor.case import day_of
from corridor.errors import QuestionError
from corridor.network.instruments import DATES, LISTS, PRICES, RATES, Instrument, given

__all__ = [
    "agreement",
    "area_closure",
    "ban",
    "capacity",
    "closure",
    "derating",
    "fee",
    "membership",
    "outage",
    "parse_instrument",
    "quota",
    "stock_release",
    "subsidy",
    "tariff",
    "tariff_quota",
    "transit_ban",
    "written",
]

_SPELT = {"exempt": "except"}
"""Fields whose key is another word on the command line and in tables."""
_KEYS = {_SPELT.get(f.name, f.name): f.name for f in fields(Instrument)}
_WRITTEN = (
    "announced",
    "expected_end",
    *LISTS,
    *RATES,
    "availability",
    "volume",
    *PRICES,
    "ad_valorem",
    "index",
    "slope",
    "leakage",
    "inside",
    "obliged",
    "beneficiary",
    "priority",
    "government",
    "holder",
)
Day = str | dt.date | None


def _make(kind: str, target: str, **told: Any) -> Instrument:
    if "except_" in told:
        told["exempt"] = told.pop("except_")
    for key in DATES:
        if isinstance(told.get(key), str):
            told[key] = _date(told[key], kind, target)
        elif told.get(key) is not None and type(told[key]) is not dt.date:
            # A datetime is a date to Python, but cannot be compared with one.
            raise QuestionError(f"{kind}:{target}: {key} is a datetime.date or a text YYYY-MM-DD, not {told[key]!r}")
    for key in LISTS:
        if isinstance(told.get(key), str):
            told[key] = tuple(part.strip() for part in told[key].split(",") if part.strip())
        elif told.get(key) is not None:
            told[key] = tuple(told[key])
    strangers = [key for key in told if key not in _KEYS.values()]
    if strangers:
        raise QuestionError(f"an instrument has no {strangers[0]!r} (in {kind}:{target})")
    return Instrument(kind, target, **{key: value for key, value in told.items() if value is not None})


def closure(target: str, *, start: Day = None, end: Day = None, **more: Any) -> Instrument:
    """Nothing passes over a link, corridor or pool in `[start, end)`."""
    return _make("closure", target, start=start, end=end, **more)


def area_closure(area: str, *, start: Day = None, end: Day = None, **more: Any) -> Instrument:
    """Nothing passes over links inside an area: with both ends in it (`inside="ends"`) or any point of their path."""
    return _make("area_closure", area, start=start, end=end, **more)


def derating(target: str, *, start: Day = None, end: Day = None, **more: Any) -> Instrument:
    """Less can pass: `availability` (a share, several multiply) or `capacity` (a limit, the smallest wins)."""
    return _make("derating", target, start=start, end=end, **more)


def outage(target: str, *, start: Day = None, end: Day = None, **more: Any) -> Instrument:
    """A supply, demand, process or storage stands still (or works at `availability`)."""
    return _make("outage", target, start=start, end=end, **more)


def capacity(target: str, *, start: Day = None, end: Day = None, **more: Any) -> Instrument:
    """Capacity added (`add`) or raised to a level (`capacity`); opens what was planned or closed."""
    return _make("capacity", target, start=start, end=end, **more)


def ban(good: str, *, start: Day = None, end: Day = None, **more: Any) -> Instrument:
    """Goods of `origin` may not be delivered in `destination`; one of the two may be left open.

    With `modes`, they may not enter it by these; `except_` names demands, processes, links or countries of origin that
    are free of it; `leakage` is what comes in all the same, at a `surcharge`.
    """
    return _make("ban", good, start=start, end=end, **more)


def transit_ban(good: str, *, start: Day = None, end: Day = None, **more: Any) -> Instrument:
    """Goods of `origin` may not cross `through` on their way to another country; `except_` names links that are free."""
    return _make("transit_ban", good, start=start, end=end, **more)


def quota(target: str, *, start: Day = None, end: Day = None, **more: Any) -> Instrument:
    """At most `max` of a good (of `origin`, in `destination`), or over a link or corridor, a year."""
    return _make("quota", target, start=start, end=end, **more)


def agreement(target: str, *, start: Day = None, end: Day = None, **more: Any) -> Instrument:
    """A minimum volume `min` that must pass a link or corridor, or be delivered to a demand, at a `price` if given.

    One on a demand with `priority="exports"` is kept only as far as it takes nothing from exports.
    """
    return _make("agreement", target, start=start, end=end, **more)


def tariff(good: str, *, start: Day = None, end: Day = None, **more: Any) -> Instrument:
    """A duty of `rate` on goods of `origin` delivered in `destination`; `except_` names countries of origin without it.

    A rate in per cent ("10%") is a share of the border price; beside a `rate` in money give it as `ad_valorem`.
    The government of the destination collects it, or `government` (an export duty: the origin's).
    """
    return _make("tariff", good, start=start, end=end, **more)


def tariff_quota(good: str, *, start: Day = None, end: Day = None, **more: Any) -> Instrument:
    """A duty of `within` (none: free) on the first `max` a year of a good of `origin` in `destination`, of `rate` beyond.

    Duties go where those of a tariff go; what a place within the quota is worth goes to `holder`, or to the importing
    government.
    """
    return _make("tariff_quota", good, start=start, end=end, **more)


def fee(target: str, *, start: Day = None, end: Day = None, **more: Any) -> Instrument:
    """A fee of `rate` on what passes a link or corridor, to the government that controls it, or to `government`."""
    return _make("fee", target, start=start, end=end, **more)


def subsidy(target: str, *, start: Day = None, end: Day = None, **more: Any) -> Instrument:
    """A payment of `rate` by `government` for what passes a link or corridor, or for a good delivered."""
    return _make("subsidy", target, start=start, end=end, **more)


def stock_release(target: str, *, start: Day = None, end: Day = None, **more: Any) -> Instrument:
    """At least `volume` comes out of a storage in `[start, end)`, net of what goes in."""
    return _make("stock_release", target, start=start, end=end, **more)


def membership(bloc: str, *, start: Day = None, end: Day = None, **more: Any) -> Instrument:
    """`members` belong to a bloc, so that what is written for the bloc holds for them."""
    return _make("membership", bloc, start=start, end=end, **more)


def parse_instrument(text: str) -> Instrument:
    """Read `KIND:TARGET[:START[:END]][:KEY=VALUE...]`; the first KEY=VALUE ends the positional part."""
    pieces = text.split(":")
    first_pair = next((i for i, piece in enumerate(pieces) if "=" in piece), len(pieces))
    positional, pairs = pieces[:first_pair], pieces[first_pair:]
    how = "write KIND:TARGET[:START[:END]][:KEY=VALUE...], as in closure:cpc:2024-03-01:2024-06-01"
    if not 2 <= len(positional) <= 4:
        raise QuestionError(f"cannot read the instrument {text!r}; {how}")
    told: dict[str, Any] = {}
    for pair in pairs:
        key, mark, value = pair.partition("=")
        if not mark or not value:
            raise QuestionError(f"cannot read {pair!r} in the instrument {text!r}; {how}")
        if key not in _KEYS or key in ("kind", "target", "scenarios"):
            raise QuestionError(f"an instrument has no {key!r} (in {text!r})")
        if _KEYS[key] in told:
            raise QuestionError(f"{key!r} stands twice in the instrument {text!r}")
        told[_KEYS[key]] = value
    for key, value in zip(("start", "end"), positional[2:], strict=False):
        if key in told:
            raise QuestionError(f"{key!r} stands twice in the instrument {text!r}")
        told[key] = value or None
    for key in ("availability", "slope"):
        if key in told:
            told[key] = _number(key, told[key], text)
    if "force_majeure" in told:
        told["force_majeure"] = _flag(told["force_majeure"], text)
    return _make(positional[0], positional[1], **told)


def written(instrument: Instrument) -> str:
    """The instrument as `parse_instrument` reads it."""
    parts = [instrument.kind, instrument.target]
    if instrument.start or instrument.end:
        parts.append(instrument.start.isoformat() if instrument.start else "")
        if instrument.end:
            parts.append(instrument.end.isoformat())
    for name in _WRITTEN:
        value = getattr(instrument, name)
        if given(value):
            parts.append(f"{_SPELT.get(name, name)}={','.join(value) if isinstance(value, tuple) else value}")
    if instrument.force_majeure:
        parts.append("force_majeure=yes")
    return ":".join(parts)


def _date(text: str, kind: str, target: str) -> dt.date | None:
    if not text:
        return None
    day = day_of(text)
    if day is None:
        raise QuestionError(f"{kind}:{target}: {text!r} is not a date; write YYYY-MM-DD")
    return day


def _number(key: str, text: str, whole: str) -> float:
    try:
        return float(text)
    except ValueError:
        words = "a number between 0 and 1" if key == "availability" else "a number"
        raise QuestionError(f"{key}={text} in {whole!r} is not {words}") from None


def _flag(text: str, whole: str) -> bool:
    if text not in ("yes", "no"):
        raise QuestionError(f"force_majeure={text} in {whole!r}: write yes or no")
    return text == "yes"
