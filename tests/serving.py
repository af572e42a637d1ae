"""A real `corridor serve` in a process of its own, for tests that ask it as a browser or a script would."""

import os
import re
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import corridor

COMMAND = (sys.executable, "-c", "from corridor.app.cli import main; main()")


@contextmanager
def serving(case):
    """Serve a case on a free port -> (id of the process, address); it is ended afterwards."""
    source = str(Path(corridor.__file__).parents[1])
    environment = os.environ | {"PYTHONPATH": source, "OPENBLAS_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
    command = [*COMMAND, "serve", str(case), "--port", "0", "--no-open"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as server:
        try:
            told = server.stdout.readline()
            found = re.search(r"http://127\.0\.0\.1:\d+/", told)
            assert found, told
            yield server.pid, found[0]
        finally:
            server.terminate()
            server.wait(30)
