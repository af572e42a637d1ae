"""Pages that show what their commands print show what they print; a figure that is not fails here."""

from pathlib import Path

import kazakhstan
import pytest
import remembered

from corridor.analysis import replay
from corridor.app.pages import filled_page, printed
from corridor.errors import CorridorError
from corridor.report import replay_picture

root = Path(__file__).parents[1]
pages = [page for page in sorted((root / "docs").rglob("*.md")) if "<!-- end -->" in page.read_text(encoding="utf-8")]


@pytest.fixture(scope="module", autouse=True)
def _asked_once():
    with remembered.commands():
        yield


@pytest.mark.parametrize("page", pages, ids=lambda path: path.stem)
def test_the_page_says_what_its_commands_print(page):
    text = page.read_text(encoding="utf-8")
    assert filled_page(text) == text, "run scripts/make-reference"


def test_the_picture_of_the_replay_is_current():
    drawn = (root / "docs" / "images" / "replay.svg").read_text(encoding="utf-8")
    assert replay_picture(remembered.once(replay)(kazakhstan.whole())) == drawn, "run scripts/make-reference"


def test_a_figure_changed_by_hand_is_put_right():
    command = "share gas_transit --good gas --of BRA --through BOL --direction imports"
    page = f"```console\n$ corridor {command}\n```\n\n<!-- answer -->\n\n> 99.9\n\n<!-- end -->\n"
    fresh = filled_page(page)
    assert "99.9" not in fresh
    assert f"> {printed(command).splitlines()[0]}" in fresh
    assert filled_page(fresh) == fresh


def test_a_command_that_fails_is_told():
    with pytest.raises(CorridorError, match="share gas_transit --good oil failed"):
        printed("share gas_transit --good oil")


def test_output_is_everything():
    text = printed("check gas_transit")
    assert "without fault" in text
    page = "```console\n$ corridor check gas_transit\n```\n\n<!-- output -->\nold\n<!-- end -->\n"
    assert f"```text\n{text.rstrip()}\n```" in filled_page(page)
