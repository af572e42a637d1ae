"""What the row models say about each column: its shape in a DataFrame, its default, its kind, what it refers to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

from corridor.case.declare import Evidenced
from corridor.case.schema import TABLES

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

__all__ = ["Column", "Shape", "columns", "columns_of_kind", "key_columns"]

Shape = Literal["number", "integer", "flag", "names", "date", "text", "optional"]


@dataclass(frozen=True)
class Column:
    """One column of one table.

    `shape` fixes how it stands in a DataFrame: number float64 with NaN, integer int64, flag bool, names tuple of str,
    date `datetime.date` or None, text str ("" for blank), optional str or None.
    """

    name: str
    field: FieldInfo
    shape: Shape
    required: bool
    default: Any
    kind: str | None
    refers: str | None
    choices: tuple[str, ...]


@cache
def columns(table: str) -> dict[str, Column]:
    """Columns of a table by name as it stands in the file (`from` and `to` for links).

    In the model's order, with where the figures come from at the end.
    """
    found = {}
    fields = sorted(TABLES[table].model_fields.items(), key=lambda item: item[0] in Evidenced.model_fields)
    for name, field in fields:
        extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
        shape, choices = _shape(field.annotation)
        found[field.alias or name] = Column(
            name=field.alias or name,
            field=field,
            shape=shape,
            required=field.is_required(),
            default=_blank(shape, None if field.is_required() else field.default),
            kind=_text(extra.get("kind")),
            refers=_text(extra.get("refers")),
            choices=choices,
        )
    return found


@cache
def columns_of_kind(table: str, kind: str) -> tuple[str, ...]:
    """Names of the table's columns of a kind (`rate`, `volume`, `price`, `money`, `cubic`)."""
    return tuple(column.name for column in columns(table).values() if column.kind == kind)


@cache
def key_columns(table: str) -> tuple[str, ...]:
    """Columns that tell the rows of a table apart; empty where rows may repeat."""
    keys = {
        "corridor_links": ("corridor", "link"),
        "pool_links": ("pool", "link"),
        "dated": ("table", "id", "column", "start"),
        "process_goods": ("process", "good"),
        "blocs": ("bloc", "country", "start"),
        "profiles": ("table", "id", "column", "month", "slice"),
        "ownership": ("asset", "party", "country", "role"),
        "fiscal": ("supply", "country"),
        "rates": ("currency", "year"),
        "exposure": ("good", "country"),
        "gdp": ("country", "year"),
        "expansion_targets": ("expansion", "target"),
        "projections": ("target", "column", "year"),
        "sources": ("key",),
        "evidence": ("table", "id", "column"),
        "wedges": ("link", "good"),
        "preferences": ("corridor", "good", "origin"),
        "levels": ("table", "id"),
    }
    return keys.get(table, ("id",))


def _blank(shape: Shape, default: Any) -> Any:
    """What stands in a cell that says nothing."""
    if default is not None:
        return default
    return {"number": float("nan"), "integer": 0, "flag": False, "names": (), "text": ""}.get(shape)


def _text(value: Any) -> str | None:
    return str(value) if value else None


def _shape(annotation: Any) -> tuple[Shape, tuple[str, ...]]:
    """Shape of an annotation, and its choices where it is a closed list."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _shape(get_args(annotation)[0])
    if origin is Literal:
        return "text", tuple(str(choice) for choice in get_args(annotation))
    if origin in (Union, UnionType):
        inner = next(part for part in get_args(annotation) if part is not type(None))
        shape, choices = _shape(inner)
        return ("optional" if shape == "text" else shape), choices
    shapes: dict[Any, Shape] = {float: "number", int: "integer", bool: "flag", dt.date: "date", str: "text"}
    return shapes.get(annotation, "names"), ()
