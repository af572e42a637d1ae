"""A worker process: reads jobs from a pipe, answers each, and keeps what the next will need.

It is ended and replaced by the server whenever that is simplest: when a run is cancelled or takes too long, when it
holds too much memory, and when it has crashed.
"""

from __future__ import annotations

import ctypes
import gc
import gzip
import json
import logging
import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from corridor.errors import CaseError, CorridorError

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from corridor.app.web.answers import Asked
    from corridor.app.web.warm import Warm

__all__ = ["LOADED", "fault_of", "work"]

log = logging.getLogger(__name__)

DATA = 4_000_000_000
"""Bytes of memory that a worker may ask for (where the system keeps count); beyond it a question fails, not the machine."""
QUIET = 1.0
"""Seconds without a job after which a worker gives back memory that it does not use."""
LOADED = (
    "corridor.app.web.answers",
    "corridor.app.web.catalog",
    "corridor.app.web.pages",
    "corridor.app.web.pictures",
    "corridor.app.web.tables",
    "corridor.app.web.warm",
    "corridor.app.indicators",
    "corridor.result.schema",
    "corridor.solver",
    "scipy.sparse.csgraph",
)
"""Modules that every worker needs, to be loaded once for all of them."""
UNKNOWN = "something went wrong while working on this; the server's log says what"


class _Stopped(Exception):  # noqa: N818 (not an error: the reader does not want the answer any more)
    """The run was cancelled."""


def work(pipe: Connection) -> None:
    """Answer jobs until the pipe is closed.

    A job is {"what": ..., ...}; the replies are ("progress", phase, message, seconds), any number of them, then one of
    ("done", bytes, memory), ("failed", error, memory) and ("stopped", None, memory). A text that comes while a job runs
    asks to stop it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _bound_memory()
    from corridor.app.web.warm import Warm

    warm = Warm()
    while True:
        try:
            if not pipe.poll(QUIET):
                give_back()
            job = pipe.recv()
            if isinstance(job, str):  # a wish to stop what is over already
                continue
            pipe.send((*_done(warm, job, pipe), memory()))
        except (EOFError, OSError):
            return


def _done(warm: Warm, job: dict[str, Any], pipe: Connection) -> tuple[str, Any]:
    begun = time.monotonic()

    def tell(phase: str, message: str) -> None:
        if pipe.poll() and isinstance(pipe.recv(), str):
            raise _Stopped
        pipe.send(("progress", phase, message, round(time.monotonic() - begun, 3)))

    try:
        return "done", _JOBS[job["what"]](warm, job, tell)
    except _Stopped:
        return "stopped", None
    except CorridorError as error:
        return "failed", fault_of(error)
    except (EOFError, OSError):
        raise
    except MemoryError:
        return "failed", {
            "kind": "size",
            "message": "this takes more memory than a question may have here",
            "faults": [],
        }
    except Exception:
        log.exception("a job failed: %s", job["what"])
        return "failed", {"kind": "internal", "message": UNKNOWN, "faults": []}


def _bound_memory() -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (DATA if hard < 0 else min(DATA, hard), hard))


def fault_of(error: CorridorError) -> dict[str, Any]:
    """An error as JSON documents tell it."""
    from dataclasses import asdict

    faults = [asdict(fault) for fault in error.faults] if isinstance(error, CaseError) else []
    return {"kind": error.kind, "message": getattr(error, "message", str(error)), "faults": faults}


def give_back() -> None:
    """Return freed memory to the system: what was freed in small pieces stays with the process otherwise."""
    gc.collect()
    with suppress(OSError, AttributeError):  # a C library without it
        ctypes.CDLL(None).malloc_trim(0)


def memory() -> int:
    """Bytes that this process holds in memory; 0 where the system does not tell."""
    with suppress(OSError, ValueError, IndexError):
        import os

        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 (no file of ours)
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def _asked(job: dict[str, Any]) -> Asked:
    from corridor.app.web.answers import Asked

    return Asked(job["folder"], job["name"], job["verb"], job["arguments"], job["given"])


def _run(warm: Warm, job: dict[str, Any], tell: Any) -> bytes:
    from corridor.app.web.answers import answer

    document, page = answer(warm, _asked(job), tell)
    tell("send", "Sending the answer")
    return packed({"state": "done", "answer": document, "page": page, "error": None})


def _catalog(warm: Warm, job: dict[str, Any], tell: Any) -> bytes:
    from corridor.app.web.catalog import catalog

    tell("case", "Reading the case")
    return packed(catalog(warm.case(job["folder"]), job["name"]))


def _evidence(warm: Warm, job: dict[str, Any], tell: Any) -> bytes:
    from corridor.app.web.catalog import evidence_of

    del tell
    return packed(evidence_of(warm.case(job["folder"]), job["table"], job["id"], job["column"]))


def _assumed(warm: Warm, job: dict[str, Any], tell: Any) -> bytes:
    from corridor.app.web.catalog import assumed_of

    del tell
    return packed(assumed_of(warm.case(job["folder"]), job["group"]))


def _warm(warm: Warm, job: dict[str, Any], tell: Any) -> bytes:
    """Read a case, calibrate it, and solve each part of it as it is, so that the first question finds all that ready."""
    from corridor.case import part_of, parts

    tell("case", "Reading the case")
    case = warm.case(job["folder"])
    for goods in parts(case):
        tell("base", f"Solving {goods[0]} as it is")
        with suppress(CorridorError):
            warm.solve(part_of(case, goods))
    return b""


def _check(warm: Warm, job: dict[str, Any], tell: Any) -> bytes:
    from corridor.case import counts, warnings

    tell("case", "Checking the case")
    case = warm.case(job["folder"])
    told = {"title": case.settings.title, "counts": counts(case), "warnings": [str(w) for w in warnings(case)]}
    return packed({"case": job["id"], "name": case.name, **told})


def _report(warm: Warm, job: dict[str, Any], tell: Any) -> bytes:
    from corridor.app.web.pages import report_page

    return report_page(warm, _asked(job), json.loads(gzip.decompress(job["payload"])), tell)


def _scenario(warm: Warm, job: dict[str, Any], tell: Any) -> bytes:
    from corridor.app.options import instruments
    from corridor.app.web.takeaway import scenario_csv

    del warm, tell
    return scenario_csv(job["scenario"], instruments(job["with"])).encode("utf-8")


def _schemas(warm: Warm, job: dict[str, Any], tell: Any) -> bytes:
    from corridor.app.web.shapes import components

    del warm, job, tell
    return packed(components())


def packed(value: Any) -> bytes:
    """JSON without NaN, compressed as it is sent: the server passes it on as it is."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return gzip.compress(text.encode("utf-8"), compresslevel=1, mtime=0)


_JOBS: dict[str, Callable[[Warm, dict[str, Any], Any], bytes]] = {
    "assumed": _assumed,
    "catalog": _catalog,
    "check": _check,
    "evidence": _evidence,
    "report": _report,
    "run": _run,
    "scenario": _scenario,
    "schemas": _schemas,
    "warm": _warm,
}
