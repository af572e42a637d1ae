"""Rows of a table as dictionaries, where a table is walked row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["records"]


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """One dictionary per row, column name -> cell, in the table's order. Columns are named by text."""
    names = [str(name) for name in table.columns]
    # Column by column: pandas' own `to_dict` looks at every cell and takes five times as long.
    cells = [table.iloc[:, n].tolist() for n in range(len(names))]
    return [dict(zip(names, row, strict=True)) for row in zip(*cells, strict=True)]
