"""What a page does a moment after a click is waited for, never looked at once: a slow machine isn't a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # where there is no playwright, these tests are skipped, not broken
    from playwright.sync_api import Locator, LocatorAssertions, Page

PATIENCE = 10_000  # milliseconds


def expect(what: Locator, message: str | None = None) -> LocatorAssertions:
    """Playwright's waiting assertions, with patience."""
    from playwright.sync_api import expect as waiting

    waiting.set_options(timeout=PATIENCE)
    return waiting(what, message)


def until(page: Page, script: str, expected: object) -> None:
    """Wait until a script gives what is expected; fail with what it last gave."""
    reads = f"(expected) => JSON.stringify(({script})()) === JSON.stringify(expected)"
    try:
        page.wait_for_function(reads, arg=expected, timeout=PATIENCE)
    except Exception:
        assert page.evaluate(script) == expected
        raise


def rests(page: Page, script: str) -> object:
    """Wait until a script gives the same twice, 300 ms apart, as when a zoom has come to rest; returns it."""
    last = page.evaluate(script)
    for _ in range(PATIENCE // 300):
        page.wait_for_timeout(300)
        now = page.evaluate(script)
        if now == last:
            return now
        last = now
    raise AssertionError("the page does not come to rest")
