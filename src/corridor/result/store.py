"""A result as one file: saved whole or not at all, loaded again, and its proof worked out anew.

A `.corridor` file is a zip of

    manifest.json            format number, case name, settings and hash, question, stages, warnings
    case/<table>.parquet     every table that is not empty, in canonical units; lists joined by `;`, dates as ISO text
    stage_<n>/<array>.npy    primal, row_dual, column_dual, carried where costs rise, border where duties are ad
                             valorem; never pickled. Where agreements give way, the same in stage_<n>/without, and
                             three in stage_<n>/most

The same result gives the same bytes. A file is not trusted: sizes are bounded, the case must have the hash that the
manifest tells, and the arrays must fit the programs that case and question give.
"""

from __future__ import annotations

import io
import os
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corridor.case import make_case
from corridor.case.columns import columns
from corridor.case.schema import TABLES
from corridor.errors import CorridorError
from corridor.program import Solution
from corridor.result.fixed_point import Assumed
from corridor.result.manifest import (
    Manifest,
    SolvedTold,
    StageTold,
    manifest_of,
    question_of,
    read_manifest,
    settings_of,
)
from corridor.result.model import Proof, Result
from corridor.result.setup import Stage

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from duckdb import DuckDBPyConnection

    from corridor.case import Case
    from corridor.program import Floats

__all__ = ["check_certificate", "load_result", "save_result"]

