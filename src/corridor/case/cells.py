"""Cells as text -> typed columns, with every fault found.

Works column by column on the distinct texts of a column, so that each is judged once however often it stands there. The
judge is pydantic with the row model's own annotation; what a spreadsheet typically does to a cell is told in its own words.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np

from corridor.case.columns import Column, columns
from corridor.case.dated import day_of
from corridor.case.words import capped, did_you_mean, where
from corridor.errors import Fault

if TYPE_CHECKING:
    import pandas as pd
    from pydantic import TypeAdapter

    from corridor.case.words import Lines

__all__ = ["judged_numbers", "may_be_unlimited", "type_table"]

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_DECIMAL_COMMA = re.compile(r"[+-]?[\d\s.\u00a0\u202f]*\d,\d+")
_NOT_FINITE = re.compile(r"[+-]?(inf|infinity|nan|#n/a|n/?a)", re.IGNORECASE)


def may_be_unlimited(table: str, column: str) -> bool:
    """Whether `unlimited` may stand in a column: capacities only. A dated value may override a capacity."""
    return column == "capacity" or (table == "dated" and column == "value")


def type_table(table: str, cells: pd.DataFrame) -> tuple[pd.DataFrame, list[Fault]]:
    """A table's cells in the shapes that `Column` tells, rows numbered from 0, and the faults of single cells.

    `cells` has the file's row numbers as index. A cell at fault stands at the column's default.
    """
    import pandas as pd

    typed, faults = {}, []
    for name, column in columns(table).items():
        if name in cells:
            typed[name], found = _type_column(table, column, cells[name])
            faults += found
        else:
            blank: list[Any] = [column.default] * len(cells)
            typed[name] = pd.Series(blank, dtype=_dtype(column))
    return pd.DataFrame(typed, index=pd.RangeIndex(len(cells))), faults


def _dtype(column: Column) -> Any:
    return {"number": "float64", "integer": "int64", "flag": "bool"}.get(column.shape, object)


@dataclass(frozen=True)
class _Distinct:
    """The distinct texts of a column, the value of each, and what is wrong with it."""

    texts: list[str]
    values: list[Any]
    wrong: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Position -> message and remedy."""


def _type_column(table: str, column: Column, cells: pd.Series[str]) -> tuple[pd.Series[Any], list[Fault]]:
    import pandas as pd

    codes, found = pd.factorize(cells.to_numpy(dtype=object))
    texts = [text.strip() for text in found]
    distinct = _Distinct(texts, [column.default] * len(texts))
    _judge(table, column, distinct)
    typed = pd.Series(distinct.values, dtype=_dtype(column)).take(codes).reset_index(drop=True)
    return typed, _located(f"{table}.csv", column.name, cells.index.to_numpy(dtype=np.int64), codes, distinct.wrong)


def _located(
    file: str, column: str, rows: Lines, codes: np.ndarray[Any, np.dtype[np.intp]], wrong: dict[int, tuple[str, str]]
) -> list[Fault]:
    """One fault per row that holds a text at fault."""
    faults = []
    for position in where(np.isin(codes, list(wrong))) if wrong else ():
        message, remedy = wrong[int(codes[position])]
        faults.append(Fault(file, int(rows[position]), column, message, remedy))
    return capped(faults)


def _judge(table: str, column: Column, distinct: _Distinct) -> None:
    """Find the value of every distinct text, or what is wrong with it."""
    texts, wrong = distinct.texts, distinct.wrong
    if column.required:
        wrong |= {
            p: ("the cell is blank", f"give {column.field.description}") for p, text in enumerate(texts) if not text
        }
    filled = [position for position, text in enumerate(texts) if text]
    if column.shape == "date":
        for position in filled:
            day = day_of(texts[position])
            if day is None:
                wrong[position] = (f"'{texts[position]}' is not a date", "write YYYY-MM-DD, such as 2024-03-01")
            else:
                distinct.values[position] = day
        return
    if column.shape in ("number", "integer"):
        unlimited = may_be_unlimited(table, column.name)
        wrong |= {p: told for p in filled if (told := _not_a_number(texts[p], unlimited=unlimited))}
    fit = [position for position in filled if position not in wrong]
    accepted, rejected = _validate(table, column.name, [texts[position] for position in fit])
    for index, error in rejected.items():
        wrong[fit[index]] = _told(column, texts[fit[index]], error)
    for index, value in accepted.items():
        distinct.values[fit[index]] = column.default if value is None else value
    if column.shape == "names" and column.required:
        wrong |= {fit[i]: ("the cell names nothing", "give a name") for i, value in accepted.items() if not value}


