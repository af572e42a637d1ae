"""Runs a plan: chunks over worker processes or a Dask cluster, each committed as it comes."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.case import read_case
from corridor.errors import CorridorError, QuestionError
from corridor.processes import process_context
from corridor.sweep.design import read_design
from corridor.sweep.plan import plan_of
from corridor.sweep.store import Store, create, manifest_of, open_store
from corridor.sweep.work import Row, Worker

if TYPE_CHECKING:
    from corridor.sweep.plan import Plan

__all__ = ["UnfinishedError", "pace_of", "resume", "run_chunks", "sweep"]

_log = logging.getLogger("corridor.sweep")
AHEAD = 2
"""Chunks under way for each worker, so that none waits while another is written."""
LOADED = ("corridor.sweep.run", "corridor.analysis")
"""What a worker needs before it begins."""
TRIES = 2
"""Deaths of workers that a chunk may be there for, before it is left undone."""

Tell = Callable[[str], None]


class UnfinishedError(CorridorError):
    """A sweep stopped with chunks undone; what is done stands, and `resume` goes on."""

    kind = "unfinished"
    exit_code = 4


def sweep(
    case: str,
    design: str | Path,
    out: str | Path,
    *,
    workers: int | None = None,
    dask: str | None = None,
    tell: Tell = lambda _: None,
) -> Store:
    """Run a design over a case, given by bundled name or folder, into a folder of its own.

    `workers` processes (default: one for each core) work, or those of the Dask scheduler at `dask`. Answers do not depend
    on which. Raises `CaseError` and `QuestionError` for faults of case or design, `UnfinishedError` where workers died.
    """
    read, asked = read_case(case), read_design(design)
    tell("planning")
    plan = plan_of(read, asked)
    store = create(Path(out), plan, read, _place_of(case), Path(design))
    return _run(store, plan, workers, dask, tell)


def resume(
    folder: str | Path, *, workers: int | None = None, dask: str | None = None, tell: Tell = lambda _: None
) -> Store:
    """Go on with a sweep that was stopped or killed: what is there stands, what is not there is done.

    Raises `QuestionError` where case or design are no longer what the sweep was begun with.
    """
    store = open_store(folder)
    told = store.manifest
    read = read_case(told.case)
    if read.hash != told.case_hash:
        raise QuestionError(
            f"{told.case} has changed since the sweep in {store.folder} was begun (its hash was {told.case_hash[:12]}, "
            f"now it is {read.hash[:12]}): begin another sweep"
        )
    design = store.design
    if told.design_file and Path(told.design_file).exists() and read_design(told.design_file).hash != told.design_hash:
        raise QuestionError(
            f"{told.design_file} has changed since the sweep in {store.folder} was begun: begin another sweep"
        )
    if design.hash != told.design_hash:
        raise QuestionError(f"the design in {store.folder} is not the one that the sweep was begun with")
    plan = plan_of(read, design)
    again = manifest_of(plan, read, told.case, None, told.left_out)
    if (again.figures, again.chunks) != (told.figures, told.chunks):
        raise QuestionError(
            f"version {told.version} of Corridor drew {store.folder} otherwise than {again.version}: begin another sweep"
        )
    return _run(store, plan, workers, dask, tell)


def _place_of(case: str) -> str:
    """The case as `resume` finds it again from any folder."""
    path = Path(case)
    return str(path.resolve()) if path.is_dir() and (path.name != case) else case


def _run(store: Store, plan: Plan, workers: int | None, dask: str | None, tell: Tell) -> Store:
    store.tidy()
    missing = store.missing()
    done = len(plan.points) - sum(len(plan.chunk(n)) for n in missing)
    if done and missing:
        tell(f"{done} of {len(plan.points)} variations are there")
    pace = pace_of(plan, missing, tell)
    undone = run_chunks(plan, missing, store.commit, workers=workers, dask=dask, pace=pace)
    if undone:
        raise UnfinishedError(
            f"{len(undone)} of {plan.chunks} chunks are not done, since the processes that worked on them died "
            f"(out of memory, or killed); the rest stands. corridor sweep resume {store.folder}"
        )
    return store


def run_chunks(
    plan: Plan,
    numbers: Sequence[int],
    commit: Callable[[int, list[Row]], None],
    *,
    workers: int | None = None,
    dask: str | None = None,
    pace: Callable[[int], None] = lambda _: None,
) -> list[int]:
    """Work out chunks, committing each as it comes; returns those left undone because workers died on them."""
    if not numbers:
        return []
    finished = _on_dask(plan, numbers, dask) if dask else _in_processes(plan, numbers, workers or _cores())
    done = set()
    for number, rows in finished:
        commit(number, rows)
        done.add(number)
        pace(len(plan.chunk(number)))
    return [n for n in numbers if n not in done]


def pace_of(plan: Plan, numbers: Sequence[int], tell: Tell) -> Callable[[int], None]:
    """What is to be called with the variations of each chunk that is done, and tells how it goes."""
    return _Pace(sum(len(plan.chunk(n)) for n in numbers), tell).step


class _Pace:
    """Tells how many are done, how fast, and how long it will take; at most once a second."""

    def __init__(self, total: int, tell: Tell) -> None:
        self.total, self.tell = total, tell
        self.done, self.began, self.told = 0, time.monotonic(), 0.0

    def step(self, count: int) -> None:
        """Count variations that are done."""
        self.done += count
        now = time.monotonic()
        if now - self.told < 1.0 and self.done < self.total:
            return
        self.told = now
        rate = self.done / max(now - self.began, 1e-9)
        left = (self.total - self.done) / rate
        self.tell(f"{self.done} of {self.total} variations, {rate:.1f} a second, {_span(left)} left")


def _span(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _cores() -> int:
    import os

    # Cores that this process may use, where the system tells; else all.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_worker: Worker | None = None
"""The worker of this process; one process has one plan."""


def _begin(plan: Plan) -> None:
    global _worker  # noqa: PLW0603 (a pool hands its tasks to a function of a module: this is where they find the plan)
    _watch_parent()
    _worker = Worker(plan)
    _collect_seldom()


def _collect_seldom() -> None:
    """Let Python look for cycles a hundred times less often: variations leave few, and each look walks all tables."""
    import gc

    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def _watch_parent() -> None:
    """End this process when the one that began it is gone: a killed sweep leaves nobody at work."""
    import multiprocessing
    import os
    import threading
    from multiprocessing.connection import wait as wait_for

    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait_for([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _work(number: int) -> tuple[int, list[Row]]:
    assert _worker is not None  # noqa: S101 (the pool began this process with a plan)
    return number, _worker.chunk(number)


def _in_processes(plan: Plan, numbers: Sequence[int], workers: int) -> Iterator[tuple[int, list[Row]]]:
    """Chunks as they are done, in worker processes. Where a process dies, those under way are tried again, one at a time."""
    if workers == 1:
        worker = Worker(plan)
        yield from ((number, worker.chunk(number)) for number in numbers)
        return
    waiting, deaths, size = list(numbers), dict.fromkeys(numbers, 0), workers
    while waiting:
        under_way: dict[Future[tuple[int, list[Row]]], int] = {}
        with _pool(plan, min(size, len(waiting))) as pool:
            try:
                while waiting or under_way:
                    while waiting and len(under_way) < (1 if size == 1 else AHEAD * size):
                        number = waiting.pop(0)
                        under_way[pool.submit(_work, number)] = number
                    ready, _ = wait(under_way, return_when=FIRST_COMPLETED)
                    for future in ready:
                        found = future.result()
                        del under_way[future]
                        yield found
            except BrokenProcessPool:
                suspects = sorted(under_way.values())
                _log.warning("a worker died while chunks %s were under way", suspects)
                for number in suspects:
                    deaths[number] += 1
                # One at a time, the next death tells whose it is.
                waiting, size = [n for n in suspects if deaths[n] < TRIES] + waiting, 1
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise


def _pool(plan: Plan, workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, process_context(LOADED), _begin, (plan,))


def _on_dask(plan: Plan, numbers: Sequence[int], address: str) -> Iterator[tuple[int, list[Row]]]:
    """Chunks as they are done, on the workers of a Dask scheduler; the plan is sent to each worker once."""
    try:
        import distributed
    except ImportError:
        raise QuestionError("--dask needs the package distributed: pip install 'corridor[dask]'") from None
    cluster: Any = distributed
    try:
        client = cluster.Client(address, timeout="10s")
    except (OSError, TimeoutError, ValueError) as problem:
        raise QuestionError(f"no Dask scheduler answers at {address}: {problem}") from None
    with client:
        sent = client.scatter(plan, broadcast=True, hash=False)
        ahead = AHEAD * max(1, len(client.scheduler_info()["workers"]))
        waiting = list(numbers)
        begun = [client.submit(work_on, sent, n, pure=False) for n in waiting[:ahead]]
        del waiting[:ahead]
        running = cluster.as_completed(begun, with_results=False)
        for future in running:
            if future.status != "finished":
                _log.warning("a chunk was lost on the cluster: %s", future.exception())
            else:
                yield future.result()
            if waiting:
                running.add(client.submit(work_on, sent, waiting.pop(0), pure=False))


def work_on(plan: Plan, number: int) -> tuple[int, list[Row]]:
    """A chunk on a Dask worker, which keeps the worker of the plan that it had last."""
    global _worker  # noqa: PLW0603 (as above)
    if _worker is None or _worker.plan is not plan:
        _worker = Worker(plan)
    return number, _worker.chunk(number)
