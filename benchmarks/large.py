"""One side of the benchmark of phases and memory: large.py SIDE SIZE [METHOD]; one fresh process, a line of JSON.

SIDE `ours` is a case in memory to its certified, labelled answer, phase by phase. `raw` hands the solver the same program,
stored as plain arrays beside (`arrays` writes them), and knows nothing of Corridor but the call. METHOD is vertex (PIQP, guessed basis, dual simplex), ipx or hipo (with crossover).
What a side needs before its first number is its peak on XS1, an instance of 60 nodes.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from corridor.program import Program, Solution


def peak() -> float:
    """Most memory that this process ever had, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def solve(program: Program, method: str) -> Solution:
    """The call that is the solver's."""
    from corridor.solver import highs, vertex

    return vertex.solve(program) if method == "vertex" else highs.solve(program, method)  # type: ignore[arg-type]


def ours(size: str, method: str) -> dict[str, Any]:
    """Every phase, in seconds of the processor and of the clock."""
    from instances import case_of, make
    from peers import Clock

    from corridor.result import Result, Stage, network_of, stage_program
    from corridor.result.fixed_point import Assumed
    from corridor.study import ask

    instance = make(size)
    question = ask(case_of(instance, "fixed"), formulation="min_cost_flow", foresight="perfect")
    del instance
    gc.collect()
    before = peak()
    phases: dict[str, tuple[float, float]] = {}
    clock = Clock()
    network = network_of(question)
    phases["build"], clock = clock(), Clock()
    built = stage_program(question, network, 0, None, emergency=False, assumed=Assumed())
    phases["formulate"] = clock()
    after_formulate, clock = peak(), Clock()
    solution = solve(built.reduced.program, method)
    phases["solve"] = clock()
    after_solve, clock = peak(), Clock()
    whole = built.reduced.expand(solution, built.full)
    result = Result(question, (Stage(question.periods.starts[0], 0, whole),), (), (built,))
    certificate = result.certificate
    phases["certify"], clock = clock(), Clock()
    flows, prices = result.flows, result.prices
    phases["label"] = clock()
    rows, columns = built.full.matrix.shape
    return {
        "phases": phases, "peaks": {"case": before, "formulate": after_formulate, "solve": after_solve},
        "passed": certificate.passed, "rows": rows, "columns": columns, "told": len(flows) + len(prices),
        "objectives": [solution.objective],
    }  # fmt: skip


def arrays(size: str, path: str) -> dict[str, Any]:
    """The program that the solver gets from Corridor, as a file of arrays."""
    from instances import case_of, make

    from corridor.result import network_of, stage_program
    from corridor.result.fixed_point import Assumed
    from corridor.study import ask

    question = ask(case_of(make(size), "fixed"), formulation="min_cost_flow", foresight="perfect")
    built = stage_program(question, network_of(question), 0, None, emergency=False, assumed=Assumed())
    p = built.reduced.program
    np.savez(
        path, cost=p.cost, lower=p.lower, upper=p.upper, row_lower=p.row_lower, row_upper=p.row_upper,
        data=p.matrix.data, indices=p.matrix.indices, indptr=p.matrix.indptr, constant=p.constant,
    )  # fmt: skip
    return {"objectives": []}


def raw(path: str, method: str) -> dict[str, Any]:
    """The solver's call on stored arrays."""
    from peers import Clock
    from scipy.sparse import csc_matrix

    from corridor.program import Program
    from corridor.solver import highs, vertex

    assert highs
    assert vertex
    with np.load(path) as found:
        matrix = csc_matrix(
            (found["data"], found["indices"], found["indptr"]), shape=(len(found["row_lower"]), len(found["cost"]))
        )
        vectors = {name: found[name] for name in ("cost", "lower", "upper", "row_lower", "row_upper")}
        program = Program(
            **vectors,
            quadratic=np.zeros(len(vectors["cost"])),
            matrix=matrix,
            columns=(),
            rows=(),
            constant=float(found["constant"]),
        )
    before, clock = peak(), Clock()
    solution = solve(program, method)
    return {"seconds": clock(), "objectives": [solution.objective], "before": before}


def main(side: str, size: str, method: str = "vertex") -> None:
    told = {"ours": ours, "arrays": arrays, "raw": raw}[side](size, method)
    told |= {"task": "phases", "tool": side, "size": Path(size).stem, "method": Path(method).stem, "peak": peak()}
    sys.stdout.write("\n" + json.dumps(told) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
