"""Which case is it? One hash over what the tables say, not over how their files are written."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.case.columns import Column, columns, key_columns
from corridor.case.schema import FORMAT, TABLES

if TYPE_CHECKING:
    import pandas as pd

    from corridor.case.model import Settings

__all__ = ["case_hash", "combined_hash", "table_hash"]

_LATER = ("asked", "planning")
"""Settings that a case had not from the beginning."""
_UNITS = ("unit", "cost_unit")
"""Left out: the figures are canonical, so their unit says nothing that the good does not say."""


def case_hash(settings: Settings, tables: Mapping[str, pd.DataFrame]) -> str:
    """sha256 of settings and tables, as 64 hexadecimal digits.

    The same on every machine and under every pandas version. Order of rows, order of columns, spelling of units and
    columns at their default do not count, so that a later format's new column leaves the hash alone.
    """
    return combined_hash(settings, {name: table_hash(name, table) for name, table in tables.items() if len(table)})


def combined_hash(settings: Settings, digests: Mapping[str, str]) -> str:
    """The hash of a case from those of its tables that are not empty."""
    digest = hashlib.sha256(f"corridor case {FORMAT}\n".encode())
    digest.update(json.dumps(settings, sort_keys=True, default=_plain).encode())
    for table in TABLES:
        if table in digests:
            digest.update(f"\n{table} {digests[table]}".encode())
    return digest.hexdigest()


def table_hash(table: str, frame: pd.DataFrame) -> str:
    """sha256 of one table in canonical units, as 64 hexadecimal digits."""
    digest = hashlib.sha256(f"{len(frame)}".encode())
    order = _order(table, frame)
    for name, column in sorted(columns(table).items()):
        if name in _UNITS or name not in frame:
            continue
        content = _content(column, frame[name], order)
        if content is not None:
            digest.update(f"\n{name} {len(content)}\n".encode())
            digest.update(content)
    return digest.hexdigest()


def _order(table: str, frame: pd.DataFrame) -> list[int]:
    """Positions of the rows sorted by what tells them apart, then by everything else that is text."""
    keys = [_cells(frame[name]) for name in key_columns(table)]
    rows = list(zip(*keys, strict=True))
    if len(set(rows)) < len(rows):
        everything = [_cells(frame[name]) for name in columns(table) if name in frame]
        rows = list(zip(*everything, strict=True))
    return sorted(range(len(rows)), key=rows.__getitem__)


def _cells(values: pd.Series[Any]) -> list[str]:
    return [str(cell) for cell in values.astype(object).where(values.notna(), None)]


def _content(column: Column, values: pd.Series[Any], order: list[int]) -> bytes | None:
    """The column as bytes, None where every cell is at its default."""
    if column.shape in ("number", "integer"):
        numbers = values.to_numpy(dtype=np.float64)[order] + 0.0  # adding zero turns -0.0 into 0.0
        numbers[np.isnan(numbers)] = np.nan
        at_default = np.isnan(numbers) if column.default != column.default else numbers == column.default
        return None if at_default.all() else numbers.astype("<f8").tobytes()
    cells = values.astype(object).where(values.notna(), None).tolist()
    if set(cells) <= {column.default}:
        return None
    return json.dumps([cells[row] for row in order], default=_plain).encode()


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        told = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        # A case without what came later has the hash it had before; the order of slices and groups is part of what they mean.
        ordered = {name: list(told.pop(name).items()) for name in ("slices", "groups") if name in told}
        told |= {name: items for name, items in ordered.items() if items}
        return {name: held for name, held in told.items() if name not in _LATER or held}
    return dict(value) if isinstance(value, Mapping) else str(value)
