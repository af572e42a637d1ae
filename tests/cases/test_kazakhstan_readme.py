"""The case's README: its counts are those of the tables, and it tells of every scenario."""

import re
from pathlib import Path

import kazakhstan
import pytest

from corridor.case import confidence_page, counts, new_case, read_case

README = Path(__file__).parents[2] / "src" / "corridor" / "cases" / "kazakhstan" / "README.md"
EMPTY = "Before.\n\n<!-- made by scripts/make-reference -->\n<!-- end of what is made -->\n\nAfter.\n"


@pytest.fixture(scope="module")
def case():
    return kazakhstan.whole()


def cells(page):
    """Group -> its numbers, in the order of the header, whose first cell is left out."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("|")]
    head, _, *body = rows
    return {row[0]: dict(zip(head[1:], map(int, row[1:]), strict=True)) for row in body}


def test_its_counts_are_current(case):
    page = README.read_text(encoding="utf-8")
    assert confidence_page(case, page) == page, "run: scripts/make-reference"


def test_a_count_changed_by_hand_is_put_right(case):
    page = confidence_page(case, EMPTY)
    assert page.startswith("Before.")
    assert page.endswith("After.\n")
    assert confidence_page(case, re.sub(r"\d+", "7", page)) == page


def test_counts_add_up_to_those_of_the_check(case):
    told = cells(confidence_page(case, EMPTY))
    total, groups = told.pop("all"), told
    for column, number in total.items():
        assert number == sum(row[column] for row in groups.values())
    said = counts(case)
    assert {name: total[name] for name in ("observed", "derived", "assumed")} == said["basis"]
    assert {name: total[name] for name in ("high", "medium", "low")} == said["confidence"]
    assert total["ranges"] == len(case.table("evidence"))


def test_a_small_case_counted_by_hand(tmp_path):
    small = read_case(new_case(tmp_path / "small"))
    goods, supply = small.tables["goods"], small.tables["supply"].assign(basis="derived", confidence="high")
    told = cells(confidence_page(small.with_tables(supply=supply), EMPTY))
    assert len(goods) == 1
    assert told["all"]["derived"] == told["all"]["high"] == len(supply)
    assert told["all"]["rows"] == told["all"]["derived"] + told["all"]["assumed"]
    # A case without groups has one line and its total.
    assert list(told) == ["several groups, or none", "all"]


def test_a_page_without_markers_is_refused(case):
    with pytest.raises(ValueError, match="unpack"):
        confidence_page(case, "no marker")


def test_every_scenario_is_told(case):
    page = README.read_text(encoding="utf-8")
    told = page.split("\n## Scenarios\n")[1].split("\n## Count by confidence\n")[0]
    named = set(re.findall(r"`(\w+)`", told))
    scenarios = case.table("scenarios")
    assert set(scenarios["id"]) <= named
    assert set(re.findall(r"\*\*`(\w+)`\*\*", told)) == set(scenarios.loc[scenarios["headline"], "id"])
