"""The pages behind the sign-in as each meets them: accessible, narrow, self-contained, by keyboard."""

from __future__ import annotations

import pytest

from tests.browser.closed_site import PASSWORD, SHEET, workbook
from tests.browser.test_public_pages import RULES

pytestmark = pytest.mark.browser

UNFOLD = """
for (const kind of ['ask', 'spare', 'last', 'why'])
  [...document.querySelectorAll(`details.${kind}`)].slice(0, 2).forEach(d => d.open = true);
document.querySelectorAll('main section > details, fieldset > details').forEach(d => d.open = true);
"""
RESUME = """王芳
电话：13812345678

求职意向
Java开发工程师

专业技能
Java、Spring Boot

工作经历
2019.03-2024.05 示例科技有限公司 Java工程师
负责支付系统。
"""


def send(page, selector="main form button[type=submit]"):
    page.locator(selector).first.click()
    page.wait_for_load_state()


def refused_sign_in(page):
    page.fill("#email", "nobody@example.org")
    page.fill("#password", "wrong")
    send(page)


def refused_password(page):
    page.fill("#old", PASSWORD)
    page.fill("#new", "password")
    send(page)


def made_key(page):
    page.fill("#key-name", "HR system")
    page.check("#scope-read")
    send(page, "form[action='/account/keys'] button")
    assert page.locator(".secret").inner_text().startswith("bole_")


def refused_profile(page):
    page.fill("#headline", "")
    page.fill("#years_experience", "x")
    page.fill("#work-0-start", "2019")
    send(page, "form[action='/me/profile'] button")
    assert page.locator(".error-summary li").count() == 3


def drafted(page):
    page.set_input_files("#file", {"name": "x.txt", "mimeType": "text/plain", "buffer": RESUME.encode()})  # fmt: skip
    send(page, "form.upload button")
    assert "Spring Boot" in page.locator("#skills").input_value()


def agreed_to_nothing(page):
    page.locator("button[value=agree]").click()
    page.wait_for_selector(".error-summary")


def refused_vacancy(page):
    page.fill("#title", "前台")
    page.fill("#text", "只招女性，35岁以下。")
    page.fill("#headcount", "两")
    send(page)
    assert page.locator(".error-summary li").count() == 3


def looked_through(page):
    page.set_input_files(
        "#file", {"name": "职位.xlsx", "mimeType": "x/y", "buffer": workbook(SHEET)}
    )
    send(page)
    page.wait_for_selector("#faults")


def unsent(page):
    send(page)
    page.wait_for_selector(".error-summary")


def unsure(page):
    send(page, "button.danger")
    page.wait_for_selector(".error-summary")


def refused_account(page):
    send(page, "form[action='/admin/accounts'] button")
    page.wait_for_selector(".error-summary")


