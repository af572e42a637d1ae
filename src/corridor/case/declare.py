"""How a column of a table is declared: its type, its unit's kind, what it refers to, what it means."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

__all__ = [
    "Country",
    "Date",
    "Evidenced",
    "Flag",
    "Id",
    "Names",
    "NonNegative",
    "Number",
    "OptionalCountry",
    "OptionalId",
    "Row",
    "Text",
    "blank",
    "column",
    "id_pattern",
    "money_column",
    "number",
    "plain",
    "price_column",
    "rate_column",
    "reference",
    "volume_column",
]

id_pattern = r"^[a-z][a-z0-9_]{0,62}$"


def blank(value: Any) -> Any:
    """None for a cell of nothing but spaces."""
    return None if isinstance(value, str) and not value.strip() else value


def _split(value: Any) -> Any:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(";") if part.strip())
    return value


def number(value: Any) -> Any:
    """Infinity for `unlimited`, None for a blank cell."""
    if isinstance(value, str) and value.strip() == "unlimited":
        return float("inf")
    return blank(value)


def _flag(value: Any) -> Any:
    if isinstance(value, str):
        text = value.strip()
        return {"yes": True, "no": False, "": None}.get(text, text)
    return value


Id = Annotated[str, Field(pattern=id_pattern)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Text = str
Names = Annotated[tuple[str, ...], BeforeValidator(_split)]
Number = Annotated[float | None, BeforeValidator(number)]
NonNegative = Annotated[Annotated[float, Field(ge=0)] | None, BeforeValidator(number)]
Date = Annotated[dt.date | None, BeforeValidator(blank)]
Flag = Annotated[bool | None, BeforeValidator(_flag)]
OptionalId = Annotated[Id | None, BeforeValidator(blank)]
OptionalCountry = Annotated[Country | None, BeforeValidator(blank)]


def column(meaning: str, *, default: Any = ..., kind: str | None = None, refers: str | None = None) -> Any:
    """A field of a row model; its metadata say the kind of its unit and the table that it refers to."""
    extra: dict[str, Any] = {}
    if kind:
        extra["kind"] = kind
    if refers:
        extra["refers"] = refers
    return Field(default, description=meaning, json_schema_extra=extra)


def rate_column(meaning: str, default: Any = None) -> Any:
    """A column in the row's `unit`, per time."""
    return column(meaning, default=default, kind="rate")


def money_column(meaning: str, default: Any = None) -> Any:
    """A column in the row's `unit`, a sum of money of the row's `price_year`."""
    return column(meaning, default=default, kind="money")


def volume_column(meaning: str, default: Any = None) -> Any:
    """A column in the row's `unit`, a quantity."""
    return column(meaning, default=default, kind="volume")


def price_column(meaning: str, default: Any = None) -> Any:
    """A column in the row's `cost_unit`, money per quantity."""
    return column(meaning, default=default, kind="price")


def reference(table: str, meaning: str, default: Any = ...) -> Any:
    """A column that names a row of another table (its `id`)."""
    return column(meaning, default=default, refers=table)


def plain(meaning: str, default: Any = ...) -> Any:
    """A column without unit and without reference."""
    return column(meaning, default=default)


class Row(BaseModel):
    """What every table shares. Unknown columns are faults, so that a misspelt one is never silently ignored."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, frozen=True)


class Evidenced(Row):
    """A row whose figures have a source. `evidence.csv` can override these three for one column of one row."""

    source: Names = plain("keys of sources.csv, joined by `;`; may be blank only where basis is `assumed`", ())
    confidence: Annotated[Literal["high", "medium", "low"] | None, BeforeValidator(blank)] = plain(
        "how far the source can be trusted; default low", None
    )
    basis: Annotated[Literal["observed", "derived", "assumed"] | None, BeforeValidator(blank)] = plain(
        "observed (read in a source), derived (arithmetic on sources, told in note) or assumed (our judgement)", None
    )
    note: Text = plain("what a reader should know about the figures of this row", "")
