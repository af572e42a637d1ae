"""What a sweep leaves in its folder: a manifest, the design, the figures, and one Parquet file for each chunk of answers.

    manifest.json            format number, versions, hashes of case and design, chunks, figures, questions
    design.toml              the design as it was read
    figures.parquet          variation, figure, value: what was drawn, canonical units
    chunks/00000.parquet     variation, question, scenario, value, unit, certificate, failure: the answers of a chunk

A chunk is the unit of commit: its file appears whole, by `os.replace`, or not at all. What is not there was not done.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.errors import CorridorError, QuestionError
from corridor.sweep.design import Design, design_of
from corridor.sweep.work import Row
from corridor.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from duckdb import DuckDBPyConnection

    from corridor.case import Case
    from corridor.sweep.plan import Plan

__all__ = ["Manifest", "Store", "connection", "create", "manifest_of", "open_store"]

FORMAT = 1
"""Number of the format that this version writes; a newer one is refused."""
_TYPES = {
    "variation": "BIGINT",
    "question": "VARCHAR",
    "scenario": "VARCHAR",
    "value": "DOUBLE",
    "unit": "VARCHAR",
    "certificate": "DOUBLE",
    "failure": "VARCHAR",
}


@dataclass(frozen=True)
class Manifest:
    """What a sweep is about."""

    version: str
    case: str
    """name, or folder, from which the case is read"""
    case_name: str
    case_hash: str
    design_file: str
    design_hash: str
    design: dict[str, Any]
    chunks: list[list[int]]
    """first and last variation of each chunk; variation 0 is the case as it is"""
    figures: list[dict[str, Any]]
    questions: list[dict[str, Any]]
    left_out: list[str]
    """what the sweep does not look at, in sentences"""
    format: int = FORMAT

    @property
    def variations(self) -> int:
        """How many there are beside the case as it is."""
        return self.chunks[-1][1]


class Store:
    """The folder of a sweep that was begun."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.folder, self.manifest = folder, manifest

    @property
    def design(self) -> Design:
        """The design, as kept in the manifest."""
        return design_of(self.manifest.design, "design.toml")

    def path(self, number: int) -> Path:
        """The file of a chunk."""
        return self.folder / "chunks" / f"{number:05d}.parquet"

    def done(self) -> set[int]:
        """Chunks that are there."""
        return {int(p.stem) for p in (self.folder / "chunks").glob("[0-9]*.parquet")}

    def missing(self) -> list[int]:
        """Chunks that are not there, in order."""
        done = self.done()
        return [n for n in range(len(self.manifest.chunks)) if n not in done]

    def tidy(self) -> None:
        """Take away drafts that a process left which was killed."""
        for draft in (*self.folder.glob(".*.draft"), *(self.folder / "chunks").glob(".*.draft")):
            draft.unlink(missing_ok=True)

    def commit(self, number: int, rows: Sequence[Row]) -> None:
        """Write a chunk, whole or not at all."""
        import pandas as pd

        first, last = self.manifest.chunks[number]
        if {row.variation for row in rows} != set(range(first, last + 1)):
            raise CorridorError(
                f"chunk {number} does not hold variations {first} to {last}; this is a fault of the program"
            )
        table = pd.DataFrame([asdict(row) for row in rows], columns=[f.name for f in fields(Row)])
        _parquet(self.path(number), table, _TYPES)

    def rows(self) -> pd.DataFrame:
        """All answers that are there, sorted by variation, question and scenario; columns as in the files."""
        import pandas as pd

        with connection() as db:
            table = self.query(db, "SELECT * FROM answers ORDER BY variation, question, scenario")
        # What DuckDB makes of an absent text hangs on what stands beside it; here it is None.
        texts = [name for name, kind in _TYPES.items() if kind == "VARCHAR"]
        told = {name: [None if cell is None or cell != cell else cell for cell in table[name]] for name in texts}  # noqa: PLR0124
        return table.assign(**{name: pd.Series(cells, dtype=object) for name, cells in told.items()})

    def query(self, db: DuckDBPyConnection, text: str) -> pd.DataFrame:
        """The answer of DuckDB to a query over the views `answers` and `figures`."""
        import duckdb

        if not self.done():
            raise QuestionError(f"{self.folder} has no answers yet; corridor sweep resume {self.folder} works them out")
        # The names of the folder are ours or the user's own; quotes in them are doubled.
        for view, files in (
            ("answers", self.folder / "chunks" / "[0-9]*.parquet"),
            ("figures", self.folder / "figures.parquet"),
        ):
            quoted = files.as_posix().replace("'", "''")
            db.execute(f"CREATE OR REPLACE VIEW {view} AS SELECT * FROM read_parquet('{quoted}')")  # noqa: S608
        try:
            return db.execute(text).df()
        except duckdb.Error as problem:
            raise CorridorError(f"{self.folder} cannot be read: {str(problem).splitlines()[0]}") from None


