"""What must not stand in the repository."""

import re
import subprocess
from pathlib import Path

import pytest

root = Path(__file__).parents[1]
left_out = {".git", ".venv", "node_modules", "__pycache__", "static", "dist", "build", "corridor-out", ".hypothesis"}

long_files = {
    "src/corridor/case/schema.py": "one declaration of every table; two files would be two declarations",
}
"""Files past 400 lines, each with its reason."""


def tracked_files():
    """Files git knows; where there is no git (an unpacked sdist), every file that is not made by a build or a run."""
    try:
        names = subprocess.run(
            ["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, check=True
        ).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        return [p for p in sorted(root.rglob("*")) if p.is_file() and not left_out & set(p.relative_to(root).parts)]
    return [root / name for name in names if name and (root / name).is_file()]


def texts():
    for path in tracked_files():
        data = path.read_bytes()
        if b"\0" not in data[:8000]:
            yield path.relative_to(root).as_posix(), data.decode("utf-8")


def places(pattern):
    found = re.compile(pattern)
    return [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if found.search(line)
    ]


# The patterns are written in pieces, so that this file does not match itself.
registries = [
    ("python" r"hosted\.org"),
    ("pypi" r"\.org/simple"),
    ("registry\\.npm" r"js\.org"),
    ("deb\\.debian" r"\.org"),
]
settings = [(r"\bindex" r"-url\b"), (r'"resolved"' r': *"http'), (r"^ *registry" r" *="), (r"source = \{" r" registry")]


@pytest.mark.parametrize("pattern", registries + settings)
def test_no_registry_host(pattern):
    assert places(pattern) == []


def test_no_path_of_a_machine():
    assert places(r"(^|[^A-Za-z0-9_.])/(work|farm|root|home/[a-z]+|tmp/bash_jobs)/") == []


def test_constraints_are_pins_without_address():
    lines = (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert pins
    assert [pin for pin in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", pin)] == []


def test_constraints_cover_every_requirement():
    import tomllib

    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    asked = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    asked += [need for extra in project["project"]["optional-dependencies"].values() for need in extra]
    normal = {re.split(r"[=<>\[;~! ]", line)[0].lower() for line in asked}
    pinned = {
        line.split("==")[0].lower() for line in (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    }
    assert normal - pinned == set()


def test_no_source_file_is_too_long():
    lengths = {
        name: len(text.splitlines()) for name, text in texts() if name.startswith("src/") and name.endswith(".py")
    }
    too_long = {name: n for name, n in lengths.items() if n > 400}
    assert set(too_long) - set(long_files) == set(), "split it, or give the reason in long_files"
    assert set(long_files) <= set(too_long), "this one is short again: take it off the list"


def test_changelog_says_something_of_this_version():
    from corridor import __version__

    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    section = re.search(rf"^## \[(?:{re.escape(__version__)}|Unreleased)\][^\n]*\n(.+?)(?=^## |\Z)", text, re.M | re.S)
    assert section
    assert re.search(r"^- \w", section.group(1), re.M)


def test_every_printed_word_goes_through_the_command_line():
    prints = [
        place
        for place in places(r"^\s*print\(")
        if place.startswith("src/") and not place.startswith("src/corridor/app/")
    ]
    assert prints == []
