"""A sweep of 2,000 variations killed 20 times at random moments and resumed: its rows equal an undisturbed run's."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from corridor.sweep import open_store

DESIGN = """
format = 1
method = "latin_hypercube"
size = 2000
chunk = 20
calendar = "year"
[[vary]]
[[vary]]
parameter = "kappa"
[[ask]]
what = "share"
good = "gas"
of = "BRA"
through = "BOL"
direction = "imports"
"""
KILLS = 20
EARLY = 0.2
"""How many of the kills come while the sweep starts."""
COMMAND = (sys.executable, "-c", "from corridor.app.cli import main; main()", "sweep")


def begun(*arguments: str) -> subprocess.Popen[bytes]:
    """A sweep in a session of its own, so that what it leaves behind can be seen."""
    return subprocess.Popen(
        [*COMMAND, *arguments, "--quiet", "--workers", "2"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def until(holds: Callable[[], bool], within: float = 120.0) -> bool:
    """Wait until something holds; whether it did."""
    end = time.monotonic() + within
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def gone(group: int) -> bool:
    """Whether nobody of a session is left, after a while at most."""

    def nobody() -> bool:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        return False

    return until(nobody, 20.0)


def there(folder: Path) -> int:
    """How many chunks a sweep has."""
    return len(list((folder / "chunks").glob("[0-9]*.parquet")))


@pytest.mark.parametrize("seed", [2026])
def test_killed_and_resumed(tmp_path: Path, seed: int) -> None:
    design = tmp_path / "design.toml"
    design.write_text(DESIGN, encoding="utf-8")
    calm, torn = tmp_path / "calm", tmp_path / "torn"
    began = time.monotonic()
    # Gas without a flow in some draw may have no answer: then the exit code is 4, and the rows say so.
    assert begun("gas_transit", str(design), "--out", str(calm)).wait() in (0, 4)
    whole = time.monotonic() - began
    print(f"undisturbed: {whole:.1f} s, {len(open_store(calm).rows())} rows")
    rng = random.Random(seed)
    chunks = len(open_store(calm).manifest.chunks)
    done: list[int] = []
    while len(done) < KILLS:
        started = (torn / "manifest.json").exists()
        running = begun("resume", str(torn)) if started else begun("gas_transit", str(design), "--out", str(torn))
        if rng.random() < EARLY:  # while it starts
            wait = rng.uniform(0.0, 3.0)
        else:  # within the next few chunks after its first
            first = done[-1] if done else 0
            until(lambda running=running, first=first: there(torn) > first or running.poll() is not None)
            wait = rng.uniform(0.0, 4.0 * whole / chunks)
        time.sleep(wait)
        assert running.poll() is None, f"finished (exit code {running.poll()}) after {len(done)} kills only"
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
        assert gone(running.pid), "a worker is still there"
        done.append(there(torn))
    print(f"chunks there after each kill: {done}")
    assert done == sorted(done), "a chunk was lost"
    assert begun("resume", str(torn)).wait() in (0, 4)
    one, other = open_store(calm), open_store(torn)
    assert not other.missing()
    pd.testing.assert_frame_equal(one.rows(), other.rows(), check_exact=True)
    keys = other.rows()[["variation", "question", "scenario"]]
    assert not keys.duplicated().any()
    assert not list(torn.rglob("*.draft")), "a draft is still there"
