"""Which figures of a case a design varies, over which range, and which of them move together."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from corridor.case import UnitError, canonical_price_unit, records, row_goods, unit_factor
from corridor.case.columns import columns, key_columns
from corridor.case.words import did_you_mean
from corridor.errors import QuestionError

if TYPE_CHECKING:
    import pandas as pd

    from corridor.case import Calendar, Case
    from corridor.sweep.design import Design, Vary

__all__ = ["COSTS", "Factor", "Figure", "factors_of", "row_keys"]

COSTS = {"links": ("resource_cost", "tariff", "transit_fee"), "processes": ("cost",)}
"""Known costs beside which a wedge stands. Calibrated again, the wedge absorbs what they move: the split is drawn too."""
TABLES = (
    "links",
    "pools",
    "supply",
    "demand",
    "processes",
    "process_goods",
    "storage",
    "fiscal",
    "instruments",
    "observations",
    "prices",
    "exposure",
)
"""Tables whose figures can vary. Those of goods and rates are used up when the case is read: vary what they convert."""
_PARAMETERS = {"kappa": (0.1, 1.0), "split": (0.0, 1.0)}

Kind = Literal["knowledge", "change"]


@dataclass(frozen=True)
class Figure:
    """One figure and its range, in canonical units. A parameter has no table; an instrument only its text as row."""

    table: str
    row: str
    column: str
    nominal: float
    low: float
    high: float
    unit: str
    kind: Kind
    group: str = ""
    confidence: str = ""
    assumed: bool = False
    """the range is a share of the value, by confidence: nobody told one"""
    chance: float = 0.5

    @property
    def name(self) -> str:
        """table.row.column, kappa, split, or the instrument."""
        return ".".join(part for part in (self.table, self.row, self.column) if part)

    def at(self, place: float) -> float:
        """The value at a place of the range, 0 its low and 1 its high end; NaN is the case's own value."""
        if math.isnan(place):
            return self.nominal
        if not self.table and not self.column:
            return 1.0 if place > 1.0 - self.chance else 0.0
        if self.column == "kappa" and self.low > 0:
            return float(self.low * (self.high / self.low) ** place)
        return self.low + place * (self.high - self.low)


@dataclass(frozen=True)
class Factor:
    """One dimension of a design: a figure, or several that move together."""

    name: str
    figures: tuple[Figure, ...]


def factors_of(cases: Sequence[Case], design: Design, scenarios: Iterable[str]) -> tuple[Factor, ...]:
    """The factors of a design over the parts of a case, in the order of its entries.

    Left out is what cannot move an answer: observations and prices of other ranges of dates than the calibration's,
    instruments of scenarios that nobody asks for, figures of a scenario's own instruments for which nobody told a range
    (unless the entry names that table), long-run elasticities in a calendar of up to a year, and figures that are blank,
    unlimited or without any room. Where a cost varies, `split` does too unless the design says otherwise.
    Raises `QuestionError` for an entry that chooses nothing.
    """
    chosen: dict[str, Figure] = {}
    asked = frozenset(scenarios)
    known = [_Known(case, asked) for case in cases]
    for number, entry in enumerate(design.vary):
        found = {figure.name: figure for part in known for figure in part.chosen(entry, design)}
        if not found:
            raise QuestionError(f"entry {number + 1} of [[vary]] chooses no figure of {cases[0].name} that has a range")
        for name in found:
            chosen.pop(name, None)
        chosen |= found
    if "split" not in chosen and any(f.column in COSTS.get(f.table, ()) for f in chosen.values()):
        chosen["split"] = _parameter("split", None, None, "")
    groups: dict[str, list[Figure]] = {}
    for figure in chosen.values():
        groups.setdefault(f"group {figure.group}" if figure.group else figure.name, []).append(figure)
    return tuple(Factor(name, tuple(figures)) for name, figures in groups.items())


