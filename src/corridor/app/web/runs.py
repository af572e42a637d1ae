"""Runs: what was asked, how far it is, and its answer. Each belongs to who knows its id, which nobody can guess."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corridor.app.web.pool import Full, Job

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from corridor.app.web.limits import Limits
    from corridor.app.web.pool import Pool

__all__ = ["Run", "Runs", "asked_of"]

OVER = ("done", "failed", "cancelled")


@dataclass(eq=False)
class Run:
    """One run. Changed on the event loop only."""

    id: str
    message: dict[str, Any]
    """the job as a worker gets it"""
    state: str = "queued"
    event: tuple[str, dict[str, Any]] = ("progress", {"phase": "queued", "message": "Waiting its turn", "elapsed": 0.0})
    error: dict[str, Any] | None = None
    payload: bytes = b""
    """the whole answer as it is sent, compressed; empty until it is done"""
    begun: float = field(default_factory=time.monotonic)
    job: Job | None = None
    version: int = 0
    change: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def over(self) -> bool:
        """Whether nothing more will come."""
        return self.state in OVER

    def tell(self, state: str, name: str, data: dict[str, Any]) -> None:
        """Set a new state, and wake up who listens."""
        self.state, self.event = state, (name, data)
        self.version += 1
        old, self.change = self.change, asyncio.Event()
        old.set()

    async def events(self) -> AsyncIterator[tuple[int, str, dict[str, Any]]]:
        """The last event at once, then each new one; ends with the run."""
        seen = -1
        while True:
            change = self.change
            if self.version != seen:
                seen = self.version
                yield (seen, *self.event)
            elif self.over:
                return
            else:
                await change.wait()


class Runs:
    """Runs by id, and answers by question; of both the last ones, up to a bound."""

    def __init__(self, limits: Limits, pool: Pool) -> None:
        self._limits, self._pool = limits, pool
        self._runs: OrderedDict[str, Run] = OrderedDict()
        self._answers: OrderedDict[str, bytes] = OrderedDict()
        self._loop = asyncio.get_running_loop()

    def __len__(self) -> int:
        return len(self._runs)

    def get(self, name: str) -> Run | None:
        """The run of an id."""
        return self._runs.get(name)

    def start(self, message: dict[str, Any], *, idle: bool = False) -> Run:
        """Start a run. Raises `Full` where too many wait."""
        run = Run(secrets.token_hex(16), message)
        key = json.dumps(message, sort_keys=True)
        known = self._answers.get(key)
        if known is not None:
            self._answers.move_to_end(key)
            run.payload = known
            run.tell("done", "done", {"run": run.id})
        else:
            self._put(run, key, idle=idle)
        if not idle:
            self._runs[run.id] = run
            self._trim()
        return run

    def _put(self, run: Run, key: str, *, idle: bool) -> None:
        job = Job(run.message, lambda event, value: self._heard(run, key, event, value), self._limits.run_seconds, idle)
        self._pool.put(job)
        run.job = job

    def cancel(self, run: Run) -> None:
        """End a run that is not over."""
        if run.over:
            return
        if run.job is not None:
            self._pool.cancel(run.job)
        self._end(run, "cancelled", "cancelled", {"run": run.id})

    def forget(self, folder: str) -> None:
        """Drop the answers about a case that is gone."""
        for key in [key for key in self._answers if json.loads(key)["folder"] == folder]:
            del self._answers[key]

    def _heard(self, run: Run, key: str, event: str, value: Any) -> None:
        """Called from a thread of the pool."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._take, run, key, event, value)

    def _take(self, run: Run, key: str, event: str, value: Any) -> None:
        if run.over:
            return
        if event == "running":
            data = {"phase": "start", "message": "Starting", "elapsed": round(time.monotonic() - run.begun, 3)}
            run.tell("running", "progress", data)
        elif event == "progress":
            phase, message, _ = value
            data = {"phase": phase, "message": message, "elapsed": round(time.monotonic() - run.begun, 3)}
            run.tell("running", "progress", data)
        elif event == "done":
            run.payload = value
            self._answers[key] = value
            self._end(run, "done", "done", {"run": run.id})
        elif event == "failed":
            run.error = value
            self._end(run, "failed", "failed", {"error": value})
        elif run.job is not None and run.job.idle:
            # It gave way to somebody's question, and is taken up again.
            with suppress(Full):
                self._put(run, key, idle=True)
        else:
            self._end(run, "cancelled", "cancelled", {"run": run.id})

    def _end(self, run: Run, state: str, name: str, data: dict[str, Any]) -> None:
        run.job = None
        run.tell(state, name, data)
        self._trim()

    def _trim(self) -> None:
        """Drop the oldest runs that are over, and the oldest answers, beyond what is kept."""
        kept = sum(len(run.payload) for run in self._runs.values())
        for name in [name for name, run in self._runs.items() if run.over]:
            if len(self._runs) <= self._limits.runs and kept <= self._limits.kept_bytes:
                break
            kept -= len(self._runs.pop(name).payload)
        size = sum(map(len, self._answers.values()))
        while self._answers and size > self._limits.kept_bytes:
            size -= len(self._answers.popitem(last=False)[1])


async def asked_of(pool: Pool, message: dict[str, Any], seconds: float) -> tuple[str, Any]:
    """Have a job worked on and wait for it: (`done`, bytes), (`failed`, error) or (`cancelled`, None).

    Raises `Full` where too many wait. Where nobody waits for it any more the job is let go of.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[tuple[str, Any]] = loop.create_future()

    def heard(event: str, value: Any) -> None:
        if event not in OVER or loop.is_closed():
            return
        loop.call_soon_threadsafe(lambda: None if future.done() else future.set_result((event, value)))

    job = Job(message, heard, seconds)
    pool.put(job)
    try:
        return await future
    except asyncio.CancelledError:
        pool.cancel(job)
        raise
