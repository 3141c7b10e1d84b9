"""What people come for, from beginning to end, through forms and links alone; with JavaScript and without."""

from __future__ import annotations

import io
import json

import docx
import pytest

from tests.browser.visitors import downloaded, sign_in

pytestmark = pytest.mark.browser

#: A job seeker, an opening that they fit, and the words of the pages in either language.
CASES = {
    "zh": {
        "javascript": True,
        "email": "zhaomin@example.net",
        "title": "量子软件工程师",
        "refused": "只招女性",
        "sent": "等待答复",
        "agreed": "已同意",
        "withdrawn": "已撤回",
        "reader": "Acme",
        "erased": "已删除",
    },
    "en": {
        "javascript": False,
        "email": "zhaolin@example.net",
        "title": "Rust软件工程师",
        "refused": "只招女性",
        "sent": "waiting for an answer",
        "agreed": "You agreed",
        "withdrawn": "taken back",
        "reader": "Acme",
        "erased": "Erased",
    },
}


def resume(title: str) -> bytes:
    """Return a résumé as people write it, as a DOCX file."""
    document = docx.Document()
    for line in (
        "赵敏",
        "电话：13700137000",
        "邮箱：zhao@example.net",
        "求职意向",
        title,
        "专业技能",
        "Rust、PostgreSQL、Linux",
        "工作经历",
        "2019.03-2024.05 示例云科技有限公司 软件工程师",
        "用 Rust 开发调度系统。",
        "教育经历",
        "2015.09-2019.06 示例大学 软件工程 本科",
    ):
        document.add_paragraph(line)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def noticed(page) -> str:
    return page.locator(".notice").inner_text()


@pytest.mark.parametrize("lang", CASES)
def test_a_job_seeker_and_an_employer_come_together(enter, closed, lang):
    case = CASES[lang]
    options = {"lang": lang, "javascript": case["javascript"]}
    seeker = enter("", "/register", **options)
    make_profile(seeker, case)
    address = give_consents(seeker)

    employer = enter("", "/hr", **options)
    sign_in(employer, "hr@example.org")
    vacancy = post_vacancy(employer, case)
    closed.wait()
    ask(employer, vacancy, address, case)

    see_matches_and_search(seeker, case)
    answer(seeker, case)

    employer.goto(f"{closed.address}/hr")
    employer.locator("#asked article", has_text=case["title"]).locator("a.button").click()
    details = employer.locator("main").inner_text()
    assert "赵敏" in details and "13700137000" in details
    assert "zhao@example.net" not in details and "示例大学" not in details

    leave(seeker, case)
    employer.goto(f"{closed.address}{address}")
    assert "13700137000" not in employer.content()
    assert employer.locator("h1").inner_text() != case["title"]


def make_profile(page, case):
    """Register, send a résumé, look through what was read, and save it."""
    page.click("main form button")
    assert page.locator(".error-summary a").count() == 2
    page.fill("#email", case["email"])
    page.fill("#password", "a sentence that nobody guesses")
    page.check("#terms")
    page.click("main form button")
    assert page.url.endswith("/me?done=registered")
    page.click("main a.button")
    sent = {"name": "简历.docx", "mimeType": "x/y", "buffer": resume(case["title"])}
    page.set_input_files("#file", sent)
    page.click("form.upload button")
    assert page.locator("#headline").input_value() == case["title"]
    assert page.locator("#skills").input_value().split("\n") == ["Rust", "PostgreSQL", "Linux"]
    assert page.locator("#work-0-start").input_value() == "2019-03"
    assert page.locator("#education-0-level").input_value() == "bachelor"
    assert page.locator("#contact-name").input_value() == "赵敏"
    page.fill("#years_experience", "many")
    page.click("form[action='/me/profile'] button")
    page.locator(".error-summary a").click()
    page.fill("#years_experience", "5")
    page.select_option("#region", "330106")
    page.locator("#wished_region details", has=page.locator("#wished_region-330100")).locator(
        "summary"
    ).click()
    page.check("#wished_region-330100")
    page.click("form[action='/me/profile'] button")
    assert page.url.endswith("/me?done=profile")
    assert noticed(page)
    page.goto(page.url.replace("/me?done=profile", "/me/profile"))
    assert page.locator("#wished_region-330100").is_checked()
    assert page.locator("#region").input_value() == "330106"


