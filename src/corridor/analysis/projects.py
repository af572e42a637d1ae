"""Projects that can be built: what they widen, when they can work, and what they cost over a planning calendar."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor.case import home_tables, records, target_goods
from corridor.errors import QuestionError

if TYPE_CHECKING:
    from corridor.case import Case, Planning

__all__ = ["Project", "annuity", "capital_recovery", "projects_of", "with_needs"]


@dataclass(frozen=True)
class Project:
    """A row of expansions and its targets. Money in million USD of the case's price year."""

    id: str
    name: str
    capital: float
    fixed: float
    """a year"""
    first: float
    """earliest calendar year in which it can work: decision and lead time"""
    lifetime: float
    whole: bool
    needs: tuple[str, ...]
    excludes: tuple[str, ...]
    adds: dict[str, float]
    """target -> capacity, good.unit per year, when all of it is built"""

    def works(self, built: int, year: int) -> bool:
        """Whether it works in a year when it began to work in another."""
        return built <= year < built + self.lifetime

    def charge(self, built: int, planning: Planning, end: int) -> float:
        """Present value, in the base year, of its annuities and fixed cost before `end`, when it begins to work in a year.

        What is left of the annuities at `end` is its salvage value: the years beyond pay for it.
        """
        yearly = self.capital * annuity(planning.discount_rate, self.lifetime) + self.fixed
        last = min(float(end), built + self.lifetime)
        base, total = planning.years[0], 0.0
        for year in range(built, int(np.ceil(last))):
            total += min(1.0, last - year) * yearly * (1 + planning.discount_rate) ** -(year - base)
        return total


def annuity(rate: float, years: float) -> float:
    """The constant payment at the end of each of `years` years that pays back 1 with interest: r / (1 - (1 + r)^-n)."""
    return 1.0 / years if rate == 0 else rate / (1.0 - (1.0 + rate) ** -years)


def capital_recovery(project: Project, built: int, planning: Planning) -> float:
    """Present value, in the base year, of the capital cost of a project that begins to work in a year.

    It is spent by the end of the year before, so that its annuities have the same present value.
    """
    return project.capital * float((1 + planning.discount_rate) ** -(built - 1 - planning.years[0]))


def projects_of(case: Case, good: str, only: Collection[str] = (), *, whole: bool | None = None) -> tuple[Project, ...]:
    """Projects that widen what carries, makes or uses a good, and those that they need; or those named, with what they need.

    `whole` overrides the table's: True all or nothing, False any fraction.
    """
    rows = {row["id"]: row for row in records(case.tables["expansions"])}
    adds: dict[str, dict[str, float]] = {name: {} for name in rows}
    for row in records(case.tables["expansion_targets"]):
        adds[row["expansion"]][row["target"]] = float(row["adds"])
    strange = sorted(set(only) - set(rows))
    if strange:
        raise QuestionError(f"{case.name} has no expansion {strange[0]!r}; it has {', '.join(rows) or 'none'}")
    goods, home = target_goods(case.tables), home_tables(case.tables)
    amounts = case.tables["process_goods"]
    turns = set(amounts.loc[amounts["good"] == good, "process"])
    about = {
        name
        for name, targets in adds.items()
        if any(good in goods[t] or (home[t] == "processes" and t in turns) for t in targets)
    }
    chosen = with_needs({name: tuple(row["needs"]) for name, row in rows.items()}, set(only) or about)
    found = []
    for name, row in rows.items():
        if name not in chosen:
            continue
        first = float(row["first_year"])
        planning = case.settings.planning
        start = first if first == first else float(planning.years[0] if planning else 0)  # noqa: PLR0124 (NaN)
        found.append(
            Project(
                id=name,
                name=str(row["name"]),
                capital=float(row["capital_cost"]),
                fixed=float(np.nan_to_num(row["fixed_cost"])),
                first=start + float(np.nan_to_num(row["lead_time"])),
                lifetime=float(row["lifetime"]),
                whole=bool(row["whole"]) if whole is None else whole,
                needs=tuple(row["needs"]),
                excludes=tuple(other for other in row["excludes"] if other in chosen),
                adds=adds[name],
            )
        )
    return tuple(found)


def with_needs(needs: dict[str, tuple[str, ...]], chosen: Collection[str]) -> set[str]:
    """The chosen projects and all that they need, directly or not."""
    found: set[str] = set()
    more = set(chosen)
    while more:
        found |= more
        more = {other for name in more for other in needs.get(name, ())} - found
    return found
