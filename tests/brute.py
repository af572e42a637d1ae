"""The worst closures by brute force: every set as closures of the case, each solved from the start."""

from itertools import combinations

import numpy as np
import pytest
from strategies import Shape, random_case

from corridor.analysis import stress
from corridor.errors import InfeasibleError
from corridor.network import closure
from corridor.study import solve_case

__all__ = ["agrees_on_random_network", "all_sets", "brute", "exports"]


def all_sets(candidates, k):
    return [s for n in range(1, k + 1) for s in combinations(candidates, n)]


def brute(case, sets, value, **dates):
    """Every set as closures of the case, each solved from the start; sets that cannot be kept are left out."""
    base = value(solve_case(case, foresight="perfect"))
    found = {}
    for chosen in sets:
        try:
            found[chosen] = base - value(
                solve_case(case, with_=[closure(c, **dates) for c in chosen], foresight="perfect")
            )
        except InfeasibleError:
            continue
    return found


def exports(result, country="KAZ", good="crude"):
    net = result.network
    own = np.array([s.good == good and s.origins == {country} for s in net.streams])
    abroad = np.array([net.node_country[n] != country for n in net.demands.node])
    pairs = own[net.demands.take_stream] & abroad[net.demands.take_demand]
    return float((net.years @ result.reading.take[:, pairs]).sum())


def agrees_on_random_network(seed):
    """Sets of up to three closures among five links of a random network: all losses and the worst are those of brute force."""
    case = random_case(
        seed, Shape(nodes=(3, 6), goods=(1, 1), elastic=True, stores=True, pools=True, extra_links=(1, 3))
    )
    links = tuple(case.tables["links"]["id"])[:5]
    good = case.tables["goods"]["id"].iloc[0]
    told = stress(case, good=good, for_="KAZ", k=3, loss="objective", candidates=links)
    truth = brute(case, all_sets(links, 3), lambda result: result.objective)
    scale = max(1.0, max(map(abs, truth.values()), default=0.0), abs(told.base))
    worst = max((0.0, *truth.values()))
    assert told.proven
    assert max((0.0, *(s.loss for s in told.sets))) == pytest.approx(worst, abs=1e-5 * scale)
    for s in told.sets:
        for chosen in (s.closures, *s.same):
            key = tuple(sorted(chosen, key=links.index))
            assert s.loss == pytest.approx(truth[key], abs=1e-5 * scale), key
