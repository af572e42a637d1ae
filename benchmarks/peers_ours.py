"""Corridor's side of the benchmark against peers: peers_ours.py TASK SIZE [N]; one fresh process, a line of JSON."""

from __future__ import annotations

import json
import resource
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
from instances import case_of, make
from peers import SEED, Clock, closures, players

if TYPE_CHECKING:
    from corridor.result import Result


FORMULATIONS = {"fixed": "min_cost_flow", "elastic": "spatial_equilibrium"}


def base_of(size: str, kind: str = "fixed") -> tuple[Any, Result, float]:
    """The instance, its certified answer, and what turns Corridor's objective into the floor's cost of a year."""
    from corridor.study import answer, ask

    instance = make(size)
    result = answer(ask(case_of(instance, kind), formulation=FORMULATIONS[kind]))
    return instance, result, served_by(result, kind)


def served_by(result: Result, kind: str) -> float:
    """What Corridor earns for serving everybody and the floor does not, a year."""
    if kind == "elastic":
        return 0.0
    return float(result.network.demands.unserved_value[0] @ result.network.demands.reference[0])


def one(size: str, kind: str) -> dict[str, Any]:
    """A case in memory to its certified answer."""
    from corridor.study import answer, ask

    instance = make(size)
    case = case_of(instance, kind)
    clock = Clock()
    result = answer(ask(case, formulation=FORMULATIONS[kind]))
    assert result.certificate.passed
    seconds = clock()
    years = float(result.network.years[0])
    return {"seconds": seconds, "objectives": [served_by(result, kind) - result.objective / years]}


def sweep(size: str, n: int, kind: str = "fixed", workers: int = 1) -> dict[str, Any]:
    """Closures by the library's own engine, from a base that is answered: every one certified."""
    from corridor.analysis import close_links

    instance, base, served = base_of(size, kind)
    sets = [(f"a{link}",) for link in closures(instance, n)]
    clock = Clock()
    found = close_links(base, sets, workers=workers)
    seconds = clock()
    assert found.worst.max() <= 1e-6
    years = float(base.network.years[0])
    told = [served - objective / years for objective in found.objective]
    return {"seconds": seconds, "objectives": told, "n": n, "unchanged": int(found.unchanged.sum())}


def shapley(size: str, _: int, workers: int = 1) -> dict[str, Any]:
    """The Shapley value of ten players: all 1,024 coalitions, every one certified, then the values."""
    from corridor.analysis import close_unions
    from corridor.analysis.games import shapley as shapley_value

    instance, base, served = base_of(size)
    groups = [[f"a{link}" for link in own] for own in players(instance)]
    clock = Clock()
    found = close_unions(base, groups, workers=workers)
    # Bit i of a coalition says that player i is in, that of a union that its links are shut.
    together = found.objective[::-1]
    value = shapley_value(together - together[0])
    seconds = clock()
    assert found.worst.max() <= 1e-6
    assert abs(value.sum() - (together[-1] - together[0])) <= 1e-9 * abs(together[-1])
    years = float(base.network.years[0])
    drawn = np.random.default_rng(SEED).choice(1024, 1024, replace=False)
    told = [served - found.objective[out] / years for out in drawn]
    return {"seconds": seconds, "objectives": told, "n": 1024, "unchanged": int(found.unchanged.sum())}


def importing(_: str, __: int) -> dict[str, Any]:
    """A process that imports what a solve needs, and ends."""
    clock = Clock()
    __import__("corridor.analysis")
    return {"seconds": clock(), "objectives": []}


def main(task: str, size: str, n: str = "200") -> None:
    tasks: dict[str, Any] = {
        "lp": lambda s, _: one(s, "fixed"),
        "qp": lambda s, _: one(s, "elastic"),
        "sweep": sweep,
        "sweep2": lambda s, k: sweep(s, k, workers=2),
        "qpsweep": lambda s, k: sweep(s, k, "elastic"),
        "qpsweep2": lambda s, k: sweep(s, k, "elastic", workers=2),
        "shapley": shapley,
        "shapley2": lambda s, k: shapley(s, k, workers=2),
        "import": importing,
    }
    told = tasks[task](size, int(n))
    told["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write("\n" + json.dumps({"task": task, "tool": "corridor", "size": size, **told}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
