"""What the row models tell a reader: a reference page in Markdown, and the descriptor of a Data Package."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import annotated_types

from corridor.case.cells import may_be_unlimited
from corridor.case.columns import Column, columns, key_columns
from corridor.case.declare import id_pattern
from corridor.case.files import REQUIRED
from corridor.case.schema import TABLES
from corridor.case.units import PRICE_UNITS, spellings

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["data_package", "tables_page"]

_KINDS = {
    "rate": "in `unit`, per time",
    "volume": "in `unit`",
    "price": "in `cost_unit`",
    "money": "in `unit`, of `price_year`",
    "cubic": "in `cost_unit` per `unit` squared",
}
_TYPES = {
    "number": "number",
    "integer": "whole number",
    "flag": "yes or no",
    "names": "names, joined by `;`",
    "date": "date, YYYY-MM-DD",
    "text": "text",
    "optional": "text",
}


def tables_page() -> str:
    """The reference page of tables and columns, in Markdown; docs/reference/tables.md is this text."""
    lines = [
        "# Tables of a case",
        "",
        "<!-- Made by corridor.case.tables_page from the row models; `scripts/make-reference` writes it again. -->",
        "",
        "A case is a folder of comma-separated CSV files in UTF-8 beside `case.toml`. Needed are "
        + ", ".join(f"`{name}.csv`" for name in REQUIRED)
        + "; every other table can be left out, but not left empty. A blank cell takes the default. "
        "Columns in **bold** must be there and filled.",
        "",
        "Identifiers match `"
        + id_pattern
        + "`. Every range of dates is [start, end): the end is the first day on which "
        "it no longer holds. Missing is never zero: a capacity that is blank is not known, and the check asks for it; "
        "`unlimited` is infinite, and only capacities can be.",
        "",
        *_units_section(),
    ]
    for table, model in TABLES.items():
        lines += ["", f"## {table}.csv", "", (model.__doc__ or "").strip(), ""]
        lines += ["| column | type | default | meaning |", "|---|---|---|---|"]
        lines += [_line(table, column) for column in columns(table).values()]
    return "\n".join(lines) + "\n"


def data_package(name: str, title: str, present: Iterable[str]) -> str:
    """`datapackage.json` (Data Package v1, tabular) for a folder that holds some of the tables."""
    resources = [
        {
            "name": table.replace("_", "-"),
            "path": f"{table}.csv",
            "profile": "tabular-data-resource",
            "encoding": "utf-8",
            "schema": {
                "fields": [_field(table, column) for column in columns(table).values()],
                "primaryKey": list(key_columns(table)),
                "missingValues": [""],
            },
        }
        for table in present
    ]
    document = {"profile": "tabular-data-package", "name": _slug(name), "title": title, "resources": resources}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _slug(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "._-" else "-" for letter in name.lower()) or "case"


def _units_section() -> list[str]:
    masses = ("mass", "gas volume", "energy", "count")
    goods = ", ".join(f"`{unit}` ({price})" for unit, price in PRICE_UNITS.items())
    return [
        "## Units",
        "",
        f"A good has one canonical unit, and prices follow it: {goods}.",
        "",
        "Other units are converted when the case is read. Quantities:",
        "",
        *(f"- {dimension}: {', '.join(f'`{name}`' for name in spellings(dimension))}" for dimension in masses),
        "",
        (
            "Barrels need the good's `barrels_per_tonne`. Cubic metres are at the good's `gas_reference` unless the unit says "
            "`_15C` or `_20C`; `mcm` is a million cubic metres. A rate is a quantity over `/yr` (365.25 days), `/month` (a "
            "twelfth of it), `/d` or `/h`, or power in `kW`, `MW`, `GW`. A price is a currency over a quantity, such as "
            "`USD/bbl` or `KZT/t`; `k` and `M` before the currency are thousand and million."
        ),
        "",
        (
            "Money is of the year that the unit tells (`KZT_2019/t`); else of the case's `price_year`, and in `dated.csv` "
            "and `prices.csv` of the year in which the row starts. A currency other than USD needs a row in `rates.csv` "
            "for that year; USD of an earlier year are turned into those of the price year where a row of USD has a deflator."
        ),
    ]


def _line(table: str, column: Column) -> str:
    name = f"**{column.name}**" if column.required else column.name
    told = ", ".join(f"`{choice}`" for choice in column.choices) or _TYPES[column.shape]
    if column.refers:
        told += f", in {column.refers}.csv"
    if column.kind:
        told += f", {_KINDS[column.kind]}"
    if column.shape == "number" and may_be_unlimited(table, column.name):
        told += ", or `unlimited`"
    default = (
        ""
        if column.required or column.default in ("", (), None) or column.default != column.default
        else column.default
    )
    shown = (
        {True: "yes", False: "no"}[default]
        if isinstance(default, bool)
        else f"{default:g}"
        if isinstance(default, float)
        else str(default)
    )
    return f"| {name} | {told} | {shown} | {column.field.description} |"


def _field(table: str, column: Column) -> dict[str, Any]:
    """A field descriptor of Table Schema. Numbers that can be `unlimited` are strings there, which has no infinity in words."""
    types = {"integer": "integer", "flag": "boolean", "date": "date"}
    kind = types.get(column.shape, "string")
    if column.shape == "number" and not may_be_unlimited(table, column.name):
        kind = "number"
    described: dict[str, Any] = {"name": column.name, "type": kind, "description": column.field.description}
    if kind == "boolean":
        described |= {"trueValues": ["yes"], "falseValues": ["no"]}
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    if column.choices:
        constraints["enum"] = list(column.choices)
    if kind == "number":
        constraints |= _bounds(column)
    return described | ({"constraints": constraints} if constraints else {})


def _bounds(column: Column) -> dict[str, float]:
    """Smallest and largest number that the row model accepts, where it includes them."""
    found = {}
    for bound in _metadata(column.field.annotation, column.field.metadata):
        if isinstance(bound, annotated_types.Ge):
            found["minimum"] = float(bound.ge)  # type: ignore[arg-type]
        if isinstance(bound, annotated_types.Le):
            found["maximum"] = float(bound.le)  # type: ignore[arg-type]
    return found


def _metadata(annotation: Any, metadata: Iterable[Any]) -> Iterable[Any]:
    """Everything that stands in `Annotated[...]`, however deep."""
    from typing import Annotated, get_args, get_origin

    for entry in metadata:
        yield from getattr(entry, "metadata", None) or [entry]
    if get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        yield from _metadata(inner, more)
    else:
        for part in get_args(annotation):
            yield from _metadata(part, ())