def row_keys(table: str, frame: pd.DataFrame) -> list[str]:
    """What tells the rows of a table apart, as one text each."""
    parts = [[str(cell) for cell in frame[name]] for name in key_columns(table)]
    return ["/".join(cells) for cells in zip(*parts, strict=True)]


class _Known:
    """What a case knows of its figures."""

    def __init__(self, case: Case, scenarios: frozenset[str]) -> None:
        self.case, self.scenarios = case, scenarios
        self.ranges = {(r["table"], r["id"], r["column"]): r for r in records(case.tables["evidence"])}
        self.goods_unit = dict(zip(case.tables["goods"]["id"], case.tables["goods"]["unit"], strict=True))
        days = (case.settings.calendar.end - case.settings.calendar.start).days
        self.short = days <= 366

    def chosen(self, entry: Vary, design: Design) -> Iterator[Figure]:
        """Figures that an entry of the design chooses."""
        if entry.parameter is not None:
            yield _parameter(entry.parameter, entry.low, entry.high, entry.group or "", self.case.settings.kappa)
            return
        if entry.instrument is not None:
            yield Figure("", entry.instrument, "", 0.0, 0.0, 1.0, "", "change", entry.group or "", chance=entry.chance)
            return
        for table in self._tables(entry):
            yield from self._of_table(table, entry, design)

    def _tables(self, entry: Vary) -> tuple[str, ...]:
        for table in entry.table:
            if table not in TABLES:
                raise QuestionError(
                    f"figures of table '{table}' cannot vary; {did_you_mean(table, TABLES)}those of {', '.join(TABLES)} can"
                )
        return entry.table or TABLES

    def _of_table(self, table: str, entry: Vary, design: Design) -> Iterator[Figure]:
        frame = self.case.tables[table]
        numeric = [name for name, column in columns(table).items() if column.shape == "number"]
        strange = [name for name in entry.column if name not in numeric]
        if strange and len(entry.table) == 1:
            raise QuestionError(
                f"{table}.csv has no figure '{strange[0]}'; {did_you_mean(strange[0], numeric)}it has {', '.join(numeric)}"
            )
        if (entry.factor or entry.low is not None) and not entry.column:
            raise QuestionError("an entry with factor, or with low and high, says which column it is about")
        keys = row_keys(table, frame)
        goods = row_goods(table, frame, self.case.tables)
        useful = self._useful(table, frame)
        for position, row in enumerate(records(frame)):
            key = keys[position]
            if not useful[position] or (entry.row and key not in entry.row):
                continue
            if entry.goods and not set(entry.goods) & set(goods[position]):
                continue
            for name in entry.column or numeric:
                if name in numeric and not (self.short and name == "elasticity_long"):
                    found = self._figure(table, key, name, row, goods[position], entry, design)
                    if found is not None:
                        yield found

    def _useful(self, table: str, frame: pd.DataFrame) -> list[bool]:
        """Which rows can move an answer."""
        span = self.case.settings.calibration
        if table in ("observations", "prices"):
            if span is None:
                return [False] * len(frame)
            return [a == span.start and b == span.end for a, b in zip(frame["start"], frame["end"], strict=True)]
        if table == "instruments":
            cells = zip(frame["scenarios"], frame["start"], frame["end"], strict=True)
            return [(not names or bool(self.scenarios & set(names))) and self._in_time(a, b) for names, a, b in cells]
        return [True] * len(frame)

    def _figure(
        self,
        table: str,
        key: str,
        name: str,
        row: Mapping[str, Any],
        goods: tuple[str, ...],
        entry: Vary,
        design: Design,
    ) -> Figure | None:
        nominal = float(row[name])
        if not math.isfinite(nominal):
            return None
        own: Mapping[str, Any] = self.ranges.get((table, key, name), {})
        confidence = own.get("confidence") or row.get("confidence") or "low"
        sources = tuple(own.get("source") or row.get("source") or ())
        if (entry.confidence and confidence not in entry.confidence) or (
            entry.source and not set(entry.source) & set(sources)
        ):
            return None
        kind = columns(table)[name].kind
        written = str(row.get("cost_unit" if kind in ("price", "cubic") else "unit", ""))
        if entry.currency and not (kind == "price" and written.startswith(f"{entry.currency}/")):
            return None
        low, high, assumed = self._range(nominal, own, confidence, entry, design, kind, written, goods)
        # What a scenario itself decides is what is asked, not what is unknown: it varies where somebody gave it a range, or
        # the entry names the table.
        decided = table == "instruments" and bool(row["scenarios"]) and assumed and table not in entry.table
        if not low < high or decided:
            return None
        group = entry.group or ""
        if group == "source":
            group = sources[0] if sources else ""
        return Figure(
            table,
            key,
            name,
            nominal,
            low,
            high,
            self._unit(kind, goods),
            entry.kind or ("change" if self._is_policy(table, row) else "knowledge"),
            group,
            confidence,
            assumed,
        )

    def _range(
        self,
        nominal: float,
        own: Mapping[str, Any],
        confidence: str,
        entry: Vary,
        design: Design,
        kind: str | None,
        written: str,
        goods: tuple[str, ...],
    ) -> tuple[float, float, bool]:
        """Low and high in canonical units, and whether they are assumed; equal where there is no range."""
        if entry.factor is not None:
            ends = [nominal * share for share in entry.factor]
            return min(ends), max(ends), False
        if entry.low is not None and entry.high is not None:
            try:
                times = unit_factor(self.case, kind, written, goods) if kind in ("rate", "volume", "price") else 1.0
            except UnitError as problem:
                raise QuestionError(f"low and high of [[vary]] are in {written!r}: {problem}") from None
            return entry.low * times, entry.high * times, False
        low, high = float(own.get("low", math.nan)), float(own.get("high", math.nan))
        if math.isnan(low) and math.isnan(high):
            half = 0.0 if entry.ranged else getattr(design.assumed, confidence) * abs(nominal)
            return nominal - half, nominal + half, True
        return (nominal if math.isnan(low) else low), (nominal if math.isnan(high) else high), False

    def _is_policy(self, table: str, row: Mapping[str, Any]) -> bool:
        """An instrument of a scenario, or of other years: those of the year calibrated on are part of what is known of it."""
        span = self.case.settings.calibration
        if table != "instruments":
            return False
        return bool(row["scenarios"]) or span is None or not _overlap(row["start"], row["end"], span)

    def _in_time(self, start: dt.date | None, end: dt.date | None) -> bool:
        """Whether dates touch the calendar or the range calibrated on."""
        spans = (self.case.settings.calendar, self.case.settings.calibration)
        return any(span is not None and _overlap(start, end, span) for span in spans)

    def _unit(self, kind: str | None, goods: tuple[str, ...]) -> str:
        unit = self.goods_unit.get(goods[0], "") if goods else ""
        if not unit:
            return ""
        known = {"rate": f"{unit}/yr", "volume": unit, "price": canonical_price_unit(unit) if kind == "price" else ""}
        return known.get(kind or "", "")


def _overlap(start: dt.date | None, end: dt.date | None, span: Calendar) -> bool:
    return (start is None or start < span.end) and (end is None or end > span.start)


def _parameter(name: str, low: float | None, high: float | None, group: str, kappa: float = 0.0) -> Figure:
    usual = _PARAMETERS[name]
    ends = usual if low is None or high is None else (low, high)
    if not 0.0 <= ends[0] < ends[1] or (name == "split" and ends[1] > 1.0):
        raise QuestionError(f"{name} cannot go from {ends[0]:g} to {ends[1]:g}")
    figure = Figure("", "", name, kappa if name == "kappa" else 0.0, *ends, "", "knowledge", group, "low", assumed=True)
    return replace(figure, kind="change") if name == "split" else figure
