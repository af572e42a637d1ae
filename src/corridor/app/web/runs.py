"""Runs: what was asked, how far it is, and its answer. Each belongs to who knows its id, which nobody can guess."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field, replace
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


@dataclass(eq=False)
class _Work:
    """A question that is worked on, for all who ask it. Changed on the event loop only."""

    key: str
    message: dict[str, Any]
    runs: list[Run] = field(default_factory=list)
    """who waits for it; nobody where it is made ready ahead of time"""
    job: Job | None = None
    begun: bool = False


class Runs:
    """Runs by id, and answers by question; of both the last ones, up to a bound."""

    def __init__(self, limits: Limits, pool: Pool) -> None:
        self._limits, self._pool = limits, pool
        self._runs: OrderedDict[str, Run] = OrderedDict()
        self._answers: OrderedDict[str, bytes] = OrderedDict()
        self._works: dict[str, _Work] = {}
        self._loop = asyncio.get_running_loop()

    def __len__(self) -> int:
        return len(self._runs)

    def get(self, name: str) -> Run | None:
        """The run of an id."""
        return self._runs.get(name)

    def prepare(self, message: dict[str, Any]) -> None:
        """Have a question answered while nobody else asks. Raises `Full` where too many wait."""
        key = _key(message)
        if key not in self._answers and key not in self._works:
            self._put(_Work(key, message))

    def start(self, message: dict[str, Any]) -> Run:
        """Start a run. A question that is worked on already is shared. Raises `Full` where too many wait."""
        run, key = Run(secrets.token_hex(16), message), _key(message)
        known = self._answers.get(key)
        if known is not None:
            self._answers.move_to_end(key)
            run.payload = known
            run.tell("done", "done", {"run": run.id})
        else:
            self._join(run, key)
        self._runs[run.id] = run
        self._trim()
        return run

    def _join(self, run: Run, key: str) -> None:
        work = self._works.get(key)
        if work is None:
            self._put(_Work(key, run.message, [run]))
            return
        if not work.runs and not work.begun and work.job is not None:
            # It waited for a time when nobody asks.
            self._put(replace(work, runs=[run]))
            self._pool.cancel(work.job)
            return
        work.runs.append(run)
        if work.begun:
            run.tell("running", "progress", {"phase": "start", "message": "Starting", "elapsed": 0.0})

    def _put(self, work: _Work) -> None:
        idle = not work.runs
        job = Job(work.message, lambda event, value: self._heard(work, event, value), self._limits.run_seconds, idle)
        self._pool.put(job)
        work.job, work.begun = job, False
        self._works[work.key] = work

    def cancel(self, run: Run) -> None:
        """End a run that is not over; the work goes on where others wait for it."""
        if run.over:
            return
        work = self._works.get(_key(run.message))
        if work is not None and run in work.runs:
            work.runs.remove(run)
            if not work.runs:
                self._drop(work)
        self._end(run, "cancelled", "cancelled", {"run": run.id})

    def _drop(self, work: _Work) -> None:
        if self._works.get(work.key) is work:
            del self._works[work.key]
        if work.job is not None:
            self._pool.cancel(work.job)

    def forget(self, folder: str) -> None:
        """Drop the answers about a case that is gone."""
        for key in [key for key in self._answers if json.loads(key)["folder"] == folder]:
            del self._answers[key]

    def _heard(self, work: _Work, event: str, value: Any) -> None:
        """Called from a thread of the pool."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._take, work, event, value)

    def _take(self, work: _Work, event: str, value: Any) -> None:
        if self._works.get(work.key) is not work:  # given up, or put anew
            return
        if event == "running":
            work.begun = True
            self._progress(work, "start", "Starting")
        elif event == "progress":
            self._progress(work, *value[:2])
        elif event == "cancelled" and work.job is not None and work.job.idle:
            # It gave way to somebody's question, and is taken up again.
            with suppress(Full):
                del self._works[work.key]
                self._put(work)
                return
            self._over(work, "cancelled", None)
        else:
            self._over(work, event, value)

    def _progress(self, work: _Work, phase: str, message: str) -> None:
        for run in work.runs:
            elapsed = round(time.monotonic() - run.begun, 3)
            run.tell("running", "progress", {"phase": phase, "message": message, "elapsed": elapsed})

    def _over(self, work: _Work, state: str, value: Any) -> None:
        self._works.pop(work.key, None)
        if state == "done":
            self._answers[work.key] = value
        for run in work.runs:
            if state == "done":
                run.payload = value
            elif state == "failed":
                run.error = value
            self._end(run, state, state, {"error": value} if state == "failed" else {"run": run.id})
        self._trim()

    def _end(self, run: Run, state: str, name: str, data: dict[str, Any]) -> None:
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


def _key(message: dict[str, Any]) -> str:
    """The same for the same question."""
    return json.dumps(message, sort_keys=True)


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
