"""`corridor --help` is there before one has looked up from the keyboard."""

import subprocess
import sys
import time
from pathlib import Path

command = Path(sys.executable).parent / "corridor"


def seconds_of_help():
    began = time.perf_counter()
    subprocess.run([command, "--help"], capture_output=True, check=True)
    return time.perf_counter() - began


def test_help_is_quick():
    assert min(seconds_of_help() for _ in range(3)) < 0.3


def test_help_loads_nothing_heavy():
    heavy = ["clarabel", "duckdb", "highspy", "numpy", "pandas", "pint", "piqp", "pycountry", "pydantic", "scipy"]
    code = f"import sys, corridor.app.cli; print(*[name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
