"""Planning years: the base year with projected figures, what was built, and the measures that still hold.

A planning year is the base year's calendar as one step, so that its months and slices stay what they are; its figures are
those of `projections`, interpolated. Measures that hold for half of the base year or more go on, unless an end beyond it has
passed; those that begin later are in force in the years that they reach. Stocks stand still.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.analysis.gave_way import broken_limits
from corridor.case import dated_values, home_tables
from corridor.errors import InfeasibleError, QuestionError
from corridor.result import Result, Stage, certified, network_of, stage_program
from corridor.result.fixed_point import Assumed
from corridor.solver import InfeasibleProgram, solve_program
from corridor.study import answer, ask

if TYPE_CHECKING:
    import pandas as pd

    from corridor.analysis.projects import Project
    from corridor.case import Case, Planning
    from corridor.network import Distinction, Instrument
    from corridor.result import Question

__all__ = ["PlanYear", "Years", "planning_of", "projected"]

_CAPACITY = {"links": "capacity", "pools": "capacity", "processes": "capacity", "supply": "quantity"}
"""The column that a project widens."""


def planning_of(case: Case) -> Planning:
    """The case's planning years; raises `QuestionError` where it has none, or they do not begin with its calendar's year."""
    planning = case.settings.planning
    if planning is None:
        raise QuestionError(f"{case.name} has no planning years: write [planning] in its case.toml")
    if planning.years[0] != case.settings.calendar.start.year:
        raise QuestionError(
            f"the first planning year of {case.name} is {planning.years[0]}, its calendar begins in "
            f"{case.settings.calendar.start.year}; they must be the same year"
        )
    return planning


@dataclass(frozen=True)
class PlanYear:
    """A planning year in which nothing is built, solved: what the market does on its own."""

    year: int
    span: int
    """years that it stands for"""
    weight: float
    """sum of the discount factors of these years"""
    result: Result

    @property
    def gave_way(self) -> tuple[str, ...]:
        """Limits that could not be kept."""
        return broken_limits(self.result)

    @property
    def length(self) -> float:
        """Length of the solved year in years of 365.25 days."""
        return float(self.result.network.years.sum())


class Years:
    """Makes and solves the planning years of a calibrated part of a case."""

    def __init__(
        self,
        part: Case,
        scenario: str,
        with_: Iterable[Instrument],
        track: Sequence[Distinction],
        projects: Sequence[Project],
    ) -> None:
        self.planning = planning_of(part)
        self.part, self.scenario, self.with_, self.track = part, scenario, tuple(with_), tuple(track)
        self.projects = tuple(projects)
        self.base = replace(
            part.settings.calendar,
            step="year",
            end=dt.date(part.settings.calendar.start.year + 1, 1, 1),
        )
        self._cases: dict[int, Case] = {}
        self._asked: dict[tuple[object, ...], Question] = {}

    def span(self, year: int) -> int:
        """Years that a planning year stands for: up to the next; the last for as many as the one before it."""
        years = self.planning.years
        at = min(years.index(year), len(years) - 2)
        return years[at + 1] - years[at]

    def weight(self, year: int) -> float:
        """Sum of discount factors, (1 + r)^-(k - base), of the years that a planning year stands for."""
        rate, base = self.planning.discount_rate, self.planning.years[0]
        return float(sum((1 + rate) ** -(k - base) for k in range(year, year + self.span(year))))

    def unbuilt(self, year: int) -> PlanYear:
        """A planning year in which nothing is built. Agreements that cannot all be kept then give way as little as they must.

        Raises `InfeasibleError` with the year where even so it has no answer.
        """
        question = self.question(year, {})
        try:
            result = answer(question)
        except InfeasibleError as error:
            try:
                result = _gives_way(question)
            except InfeasibleProgram:
                raise InfeasibleError(f"{year}, with nothing built: {error}") from error
        return PlanYear(year, self.span(year), self.weight(year), result)

    def question(self, year: int, built: Mapping[str, float]) -> Question:
        """A planning year with fractions of projects built, by id."""
        key = (year, *sorted(item for item in built.items() if item[1] > 0))
        if key not in self._asked:
            with_ = tuple(kept for i in self.with_ if (kept := self._in_year(i, year)) is not None)
            case = self.case(year, built)
            self._asked[key] = ask(case, self.scenario, with_, foresight="perfect", horizon="long", track=self.track)
        return self._asked[key]

    def case(self, year: int, built: Mapping[str, float]) -> Case:
        """The case of a planning year with fractions of projects built."""
        if year not in self._cases:
            self._cases[year] = self._unbuilt_case(year)
        return self._widened(self._cases[year], built)

    def _unbuilt_case(self, year: int) -> Case:
        tables: dict[str, pd.DataFrame] = {"links": self.part.tables["links"].copy()}

        def own(name: str) -> pd.DataFrame:
            if name not in tables:
                tables[name] = self.part.tables[name].copy()
            return tables[name]

        keep = np.ones(len(self.part.tables["dated"]), dtype=bool)
        for (table, row, column), value in projected(self.part, year, self.base.start, self.base.end).items():
            _put(own(table), row, column, value)
            keep &= ~_is(self.part.tables["dated"], table, row, column)
        if not keep.all():
            tables["dated"] = own("dated")[keep].reset_index(drop=True)
        _open_links(tables["links"], year)
        # Rents of what can be widened are no costs.
        targets = {t for project in self.projects for t in project.adds}
        wedges = self.part.tables["wedges"]
        scarce = (wedges["reading"] == "scarcity") & (wedges["link"].isin(targets) | wedges["pool"].isin(targets))
        if scarce.any():
            tables["wedges"] = wedges[~scarce].reset_index(drop=True)
        if len(self.part.tables["storage"]):
            # Years that stand for five do not live off a stock: what is held at the start is held at the end.
            tables["storage"] = self.part.tables["storage"].iloc[:0]
        if len(self.part.tables["instruments"]):
            tables["instruments"] = self._instruments(year)
        return self.part.with_tables(replace(self.part.settings, calendar=self.base), **tables)

    def _widened(self, case: Case, built: Mapping[str, float]) -> Case:
        """The case with what is built; a target that is planned or closed opens with it."""
        home = home_tables(self.part.tables)
        added: dict[str, float] = {}
        for project in self.projects:
            for target, amount in project.adds.items():
                added[target] = added.get(target, 0.0) + amount * built.get(project.id, 0.0)
        added = {target: amount for target, amount in added.items() if amount > 0}
        if not added:
            return case
        tables = {name: case.tables[name].copy() for name in {"dated", *(home[target] for target in added)}}
        before = tables["dated"]
        for target, amount in added.items():
            self._add(tables, home[target], target, amount)
        if tables["dated"] is before and not any(_has_dated(before, home[t], t) for t in added):
            del tables["dated"]
        return case.with_tables(None, **tables)

    def _add(self, tables: dict[str, pd.DataFrame], table: str, target: str, amount: float) -> None:
        """Add a capacity to a row and to its dated values; a row that is planned or closed opens with it alone."""
        column, frame, dated = _CAPACITY[table], tables[table], tables["dated"]
        here, told = (frame["id"] == target).to_numpy(), _is(dated, table, target, column)
        values = frame[column].to_numpy(dtype=float).copy()
        if table != "supply" and frame.loc[here, "status"].iloc[0] != "open":
            frame["status"] = np.where(here, "open", frame["status"].to_numpy(dtype=object))
            values[here] = amount
            if told.any():
                tables["dated"] = dated[~told].reset_index(drop=True)
        else:
            more = amount / self._factor(table, target)
            values[here] += more
            if told.any():
                dated["value"] = dated["value"].to_numpy(dtype=float) + np.where(told, more, 0.0)
        frame[column] = values

    def _factor(self, table: str, row: str) -> float:
        """What calibration multiplies a figure of the table by."""
        levels = self.part.tables["levels"]
        here = (levels["table"] == table) & (levels["id"] == row)
        factor = float(levels.loc[here, "factor"].iloc[0]) if here.any() else 1.0
        return factor if factor > 0 else 1.0

    def _instruments(self, year: int) -> pd.DataFrame:
        table = self.part.tables["instruments"].copy()
        first, after = dt.date(year, 1, 1), dt.date(year + 1, 1, 1)
        stores = set(self.part.tables["storage"]["id"])
        keep, starts, ends = [], [], []
        for target, start, end in zip(table["target"], table["start"], table["end"], strict=True):
            held = (
                None
                if target in stores
                else _held(
                    start, end, (self.base.start, self.base.end), (first, after), is_base=year == self.base.start.year
                )
            )
            keep.append(held is not None)
            starts.append(held[0] if held else start)
            ends.append(held[1] if held else end)
        table["start"], table["end"] = _dates(table, starts), _dates(table, ends)
        table["announced"] = table["expected_end"] = _dates(table, [None] * len(table))
        return table[np.array(keep, dtype=bool)].reset_index(drop=True)

    def _in_year(self, i: Instrument, year: int) -> Instrument | None:
        first, after = dt.date(year, 1, 1), dt.date(year + 1, 1, 1)
        held = _held(
            i.start, i.end, (self.base.start, self.base.end), (first, after), is_base=year == self.base.start.year
        )
        return None if held is None else replace(i, start=held[0], end=held[1], announced=None, expected_end=None)


def _gives_way(question: Question) -> Result:
    """The year with agreements that give way at ten times the largest cost, as after a surprise."""
    net = network_of(question)
    built = stage_program(question, net, 0, None, emergency=True, assumed=Assumed())
    solution = built.reduced.expand(solve_program(built.reduced.program), built.full)
    stage = Stage(question.periods.starts[0], 0, solution, emergency=True)
    return certified(Result(question, (stage,), (), (built,)))


Day = dt.date | None


def _held(
    start: Day, end: Day, base: tuple[dt.date, dt.date], year: tuple[dt.date, dt.date], *, is_base: bool
) -> tuple[Day, Day] | None:
    """The dates, on the base year's calendar, of a measure in a planning year; None where it is not in force there."""
    in_base = (start is None or start < base[1]) and (end is None or end > base[0])
    if is_base:
        return (start, end) if in_base else None
    if in_base:
        if end is not None and base[1] < end <= year[0]:
            return None
        # What held for half of the base year goes on; what held for less was an event of that year.
        days = (min(end or base[1], base[1]) - max(start or base[0], base[0])).days
        return (None, None) if 2 * days >= (base[1] - base[0]).days else None
    reaches = start is not None and start >= base[1] and start < year[1] and (end is None or end > year[0])
    return (None, None) if reaches else None


