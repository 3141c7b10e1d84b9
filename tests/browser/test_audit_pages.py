"""The audit's pages as an officer meets them: accessible, narrow, without JavaScript, without the internet."""

from __future__ import annotations

import pytest

from tests.browser.test_public_pages import RULES

pytestmark = pytest.mark.browser

PAGES = {
    "dashboard": "/audit",
    "one city": "/audit?region=330100&field=integrated-circuits",
    "role": "/audit/roles/1",
    "records": "/audit/roles/1?measure=qualified",
    "snapshots": "/audit/snapshots",
    "targets": "/audit/targets",
    "published indices": "/audit/published",
    "proposals": "/audit/proposals",
    "declarations": "/declarations",
}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [1280, 320])
def test_a_page_is_accessible_narrow_and_self_contained(visit, name, lang, width):
    from axe_playwright_python.sync_playwright import Axe

    page = visit(PAGES[name], width=width, lang=lang)
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.foreign == []
    assert page.complaints == []


def test_a_snapshot_is_made_without_javascript(visit):
    page = visit("/audit/snapshots", lang="en", javascript=False)
    page.get_by_role("button", name="Make a snapshot").click()
    page.get_by_role("link", name="Check").first.click()
    assert page.get_by_text("every figure is the same").is_visible()
