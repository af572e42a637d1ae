"""Corridor's side of the benchmark against peers: peers_ours.py TASK SIZE [N]; one fresh process, a line of JSON."""

from __future__ import annotations

import json
import resource
import sys
from typing import TYPE_CHECKING, Any

from instances import case_of, make
from peers import Clock, closures

if TYPE_CHECKING:
    from corridor.result import Result


def base_of(size: str) -> tuple[Any, Result, float]:
    """The instance, its certified answer, and what turns Corridor's objective into the floor's cost of a year."""
    from corridor.study import answer, ask

    instance = make(size)
    result = answer(ask(case_of(instance, "fixed"), formulation="min_cost_flow"))
    served = float(result.network.demands.unserved_value[0] @ result.network.demands.reference[0])
    return instance, result, served


def lp(size: str, _: int) -> dict[str, Any]:
    """A case in memory to its certified answer."""
    from corridor.study import answer, ask

    instance = make(size)
    case = case_of(instance, "fixed")
    clock = Clock()
    result = answer(ask(case, formulation="min_cost_flow"))
    assert result.certificate.passed
    seconds = clock()
    served = float(result.network.demands.unserved_value[0] @ result.network.demands.reference[0])
    years = float(result.network.years[0])
    return {"seconds": seconds, "objectives": [served - result.objective / years]}


def sweep(size: str, n: int, workers: int = 1) -> dict[str, Any]:
    """Closures by the library's own engine, from a base that is answered: every one certified."""
    from corridor.analysis import close_links

    instance, base, served = base_of(size)
    sets = [(f"a{link}",) for link in closures(instance, n)]
    clock = Clock()
    found = close_links(base, sets, workers=workers)
    seconds = clock()
    assert found.worst.max() <= 1e-6
    years = float(base.network.years[0])
    told = [served - objective / years for objective in found.objective]
    return {"seconds": seconds, "objectives": told, "n": n, "unchanged": int(found.unchanged.sum())}


def importing(_: str, __: int) -> dict[str, Any]:
    """A process that imports what a solve needs, and ends."""
    clock = Clock()
    __import__("corridor.analysis")
    return {"seconds": clock(), "objectives": []}


def main(task: str, size: str, n: str = "200") -> None:
    tasks = {"lp": lp, "sweep": sweep, "sweep2": lambda s, k: sweep(s, k, workers=2), "import": importing}
    told = tasks[task](size, int(n))
    told["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write("\n" + json.dumps({"task": task, "tool": "corridor", "size": size, **told}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
