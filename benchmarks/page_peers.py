"""The part of docs/benchmarks.md on peers, from what bench_peers.py wrote: page_peers.py FILE PAGE."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from statistics import median
from typing import Any

INTRO = """Corridor and its peers on the same instances, each measurement a fresh process on one thread, the sides taking turns, all with
the same versions: {versions}.
Seconds are those of the processor (a busy machine stretches them less than the clock), medians; n is the number of runs, or of closures and coalitions
solved: of a slow way a sample of those that Corridor solves. Imports are apart. PyPSA `lean` is its model built and solved without its
post-processing, `default` its documented `optimize`; a bus for each node and good, the shared capacity as an added constraint. `linopy` keeps its
model through closures and coalitions; `highs` is arrays straight to HiGHS, `piqp` arrays straight to PIQP, `cvxpy` rebuilds its problem for Clarabel.
Corridor's answers are certified; its closures are `close_links` and its coalitions `close_unions` on an answered base, which is solved again in
the time told. A coalition is ten countries some of which shut the links that enter or leave them; the Shapley value is of all 1,024, so that a
peer's time for it is 1,024 times what it takes for each. Objectives agree to the number told. A ban by origin: what one country supplies most
of, banned everywhere else; `coarse` has as many streams as the ban needs (6), `apart` one for every origin of every good (60); no vertex is asked for."""
PHASES_INTRO = """Each side a fresh process. **Ours** is build, formulate, certify and label; **raw** the solver's call on the same program, stored as plain
arrays, in a process that knows nothing else. Seconds of the processor, medians. S and M by PIQP, a guessed basis and dual simplex, L (12 months,
1,000 stores) by HiPO with crossover. `net` is the peak less that of the same side on an instance of 60 nodes: what was imported."""
NAMES = {
    "lp": "one linear program",
    "qp": "one quadratic program",
    "sweep": "closures of one link",
    "qpsweep": "closures, elastic demand",
    "shapley": "coalitions of ten players",
    "import": "import",
    "origins": "a ban by origin",
}
WORKERS = {"sweep2": "sweep", "qpsweep2": "qpsweep", "shapley2": "shapley"}
"""What two workers do -> the same by one."""


def main(path: Path) -> str:
    """The section."""
    runs = json.loads(path.read_text(encoding="utf-8"))
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for run in runs:
        groups.setdefault((run["task"], run["size"], run["tool"]), []).append(run)
    rows = [_row(key, found, groups) for key, found in groups.items() if key[0] != "phases"]
    head = [
        "what",
        "size",
        "tool",
        "n",
        "seconds each",
        "a second",
        "Corridor is faster by",
        "peak MB",
        "objectives differ by",
    ]
    loads = [run["load"] for run in runs if "load" in run]
    versions = ", ".join(
        f"{name} {number}" for name, number in next(r["versions"] for r in runs if "versions" in r).items()
    )
    intro = INTRO.format(versions=versions)
    parts = [
        "## Beside peers",
        f"{intro}\nLoad of the machine (2 cores) while measuring: {min(loads):.1f} to {max(loads):.1f}.",
        _table(head, rows, words=3),
    ]
    if any(task == "phases" for task, *_ in groups):
        parts += ["## Phases and memory, in fresh processes", PHASES_INTRO, _phases(groups)]
    return "\n\n".join(parts) + "\n"


def _table(head: list[str], rows: list[list[str]], words: int) -> str:
    rule = [*["---"] * words, *["---:"] * (len(head) - words)]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, rule, *rows))


def _phases(groups: dict[tuple[str, str, str], list[dict[str, Any]]]) -> str:
    """A row for each size: phases, the solver's call on both sides, and the peaks."""
    head = [
        "size", "rows x columns", "build", "formulate", "certify", "label", "ours", "solver", "raw solver", "ours / raw",
        "peak MB", "raw peak MB", "ratio", "net", "raw net", "ratio of nets",
    ]  # fmt: skip
    peaks = {
        (size, tool): median(run["peak"] for run in found)
        for (task, size, tool), found in groups.items()
        if task == "phases"
    }
    rows = []
    for size in dict.fromkeys(size for task, size, _ in groups if task == "phases" and size != "XS1"):
        ours, raw = groups["phases", size, "ours"], groups["phases", size, "raw"]
        phase = {name: median(run["phases"][name][0] for run in ours) for name in ours[0]["phases"]}
        own = sum(seconds for name, seconds in phase.items() if name != "solve")
        solver = median(run["seconds"][0] for run in raw)
        mine, theirs = peaks[size, "ours"], peaks[size, "raw"]
        net, raw_net = mine - peaks["XS1", "ours"], theirs - peaks["XS1", "raw"]
        rows.append(
            [
                size, f"{ours[0]['rows']:,} x {ours[0]['columns']:,}",
                *(f"{phase[name]:.3f}" for name in ("build", "formulate", "certify", "label")),
                f"{own:.3f}", f"{phase['solve']:.3g}", f"{solver:.3g}", f"{own / solver:.3f}",
                f"{mine:,.0f}", f"{theirs:,.0f}", f"{mine / theirs:.2f}", f"{net:,.0f}", f"{raw_net:,.0f}",
                f"{net / raw_net:.2f}",
            ]
        )  # fmt: skip
    return _table(head, rows, words=1)


def _each(found: list[dict[str, Any]], clock: int = 0) -> float:
    return median(run["seconds"][clock] / max(1, run.get("n", 1)) for run in found)


def _row(key: tuple[str, str, str], found: list[dict[str, Any]], groups: dict[Any, Any]) -> list[str]:
    task, size, tool = key
    ours = groups.get((task, size, "corridor"))
    # Two workers are judged by the clock.
    clock = 1 if task in WORKERS else 0
    each = _each(found, clock)
    ratio, apart = "", ""
    if task == "origins":
        apart_by = groups.get(("origins", size, "apart hipo"))
        if apart_by is not None and not tool.startswith("apart"):
            ratio = f"{_each(apart_by) / each:,.0f} (coarse over apart by HiPO)"
            other = apart_by[0]["objectives"][0]
            apart = f"{abs(found[0]['objectives'][0] - other) / abs(other):.0e}"
    elif task in WORKERS:
        ratio = f"{_each(groups[WORKERS[task], size, 'corridor'], 1) / each:.2f} x one worker"
    elif ours is not None and tool != "corridor":
        ratio = f"{each / _each(ours):,.1f}"
        pairs = zip(found[0]["objectives"], ours[0]["objectives"], strict=False)
        apart = f"{max((abs(a - b) / abs(b) for a, b in pairs), default=0.0):.0e}" if found[0]["objectives"] else ""
    n = found[0].get("n") or len(found)
    name = f"{NAMES[WORKERS[task]]}, two workers" if task in WORKERS else NAMES[task]
    return [
        name, size, tool, str(n), f"{each:.4g}", f"{1 / each:,.2f}", ratio,
        f"{median(run['peak'] for run in found):,.0f}", apart,
    ]  # fmt: skip


if __name__ == "__main__":
    page = Path(sys.argv[2])
    kept = page.read_text(encoding="utf-8").split("\n## Beside peers")[0].rstrip()
    page.write_text(f"{kept}\n\n{main(Path(sys.argv[1]))}", encoding="utf-8")
