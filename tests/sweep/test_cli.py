"""`corridor sweep` as the how-to page has it: run, shown, told as JSON, with its exit codes."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from corridor.app.cli import app
from corridor.result.documents import DOCUMENTS

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "sweep.md"


def run(*arguments):
    return CliRunner().invoke(app, ["sweep", *map(str, arguments)])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The sweep of the how-to page."""
    at = tmp_path_factory.mktemp("cli")
    text = re.search(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)[1]
    (at / "design.toml").write_text(text, encoding="utf-8")
    done = run("gas_transit", at / "design.toml", "--out", at / "gas", "--workers", 1, "--quiet")
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("share gas BRA through BOL imports: 27 % in the case as it is; holds in ")
    return at / "gas"


def test_json_is_as_published(folder):
    done = run("show", folder, "--json")
    told = json.loads(done.stdout)
    DOCUMENTS["sweep"].model_validate(told)
    body = told["result"]
    assert (body["variations"], body["done"], body["method"]) == (16, 16, "latin_hypercube")
    assert [(s["question"], s["scenario"]) for s in body["spreads"]] == [
        ("share gas BRA through BOL imports", "base"),
        ("share gas BRA through BOL imports", "shut"),
        ("output_lost gas", "shut"),
    ]
    assert body["spreads"][0]["rule"] == "below 0.4"
    assert {f["name"] for f in body["figures"] if f["factor"] == "group world price"} == {
        "demand.use_buenos_aires.price",
        "demand.use_sao_paulo.price",
    }
    assert told["certificate"]["passed"]


def test_text_says_how_things_vary(folder):
    text = run("show", folder).stdout
    assert "as knowledge, with the case calibrated again" in text
    assert "as a change, with wedges held" in text
    assert "What moves it most: output_lost gas, shut (Spearman's rank correlation" in text


def test_failed_variations_end_with_exit_code_4(tmp_path):
    design = tmp_path / "tight.toml"
    design.write_text(
        """
format = 1
method = "one_at_a_time"
calendar = "year"
[[vary]]
table = "links"
row = "northward"
column = "capacity"
low = 4
high = 8
[[scenarios]]
name = "agreed"
with = "agreement:northward:goods=gas:origin=ARG:min=5bcm/yr"
[[ask]]
what = "share"
good = "gas"
of = "BRA"
through = "BOL"
direction = "imports"
""",
        encoding="utf-8",
    )
    done = run("gas_transit", design, "--out", tmp_path / "tight", "--workers", 1, "--quiet")
    assert done.exit_code == 4
    assert "Variations without an answer\n      1  agreed: " in done.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("gas_transit", "none.toml", "--out", "x"), "there is no design file none.toml"),
        (("show", "nowhere"), "nowhere holds no sweep"),
        (("resume", "nowhere"), "nowhere holds no sweep"),
    ],
)
def test_faults_are_told(arguments, says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run(*arguments)
    assert done.exit_code == 1
    assert says in done.output
    assert not list(tmp_path.iterdir())
