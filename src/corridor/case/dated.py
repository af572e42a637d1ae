"""Values that hold over a range of dates only."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from corridor.case.model import Case

__all__ = ["dated_values"]


def dated_values(case: Case, table: str, column: str) -> pd.DataFrame:
    """Dated values of one column of one table, in its canonical unit: columns `id`, `start`, `end`, `value`.

    Ranges are `[start, end)`; a blank start is `date.min`, a blank end `date.max`. In the order of the file.
    """
    dated = case.tables["dated"]
    rows = dated[(dated["table"] == table) & (dated["column"] == column)]
    found = rows.loc[:, ["id", "start", "end", "value"]].reset_index(drop=True)
    found["start"] = found["start"].where(found["start"].notna(), dt.date.min)
    found["end"] = found["end"].where(found["end"].notna(), dt.date.max)
    return found
