"""Folder -> `Case`: files, cells, units, checks; every fault told at once."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from corridor.case.canonical import Converter, measures_of
from corridor.case.cells import type_table
from corridor.case.check import row_faults, row_numbers
from corridor.case.columns import columns
from corridor.case.files import case_folder, read_tables
from corridor.case.make import complete_table, fill_units
from corridor.case.model import Calendar, Case, Planning, Settings
from corridor.case.network_checks import network_faults
from corridor.case.references import reference_faults
from corridor.case.schema import TABLES
from corridor.case.settings import FILE, read_settings
from corridor.errors import CaseError, Fault

__all__ = ["read_case"]

if TYPE_CHECKING:
    import pandas as pd

log = logging.getLogger(__name__)

_NO_SETTINGS = Settings("", Calendar(dt.date.min, dt.date.max, "year"), None, planning=Planning((0, 1), 0.0))
"""Stands in for a case.toml at fault, so that the tables are still judged."""


def read_case(name_or_path: str | Path) -> Case:
    """Read and check a case: a bundled name ("kazakhstan"), or a folder (anything with a separator or a dot).

    Raises `CaseError` with every fault found: file, row, column, what is wrong, what to do. What needs a sound network
    is judged once every name leads somewhere.
    """
    folder = case_folder(name_or_path)
    settings, faults = read_settings(folder)
    original, found = read_tables(folder)
    faults += found
    typed = {}
    for table in TABLES:
        if table in original:
            typed[table], found = type_table(table, original[table])
            faults += found
        else:
            typed[table] = complete_table(table, None)
    unreadable = _unreadable(original, faults)
    rows = row_numbers(typed, original)
    references = reference_faults(typed, rows, unreadable)
    measures = measures_of(typed, settings.price_year if settings else None)
    tables, found = Converter(typed, measures, rows).convert()
    faults = _new(_new(faults, references), found)
    if settings is None:
        settings = _NO_SETTINGS
    tables = fill_units(tables)
    case = Case(folder.resolve().name, settings, tables, original)
    sound = not unreadable and not references and all(_is_of_a_figure(fault) for fault in faults)
    faults = _told_once(faults, row_faults(case, unreadable), unreadable)
    faults += network_faults(case, rows) if sound else []
    if faults:
        raise CaseError(f"case {case.name} has {len(faults)} fault{'s' if len(faults) > 1 else ''}", faults)
    log.info(
        "read %s: %s", case.name, ", ".join(f"{len(frame)} {name}" for name, frame in tables.items() if len(frame))
    )
    return case


def _is_of_a_figure(fault: Fault) -> bool:
    """Whether a fault is of a single figure, so that the network still hangs together without it."""
    table = fault.file.removesuffix(".csv")
    column = columns(table).get(fault.column or "") if table in TABLES else None
    return fault.file == FILE or (column is not None and column.shape in ("number", "date", "flag"))


def _unreadable(original: Mapping[str, pd.DataFrame], faults: Iterable[Fault]) -> set[str]:
    """Tables that are there, or should be, and whose rows cannot be told: what names them is not judged."""
    at_fault = {fault.file.removesuffix(".csv") for fault in faults}
    lost = {table for table in TABLES if table not in original and table in at_fault}
    return lost | {
        table
        for table, cells in original.items()
        if any(column.required and name not in cells for name, column in columns(table).items())
    }


def _new(faults: list[Fault], more: Iterable[Fault]) -> list[Fault]:
    """Faults and those of more that stand at another place: a cell, or a column that is missing, is told once."""
    told = {(fault.file, fault.row, fault.column) for fault in faults}
    return [*faults, *(f for f in more if not told & {(f.file, f.row, f.column), (f.file, 1, f.column)})]


def _told_once(faults: list[Fault], more: Iterable[Fault], unreadable: Collection[str]) -> list[Fault]:
    """Faults and those of more that are no consequence of them: of rows without a fault, in tables that could be read."""
    places = {(fault.file, fault.row) for fault in faults}
    fresh = [f for f in more if (f.file, f.row) not in places and f.file.removesuffix(".csv") not in unreadable]
    return [*faults, *fresh]
