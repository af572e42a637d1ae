"""Groups of goods behind tabs, and the timeline: by mouse, by keys, by address, without a script and on paper."""

import csv
import io
import re
from itertools import pairwise
from pathlib import Path

import pytest
from browser.waiting import expect, until

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"

SHOWN = "() => [...document.querySelectorAll('[role=tabpanel]')].filter((p) => p.offsetHeight > 0).map((p) => p.id)"
FOCUS = "() => document.activeElement.textContent"


def tab(page, name):
    return page.get_by_role("tab", name=name)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_axe_finds_no_violation(open_file, grouped_file, absent, width, scheme):
    if not AXE.exists():
        absent("axe-core is not installed: npm ci in frontend/")
    page = open_file(grouped_file, width, 900, scheme, "#dates")
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    page.locator("#dates .happening").first.wait_for()
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for anchor in ("#group-crude-oil", "#group-food-fodder"):
        page.evaluate("(anchor) => { location.hash = anchor; }", anchor)
        page.wait_for_timeout(400)
        found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
        assert [(v["id"], [n["html"][:120] for n in v["nodes"][:3]]) for v in found] == []
    assert page.problems == []


def test_tabs_by_mouse_and_the_address_follows(open_file, grouped_file):
    page = open_file(grouped_file)
    until(page, SHOWN, ["group-crude-oil"])
    tab(page, "Food & fodder").click()
    until(page, SHOWN, ["group-food-fodder"])
    until(page, "() => location.hash", "#group-food-fodder")
    expect(tab(page, "Food & fodder")).to_have_attribute("aria-selected", "true")
    expect(tab(page, "Crude oil")).to_have_attribute("aria-selected", "false")
    page.wait_for_selector("#base-2 .map-frame text.place")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    until(page, SHOWN, ["group-food-fodder"])


def test_tabs_by_keys(open_file, grouped_file):
    page = open_file(grouped_file)
    tab(page, "Crude oil").focus()
    for key, name in (
        ("ArrowRight", "Food & fodder"),
        ("ArrowRight", "Crude oil"),
        ("ArrowLeft", "Food & fodder"),
        ("Home", "Crude oil"),
        ("End", "Food & fodder"),
    ):
        page.keyboard.press(key)
        until(page, FOCUS, name)
        expect(page.locator("[role=tab][aria-selected=true]")).to_have_text(name)
        expect(page.locator("[role=tab][tabindex='0']"), "the tabs are one stop").to_have_count(1)
    page.keyboard.press("Tab")
    until(page, "() => document.activeElement.id", "group-food-fodder")


@pytest.mark.parametrize("width", [1440, 390])
def test_link_to_a_section_opens_its_tab(open_file, grouped_file, width):
    page = open_file(grouped_file, width, anchor="#dates-2")
    until(page, SHOWN, ["group-food-fodder"])
    until(
        page,
        "() => { const y = document.querySelector('#dates-2').getBoundingClientRect().top; return y >= 0 && y < 220; }",
        True,
    )
    page.evaluate("location.hash = '#cpc-closed'")
    until(page, SHOWN, ["group-crude-oil"])
    # The tab bar stays, and covers no title.
    until(
        page,
        """() => {
        const title = document.querySelector('#cpc-closed-title').getBoundingClientRect().top;
        return document.querySelector('.tabs').getBoundingClientRect().bottom <= title && title < 250;
    }""",
        True,
    )


def test_in_short_comes_first_and_leads_to_the_groups(open_file, grouped_file):
    page = open_file(grouped_file)
    assert page.locator("main > *").first.get_attribute("id") == "answers"
    short = page.locator("#answers")
    assert [h.inner_text() for h in short.locator("h3").all()] == ["Crude oil", "Food & fodder"]
    short.get_by_role("link", name="Food & fodder", exact=True).click()
    until(page, SHOWN, ["group-food-fodder"])
    short.get_by_role("link", name=re.compile("of: What happens if CPC closes")).click()
    until(page, SHOWN, ["group-crude-oil"])
    until(page, "() => location.hash", "#cpc-closed")


def test_contents_hold_groups_with_their_sections(open_file, grouped_file):
    page = open_file(grouped_file)
    told = page.evaluate(
        "() => [...document.querySelectorAll('.contents-group')].map((g) => [...g.querySelectorAll('a')].map((a) => a.hash))"
    )
    assert told == [
        ["#group-crude-oil", "#base", "#dates", "#cpc-closed"],
        ["#group-food-fodder", "#base-2", "#dates-2"],
    ]
    page.get_by_role("navigation").get_by_role("link", name=re.compile("As it is ?, Food & fodder")).click()
    until(page, SHOWN, ["group-food-fodder"])
    until(page, "() => document.querySelector('nav a[aria-current]')?.hash", "#base-2")


