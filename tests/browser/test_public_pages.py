"""The public pages as a person meets them: accessible, narrow, without JavaScript, without the internet."""

from __future__ import annotations

from urllib.parse import quote

import pytest

pytestmark = pytest.mark.browser

RESULTS = "/?q=" + quote("5年Spring Boot微服务，杭州")
PEOPLE = "/?q=" + quote("Java工程师，硕士，杭州") + "&target=candidates"
PAGES = {
    "home": "/",
    "results": RESULTS,
    "filtered": "/?q=java&field=blockchain&field=quantum-information",
    "people": PEOPLE,
    "no match": "/?q=" + quote("幼儿园教师"),
    "blank": "/?q=",
    "error": "/?q=java&region=999999",
    "role": "/roles/9",
    "catalogue": "/roles",
    "measures": "/benefits?q=" + quote("补贴"),
    "measure": "/benefits/jiaxing-recruitment-trip-subsidy",
    "check": "/benefits/check",
    "answered": "/benefits/check?as_of=2020-06-01&f.place.region=330400&f.employer.industry=digital-economy"
    "&f.employer.in_official_recruitment_trip=true&f.employer.paid_trip_costs=false",
    "wrong answer": "/benefits/check?f.place.region=atlantis",
    "about": "/about",
    "not found": "/nowhere",
}
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
#: The first of everything that unfolds; what follows is built alike.
UNFOLD = """
for (const kind of ['why', 'benefits', 'benefit', 'nearest'])
  [...document.querySelectorAll(`details.${kind}`)].slice(0, 2).forEach(d => d.open = true);
document.querySelectorAll('.filters details').forEach(d => d.open = true);
"""


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [1280, 320])
def test_a_page_is_accessible_narrow_and_self_contained(visit, name, lang, width):
    from axe_playwright_python.sync_playwright import Axe

    page = visit(PAGES[name], width=width, lang=lang)
    assert page.get_attribute("html", "lang") == ("en" if lang == "en" else "zh-CN")
    page.evaluate(UNFOLD)
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.foreign == []
    assert [text for text in page.complaints if "status of 4" not in text] == []


def test_a_search_works_without_javascript(visit):
    page = visit("/", javascript=False)
    page.fill("#q", "Java 杭州")
    page.click("form.search button")
    assert page.locator("article.card h2").first.inner_text() == "Java高级软件工程师"

    page.locator("a.chip", has_text="杭州").click()
    assert page.locator("a.chip", has_text="杭州").count() == 0
    assert page.locator("s").inner_text() == "杭州市"

    page.locator(".filters input[value=software]").check()
    page.click(".filters button")
    assert page.locator(".chosen a.chip").count() == 1
    assert "q=Java" in page.url

    page.locator("article.card details.why summary").first.click()
    assert page.locator("article.card table").first.is_visible()

    page.locator("article.card h2 a").first.click()
    assert page.locator("h1").inner_text() == "Java高级软件工程师"

    page.click("a.language")
    assert page.locator("h1").inner_text() == "Senior Java Engineer"
    page.click("a.brand")
    assert page.get_attribute("html", "lang") == "en"


def test_a_search_works_by_keyboard_alone(visit):
    page = visit("/", lang="en")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("analog IC layout")
    page.keyboard.press("Enter")
    page.wait_for_selector("article.card")
    assert page.locator("article.card h2").first.inner_text() == "IC Layout Engineer"


def test_focus_is_seen(visit):
    page = visit("/")
    page.focus("form.search button")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    width = "getComputedStyle(document.activeElement).outlineWidth"
    assert page.evaluate(width) == "3px"


def test_a_person_leads_to_a_page_of_their_own(visit):
    page = visit(PEOPLE)
    name = page.locator("article.card h2").first.inner_text()
    page.locator("article.card h2 a").first.click()
    assert page.locator("h1").inner_text() == name


def test_a_long_word_does_not_break_a_narrow_page(visit):
    page = visit("/?q=" + "x" * 400, width=320, lang="en")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_benefits_are_checked_step_by_step_without_javascript(visit):
    page = visit("/benefits/check?as_of=2020-06-01", javascript=False)
    assert page.locator("#group-applies").inner_text().endswith("（0 项）")
    page.select_option("select[name='f.place.region']", "330400")
    page.locator("input[name='f.employer.industry'][value='digital-economy']").check()
    page.locator("input[name=for][value=employer]").check()
    page.click("form.questions button")
    trip = "f.employer.in_official_recruitment_trip"
    assert page.locator(".answered li").count() == 2
    page.goto(f"{page.url}&{trip}=true&f.employer.paid_trip_costs=true")
    assert page.locator("#group-applies").inner_text().endswith("（1 项）")
    assert (
        "每人最高补贴3万元" in page.locator("section:has(#group-applies) blockquote").inner_text()
    )

    page.locator(".answered a").last.click()
    assert page.locator("#group-applies").inner_text().endswith("（0 项）")
    assert page.locator(".answered li").count() == 3
