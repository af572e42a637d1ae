"""The reference of the command line is that of the commands."""

from pathlib import Path

from corridor.app.reference import cli_page

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "cli.md"


def test_the_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == cli_page(), "run: scripts/make-reference"


def test_every_verb_has_its_section():
    from typer.testing import CliRunner

    from corridor.app.cli import app

    shown = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "120"}).output
    verbs = [line[3:] for line in cli_page().splitlines() if line.startswith("## ")]
    assert {"run", "solve", "compare", "share", "check", "new"} <= set(verbs)
    assert all(verb.split()[0] in shown for verb in verbs)
