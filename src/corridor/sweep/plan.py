"""What a sweep does, fixed before the first variation: parts of the case, figures, points, questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.case import Calendar, Case, Settings, part_of, parts, target_goods
from corridor.case.words import did_you_mean
from corridor.errors import QuestionError
from corridor.network import Instrument, parse_instrument
from corridor.sweep.figures import Factor, Figure, factors_of, row_keys
from corridor.sweep.sample import points

if TYPE_CHECKING:
    import pandas as pd

    from corridor.program import Floats, Ints
    from corridor.sweep.design import Design

__all__ = ["Part", "Plan", "Slot", "by_year", "plan_of", "plan_over"]


@dataclass(frozen=True)
class Slot:
    """Where the values of some figures go: cells of one column, and the dated values that stand in for them."""

    table: str
    column: str
    kind: str
    cell: Ints
    figure: Ints
    dated: Ints
    dated_figure: Ints


@dataclass(frozen=True)
class Part:
    """A part of the case that nothing ties to the others, what is asked of it, and where its figures stand."""

    case: Case
    goods: tuple[str, ...]
    slots: tuple[Slot, ...]
    asked: tuple[tuple[int, str], ...]
    """(number of the question, name of the scenario)"""
    scenarios: Mapping[str, tuple[str, tuple[Instrument, ...]]]
    """name -> scenario of the case and instruments added; of a scenario that is not about this part there is none"""
    switches: tuple[tuple[int, Instrument], ...]
    """(number of the figure, instrument) of what is in force or not"""

    def __reduce__(self) -> tuple[Any, ...]:
        # Read-only views of tables do not travel between processes; the tables do.
        case = self.case
        rest = (self.goods, self.slots, self.asked, self.scenarios, self.switches)
        return _part_again, (case.name, case.settings, dict(case.tables), rest)


def _part_again(name: str, settings: Settings, tables: Mapping[str, pd.DataFrame], rest: tuple[Any, ...]) -> Part:
    return Part(Case(name, settings, tables, {}), *rest)


@dataclass(frozen=True)
class Plan:
    """Everything that a worker needs to know; it is sent once."""

    design: Design
    parts: tuple[Part, ...]
    factors: tuple[Factor, ...]
    points: Floats
    """(1 + variations, factors): places in the ranges; row 0 is the case as it is"""

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """All figures, factor by factor."""
        return tuple(figure for factor in self.factors for figure in factor.figures)

    @cached_property
    def factor_of(self) -> Ints:
        """For every figure the number of its factor."""
        return np.repeat(np.arange(len(self.factors)), [len(f.figures) for f in self.factors])

    def values(self, variation: int) -> Floats:
        """What every figure is in a variation, canonical units."""
        places = self.points[variation, self.factor_of]
        return np.array([f.at(float(place)) for f, place in zip(self.figures, places, strict=True)])

    @property
    def variations(self) -> int:
        """How many there are beside the case as it is."""
        return len(self.points) - 1

    def chunk(self, number: int) -> range:
        """Variations of a chunk."""
        first = number * self.design.chunk
        return range(first, min(first + self.design.chunk, len(self.points)))

    @property
    def chunks(self) -> int:
        """How many chunks there are."""
        return -(-len(self.points) // self.design.chunk)


def plan_of(case: Case, design: Design) -> Plan:
    """The plan of a sweep over the parts of a case that hold the goods asked about."""
    goods = set(design.goods) | {a.good for a in design.ask if a.good}
    known = list(case.tables["goods"]["id"])
    strange = goods - set(known)
    if strange:
        raise QuestionError(f"{case.name} has no good {min(strange)!r}; it has {', '.join(known)}")
    scenarios = set(case.tables["scenarios"]["id"]) | {"base"}
    unknown = [s.scenario for s in design.scenarios if s.scenario not in scenarios]
    if unknown:
        raise QuestionError(
            f"{case.name} has no scenario {unknown[0]!r}; {did_you_mean(unknown[0], scenarios)}".rstrip("; ")
        )
    chosen = [part for part in parts(case) if not goods or goods & set(part)]
    return plan_over([part_of(case, part) for part in chosen], design)


def plan_over(cases: Sequence[Case], design: Design) -> Plan:
    """The plan of a sweep over cases that are parts of one, each calibrated and solved apart."""
    cases = [by_year(case) if design.calendar == "year" else case for case in cases]
    scenarios: dict[str, tuple[str, tuple[Instrument, ...]]] = {"base": ("base", ())}
    scenarios |= {s.name: (s.scenario, tuple(map(parse_instrument, s.with_))) for s in design.scenarios}
    factors = factors_of(cases, design, [scenario for scenario, _ in scenarios.values()])
    figures = tuple(figure for factor in factors for figure in factor.figures)
    made = []
    for case in cases:
        goods = tuple(case.tables["goods"]["id"])
        asked = tuple(
            (number, name)
            for number, question in enumerate(design.ask)
            if question.good in goods or (question.good is None and case is cases[0])
            for name in design.asked_in(question)
        )
        made.append(
            Part(case, goods, _slots(case, figures), asked, _touching(case, scenarios), _switches(case, figures))
        )
    _all_placed(made, scenarios, figures)
    return Plan(design, tuple(made), factors, points(design, len(factors)))


def _touching(
    case: Case, scenarios: Mapping[str, tuple[str, tuple[Instrument, ...]]]
) -> dict[str, tuple[str, tuple[Instrument, ...]]]:
    """Scenarios that are about a part, with what of them is about it."""
    own = {name for names in case.tables["instruments"]["scenarios"] for name in names}
    found = {}
    for name, (scenario, added) in scenarios.items():
        here = tuple(i for given in added if (i := _restricted(case, given)) is not None)
        if name == "base" or scenario in own or here:
            found[name] = (scenario if scenario in own else "base", here)
    return found


def _switches(case: Case, figures: Sequence[Figure]) -> tuple[tuple[int, Instrument], ...]:
    told = [
        (n, _restricted(case, parse_instrument(f.row))) for n, f in enumerate(figures) if not f.table and not f.column
    ]
    return tuple((n, i) for n, i in told if i is not None)


def _restricted(case: Case, instrument: Instrument) -> Instrument | None:
    """An instrument as far as it is about the goods of a part; None where it is not."""
    goods = set(case.tables["goods"]["id"])
    if instrument.kind in ("area_closure", "membership"):
        return instrument
    if instrument.target not in goods and instrument.target not in target_goods(case.tables):
        return None
    kept = tuple(good for good in instrument.goods if good in goods)
    return replace(instrument, goods=kept) if kept or not instrument.goods else None


def _all_placed(
    made: Sequence[Part], scenarios: Mapping[str, tuple[str, tuple[Instrument, ...]]], figures: Sequence[Figure]
) -> None:
    """Every instrument of the design is about a part that the sweep looks at, or it is told."""
    added = [i for _, instruments in scenarios.values() for i in instruments]
    added += [parse_instrument(f.row) for f in figures if not f.table and not f.column]
    for instrument in added:
        if all(_restricted(part.case, instrument) is None for part in made):
            goods = ", ".join(good for part in made for good in part.goods)
            raise QuestionError(f"{instrument.text()} is about nothing that this sweep looks at, which is {goods}")


def by_year(case: Case) -> Case:
    """The case in one step for its whole calendar, without stocks, slices of the day or what is about stocks."""
    old = case.settings.calendar
    stores = set(case.tables["storage"]["id"])
    tables = {"storage": case.tables["storage"].iloc[:0]}
    for name, column in (("observations", "target"), ("instruments", "target")):
        tables[name] = case.tables[name][~case.tables[name][column].isin(stores)]
    settings = replace(case.settings, calendar=Calendar(old.start, old.end, "year"), slices={})
    profiles = case.tables["profiles"]
    return case.with_tables(settings, **tables, profiles=profiles[profiles["slice"] == ""])


def _slots(case: Case, figures: Sequence[Figure]) -> tuple[Slot, ...]:
    """Where the figures stand in the tables of a part; those that it does not have are left out."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    for number, figure in enumerate(figures):
        if figure.table:
            groups.setdefault((figure.table, figure.column, figure.kind), []).append(number)
    dated = case.tables["dated"]
    place = {table: {key: i for i, key in enumerate(row_keys(table, case.tables[table]))} for table, _, _ in groups}
    made = []
    for (table, column, kind), numbers in groups.items():
        here = [n for n in numbers if figures[n].row in place[table]]
        if not here:
            continue
        of_row = {figures[n].row: n for n in here}
        about = (dated["table"] == table) & (dated["column"] == column) & dated["id"].isin(of_row)
        rows = np.flatnonzero(about.to_numpy(dtype=bool))
        made.append(
            Slot(
                table,
                column,
                kind,
                np.array([place[table][figures[n].row] for n in here], dtype=np.int64),
                np.array(here, dtype=np.int64),
                rows.astype(np.int64),
                np.array([of_row[name] for name in dated["id"].to_numpy()[rows]], dtype=np.int64),
            )
        )
    return tuple(made)
