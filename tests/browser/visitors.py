"""What visitors of the pages do in more than one journey."""

from __future__ import annotations

from tests.browser.closed_site import PASSWORD


def sign_in(page, email, password=PASSWORD):
    page.fill("#email", email)
    page.fill("#password", password)
    page.click("main form button")


def downloaded(page, selector) -> bytes:
    with page.expect_download() as got:
        page.locator(selector).first.click()
    return got.value.path().read_bytes()
