"""docs/benchmarks.md from the JSON that pytest-benchmark writes: page.py FILE."""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

PHASES = ("build", "formulate", "certify", "label")
INTRO = """# How long it takes

Made by `scripts/bench`. Between a case in memory and its certified, labelled answer only one thing should cost time, and that
is the solver. **Ours** is what Corridor does around it: build (case and instruments to arrays), formulate (arrays to a
program, columns that stand still taken out), certify (optimality conditions, who pays whom, the gains identity), label
(flows and prices as tables). **Solver** is the call on those arrays; **floor** the same method on arrays written straight
from the instance, with no case behind them (`benchmarks/floor.py`). The goal is that ours stays at or under a tenth of the
solver's call, or 0.1 s where that is more.

`fixed` is `min_cost_flow`: PIQP, a guessed basis, dual simplex to an exact vertex. `elastic` is
`spatial_equilibrium`: PIQP. Instances are seeded (`benchmarks/instances.py`); M has 2,000 nodes, 8,000 links and 5 goods. Seconds hang on
the machine and on what else it does, so compare ratios. What a whole elastic M takes beside PIQP alone stands under peers."""


SCENARIOS = """Questions that differ in closures, outages and contracts share one assembled program, into whose bounds and costs they are
written (`corridor.variations`); every answer passes its certificate. The same questions, each read from the case, built and
formulated, stand beside them. Both are on the bundled case: coalitions of five players over gas (a year as a few
periods, a small program) and closures of corridors for crude (months, where the solver takes most of the time). A
second is one of the processor's own."""


def main(path: Path) -> str:
    """The page."""
    found = json.loads(path.read_text(encoding="utf-8"))
    runs = {(b["extra_info"]["instance"], b["extra_info"]["phase"]): b for b in found["benchmarks"]}
    instances = list(dict.fromkeys(name for name, phase in runs if phase == "build"))
    machine = found["machine_info"]
    cpu = machine["cpu"]
    tools = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "pandas", "highspy", "piqp"))
    parts = [
        INTRO,
        (
            f"Measured on {found['datetime'][:10]}: {cpu.get('brand_raw', machine['machine'])}, {cpu.get('count', '?')} cores, "
            f"Python {machine['python_version']}, {tools}. Milliseconds\nof the processor, the least of several rounds; reading and importing by the clock."
        ),
        "## Phases",
        _table(
            ["instance", "rows x columns", *PHASES, "ours", "solver", "floor", "ours / solver"],
            [_phases(runs, name) for name in instances],
        ),
        "## The same optimum",
        _table(
            ["instance", "Corridor", "floor", "relative difference"],
            [_optimum(runs[name, "floor"]) for name in instances],
        ),
        "## Many questions to one case",
        SCENARIOS,
        _table(
            ["questions", "n", "from the start, a second", "on one program, a second", "ratio", "objectives differ by"],
            [_rates(runs, name) for name, phase in runs if phase == "scratch"],
        ),
        "## Reading and importing, apart",
        "`read` is a folder of CSV tables read and checked whole; `import` a whole process that imports and ends.",
        _table(
            ["what", "ms"],
            [[f"{p} {n}", f"{_ms(b):,.0f}"] for (n, p), b in runs.items() if p in ("read", "import")],
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _phases(runs: dict[tuple[str, str], Any], name: str) -> list[str]:
    build = runs[name, "build"]["extra_info"]
    times = [_ms(runs[name, phase]) for phase in PHASES]
    solver, floor = _ms(runs[name, "solve"]), _ms(runs[name, "floor"])
    return [
        name,
        f"{build['rows']:,} x {build['columns']:,}",
        *(f"{t:.1f}" for t in (*times, sum(times))),
        f"{solver:,.0f}",
        f"{floor:,.0f}",
        f"{sum(times) / solver:.2f}",
    ]


def _rates(runs: dict[tuple[str, str], Any], name: str) -> list[str]:
    """A row: rates both ways and how far their objectives are apart, relative."""
    n = runs[name, "scratch"]["extra_info"]["questions"]
    slow, fast = (1e3 * n / _ms(runs[name, way]) for way in ("scratch", "reused"))
    return [
        name,
        str(n),
        f"{slow:.1f}",
        f"{fast:.1f}",
        f"{fast / slow:.1f}",
        f"{runs[name, 'reused']['extra_info']['apart']:.0e}",
    ]


def _optimum(run: dict[str, Any]) -> list[str]:
    info = run["extra_info"]
    ours, floor = info["objective"], info["floor"]
    return [info["instance"], f"{ours:.8g}", f"{floor:.8g}", f"{abs(ours - floor) / abs(floor):.0e}"]


def _ms(run: dict[str, Any]) -> float:
    return 1e3 * float(run["stats"]["min"])


def _table(header: list[str], rows: list[list[str]]) -> str:
    rule = ["---", *["---:"] * (len(header) - 1)]
    return "\n".join("| " + " | ".join(row) + " |" for row in (header, rule, *rows))


if __name__ == "__main__":
    sys.stdout.write(main(Path(sys.argv[1])))
