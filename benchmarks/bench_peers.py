"""Corridor beside its peers, in fresh processes that take turns: bench_peers.py PYTHON OUT [TASK ...].

Every measurement is one process; the sides of a ratio alternate, so that what else the machine does falls on both. Ratios
are of CPU seconds (each side on one thread), which a busy machine stretches less than those of the clock; both are kept.
PYTHON runs both sides, so that they have the same versions; it has Corridor and the dependency group `peers`. TASK is one
of the first column of PLAN, with its size or without (`sweep`, `sweep_M`), or `large`, which is asked for by name only.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

HERE = Path(__file__).parent
PLAN = (
    # task, size, closures or coalitions that the peers get, peers, rounds
    ("import", "-", 0, ("pypsa", "linopy", "cvxpy", "highspy"), 3),
    ("lp", "S", 0, ("pypsa_lean", "linopy", "highs"), 3),
    ("sweep", "S", 10, ("pypsa_lean", "linopy", "highs"), 1),
    ("shapley", "S", 10, ("pypsa_lean", "linopy", "highs"), 1),
    ("qp", "S", 0, ("piqp", "cvxpy"), 5),
    ("qp", "M", 0, ("piqp", "cvxpy"), 3),
    ("qpsweep", "S", 200, ("piqp",), 3),
    ("qpsweep", "S", 20, ("cvxpy",), 1),
    ("lp", "M", 0, ("pypsa_lean", "linopy", "highs"), 2),
    ("sweep", "M", 10, ("highs", "linopy", "pypsa_lean"), 1),
    ("lp", "S", 0, ("pypsa_default",), 1),
)
FEWER = {("sweep", "M", "linopy"): 5}
"""Where one peer gets fewer."""
AGAIN = {"sweep": ("sweep", "sweep2"), "shapley": ("shapley", "shapley2"), "qpsweep": ("qpsweep", "qpsweep2")}
"""What Corridor's side does beside: the same by two workers."""
PHASES = (("XS1", "vertex", 1), ("S", "vertex", 5), ("M", "vertex", 3), ("L", "hipo", 1))
"""Size, method, rounds of the benchmark of phases and memory."""
BANS = (("coarse", "piqp_interior"), ("coarse", "hipo"), ("apart", "hipo"))
SECONDS = 3_000
"""One process is given up after these."""


def run(python: str, script: str, *arguments: object) -> dict[str, Any]:
    """One measurement; the machine's load beside it."""
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join((str(HERE.parent / "src"), str(HERE))),
        **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"), "1"),
    }
    done = subprocess.run(
        [python, HERE / script, *map(str, arguments)],
        capture_output=True,
        text=True,
        env=environment,
        timeout=SECONDS,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{script} {arguments}: {done.stderr[-2000:]}")
    return {**json.loads(done.stdout.strip().splitlines()[-1]), "load": os.getloadavg()[0]}


def main(python: str, out: str, *only: str) -> None:
    """Measure by turns and write what is found after each; what is not measured now stays as it was."""
    chosen = [row for row in PLAN if not only or row[0] in only or f"{row[0]}_{row[1]}" in only]
    renewed = {(name, row[1]) for row in chosen for name in AGAIN.get(row[0], (row[0],))}
    if "large" in only:
        renewed |= {("phases", size) for size, *_ in PHASES} | {("origins", "M")}
    kept = json.loads(Path(out).read_text()) if Path(out).exists() else []
    found: list[dict[str, Any]] = [run for run in kept if (run["task"], run["size"]) not in renewed]

    def measure(script: str, *arguments: object) -> None:
        begun = time.perf_counter()
        told = run(python, script, *arguments)
        found.append(told)
        Path(out).write_text(json.dumps(found, indent=1) + "\n")
        words = " ".join(map(str, arguments))
        sys.stderr.write(f"{script} {words}: {time.perf_counter() - begun:.0f} s\n")

    for task, size, n, peers, rounds in chosen:
        for _ in range(rounds):
            for mine in AGAIN.get(task, (task,)):
                measure("peers_ours.py", mine, size, 200)
            for tool in peers:
                measure("peers.py", task, tool, size, FEWER.get((task, size, tool), n))
    if "large" in only:
        with TemporaryDirectory() as folder:
            for size, method, rounds in PHASES:
                arrays = Path(folder) / f"{size}.npz"
                run(python, "large.py", "arrays", size, arrays)
                for _ in range(rounds):
                    measure("large.py", "ours", size, method)
                    measure("large.py", "raw", arrays, method)
        for side, method in BANS:
            measure("bench_origins.py", side, method)


if __name__ == "__main__":
    main(*sys.argv[1:])
