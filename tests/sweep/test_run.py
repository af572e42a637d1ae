"""Chunks, workers and resuming: the same rows whoever works, nothing lost, nothing twice."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from corridor.errors import CorridorError, QuestionError
from corridor.sweep import open_store, resume, show, sweep

DESIGN = """
format = 1
method = "latin_hypercube"
size = 11
chunk = 3
calendar = "year"
[[vary]]
table = "supply"
[[ask]]
what = "share"
good = "gas"
of = "BRA"
through = "BOL"
direction = "imports"
"""


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """A sweep that two workers did."""
    folder = tmp_path_factory.mktemp("sweep")
    design = folder / "design.toml"
    design.write_text(DESIGN, encoding="utf-8")
    told = []
    store = sweep("gas_transit", design, folder / "out", workers=2, tell=told.append)
    assert told[-1].startswith("12 of 12 variations")
    return store


@pytest.fixture
def copied(done, tmp_path):
    """A copy of it to spoil."""
    shutil.copytree(done.folder, tmp_path / "out")
    return open_store(tmp_path / "out")


def test_manifest_and_files(done):
    told = json.loads((done.folder / "manifest.json").read_text(encoding="utf-8"))
    assert told["format"] == 1
    assert told["chunks"] == [[0, 2], [3, 5], [6, 8], [9, 11]]
    assert {f["kind"] for f in told["figures"]} == {"knowledge"}
    assert sorted(p.name for p in (done.folder / "chunks").iterdir()) == [f"0000{n}.parquet" for n in range(4)]
    rows = done.rows()
    assert rows["variation"].tolist() == list(range(12))
    assert rows["failure"].isna().all()
    assert rows["certificate"].max() < 1e-6


def test_one_worker_gives_the_same_rows(done, copied):
    for path in (copied.folder / "chunks").iterdir():
        path.unlink()
    assert resume(copied.folder, workers=1).rows().equals(done.rows())


def test_resume_does_only_what_is_missing(done, copied):
    kept = copied.path(0).stat().st_mtime_ns
    copied.path(2).unlink()
    (copied.folder / "chunks" / ".00003.parquet.1.draft").write_bytes(b"half")
    assert copied.missing() == [2]
    partly = show(copied)
    assert (partly.done, partly.variations, partly.spreads[0].count) == (8, 11, 8)
    told = []
    again = resume(copied.folder, workers=1, tell=told.append)
    assert told[0] == "9 of 12 variations are there"
    assert again.rows().equals(done.rows())
    assert again.path(0).stat().st_mtime_ns == kept
    assert not list(again.folder.rglob("*.draft"))


def test_refuses_what_changed(copied, tmp_path):
    told = json.loads((copied.folder / "manifest.json").read_text(encoding="utf-8"))
    for key, value, says in (
        ("case_hash", "0" * 64, "gas_transit has changed since the sweep"),
        ("design_hash", "0" * 64, "has changed since the sweep|is not the one"),
        ("format", 2, "format 2, newer than 1"),
    ):
        (copied.folder / "manifest.json").write_text(json.dumps({**told, key: value}), encoding="utf-8")
        with pytest.raises(CorridorError, match=says):
            resume(copied.folder, workers=1)
    with pytest.raises(QuestionError, match="holds no sweep"):
        resume(tmp_path / "nowhere")


def test_does_not_write_over(done):
    with pytest.raises(QuestionError, match="holds a sweep already"):
        sweep("gas_transit", done.folder / "design.toml", done.folder, workers=1)


def test_a_chunk_holds_all_its_variations(copied):
    with pytest.raises(CorridorError, match="chunk 0 does not hold variations 0 to 2"):
        copied.commit(0, [])


def test_a_full_disk_is_told(copied):
    """A bound on the size of files stands for a full disk: the chunk is told, not half written."""
    resource = pytest.importorskip("resource")
    copied.path(3).unlink()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (64, hard))
        with pytest.raises(CorridorError, match=r"cannot write .*00003.parquet"):
            resume(copied.folder, workers=1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert copied.missing() == [3]
    assert not list(copied.folder.rglob("*.draft"))


def test_a_dead_worker_is_told_and_the_rest_is_done(copied):
    """A module that a worker imports makes it die on one chunk, as a kernel out of memory would."""
    for number in (1, 2):
        copied.path(number).unlink()
    code = f"""
import os, sys
import corridor.sweep.run as room
from corridor.sweep import UnfinishedError, resume

class Deadly(room.Worker):
    def chunk(self, number):
        if number == 2:
            os._exit(9)
        return super().chunk(number)

room.Worker = Deadly
if __name__ == "__main__":
    try:
        resume({str(copied.folder)!r}, workers=2)
    except UnfinishedError as error:
        print(error.exit_code, error)
"""
    script = copied.folder.parent / "deadly.py"
    script.write_text(code, encoding="utf-8")
    ran = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True, env=os.environ)
    assert ran.stdout.startswith("4 1 of 4 chunks are not done, since the processes that worked on them died")
    assert open_store(copied.folder).missing() == [2]


def test_dask_gives_the_same_rows(done, copied):
    """A real cluster on this machine: a scheduler and two workers, each a process of its own."""
    distributed = pytest.importorskip("distributed", reason="needs corridor[dask]")
    for path in (copied.folder / "chunks").iterdir():
        path.unlink()
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=True
    ) as cluster:
        again = resume(copied.folder, dask=cluster.scheduler_address)
    assert again.rows().equals(done.rows())
