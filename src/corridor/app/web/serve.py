"""`corridor serve`: a free port of this machine, a server on it, and the page opened in a browser."""

from __future__ import annotations

import logging
import socket
from contextlib import closing
from typing import TYPE_CHECKING

import uvicorn

from corridor.app.web.routes import create_app
from corridor.errors import QuestionError

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridor.app.web.limits import Limits

__all__ = ["HOST", "listen", "serve", "server_on"]

HOST = "127.0.0.1"


def listen(port: int) -> socket.socket:
    """A socket of this machine only; port 0 takes a free one. Raises `QuestionError` where the port is taken."""
    ours = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        ours.bind((HOST, port))
    except OSError as problem:
        ours.close()
        raise QuestionError(f"port {port} cannot be used ({problem.strerror}); choose another with --port") from None
    return ours


def server_on(
    case: str,
    bound: socket.socket,
    limits: Limits | None = None,
    ready: Callable[[], object] = lambda: None,
) -> uvicorn.Server:
    """A server of a case on a socket; `run(sockets=[bound])` runs it, and `ready` is called when its page can be shown."""
    port: int = bound.getsockname()[1]
    config = uvicorn.Config(
        create_app(case, lambda: port, limits, ready),
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=2,
        h11_max_incomplete_event_size=32_768,
        ws="none",
    )
    return uvicorn.Server(config)


def serve(case: str, port: int, listening: Callable[[str], object], ready: Callable[[str], object]) -> None:
    """Serve a case until interrupted; both are called with the page's address: when it can be asked, and when it can answer."""
    with closing(listen(port)) as bound:
        address = f"http://{HOST}:{bound.getsockname()[1]}/"
        server = server_on(case, bound, ready=lambda: ready(address))
        logging.getLogger(__name__).info("serving %s on %s", case, address)
        bound.listen()
        listening(address)
        server.run(sockets=[bound])