MOST_BYTES = 1 << 30
"""Most that the members of a file may hold together when unpacked; a result of 2,000 nodes and a year takes a tenth."""
MOST_ROWS = 10_000_000
"""Most rows of one table."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
_ARRAYS = ("primal", "row_dual", "column_dual")
_SQL = {"number": "DOUBLE", "integer": "BIGINT", "flag": "BOOLEAN"}


def save_result(result: Result, path: str | Path) -> Path:
    """Write a result as a `.corridor` file, whole or not at all; returns the path. An older file there is replaced."""
    target = Path(path)
    members: dict[str, bytes] = {"manifest.json": manifest_of(result).encode()}
    members |= {f"case/{name}.parquet": data for name, data in _parquet_of(result.case).items()}
    for n, stage in enumerate(result.stages):
        members |= {f"stage_{n}/{name}.npy": _npy(array) for name, array in _arrays_of(stage).items()}
    try:
        handle, draft = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.absolute().parent)
    except OSError as problem:
        raise CorridorError(f"cannot write {target}: {problem.strerror}") from None
    try:
        with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members.items():
                archive.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)
        Path(draft).chmod(0o644)
        os.replace(draft, target)  # noqa: PTH105
    except OSError as problem:
        raise CorridorError(f"cannot write {target}: {problem.strerror}") from None
    finally:
        Path(draft).unlink(missing_ok=True)
    return target


def load_result(path: str | Path) -> Result:
    """Read a result from a `.corridor` file. Its certificate is not judged here: see `check_certificate`.

    Raises `CorridorError` for a file that is no such file, is damaged, comes from a newer format, or does not hold
    together.
    """
    source = Path(path)
    try:
        with zipfile.ZipFile(source) as archive:
            members = _unpacked(archive)
    except FileNotFoundError:
        raise CorridorError(f"there is no file {source}") from None
    except OSError as problem:
        raise CorridorError(f"cannot read {source}: {problem.strerror or problem}") from None
    except CorridorError as problem:
        raise CorridorError(f"{source}: {problem}") from None
    # zipfile raises RuntimeError for an encrypted member, NotImplementedError for an unknown compression.
    except (zipfile.BadZipFile, RuntimeError, EOFError, ValueError, _zlib_error()) as problem:
        raise CorridorError(f"{source} is no .corridor file, or it is damaged ({problem})") from None
    try:
        return _result(members)
    except CorridorError as problem:
        raise CorridorError(f"{source}: {problem}") from None
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as problem:
        # Checked by their hash and their sizes, parts can still contradict each other when somebody changed them.
        raise CorridorError(f"{source}: its parts do not fit together ({type(problem).__name__}: {problem})") from None


def check_certificate(path: str | Path) -> Proof:
    """Work out the proof of a stored result from its case and its question. No solver takes part.

    The proof may fail: ask `passed`. Raises `CorridorError` for a file that cannot be read.
    """
    return load_result(path).certificate


def _zlib_error() -> type[Exception]:
    import zlib

    return zlib.error


def _unpacked(archive: zipfile.ZipFile) -> dict[str, bytes]:
    infos = archive.infolist()
    if sum(info.file_size for info in infos) > MOST_BYTES:
        raise CorridorError(f"unpacked it would take more than {MOST_BYTES >> 20} MiB, which no result needs")
    names = [info.filename for info in infos]
    if "manifest.json" not in names:
        raise CorridorError("no .corridor file: it has no manifest.json")
    if len(set(names)) < len(names):
        raise CorridorError("it holds the same part twice")
    # Reading stops at the size that the directory tells, and compares the checksum.
    return {info.filename: archive.read(info) for info in infos}


def _result(members: dict[str, bytes]) -> Result:
    manifest = read_manifest(members["manifest.json"])
    expected = {"manifest.json", *(f"case/{name}.parquet" for name in manifest.case.tables)}
    for n, told in enumerate(manifest.stages):
        expected |= {f"stage_{n}/{name}.npy" for name in _names_of(told)}
    if expected != set(members):
        odd = sorted(expected ^ set(members))
        raise CorridorError(f"parts are missing or do not belong: {', '.join(odd[:5])}")
    case = _case(manifest, members)
    if case.hash != manifest.case.hash:
        raise CorridorError("the case in it is not the one whose hash it tells: the file was changed")
    stages = tuple(_stage(manifest, n, members) for n in range(len(manifest.stages)))
    result = Result(question_of(manifest, case), stages, tuple(manifest.warnings))
    starts = result.question.periods.starts
    firsts = [stage.first_period for stage in stages]
    if firsts != sorted({0, *firsts}) or [starts[first] for first in firsts] != [stage.day for stage in stages]:
        raise CorridorError("its stages do not follow each other from the first period on")
    for n, (built, stage) in enumerate(zip(result.programs, stages, strict=True)):
        rows, n_columns = built.full.matrix.shape
        sizes = tuple(len(getattr(stage.solution, name)) for name in _ARRAYS)
        if sizes != (n_columns, rows, n_columns):
            raise CorridorError(f"the solution of stage {n + 1} does not fit the program of its case and question")
    return result


def _case(manifest: Manifest, members: dict[str, bytes]) -> Case:
    import duckdb

    strangers = [name for name in manifest.case.tables if name not in TABLES]
    if strangers:
        raise CorridorError(f"unknown table {strangers[0]!r}")
    tables = {}
    try:
        with _connection() as db, tempfile.TemporaryDirectory() as folder:
            for name in manifest.case.tables:
                file = Path(folder) / f"{name}.parquet"
                file.write_bytes(members[f"case/{name}.parquet"])
                tables[name] = _from_parquet(db, name, file)
    except duckdb.Error as problem:
        raise CorridorError(f"a table of the case cannot be read ({str(problem).splitlines()[0]})") from None
    return make_case(manifest.case.name, settings_of(manifest), tables)


def _connection() -> DuckDBPyConnection:
    import duckdb

    # One thread, so that the same table gives the same bytes; a bound on memory, since a small file can hold a large table.
    return duckdb.connect(config={"threads": 1, "memory_limit": "2GB", "autoinstall_known_extensions": "false"})


def _parquet_of(case: Case) -> dict[str, bytes]:
    found = {}
    with _connection() as db, tempfile.TemporaryDirectory() as folder:
        for name, table in case.tables.items():
            if table.empty:
                continue
            shapes = {key: column.shape for key, column in columns(name).items()}
            db.register("cells", _as_stored(table, shapes))
            chosen = ", ".join(
                f'CAST("{key}" AS {_SQL.get(shape, "VARCHAR")}) AS "{key}"' for key, shape in shapes.items()
            )
            file = Path(folder) / f"{name}.parquet"
            # Names of tables and columns come from the row models, the path is our own: no text of a user's.
            db.execute(f"COPY (SELECT {chosen} FROM cells) TO '{file.as_posix()}' (FORMAT parquet)")  # noqa: S608
            db.unregister("cells")
            found[name] = file.read_bytes()
    return found


def _as_stored(table: pd.DataFrame, shapes: Mapping[str, str]) -> pd.DataFrame:
    import pandas as pd

    changed: dict[str, pd.Series[str]] = {}
    for name, shape in shapes.items():
        if shape == "names":
            changed[name] = pd.Series([";".join(cell) for cell in table[name]], table.index, dtype=object)
        elif shape == "date":
            texts = [None if cell is None else cell.isoformat() for cell in table[name]]
            changed[name] = pd.Series(texts, table.index, dtype=object)
    return table.assign(**changed)


def _from_parquet(db: DuckDBPyConnection, name: str, file: Path) -> pd.DataFrame:
    import datetime as dt

    import pandas as pd

    counted = db.execute("SELECT count(*) FROM read_parquet(?)", [str(file)]).fetchone()
    if counted is None or counted[0] > MOST_ROWS:
        raise CorridorError(f"table {name} has more than {MOST_ROWS:,} rows, which no case needs")
    table = db.execute("SELECT * FROM read_parquet(?)", [str(file)]).df()
    for key, column in columns(name).items():
        if column.shape == "date" and key in table:
            days = [dt.date.fromisoformat(cell) if isinstance(cell, str) else None for cell in table[key]]
            table[key] = pd.Series(days, dtype=object)
    return table


def _stage(manifest: Manifest, n: int, members: dict[str, bytes]) -> Stage:
    def array(name: str) -> Floats:
        values: Floats = np.load(io.BytesIO(members[f"stage_{n}/{name}.npy"]), allow_pickle=False)
        if values.dtype != np.float64:
            raise CorridorError(f"{name} of stage {n + 1} holds {values.dtype}, not float64")
        return values

    def solution(told: SolvedTold, prefix: str) -> Solution:
        primal, row_dual, column_dual = (array(f"{prefix}{name}") for name in _ARRAYS)
        return Solution(primal, row_dual, column_dual, told.objective, told.solver, told.method, told.seconds)

    def stage(told: StageTold, prefix: str = "") -> Stage:
        return Stage(
            day=told.day,
            first_period=told.first_period,
            solution=solution(told, prefix),
            emergency=told.emergency,
            assumed=Assumed(**{name: array(f"{prefix}{name}") for name in _assumed(told)}),
            starts_apart=told.starts_apart,
            without=None if told.without is None else stage(told.without, "without/"),
            most=None if told.most is None else solution(told.most, "most/"),
        )

    return stage(manifest.stages[n])


def _arrays_of(stage: Stage) -> dict[str, Floats]:
    """Every array of a stage by its name in the file."""
    arrays = {name: getattr(stage.solution, name) for name in _ARRAYS}
    assumed = {"carried": stage.assumed.carried, "border": stage.assumed.border}
    arrays |= {name: array for name, array in assumed.items() if array is not None}
    if stage.without is not None:
        arrays |= {f"without/{name}": array for name, array in _arrays_of(stage.without).items()}
    if stage.most is not None:
        arrays |= {f"most/{name}": getattr(stage.most, name) for name in _ARRAYS}
    return arrays


def _names_of(told: StageTold) -> tuple[str, ...]:
    """Names of the arrays that a stage of a file must have."""
    without = () if told.without is None else tuple(f"without/{name}" for name in _names_of(told.without))
    most = () if told.most is None else tuple(f"most/{name}" for name in _ARRAYS)
    return (*_ARRAYS, *_assumed(told), *without, *most)


def _assumed(told: StageTold) -> tuple[str, ...]:
    """Names of the arrays that the stage's program takes as given."""
    return tuple(name for name, there in (("carried", told.carried), ("border", told.border)) if there)


def _npy(array: Floats) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.ascontiguousarray(array), allow_pickle=False)
    return buffer.getvalue()
