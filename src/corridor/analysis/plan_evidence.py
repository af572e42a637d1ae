"""What a plan rests on: the sources of projects and projections beside those of the case, and what is assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor.analysis.provenance import assumptions, source_keys
from corridor.case import records

if TYPE_CHECKING:
    from collections.abc import Collection

    from corridor.case import Case

__all__ = ["plan_assumptions", "plan_sources"]


def _plan_rows(case: Case, projects: Collection[str]) -> list[tuple[str, str, dict[str, Any]]]:
    """(table, id, row) of the projects, what they widen, and the projections."""
    found = [("expansions", row["id"], row) for row in records(case.tables["expansions"]) if row["id"] in projects]
    found += [
        ("expansion_targets", f"{row['expansion']} {row['target']}", row)
        for row in records(case.tables["expansion_targets"])
        if row["expansion"] in projects
    ]
    found += [
        ("projections", f"{row['target']} {row['column']} {row['year']}", row)
        for row in records(case.tables["projections"])
    ]
    return found


def plan_sources(case: Case, projects: Collection[str]) -> tuple[str, ...]:
    """Keys of the sources of the case and of a plan."""
    keys = {key for _, _, row in _plan_rows(case, projects) for key in row["source"]}
    planning = case.settings.planning
    keys |= {planning.source} if planning is not None and planning.source else set()
    return tuple(sorted(keys | set(source_keys(case))))


def plan_assumptions(case: Case, projects: Collection[str]) -> tuple[str, ...]:
    """What is assumed in the case and in a plan."""
    found = [
        f"{table} {name}" + (f": {row['note']}" if row["note"] else "")
        for table, name, row in _plan_rows(case, projects)
        if row["basis"] == "assumed"
    ]
    planning = case.settings.planning
    if planning is not None and planning.basis == "assumed":
        found.insert(0, f"real discount rate of {planning.discount_rate:g}: {planning.note}")
    return (*found, *(str(a) for a in assumptions(case)))
