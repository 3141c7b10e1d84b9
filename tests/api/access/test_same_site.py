"""What another site lets a browser send is refused on every route that changes something, and nothing else is.

The rule is Go's (`http.CrossOriginProtection`). Browsers send `Sec-Fetch-Site` to https and to this machine;
to other hosts on plain http they do not, but send `Origin`. What sends neither is no browser.
"""

from __future__ import annotations

import pytest
from starlette.datastructures import Headers
from starlette.testclient import TestClient

from api.app import create_app
from api.assembly import Bole
from api.letting_in import SESSION_COOKIE
from api.same_site import may_pass
from api.settings import Settings
from search.accounts.principal import Role, Scope
from tests.api.access.served import SAFE, address_of, routes_of

PASSWORD = "correct horse battery staple"
OURS = "http://testserver"

#: What a request says of where it comes from; whether it may pass; with a session, if that differs.
TABLE = {
    "own page": ({"Sec-Fetch-Site": "same-origin", "Origin": OURS}, True, True),
    "typed by the person": ({"Sec-Fetch-Site": "none"}, True, True),
    "neighbouring site": ({"Sec-Fetch-Site": "same-site", "Origin": "http://other.testserver"}, False, False),
    "foreign site": ({"Sec-Fetch-Site": "cross-site", "Origin": "http://evil.example"}, False, False),
    "intranet, own page": ({"Origin": OURS}, True, True),
    "intranet, foreign": ({"Origin": "http://evil.example"}, False, False),
    "from nowhere": ({"Origin": "null"}, False, False),
    "no browser": ({}, True, False),
}  # fmt: skip


@pytest.fixture(scope="module")
def closed(tmp_path_factory):
    """An installation with accounts; without its lifespan, since no index is needed."""
    bole = Bole(Settings(data_dir=tmp_path_factory.mktemp("same-site"), embedding_model="static"))
    admin = bole.accounts.add("admin@example.org", PASSWORD, Role.ADMIN)
    client = TestClient(create_app(bole), raise_server_exceptions=False)
    yield bole, client, admin
    bole.close()


def unsafe_routes(client):
    return sorted(route for route in routes_of(client) if route.split()[0] not in SAFE)


def is_refused(answer):
    """Say whether an answer is the refusal, as problem+json or as a page."""
    return answer.status_code == 403 and (
        "/problems/cross-site" in answer.text or "The request came from another site" in answer.text
    )


def send(client, route, headers, *, token="", key=""):
    method, path = route.split()
    client.cookies.clear()
    if token:
        client.cookies.set(SESSION_COOKIE, token)
    sent = {"Accept-Language": "en", **headers}
    if key:
        sent["Authorization"] = f"Bearer {key}"
    answer = client.request(method, address_of(path), headers=sent, follow_redirects=False)
    client.cookies.clear()
    return answer


def test_the_refusal_is_told_from_others(closed):
    _, client, _ = closed
    assert is_refused(send(client, "POST /sign-in", {"Origin": "null"}))
    assert is_refused(send(client, "POST /v1/search", {"Origin": "null"}))
    assert not is_refused(send(client, "DELETE /v1/vacancies/{record_id}", {}))


@pytest.mark.parametrize("name", TABLE)
def test_every_unsafe_route(closed, name):
    bole, client, admin = closed
    headers, passes, passes_with_session = TABLE[name]
    wrong = []
    routes = unsafe_routes(client)
    assert len(routes) > 40
    for route in routes:
        bare = send(client, route, headers)
        if is_refused(bare) == passes:
            wrong.append((route, "without a session", bare.status_code))
        signed = send(client, route, headers, token=bole.sessions.begin(admin.id))
        if is_refused(signed) == passes_with_session:
            wrong.append((route, "with a session", signed.status_code))
    assert wrong == []


@pytest.mark.parametrize("name", TABLE)
def test_a_key_changes_nothing_of_it(closed, name):
    """No browser adds a key by itself; a page of another site that has one is refused all the same."""
    bole, client, admin = closed
    key = bole.api_keys.add(admin.id, "program", list(Scope))[1]
    headers, passes, _ = TABLE[name]
    answer = send(client, "DELETE /v1/vacancies/{record_id}", headers, key=key)
    assert is_refused(answer) != passes
    assert answer.status_code == (404 if passes else 403)


@pytest.mark.parametrize("name", TABLE)
def test_reading_is_never_refused(closed, name):
    _, client, _ = closed
    for path in ("/", "/sign-in", "/v1/roles"):
        assert client.get(path, headers=TABLE[name][0]).status_code == 200


@pytest.mark.parametrize(
    "origin",
    [
        "http://testserver.evil.example", "http://testserver@evil.example", "http://evil.example#testserver",
        "http://testserver:81", "http://[", "testserver", "//testserver", "", "http://", "http://xtestserver",
        "http://testserver, http://evil.example", "null", "file://", "http://evil.example/testserver",
    ],
)  # fmt: skip
def test_an_origin_that_only_looks_like_ours(origin):
    ours = origin == "//testserver"  # no browser sends this; it names our host
    assert may_pass(Headers({"host": "testserver", "origin": origin}), has_session=True) is ours


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("Bole.Example", "https://bole.example"), ("bole.example:8443", "https://bole.example:8443"),
        ("127.0.0.1:8000", "http://127.0.0.1:8000"), ("[::1]:8000", "http://[::1]:8000"),
    ],
)  # fmt: skip
def test_our_own_host_however_it_is_written(host, origin):
    assert may_pass(Headers({"host": host, "origin": origin}), has_session=True)


def test_no_other_site_is_allowed_to_read(closed):
    """There is no CORS: a preflight is answered without permission."""
    _, client, _ = closed
    asked = {
        "Origin": "http://evil.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
    }
    for path in ("/v1/search", "/v1/candidates", "/sign-in"):
        answer = client.options(path, headers=asked)
        assert not [name for name in answer.headers if name.startswith("access-control-")]
        assert "access-control-allow-origin" not in client.get(path, headers=asked).headers
