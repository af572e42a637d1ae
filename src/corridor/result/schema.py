"""Answers as JSON: the types of every document, published as JSON Schema, and the functions that fill them.

Within a schema number fields are added, never changed. There is no NaN and no infinity: such a number is null, and
`why_absent` beside it says why. Numbers have full precision; rounding is for sentences.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.result.documents import DOCUMENTS, SCHEMA
from corridor.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from corridor.result.model import Result

__all__ = ["SCHEMA", "as_rows", "binding_rows", "envelope", "schemas", "solve_payload", "within", "write_schemas"]

Window = tuple[str, str]
"""First day asked about, and first day no longer asked about, as ISO text."""


def envelope(
    verb: str,
    question: Mapping[str, Any],
    result: Result,
    answer: str,
    body: Mapping[str, Any],
    *,
    sources: Sequence[str] = (),
    assumed: Sequence[str] = (),
    warnings: Sequence[str] = (),
) -> dict[str, Any]:
    """The document of an answer: what was asked of which case, the sentence, the body, and what makes it credible.

    `warnings` stand behind those of the result.
    """
    document = {
        "schema": SCHEMA,
        "verb": verb,
        "question": dict(question),
        "case": result.case.name,
        "case_hash": result.case.hash,
        "scenario": result.scenario,
        "version": __version__,
        "answer": answer,
        "result": dict(body),
        "certificate": result.certificate.as_json(),
        "binding": binding_rows(result),
        "sources": list(sources),
        "assumed": list(assumed),
        "warnings": [*result.warnings, *warnings],
    }
    plain: dict[str, Any] = _plain(document)
    return plain


def solve_payload(result: Result, window: Window | None = None) -> dict[str, Any]:
    """The body of a `solve` answer; with a window, what has a period is told of the periods wholly inside it.

    Gains are sums over these periods. Netback, accounting and objective are of the whole calendar.
    """
    return {
        "flows": as_rows(within(result.flows, window)),
        "prices": as_rows(within(result.prices, window)),
        "supply": as_rows(within(result.supply, window)),
        "deliveries": as_rows(within(result.deliveries, window)),
        "activity": as_rows(within(result.activity, window)),
        "sales": as_rows(within(result.sales, window)),
        "unserved": as_rows(within(result.unserved, window)),
        "stocks": as_rows(within(result.stocks, window)),
        "netback": as_rows(result.netback),
        "gains": as_rows(_summed_gains(result, window)),
        "accounting": as_rows(result.accounting),
        "objective": result.objective,
        "objective_unit": "million USD",
        "ledger": as_rows(within(result.ledger, window)),
    }


def binding_rows(result: Result) -> list[dict[str, Any]]:
    """What binds, with the name that the case shows, period by period."""
    names: dict[str, str] = {}
    for rows in (result.case.tables[table] for table in ("links", "pools", "processes", "storage")):
        names.update(zip(rows["id"], rows["name"], strict=True))
    found = result.binding
    found.insert(1, "name", [names.get(what, what) for what in found["what"]])
    return as_rows(found)


def within(table: pd.DataFrame, window: Window | None) -> pd.DataFrame:
    """Rows of a table whose `period` lies wholly inside a window."""
    if window is None or "period" not in table or table.empty:
        return table
    periods = table["period"].str.split("/", expand=True)
    # Behind the last day the name of a slice may stand.
    return table[(periods[0] >= window[0]) & (periods[1].str[:10] <= window[1])]


def as_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """A table as JSON objects. A number that is none is null; `why_absent` says why where the table itself does not."""
    columns: dict[str, list[Any]] = {}
    for name in table:
        cells = table[name]
        # Lists of Python's own numbers and texts, column by column: a row at a time takes ten times as long.
        columns[str(name)] = cells.tolist() if cells.dtype != object else [_plain(cell) for cell in cells]
    rows = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    for name in columns:
        if table[name].dtype == np.float64:
            for at in np.flatnonzero(~np.isfinite(table[name].to_numpy())):
                _absent(rows[at], name)
    return rows


def schemas() -> dict[str, str]:
    """File name -> JSON Schema of each verb's document, and of a fault."""
    return {
        f"{verb}.json": json.dumps(model.model_json_schema(by_alias=True), indent=1, ensure_ascii=False) + "\n"
        for verb, model in DOCUMENTS.items()
    }


def write_schemas(folder: Path) -> None:
    """Write the JSON Schemas into a folder that exists."""
    for name, text in schemas().items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def _summed_gains(result: Result, window: Window | None) -> pd.DataFrame:
    table = within(result.gains, window)
    return table.groupby(["country", "party", "role", "good", "unit"], sort=True)["value"].sum().reset_index()


def _plain(value: Any) -> Any:
    """A value in JSON's own types; of a number that is none, null with the reason beside it."""
    if isinstance(value, dict):
        row = {str(key): _plain(inner) for key, inner in value.items()}
        for key, inner in value.items():
            if isinstance(inner, float) and not math.isfinite(inner):
                row[str(key)] = inner
                _absent(row, str(key))
        return row
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, (str, int, float)) else str(value)


def _absent(row: dict[str, Any], name: str) -> None:
    """Turn a number that is none into null, and say why unless the row says so already."""
    said = row.get("why_absent")
    why = "not known" if math.isnan(row[name]) else "unlimited"
    if not said or said.startswith(tuple(f"{key}: " for key in row)):
        row["why_absent"] = f"{said}; {name}: {why}" if said else f"{name}: {why}"
    row[name] = None
