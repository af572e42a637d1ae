"""Instruments: dated measures, as rows of a case and as Python values. `written.py` reads and writes them as text."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields, replace
from functools import cache, cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from corridor.case import records, target_goods
from corridor.errors import QuestionError
from corridor.network.kinds import KINDS, a_kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corridor.case.model import Case
    from corridor.network.model import Network

__all__ = [
    "DATES",
    "LISTS",
    "PRICES",
    "RATES",
    "Instrument",
    "given",
    "goods_touched",
    "instruments_of",
    "never_in_force",
    "unique",
]

RATES = ("capacity", "add", "min", "max")
PRICES = ("price", "rate", "within", "base", "surcharge")
DATES = ("start", "end", "announced", "expected_end")
LISTS = ("goods", "origin", "destination", "through", "modes", "exempt", "members")
_COMMON = frozenset({"id", "kind", "target", "name", "scenarios", *DATES})


def given(value: Any) -> bool:
    """Whether a value says something; zero does."""
    return value is not None and value is not False and value not in ("", ())


@dataclass(frozen=True)
class Instrument:
    """A dated measure. Ranges are `[start, end)`; a blank date is open.

    `capacity`, `add`, `min` and `max` are rates, `price`, `rate`, `within`, `base` and `surcharge` prices, `volume` a volume: text
    with its unit ("32Mt/yr"), or a number in canonical units (good.unit per year, million USD per good.unit, good.unit).
    `ad_valorem` is a share of the border price ("10%", or 0.1); `rate="10%"` of a tariff is another way to write it.
    `leakage` is a share of what would be delivered ("10%") or a rate ("0.5Mt/yr").
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
    modes: tuple[str, ...] = ()
    exempt: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    capacity: float | str | None = None
    availability: float | None = None
    add: float | str | None = None
    min: float | str | None = None
    max: float | str | None = None
    volume: float | str | None = None
    price: float | str | None = None
    rate: float | str | None = None
    ad_valorem: float | str | None = None
    within: float | str | None = None
    index: str = ""
    base: float | str | None = None
    slope: float | None = None
    leakage: float | str | None = None
    surcharge: float | str | None = None
    inside: str = ""
    obliged: str = ""
    beneficiary: str = ""
    priority: str = ""
    government: str = ""
    holder: str = ""
    force_majeure: bool = False
    id: str = ""
    name: str = ""
    scenarios: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise QuestionError(f"unknown kind of instrument {self.kind!r}; there are {', '.join(KINDS)}")
        if not self.target:
            raise QuestionError(f"{a_kind(self.kind)} needs a target, as in {self.kind}:cpc")
        kind = KINDS[self.kind]
        if "ad_valorem" in kind.keys and isinstance(self.rate, str) and self.rate.strip().endswith("%"):
            if given(self.ad_valorem):
                raise QuestionError(
                    f"{self.kind}:{self.target}: rate in per cent and ad_valorem are one thing; give one"
                )
            object.__setattr__(self, "ad_valorem", self.rate)
            object.__setattr__(self, "rate", None)
        for name in _others(self.kind):
            if given(getattr(self, name)):
                allowed = ", ".join(sorted("except" if key == "exempt" else key for key in kind.keys)) or "dates only"
                raise QuestionError(f"{a_kind(self.kind)} has no {name!r}; it takes {allowed}")
        for keys, words in kind.needs:
            if not any(given(getattr(self, key)) for key in keys):
                raise QuestionError(f"{self.kind}:{self.target} needs {words}")
        self._check_values()
        if not self.id:
            object.__setattr__(self, "id", f"{self.kind}_{self.target}")

    def _check_values(self) -> None:
        what = f"{self.kind}:{self.target}"
        if self.start and self.end and self.start >= self.end:
            raise QuestionError(f"{what} ends on {self.end}, which is not after its start {self.start}")
        if self.announced and self.start and self.announced > self.start:
            raise QuestionError(f"{what} is announced on {self.announced}, after it starts on {self.start}")
        if self.availability is not None and not 0 <= self.availability <= 1:
            raise QuestionError(f"{what}: availability is a share between 0 and 1, not {self.availability:g}")
        if self.priority not in ("", "first", "exports"):
            raise QuestionError(f"{what}: priority is first (the default) or exports, not {self.priority!r}")
        if self.inside not in ("", "ends", "path"):
            raise QuestionError(f"{what}: a link is inside an area by its ends or its path, not by {self.inside!r}")
        if self.index and (self.base is None or self.slope is None):
            raise QuestionError(f"{what}: a duty that slides with {self.index} needs a base and a slope")
        if self.surcharge is not None and self.leakage is None:
            raise QuestionError(f"{what}: a surcharge is what leakage costs; give the leakage too")

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
            if given(value):
                told[f.name] = (
                    value.isoformat()
                    if isinstance(value, dt.date)
                    else list(value)
                    if isinstance(value, tuple)
                    else value
                )
        return told

    def text(self) -> str:
        """The instrument as the command line writes it."""
        return self._text

    @cached_property
    def _text(self) -> str:
        from corridor.network.written import written

        return written(self)


