"""What every answer of every route carries; what is personal is in no cache, files are saved and never shown."""

from __future__ import annotations

import re

import pytest

from api.middleware import SECURITY_HEADERS
from tests.api.access.served import address_of, routes_of
from tests.ingest.tables.sheets import csv_of

SHOWN = re.compile(r"text/html; charset=utf-8|application/(problem\+)?json|text/plain; version=.*")
#: Routes whose answers are files; asked as somebody for whom there is one.
FILES = {
    "GET /v1/exports/candidates": "hr_a",
    "GET /v1/exports/vacancies": "hr_a",
    "GET /exports/{name}.{form}": "hr_a",
    "GET /v1/imports/template": "hr_a",
    "GET /imports/template/{kind}": "hr_a",
    "GET /v1/imports/{job_id}/corrected": "hr_a",
    "GET /imports/{job_id}/corrected.xlsx": "hr_a",
    "GET /v1/me/data": "candidate",
    "GET /me/data.json": "candidate",
    "GET /me/resume.json": "candidate",
}
#: The catalogue, the measures and the lists: the same for everybody.
PUBLISHED = ("GET /v1/benefits", "GET /v1/regions", "GET /v1/roles", "GET /v1/skills")
#: As in the table of rights: what would change a record for the other tests is asked of what is not there.
CHANGES = {"DELETE /v1/me", "POST /me/consents"}


@pytest.fixture(scope="module")
def job(installation):
    """An import whose sheet is text that browsers would take for a page."""
    hr_a = installation.accounts["hr_a"]
    content = csv_of([["职位名称", "招聘人数"], ["<script>alert(1)</script>", "x"]])
    made = installation.bole.import_jobs.add(
        hr_a.principal.owner, hr_a.id, "vacancy", "x.html", content, {}
    )
    installation.bole.importing.wake()
    return made.id


def ask(installation, who, route, parts=None, **more):
    method, path = route.split()
    send = installation.ask if path.startswith("/v1/") else installation.page
    address = address_of(path, parts)
    if path == "/v1/imports/template":
        address += "?kind=vacancy"
    if route == "POST /sign-in":  # attempts are counted by address
        more["data"] = {"email": f"{who}@headers.example"}
    return send(who, method, address, **more)


def missing(answer, *, is_published=False):
    """Return what an answer lacks; what is published may be kept by caches."""
    headers, lacks = answer.headers, []
    for name, value in SECURITY_HEADERS.items():
        if headers.get_list(name) != [value]:
            lacks.append(name)
    if headers.get("cache-control") != "no-store" and not is_published:
        lacks.append("no-store")
    if "unsafe" in headers["content-security-policy"]:
        lacks.append("a policy")
    kind = headers.get("content-type", "")
    is_file = headers.get("content-disposition", "").startswith("attachment; filename=")
    if answer.content and not (SHOWN.fullmatch(kind) or is_file):
        lacks.append(f"to be saved, as {kind}")
    if "server" in headers or "x-powered-by" in headers:
        lacks.append("silence about its version")
    return lacks


def test_the_policy_allows_nothing_inline_and_nobody_to_frame():
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in SECURITY_HEADERS["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert {policy[name] for name in ("script-src", "style-src", "form-action")} == {"'self'"}
    assert SECURITY_HEADERS["X-Content-Type-Options"] == "nosniff"
    assert SECURITY_HEADERS["Referrer-Policy"] in {"same-origin", "no-referrer"}


@pytest.mark.parametrize("who", ["anonymous", "candidate", "hr_a", "admin", "disabled"])
def test_every_route_whoever_asks(installation, who):
    wrong = {}
    for route in sorted(routes_of(installation.client) - CHANGES):
        is_published = route.startswith(PUBLISHED)
        if lacks := missing(ask(installation, who, route), is_published=is_published):
            wrong[route] = lacks
    assert wrong == {}


def test_every_record_is_in_no_cache(installation):
    ids = installation.ids
    for who, path in (
        ("candidate", f"/v1/candidates/{ids['agreed']}"),
        ("candidate", f"/candidates/{ids['agreed']}"),
        ("candidate", "/me"),
        ("candidate", "/me/profile"),
        ("hr_a", "/hr"),
        ("hr_a", f"/vacancies/{ids['open_a']}"),
        ("hr_a", "/?q=Java&target=candidates"),
        (
            "hr_a",
            f"/compare?vacancy={ids['open_a']}&candidate={ids['agreed']}&candidate={ids['other']}",
        ),
        ("admin", "/admin"),
        ("office", "/office"),
        ("hr_a", f"/hr/vacancies/{ids['open_a']}"),
    ):
        ask_as = installation.ask if path.startswith("/v1/") else installation.page
        answer = ask_as(who, "GET", path)
        assert answer.status_code == 200, path
        assert missing(answer) == [], path


@pytest.mark.parametrize("route", FILES)
def test_files_are_saved_and_never_shown(installation, job, eventually, route):
    hr_a = installation.accounts["hr_a"].principal.owner
    eventually(lambda: installation.bole.import_jobs.get(job, hr_a).state == "checked")
    answer = ask(installation, FILES[route], route, {"{job_id}": job})
    assert answer.status_code == 200
    disposition = answer.headers["content-disposition"]
    assert re.fullmatch(r'attachment; filename="[a-z.-]+\.(xlsx|csv|json|jsonl)"', disposition)
    assert "html" not in answer.headers["content-type"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


def test_what_was_sent_in_is_served_nowhere(installation, job):
    """No route gives a file back as it came; what is quoted of it on pages is escaped."""
    for path in (
        f"/imports/{job}",
        f"/imports/{job}/",
        f"/imports/{job}/x.html",
        f"/imports/{job}/content",
        "/static/../x.html",
    ):
        assert "<script>alert" not in installation.page("hr_a", "GET", path).text


def test_static_files_are_no_folder(installation):
    for path in (
        "/static",
        "/static/",
        "/static/%2e%2e/templates/base.html",
        "/static/..%2f..%2fapp.py",
        "/static//etc/passwd",
        "/static/.git/config",
    ):
        answer = installation.page("anonymous", "GET", path)
        assert answer.status_code == 404, path


@pytest.mark.parametrize(
    "path",
    [
        "/docs",
        "/redoc",
        "/openapi.json",
        "/debug",
        "/.env",
        "/.git/config",
        "/server-status",
        "/v1/docs",
        "/healthz",
    ],
)
def test_nothing_else_is_open(installation, path):
    assert installation.page("admin", "GET", path).status_code == 404
