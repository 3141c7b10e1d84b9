"""The pages of a match as a person meets them: accessible, narrow, without JavaScript, by keyboard."""

from __future__ import annotations

import httpx
import pytest

from tests.browser.test_public_pages import RULES

pytestmark = pytest.mark.browser

UNFOLD = """
for (const kind of ['why', 'tree', 'benefits', 'weights', 'without'])
  [...document.querySelectorAll(`details.${kind}`)].slice(0, 2).forEach(d => d.open = true);
"""
VACANCY = {
    "title": "Java高级软件工程师",
    "text": "负责交易平台。必须熟悉Java，有Spring Boot、Kafka经验优先。工作地点杭州，本科以上。",
    "years_at_least": 2,
    "region": "330100",
    "pay_monthly_yuan_from": 18000,
    "pay_monthly_yuan_to": 30000,
}
SKILLS = (["Java", "Spring Boot", "MySQL"], ["Java"], ["Java", "Kafka"], ["Java"], ["Java"])


@pytest.fixture(scope="module")
def pages(site):
    """Store a vacancy and people for it; return the addresses of their pages."""

    def stored(kind, body):
        answer = httpx.post(f"{site}/v1/{kind}", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    vacancy = stored("vacancies", VACANCY)
    people = [
        stored(
            "candidates",
            {
                "headline": f"后端工程师{number}",
                "summary": "在某某公司用 Java 写交易服务，也懂 Spring Boot。",
                "skills": [{"name": name} for name in skills],
                "work": [{"title": "Java工程师", "employer": "某某公司", "start": "2020-01"}],
                "education": [{"level": "bachelor", "school": "某某大学"}],
                "years_experience": None if number == 1 else 1 if number == 4 else 5,
                "wishes": {"regions": ["330100"], "pay_monthly_yuan": 20000},
            },
        )
        for number, skills in enumerate(SKILLS)
    ]
    while httpx.get(f"{site}/v1/ready").json()["lag"]:
        pass
    several = "".join(f"&candidate={key}" for key in people)
    two = "".join(f"&candidate={key}" for key in people[:2])
    four = "".join(f"&candidate={key}" for key in people[1:])
    return {
        "vacancy": f"/vacancies/{vacancy}",
        "edited": f"/vacancies/{vacancy}?need.years:2=drop&need.place:330100=banned&weight.skills=80",
        "candidate": f"/candidates/{people[0]}",
        "roles": f"/candidates/{people[0]}?target=roles",
        "two": f"/compare?vacancy={vacancy}{two}",
        "four": f"/compare?vacancy={vacancy}{four}",
        "none": f"/compare?vacancy={vacancy}",
        "many": f"/compare?vacancy={vacancy}{several}",
    }


@pytest.mark.parametrize(
    "name", ["vacancy", "edited", "candidate", "roles", "two", "four", "none", "many"]
)
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [1280, 320])
def test_a_match_page_is_accessible_narrow_and_self_contained(visit, pages, name, lang, width):
    from axe_playwright_python.sync_playwright import Axe

    page = visit(pages[name], width=width, lang=lang)
    assert page.get_attribute("html", "lang") == ("en" if lang == "en" else "zh-CN")
    page.evaluate(UNFOLD)
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.foreign == []
    assert [text for text in page.complaints if "status of 4" not in text] == []


def test_requirements_are_edited_and_people_compared_without_javascript(visit, pages):
    page = visit(pages["vacancy"], lang="en", javascript=False)
    before = page.locator("article.card").count()
    page.locator("select[name='need.years:2']").select_option("drop")
    page.locator("details.weights summary").click()
    page.fill("#weight-skills", "70")
    page.click(".needs button")
    assert page.locator("select[name='need.years:2']").input_value() == "drop"
    assert page.locator("#weight-skills").input_value() == "70"
    assert page.locator("article.card").count() >= before

    page.locator("article.card details.tree summary").first.click()
    assert page.locator(".score-tree").first.is_visible()

    boxes = page.locator("input[name=candidate]")
    boxes.nth(0).check()
    page.locator("#compare button").click()
    assert "Choose at least 2" in page.locator("[role=alert]").inner_text()
    page.locator("[role=alert] a").click()
    assert page.locator("input[name=candidate]").nth(0).is_checked()
    page.locator("input[name=candidate]").nth(1).check()
    page.locator("#compare button").click()
    assert page.locator("thead th[scope=col]").count() == 3
    assert "as you changed them" in page.locator("main").inner_text()
    assert page.locator("tbody tr", has_text="2+ years").count() == 0


def test_a_wide_comparison_scrolls_by_itself_and_by_keyboard(visit, pages):
    page = visit(pages["four"], width=320, lang="en")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.focus(".scroll")
    page.keyboard.press("ArrowRight")
    # Asked from here: within the page, waiting for a condition would need what its policy forbids.
    for _ in range(100):
        moved = page.evaluate("document.querySelector('.scroll').scrollLeft")
        if moved > 0:
            break
        page.wait_for_timeout(50)
    assert moved > 0


def test_a_candidate_goes_between_tabs_by_keyboard(visit, pages):
    page = visit(pages["candidate"], lang="en")
    page.focus(".tabs a[aria-current]")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**target=roles*")
    assert page.locator(".tabs a[aria-current]").inner_text() == "Shortage roles"
    page.locator("article.card h3 a").first.click()
    assert "/roles/" in page.url
