"""The part of docs/benchmarks.md on peers, from what bench_peers.py wrote: page_peers.py FILE PAGE."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from statistics import median
from typing import Any

INTRO = """Corridor and its peers on the same instances with fixed demand, each measurement a fresh process on one thread, the sides taking turns.
Seconds are those of the processor (a busy machine stretches them less than the clock), medians; n is the number of runs, or of closures solved. Imports are apart.
PyPSA `lean` is its model built and solved without its post-processing, `default` its documented `optimize`; a bus for each node and good, the
shared capacity as an added constraint. `highs` is arrays straight to HiGHS. Corridor's answers are certified, and its closures are `close_links` on an
answered base, which is solved again in the time told. Objectives agree to the number told. A ban by origin: what one country supplies most of, banned
everywhere else; `coarse` has as many streams as the ban needs (6), `apart` one for every origin of every good (60); no vertex is asked for."""
NAMES = {
    "lp": "one linear program",
    "sweep": "closures of one link",
    "sweep2": "closures, two threads",
    "import": "import",
    "origins": "a ban by origin",
}


def main(path: Path) -> str:
    """The section."""
    runs = json.loads(path.read_text(encoding="utf-8"))
    groups: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for run in runs:
        groups.setdefault((run["task"], run["size"], run["tool"]), []).append(run)
    rows = [_row(key, found, groups) for key, found in groups.items()]
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
    table = [head, ["---", "---", "---", *["---:"] * (len(head) - 3)], *rows]
    loads = [run["load"] for run in runs if "load" in run]
    text = "\n".join("| " + " | ".join(row) + " |" for row in table)
    return f"## Beside peers\n\n{INTRO}\nLoad of the machine (2 cores) while measuring: {min(loads):.1f} to {max(loads):.1f}.\n\n{text}\n"


def _each(found: list[dict[str, Any]], clock: int = 0) -> float:
    return median(run["seconds"][clock] / max(1, run.get("n", 1)) for run in found)


def _row(key: tuple[str, str, str], found: list[dict[str, Any]], groups: dict[Any, Any]) -> list[str]:
    task, size, tool = key
    ours = groups.get((task, size, "corridor"))
    # Two threads are judged by the clock.
    clock = 1 if task == "sweep2" else 0
    each = _each(found, clock)
    ratio, apart = "", ""
    if task == "origins":
        apart_by = groups.get(("origins", size, "apart hipo"))
        if apart_by is not None and not tool.startswith("apart"):
            ratio = f"{_each(apart_by) / each:,.0f} (coarse over apart by HiPO)"
            other = apart_by[0]["objectives"][0]
            apart = f"{abs(found[0]['objectives'][0] - other) / abs(other):.0e}"
    elif task == "sweep2":
        ratio = f"{_each(groups['sweep', size, 'corridor'], 1) / each:.2f} x one thread"
    elif ours is not None and tool != "corridor":
        ratio = f"{each / _each(ours):,.1f}"
        pairs = zip(found[0]["objectives"], ours[0]["objectives"], strict=False)
        apart = f"{max((abs(a - b) / abs(b) for a, b in pairs), default=0.0):.0e}" if found[0]["objectives"] else ""
    n = found[0].get("n") or len(found)
    return [
        NAMES[task], size, tool, str(n), f"{each:.4g}", f"{1 / each:,.2f}", ratio,
        f"{median(run['peak'] for run in found):,.0f}", apart,
    ]  # fmt: skip


if __name__ == "__main__":
    page = Path(sys.argv[2])
    kept = page.read_text(encoding="utf-8").split("\n## Beside peers")[0].rstrip()
    page.write_text(f"{kept}\n\n{main(Path(sys.argv[1]))}", encoding="utf-8")
