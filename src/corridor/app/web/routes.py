"""The server: routes over the worker processes. No solver is loaded here, and nothing is worked out."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from corridor.app.web.folders import Folders
from corridor.app.web.guard import Guard, fault_document
from corridor.app.web.limits import Limits
from corridor.app.web.pool import Full, Pool
from corridor.app.web.questions import CaseId, RunIn, Word, arguments_of
from corridor.app.web.runs import Run, Runs, asked_of
from corridor.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Server", "create_app"]

log = logging.getLogger(__name__)

LOOKUP_SECONDS = 60.0
RETRY = {"Retry-After": "5"}


@dataclass
class Server:
    """What the routes work with, while the server runs."""

    case: str
    """the case of the command line: a bundled name, or a folder"""
    limits: Limits
    solvers: Pool
    readers: Pool
    runs: Runs
    folders: Folders
    catalogs: dict[str, bytes]

    def located(self, key: str) -> tuple[str, str]:
        """Folder (or bundled name) of a case, and how a command names it. Raises 404 where nobody has this id."""
        if key == "default":
            return self.case, self.case
        uploaded = self.folders.get(key)
        if uploaded is not None:
            return str(uploaded.folder), f"./{uploaded.name}"
        if key in bundled():
            return key, key
        raise HTTPException(404, f"there is no case {key!r} here; if you brought it, bring it again")

    async def look_up(self, what: str, key: str, **more: Any) -> bytes:
        """Have a reader answer something that takes no solve."""
        folder, name = self.located(key)
        message = {"what": what, "folder": folder, "name": name, **more}
        kind, value = await asked_of(self.readers, message, LOOKUP_SECONDS)
        if kind == "done":
            return bytes(value)
        raise Refused(422, value or {"kind": "time", "message": "the server is closing", "faults": []})


class Refused(Exception):  # noqa: N818 (told as a fault document)
    """A request that has no answer, with the error as JSON documents tell it."""

    def __init__(self, status: int, error: dict[str, Any]) -> None:
        super().__init__(error["message"])
        self.status, self.error = status, error


def bundled() -> tuple[str, ...]:
    """Names of the bundled cases."""
    folder = Path(str(files("corridor"))) / "cases"
    return tuple(sorted(p.name for p in folder.iterdir() if (p / "case.toml").is_file()))


def create_app(case: str, port: Callable[[], int], limits: Limits | None = None) -> FastAPI:
    """The application that serves a case; `port` tells on which port it is asked, once it listens."""
    bounds = limits or Limits()

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        first = {"what": "warm", "folder": case}
        solvers = Pool(bounds, bounds.workers, "corridor-solver", first)
        readers = Pool(bounds, 1, "corridor-reader")
        runs = Runs(bounds, solvers)
        server = app.state.server = Server(case, bounds, solvers, readers, runs, Folders(bounds, runs.forget), {})
        warming = asyncio.create_task(_warm(server))
        try:
            yield
        finally:
            warming.cancel()
            solvers.close()
            readers.close()
            server.folders.close()

    app = FastAPI(
        title="Corridor",
        version=__version__,
        lifespan=life,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    _add_faults(app)
    _add_case(app)
    _add_runs(app)
    _add_page(app)
    app.add_middleware(Guard, limits=bounds, port=port)
    return app


async def _warm(server: Server) -> None:
    """Have the case's catalogue ready, and each group as it is, before anybody asks."""
    try:
        catalog = await _catalog(server, "default")
        for group in json.loads(gzip.decompress(catalog))["groups"]:
            if group["name"]:
                _, message = _message(server, "solve", "default", {"group": group["name"]})
                server.runs.start(message, idle=True)
    except (Refused, Full) as problem:
        log.warning("the case could not be made ready: %s", problem)


async def _catalog(server: Server, key: str) -> bytes:
    folder, _ = server.located(key)
    if folder not in server.catalogs:
        while len(server.catalogs) >= server.limits.cases:
            server.catalogs.pop(next(iter(server.catalogs)))
        server.catalogs[folder] = await server.look_up("catalog", key)
    return server.catalogs[folder]


