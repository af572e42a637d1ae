"""Rows of a table as dictionaries, where a table is walked row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["records"]


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """One dictionary per row, column name -> cell, in the table's order. Columns are named by text."""
    names = [str(name) for name in table.columns]
    # All cells at once as Python's own: pandas' `to_dict` looks at each and takes ten times as long.
    return [dict(zip(names, row, strict=True)) for row in table.to_numpy(dtype=object).tolist()]