def instruments_of(case: Case, scenario: str) -> tuple[Instrument, ...]:
    """The case's own instruments in force in a scenario: those of every scenario, and those that name it."""
    known = ["base", *case.column("scenarios", "id")]
    if scenario not in known:
        raise QuestionError(f"{case.name} has no scenario {scenario!r}; it has {', '.join(dict.fromkeys(known))}")
    rows = case.worked_out("instruments", "rows", lambda: records(case.tables["instruments"]))
    read: dict[int, Instrument] = case.worked_out("instruments", "read", dict)
    found = []
    for number, row in enumerate(rows):
        if not row["scenarios"] or scenario in row["scenarios"]:
            if number not in read:
                read[number] = _from_row(row)
            found.append(read[number])
    return tuple(found)


def every_instrument(case: Case) -> tuple[Instrument, ...]:
    """All of the case's own instruments, whatever scenario they belong to."""
    return tuple(_from_row(row) for row in records(case.tables["instruments"]))


def goods_touched(case: Case, instruments: Iterable[Instrument]) -> frozenset[str]:
    """Goods that instruments are about; all of the case's for an area, a bloc, and where there is no telling."""
    every, carried = frozenset(case.tables["goods"]["id"]), target_goods(case.tables)
    found: set[str] = set()
    for i in instruments:
        own = i.goods or ((i.target,) if i.target in every else carried.get(i.target, ()))
        found |= set(own) if own else every
    return frozenset(found) or every


def never_in_force(net: Network, measures: Iterable[Instrument]) -> list[str]:
    """Names of measures that the calendar holds no day of, each once: without a word their zeros look like an answer."""

    def measure(i: Instrument) -> tuple[str, str, str]:
        return i.name, i.kind, i.target

    def held(i: Instrument) -> bool:
        return bool(net.periods.inside(i.start, i.end).any())

    # A change of a bloc's members cuts a measure in pieces; one in force is enough.
    in_force = {measure(i) for i in net.instruments if held(i)}
    idle = dict.fromkeys(measure(i) for i in measures if measure(i) not in in_force and not held(i))
    return [name or f"{kind}:{target}" for name, kind, target in idle]


def unique(instruments: Iterable[Instrument]) -> tuple[Instrument, ...]:
    """Instruments with ids of their own, in an order that does not depend on how they came; twice the same is a fault."""
    told = sorted(((i.text(), i.id, n, i) for n, i in enumerate(instruments)), key=lambda row: row[:3])
    for (one, *_), (other, *_) in pairwise(told):
        if one == other:
            raise QuestionError(f"the instrument {one} stands twice")
    seen: dict[str, int] = {}
    named = []
    for *_, instrument in told:
        count = seen.get(instrument.id, 0)
        seen[instrument.id] = count + 1
        named.append(replace(instrument, id=f"{instrument.id}_{count + 1}") if count else instrument)
    return tuple(named)


@cache
def _names() -> tuple[str, ...]:
    return tuple(f.name for f in fields(Instrument))


@cache
def _others(kind: str) -> tuple[str, ...]:
    """What an instrument of this kind has nothing to do with."""
    return tuple(name for name in _names() if name not in _COMMON | KINDS[kind].keys)


def _from_row(row: dict[Any, Any]) -> Instrument:
    # The column is called `except`, which Python keeps for itself.
    cells = {**row, "exempt": row.get("except", ())}
    told = {name: cells[name] for name in _names() if name in cells and given(cells[name])}
    # Not equal to itself: NaN, a number that is absent.
    return Instrument(**{name: value for name, value in told.items() if value == value})  # noqa: PLR0124
