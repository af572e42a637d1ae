"""The server: routes over the worker processes. No solver is loaded here, and nothing is worked out."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import FileResponse, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from corridor.app.web.bring import add_cases
from corridor.app.web.folders import Folders
from corridor.app.web.guard import Guard, fault_document
from corridor.app.web.limits import Limits
from corridor.app.web.pool import Full, Pool
from corridor.app.web.questions import (
    RunIn,
    ShareIn,
    SolveArguments,
    SolveIn,
    Word,
)
from corridor.app.web.runs import Runs
from corridor.app.web.state import AskedRun, CaseKey, Here, Refused, Server, json_reply, packed_reply
from corridor.app.web.takeaways import add_takeaways
from corridor.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["create_app"]

log = logging.getLogger(__name__)

RETRY_SECONDS = 5
FAULTS: dict[int | str, dict[str, Any]] = {
    400: json_reply("ErrorDocument", "the body is not what it says it is"),
    403: json_reply("ErrorDocument", "asked by a page from elsewhere"),
    404: json_reply("ErrorDocument", "there is no such case, run or figure"),
    413: json_reply("ErrorDocument", "too large"),
    421: json_reply("ErrorDocument", "asked by another name"),
    422: json_reply("ErrorDocument", "the question is at fault"),
    429: json_reply("ErrorDocument", "too many questions wait"),
    503: json_reply("ErrorDocument", "no answer now; ask again"),
}


def create_app(
    case: str, port: Callable[[], int], limits: Limits | None = None, ready: Callable[[], object] = lambda: None
) -> FastAPI:
    """The application that serves a case; `port` tells on which port it is asked, once it listens.

    `ready` is called, in a thread, when the page can be shown.
    """
    bounds = limits or Limits()

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        readers = Pool(bounds, 1, "corridor-reader")
        solvers = Pool(bounds, bounds.workers, "corridor-solver", {"what": "warm", "folder": case}, asleep=True)
        server = Server(case, bounds, solvers, readers, Runs(bounds, solvers), Folders(bounds), {})
        server.folders.dropped = server.forget
        app.state.server = server
        warming = asyncio.create_task(_warm(server, ready))
        try:
            yield
        finally:
            warming.cancel()
            await asyncio.gather(asyncio.to_thread(solvers.close), asyncio.to_thread(readers.close))
            server.folders.close()

    app = FastAPI(
        title="Corridor",
        version=__version__,
        description="The local app of Corridor: questions about a case, answered in worker processes.",
        lifespan=life,
        # Its pages load scripts from elsewhere.
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        responses=FAULTS,
    )
    _add_faults(app)
    _add_case(app)
    _add_runs(app)
    add_cases(app)
    add_takeaways(app)
    _add_page(app)
    app.add_middleware(Guard, limits=bounds, port=port)
    return app


async def _warm(server: Server, ready: Callable[[], object]) -> None:
    """Have the case's catalogue ready, then each group as it is and the case's own questions, before anybody asks."""
    try:
        told = json.loads(gzip.decompress(await server.catalog("default")))
        server.solvers.wake()
        await asyncio.to_thread(ready)
        first: list[SolveIn | ShareIn] = [
            *(SolveIn(verb="solve", arguments=SolveArguments(group=g["name"] or None)) for g in told["groups"]),
            *(
                ShareIn.model_validate({"verb": "share", "arguments": question["arguments"]})
                for question in told["questions"]
                if question["verb"] == "share"
            ),
        ]
        for asked in first:
            server.runs.prepare(server.message(asked))
    except (Refused, Full) as problem:
        log.warning("the case could not be made ready: %s", problem)
    except Exception:
        log.exception("the case could not be made ready")
    finally:
        server.solvers.wake()


def _add_faults(app: FastAPI) -> None:
    def told(status: int, kind: str, message: str, headers: dict[str, str] | None = None) -> Response:
        return Response(fault_document(kind, message), status, headers, "application/json")

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, problem: RequestValidationError) -> Response:
        del request
        words = [f"{'.'.join(map(str, fault['loc'][1:]))}: {fault['msg']}" for fault in problem.errors()[:20]]
        return told(422, "question", "; ".join(words))

    @app.exception_handler(HTTPException)
    async def http(request: Request, problem: HTTPException) -> Response:
        del request
        return told(problem.status_code, "question", str(problem.detail), dict(problem.headers or {}))

    @app.exception_handler(Refused)
    async def refused(request: Request, problem: Refused) -> Response:
        del request
        error = problem.error
        body = fault_document(error["kind"], error["message"], faults=error["faults"])
        return Response(body, problem.status, media_type="application/json")

    @app.exception_handler(Full)
    async def full(request: Request, problem: Full) -> Response:
        del request, problem
        words = "too many questions wait already; ask again in a few seconds"
        return told(429, "busy", words, {"Retry-After": str(RETRY_SECONDS)})


def _add_case(app: FastAPI) -> None:
    @app.get("/api/case", response_class=Response, responses={200: json_reply("CaseState")})
    async def case(request: Request, server: Here, case: CaseKey = "default") -> Response:
        """What the page must know of a case before anything is asked."""
        return packed_reply(request, await server.catalog(case))

    @app.get("/api/evidence", response_class=Response, responses={200: json_reply("Evidence")})
    async def evidence(
        request: Request,
        server: Here,
        table: Word,
        row: Annotated[Word, Query(alias="id")],
        column: Word,
        case: CaseKey = "default",
    ) -> Response:
        """What stands behind one figure."""
        return packed_reply(request, await server.about("evidence", case, table=table, id=row, column=column))

    @app.get("/api/assumed", response_class=Response, responses={200: json_reply("Assumed")})
    async def assumed(request: Request, server: Here, case: CaseKey = "default", group: Word | None = None) -> Response:
        """Everything that no source gives."""
        return packed_reply(request, await server.about("assumed", case, group=group))


def _add_runs(app: FastAPI) -> None:
    @app.post("/api/runs", status_code=202)
    async def start(server: Here, asked: RunIn) -> dict[str, str]:
        """Start to work on a question."""
        run = server.runs.start(server.message(asked))
        return {"run": run.id, "events": f"/api/runs/{run.id}/events", "result": f"/api/runs/{run.id}"}

    @app.get("/api/runs/{run}/events", response_class=EventSourceResponse)
    async def events(run: AskedRun) -> AsyncIterable[ServerSentEvent]:
        """How far it is: `progress`, then one of `done`, `failed` and `cancelled`."""
        async for number, name, data in run.events():
            yield ServerSentEvent(data=data, event=name, id=str(number))

    @app.get("/api/runs/{run}", response_class=Response, responses={200: json_reply("RunState")})
    async def result(request: Request, run: AskedRun) -> Response:
        """The state of a run, with answer and page once it is done."""
        if run.payload:
            return packed_reply(request, run.payload)
        told = {"state": run.state, "answer": None, "page": None, "error": run.error}
        return Response(json.dumps(told), media_type="application/json")

    @app.delete("/api/runs/{run}", status_code=202)
    async def cancel(server: Here, run: AskedRun) -> dict[str, str]:
        """End a run; one that is over stays as it is."""
        server.runs.cancel(run)
        return {"state": run.state}


def _add_page(app: FastAPI) -> None:
    static = Path(str(files("corridor"))) / "report" / "static"

    @app.get("/api/openapi.json", include_in_schema=False)
    async def openapi(server: Here) -> dict[str, Any]:
        """This interface, with the types of every document."""
        if app.openapi_schema is None:
            told = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
            schemas = json.loads(gzip.decompress(await server.look_up({"what": "schemas"})))
            told["components"]["schemas"] |= schemas
            app.openapi_schema = told
        return app.openapi_schema

    @app.get("/", include_in_schema=False)
    async def page() -> Response:
        """The page."""
        if not (static / "app.html").is_file():
            words = "the front end is not built; run `python hatch_build.py`, or install the package again"
            raise HTTPException(503, words)
        return FileResponse(static / "app.html", headers={"cache-control": "no-cache"})

    app.mount("/static", StaticFiles(directory=static, check_dir=False), name="static")
