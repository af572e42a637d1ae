"""Rates of one and two workers on closures, embedded and on Dask: bench_workers.py [SIZE [CLOSURES]], on an idle machine.

Three ways to the same closures of a linear program: `close_links` (threads), a sweep whose workers are processes, and the same
sweep on a Dask cluster of this machine. A rate counts what comes after every worker has done its first share, so that
starting processes and the first optimum are no part of it; they are told beside it.
"""

from __future__ import annotations

import logging
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from instances import case_of, make
from peers import closures
from peers_ours import base_of

from corridor.sweep.design import design_of
from corridor.sweep.plan import plan_of
from corridor.sweep.run import run_chunks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corridor.sweep.plan import Plan

WAYS = ("threads", "processes", "dask")


def planned(size: str, n: int) -> Plan:
    """A sweep over single closures: every other variation has one more measure in force than the case, the rest are its like."""
    instance = make(size)
    case = case_of(instance, "fixed")
    country = case.tables["nodes"].set_index("id")["country"]
    supply = case.tables["supply"].query("good == 'g0'")
    made = supply.groupby(country[supply["node"]].to_numpy())["quantity"].sum()
    (largest, *_, least) = made.sort_values(ascending=False).index
    told = {
        "format": 1,
        "method": "one_at_a_time",
        "chunk": 2,
        "vary": [{"instrument": f"closure:a{link}"} for link in closures(instance, n)],
        "ask": [{"what": "share", "good": "g0", "of": largest, "partner": least}],
    }
    return plan_of(case, design_of(told, "closures"))


@contextmanager
def cluster(way: str, workers: int) -> Iterator[dict[str, Any]]:
    """What `run_chunks` gets to work with that many workers."""
    if way == "processes":
        yield {"workers": workers}
        return
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=logging.ERROR
    ) as made:
        yield {"dask": made.scheduler_address}


def swept(plan: Plan, way: str, workers: int) -> tuple[float, float]:
    """Variations a second once all work, and the seconds before that."""
    done: list[tuple[float, int]] = []
    with cluster(way, workers) as told:
        began = time.perf_counter()
        undone = run_chunks(plan, range(plan.chunks), lambda _, r: done.append((time.perf_counter(), len(r))), **told)
    if undone:
        raise SystemExit(f"{len(undone)} chunks were not done")
    first = done[workers - 1][0]
    return sum(rows for _, rows in done[workers:]) / (done[-1][0] - first), first - began


def closed(size: str, n: int) -> dict[int, float]:
    """Closures a second by `close_links`, after a few that start the solver."""
    from corridor.analysis import close_links

    instance, base, _ = base_of(size)
    sets = [(f"a{link}",) for link in closures(instance, n)]
    found = {}
    for workers in (1, 2):
        began = time.perf_counter()
        close_links(base, sets[:workers], workers=workers)
        start = time.perf_counter() - began
        began = time.perf_counter()
        close_links(base, sets, workers=workers)
        found[workers] = (n - workers) / (time.perf_counter() - began - start)
    return found


def main(size: str = "M", n: str = "200") -> None:
    """Print the table."""
    say = sys.stdout.write
    say(f"| {size}, {n} closures | 1 worker, a second | 2 workers | ratio | seconds before |\n|---|---|---|---|---|\n")
    rates = closed(size, int(n))
    say(f"| close_links, threads | {rates[1]:.1f} | {rates[2]:.1f} | {rates[2] / rates[1]:.2f} | |\n")
    plan = planned(size, int(n))
    for way in WAYS[1:]:
        (one, _), (two, before) = swept(plan, way, 1), swept(plan, way, 2)
        say(f"| sweep, {way} | {one:.2f} | {two:.2f} | {two / one:.2f} | {before:.1f} |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
