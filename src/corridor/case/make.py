"""A case from tables already in canonical units: for tests, benchmarks and cases that a program generates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.case.columns import Column, columns, columns_of_kind
from corridor.case.model import Case, Settings
from corridor.case.schema import TABLES, column_kind
from corridor.errors import CaseError, Fault

if TYPE_CHECKING:
    import pandas as pd

    Table = pd.DataFrame | Sequence[Mapping[str, Any]] | Mapping[str, Sequence[Any]]

__all__ = ["complete_table", "fill_units", "make_case"]


def make_case(name: str, settings: Settings, tables: Mapping[str, Table]) -> Case:
    """A case from tables in canonical units (rates per year in good.unit, prices in million USD per good.unit).

    A table is a DataFrame, a list of rows or a mapping of columns. Absent columns and blank cells take the row model's
    default, absent tables are empty. Cells are not checked one by one: `check_case` tells what does not hold together.
    Raises `CaseError` for a table, a column or a required column that does not fit the row models.
    """
    strangers = [table for table in tables if table not in TABLES]
    if strangers:
        known = ", ".join(TABLES)
        raise CaseError(
            f"case {name} cannot be made",
            [Fault(f"{table}.csv", None, None, "no such table", f"tables are {known}") for table in strangers],
        )
    completed = {table: complete_table(table, tables.get(table)) for table in TABLES}
    filled = fill_units(completed)
    return Case(name=name, settings=settings, tables=filled, original={})


def complete_table(table: str, rows: Table | None) -> pd.DataFrame:
    """A table with every column of its row model, in order, in the shapes that `Column` tells; rows numbered from 0."""
    import pandas as pd

    given, size = _columns_of(rows)
    faults = [
        Fault(f"{table}.csv", None, str(name), "no such column", f"columns are {', '.join(columns(table))}")
        for name in given
        if name not in columns(table)
    ]
    faults += [
        Fault(f"{table}.csv", None, name, "a required column is missing")
        for name, column in columns(table).items()
        if column.required and name not in given and size
    ]
    if faults:
        raise CaseError(f"table {table} does not fit", faults)
    done = {name: _shaped(column, given.get(name), size) for name, column in columns(table).items()}
    return pd.DataFrame(done, index=pd.RangeIndex(size))


def _columns_of(rows: Table | None) -> tuple[Mapping[Any, Any], int]:
    """Columns of a table by name, and how many rows it has."""
    import pandas as pd

    if isinstance(rows, pd.DataFrame):
        return {name: rows[name] for name in rows.columns}, len(rows)
    if isinstance(rows, Mapping) or not rows or len({tuple(row) for row in rows}) > 1:
        # Columns of one length, and rows that do not all have the same: pandas says what is wrong with them.
        frame = pd.DataFrame({} if rows is None else rows)
        return {name: frame[name] for name in frame.columns}, len(frame)
    return {name: [row[name] for row in rows] for name in rows[0]}, len(rows)


def fill_units(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables with `unit` and `cost_unit` telling the canonical units in which the figures stand."""
    from corridor.case.goods import home_tables, row_goods
    from corridor.case.units import PRICE_UNITS, canonical_price_unit

    known = zip(tables["goods"]["id"], tables["goods"]["unit"], strict=True)
    units = {good: unit for good, unit in known if unit in PRICE_UNITS}
    filled = {}
    for table, frame in tables.items():
        named = [name for name in ("unit", "cost_unit") if name in columns(table) and table != "goods"]
        if not named or frame.empty:
            filled[table] = frame
            continue
        if table == "expansions":
            filled[table] = frame.assign(unit="million USD")
            continue
        first = [goods[0] if goods else "" for goods in row_goods(table, frame, tables)]
        if table == "dated":
            filled[table] = frame.assign(unit=_texts(_dated_units(frame["table"], frame, first, units), frame.index))
            continue
        if table == "projections":
            homes = frame["target"].map(home_tables(tables)).fillna("")
            filled[table] = frame.assign(unit=_texts(_dated_units(homes, frame, first, units), frame.index))
            continue
        suffix = "" if columns_of_kind(table, "volume") else "/yr"
        changed = {}
        if "unit" in named:
            changed["unit"] = _texts([units[g] + suffix if g in units else "" for g in first], frame.index)
        if "cost_unit" in named:
            prices = [canonical_price_unit(units[g]) if g in units else "" for g in first]
            changed["cost_unit"] = _texts(prices, frame.index)
        filled[table] = frame.assign(**changed)
    return filled


def _dated_units(homes: pd.Series[str], frame: pd.DataFrame, goods: list[str], units: Mapping[str, str]) -> list[str]:
    """Canonical unit of each dated or projected value: a rate, a volume or a price, as the column is that it overrides."""
    from corridor.case.units import canonical_price_unit

    found = []
    for table, column, good in zip(homes, frame["column"], goods, strict=True):
        kind = column_kind(table, column) if good in units and table else None
        unit = units.get(good, "")
        by_kind = {"rate": f"{unit}/yr", "volume": unit}
        found.append(canonical_price_unit(unit) if kind == "price" else by_kind.get(kind or "", ""))
    return found


def _texts(cells: list[str], index: pd.Index[int]) -> pd.Series[str]:
    import pandas as pd

    return pd.Series(cells, index=index, dtype=object)


def _shaped(column: Column, given: Any, size: int) -> Any:
    """The cells of a column in its shape; blank ones at the default."""
    import pandas as pd

    if column.shape == "number":
        if given is None:
            numbers = np.full(size, np.nan)
        else:
            numbers = pd.to_numeric(pd.Series(given)).to_numpy(dtype=np.float64, copy=True)
        numbers[np.isnan(numbers)] = column.default
        return numbers
    if column.shape == "integer":
        return np.full(size, column.default, dtype=np.int64) if given is None else np.array(given, dtype=np.int64)
    if given is None:
        cells = [column.default] * size
    else:
        # What is absent is None, or not equal to itself: NaN, NaT.
        given = given if isinstance(given, list) else given.tolist()
        cells = [column.default if cell is None or cell != cell else cell for cell in given]  # noqa: PLR0124
    if column.shape == "flag":
        return np.array(cells, dtype=bool)
    if column.shape == "names":
        cells = [cell if type(cell) is tuple else _names(cell) for cell in cells]
    elif column.shape == "date":
        cells = [cell.date() if isinstance(cell, pd.Timestamp) else cell for cell in cells]
    elif column.shape == "text":
        cells = [cell.strip() or column.default for cell in cells]
    elif column.shape == "optional":
        cells = [cell or None for cell in cells]
    return pd.Series(cells, dtype=object)


def _names(cell: Any) -> tuple[str, ...]:
    if isinstance(cell, str):
        return tuple(part.strip() for part in cell.split(";") if part.strip())
    return tuple(cell)