def projected(case: Case, year: int, start: dt.date, end: dt.date) -> dict[tuple[str, str, str], float]:
    """(table, id, column) -> figure in a planning year, of everything that projections or later dated values speak of.

    Between the years given figures are interpolated, from that of the base year `[start, end)`; beyond the last they
    stay. A dated value that holds over the whole planning year counts where there is no projection.
    """
    found: dict[tuple[str, str, str], float] = {}
    if year == start.year:
        return found
    first, after = dt.date(year, 1, 1), dt.date(year + 1, 1, 1)
    dated = case.tables["dated"]
    for table, column in sorted(set(zip(dated["table"], dated["column"], strict=True))):
        told = dated_values(case, table, column)
        for row, since, until, value in zip(*(told[n] for n in ("id", "start", "end", "value")), strict=True):
            if since >= end and since <= first and until >= after:
                found[table, row, column] = float(value)
    home = home_tables(case.tables)
    rows: dict[tuple[str, str, str], list[tuple[int, float]]] = {}
    for target, column, told_year, value in zip(
        *(case.tables["projections"][n] for n in ("target", "column", "year", "value")), strict=True
    ):
        rows.setdefault((home[target], target, column), []).append((int(told_year), float(value)))
    for key, points in rows.items():
        points.sort()
        years = [start.year, *(y for y, _ in points)]
        values = [_figure(case, *key, start, end), *(v for _, v in points)]
        if np.isinf(values).any() or np.isnan(values[0]):
            # Nothing lies between a number and none: the last one told holds.
            told_by_now = [v for y, v in zip(years, values, strict=True) if y <= year and not np.isnan(v)]
            found[key] = told_by_now[-1] if told_by_now else values[1]
        else:
            found[key] = float(np.interp(year, years, values))
    return found


