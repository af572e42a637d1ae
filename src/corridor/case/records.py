"""Rows of a table as dictionaries, where a table is walked row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["records"]


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """One dictionary per row, column name -> cell, in the table's order. Columns are named by text."""
    return [{str(name): cell for name, cell in row.items()} for row in table.to_dict("records")]
