"""Instruments: dated measures, as rows of a case, as Python values and as text on a command line."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from corridor.errors import QuestionError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corridor.case.model import Case

__all__ = [
    "KINDS",
    "Instrument",
    "agreement",
    "ban",
    "capacity",
    "closure",
    "derating",
    "instruments_of",
    "outage",
    "parse_instrument",
    "transit_ban",
]

KINDS: dict[str, str] = {
    "closure": "nothing passes",
    "derating": "less can pass: availability multiplies, capacity is a limit",
    "outage": "a supply, demand or storage stands still, or works at its availability",
    "capacity": "capacity is added, or raised to a level",
    "ban": "goods of an origin may not be delivered in a destination",
    "transit_ban": "goods of an origin may not cross a country on their way elsewhere",
    "agreement": "a minimum volume that must pass or be delivered",
}

_RATES = ("capacity", "add", "min")
_DATES = ("start", "end", "announced", "expected_end")
_LISTS = ("goods", "origin", "destination", "through")
_ALLOWED: dict[str, frozenset[str]] = {
    "closure": frozenset(),
    "derating": frozenset({"capacity", "availability"}),
    "outage": frozenset({"availability"}),
    "capacity": frozenset({"capacity", "add"}),
    "ban": frozenset({"origin", "destination"}),
    "transit_ban": frozenset({"origin", "through"}),
    "agreement": frozenset({"goods", "origin", "min", "price", "obliged", "beneficiary", "force_majeure"}),
}
_COMMON = frozenset({"id", "kind", "target", "name", "scenarios", *_DATES})


@dataclass(frozen=True)
class Instrument:
    """A dated measure. Ranges are `[start, end)`; a blank date is open.

    `capacity`, `add` and `min` are rates and `price` is a price: text with its unit ("32Mt/yr"), or a number in
    canonical units (good.unit per year, million USD per good.unit).
    """

    kind: str
    target: str
    start: dt.date | None = None
    end: dt.date | None = None
    announced: dt.date | None = None
    expected_end: dt.date | None = None
    goods: tuple[str, ...] = ()
    origin: tuple[str, ...] = ()
    destination: tuple[str, ...] = ()
    through: tuple[str, ...] = ()
    capacity: float | str | None = None
    availability: float | None = None
    add: float | str | None = None
    min: float | str | None = None
    price: float | str | None = None
    obliged: str = ""
    beneficiary: str = ""
    force_majeure: bool = False
    id: str = ""
    name: str = ""
    scenarios: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise QuestionError(f"unknown kind of instrument {self.kind!r}; there are {', '.join(KINDS)}")
        if not self.target:
            raise QuestionError(f"a {self.kind} needs a target, as in {self.kind}:cpc")
        unused = [
            f.name
            for f in fields(self)
            if f.name not in _COMMON | _ALLOWED[self.kind] and getattr(self, f.name) not in (None, "", (), False)
        ]
        if unused:
            allowed = ", ".join(sorted(_ALLOWED[self.kind])) or "dates only"
            raise QuestionError(f"a {self.kind} has no {unused[0]!r}; it takes {allowed}")
        if self.start and self.end and self.start >= self.end:
            raise QuestionError(f"{self.kind}:{self.target} ends on {self.end}, which is not after its start {self.start}")
        if self.announced and self.start and self.announced > self.start:
            raise QuestionError(f"{self.kind}:{self.target} is announced on {self.announced}, after it starts on {self.start}")
        self._check_needs()
        if not self.id:
            object.__setattr__(self, "id", f"{self.kind}_{self.target}")

    def _check_needs(self) -> None:
        missing = {
            "derating": self.capacity is None and self.availability is None and "a capacity or an availability",
            "capacity": self.capacity is None and self.add is None and "add (or a capacity to reach)",
            "ban": not (self.origin or self.destination) and "an origin or a destination",
            "transit_ban": not (self.origin and self.through) and "an origin and a country it goes through",
        }.get(self.kind)
        if missing:
            raise QuestionError(f"{self.kind}:{self.target} needs {missing}")
        if self.availability is not None and not 0 <= self.availability <= 1:
            raise QuestionError(f"{self.kind}:{self.target}: availability is a share between 0 and 1, not {self.availability:g}")

    @property
    def known_from(self) -> dt.date:
        """Day from which it is known: its announcement, else its start (a surprise)."""
        return self.announced or self.start or dt.date.min

    def news(self) -> tuple[dt.date, ...]:
        """Days on which it changes what is known: when it becomes known, and when its end differs from what was believed."""
        surprises = [self.known_from]
        if self.expected_end and self.expected_end != self.end:
            # The later of the two ends is the day on which the old belief fails; an earlier end is news when it comes.
            surprises.append(min(self.expected_end, self.end) if self.end else self.expected_end)
        return tuple(surprises)

    def as_known_at(self, day: dt.date) -> Instrument | None:
        """What is believed of it on a day: None when not yet known, its expected end until that proves wrong."""
        if self.known_from > day:
            return None
        if self.expected_end and self.expected_end != self.end and day < self.news()[-1]:
            return replace(self, end=self.expected_end)
        return self

    def dates(self) -> tuple[dt.date | None, ...]:
        """Every date at which the calendar must be cut for it."""
        return (self.start, self.end, self.announced, self.expected_end)

    def question(self) -> dict[str, Any]:
        """The instrument as JSON tells it: what is set, dates as text."""
        told: dict[str, Any] = {}
        for f in fields(self):
            value = getattr(self, f.name)
            if value not in (None, "", (), False):
                told[f.name] = value.isoformat() if isinstance(value, dt.date) else list(value) if isinstance(value, tuple) else value
        return told

    def text(self) -> str:
        """The instrument as the command line writes it."""
        parts = [self.kind, self.target]
        if self.start or self.end:
            parts.append(self.start.isoformat() if self.start else "")
            if self.end:
                parts.append(self.end.isoformat())
        for key in ("announced", "expected_end", *_LISTS, *_RATES, "availability", "price", "obliged", "beneficiary"):
            value = getattr(self, key)
            if value not in (None, "", ()):
                parts.append(f"{key}={','.join(value) if isinstance(value, tuple) else value}")
        if self.force_majeure:
            parts.append("force_majeure=yes")
        return ":".join(parts)


def _make(kind: str, target: str, **given: Any) -> Instrument:
    for key in _DATES:
        if isinstance(given.get(key), str):
            given[key] = _date(given[key], kind, target)
    for key in _LISTS:
        if isinstance(given.get(key), str):
            given[key] = tuple(part.strip() for part in given[key].split(",") if part.strip())
        elif given.get(key) is not None:
            given[key] = tuple(given[key])
    return Instrument(kind, target, **{k: v for k, v in given.items() if v is not None})


def closure(target: str, *, start: str | dt.date | None = None, end: str | dt.date | None = None, **more: Any) -> Instrument:
    """Nothing passes over a link, corridor or pool in `[start, end)`."""
    return _make("closure", target, start=start, end=end, **more)


def derating(target: str, *, start: str | dt.date | None = None, end: str | dt.date | None = None, **more: Any) -> Instrument:
    """Less can pass: `availability` (a share, several multiply) or `capacity` (a limit, the smallest wins)."""
    return _make("derating", target, start=start, end=end, **more)


def outage(target: str, *, start: str | dt.date | None = None, end: str | dt.date | None = None, **more: Any) -> Instrument:
    """A supply, demand or storage stands still (or works at `availability`)."""
    return _make("outage", target, start=start, end=end, **more)


def capacity(target: str, *, start: str | dt.date | None = None, end: str | dt.date | None = None, **more: Any) -> Instrument:
    """Capacity added (`add`) or raised to a level (`capacity`); opens what was planned or closed."""
    return _make("capacity", target, start=start, end=end, **more)


def ban(good: str, *, start: str | dt.date | None = None, end: str | dt.date | None = None, **more: Any) -> Instrument:
    """Goods of `origin` may not be delivered in `destination`; one of the two may be left open."""
    return _make("ban", good, start=start, end=end, **more)


def transit_ban(good: str, *, start: str | dt.date | None = None, end: str | dt.date | None = None, **more: Any) -> Instrument:
    """Goods of `origin` may not cross `through` on their way to another country."""
    return _make("transit_ban", good, start=start, end=end, **more)


def agreement(target: str, *, start: str | dt.date | None = None, end: str | dt.date | None = None, **more: Any) -> Instrument:
    """A minimum volume `min` that must pass a link or corridor, or be delivered to a demand, at a `price` if given."""
    return _make("agreement", target, start=start, end=end, **more)


def parse_instrument(text: str) -> Instrument:
    """Read `KIND:TARGET[:START[:END]][:KEY=VALUE...]`; the first KEY=VALUE ends the positional part."""
    pieces = text.split(":")
    first_pair = next((i for i, piece in enumerate(pieces) if "=" in piece), len(pieces))
    positional, pairs = pieces[:first_pair], pieces[first_pair:]
    how = "write KIND:TARGET[:START[:END]][:KEY=VALUE...], as in closure:cpc:2024-03-01:2024-06-01"
    if not 2 <= len(positional) <= 4:
        raise QuestionError(f"cannot read the instrument {text!r}; {how}")
    given: dict[str, Any] = {}
    for pair in pairs:
        key, mark, value = pair.partition("=")
        if not mark or not value:
            raise QuestionError(f"cannot read {pair!r} in the instrument {text!r}; {how}")
        if key not in {f.name for f in fields(Instrument)} - {"kind", "target", "scenarios"}:
            raise QuestionError(f"an instrument has no {key!r} (in {text!r})")
        if key in given:
            raise QuestionError(f"{key!r} stands twice in the instrument {text!r}")
        given[key] = value
    for key, value in zip(("start", "end"), positional[2:], strict=False):
        if key in given:
            raise QuestionError(f"{key!r} stands twice in the instrument {text!r}")
        given[key] = value or None
    if "availability" in given:
        given["availability"] = _share(given["availability"], text)
    if "force_majeure" in given:
        given["force_majeure"] = _flag(given["force_majeure"], text)
    return _make(positional[0], positional[1], **given)


def instruments_of(case: Case, scenario: str) -> tuple[Instrument, ...]:
    """The case's own instruments in force in a scenario: those of every scenario, and those that name it."""
    known = ["base", *case.tables["scenarios"]["id"]]
    if scenario not in known:
        raise QuestionError(f"{case.name} has no scenario {scenario!r}; it has {', '.join(dict.fromkeys(known))}")
    rows = case.tables["instruments"].to_dict("records")
    return tuple(_from_row(row) for row in rows if not row["scenarios"] or scenario in row["scenarios"])


