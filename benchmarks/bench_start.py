"""How long `corridor --help` takes, the process included; it should stay under 0.3 s."""

import subprocess
import sys
from pathlib import Path

COMMAND = Path(sys.executable).parent / "corridor"


def test_help(benchmark):
    benchmark.pedantic(subprocess.run, ([COMMAND, "--help"],), {"capture_output": True, "check": True}, rounds=10)
