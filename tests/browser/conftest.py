"""A real Chromium against a real server."""

from __future__ import annotations

import os
import socket
import threading
import time
from datetime import date
from pathlib import Path

import httpx
import pytest
import uvicorn

from api.app import create_app
from api.assembly import Bole
from api.settings import Settings
from ingest.samples.candidates import generate_candidates
from ingest.samples.vacancies import generate_vacancies

CHROMIUM = Path("/usr/bin/chromium")


def _give_up(reason):
    """Skip, or fail where a browser is required (BOLE_REQUIRE_BROWSER=1)."""
    if os.environ.get("BOLE_REQUIRE_BROWSER") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser():
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _give_up("playwright is not installed; install the dev group")
    if not CHROMIUM.exists():
        _give_up(f"there is no {CHROMIUM}; apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(browser, tmp_path_factory):
    """Serve the catalogue and some invented people and openings; return the address."""
    del browser  # without one there is nothing to serve
    folder = tmp_path_factory.mktemp("browser")
    bole = Bole(Settings(data_dir=folder, as_of=date(2026, 11, 24)))
    bole.store.put_many([*generate_candidates(40, 7), *generate_vacancies(30, 7)], "public")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(create_app(bole), host="127.0.0.1", port=port, log_level="error")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{port}"
    _wait(address)
    yield address
    server.should_exit = True
    thread.join(timeout=30)


@pytest.fixture
def visit(browser, site):
    """Open pages of the site; every request to another host is recorded and refused."""
    contexts = []

    def open_page(address, *, width=1280, lang="zh", javascript=True):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
            locale="en-GB" if lang == "en" else "zh-CN",
        )
        contexts.append(context)
        page = context.new_page()
        page.foreign, page.complaints = [], []
        context.route(lambda url: not url.startswith(site), lambda route: _refuse(page, route))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(site + address)
        return page

    yield open_page
    for context in contexts:
        context.close()


def _refuse(page, route):
    page.foreign.append(route.request.url)
    route.abort()


def _wait(address):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{address}/v1/ready").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    pytest.fail("the server did not become ready")
