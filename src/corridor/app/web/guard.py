"""What stands before every request: who may ask, how much may be sent, and what the browser may do with an answer."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from corridor.app.web.limits import Limits

__all__ = ["HEADERS", "Guard", "fault_document"]

log = logging.getLogger(__name__)

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
NAMES = ("127.0.0.1", "localhost", "[::1]")
UPLOADS = "/api/cases"
DRAINED = 8
"""How many times what is taken is read of a body that is too long."""


def fault_document(
    kind: str, message: str, verb: str = "serve", faults: list[dict[str, object]] | None = None
) -> bytes:
    """Why there is no answer, as JSON documents tell it."""
    told = {"schema": 1, "verb": verb, "error": {"kind": kind, "message": message, "faults": faults or []}}
    return json.dumps(told, ensure_ascii=False).encode("utf-8")


class Guard:
    """Lets through what this machine's browser asks of this server by its own name, and nothing from other pages.

    A page elsewhere can make a browser send requests here (with another Origin) or give its own name this address
    (another Host); both are refused. Bodies are read whole, up to a bound, before anything looks at them.
    """

    def __init__(self, app: ASGIApp, limits: Limits, port: Callable[[], int]) -> None:
        self._app, self._limits, self._port = app, limits, port
        self._uploads = asyncio.Semaphore(limits.uploads)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        begun = False

        async def answer(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message = {**message, "headers": _with_ours(message["headers"])}
            await send(message)

        async def refuse(status: int, kind: str, text: str) -> None:
            headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
            await answer({"type": "http.response.start", "status": status, "headers": headers})
            await answer({"type": "http.response.body", "body": fault_document(kind, text)})

        wrong = self._wrong(scope)
        if wrong:
            # Closed on a client that is still sending, a connection is reset before it has read why.
            await self._body(receive, self._limits.body)
            await refuse(*wrong)
            return
        try:
            if scope["path"] == UPLOADS and scope["method"] == "POST":
                async with self._uploads:
                    await self._passed(scope, receive, answer, refuse, self._limits.upload)
            else:
                await self._passed(scope, receive, answer, refuse, self._limits.body)
        except Exception:
            log.exception("%s %s failed", scope["method"], scope["path"])
            if not begun:
                await refuse(500, "internal", "something went wrong here; the server's log says what")

    async def _passed(self, scope: Scope, receive: Receive, send: Send, refuse: Callable, most: int) -> None:  # type: ignore[type-arg]
        told = dict(scope["headers"]).get(b"content-length", b"0")
        body = await self._body(receive, most) if told.isdigit() else None
        if body is None:
            await refuse(413, "size", f"more than {most:,} bytes are not taken here")
            return
        await self._app(scope, _replayed(body, receive), send)

    async def _body(self, receive: Receive, most: int) -> bytes | None:
        """The whole body; None where it is too long or too slow in coming.

        What is too long is read on for a while and thrown away: a client that is still sending hears no answer.
        """
        pieces: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(self._limits.body_seconds):
                while True:
                    message = await receive()
                    if message["type"] != "http.request":
                        return b""
                    piece = message.get("body", b"")
                    size += len(piece)
                    if size > most:
                        pieces.clear()
                    else:
                        pieces.append(piece)
                    if size > DRAINED * most:
                        return None
                    if not message.get("more_body"):
                        return b"".join(pieces) if size <= most else None
        except TimeoutError:
            return None

    def _wrong(self, scope: Scope) -> tuple[int, str, str] | None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        own = {f"{name}:{self._port()}" for name in NAMES}
        if headers.get("host", "").lower() not in own:
            return 421, "host", f"this server answers to {' and '.join(sorted(own))} only"
        origin = headers.get("origin")
        if origin is not None and (urlsplit(origin).scheme != "http" or origin.lower()[len("http://") :] not in own):
            return 403, "origin", "a page from elsewhere may not ask this server"
        # What another page embeds (a script, an image) has no Origin, but browsers say where it comes from.
        page = scope["path"] == "/" and scope["method"] in ("GET", "HEAD")
        if not page and headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return 403, "origin", "a page from elsewhere may not ask this server"
        return None


def _with_ours(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    told = {name for name, _ in headers}
    ours = [(name.encode(), value.encode()) for name, value in HEADERS.items() if name.encode() not in told]
    if b"cache-control" not in told:
        ours.append((b"cache-control", b"no-store"))
    return [*((n, v) for n, v in headers if n != b"server"), *ours]


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Gives a body that was read already, then what comes after it (the client going away)."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
