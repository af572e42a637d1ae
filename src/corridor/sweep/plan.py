"""What a sweep does, fixed before the first variation: parts of the case, figures, points, questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.case import Calendar, Case, Settings, part_of, parts
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

    def __reduce__(self) -> tuple[Any, ...]:
        # Read-only views of tables do not travel between processes; the tables do.
        case = self.case
        return _part_again, (case.name, case.settings, dict(case.tables), self.goods, self.slots, self.asked)


def _part_again(
    name: str,
    settings: Settings,
    tables: Mapping[str, pd.DataFrame],
    goods: tuple[str, ...],
    slots: tuple[Slot, ...],
    asked: tuple[tuple[int, str], ...],
) -> Part:
    return Part(Case(name, settings, tables, {}), goods, slots, asked)


@dataclass(frozen=True)
class Plan:
    """Everything that a worker needs to know; it is sent once."""

    design: Design
    parts: tuple[Part, ...]
    factors: tuple[Factor, ...]
    points: Floats
    """(1 + variations, factors): places in the ranges; row 0 is the case as it is"""
    scenarios: Mapping[str, tuple[str, tuple[Instrument, ...]]]
    """name -> scenario of the case, and instruments added"""

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
    scenarios = {"base": ("base", ())}
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
        made.append(Part(case, goods, _slots(case, figures), asked))
    return Plan(design, tuple(made), factors, points(design, len(factors)), scenarios)


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
