"""Pictures of the app's page, to be looked at: what a reader sees at 1440, 1024 and 390 px, in the light and in the dark.

`scripts/campaign app_pictures [-k "first and 390"]`; CORRIDOR_PICTURES is the folder (pictures/ in the working directory unless
said), CORRIDOR_APP the address of a server that runs already.
"""

import os
import shutil
from contextlib import nullcontext
from pathlib import Path

import pytest
from serving import serving

FOLDER = Path(os.environ.get("CORRIDOR_PICTURES", "pictures"))
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CPC = "group=Crude+oil&with=closure:cpc:2024-03-01:2024-06-01"
TRANSIT = "link:cac_kz_uzb"
QUIET = """() => document.documentElement.dataset.ready && document.querySelector('.solving')
    && !document.querySelector('.solving.is-running')"""


def ask_preset(page):
    """Ask the case's own question of the verb on show, and wait for its answer."""
    page.locator(".presets button").first.click()
    page.locator(".question-answer .answer-text").wait_for(timeout=300_000)


def choose(verb, *, is_asked=True):
    def act(page):
        page.get_by_role("button", name=verb).click()
        if is_asked and page.locator(".presets button").count():
            ask_preset(page)
        elif is_asked:
            page.get_by_role("button", name="Ask", exact=True).click()
            page.locator(".question-answer .answer-text").wait_for(timeout=300_000)

    return act


def show_source(page):
    figure = page.locator(".pick-facts .figure").first
    figure.scroll_into_view_if_needed()
    figure.click()
    page.locator(".evidence-card").wait_for()


def open_drawer(page):
    page.get_by_text("What is assumed", exact=True).first.click()
    page.locator(".assumed-drawer table").wait_for()


SCENES = {
    "first": ("", None),
    "closed": (f"{CPC}&pick=corridor:cpc", None),
    "compare": (f"{CPC}&look=all", None),
    "gas": (f"group=Gas&pick={TRANSIT}", None),
    "wheat": ("group=Grain+and+farm+goods&scenario=wheat_bans", None),
    "source": (f"{CPC}&pick=link:cpc_tengiz_atyrau", show_source),
}
"""What issue 5 wants looked at."""

MORE = {
    "power": ("group=Electricity+and+coal", None),
    "products": ("group=Oil+products", None),
    "food": ("group=Food", None),
    "other": ("group=Uranium,+fertiliser,+tyres+and+other+goods", None),
    "country": ("group=Crude+oil&pick=country:RUS", None),
    "change": (f"{CPC}&look=change&tab=change", None),
    "gains": (f"{CPC}&tab=gains", None),
    "prices": (f"{CPC}&tab=prices", None),
    "routes": (f"{CPC}&tab=routes", None),
    "events": (f"{CPC}&tab=events", None),
    "trust": (f"{CPC}&tab=trust", open_drawer),
    "share": ("group=Crude+oil&tab=questions", choose("How dependent?")),
    "stress": ("group=Crude+oil&tab=questions", choose("What hurts most?")),
    "bargain": ("group=Gas&tab=questions", choose("Who has the hold?")),
    "retaliate": ("group=Grain+and+farm+goods&tab=questions", choose("Ban and counter-ban?")),
    "invest": ("group=Crude+oil&tab=questions", choose("What to build?")),
    "rivalry": ("group=Gas&tab=questions", choose("Sell as one?")),
}
"""What else the page shows: at one width each."""

PIECE = 1100
DRAWN = "() => new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 100))"
SIZES = {1440: 900, 1024: 768, 390: 844}
TAKEN = [
    *((name, width, scheme) for name in SCENES for width in SIZES for scheme in ("light", "dark")),
    *((name, 1440, "light") for name in MORE),
    *((name, 390, "dark") for name in MORE),
]


@pytest.fixture(scope="module")
def address():
    told = os.environ.get("CORRIDOR_APP")
    with nullcontext((0, told)) if told else serving("kazakhstan") as (_, found):
        yield found


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as tools:
        started = tools.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.mark.parametrize(("name", "width", "scheme"), TAKEN)
def test_picture(browser, address, name, width, scheme):
    anchor, act = (SCENES | MORE)[name]
    page = browser.new_page(viewport={"width": width, "height": SIZES[width]}, color_scheme=scheme)
    page.set_default_timeout(120_000)
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    try:
        page.goto(f"{address}#{anchor}")
        page.wait_for_function(QUIET)
        if act:
            act(page)
        # Words and charts are laid out when the browser next looks.
        page.evaluate(DRAWN)
        FOLDER.mkdir(parents=True, exist_ok=True)
        stem = f"{name}-{width}-{scheme}"
        if width > 390:
            page.screenshot(path=FOLDER / f"{stem}.png")
            if name in MORE:
                page.set_viewport_size({"width": width, "height": 2 * PIECE})
                page.evaluate(DRAWN)
                page.locator(".panel").screenshot(path=FOLDER / f"{stem}-panel.png")
        else:
            # A phone's page is long: in pieces that can be looked at.
            height = page.evaluate("document.documentElement.scrollHeight")
            for i, top in enumerate(range(0, height, PIECE)):
                part = {"x": 0, "y": top, "width": width, "height": min(PIECE, height - top)}
                page.screenshot(path=FOLDER / f"{stem}-{i}.png", clip=part, full_page=True)
    finally:
        page.close()
    assert problems == []
