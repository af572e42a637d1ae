"""Routes for what a reader takes away from a run: the report, tables, and the measures as a file."""

from __future__ import annotations

import asyncio
import csv
import gzip
import io
import json
from typing import TYPE_CHECKING, Any

from fastapi.responses import Response
from starlette.exceptions import HTTPException

from corridor.app.web.questions import Word  # noqa: TC001 (FastAPI reads annotations at run time)
from corridor.app.web.state import AskedRun, Here, done_by, json_reply

if TYPE_CHECKING:
    from fastapi import FastAPI

    from corridor.app.web.runs import Run

__all__ = ["add_takeaways"]

TAKEN: dict[int | str, dict[str, Any]] = {
    404: json_reply("ErrorDocument", "there is no such run, or no such table"),
    409: json_reply("ErrorDocument", "the run has no answer"),
    429: json_reply("ErrorDocument", "busy"),
}


def add_takeaways(app: FastAPI) -> None:
    """Add the routes."""

    @app.get("/api/runs/{run}/report", response_class=Response, responses=TAKEN)
    async def report(run: AskedRun, server: Here) -> Response:
        """One self-contained page that opens from disk and asks for nothing."""
        message = {**run.message, "what": "report", "payload": _answered(run)}
        page = await done_by(server.solvers, message, server.limits.run_seconds)
        return _file(page, "text/html; charset=utf-8", f"{run.message['verb']}.html")

    @app.get("/api/runs/{run}/table/{name}.csv", response_class=Response, responses=TAKEN)
    async def table(run: AskedRun, name: Word) -> Response:
        """A table of the answer, such as volumes, prices, gains or flows."""
        text = await asyncio.to_thread(_table, _answered(run), name)
        return _file(text.encode("utf-8"), "text/csv; charset=utf-8", f"{run.message['verb']}-{name}.csv")

    @app.get("/api/runs/{run}/scenario", response_class=Response, responses=TAKEN)
    async def scenario(run: AskedRun, server: Here) -> Response:
        """The measures of the question as rows of instruments.csv."""
        told = {"what": "scenario", "scenario": "mine", "with": run.message["arguments"].get("with", [])}
        return _file(await server.look_up(told), "text/csv; charset=utf-8", "instruments.csv")


def _answered(run: Run) -> bytes:
    """What was sent for a run that is done; raises 409 where it is not."""
    if not run.payload:
        raise HTTPException(409, f"this run has no answer: it is {run.state}")
    return run.payload


def _table(payload: bytes, name: str) -> str:
    """A list of objects of the answer as CSV; what is inside them stands as JSON."""
    result: dict[str, Any] = json.loads(gzip.decompress(payload))["answer"]["result"]
    tables = {
        key: rows for key, rows in result.items() if isinstance(rows, list) and rows and isinstance(rows[0], dict)
    }
    if name not in tables:
        raise HTTPException(404, f"this answer has no table of this name; it has {', '.join(tables)}")
    rows = tables[name]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    columns = list(dict.fromkeys(key for row in rows for key in row))
    writer.writerow(columns)
    writer.writerows([_cell(row.get(column)) for column in columns] for row in rows)
    return text.getvalue()


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else value


def _file(content: bytes, kind: str, name: str) -> Response:
    """A file to keep, which no browser opens as a page of this server."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name)
    return Response(content, headers={"content-disposition": f'attachment; filename="{plain}"'}, media_type=kind)
