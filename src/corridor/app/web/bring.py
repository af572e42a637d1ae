"""Routes for cases that somebody brings: a zip, or the files of a folder. Nothing leaves this machine."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from fastapi import Request  # noqa: TC002 (as below)
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from corridor.app.web.folders import files_of_zip, sound_files
from corridor.app.web.questions import CaseId  # noqa: TC001 (FastAPI reads annotations at run time)
from corridor.app.web.state import Here, Refused, bundled, json_reply, packed_reply
from corridor.app.web.work import fault_of
from corridor.errors import CaseError

if TYPE_CHECKING:
    from fastapi import FastAPI

    from corridor.app.web.limits import Limits

__all__ = ["add_cases"]

BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/zip": {"schema": {"type": "string", "format": "binary"}},
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "properties": {
                        "name": {"type": "string"},
                        "files": {"type": "object", "additionalProperties": {"type": "string"}},
                    },
                    "additionalProperties": False,
                }
            },
        },
    }
}


def add_cases(app: FastAPI) -> None:
    """Add the routes."""

    @app.get("/api/cases")
    async def cases() -> dict[str, list[str]]:
        """The bundled cases."""
        return {"cases": list(bundled())}

    @app.post(
        "/api/cases",
        status_code=201,
        response_class=Response,
        openapi_extra=BODY,
        responses={
            201: json_reply("Brought", "the case is taken"),
            415: json_reply("ErrorDocument", "of another kind"),
            422: json_reply("ErrorDocument", "what is wrong with the case, fault by fault"),
        },
    )
    async def bring(request: Request, server: Here) -> Response:
        """Take a case: it is checked whole, and every fault is told with file, row, column and remedy."""
        data = await request.body()
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        try:
            files, name = await asyncio.to_thread(_unpacked, data, kind, server.limits)
        except CaseError as error:
            raise Refused(422, fault_of(error)) from None
        case = await asyncio.to_thread(server.folders.add, files, name)
        try:
            told = await server.look_up({"what": "check", "folder": str(case.folder), "id": case.id})
        except BaseException:
            server.folders.remove(case)
            raise
        server.folders.keep(case)
        reply = packed_reply(request, told)
        reply.status_code = 201
        return reply

    @app.delete("/api/cases/{case}", responses={404: json_reply("ErrorDocument", "there is no such case")})
    async def drop(case: CaseId, server: Here) -> dict[str, str]:
        """Forget a case that was brought."""
        if not server.folders.drop(case):
            raise HTTPException(404, "there is no such case here")
        return {"dropped": case}


def _unpacked(data: bytes, kind: str, limits: Limits) -> tuple[dict[str, bytes], str]:
    """Plain files of an upload, and what the case may be called. Raises `CaseError`, or 400 and 415 for what is neither."""
    if kind in ("application/zip", "application/x-zip-compressed", "application/octet-stream"):
        found = files_of_zip(data, limits)
        name = next((path.split("/")[0] for path in found if "/" in path), "case")
        return sound_files(found, limits), name
    if kind != "application/json":
        raise HTTPException(415, "send application/zip, or application/json with the files' texts")
    try:
        told: Any = json.loads(data)
    except (ValueError, RecursionError):
        raise HTTPException(400, "the body is not JSON") from None
    files = told.get("files") if isinstance(told, dict) else None
    if not isinstance(files, dict) or not all(isinstance(text, str) for text in files.values()):
        raise HTTPException(422, 'send {"files": {name: text}}')
    name = told.get("name", "case")
    if not isinstance(name, str):
        raise HTTPException(422, "the name is a text")
    texts = {str(path): text.encode("utf-8", errors="replace") for path, text in files.items()}
    return sound_files(texts, limits), name
