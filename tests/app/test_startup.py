"""The command line starts fast because it loads only what a command needs. How fast: benchmarks/bench_start.py."""

import subprocess
import sys


def test_help_loads_nothing_heavy():
    heavy = ["clarabel", "duckdb", "highspy", "numpy", "pandas", "pint", "piqp", "pycountry", "pydantic", "scipy"]
    code = f"import sys, corridor.app.cli; print(*[name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