def create(
    folder: Path, plan: Plan, case: Case, named: str, design_file: Path | None, left_out: Sequence[str] = ()
) -> Store:
    """Begin a sweep in a folder that is empty or not there."""
    manifest = manifest_of(plan, case, named, design_file, left_out)
    if (folder / "manifest.json").exists():
        raise QuestionError(f"{folder} holds a sweep already: corridor sweep resume {folder}, or take another folder")
    if folder.exists() and any(p for p in folder.iterdir() if not p.name.endswith(".draft")):
        leftover = {p.name for p in folder.iterdir()} - {"chunks", "design.toml", "figures.parquet"}
        if leftover:
            raise QuestionError(f"{folder} is not empty: a sweep needs a folder of its own")
    store = Store(folder, manifest)
    try:
        (folder / "chunks").mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise CorridorError(f"cannot write {folder}: {problem.strerror}") from None
    if design_file is not None:
        _write(folder / "design.toml", design_file.read_bytes())
    _parquet(folder / "figures.parquet", _drawn(plan), {"variation": "BIGINT", "figure": "VARCHAR", "value": "DOUBLE"})
    # Last: a folder with a manifest has all the rest.
    _write(folder / "manifest.json", (json.dumps(asdict(manifest), indent=1) + "\n").encode())
    return store


def manifest_of(plan: Plan, case: Case, named: str, design_file: Path | None, left_out: Sequence[str]) -> Manifest:
    """The manifest of a plan."""
    design = plan.design
    chunks = [plan.chunk(n) for n in range(plan.chunks)]
    figures = [
        {**asdict(figure), "name": figure.name, "factor": factor.name}
        for factor in plan.factors
        for figure in factor.figures
    ]
    questions = [
        {
            "question": ask.name,
            "what": ask.what,
            "scenarios": list(design.asked_in(ask)),
            "above": ask.above,
            "below": ask.below,
        }
        for ask in design.ask
    ]
    return Manifest(
        version=__version__,
        case=named,
        case_name=case.name,
        case_hash=case.hash,
        design_file="" if design_file is None else str(design_file.resolve()),
        design_hash=design.hash,
        design=design.model_dump(mode="json", by_alias=True, exclude_none=True),
        chunks=[[c.start, c.stop - 1] for c in chunks],
        figures=figures,
        questions=questions,
        left_out=list(left_out),
    )


def open_store(folder: str | Path) -> Store:
    """The sweep in a folder. Raises `QuestionError` where there is none, `CorridorError` for a newer or damaged one."""
    path = Path(folder)
    try:
        content = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise QuestionError(f"{path} holds no sweep: it has no manifest.json") from None
    except (OSError, ValueError) as problem:
        raise CorridorError(f"{path / 'manifest.json'} cannot be read: {problem}") from None
    number = content.get("format") if isinstance(content, dict) else None
    if isinstance(number, int) and number > FORMAT:
        raise CorridorError(f"{path} has format {number}, newer than {FORMAT}, which this version of Corridor reads")
    try:
        return Store(path, Manifest(**content))
    except TypeError as problem:
        raise CorridorError(f"{path / 'manifest.json'} is no manifest of a sweep: {problem}") from None


def _drawn(plan: Plan) -> pd.DataFrame:
    import pandas as pd

    values = np.array([plan.values(v) for v in range(len(plan.points))])
    names = np.array([f.name for f in plan.figures], dtype=object)
    return pd.DataFrame(
        {
            "variation": np.repeat(np.arange(len(values)), len(names)),
            "figure": np.tile(names, len(values)),
            "value": values.ravel(),
        }
    )


def connection() -> DuckDBPyConnection:
    """DuckDB in memory, bounded."""
    import duckdb

    return duckdb.connect(config={"threads": 1, "memory_limit": "2GB", "autoinstall_known_extensions": "false"})


def _parquet(path: Path, table: pd.DataFrame, types: dict[str, str]) -> None:
    """Write a table, whole or not at all, and keep it on disk before it gets its name."""
    import duckdb

    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    chosen = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in types.items())
    quoted = draft.as_posix().replace("'", "''")
    try:
        with connection() as db:
            db.register("cells", table)
            db.execute(f"COPY (SELECT {chosen} FROM cells) TO '{quoted}' (FORMAT parquet)")  # noqa: S608
        _settle(draft, path)
    except duckdb.Error as problem:
        draft.unlink(missing_ok=True)
        raise CorridorError(f"cannot write {path}: {str(problem).splitlines()[0]}") from None
    except OSError as problem:
        draft.unlink(missing_ok=True)
        raise CorridorError(f"cannot write {path}: {problem.strerror}") from None


def _write(path: Path, data: bytes) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        draft.write_bytes(data)
        _settle(draft, path)
    except OSError as problem:
        draft.unlink(missing_ok=True)
        raise CorridorError(f"cannot write {path}: {problem.strerror}") from None


def _settle(draft: Path, path: Path) -> None:
    with draft.open("rb+") as file:
        os.fsync(file.fileno())
    os.replace(draft, path)  # noqa: PTH105
