"""What the documentation shows works: its commands and examples run, its links lead somewhere, its menu is complete."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from corridor.case import tables_page

root = Path(__file__).parents[1]
docs = root / "docs"
pages = sorted([*docs.rglob("*.md"), *root.glob("*.md")])
menu = yaml.safe_load((root / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]


def name_of(path):
    return path.relative_to(root).as_posix()


def blocks(text, language):
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.M | re.S)


def commands(text):
    """Lines of `console` blocks that call Corridor, without their prompt."""
    lines = "\n".join(blocks(text, "console")).replace("\\\n", " ").splitlines()
    return [line.removeprefix("$ ") for line in lines if line.startswith("$ corridor")]


def run_commands(text, folder):
    """Run a page's commands one after the other in a folder; each failure as one text."""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "120",
    }
    failures = []
    for command in commands(text):
        done = subprocess.run(
            shlex.split(command, comments=True),
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            failures.append(f"$ {command}\n{done.stderr}")
    return failures


# Pages that show what their commands print are run by test_report_pages.py.
texts = {page: page.read_text(encoding="utf-8") for page in pages}
with_commands = [page for page, text in texts.items() if commands(text) and "<!-- end -->" not in text]
with_python = [page for page in pages if blocks(page.read_text(encoding="utf-8"), "python")]


@pytest.mark.parametrize("page", with_commands, ids=name_of)
def test_commands_run(page, tmp_path):
    assert run_commands(page.read_text(encoding="utf-8"), tmp_path) == []


def test_a_command_that_fails_is_told(tmp_path):
    page = "```console\n$ corridor no-such-verb\nanything\n$ ls\n```\n"
    assert commands(page) == ["corridor no-such-verb"]
    assert len(run_commands(page, tmp_path)) == 1


@pytest.mark.parametrize("page", with_python, ids=name_of)
def test_examples_run(page, tmp_path):
    code = "\n".join(blocks(page.read_text(encoding="utf-8"), "python"))
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def anchors(path):
    """Anchors of a page's headings, as both GitHub and MkDocs make them."""
    headings = re.findall(r"^#+ +(.+)$", path.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", pages, ids=name_of)
def test_links_lead_somewhere(page):
    text = re.sub(r"^```.*?^```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        goal = (page.parent / path).resolve() if path else page
        if not goal.exists() or (anchor and anchor not in anchors(goal)):
            broken.append(link)
    assert broken == []


def listed(entry):
    if isinstance(entry, str):
        return [entry]
    return [page for part in (entry if isinstance(entry, list) else entry.values()) for page in listed(part)]


def test_menu_is_complete():
    assert sorted(listed(menu)) == sorted(page.relative_to(docs).as_posix() for page in docs.rglob("*.md"))


def test_every_decision_says_its_status():
    for path in sorted((docs / "decisions").glob("*.md")):
        assert re.search(r"Status: *\**(proposed|accepted|superseded)", path.read_text(encoding="utf-8"), re.I), (
            path.name
        )


def test_table_reference_is_current():
    page = docs / "reference" / "tables.md"
    assert page.read_text(encoding="utf-8") == tables_page(), "run: scripts/make-reference"


def test_every_campaign_says_what_it_is():
    for path in sorted((root / "tests" / "campaigns").glob("[!_]*.py")):
        if path.name != "conftest.py":
            assert path.read_text(encoding="utf-8").startswith('"""'), path.name
