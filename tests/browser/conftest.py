"""A real browser and a written report; skipped, saying so, where there is no Chromium, and a failure in .ci/run."""

import importlib.util
import os
import shutil
from pathlib import Path

import pytest
from report.sample import grouped_document, sample_document

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def absent():
    """What to call where a tool is missing: skips, but fails where .ci/run has promised it: green must not mean unseen."""
    return pytest.fail if os.environ.get("CORRIDOR_BROWSER") == "required" else pytest.skip


@pytest.fixture(scope="session")
def browser(absent):
    if not Path(CHROMIUM).exists():
        absent("no Chromium here: apt-get install chromium")
    if importlib.util.find_spec("playwright") is None:
        absent("no playwright here: pip install playwright")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as tools:
        started = tools.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def report_file(tmp_path_factory):
    from corridor.report import write_html

    return write_html(sample_document(), tmp_path_factory.mktemp("report") / "sample.html")


@pytest.fixture(scope="session")
def grouped_file(tmp_path_factory):
    from corridor.report import write_html

    return write_html(grouped_document(100), tmp_path_factory.mktemp("report") / "grouped.html")


@pytest.fixture
def open_file(browser):
    """Open a file in a new window; the page has `requests` and `problems` lists, which a test can look at."""
    contexts = []

    def opened(file, width=1440, height=900, scheme="light", anchor="", *, script=True):
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            accept_downloads=True,
            java_script_enabled=script,
        )
        contexts.append(context)
        page = context.new_page()
        page.requests, page.problems = [], []
        page.on("request", lambda request: page.requests.append(request.url))
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("console", lambda message: message.type in ("error", "warning") and page.problems.append(message.text))
        page.goto(file.as_uri() + anchor)
        if script:
            page.wait_for_selector("html[data-ready]")
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def open_report(open_file, report_file):
    """Open the sample, its maps drawn."""

    def opened(width=1440, height=900, scheme="light"):
        page = open_file(report_file, width, height, scheme)
        page.wait_for_selector(".map-frame text.place")
        return page

    return opened
