"""Instruments edit numbers: each kind is one small function; what they did is kept for the ledger.

Composition does not depend on order: levels take the largest, capacities add, then availabilities multiply, then the
smallest limit (a closure is a limit of zero) wins.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from corridor.errors import QuestionError
from corridor.network.kinds import a_kind
from corridor.network.model import LedgerRow

if TYPE_CHECKING:
    from corridor.network.calendar import Periods
    from corridor.network.instruments import Instrument
    from corridor.program import Floats

__all__ = ["Capacities", "Targets", "edit"]


@dataclass(frozen=True)
class Targets:
    """Which table and which positions an id stands for."""

    rows: Mapping[str, Mapping[str, int]]
    """table -> id -> position; ids are unique over tables"""
    corridors: Mapping[str, tuple[int, ...]]
    """corridor -> positions of its links"""
    screens: Mapping[str, int]
    """corridor -> position of its screen link"""
    areas: Mapping[str, Mapping[str, tuple[int, ...]]]
    """area -> `ends` or `path` -> positions of the links inside it"""

    def find(self, instrument: Instrument) -> tuple[str, tuple[int, ...]]:
        """Table and positions of an instrument's target; raises `QuestionError` with the nearest ids."""
        if instrument.kind == "area_closure":
            return "links", self._inside(instrument)
        if instrument.target in self.corridors:
            return "links", self.corridors[instrument.target]
        for table, rows in self.rows.items():
            if instrument.target in rows:
                return table, (rows[instrument.target],)
        raise QuestionError(
            f"{instrument.kind}:{instrument.target}: nothing in the case has this id{self._near(instrument.target)}"
        )

    def _inside(self, instrument: Instrument) -> tuple[int, ...]:
        """Links inside an area: with both ends in it, or with any point of their path."""
        found = self.areas.get(instrument.target)
        if found is None:
            raise QuestionError(
                f"area_closure:{instrument.target}: the case has no such area; it has {', '.join(self.areas) or 'none'}"
            )
        reading = instrument.inside or "ends"
        if not found[reading]:
            words = "both its ends" if reading == "ends" else "an end or a point of its path"
            hint = "; inside=path also counts links that cross it" if reading == "ends" and found["path"] else ""
            raise QuestionError(f"area_closure:{instrument.target}: no link has {words} in it{hint}")
        return found[reading]

    def _near(self, name: str) -> str:
        import difflib

        known = [*self.corridors, *(name for rows in self.rows.values() for name in rows)]
        near = difflib.get_close_matches(name, known, 3)
        return f"; did you mean {' or '.join(near)}?" if near else ""


@dataclass
class Capacities:
    """Numbers of one table that instruments may change, per period and item, while they are being edited."""

    ids: tuple[str, ...]
    base: Floats
    column: str
    level: Floats = field(init=False)
    added: Floats = field(init=False)
    share: Floats = field(init=False)
    limit: Floats = field(init=False)
    touched: list[tuple[int, int, str]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.level = self.base.copy()
        self.added = np.zeros_like(self.base)
        self.share = np.ones_like(self.base)
        self.limit = np.full_like(self.base, np.inf)

    def note(
        self, periods: np.ndarray[tuple[int], np.dtype[np.bool_]], items: tuple[int, ...], instrument: str
    ) -> None:
        """Remember which numbers an instrument touched."""
        self.touched.extend((int(t), item, instrument) for t in np.flatnonzero(periods) for item in items)

    def result(self) -> Floats:
        """The numbers after every instrument, shape (T, items)."""
        raised = np.maximum(self.base, self.level) + self.added
        # 0 x infinity is 0 here: an unlimited link at availability 0 carries nothing.
        with np.errstate(invalid="ignore"):
            shared = np.where(self.share == 0, 0.0, raised * self.share)
        return np.minimum(shared, self.limit)

    def ledger(self, table: str) -> tuple[LedgerRow, ...]:
        """One row per number and instrument that changed it."""
        after = self.result()
        return tuple(
            LedgerRow(t, f"{table}.{self.ids[i]}", self.column, float(self.base[t, i]), float(after[t, i]), who)
            for t, i, who in self.touched
        )


def edit(instrument: Instrument, targets: Targets, tables: Mapping[str, Capacities], periods: Periods) -> None:
    """Let an instrument that changes a capacity change it; bans and agreements change no number and are left alone."""
    apply = _EDITS.get(instrument.kind)
    if apply is None:
        return
    table, items = targets.find(instrument)
    allowed = _TABLES[instrument.kind]
    if table not in allowed:
        raise QuestionError(
            f"{instrument.kind}:{instrument.target}: {instrument.target} stands in {table}; "
            f"{a_kind(instrument.kind)} acts on {', '.join(allowed)}"
        )
    when = periods.inside(instrument.start, instrument.end)
    if not when.any():
        return
    numbers = tables[table]
    if instrument.target in targets.screens and instrument.kind == "derating" and instrument.capacity is not None:
        # A limit on a corridor is a limit on its flow, which is counted on its screen link.
        items = (targets.screens[instrument.target],)
    apply(numbers, np.ix_(np.flatnonzero(when), np.array(items, np.int64)), instrument)
    numbers.note(when, items, instrument.id)


Selection = tuple[np.ndarray[tuple[int, ...], np.dtype[np.int64]], ...]


def _close(numbers: Capacities, at: Selection, instrument: Instrument) -> None:  # noqa: ARG001 (all edits are called alike)
    numbers.limit[at] = 0.0


def _derate(numbers: Capacities, at: Selection, instrument: Instrument) -> None:
    if instrument.availability is not None:
        unlimited = [numbers.ids[i] for i in np.unique(at[1]) if np.isinf(numbers.base[:, i]).any()]
        if 0 < instrument.availability < 1 and unlimited and len(unlimited) == np.size(at[1]):
            raise QuestionError(
                f"derating:{instrument.target}: no capacity is known for {', '.join(unlimited)}, so a share of it means "
                "nothing; give capacity= instead"
            )
        numbers.share[at] *= instrument.availability
    if instrument.capacity is not None:
        numbers.limit[at] = np.minimum(numbers.limit[at], float(instrument.capacity))


def _outage(numbers: Capacities, at: Selection, instrument: Instrument) -> None:
    numbers.share[at] *= 0.0 if instrument.availability is None else instrument.availability


def _add(numbers: Capacities, at: Selection, instrument: Instrument) -> None:
    if instrument.capacity is not None:
        numbers.level[at] = np.maximum(numbers.level[at], float(instrument.capacity))
    if instrument.add is not None:
        numbers.added[at] += float(instrument.add)


_EDITS: dict[str, Callable[[Capacities, Selection, Instrument], None]] = {
    "closure": _close,
    "area_closure": _close,
    "derating": _derate,
    "outage": _outage,
    "capacity": _add,
}
_TABLES: dict[str, tuple[str, ...]] = {
    "closure": ("links", "pools"),
    "area_closure": ("links",),
    "derating": ("links", "pools", "processes"),
    "outage": ("supply", "demand", "processes", "storage"),
    "capacity": ("links", "pools", "supply", "processes", "storage"),
}
