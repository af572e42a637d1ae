"""`Case` -> folder: tables as they were written where they still say the same, in canonical units where not."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.case.canonical import measures_of
from corridor.case.cells import may_be_unlimited
from corridor.case.columns import columns
from corridor.case.describe import data_package
from corridor.case.make import fill_units
from corridor.case.schema import FORMAT, TABLES
from corridor.case.whole import write_whole
from corridor.errors import CaseError

if TYPE_CHECKING:
    import pandas as pd

    from corridor.case.model import Case, Settings

__all__ = ["write_case"]


def write_case(case: Case, folder: str | Path) -> Path:
    """Write a case into a folder that is new or empty, whole or not at all; returns the folder.

    `read_case` of the folder is the case again, with the same hash. Tables that were read and not changed keep their
    cells as written; others are written in canonical units. `datapackage.json` describes the tables for other tools.
    """
    present = [table for table in TABLES if len(case.tables[table])]
    tables = fill_units(case.tables)
    files = {f"{table}.csv": _as_csv(case, table, _rendered(case, table, tables[table])) for table in present}
    files["case.toml"] = _as_toml(case.settings)
    files["datapackage.json"] = data_package(case.name, case.settings.title, present)
    return write_whole(Path(folder), files)


def _as_csv(case: Case, table: str, rendered: dict[str, list[str]]) -> str:
    """One table as text of comma-separated values: as written where it still says the same, else as rendered."""
    if table in case.original:
        cells = case.original[table].copy()
        moved = [name not in case.original for name in case.tables["evidence"]["table"]] if table == "evidence" else []
        for name in ("low", "high"):
            if name in cells and any(moved):  # the row it speaks of is written in canonical units, so must its range be
                cells[name] = [
                    new if move else old for new, move, old in zip(rendered[name], moved, cells[name], strict=True)
                ]
        rendered = {str(name): [str(cell) for cell in cells[name]] for name in cells}
    lines = [rendered.keys(), *zip(*rendered.values(), strict=True)]
    return "".join(",".join(_quoted(cell) for cell in line) + "\n" for line in lines)


def _quoted(text: str) -> str:
    """A cell, in quotes where it needs them (RFC 4180)."""
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in ',"\r\n') else text


def _rendered(case: Case, table: str, frame: pd.DataFrame) -> dict[str, list[str]]:
    """Cells of a table in canonical units; columns that hold nothing but their default are left out."""
    shown = {}
    for name in columns(table):
        shown[name] = [_text(table, name, cell) for cell in frame[name]]
    money = {"dated": "unit", "prices": "cost_unit"}.get(table)
    if money:
        shown[money] = _money_of_price_year(case, table, shown[money])
    default = {name: _text(table, name, column.default) for name, column in columns(table).items()}
    kept = {
        name: cells
        for name, cells in shown.items()
        if columns(table)[name].required or any(cell != default[name] for cell in cells)
    }
    kinds = {columns(table)[name].kind for name in kept}
    if table not in ("goods", "dated", "projections"):
        if not kinds & {"rate", "volume", "cubic", "money"}:
            kept.pop("unit", None)
        if not kinds & {"price", "cubic"}:
            kept.pop("cost_unit", None)
    return kept


def _money_of_price_year(case: Case, table: str, units: list[str]) -> list[str]:
    """Units of dated prices, with their year where reading would take the figure for money of another one."""
    measures = measures_of(case.tables, case.settings.price_year)
    told = []
    for unit, start in zip(units, case.tables[table]["start"], strict=True):
        nominal = measures.dollars("USD", start.year if start else None) != 1.0
        told.append(unit.replace("USD/", f"USD_{measures.price_year}/") if nominal else unit)
    return told


def _text(table: str, name: str, cell: Any) -> str:
    """A cell as a file has it."""
    if isinstance(cell, float):
        if math.isnan(cell):
            return ""
        if math.isinf(cell):
            if cell < 0 or not may_be_unlimited(table, name):
                raise CaseError(f"{table}.csv cannot be written: {name} is infinite, and only a capacity can be")
            return "unlimited"
        return repr(int(cell)) if cell == int(cell) and abs(cell) < 1e15 else repr(float(cell))
    if isinstance(cell, (bool, np.bool_)):
        return "yes" if cell else "no"
    if isinstance(cell, tuple):
        return ";".join(cell)
    return "" if cell is None else str(cell)


def _as_toml(settings: Settings) -> str:
    lines = [f"format = {FORMAT}", f"title = {_toml(settings.title)}", f"currency = {_toml(settings.currency)}"]
    if settings.price_year is not None:
        lines.append(f"price_year = {settings.price_year}")
    lines.append(f"kappa = {float(settings.kappa)!r}")
    for key, calendar in (("calendar", settings.calendar), ("calibration", settings.calibration)):
        if calendar is not None:
            lines += [
                "",
                f"[{key}]",
                f"start = {calendar.start}",
                f"end = {calendar.end}",
                f"step = {_toml(calendar.step)}",
            ]
    if settings.slices:
        lines += ["", "[slices]", *(f"{name} = {float(share)!r}" for name, share in settings.slices.items())]
    if settings.planning is not None:
        told = dataclasses.asdict(settings.planning)
        lines += ["", "[planning]", *(f"{key} = {_toml(value)}" for key, value in told.items() if value != "")]
    for key, group in settings.groups.items():
        lines += ["", f"[groups.{key}]", f"name = {_toml(group.name)}"]
        lines += [] if group.calibrate_on is None else [f"calibrate_on = {group.calibrate_on}"]
    for question in (*settings.headline, *settings.asked):
        lines += ["", "[[headline]]", *(f"{_toml(key)} = {_toml(value)}" for key, value in question.items())]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    """A value in TOML; its strings are those of JSON, but for DEL."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_toml(key)} = {_toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_toml(inner) for inner in value) + "]"
    if isinstance(value, (dt.date, int, float)) and not isinstance(value, bool):
        return str(value)
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