def unique(instruments: Iterable[Instrument]) -> tuple[Instrument, ...]:
    """Instruments with ids of their own, in an order that does not depend on how they came; twice the same is a fault."""
    ordered = sorted(instruments, key=lambda i: (i.text(), i.id))
    for one, other in zip(ordered, ordered[1:], strict=False):
        if one.text() == other.text():
            raise QuestionError(f"the instrument {one.text()} stands twice")
    seen: dict[str, int] = {}
    named = []
    for instrument in ordered:
        count = seen.get(instrument.id, 0)
        seen[instrument.id] = count + 1
        named.append(replace(instrument, id=f"{instrument.id}_{count + 1}") if count else instrument)
    return tuple(named)


def _from_row(row: dict[str, Any]) -> Instrument:
    given = {f.name: row[f.name] for f in fields(Instrument) if f.name in row}
    for key, value in given.items():
        if isinstance(value, float) and value != value:
            given[key] = None
    return Instrument(**{k: v for k, v in given.items() if v is not None})


def _date(text: str, kind: str, target: str) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise QuestionError(f"{kind}:{target}: {text!r} is not a date; write YYYY-MM-DD") from None


def _share(text: str, whole: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise QuestionError(f"availability={text} in {whole!r} is not a number between 0 and 1") from None


def _flag(text: str, whole: str) -> bool:
    if text not in ("yes", "no"):
        raise QuestionError(f"force_majeure={text} in {whole!r}: write yes or no")
    return text == "yes"


QUANTITY = re.compile(r"^\s*([0-9.eE+-]+)\s*([A-Za-z0-9_/]+)\s*$")
"""A number and its unit, as in `32Mt/yr`."""