def _message(server: Server, verb: str, key: str, arguments: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    folder, name = server.located(key)
    return name, {"what": "run", "folder": folder, "name": name, "verb": verb, "arguments": arguments}


def server_of(request: Request) -> Server:
    """The server's state."""
    server: Server = request.app.state.server
    return server


Here = Annotated[Server, Depends(server_of)]
Case = Annotated[CaseId, Query(description='"default", a bundled name, or the id of an uploaded case')]


def _add_faults(app: FastAPI) -> None:
    def told(status: int, kind: str, message: str, headers: dict[str, str] | None = None) -> Response:
        return Response(fault_document(kind, message), status, headers, "application/json")

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, problem: Exception) -> Response:
        del request
        assert isinstance(problem, RequestValidationError)  # noqa: S101 (registered for it)
        words = [f"{'.'.join(map(str, fault['loc'][1:]))}: {fault['msg']}" for fault in problem.errors()[:20]]
        return told(422, "question", "; ".join(words))

    @app.exception_handler(HTTPException)
    async def http(request: Request, problem: Exception) -> Response:
        del request
        assert isinstance(problem, HTTPException)  # noqa: S101 (registered for it)
        return told(problem.status_code, "question", str(problem.detail), dict(problem.headers or {}))

    @app.exception_handler(Refused)
    async def refused(request: Request, problem: Exception) -> Response:
        del request
        assert isinstance(problem, Refused)  # noqa: S101 (registered for it)
        error = problem.error
        body = fault_document(error["kind"], error["message"], faults=error["faults"])
        return Response(body, problem.status, media_type="application/json")

    @app.exception_handler(Full)
    async def full(request: Request, problem: Exception) -> Response:
        del request, problem
        return told(429, "busy", "too many questions wait already; ask again in a few seconds", RETRY)


def _sent(request: Request, payload: bytes) -> Response:
    """A compressed JSON document, as it is where the client can read that."""
    headers = {"vary": "accept-encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(payload, headers=headers | {"content-encoding": "gzip"}, media_type="application/json")
    return Response(gzip.decompress(payload), headers=headers, media_type="application/json")


def _add_case(app: FastAPI) -> None:
    @app.get("/api/case")
    async def case(request: Request, server: Here, case: Case = "default") -> Response:
        """What the page must know of a case before anything is asked."""
        return _sent(request, await _catalog(server, case))

    @app.get("/api/evidence")
    async def evidence(
        request: Request,
        server: Here,
        table: Word,
        id: Word,
        column: Word,
        case: Case = "default",
    ) -> Response:
        """What stands behind one figure."""
        return _sent(request, await server.look_up("evidence", case, table=table, id=id, column=column))

    @app.get("/api/assumed")
    async def assumed(request: Request, server: Here, case: Case = "default", group: Word | None = None) -> Response:
        """Everything that no source gives."""
        return _sent(request, await server.look_up("assumed", case, group=group))


def _run(server: Server, name: str) -> Run:
    run = server.runs.get(name)
    if run is None:
        raise HTTPException(404, "there is no such run, or it was dropped; ask again")
    return run


def _add_runs(app: FastAPI) -> None:
    @app.post("/api/runs", status_code=202)
    async def start(server: Here, asked: RunIn) -> dict[str, str]:
        """Start to work on a question."""
        _, message = _message(server, asked.verb, asked.case, arguments_of(asked))
        run = server.runs.start(message)
        return {"run": run.id, "events": f"/api/runs/{run.id}/events", "result": f"/api/runs/{run.id}"}

    @app.get("/api/runs/{run}/events", response_class=EventSourceResponse)
    async def events(run: Annotated[Run, Depends(run_of)]) -> AsyncIterable[ServerSentEvent]:
        """How far it is: `progress`, then one of `done`, `failed` and `cancelled`."""
        async for number, name, data in run.events():
            yield ServerSentEvent(data=data, event=name, id=str(number))

    @app.get("/api/runs/{run}")
    async def result(request: Request, run: Annotated[Run, Depends(run_of)]) -> Response:
        """The state of a run, with answer and page once it is done."""
        if run.payload:
            return _sent(request, run.payload)
        told = {"state": run.state, "answer": None, "page": None, "error": run.error}
        return Response(json.dumps(told), media_type="application/json")

    @app.delete("/api/runs/{run}", status_code=202)
    async def cancel(server: Here, run: Annotated[Run, Depends(run_of)]) -> dict[str, str]:
        """End a run."""
        server.runs.cancel(run)
        return {"state": run.state}


def run_of(server: Here, run: str) -> Run:
    """The run of the address."""
    return _run(server, run)


def _add_page(app: FastAPI) -> None:
    static = Path(str(files("corridor"))) / "report" / "static"

    @app.get("/", include_in_schema=False)
    async def page() -> Response:
        """The page."""
        if not (static / "app.html").is_file():
            raise HTTPException(
                503, "the front end is not built; run `python hatch_build.py`, or install the package again"
            )
        return FileResponse(static / "app.html", headers={"cache-control": "no-cache"})

    app.mount("/static", StaticFiles(directory=static, check_dir=False), name="static")