#: Name of a page: who opens it, its address, and what is done there first.
PAGES = {
    "home": ("", "/", None),
    "home, signed in": ("li", "/", None),
    "sign in": ("", "/sign-in", None),
    "sign in, wrong": ("", "/sign-in", refused_sign_in),
    "register": ("", "/register", None),
    "register, wrong": ("", "/register", unsent),
    "account": ("hr", "/account", made_key),
    "account, wrong": ("hr", "/account", lambda page: send(page, "form[action='/account/keys'] button")),
    "password": ("hr", "/account/password", None),
    "password, wrong": ("hr", "/account/password", refused_password),
    "me, empty": ("new", "/me", None),
    "me": ("li", "/me?done=profile", None),
    "me, wrong": ("li", "/me", agreed_to_nothing),
    "profile, empty": ("new", "/me/profile", None),
    "profile": ("li", "/me/profile", None),
    "profile, draft": ("new", "/me/profile", drafted),
    "profile, wrong": ("li", "/me/profile", refused_profile),
    "own matches": ("li", "/candidates/{li}", None),
    "vacancy, seen by a job seeker": ("li", "/vacancies/{opening}", None),
    "vacancy, without a profile": ("new", "/vacancies/{opening}", None),
    "erase": ("new", "/me/erase", None),
    "erase, unsure": ("new", "/me/erase", unsure),
    "hr, empty": ("hr_new", "/hr", None),
    "hr": ("hr", "/hr", None),
    "opening, new": ("hr", "/hr/vacancies/new", None),
    "opening, wrong": ("hr", "/hr/vacancies/new", refused_vacancy),
    "opening": ("hr", "/hr/vacancies/{opening}", None),
    "vacancy": ("hr", "/vacancies/{opening}", None),
    "contact": ("hr", "/hr/contacts/{han}", None),
    "person, masked": ("hr", "/candidates/{wang}", None),
    "person, nothing to ask about": ("hr_new", "/candidates/{li}", None),
    "imports, empty": ("hr_new", "/imports", None),
    "imports, wrong": ("office", "/imports", unsent),
    "import": ("office", "/imports", looked_through),
    "imports": ("office", "/imports", None),
    "office": ("office", "/office", None),
    "admin": ("admin", "/admin", None),
    "admin, wrong": ("admin", "/admin", refused_account),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_page_is_accessible_narrow_and_self_contained(enter, closed, name, lang):
    from axe_playwright_python.sync_playwright import Axe

    who, address, first = PAGES[name]
    page = enter(who, address.format(**closed.ids), lang=lang)
    if first:
        first(page)
    assert page.get_attribute("html", "lang") == ("en" if lang == "en" else "zh-CN")
    page.evaluate(UNFOLD)
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.foreign == []
    assert [text for text in page.complaints if "status of 4" not in text] == []
    summary = page.locator(".error-summary")
    is_wrong = "wrong" in name or "unsure" in name
    assert summary.count() == is_wrong
    assert page.title().startswith("Error: " if lang == "en" else "错误：") == is_wrong
    for link in summary.locator("a").all():
        at_fault = page.locator(f"[id='{link.get_attribute('href')[1:]}']")
        assert at_fault.count() == 1
        assert at_fault.evaluate("one => one.matches('input, select, textarea, fieldset')")


def test_signing_in_and_posting_an_opening_by_keyboard_alone(enter):
    page = enter("", "/hr", lang="en")

    def to(field):
        for _ in range(60):
            if page.evaluate("document.activeElement.id") == field:
                return
            page.keyboard.press("Tab")
        pytest.fail(f"Tab does not come to {field}")

    to("email")
    page.keyboard.type("hr_new@example.org")
    to("password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/hr")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('href')") == "/hr/vacancies/new":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/hr/vacancies/new")
    to("title")
    page.keyboard.type("Keyboard engineer")
    to("text")
    page.keyboard.type("Knows C and USB HID.")
    to("headcount")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/vacancies/*done=vacancy")
    assert page.locator("h1").inner_text() == "Keyboard engineer"
    assert page.locator("[role=status].notice").inner_text() == "The opening is saved."


def test_a_job_seeker_sees_how_they_fit_and_nobody_else(enter, closed):
    page = enter("li", f"/vacancies/{closed.ids['opening']}", lang="en")
    assert page.locator("article.card").count() == 1
    assert (
        page.locator("article.card h3 a").get_attribute("href") == f"/candidates/{closed.ids['li']}"
    )
    assert page.locator("#compare, .needs, input[name=candidate]").count() == 0
    assert "架构师" not in page.content()


def test_an_employer_asks_about_one_of_their_own_openings(enter, closed):
    page = enter("hr", f"/candidates/{closed.ids['wang']}", lang="en", javascript=False)
    page.locator("details.ask summary").click()
    page.select_option("#ask-vacancy", label="Java 测试工程师")
    page.fill("#ask-message", "Shall we talk?")
    page.locator("details.ask button").click()
    assert "The request was sent" in page.locator(".notice").inner_text()
    assert "waiting for an answer" in page.locator("main").inner_text()
    assert page.locator("#ask-vacancy option").all_text_contents() == ["Java高级软件工程师"]
