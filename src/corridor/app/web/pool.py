"""A bounded pool of worker processes: a queue before them, one thread beside each, and an end for what runs too long.

A process is ended and another started to cancel a run that does not let go by itself: a solver cannot be interrupted.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any

from corridor.app.web.work import LOADED, work
from corridor.processes import process_context

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from corridor.app.web.limits import Limits

__all__ = ["Full", "Job", "Pool"]

log = logging.getLogger(__name__)

TICK = 0.05
"""Seconds between two looks at whether a running job is still wanted."""

CRASH: dict[str, Any] = {
    "kind": "crash",
    "message": "the process that worked on this ended before its time; another takes its place, so ask again",
    "faults": [],
}


class Full(Exception):  # noqa: N818 (told as 429)
    """No more jobs are taken for now."""


@dataclass(eq=False)
class Job:
    """Something to work out. `on` is called from a thread of the pool, with an event and what comes with it:

    `running`; `progress` (phase, message, seconds); then one of `done` (bytes), `failed` (error) and `cancelled`.
    """

    message: dict[str, Any]
    on: Callable[[str, Any], None]
    seconds: float
    idle: bool = False
    """worked on only while nothing else waits, and let go of when something comes"""
    cancelled: threading.Event = field(default_factory=threading.Event)


@dataclass
class _Worker:
    """A process and the pipe to it."""

    process: BaseProcess
    pipe: Connection
    pid: int

    def end(self) -> None:
        """End it at once, whatever it does."""
        self.process.kill()
        self.process.join(5.0)
        self.pipe.close()
        with suppress(ValueError):
            self.process.close()


class Pool:
    """`size` processes for jobs that wait in one queue. `first` is what each process does when it has just started.

    With `asleep` one process alone is started until `wake` is called, or a job comes.
    """

    def __init__(
        self, limits: Limits, size: int, name: str, first: dict[str, Any] | None = None, *, asleep: bool = False
    ) -> None:
        self._limits, self._first, self._name = limits, first, name
        self._context = process_context(LOADED)
        self._waiting: deque[Job] = deque()
        self._idle: deque[Job] = deque()
        self._change = threading.Condition()
        self._closing = False
        self._asleep = asleep
        self._size = size
        self._idling = 0
        """idle jobs that are worked on"""
        self.started = 0
        """processes started so far"""
        self._workers: dict[int, _Worker] = {}
        self._threads = [
            threading.Thread(target=self._run, args=(number,), name=f"{name}-{number}", daemon=True)
            for number in range(size)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def waiting(self) -> int:
        """Jobs that no process works on yet."""
        return len(self._waiting)

    @property
    def preparing(self) -> int:
        """Idle jobs that wait or are worked on."""
        return len(self._idle) + self._idling

    @property
    def processes(self) -> list[int]:
        """Ids of the processes that are ready for a job, or at one."""
        return [worker.pid for worker in list(self._workers.values())]

    def put(self, job: Job) -> None:
        """Queue a job. Raises `Full` where too many wait."""
        with self._change:
            if self._closing or (not job.idle and len(self._waiting) >= self._limits.queued):
                raise Full
            (self._idle if job.idle else self._waiting).append(job)
            self._change.notify_all()

    def wake(self) -> None:
        """Start the processes."""
        with self._change:
            self._asleep = False
            self._change.notify_all()

    def cancel(self, job: Job) -> None:
        """Let go of a job: out of the queue at once, out of a process as soon as that can be."""
        job.cancelled.set()
        with self._change:
            for queue in (self._waiting, self._idle):
                if job in queue:
                    queue.remove(job)

    def close(self) -> None:
        """End every process."""
        with self._change:
            self._closing = True
            self._change.notify_all()
        for thread in self._threads:
            thread.join(10.0)

    def _next(self) -> Job | None:
        """The next job; None when the pool closes."""
        with self._change:
            while True:
                if self._closing:
                    return None
                if self._waiting:
                    return self._waiting.popleft()
                # One process stays free for who comes, where there are two.
                if self._idle and self._idling < max(1, self._size - 1):
                    self._idling += 1
                    return self._idle.popleft()
                self._change.wait()

    def _over(self, job: Job) -> None:
        """Count an idle job that is over."""
        with self._change:
            self._idling -= job.idle
            self._change.notify_all()

    def _run(self, number: int) -> None:
        with self._change:
            while number and self._asleep and not self._closing and not self._waiting:
                self._change.wait()
        worker: _Worker | None = None if self._closing else self._start(number)
        while (job := self._next()) is not None:
            try:
                if job.cancelled.is_set():
                    continue
                if worker is None or not worker.process.is_alive():
                    self._end(number)
                    worker = self._start(number)
                if worker is None:
                    job.on("failed", CRASH)
                elif not self._worked_on(job, worker):
                    self._end(number)
                    worker = None if self._closing else self._start(number)
            except Exception:
                # Whatever happens, the thread goes on: the pool must not shrink.
                log.exception("a job of %s could not be worked on", self._name)
                job.on("failed", CRASH)
                self._end(number)
                worker = None
            finally:
                self._over(job)
        self._end(number)

    def _end(self, number: int) -> None:
        worker = self._workers.pop(number, None)
        if worker is not None:
            worker.end()

    def _start(self, number: int) -> _Worker | None:
        """A new process that has done the first job; None where it has ended over it."""
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=work, args=(theirs,), name=f"{self._name}-{number}", daemon=True)
        process.start()
        theirs.close()
        worker = _Worker(process, ours, process.pid or 0)
        self.started += 1
        if self._first is not None:
            seconds = self._limits.run_seconds
            first = Job(self._first, lambda event, value: None, seconds, idle=True)  # noqa: ARG005
            if not self._worked_on(first, worker):
                worker.end()
                return None
        self._workers[number] = worker
        return worker

    def _worked_on(self, job: Job, worker: _Worker) -> bool:
        """Have a job worked on; False where the process must be replaced."""
        with suppress(OSError):
            worker.pipe.send(job.message)
        job.on("running", None)
        over_at = time.monotonic() + job.seconds
        gone_at: float | None = None
        while True:
            try:
                reply = self._reply(worker)
            except (EOFError, OSError):
                return self._crashed(job, worker)
            now = time.monotonic()
            if reply is None:
                if gone_at is None and self._unwanted(job):
                    gone_at = now + (job.seconds if job.idle and not self._closing else self._limits.grace_seconds)
                    with suppress(OSError):
                        worker.pipe.send("stop")
                if gone_at is not None and now > gone_at:
                    job.on("cancelled", None)
                    return False
                if now > over_at:
                    message = f"stopped after {job.seconds:.0f} seconds, the most that a run may take here"
                    job.on("failed", {"kind": "time", "message": message, "faults": []})
                    return False
            elif reply[0] == "progress":
                job.on("progress", reply[1:])
            else:
                kind, value, memory = reply
                job.on("cancelled" if kind == "stopped" else kind, value)
                return bool(memory <= self._limits.worker_bytes)

    def _reply(self, worker: _Worker) -> Any:
        """What the process says next; None where it says nothing for a while. Raises `EOFError` where it is gone."""
        ready = wait([worker.pipe, worker.process.sentinel], TICK)
        if worker.pipe in ready or worker.pipe.poll():
            return worker.pipe.recv()
        if worker.process.sentinel in ready:
            raise EOFError
        return None

    def _unwanted(self, job: Job) -> bool:
        return job.cancelled.is_set() or self._closing or (job.idle and bool(self._waiting))

    def _crashed(self, job: Job, worker: _Worker) -> bool:
        worker.process.join(1.0)
        code = worker.process.exitcode
        log.error("a process of %s ended by itself (exit code %s)", self._name, code)
        job.on("failed", CRASH)
        return False
