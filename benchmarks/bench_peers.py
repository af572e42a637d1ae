"""Corridor beside its peers, in fresh processes that take turns: bench_peers.py PEERS_PYTHON OUT [TASK ...].

Every measurement is one process; the sides of a ratio alternate, so that what else the machine does falls on both. Ratios
are of CPU seconds (each side on one thread), which a busy machine stretches less than those of the clock; both are kept.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PLAN = (
    # task, size, sampled closures, peers, rounds
    ("import", "-", 0, ("pypsa", "linopy", "cvxpy", "highspy"), 3),
    ("lp", "S", 0, ("pypsa_lean", "linopy", "highs"), 3),
    ("sweep", "S", 10, ("pypsa_lean", "linopy", "highs"), 1),
    ("sweep", "M", 10, ("highs", "pypsa_lean"), 1),
    ("lp", "M", 0, ("pypsa_lean", "linopy", "highs"), 2),
    ("lp", "S", 0, ("pypsa_default",), 1),
)
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


def main(peers_python: str, out: str, *only: str) -> None:
    """Measure by turns and write what is found after each."""
    found: list[dict[str, Any]] = json.loads(Path(out).read_text()) if Path(out).exists() else []
    for task, size, n, peers, rounds in PLAN:
        if only and f"{task}_{size}" not in only and task not in only:
            continue
        for _ in range(rounds):
            ours = ("sweep", "sweep2") if task == "sweep" else (task,)
            found.extend(run(sys.executable, "peers_ours.py", mine, size, 200) for mine in ours)
            found.extend(run(peers_python, "peers.py", task, tool, size, n) for tool in peers)
            Path(out).write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
