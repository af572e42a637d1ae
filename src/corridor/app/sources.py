"""What `corridor sources` says: all sources of a case, or where one number comes from."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from corridor.analysis import assumptions
from corridor.case import evidence, records
from corridor.errors import QuestionError
from corridor.version import __version__

if TYPE_CHECKING:
    from corridor.case import Case

__all__ = ["source_lines", "source_rows"]


def source_rows(case: Case, table: str | None, row: str | None, column: str | None) -> dict[str, Any]:
    """The JSON document of `sources`."""
    document: dict[str, Any] = {
        "schema": 1,
        "verb": "sources",
        "question": {"case": case.name, "table": table, "id": row, "column": column},
        "case": case.name,
        "case_hash": case.hash,
        "version": __version__,
    }
    if table is None:
        rows = records(case.tables["sources"])
        lines = source_lines(case, None, None, None)
        result = {"sources": rows, "assumed": [vars(a) for a in assumptions(case)]}
        return document | {"answer": lines[0], "result": result}
    found = _evidence(case, table, row, column)
    told = {key: value for key, value in vars(found).items() if key != "sources"}
    told = {key: (None if isinstance(value, float) and math.isnan(value) else value) for key, value in told.items()}
    told["sources"] = [vars(source) for source in found.sources]
    return document | {"answer": source_lines(case, table, row, column)[0], "result": told}


def source_lines(case: Case, table: str | None, row: str | None, column: str | None) -> list[str]:
    """The answer in words."""
    if table is None:
        return _all(case)
    found = _evidence(case, table, row, column)
    value = f"{found.value or 'not known'}{f' {found.unit}' if found.unit else ''}"
    lines = [f"{table} {row}, {column}: {value} ({found.basis}, confidence {found.confidence})."]
    if found.low or found.high:
        lines.append(
            f"  between {found.low or '?'} and {found.high or '?'}{f': {found.reason}' if found.reason else ''}"
        )
    elif found.reason:
        lines.append(f"  {found.reason}")
    if found.note:
        lines.append(f"  {found.note}")
    lines.extend(
        f"  {source.key}: {source.title}. {source.publisher}{f', {source.date}' if source.date else ''}."
        f"{f' {source.url}' if source.url else ''} Licence: {source.licence or 'not told'}."
        for source in found.sources
    )
    if not found.sources:
        lines.append("  no source: assumed")
    return lines


def _evidence(case: Case, table: str, row: str | None, column: str | None) -> Any:
    if row is None or column is None:
        raise QuestionError(
            "name a table, a row and a column, as in: corridor sources kazakhstan links cpc_mooring capacity"
        )
    return evidence(case, table, row, column)


def _all(case: Case) -> list[str]:
    rows = records(case.tables["sources"])
    assumed = assumptions(case)
    lines = [f"{case.settings.title}: {len(rows)} sources, {len(assumed)} assumptions."]
    for row in rows:
        told = [row["title"], ", ".join(part for part in (row["publisher"], row["date"]) if part), row["url"]]
        lines.append(f"  {row['key']}: {'. '.join(part for part in told if part)}")
    lines.append("Assumed:")
    lines.extend(f"  {a}" for a in assumed)
    return lines
