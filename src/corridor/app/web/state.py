"""What the routes work with while the server runs, and how what they refuse is told."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Query, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from corridor.app.web.questions import CaseId, RunIn, arguments_of
from corridor.app.web.runs import Run, asked_of

if TYPE_CHECKING:
    from corridor.app.web.folders import Folders
    from corridor.app.web.limits import Limits
    from corridor.app.web.pool import Pool
    from corridor.app.web.runs import Runs

__all__ = ["AskedRun", "CaseKey", "Here", "Refused", "Server", "bundled", "json_reply", "packed_reply"]

LOOKUP_SECONDS = 60.0
GONE = (
    "the server does not have this case; one that was brought is kept while it is used, and until the server ends: "
    "bring its folder or zip again"
)


class Refused(Exception):  # noqa: N818 (told as a fault document)
    """A request that has no answer, with the error as JSON documents tell it."""

    def __init__(self, status: int, error: dict[str, Any]) -> None:
        super().__init__(error["message"])
        self.status, self.error = status, error


@dataclass
class Server:
    """The state of a server."""

    case: str
    """the case of the command line: a bundled name, or a folder"""
    limits: Limits
    solvers: Pool
    readers: Pool
    runs: Runs
    folders: Folders
    catalogs: dict[str, asyncio.Task[bytes]]

    def located(self, key: str) -> tuple[str, str]:
        """Folder (or bundled name) of a case, and how a command names it. Raises 404 where nobody has this id."""
        if key == "default":
            return self.case, self.case
        uploaded = self.folders.get(key)
        if uploaded is not None:
            return str(uploaded.folder), f"./{uploaded.name}"
        if key in bundled():
            return key, key
        raise HTTPException(404, GONE)

    def message(self, asked: RunIn) -> dict[str, Any]:
        """The job that answers a question."""
        folder, name = self.located(asked.case)
        return {"what": "run", "folder": folder, "name": name, "verb": asked.verb, **arguments_of(asked)}

    async def look_up(self, message: dict[str, Any]) -> bytes:
        """Have a reader do a job that takes no solve. Raises `Refused` with what it says, and `Full`."""
        return await done_by(self.readers, message, LOOKUP_SECONDS)

    async def about(self, what: str, key: str, **more: Any) -> bytes:
        """Have a reader look something up in a case."""
        folder, name = self.located(key)
        return await self.look_up({"what": what, "folder": folder, "name": name, **more})

    async def catalog(self, key: str) -> bytes:
        """What the page must know of a case; made once for all who ask, and kept."""
        folder, _ = self.located(key)
        making = self.catalogs.get(folder)
        if making is None:
            while len(self.catalogs) >= self.limits.cases:
                self.catalogs.pop(next(iter(self.catalogs))).cancel()
            making = self.catalogs[folder] = asyncio.create_task(self.about("catalog", key))
            making.add_done_callback(lambda made: self._made(folder, made))
        # Who goes away does not take it from the others.
        return await asyncio.shield(making)

    def _made(self, folder: str, made: asyncio.Task[bytes]) -> None:
        """Let go of what could not be made: the next who asks has it tried again."""
        if (made.cancelled() or made.exception() is not None) and self.catalogs.get(folder) is made:
            del self.catalogs[folder]

    def forget(self, folder: str) -> None:
        """Drop what is kept about a case that is gone."""
        self.catalogs.pop(folder, None)
        self.runs.forget(folder)


async def done_by(pool: Pool, message: dict[str, Any], seconds: float) -> bytes:
    """What a pool makes of a job; raises `Refused` where that is an error."""
    kind, value = await asked_of(pool, message, seconds)
    if kind == "done":
        return bytes(value)
    error = value or {"kind": "time", "message": "the server is closing", "faults": []}
    raise Refused(422 if error["kind"] in ("case", "question", "infeasible", "size") else 503, error)


@cache
def bundled() -> tuple[str, ...]:
    """Names of the bundled cases."""
    folder = Path(str(files("corridor"))) / "cases"
    return tuple(sorted(p.name for p in folder.iterdir() if (p / "case.toml").is_file()))


def server_of(request: Request) -> Server:
    """The server's state."""
    server: Server = request.app.state.server
    return server


Here = Annotated[Server, Depends(server_of)]
CaseKey = Annotated[CaseId, Query(description="`default`, a bundled name, or the id of an uploaded case")]


def run_of(server: Here, run: str) -> Run:
    """The run of the address. Raises 404 where nobody has this id."""
    found = server.runs.get(run)
    if found is None:
        raise HTTPException(404, "there is no such run, or it was dropped; ask again")
    return found


AskedRun = Annotated[Run, Depends(run_of)]


def packed_reply(request: Request, payload: bytes) -> Response:
    """A compressed JSON document: as it is where the client can read that, unpacked otherwise."""
    import gzip

    headers = {"vary": "accept-encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(payload, headers=headers | {"content-encoding": "gzip"}, media_type="application/json")
    return Response(gzip.decompress(payload), headers=headers, media_type="application/json")


def json_reply(model: str, description: str = "the answer") -> dict[str, Any]:
    """How OpenAPI tells of a reply whose type a worker knows (shapes.py)."""
    schema = {"$ref": f"#/components/schemas/{model}"}
    return {"description": description, "content": {"application/json": {"schema": schema}}}
