"""What is wrong with a case as a whole, and what a careful reader should know of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from corridor.case.cells import judged_numbers
from corridor.case.columns import columns
from corridor.case.curve_checks import curve_faults
from corridor.case.dated import known_by_date
from corridor.case.goods import home_tables
from corridor.case.instrument_checks import instrument_faults
from corridor.case.network_checks import network_faults, network_warnings
from corridor.case.planning_checks import planning_faults
from corridor.case.process_checks import process_faults, profile_faults
from corridor.case.references import reference_faults
from corridor.case.schema import TABLES, targets
from corridor.case.words import where
from corridor.errors import Fault

if TYPE_CHECKING:
    import pandas as pd

    from corridor.case.model import Case
    from corridor.case.words import Lines, Rows


__all__ = ["check_case", "row_faults", "row_numbers", "warnings"]

SHARES = 1e-6
"""How far shares of ownership may be from one."""

_IDENTIFIED = tuple(table for table in TABLES if "id" in columns(table) and table not in ("dated", "profiles"))
"""Tables whose rows `evidence.csv` can speak of."""

_VALUE = "give a value with its source, or an assumption with basis assumed"
_CAPACITY = f"{_VALUE}; write unlimited, with basis assumed, where nothing known limits it"
_NEEDED = (
    ("links", "capacity", _CAPACITY),
    ("processes", "capacity", _CAPACITY),
    ("pools", "capacity", _CAPACITY),
    ("storage", "capacity", _CAPACITY),
    ("supply", "quantity", _VALUE),
    ("demand", "quantity", _VALUE),
    ("observations", "value", "give the quantity, or remove the row"),
    ("prices", "value", "give the price, or remove the row"),
    ("exposure", "net_exports", "give net exports, or remove the row"),
)


def check_case(case: Case) -> tuple[Fault, ...]:
    """Every fault of a case's tables, those that need several tables included.

    What needs a sound network (anchors of the price level, the cut that routes form) is judged once every name leads
    somewhere. A case from `read_case` has no faults; one that a program made or changed can have some.
    """
    rows = row_numbers(case.tables, case.original)
    references = reference_faults(case.tables, rows)
    faults = [*references, *row_faults(case)]
    return tuple(faults if references else [*faults, *network_faults(case, rows)])


def warnings(case: Case) -> tuple[Fault, ...]:
    """What is no fault but probably not meant.

    A demand that nothing can reach, a supply that reaches nothing, a figure outside its own range of evidence.
    """
    rows = row_numbers(case.tables, case.original)
    return (*network_warnings(case, rows), *_range_warnings(case, rows))


def _range_warnings(case: Case, rows: Rows) -> Iterator[Fault]:
    """The figure in use lies between the lowest and the highest believable one."""
    ids = {
        table: dict(zip(case.tables[table]["id"], range(len(case.tables[table])), strict=True)) for table in _IDENTIFIED
    }
    said = case.tables["evidence"]
    for row, table, name, column, low, high in zip(
        rows("evidence"), *(said[key] for key in ("table", "id", "column", "low", "high")), strict=True
    ):
        if name in ids.get(table, ()) and columns(table)[column].shape == "number":
            value = case.tables[table][column].iloc[ids[table][name]]
            for end, outside in (("low", value < low * (1 - 1e-9)), ("high", value > high * (1 + 1e-9))):
                if outside:
                    message = f"{column} of '{name}' is not within the range given for it"
                    yield Fault("evidence.csv", int(row), end, message, "both are in the row's own unit")


def row_numbers(tables: Mapping[str, pd.DataFrame], original: Mapping[str, pd.DataFrame]) -> Rows:
    """Line of the file for each row of a table; those that `write_case` would give it, where it was not read."""

    @cache
    def rows(table: str) -> Lines:
        size = len(tables[table])
        if table in original and len(original[table]) == size:
            return original[table].index.to_numpy(dtype=np.int64)
        return np.arange(2, 2 + size)

    return rows


def row_faults(case: Case, unreadable: Collection[str] = ()) -> Iterator[Fault]:
    """Faults of single rows and of groups of rows. What hangs on a table that could not be read is not judged."""
    rows = row_numbers(case.tables, case.original)
    yield from _gas_faults(case, rows)
    yield from _rate_faults(case, rows)
    yield from _blank_faults(case, rows)
    yield from _range_faults(case, rows)
    yield from curve_faults(case, rows)
    yield from _share_faults(case, rows)
    yield from _overlap_faults(case, rows)
    yield from process_faults(case, rows)
    yield from profile_faults(case, rows)
    yield from planning_faults(case, rows)
    if not {*targets, "goods", "nodes", "blocs", "process_goods"} & set(unreadable):
        yield from instrument_faults(case, rows)


def _gas_faults(case: Case, rows: Rows) -> Iterator[Fault]:
    goods = case.tables["goods"]
    for row, good, unit, reference in zip(
        rows("goods"), goods["id"], goods["unit"], goods["gas_reference"], strict=True
    ):
        if unit == "bcm" and reference is None:
            message = f"cubic metres of '{good}' say no temperature: 15 and 20 °C differ by 1.7 %"
            yield Fault("goods.csv", int(row), "gas_reference", message, "write 15C or 20C")


def _rate_faults(case: Case, rows: Rows) -> Iterator[Fault]:
    """Rates that contradict what USD and the price year mean."""
    price_year = case.settings.price_year
    rates = case.tables["rates"]
    for row, currency, year, rate, deflator in zip(
        rows("rates"), *(rates[name] for name in ("currency", "year", "per_usd", "deflator")), strict=True
    ):
        if currency == "USD" and rate != 1:
            yield Fault(
                "rates.csv", int(row), "per_usd", f"{rate:g} USD are not one USD", "write 1, or another currency"
            )
        if not np.isnan(deflator) and price_year is None:
            remedy = "give price_year in case.toml, or leave it blank"
            yield Fault("rates.csv", int(row), "deflator", "a deflator needs a price year", remedy)
        elif not np.isnan(deflator) and year == price_year and deflator != 1:
            message = f"the price level of {year}, the price year, is {deflator:g} of itself"
            yield Fault("rates.csv", int(row), "deflator", message, "write 1, or leave it blank")


def _blank_faults(case: Case, rows: Rows) -> Iterator[Fault]:
    """Missing is never zero: a blank means not known, unless dated values say it for every day."""
    known = known_by_date(case)
    for table, column, remedy in _NEEDED:
        blank = np.isnan(case.tables[table][column].to_numpy(dtype=float))
        for position in where(blank):
            row = case.tables[table]
            name = row["id"].iloc[position] if "id" in row else ""
            if (table, name, column) not in known:
                message = f"{column.replace('_', ' ')} {f'of {name!r} ' if name else ''}is not known"
                yield Fault(f"{table}.csv", int(rows(table)[position]), column, message, remedy)


def _range_faults(case: Case, rows: Rows) -> Iterator[Fault]:
    """Figures outside what their column can hold, in dated values and in cases that a program made.

    In the other tables of a file the row models refuse them cell by cell.
    """
    for table in TABLES:
        for name, column in columns(table).items():
            if column.shape == "number":
                yield from _out_of_range(table, name, case.tables[table][name], rows(table), (table, name))
    dated = case.tables["dated"]
    for (said, column_name), group in dated.groupby(["table", "column"], sort=False):
        judge = (str(said), str(column_name))
        known = columns(judge[0]) if judge[0] in TABLES else {}
        if judge[1] in known and known[judge[1]].shape == "number":
            yield from _out_of_range("dated", "value", group["value"], rows("dated")[group.index], judge)
    yield from _projected_out_of_range(case, rows)


def _projected_out_of_range(case: Case, rows: Rows) -> Iterator[Fault]:
    """Projected figures that the column which they override cannot hold."""
    frame, home = case.tables["projections"], home_tables(case.tables)
    homes = frame["target"].map(home)
    for (table, column_name), group in frame.groupby([homes, "column"], sort=False):
        judge = (str(table), str(column_name))
        if judge[1] in columns(judge[0]) and columns(judge[0])[judge[1]].shape == "number":
            yield from _out_of_range("projections", "value", group["value"], rows("projections")[group.index], judge)


def _out_of_range(
    table: str, column: str, values: pd.Series[float], rows: Lines, judge: tuple[str, str]
) -> Iterator[Fault]:
    """Values that the row model of the judging (table, column) does not accept."""
    for position, (message, remedy) in judged_numbers(*judge, np.asarray(values, dtype=np.float64)).items():
        yield Fault(f"{table}.csv", int(rows[position]), column, message, remedy)


def _share_faults(case: Case, rows: Rows) -> Iterator[Fault]:
    """Shares of ownership sum to one per asset and role; shares of producer surplus to at most one."""
    owned = case.tables["ownership"]
    for (asset, role), group in owned.groupby(["asset", "role"], sort=False):
        total = group["share"].sum()
        if abs(total - 1) > SHARES:
            row = int(rows("ownership")[group.index[-1]])
            remedy = (
                "add the missing holders (or one called 'others', assumed)" if total < 1 else "look for one told twice"
            )
            yield Fault("ownership.csv", row, "share", f"{role} shares of '{asset}' sum to {total:.6g}, not 1", remedy)
    for supply, group in case.tables["fiscal"].groupby("supply", sort=False):
        total = group["share"].sum()
        if total > 1 + SHARES:
            row = int(rows("fiscal")[group.index[-1]])
            message = f"governments take {total:.6g} of the producer surplus of '{supply}', more than all of it"
            yield Fault("fiscal.csv", row, "share", message, "shares are of producer surplus, not of revenue")


def _overlap_faults(case: Case, rows: Rows) -> Iterator[Fault]:
    """Two dated values, or two rows of a holder's share, that hold on the same day."""
    dated = case.tables["dated"]
    for (table, name, column), group in dated.groupby(["table", "id", "column"], sort=False):
        held = sorted(
            (start or dt.date.min, end or dt.date.max, position)
            for position, start, end in zip(group.index, group["start"], group["end"], strict=True)
        )
        for (_, end, one), (start, _, other) in pairwise(held):
            if start < end:
                first, last = (int(rows("dated")[position]) for position in (one, other))
                message = f"'{column}' of '{name}' ({table}) already has a value on {start}, from row {first}"
                yield Fault("dated.csv", last, "start", message, "let one end where the other starts")
