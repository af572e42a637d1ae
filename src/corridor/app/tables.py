"""Tables on a terminal: columns aligned, numbers to the right, no more rows than a screen needs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

__all__ = ["MOST_ROWS", "table_lines"]

MOST_ROWS = 40
"""Rows of a table that a terminal shows."""


def table_lines(table: pd.DataFrame, columns: Mapping[str, str], *, digits: int = 2, title: str = "") -> Sequence[str]:
    """Lines of a table: `columns` maps its columns to their headings."""
    shown = table.head(MOST_ROWS)
    cells = [[_cell(value, digits) for value in shown[key]] for key in columns]
    numeric = [all(not isinstance(value, str) for value in shown[key]) for key in columns]
    heads = list(columns.values())
    widths = [max(len(head), *(len(c) for c in column), 1) for head, column in zip(heads, cells, strict=True)]

    def line(parts: Sequence[str]) -> str:
        return "  ".join(
            part.rjust(width) if right else part.ljust(width)
            for part, width, right in zip(parts, widths, numeric, strict=True)
        ).rstrip()

    lines = [title] if title else []
    lines.append("  " + line(heads))
    lines.extend("  " + line([column[i] for column in cells]) for i in range(len(shown)))
    if len(table) > len(shown):
        lines.append(f"  ... and {len(table) - len(shown)} rows more; --json has all of them")
    return lines


def _cell(value: object, digits: int) -> str:
    if isinstance(value, float):
        # A difference of nothing is shown as nothing, not as minus zero.
        rounded = round(value, digits) + 0.0
        return "-" if math.isnan(value) else f"{rounded:,.{digits}f}"
    return str(value)