def give_consents(page) -> str:
    """Agree to be found and asked; return the address of the profile."""
    page.click(".crumb a")
    for purpose in ("matching", "contact", "statistics"):
        assert not page.locator(f"#{purpose}-yes").is_checked()
    page.check("#matching-yes")
    page.check("#contact-yes")
    page.click("#consents button")
    assert page.url.endswith("done=consents")
    assert page.locator("#matching-yes").is_checked()
    assert not page.locator("#statistics-yes").is_checked()
    return page.locator("main a.button").first.get_attribute("href")


def post_vacancy(page, case) -> str:
    """Post an opening after a first wording was refused; return its address."""
    page.click("main a.button")
    page.fill("#title", case["title"])
    page.fill("#text", f"开发调度系统，必须熟悉Rust，{case['refused']}。")
    page.select_option("#region", "330100")
    page.click("main form button")
    fault = page.locator("#text-fault").inner_text()
    assert f"“{case['refused']}”" in fault
    assert page.locator("#text").get_attribute("aria-describedby").endswith("text-fault")
    assert page.locator("#region").input_value() == "330100"
    page.fill("#text", "开发调度系统，必须熟悉Rust。")
    page.click("main form button")
    assert page.url.endswith("done=vacancy")
    return page.url.partition("?")[0]


def ask(page, vacancy, address, case):
    """See the person de-identified among those who fit, and ask to be put in touch."""
    page.goto(vacancy)
    card = page.locator("article.card", has=page.locator(f"h3 a[href='{address}']"))
    assert case["title"] in card.inner_text()
    for name in ("赵敏", "示例云科技", "示例大学", "13700137000"):
        assert name not in page.content()
    card.locator("details.ask summary").click()
    card.locator("textarea").fill("想和您聊聊。")
    card.locator("details.ask button").click()
    assert case["sent"] in card.inner_text()
    page.goto(page.url.partition("/vacancies")[0] + address)
    assert "赵敏" not in page.content()


def see_matches_and_search(page, case):
    """Find the opening among the own matches, by searching, and see how one fits it."""
    page.goto(page.url.partition("/me")[0] + "/me")
    page.locator("main a.button").first.click()
    assert page.locator("article.card h3 a").first.inner_text() == case["title"]
    page.click("a.brand")
    page.fill("#q", case["title"])
    page.check("input[name=target][value=vacancies]")
    page.click("form.search button")
    page.locator("article.card h2 a", has_text=case["title"]).first.click()
    assert page.locator("article.card").count() == 1
    assert "Rust" in page.locator(".groups div", has=page.locator(".state.met")).inner_text()


def answer(page, case):
    """Agree to pass some of it on, after having ticked nothing."""
    page.goto(page.url.partition("/vacancies")[0] + "/me")
    request = page.locator("#requests article")
    assert "想和您聊聊" in request.inner_text()
    request.locator("button[value=agree]").click()
    page.locator(".error-summary a").click()
    for name in ("name", "phone"):
        request.locator(f"input[value={name}]").check()
    request.locator("button[value=agree]").click()
    assert case["agreed"] in noticed(page)


def leave(page, case):
    """See who read, take everything away, withdraw, and erase oneself."""
    page.goto(page.url.partition("?")[0])
    page.locator("section:has(#read-title) summary").click()
    readings = page.locator("section:has(#read-title) li")
    assert readings.count() == 2
    assert case["reader"] in readings.first.inner_text()
    exported = json.loads(downloaded(page, "a[href='/me/data.json']"))
    assert exported["account"]["email"] == case["email"]
    assert exported["profiles"][0]["contact"]["phone"] == "13700137000"
    assert exported["contact_requests"][0]["fields"] == ["name", "phone"]
    assert json.loads(downloaded(page, "a[href='/me/resume.json']"))["basics"]["name"] == "赵敏"
    page.locator("#requests button[value=withdraw]").click()
    assert case["withdrawn"] in page.locator("#requests article").inner_text()
    page.locator("a[href='/me/erase']").click()
    page.click("button.danger")
    assert page.locator(".error-summary a").get_attribute("href") == "#sure"
    page.check("#sure")
    page.click("button.danger")
    assert page.locator("h1").inner_text() == case["erased"]
    page.goto(page.url.partition("/me")[0] + "/me")
    assert "/sign-in" in page.url
