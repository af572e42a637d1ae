"""What stands behind a figure: one function for check, hover, `sources` and sweeps."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corridor.case.check import row_numbers
from corridor.case.columns import columns
from corridor.case.declare import Evidenced
from corridor.case.schema import TABLES
from corridor.case.words import did_you_mean
from corridor.errors import Fault, QuestionError

if TYPE_CHECKING:
    from corridor.case.model import Case

__all__ = ["Evidence", "SourceRow", "counts", "evidence", "stands_on", "unlicensed", "unsourced"]


@dataclass(frozen=True)
class SourceRow:
    """One row of sources.csv."""

    key: str
    title: str
    publisher: str
    date: str
    url: str
    licence: str


@dataclass(frozen=True)
class Evidence:
    """A figure as written and what stands behind it.

    `value`, `low` and `high` are texts in `unit`, as the tables have them; `canonical`, `canonical_low` and
    `canonical_high` the same as numbers in the case's canonical units, NaN where there is none.
    """

    table: str
    id: str
    column: str
    value: str
    unit: str
    sources: tuple[SourceRow, ...]
    confidence: str
    basis: str
    low: str
    high: str
    canonical: float
    canonical_low: float
    canonical_high: float
    reason: str
    note: str


def evidence(case: Case, table: str, id: str, column: str) -> Evidence:  # noqa: A002
    """What stands behind one figure. A row of evidence.csv overrides what its row says by default.

    Confidence is low where nobody says otherwise; basis is assumed where nobody says otherwise and no source is named.
    Raises `QuestionError` for a figure that is not there.
    """
    position = _position(case, table, id, column)
    frame = case.tables[table]
    row = {name: frame[name].iloc[position] for name in frame}
    own = _override(case, table, id, column)
    keys = own["source"] or row.get("source", ())
    basis = own["basis"] or row.get("basis") or ("observed" if keys else "assumed")
    number = columns(table)[column].shape == "number"
    return Evidence(
        table=table,
        id=id,
        column=column,
        value=_written(case, table, position, column),
        unit=_unit(case, table, position, column),
        sources=tuple(_source(case, key) for key in keys),
        confidence=own["confidence"] or row.get("confidence") or "low",
        basis=basis,
        low=own["written_low"],
        high=own["written_high"],
        canonical=float(row[column]) if number else math.nan,
        canonical_low=own["low"],
        canonical_high=own["high"],
        reason=own["reason"],
        note=row.get("note", ""),
    )


def unsourced(case: Case) -> tuple[Fault, ...]:
    """Rows whose figures have neither a source nor basis `assumed`, and figures that evidence.csv leaves so."""
    rows = row_numbers(case.tables, case.original)
    return tuple(
        Fault(
            f"{table}.csv",
            int(rows(table)[position]),
            "source",
            f"'{name}' has no source",
            "name one, or write assumed",
        )
        for table, position, name, basis, sourced in _rows(case)
        if not sourced and basis != "assumed"
    )


def unlicensed(case: Case) -> tuple[Fault, ...]:
    """Sources that do not say under which licence their data stand."""
    rows = row_numbers(case.tables, case.original)
    sources = case.tables["sources"]
    return tuple(
        Fault(
            "sources.csv",
            int(row),
            "licence",
            f"'{key}' has no licence",
            "write it, or 'facts only' where only figures are cited",
        )
        for row, key, licence in zip(rows("sources"), sources["key"], sources["licence"], strict=True)
        if not licence
    )


def counts(case: Case) -> dict[str, dict[str, int]]:
    """How many rows stand on what: `basis` (observed, derived, assumed, unsaid) and `confidence` (high, medium, low)."""
    basis: Counter[str] = Counter()
    confidence: Counter[str] = Counter()
    for _, _, said, sure in stands_on(case):
        basis[said or "unsaid"] += 1
        confidence[sure] += 1
    return {"basis": dict(basis), "confidence": dict(confidence)}


def stands_on(case: Case) -> Iterator[tuple[str, int, str | None, str]]:
    """(table, position, basis, confidence) of every row that carries figures; low where no confidence is said."""
    for table, position, _, said, _ in _rows(case):
        yield table, position, said, case.tables[table]["confidence"].iloc[position] or "low"


def _rows(case: Case) -> Iterator[tuple[str, int, str, str | None, bool]]:
    """(table, position, name, basis, whether it has a source) of every row that carries figures."""
    known = set(case.tables["sources"]["key"])
    for table, model in TABLES.items():
        if not issubclass(model, Evidenced):
            continue
        frame = case.tables[table]
        first = frame[next(iter(columns(table)))]
        for position, (name, keys, basis) in enumerate(zip(first, frame["source"], frame["basis"], strict=True)):
            yield table, position, str(name), basis, bool(set(keys) & known)


def _position(case: Case, table: str, name: str, column: str) -> int:
    if table not in TABLES:
        raise QuestionError(f"there is no table '{table}'; {did_you_mean(table, TABLES)}tables are {', '.join(TABLES)}")
    if "id" not in columns(table):
        raise QuestionError(f"rows of {table}.csv have no id of their own, so a single figure cannot be asked for")
    if column not in columns(table):
        known = ", ".join(columns(table))
        raise QuestionError(
            f"{table}.csv has no column '{column}'; {did_you_mean(column, columns(table))}columns are {known}"
        )
    names = list(case.tables[table]["id"])
    if name not in names:
        raise QuestionError(f"{table}.csv has no row '{name}'; {did_you_mean(name, names)}".rstrip("; "))
    return names.index(name)


def _override(case: Case, table: str, name: str, column: str) -> Mapping[str, Any]:
    """The row of evidence.csv about a figure, or one that says nothing."""
    frame = case.tables["evidence"]
    hit = (frame["table"] == table) & (frame["id"] == name) & (frame["column"] == column)
    if not hit.any():
        nothing = {"source": (), "confidence": None, "basis": None, "low": math.nan, "high": math.nan, "reason": ""}
        return {**nothing, "written_low": "", "written_high": ""}
    position = int(hit.to_numpy().argmax())
    own = {str(key): frame[key].iloc[position] for key in frame}
    as_written = table in case.original
    for end in ("low", "high"):
        own[f"written_{end}"] = _written(case, "evidence", position, end) if as_written else _text(own[end])
    return own


def _source(case: Case, key: str) -> SourceRow:
    sources = case.tables["sources"]
    names = list(sources["key"])
    if key not in names:
        return SourceRow(key, "", "", "", "", "")
    row = {str(name): str(sources[name].iloc[names.index(key)]) for name in sources}
    return SourceRow(**row)


def _written(case: Case, table: str, position: int, column: str) -> str:
    """The cell as the file has it; where there is no file, the canonical value."""
    if table in case.original:
        cells = case.original[table]
        return str(cells[column].iloc[position]).strip() if column in cells else ""
    return _text(case.tables[table][column].iloc[position])


def _unit(case: Case, table: str, position: int, column: str) -> str:
    kind = columns(table)[column].kind
    if not kind:
        return ""
    if kind == "cubic":
        price, rate = (_written(case, table, position, name) for name in ("cost_unit", "unit"))
        return f"{price}/({rate})^2"
    return _written(case, table, position, "cost_unit" if kind == "price" else "unit")


def _text(value: Any) -> str:
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        return "unlimited" if math.isinf(value) else f"{value:.12g}"
    return ";".join(value) if isinstance(value, tuple) else "" if value is None else str(value)
