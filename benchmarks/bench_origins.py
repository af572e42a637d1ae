"""One ban by origin on M: streams as coarse as the ban allows beside every origin apart: bench_origins.py SIDE METHOD.

SIDE is `coarse` or `apart`; METHOD one of corridor.solver's, or `hipo` and `ipx`. One fresh process, a line of JSON.
"""

from __future__ import annotations

import json
import resource
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
from instances import case_of, make
from peers import Clock

from corridor.network import Distinction, ban
from corridor.result import network_of, stage_program
from corridor.result.fixed_point import Assumed
from corridor.solver import certify, highs, solve_program
from corridor.study import ask

if TYPE_CHECKING:
    from corridor.case import Case
    from corridor.program import Program, Solution


def banned(case: Case) -> str:
    """The country that supplies most of the first good."""
    where = dict(zip(case.tables["nodes"]["id"], case.tables["nodes"]["country"], strict=True))
    rows = case.tables["supply"]
    rows = rows[rows["good"] == "g0"]
    return str(rows["quantity"].groupby(rows["node"].map(where)).sum().idxmax())


def run_highs(program: Program, solver: str) -> Solution:
    """HiGHS by one of its interior points, with crossover as Corridor asks for it."""
    form = highs.normalise(program, drop_fixed=True)
    loaded = highs.loaded(form.program)
    loaded.setOptionValue("solver", solver)
    loaded.setOptionValue("run_crossover", "off")
    x, y = highs.primal_and_dual(loaded)
    return form.restore(x, y, solver="highs", method=solver, seconds=0.0)


def main(side: str, method: str, size: str = "M") -> None:
    case = case_of(make(size), "fixed")
    origin = banned(case)
    measure = ban("g0", origin=(origin,))
    track: tuple[Distinction, ...] = ()
    if side == "apart":
        where = dict(zip(case.tables["nodes"]["id"], case.tables["nodes"]["country"], strict=True))
        supply = case.tables["supply"]
        of = supply["node"].map(where)
        track = tuple(
            Distinction(good, frozenset({country}))
            for good in case.tables["goods"]["id"]
            for country in sorted(set(of[supply["good"] == good]))
        )
    clock = Clock()
    question = ask(case, formulation="min_cost_flow", with_=(measure,), track=track)
    network = network_of(question)
    built = stage_program(question, network, 0, None, emergency=False, assumed=Assumed())
    building = clock()
    program = built.reduced.program
    clock = Clock()
    by_highs = method in ("hipo", "ipx")
    solution = run_highs(program, method) if by_highs else solve_program(program, method)  # type: ignore[arg-type]
    seconds = clock()
    certificate = certify(program, solution)
    told: dict[str, Any] = {
        "task": "origins", "tool": f"{side} {method}", "size": size, "streams": len(network.streams),
        "rows": program.matrix.shape[0], "columns": program.matrix.shape[1], "building": building, "seconds": seconds,
        "objectives": [solution.objective], "worst": certificate.worst, "passed": certificate.passed,
        "ban": f"g0 of {origin} anywhere else", "finite": bool(np.isfinite(solution.primal).all()),
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip
    sys.stdout.write("\n" + json.dumps(told) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