def test_headings_go_down_one_level_at_a_time(open_file, grouped_file):
    page = open_file(grouped_file)
    levels = page.evaluate(
        "() => [...document.querySelectorAll('h1, h2, h3, h4, h5')].map((h) => Number(h.tagName[1]))"
    )
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("width", [1440, 1024, 390, 320])
def test_page_never_scrolls_sideways(open_file, grouped_file, width):
    page = open_file(grouped_file, width, anchor="#dates")
    page.evaluate("document.querySelectorAll('main details').forEach((d) => { d.open = true; })")
    page.locator("main table.data").first.wait_for(state="attached")
    until(page, "() => document.documentElement.scrollWidth <= innerWidth", True)


def test_without_a_script_every_answer_is_there(open_file, grouped_file):
    page = open_file(grouped_file, script=False)
    told = page.locator("body").inner_text()
    for words in ("Crude oil", "94.6 %", "Food & fodder", "Does a ban on wheat bite?"):
        assert words in told


def test_on_paper_every_group_stands_under_its_name(open_file, grouped_file, tmp_path):
    page = open_file(grouped_file, scheme="dark")
    page.evaluate("""() => window.addEventListener('beforeprint', () => {
        const panels = [...document.querySelectorAll('[role=tabpanel]')];
        window.seen = panels.map((p) => [p.offsetHeight > 500, p.querySelectorAll('svg').length > 1]);
        window.cut = [...document.querySelectorAll('.timeline-canvas')].map((c) => c.scrollWidth - document.body.clientWidth);
    })""")
    target = tmp_path / "report.pdf"
    page.pdf(path=str(target), prefer_css_page_size=True, print_background=True)
    assert page.evaluate("window.seen") == [[True, True], [True, True]]
    assert all(over <= 0 for over in page.evaluate("window.cut"))
    page.emulate_media(media="print")
    until(page, SHOWN, ["group-crude-oil", "group-food-fodder"])
    titles = page.locator(".group-title")
    assert [t.bounding_box()["height"] > 20 for t in titles.all()] == [True, True]
    expect(page.locator(".tabs")).to_be_hidden()
    page.emulate_media(media="screen")
    until(page, SHOWN, ["group-crude-oil"])


@pytest.mark.parametrize("way", ["By country", "By good"])
@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_in_the_timeline_lies_over_anything_else(open_file, grouped_file, width, way):
    page = open_file(grouped_file, width, anchor="#dates")
    page.locator("#dates").get_by_role("button", name=way).click()
    expect(page.locator("#dates").get_by_role("button", name=way)).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#dates .lanes .happening")).to_have_count(100)
    lanes = page.evaluate("""() => [...document.querySelectorAll('#dates .lanes')].map((svg) => {
        const outer = svg.getBoundingClientRect();
        const box = (node) => { const b = node.getBoundingClientRect();
            return [b.left - outer.left, b.top - outer.top, b.right - outer.left, b.bottom - outer.top]; };
        return {width: outer.width, height: outer.height,
                rows: [...svg.querySelectorAll('.happening')].map((g) => [...g.querySelectorAll('text, .span, .beyond, .flag')].map(box))};
    })""")
    assert sum(len(lane["rows"]) for lane in lanes) == 100
    for lane in lanes:
        for i, one in enumerate(lane["rows"]):
            for left, top, right, bottom in one:
                assert -1 <= left <= right <= lane["width"] + 1
                assert -1 <= top <= bottom <= lane["height"] + 1
            for other in lane["rows"][i + 1 :]:
                for a in one:
                    for b in other:
                        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] + 3 or b[3] <= a[1] + 3, (a, b)
    # Inside the page it scrolls by itself, and by keys.
    scroll = page.locator("#dates .timeline-scroll")
    assert scroll.evaluate("(n) => n.scrollHeight > n.clientHeight + 200 && n.tabIndex === 0")


def test_timeline_opens_at_the_calendar_on_a_phone(open_file, grouped_file):
    page = open_file(grouped_file, 390, anchor="#dates")
    until(
        page,
        """() => {
        const outer = document.querySelector('#dates .timeline-scroll').getBoundingClientRect();
        const solved = document.querySelector('#dates .lanes .solved').getBoundingClientRect();
        return solved.left >= outer.left && solved.left < outer.left + 60;
    }""",
        True,
    )


def test_timeline_tells_by_hover_and_as_a_table(open_file, grouped_file):
    page = open_file(grouped_file, anchor="#dates")
    page.locator("#dates [data-row=quota] .pane").hover()
    tip = page.locator(".tip")
    for words in (
        "2024-01-01 until before 2025-01-01",
        "Announced 2023-11-20",
        "In the model: Transit quota",
        "letter",
    ):
        expect(tip).to_contain_text(words)
    page.locator("#dates summary", has_text="All 100 as a table").click()
    expect(page.locator("#dates tbody tr")).to_have_count(100)
    with page.expect_download() as downloading:
        page.locator("#dates").get_by_role("button", name=re.compile("Download CSV")).click()
    assert downloading.value.suggested_filename == "events_and_measures.csv"
    rows = list(csv.reader(io.StringIO(Path(downloading.value.path()).read_text(encoding="utf-8-sig"))))
    assert len(rows) == 101
    assert {"What", "From", "Until before", "Announced", "Modelled by", "Sources"} <= set(rows[0])
