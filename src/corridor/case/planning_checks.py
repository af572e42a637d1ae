"""What is wrong with projects and projections."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor.case.columns import columns
from corridor.case.words import where
from corridor.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corridor.case.model import Case
    from corridor.case.words import Rows

__all__ = ["planning_faults"]

_FILE = "expansions.csv"


def planning_faults(case: Case, rows: Rows) -> Iterator[Fault]:
    """Projects that lack a figure, widen nothing or need themselves; figures without planning years."""
    yield from _missing(case, rows)
    yield from _beside_each_other(case, rows)
    planning = case.settings.planning
    for table in ("expansions", "projections"):
        if planning is None and len(case.tables[table]):
            remedy = "write [planning] with years and discount_rate in case.toml"
            yield Fault(f"{table}.csv", None, None, "the case has no planning years", remedy)
    if planning is not None:
        years = case.tables["projections"]["year"]
        for position in where((years <= planning.years[0]).to_numpy()):
            message = f"{years.iloc[position]} is not after {planning.years[0]}, the base year"
            remedy = "what holds in the base year stands in the target's own table"
            yield Fault("projections.csv", int(rows("projections")[position]), "year", message, remedy)


def _missing(case: Case, rows: Rows) -> Iterator[Fault]:
    """Figures that a project or a projection cannot do without."""
    remedy = "give a value with its source, or an assumption with basis assumed"
    for table, column in (
        ("expansions", "capital_cost"),
        ("expansions", "lifetime"),
        ("expansion_targets", "adds"),
        ("projections", "value"),
    ):
        frame = case.tables[table]
        for position in where(np.isnan(frame[column].to_numpy(dtype=float))):
            name = str(frame[next(iter(columns(table)))].iloc[position])
            message = f"{column.replace('_', ' ')} of '{name}' is not known"
            yield Fault(f"{table}.csv", int(rows(table)[position]), column, message, remedy)
    projects = case.tables["expansions"]
    for position in where(np.isnan(projects["fixed_cost"].to_numpy(dtype=float))):
        if not projects["note"].iloc[position]:
            message = f"yearly cost of '{projects['id'].iloc[position]}' is not known"
            told = "give it, or say in note why it is left out"
            yield Fault(_FILE, int(rows("expansions")[position]), "fixed_cost", message, told)


def _beside_each_other(case: Case, rows: Rows) -> Iterator[Fault]:
    """What projects need, exclude and widen."""
    projects = case.tables["expansions"]
    useful = {other for others in projects["needs"] for other in others}
    useful |= set(case.tables["expansion_targets"]["expansion"])
    told = (projects[key] for key in ("id", "needs", "excludes"))
    for row, name, needs, excludes in zip(rows("expansions"), *told, strict=True):
        for column, named in (("needs", needs), ("excludes", excludes)):
            if name in named:
                yield Fault(_FILE, int(row), column, f"'{name}' {column} itself", "name another project")
        both = sorted(set(needs) & set(excludes))
        if both:
            yield Fault(_FILE, int(row), "excludes", f"'{name}' needs and excludes '{both[0]}'", "keep one of the two")
        if name not in useful:
            remedy = "add a row to expansion_targets.csv, or name it where another project needs it"
            yield Fault(_FILE, int(row), "id", f"'{name}' widens nothing, and nothing needs it", remedy)
