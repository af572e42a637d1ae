"""Files of a case folder -> cells as text. Nothing is interpreted here except where cells begin and end."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

from corridor.case.columns import columns
from corridor.case.schema import TABLES
from corridor.case.words import did_you_mean
from corridor.errors import CaseError, Fault

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["REQUIRED", "case_folder", "read_tables"]

REQUIRED = ("nodes", "goods", "links")
"""Tables without which there is no case."""

_AS_CSV = "save it as comma-separated CSV in UTF-8"


def case_folder(name_or_path: str | Path) -> Path:
    """The folder of a case: a bundled name, or a path (anything with a separator or a dot)."""
    from importlib.resources import files

    text = str(name_or_path)
    if isinstance(name_or_path, Path) or any(mark in text for mark in "/\\."):
        folder = Path(text)
        if not folder.is_dir():
            raise CaseError(f"there is no folder {text}; give the folder that holds case.toml")
        return folder
    bundled = Path(str(files("corridor") / "cases"))
    names = sorted(p.name for p in bundled.iterdir() if (p / "case.toml").is_file()) if bundled.is_dir() else []
    if text not in names:
        hint = did_you_mean(text, names)
        raise CaseError(
            f"there is no bundled case '{text}'; {hint}bundled are: {', '.join(names) or 'none'}; "
            f"for a folder write ./{text}"
        )
    return bundled / text


def read_tables(folder: Path) -> tuple[dict[str, pd.DataFrame], list[Fault]]:
    """Cells of every table found, as text with the file's row numbers as index, and the faults of the files.

    A table whose file is at fault is absent.
    """
    tables, faults = {}, []
    for table in TABLES:
        path = folder / f"{table}.csv"
        if path.is_file():
            frame, found = _read_table(path, table)
            faults += found
            if frame is not None:
                tables[table] = frame
        elif table in REQUIRED:
            faults.append(Fault(path.name, None, None, "the file is missing", f"add {path.name}; a case needs it"))
    known = {f"{table}.csv" for table in TABLES}
    for stranger in sorted(path.name for path in folder.glob("*.csv") if path.name not in known):
        hint = did_you_mean(stranger, known)
        faults.append(Fault(stranger, None, None, "no table has this name", f"{hint}rename it, or move it elsewhere"))
    return tables, faults


def _read_table(path: Path, table: str) -> tuple[pd.DataFrame | None, list[Fault]]:
    data = path.read_bytes()
    fault = _encoding_fault(path.name, data)
    if fault:
        return None, [fault]
    frame, faults = _split(path.name, data)
    if frame is None:
        return None, faults
    faults = _header_faults(path.name, table, list(frame.columns))
    frame = frame.loc[:, [name in columns(table) for name in frame.columns]]
    frame = frame.loc[:, ~frame.columns.duplicated()]
    frame = frame[(frame != "").any(axis=1)]
    if frame.empty and not faults:
        remedy = "add rows" if table in REQUIRED else "add rows, or remove the file"
        faults.append(Fault(path.name, None, None, "the table is empty", remedy))
    return frame, faults


def _encoding_fault(file: str, data: bytes) -> Fault | None:
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        row = data.count(b"\n", 0, problem.start) + 1
        message = f"not UTF-8: byte 0x{data[problem.start]:02x} is no text"
        return Fault(file, row, None, message, "save it as 'CSV UTF-8'")
    if b"\0" in data:
        return Fault(file, data.count(b"\n", 0, data.index(b"\0")) + 1, None, "not a text file", _AS_CSV)
    return None


def _split(file: str, data: bytes) -> tuple[pd.DataFrame | None, list[Fault]]:
    """Cells of a file of comma-separated values."""
    import pandas as pd

    first = (
        data[:100_000].decode("utf-8-sig", errors="ignore").lstrip("\ufeff").split("\n", 1)[0].split("\r", 1)[0].strip()
    )
    if not first:
        return None, [Fault(file, 1, None, "the file is empty", "add a header row, or remove the file")]
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        if mark in first and "," not in first:
            return None, [
                Fault(file, 1, None, f"cells are separated by {name}", f"{_AS_CSV}, with a point for decimals")
            ]
    try:
        cells = pd.read_csv(
            io.BytesIO(data), header=None, dtype=object, na_filter=False, skip_blank_lines=False, encoding="utf-8-sig"
        )
    except pd.errors.ParserError:
        return None, _ragged_faults(file, data)
    header = [str(name).strip() for name in cells.iloc[0]]
    frame = cells.iloc[1:]
    frame.columns = pd.Index(header, dtype=object)
    frame.index = pd.RangeIndex(2, 2 + len(frame))
    return frame, []


def _ragged_faults(file: str, data: bytes) -> list[Fault]:
    """Which rows have more cells than the header; read again, slowly, because the quick reader stops at the first."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    width = len(rows[0])
    remedy = (
        "put quotes around a cell that has a comma inside, and write decimals with a point: "
        "a decimal comma makes two cells of one"
    )
    faults = [
        Fault(file, row, None, f"the row has {len(cells)} cells, the header {width}", remedy)
        for row, cells in enumerate(rows, 1)
        if len(cells) > width
    ]
    return faults[:100] or [Fault(file, None, None, "a quote is opened and never closed", "look for a single '\"'")]


def _header_faults(file: str, table: str, header: list[str]) -> list[Fault]:
    known = columns(table)
    faults = []
    for position, name in enumerate(header):
        if not name:
            faults.append(Fault(file, 1, None, f"column {position + 1} has no name", "name it, or remove it"))
        elif name not in known:
            hint = did_you_mean(name, known)
            faults.append(
                Fault(file, 1, name, "no such column", f"{hint}columns are {', '.join(known)}; notes go into 'note'")
            )
        elif name in header[:position]:
            faults.append(Fault(file, 1, name, "the column stands twice", "remove one"))
    for name, column in known.items():
        if column.required and name not in header:
            close = did_you_mean(name, [other for other in header if other not in known], "is it the one called '{}'? ")
            faults.append(Fault(file, 1, name, "the column is missing", f"{close}add it: {column.field.description}"))
    return faults
