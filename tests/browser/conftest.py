"""A real Chromium against a real server."""

from __future__ import annotations

import importlib.util
import os
from datetime import date
from pathlib import Path

import pytest

from api.assembly import Bole
from api.letting_in import SESSION_COOKIE
from api.settings import Settings
from ingest.samples.candidates import generate_candidates
from ingest.samples.vacancies import generate_vacancies
from tests.browser.closed_site import Closed, closed_installation
from tests.browser.serving import serving

CHROMIUM = Path("/usr/bin/chromium")


def _give_up(reason):
    """Skip, or fail where a browser is required (BOLE_REQUIRE_BROWSER=1)."""
    if os.environ.get("BOLE_REQUIRE_BROWSER") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium():
    """Return the path of a Chromium that can be driven."""
    if importlib.util.find_spec("playwright") is None:
        _give_up("playwright is not installed; install the dev group")
    if not CHROMIUM.exists():
        _give_up(f"there is no {CHROMIUM}; apt-get install chromium")
    return CHROMIUM


# For a module, not the session: as long as it is open, an event loop runs in the thread of the tests, and
# those of other folders could not run one.
@pytest.fixture(scope="module")
def browser(chromium):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(chromium), args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(chromium, tmp_path_factory):
    """Serve the catalogue and some invented people and openings; return the address."""
    del chromium  # without one there is nothing to serve
    folder = tmp_path_factory.mktemp("browser")
    bole = Bole(Settings(data_dir=folder, as_of=date(2026, 11, 24)))
    bole.store.put_many([*generate_candidates(40, 7), *generate_vacancies(30, 7)], "public")
    with serving(bole) as address:
        yield address


@pytest.fixture(scope="session")
def closed(chromium, tmp_path_factory):
    """Serve an installation with accounts."""
    del chromium
    bole, accounts, ids = closed_installation(tmp_path_factory.mktemp("closed-browser"))
    with serving(bole) as address:
        made = Closed(address, bole, accounts, ids)
        made.wait()
        yield made


@pytest.fixture
def visit(opened, site):
    """Open pages of the open installation."""

    def open_page(address, **options):
        page = opened(site, **options)
        page.goto(site + address)
        return page

    return open_page


@pytest.fixture
def enter(opened, closed):
    """Open pages of the installation with accounts, as somebody who is signed in; "" is nobody."""

    def open_page(who, address, **options):
        page = opened(closed.address, **options)
        if who:
            token = closed.bole.sessions.begin(closed.accounts[who].id)
            page.context.add_cookies(
                [{"name": SESSION_COOKIE, "value": token, "url": closed.address}]
            )
        page.goto(closed.address + address)
        return page

    return open_page


@pytest.fixture
def opened(browser):
    """Make browsers; what they ask of other hosts is recorded and refused, what they complain of recorded."""
    contexts = []

    def open_browser(site, *, width=1280, lang="zh", javascript=True):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
            locale="en-GB" if lang == "en" else "zh-CN",
            # What has just been unfolded would be judged by colours halfway to theirs.
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.foreign, page.complaints = [], []
        context.route(lambda url: not url.startswith(site), lambda route: _refuse(page, route))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        return page

    yield open_browser
    for context in contexts:
        context.close()


def _refuse(page, route):
    page.foreign.append(route.request.url)
    route.abort()
