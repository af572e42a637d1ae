"""The report in a real browser: opened from disk, read by mouse and by keys, on a phone, in the dark and on paper."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from browser.waiting import expect, rests, until

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"

BOXES = """
() => [...document.querySelectorAll('.map-frame')].map((frame) => {
  const outer = frame.getBoundingClientRect();
  const texts = [...frame.querySelectorAll('.names text')].map((node) => {
    const box = node.getBoundingClientRect();
    return {text: node.textContent, kind: node.getAttribute('class'), left: box.left - outer.left, top: box.top - outer.top,
            right: box.right - outer.left, bottom: box.bottom - outer.top};
  });
  return {width: outer.width, height: outer.height, texts};
})
"""


def test_opens_from_disk_and_asks_for_nothing(open_report, report_file):
    page = open_report()
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_timeout(300)
    assert page.requests == [report_file.as_uri()]
    assert page.problems == []
    assert page.title() == "Kazakhstan’s crude and the Russian coast"


def test_policy_stops_what_is_not_the_reports_own(open_report):
    page = open_report()
    refused = page.evaluate("""async () => {
        const script = document.createElement('script');
        script.textContent = 'window.intruder = true';
        document.body.append(script);
        let fetched = true;
        try { await fetch('https://example.org/'); } catch { fetched = false; }
        return [window.intruder === undefined, fetched];
    }""")
    assert refused == [True, False]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_no_violation(open_report, absent, width, scheme):
    if not AXE.exists():
        absent("axe-core is not installed: npm ci in frontend/")
    page = open_report(width, 900, scheme)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    page.locator("main table.data").nth(1).wait_for()
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    told = [(v["id"], [n["html"][:120] for n in v["nodes"][:3]]) for v in found]
    assert told == []


@pytest.mark.parametrize("width", [1440, 768, 390])
def test_no_label_over_another_nor_outside(open_report, width):
    page = open_report(width)
    frames = page.evaluate(BOXES)
    assert len(frames) == 4
    for frame in frames:
        assert len(frame["texts"]) >= 8
        assert {"place", "country"} <= {t["kind"] for t in frame["texts"]}
        check_labels(frame)


def test_no_label_over_another_after_zooming(open_report):
    page = open_report()
    before = [t["text"] for t in page.evaluate(BOXES)[0]["texts"]]
    page.get_by_role("button", name="Enlarge the map").first.click()
    until(
        page,
        f"() => ({BOXES})()[0].texts.map((t) => t.text).join('|') !== {json.dumps('|'.join(before))}",
        True,
    )
    frame = rests(page, BOXES)[0]
    check_labels(frame)


def check_labels(frame):
    texts = frame["texts"]
    for i, a in enumerate(texts):
        assert a["left"] >= -0.5, a
        assert a["top"] >= -0.5, a
        assert a["right"] <= frame["width"] + 0.5, a
        assert a["bottom"] <= frame["height"] + 0.5, a
        for b in texts[i + 1 :]:
            # Boxes of text reach a little beyond its letters; a pixel of that may touch.
            apart = (
                a["right"] <= b["left"] + 1
                or b["right"] <= a["left"] + 1
                or a["bottom"] <= b["top"] + 2
                or b["bottom"] <= a["top"] + 2
            )
            assert apart, (a, b)


def test_maps_of_a_block_zoom_together(open_report):
    page = open_report()
    places = """() => [...document.querySelectorAll('#cpc-closed .map-frame')].map((frame) =>
        Math.min(...[...frame.querySelectorAll('.places circle')].map((c) => c.getAttribute('cx'))) / frame.clientWidth)"""
    first = page.evaluate(places)
    assert max(first) - min(first) < 0.02
    page.locator("#cpc-closed").get_by_role("button", name="Enlarge the map").click()
    until(page, f"() => Math.abs(({places})()[0] - {first[0]}) > 0.02", True)
    second = rests(page, places)
    assert max(second) - min(second) < 0.02


def test_wheel_scrolls_the_page_and_zooms_only_with_ctrl(open_report):
    page = open_report()
    frame = page.locator(".map-frame").first
    frame.scroll_into_view_if_needed()
    box = frame.bounding_box()
    page.mouse.move(box["x"] + 300, box["y"] + 100)
    circle = frame.locator(".places circle").first
    before, scrolled = circle.get_attribute("cx"), page.evaluate("scrollY")
    page.mouse.wheel(0, 120)
    until(page, f"() => scrollY > {scrolled}", True)
    expect(circle).to_have_attribute("cx", before)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -240)
    page.keyboard.up("Control")
    expect(circle).not_to_have_attribute("cx", before)


def test_a_link_by_keys_alone(open_report):
    page = open_report()
    page.get_by_role("button", name="Whole region").first.focus()
    page.keyboard.press("Tab")
    focused = "() => document.activeElement.dataset.link ?? null"
    until(page, focused, "cpc_ru1")  # the largest flow comes first
    page.keyboard.press("Enter")
    card = page.locator(".map-card")
    expect(card).to_be_visible()
    for words in ("CPC, Komsomolskaya to Kropotkinskaya", "62.4 Mt/yr", "of 83.0", "Corridor: CPC"):
        expect(card).to_contain_text(words)
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    until(page, focused, "cpc_ru1")
    page.keyboard.press("ArrowRight")
    until(page, f"() => [null, 'cpc_ru1'].includes(({focused})())", False)
    page.keyboard.press("ArrowLeft")
    until(page, focused, "cpc_ru1")
    page.keyboard.press("Tab")
    until(page, focused, None)  # the links of a map are one stop


def test_a_link_by_mouse(open_report):
    page = open_report()
    link = page.locator("#cpc-closed .map-panel").nth(1).locator("[data-link=atyrau_samara]")
    link.scroll_into_view_if_needed()
    link.locator(".hit").dispatch_event("click", {"clientX": 700, "clientY": 300})
    told = page.locator(".map-card:visible")
    for words in ("Atyrau → Samara", "Before", "CPC closed, March to May", "17.5 Mt/yr", "+8.9 Mt/yr", "(100\u00a0%)"):
        expect(told).to_contain_text(words)


def test_states_do_not_stand_on_colour_alone(open_report):
    page = open_report()
    after = page.locator("#cpc-closed .map-panel").nth(1)
    closed = after.locator(".link.closed")
    expect(closed).to_have_count(4)  # three sections of CPC and Baku-Supsa; the moorings are too short to draw
    for i in range(closed.count()):
        assert closed.nth(i).locator(".cross").count() == 1
        assert closed.nth(i).locator(".core").evaluate("(n) => getComputedStyle(n).strokeDasharray") != "none"
    assert after.locator(".link.planned .core").evaluate("(n) => getComputedStyle(n).strokeDasharray") != "none"
    assert "closed" in closed.first.get_attribute("aria-label")
    assert after.locator("[data-link=tengiz_aktau] .over, [data-link=tengiz_aktau] .core[style*=dash]").count() >= 1


def test_a_matrix_says_in_words_what_it_colours(open_report):
    page = open_report()
    panels = page.locator(".matrix-panel")
    assert [panels.nth(i).locator(".cell").count() for i in range(panels.count())] == [9, 9]
    first = panels.first.locator(".cell")
    assert first.nth(1).inner_text().split("\n") == ["\u221282", "\u22120.03\u00a0%"]
    assert first.nth(3).inner_text().startswith("+36")
    assert first.nth(5).inner_text() == "no answer"
    assert first.nth(4).inner_text().endswith("stable")
    heads = panels.first.locator("tbody th")
    assert heads.nth(2).inner_text().split("\n") == ["bans transit of wheat", "always worse"]
    background = "(cell) => getComputedStyle(cell).backgroundColor"
    colours = [first.nth(i).evaluate(background) for i in (1, 2, 3)]
    assert len(set(colours)) == 3, "a small loss, a large one and a gain look different"
    first.nth(1).hover()
    expect(page.locator(".tip")).to_contain_text("producers: \u2212123")
    page.locator(".block.matrix summary").click()
    rows = page.locator(".block.matrix .numbers tbody tr")
    expect(rows).to_have_count(9)
    assert rows.nth(4).inner_text().endswith("stable")


def test_every_figure_tells_its_source_by_hover_and_by_focus(open_report):
    page = open_report()
    figure = page.locator("button.figure").first
    figure.focus()
    tip = page.locator(".tip")
    expect(tip).to_be_visible()
    expect(tip).to_contain_text("Range 65.3 to 79.8 Mt/yr")
    expect(tip).to_contain_text("Source: sample_2025")
    expect(figure).to_have_attribute("aria-describedby", tip.get_attribute("id"))
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    page.locator("button.figure").nth(3).hover()
    expect(tip).to_be_visible()


def test_table_sorts_searches_and_downloads(open_report):
    page = open_report()
    table = page.locator("#base table.data").first
    flow = "() => [...document.querySelectorAll('#base .block.table tbody tr')].map((r) => r.cells[3].textContent)"
    table.get_by_role("button", name="Flow").click()
    expect(table.locator("th[aria-sort=descending]")).to_have_text(re.compile("^Flow"))
    values = [float(v) for v in page.evaluate(flow)]
    assert values == sorted(values, reverse=True)
    page.locator("#base").get_by_role("searchbox").fill("cpc terminal")
    expect(page.locator("#base .block.table tbody tr")).to_have_count(1)
    with page.expect_download() as downloading:
        page.locator("#base .block.table").get_by_role("button", name=re.compile("Download CSV")).click()
    text = Path(downloading.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0][:3] == ["Link", "Mode", "Capacity (Mt/yr)"]
    assert len(rows) == 39
    assert "Capacity (Mt/yr): source" not in rows[0]
    assert "Capacity: source" in rows[0]


def test_two_thousand_rows_open(open_report):
    page = open_report()
    page.locator("summary", has_text="Show 2000 rows").click()
    page.locator("#cpc-closed .block.table tbody tr").nth(1999).wait_for(state="attached")


@pytest.mark.parametrize("width", [1440, 1024, 390, 320])
def test_page_never_scrolls_sideways(open_report, width):
    page = open_report(width)
    page.evaluate("document.querySelectorAll('main details').forEach((d) => { d.open = true; })")
    page.locator("main table.data").nth(1).wait_for()
    until(page, "() => document.documentElement.scrollWidth <= innerWidth", True)


def test_contents_lead_to_sections(open_report):
    page = open_report()
    page.get_by_role("link", name="CPC closed for three months").click()
    until(
        page,
        "() => { const y = document.querySelector('#cpc-closed').getBoundingClientRect().top; return y >= 0 && y < 150; }",
        True,
    )
    expect(page.locator("nav a[aria-current]")).to_have_text("CPC closed for three months")
    assert page.locator("nav").bounding_box()["y"] >= 0, "the contents stay in view"


def test_dark_is_dark(open_report):
    page = open_report(scheme="dark")
    ink, paper = page.evaluate(
        "() => { const s = getComputedStyle(document.body); return [s.color, s.backgroundColor]; }"
    )
    assert light(ink) > 200
    assert light(paper) < 60
    sea = page.evaluate("() => [...document.querySelector('canvas').getContext('2d').getImageData(3, 3, 1, 1).data]")
    assert max(sea[:3]) < 90


def light(colour):
    return sum(int(v) for v in re.findall(r"\d+", colour)[:3]) / 3


def test_on_paper_nothing_is_left_out(open_report, tmp_path):
    page = open_report(scheme="dark")
    closed = page.locator("main details:not([open])").count()
    assert closed > 3
    page.evaluate(
        "window.addEventListener('beforeprint', () => { window.seen = [document.querySelectorAll('main details:not([open])').length, document.querySelectorAll('.map-frame')[0].clientWidth, getComputedStyle(document.body).backgroundColor]; })"
    )
    target = tmp_path / "report.pdf"
    page.pdf(path=str(target), prefer_css_page_size=True, print_background=True)
    still_closed, map_width, paper = page.evaluate("window.seen")
    assert still_closed == 0
    assert 600 < map_width <= 680, "maps are drawn at the width of paper"
    assert light(paper) == 255
    assert target.read_bytes().startswith(b"%PDF")
    assert target.stat().st_size > 200_000
    expect(page.locator("main details:not([open])"), "and folded again afterwards").to_have_count(closed)
    until(page, "() => document.querySelectorAll('.map-frame')[0].clientWidth > 1000", True)


def test_command_can_be_copied_or_is_selected(open_report):
    page = open_report()
    button = page.get_by_role("button", name=re.compile("Copy the command")).first
    button.click()
    expect(button).to_have_text(re.compile(r"^(Press Ctrl\+C|Copied)$"))
    if button.inner_text() == "Press Ctrl+C":
        assert page.evaluate("String(getSelection())").startswith("corridor share sample")


def test_words_are_never_markup(browser, tmp_path):
    from report.sample import sample_document

    from corridor.report import write_html

    document = json.loads(json.dumps(sample_document()))
    nasty = "</script><img src=x onerror='window.hit=1'><!--"
    document["title"] = nasty
    document["sections"][1]["blocks"][0]["nodes"][5]["name"] = nasty
    document["sections"][3]["blocks"][0]["rows"][0]["url"] = "javascript:window.hit=1"
    page = browser.new_page()
    page.goto(write_html(document, tmp_path / "nasty.html").as_uri())
    page.wait_for_selector("html[data-ready]")
    page.wait_for_timeout(300)
    assert page.evaluate("window.hit") is None
    assert page.locator("h1").inner_text() == nasty
    assert page.locator("#page img").count() == 0
    assert page.locator("a[href^=javascript]").count() == 0
    page.close()
