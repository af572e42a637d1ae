"""Schemathesis asks the app what its interface allows and forbids, two hundred times each: never a 5xx.

`scripts/campaign app_fuzz`; the suite asks a few of each.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_two_hundred_of_each():
    many = os.environ | {"CORRIDOR_EXAMPLES": os.environ.get("CORRIDOR_EXAMPLES", "200")}
    command = [sys.executable, "-m", "pytest", "-q", "tests/app/web/test_openapi.py"]
    assert subprocess.run(command, cwd=ROOT, env=many, check=False).returncode == 0
