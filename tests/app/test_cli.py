"""The command line as a caller sees it: output, standard error, exit code."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from corridor import __version__
from corridor.app.cli import app

command = Path(sys.executable).parent / "corridor"


@pytest.fixture
def run(tmp_path):
    def call(*arguments):
        return subprocess.run([command, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)

    return call


@pytest.fixture
def here(tmp_path, monkeypatch):
    """The same without a process of its own."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments):
        return CliRunner().invoke(app, arguments)

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


def test_an_output_that_takes_no_more_is_told():
    """A full disk behind `>`, for an answer and for an error in JSON."""
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no device here is always full")
    for case, *options in (("two_routes",), ("nowhere", "--json")):
        with full.open("w") as device:
            done = subprocess.run(
                [command, "check", case, *options], stdout=device, stderr=subprocess.PIPE, text=True, check=False
            )
        assert done.returncode == 1
        assert done.stderr == "cannot write the answer to standard output: No space left on device\n"


def test_a_report_that_cannot_be_written_is_told(here, tmp_path):
    (tmp_path / "taken").write_text("a file, not a folder", encoding="utf-8")
    done = here("compare", "two_routes", "--with", "closure:line_b", "--out", "taken/page.html", "--quiet")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("cannot write taken/page.html: ")
    assert len(done.stderr.splitlines()) == 1


def test_a_window_without_a_period_is_told(here):
    """Not an empty table: two_routes goes by year."""
    for verb in (("solve",), ("compare", "--with", "closure:line_b")):
        done = here(verb[0], "two_routes", *verb[1:], "--start", "2022-02-01", "--end", "2022-03-01", "--quiet")
        assert (done.exit_code, done.stdout) == (1, "")
        assert done.stderr.startswith("no period of two_routes lies inside 2022-02-01 to 2022-03-01: it goes by year")
    done = here("solve", "two_routes", "--start", "20220101", "--end", "20230101")
    assert (done.exit_code, done.stderr) == (1, "--start 20220101 --end 20230101: write dates as YYYY-MM-DD\n")


def test_solve_prints_what_it_promises(here):
    """Volumes, prices and gains; two_routes is worked by hand in its README: 620 million USD a year, over four years."""
    told = here("solve", "two_routes", "--with", "closure:line_b:2030-01-01", "--quiet").stdout
    assert "line_b  gas    24.00  bcm" in told
    assert "Market D" in told.partition("Prices")[2]
    gains = [line.split() for line in told.partition("Gains by country and role")[2].splitlines() if line]
    totals = {
        row[0]: float(row[-1].replace(",", "")) for row in gains[2:] if row[0] in ("Russia", "Belarus", "Germany")
    }
    assert sum(totals.values()) == pytest.approx(4 * 620, abs=1.5)
    assert "Warning: closure:line_b is in force on no day from 2021-01-01 to 2025-01-01" in told


def test_there_is_no_minus_nothing(here):
    told = here("retaliate", "two_routes", "--between", "RUS,BLR", "--goods", "gas", "--quiet").stdout
    assert "+0 / -480" in told
    assert "-0" not in told.replace("-0.", "")


def test_report_writes_pages_only(here):
    told = here("report", "none.corridor", "--out", ".")
    assert (told.exit_code, told.stderr) == (1, "--out .: end it in .html, which says what to write\n")
