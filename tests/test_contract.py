"""The contract that lies beside the repository, name by name: Python words, commands and options, fields of answers.

It reads the contract's own text, so a name added there fails here until it is built. Skipped where the file is not.
"""

import inspect
import json
import re
from pathlib import Path

import pandas as pd
import pytest

import corridor as co
from corridor.app.cli import app

ROOT = Path(__file__).parents[1]
CONTRACT = ROOT.parent / "shared" / "contract.md"
if not CONTRACT.is_file():
    pytest.skip("the contract does not lie beside the repository", allow_module_level=True)
TEXT = CONTRACT.read_text(encoding="utf-8")
VERBS = {row.split()[0]: row for row in re.findall(r"^\| `(\w+ [^`]+)`", TEXT, re.MULTILINE)}
"""First word of each row of the table of verbs, and the whole command."""


def commands():
    """Name -> options of every command."""
    from typer.main import get_command

    return {
        name: {option for parameter in command.params for option in parameter.opts}
        for name, command in get_command(app).commands.items()
    }


def test_the_table_of_verbs_was_found():
    assert {"run", "check", "share", "stress", "invest", "bargain", "retaliate", "replay", "sweep", "serve"} <= set(
        VERBS
    )


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "sweep"])
def test_each_command_has_the_options_of_its_row(verb):
    assert set(re.findall(r"--[a-z][a-z-]*|(?<= )-k", VERBS[verb])) <= commands()[verb]


def test_common_options_stand_on_what_solves():
    common = re.search(r"Common: (.*?)\.\n", TEXT, re.DOTALL)[1]
    names = set(re.findall(r"--[a-z]+", common))
    assert {"--json", "--with", "--scenario", "--start", "--end", "--foresight", "--out", "--quiet"} == names
    assert names <= commands()["solve"]
    assert names <= commands()["compare"]
    assert names - {"--out"} <= commands()["share"]


def test_words_of_the_example_are_public():
    used = set(re.findall(r"\bco\.(\w+)", TEXT))
    assert {"read_case", "solve", "compare", "write_report"} <= used
    assert used <= set(co.__all__)


def test_solve_takes_what_its_line_says():
    line = re.search(r"`solve\((case, [^`]*)\)`", TEXT)[1]
    told = {
        name: default for name, _, default in (part.strip().partition("=") for part in re.split(r",\s(?=\w)", line))
    }
    known = inspect.signature(co.solve).parameters
    for name, default in told.items():
        assert name in known
        if default:
            assert known[name].default == eval(default)  # noqa: S307 (literals of the contract)


def test_tables_of_a_result_have_a_unit_and_are_copies():
    result = co.solve(co.read_case("two_routes"))
    names = re.search(r"`base((?:\.\w+ ?)+)` are long DataFrames", TEXT)[1].replace(" ", "").split(".")[1:]
    assert {"flows", "ledger"} <= set(names)
    for name in names:
        table = getattr(result, name)
        if name != "certificate":
            assert isinstance(table, pd.DataFrame), name
            assert "unit" in table.columns, name
            assert table is not getattr(result, name)
            assert not table.attrs


FIELDS = re.search(r"^`result` by verb(.*?)^Exit codes", TEXT, re.DOTALL | re.MULTILINE)[1]
LINES = dict(re.findall(r"^- (\w+): (.*?)(?=^- |\Z)", FIELDS, re.DOTALL | re.MULTILINE))


@pytest.mark.parametrize("verb", LINES)
def test_answers_have_the_fields_that_the_contract_names(verb):
    """Fields of the body, and of the rows that are spelt out behind them in brackets or braces."""
    schema = json.loads((ROOT / "docs" / "reference" / "schema" / f"{verb}.json").read_text(encoding="utf-8"))
    kinds = schema["$defs"]

    def fields(part):
        """Properties of a part of the schema; of a list, or of what may be null, those of its rows."""
        if "$ref" in part:
            return kinds[part["$ref"].rsplit("/", 1)[1]].get("properties", {})
        inner = [part["items"]] if "items" in part else part.get("anyOf", [])
        return {key: value for one in inner for key, value in fields(one).items()}

    body = fields(schema["properties"]["result"])
    for name, row in re.findall(r"`(\w+)`(?: (?:\[\{|\{)([^}]*)\})?", LINES[verb]):
        assert name in body, f"{verb} has no {name}"
        for field in re.findall(r"(\w+)(?: or null)?(?:,|$)", row):
            assert field in fields(body[name]), f"{verb}: {name} has no {field}"
