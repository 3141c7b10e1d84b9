"""What an office and an administrator come for, from beginning to end; with JavaScript and without."""

from __future__ import annotations

import io

import openpyxl
import pytest

from tests.browser.closed_site import SHEET, workbook
from tests.browser.visitors import downloaded, sign_in

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("lang", "javascript"), [("zh", False), ("en", True)])
def test_an_office_imports_a_sheet_puts_it_right_and_exports(enter, lang, javascript):
    page = enter("", "/office", lang=lang, javascript=javascript)
    sign_in(page, "office@example.org")
    page.click("main a[href='/imports']")
    name = f"嵌入式软件工程师{lang}"
    sheet = [SHEET[0], (name, *SHEET[1][1:]), SHEET[2]]

    def send(content):
        page.set_input_files("#file", {"name": "职位.xlsx", "mimeType": "x/y", "buffer": content})
        page.click("main form button")

    send(workbook(sheet))
    page.wait_for_selector("#faults")
    faults = page.locator("tbody tr")
    assert faults.count() == 2
    assert faults.nth(1).locator("td").nth(1).inner_text() == "瓦坎达"
    corrected = openpyxl.load_workbook(io.BytesIO(downloaded(page, "a[href$='corrected.xlsx']")))
    page.locator("form[action$='/run'] button").click()
    page.wait_for_selector("form[action$='/run']", state="detached")
    page.wait_for_selector("progress", state="detached")
    assert "1" in page.locator(".facts").inner_text()

    rows = corrected.active
    header = {cell.value: cell.column for cell in rows[1]}
    rows.cell(2, header["职位名称"]).value = f"量子测控工程师{lang}"
    rows.cell(2, header["工作地点"]).value = "宁波市"
    held = io.BytesIO()
    corrected.save(held)
    page.click(".crumb a")
    send(held.getvalue())
    page.wait_for_selector("form[action$='/run'] button")
    assert page.locator("#faults").count() == 0
    page.locator("form[action$='/run'] button").click()
    page.wait_for_selector("form[action$='/run']", state="detached")
    page.wait_for_selector("progress", state="detached")
    page.click(".crumb a")
    exported = downloaded(page, "a[href='/exports/vacancies.csv']").decode("utf-8-sig")
    assert name in exported
    assert f"量子测控工程师{lang}" in exported


@pytest.mark.parametrize(("lang", "javascript"), [("zh", True), ("en", False)])
def test_an_administrator_adds_an_account_whose_password_is_changed_first(enter, closed, lang, javascript):  # fmt: skip
    admin = enter("", "/admin", lang=lang, javascript=javascript)
    sign_in(admin, "admin@example.org")
    email = f"new-hr-{lang}@example.org"
    form = "form[action='/admin/accounts']"
    admin.fill("#email", email)
    admin.select_option("#role", "employer")
    admin.click(f"{form} button")
    assert admin.locator(".error-summary a").get_attribute("href") == "#organisation"
    assert admin.locator("#role").input_value() == "employer"
    admin.fill("#organisation", f"Newly {lang}")
    admin.click(f"{form} button")
    first = admin.locator(".secret").inner_text()

    page = enter("", "/hr/vacancies/new", lang=lang, javascript=javascript)
    sign_in(page, email, first)
    assert page.url.endswith("/account/password")
    page.goto(f"{closed.address}/hr")
    assert page.url.endswith("/account/password")
    page.fill("#old", first)
    page.fill("#new", "short")
    page.click("main form button")
    assert page.locator(".error-summary a").get_attribute("href") == "#new"
    page.fill("#old", first)
    page.fill("#new", "a long enough sentence of staff")
    page.click("main form button")
    assert page.url.endswith("/hr?done=password")
    page.goto(f"{closed.address}/account")
    page.click("form[action='/sign-out'] button")
    page.goto(f"{closed.address}/sign-in")
    sign_in(page, email, first)
    assert page.locator(".error-summary a").get_attribute("href") == "#email"
    sign_in(page, email, "a long enough sentence of staff")
    assert page.url.endswith("/hr")
