"""The command line as a caller sees it: output, standard error, exit code."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from corridor import __version__

command = Path(sys.executable).parent / "corridor"


@pytest.fixture
def run(tmp_path):
    def call(*arguments):
        return subprocess.run([command, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)

    return call


def test_version(run):
    assert run("--version").stdout.split() == [__version__]


def test_a_new_case_checks_clean(run, tmp_path):
    assert run("new", "pipes").returncode == 0
    assert (tmp_path / "pipes" / "case.toml").is_file()
    done = run("check", "./pipes", "--json")
    document = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert (document["verb"], document["result"]["faults"]) == ("check", [])


def test_new_does_not_write_over(run):
    run("new", "pipes")
    again = run("new", "pipes")
    assert again.returncode == 1
    assert "pipes" in again.stderr
    assert again.stdout == ""


def test_a_fault_is_told_with_its_place_and_exit_code_1(run, tmp_path):
    run("new", "pipes")
    links = tmp_path / "pipes" / "links.csv"
    links.write_text(
        links.read_text(encoding="utf-8").replace("tanker,Tanker from the port,port", "tanker,Tanker,prot")
    )
    told = run("check", "./pipes")
    assert told.returncode == 1
    assert "links.csv row 3, 'from': unknown node 'prot'" in told.stderr
    assert "Traceback" not in told.stderr
    document = json.loads(run("check", "./pipes", "--json").stdout)
    assert document["error"]["kind"] == "case"
    assert [(f["file"], f["row"], f["column"]) for f in document["error"]["faults"]] == [("links.csv", 3, "from")]


def test_unknown_case_names_what_there_is(run):
    told = run("check", "nowhere")
    assert told.returncode == 1
    assert "./nowhere" in told.stderr


def test_usage_is_exit_code_2(run):
    assert run("no-such-verb").returncode == 2


def test_an_output_that_takes_no_more_is_told(tmp_path):
    """A full disk behind `>`, for an answer, its JSON, and an error in JSON."""
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no device here is always full")
    for case, *options in (("two_routes",), ("two_routes", "--json"), ("nowhere", "--json")):
        with full.open("w") as device:
            done = subprocess.run(
                [command, "check", case, *options], stdout=device, stderr=subprocess.PIPE, text=True, check=False
            )
        assert done.returncode == 1
        assert done.stderr == "cannot write the answer to standard output: No space left on device\n"


def test_a_report_that_cannot_be_written_is_told(run, tmp_path):
    (tmp_path / "taken").write_text("a file, not a folder", encoding="utf-8")
    done = run("compare", "two_routes", "--with", "closure:line_b", "--out", "taken/page.html", "--quiet")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("cannot write taken/page.html: ")
    assert len(done.stderr.splitlines()) == 1