def _figure(case: Case, table: str, row: str, column: str, start: dt.date, end: dt.date) -> float:
    """A figure of the base year: dated values over the days on which they hold, the table's own over the rest."""
    frame = case.tables[table]
    own = float(frame.loc[frame["id"] == row, column].iloc[0])
    told = dated_values(case, table, column)
    days, total, rest = (end - start).days, 0.0, (end - start).days
    for since, until, value in zip(*(told.loc[told["id"] == row, n] for n in ("start", "end", "value")), strict=True):
        held = max(0, (min(until, end) - max(since, start)).days)
        if held:
            total, rest = total + held * float(value), rest - held
    return (total + (rest * own if rest else 0.0)) / days


def _put(frame: pd.DataFrame, row: str, column: str, value: float) -> None:
    frame.loc[frame["id"] == row, column] = value


def _is(dated: pd.DataFrame, table: str, row: str, column: str) -> Any:
    return ((dated["table"] == table) & (dated["id"] == row) & (dated["column"] == column)).to_numpy()


def _has_dated(dated: pd.DataFrame, table: str, row: str) -> bool:
    return bool(((dated["table"] == table) & (dated["id"] == row)).any())


def _open_links(links: pd.DataFrame, year: int) -> None:
    """Links that open or close between the base year and a planning year."""
    first = dt.date(year, 1, 1)
    opened = [day is not None and day <= first for day in links["opens"]]
    closed = [day is not None and day <= first for day in links["closes"]]
    links.loc[closed, "status"] = "closed"
    for name, passed in (("opens", opened), ("closes", closed)):
        links[name] = _dates(links, [None if gone else day for gone, day in zip(passed, links[name], strict=True)])


def _dates(table: pd.DataFrame, days: list[Day]) -> pd.Series[Any]:
    import pandas as pd

    return pd.Series(days, index=table.index, dtype=object)