def _not_a_number(text: str, *, unlimited: bool) -> tuple[str, str] | None:
    if _NUMBER.fullmatch(text):
        if math.isfinite(float(text)):
            return None
        return f"{text} is too large to be computed with", "check the number and its unit"
    if text == "unlimited":
        told = "'unlimited' can stand only in a capacity", "give a number"
        return None if unlimited else told
    if _NOT_FINITE.fullmatch(text):
        way_out = "write unlimited where nothing known limits it" if unlimited else "leave the cell blank if not known"
        return f"'{text}' is not a number", way_out
    if _DECIMAL_COMMA.fullmatch(text):
        return f"'{text}' has a comma", f"write a point for decimals and nothing between thousands: {_pointed(text)}"
    return (
        f"'{text}' is not a number",
        "write the number alone; its unit has a column of its own, remarks go into 'note'",
    )


def _pointed(text: str) -> str:
    whole, _, decimals = text.rpartition(",")
    return re.sub(r"[\s.\u00a0\u202f]", "", whole) + "." + decimals


@cache
def _adapter(table: str, name: str) -> TypeAdapter[list[Any]]:
    """Judge of a list of texts of one column, by the annotation in the row model."""
    from pydantic import TypeAdapter

    field = columns(table)[name].field
    annotation: Any = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
    return TypeAdapter(list[annotation])


def _validate(table: str, name: str, texts: Sequence[str | float]) -> tuple[dict[int, Any], dict[int, Any]]:
    """Values of the texts (or numbers) that pass, and pydantic's first error for each that does not, by position."""
    from pydantic import ValidationError

    adapter = _adapter(table, name)
    try:
        return dict(enumerate(adapter.validate_python(texts))), {}
    except ValidationError as problem:
        rejected = {int(error["loc"][0]): error for error in reversed(problem.errors(include_url=False))}
    passed = [position for position in range(len(texts)) if position not in rejected]
    return dict(zip(passed, adapter.validate_python([texts[p] for p in passed]), strict=True)), rejected


def judged_numbers(table: str, name: str, values: np.ndarray[Any, np.dtype[np.float64]]) -> dict[int, tuple[str, str]]:
    """Message and remedy for the numbers that a column cannot hold, by position; absent ones (NaN) are not judged."""
    present = [int(position) for position in np.flatnonzero(~np.isnan(values))]
    wrong: dict[int, tuple[str, str]] = {}
    if not may_be_unlimited(table, name):
        wrong |= {p: ("only a capacity can be unlimited", "give a number") for p in present if np.isinf(values[p])}
    fit = [position for position in present if position not in wrong]
    _, rejected = _validate(table, name, [float(values[position]) for position in fit])
    return wrong | {fit[i]: _told(columns(table)[name], f"{values[fit[i]]:g}", error) for i, error in rejected.items()}


def _told(column: Column, text: str, error: Any) -> tuple[str, str]:
    """Message and remedy for what pydantic rejects."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "literal_error":
        hint = did_you_mean(text, column.choices)
        return f"'{text}' is not known here", f"{hint}write one of {', '.join(column.choices)}"
    if kind == "string_pattern_mismatch":
        return _pattern(context["pattern"], text)
    if kind in ("greater_than_equal", "greater_than"):
        bound = context.get("ge", context.get("gt"))
        if bound == 0 and text.startswith("-"):
            return f"{text} is negative", f"{column.field.description}: give a number that is not"
        return f"{text} is too small", f"it must be {'at least' if 'ge' in context else 'above'} {bound:g}"
    if kind in ("less_than_equal", "less_than"):
        bound = context.get("le", context.get("lt"))
        return f"{text} is too large", f"it must be {'at most' if 'le' in context else 'below'} {bound:g}"
    if column.shape == "flag":
        return f"'{text}' is neither yes nor no", "write yes or no"
    if column.shape == "integer":
        return f"'{text}' is not a whole number", "write a whole number"
    return f"'{text}' does not fit: {error['msg']}", f"give {column.field.description}"


def _pattern(pattern: str, text: str) -> tuple[str, str]:
    if pattern == r"^[A-Z]{3}$":
        return (
            f"'{text}' is not a code of three capital letters",
            "write ISO 3166 alpha-3 for countries, ISO 4217 for money",
        )
    plain = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    example = f", such as '{plain}'" if plain[:1].isalpha() else ""
    return (
        f"'{text}' cannot be an identifier",
        f"use small letters, digits and underscores, beginning with a letter, at most 63{example}",
    )
