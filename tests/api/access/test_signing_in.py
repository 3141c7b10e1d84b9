"""Signing in and out in a browser: what a session is worth, when it ends, and where it leads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit

import pytest

from api.letting_in import DEVICE_COOKIE, SESSION_COOKIE
from search.accounts.principal import Role, Scope
from search.accounts.sessions import IDLE, LONGEST, SessionStore
from search.accounts.sign_in import TRIES
from tests.api.access.served import address_of, routes_of
from tests.api.access.signing import ACME, ADMIN, LI, PASSWORD, closed, copied

OTHER = "an entirely other password"


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    folder = tmp_path_factory.mktemp("original")
    closed(folder).bole.close()
    return folder


@pytest.fixture
def here(original, tmp_path):
    made = copied(original, tmp_path)
    yield made
    made.bole.close()


@pytest.fixture(scope="module")
def shared(original, tmp_path_factory):
    """One for tests that change nothing of anybody's."""
    made = copied(original, tmp_path_factory.mktemp("shared"))
    yield made
    made.bole.close()


def cookies_of(answer):
    """Return the attributes of each cookie that an answer sets, names in lower case."""
    found = {}
    for line in answer.headers.get_list("set-cookie"):
        pair, *rest = line.split("; ")
        name, _, value = pair.partition("=")
        attributes = dict(part.lower().partition("=")[::2] for part in rest)
        found[name] = (value, attributes)
    return found


def is_let_in(client):
    return client.get("/account").status_code == 200


@pytest.mark.parametrize("base", ["http://testserver", "https://testserver"])
def test_the_cookies_of_a_session(shared, base):
    client = shared.browser(base)
    answer = client.post("/sign-in", data={"email": LI, "password": PASSWORD})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/me"
    cookies = cookies_of(answer)
    assert set(cookies) == {SESSION_COOKIE, DEVICE_COOKIE}
    for _, attributes in cookies.values():
        assert "httponly" in attributes
        assert attributes["samesite"] in {"lax", "strict"}
        assert ("secure" in attributes) is base.startswith("https")
        assert "domain" not in attributes
    token, attributes = cookies[SESSION_COOKIE]
    assert int(attributes["max-age"]) == LONGEST.total_seconds()
    assert len(token) >= 43  # 256 bits
    assert answer.headers["cache-control"] == "no-store"


def test_each_sign_in_has_a_token_of_its_own_and_ends_the_one_before(here):
    client = here.signed_in()
    first = client.cookies[SESSION_COOKIE]
    client.post("/sign-in", data={"email": LI, "password": PASSWORD})
    second = client.cookies[SESSION_COOKIE]
    assert first != second
    thief = here.browser()
    thief.cookies.set(SESSION_COOKIE, first)
    assert not is_let_in(thief)


def test_a_token_that_was_planted_is_never_taken_over(here):
    client = here.browser()
    client.cookies.set(SESSION_COOKIE, "planted")
    answer = client.post("/sign-in", data={"email": LI, "password": PASSWORD})
    assert cookies_of(answer)[SESSION_COOKIE][0] != "planted"
    assert here.bole.sessions.principal("planted") is None


ENDS = {
    "sign-out": lambda here, client: client.post("/sign-out"),
    "new password": lambda here, client: client.post("/account/password", data={"old": PASSWORD, "new": OTHER}),
    "password set by another": lambda here, _: here.bole.accounts.set_password(here.accounts[LI], OTHER),
    "disabled": lambda here, _: here.bole.accounts.disable(here.accounts[LI]),
    "other role": lambda here, _: here.bole.accounts.set_role(here.accounts[LI], Role.ADMIN, None),
    "erased": lambda here, client: client.post("/me/erase", data={"sure": "yes"}),
}  # fmt: skip


@pytest.mark.parametrize("name", ENDS)
def test_a_stolen_cookie_is_dead_after(here, name):
    client, thief = here.signed_in(), here.browser()
    thief.cookies.set(SESSION_COOKIE, client.cookies[SESSION_COOKIE])
    assert is_let_in(thief)
    ENDS[name](here, client)
    assert not is_let_in(thief)
    assert thief.get("/v1/me/data").status_code == 401
    if name in {"sign-out", "erased"}:
        assert not is_let_in(client)


def test_who_changes_the_password_stays_signed_in(here):
    client = here.signed_in()
    before = client.cookies[SESSION_COOKIE]
    assert client.post("/account/password", data={"old": PASSWORD, "new": OTHER}).status_code == 303
    assert client.cookies[SESSION_COOKIE] != before
    assert is_let_in(client)
    here.signed_in(password=OTHER)


def test_a_session_ends_when_nothing_is_asked(here):
    def begun(ago):
        at = datetime.now(UTC) - ago
        old = SessionStore(here.bole.database, here.bole.accounts, now=lambda: at)
        client = here.browser()
        client.cookies.set(SESSION_COOKIE, old.begin(here.accounts[LI].id))
        return client

    assert not is_let_in(begun(IDLE + timedelta(seconds=5)))
    assert is_let_in(begun(IDLE - timedelta(minutes=1)))


def test_a_session_ends_whatever_is_asked(here):
    begun = datetime.now(UTC) - LONGEST - timedelta(seconds=5)
    at = begun
    kept = SessionStore(here.bole.database, here.bole.accounts, now=lambda: at)
    token = kept.begin(here.accounts[LI].id)
    while at < begun + LONGEST - timedelta(minutes=20):
        assert kept.principal(token) is not None
        at += timedelta(minutes=20)
    client = here.browser()
    client.cookies.set(SESSION_COOKIE, token)
    assert not is_let_in(client)


def test_whose_password_another_chose_sees_one_page_only(here):
    here.bole.accounts.set_password(here.accounts[ACME], OTHER, must_change=True)
    client = here.signed_in(ACME, OTHER)
    for route in sorted(routes_of(client)):
        method, path = route.split()
        if path.startswith(FOR_EVERYBODY):
            continue
        answer = client.request(method, address_of(path))
        if path.startswith("/v1/"):
            # A request that is no sentence is answered before it is known whose it is.
            assert answer.status_code in {403, 422, 415}, route
        else:
            went = answer.status_code, answer.headers.get("location")
            assert went == (303, "/account/password"), route
    assert client.get("/v1/me/data").status_code == 403
    assert client.get("/account/password").status_code == 200
    key = here.bole.api_keys.add(here.accounts[ACME].id, "program", list(Scope))[1]
    asked = here.browser().get("/v1/vacancies", headers={"Authorization": f"Bearer {key}"})
    assert asked.status_code == 401
    new = "my own and rather long password"
    client.post("/account/password", data={"old": OTHER, "new": new})
    assert client.get("/hr").status_code == 200
    asked = here.browser().get("/v1/vacancies", headers={"Authorization": f"Bearer {key}"})
    assert asked.status_code == 200


#: What is answered alike to everybody, or leads out.
FOR_EVERYBODY = (
    "/about", "/roles", "/problems", "/metrics", "/account/password", "/sign-out", "/v1/openapi.json",
    "/v1/health", "/v1/ready", "/v1/roles", "/v1/skills", "/v1/regions", "/benefits",
)  # fmt: skip

ELSEWHERE = [
    "http://evil.example", "https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example",
    "\\\\evil.example", "/\t/evil.example", "\t//evil.example", "/\n/evil.example", "/\r/evil.example",
    "javascript:alert(1)", "data:text/html,x", "evil.example", "@evil.example", " //evil.example",
    "/%5C/evil.example\\", "/a\\..\\//evil.example", "http:evil.example", "http:/evil.example", "",
    "\u2028//evil.example", "/\u200b/evil.example\u2029", "/\x00/evil.example", "//evil.example@testserver/",
]  # fmt: skip


@pytest.mark.parametrize("wanted", ELSEWHERE, ids=ascii)
def test_after_signing_in_nobody_is_led_to_another_site(shared, wanted):
    client = shared.browser()
    answer = client.post("/sign-in", data={"email": LI, "password": PASSWORD, "next": wanted})
    assert answer.status_code == 303
    went = answer.headers["location"]
    assert went.startswith("/")
    # As a browser reads it: stray controls dropped, backslashes as slashes.
    read = "".join(c for c in went if c not in "\t\r\n").replace("\\", "/")
    assert urlsplit(urljoin("http://testserver/sign-in", read)).netloc == "testserver"


def test_after_signing_in_the_page_that_was_wanted_is_shown(here):
    asked = here.browser().get("/me/profile?lang=en&q=a%26b")
    address = asked.headers["location"]
    client = here.browser()
    page = client.get(address)
    assert 'name="next" value="/me/profile?lang=en&amp;q=a%26b"' in page.text
    answer = client.post(
        "/sign-in",
        data={"email": LI, "password": PASSWORD, "next": "/me/profile?lang=en&q=a%26b"},
    )
    assert answer.headers["location"] == "/me/profile?lang=en&q=a%26b"


def test_a_thousand_wrong_passwords(here):
    from sqlalchemy import func, select

    from search.records.account_tables import LOGIN_ATTEMPT

    owner = here.signed_in()  # a browser that is known by now
    owner.post("/sign-out")
    statuses = []
    for number in range(1000):
        client = here.browser()
        answer = client.post("/sign-in", data={"email": LI, "password": f"wrong {number}"})
        statuses.append(answer.status_code)
    assert statuses == [422] * TRIES + [429] * (1000 - TRIES)
    assert 0 < int(answer.headers["retry-after"]) <= 900
    with here.bole.database.reading() as connection:
        looked_at = connection.execute(select(func.count()).select_from(LOGIN_ATTEMPT)).scalar()
    assert looked_at == TRIES
    right = {"email": LI, "password": PASSWORD}
    assert here.browser().post("/sign-in", data=right).status_code == 429
    assert owner.post("/sign-in", data=right).status_code == 303
    # The own password can still be changed, too.
    assert owner.post("/account/password", data={"old": PASSWORD, "new": OTHER}).status_code == 303


def test_whether_there_is_an_account_is_not_told(here):
    """Same status, headers and body, first, last and beyond; a disabled account is as one that is not there."""
    here.bole.accounts.disable(here.accounts[ACME])
    answers = {}
    for email in (LI, ACME, "nobody@example.org"):
        client = here.browser()
        answers[email] = [
            client.post("/sign-in", data={"email": email, "password": "wrong"})
            for _ in range(TRIES + 1)
        ]

    def shape(answer, email):
        headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
        headers["retry-after"] = "some" if "retry-after" in headers else "none"
        body = answer.text.replace(email, "EMAIL").replace(answer.headers["x-request-id"], "ID")
        return answer.status_code, headers | {"content-length": ""}, body

    for number in (0, TRIES - 1, TRIES):
        told = [shape(found[number], email) for email, found in answers.items()]
        assert told[0] == told[1] == told[2]
    assert answers[LI][0].status_code == 422
    assert answers[LI][TRIES].status_code == 429


def test_registering(here):
    def register(**changed):
        sent = {"email": "new@example.org", "name": "Han", "password": OTHER, "terms": "yes"}
        client = here.browser()
        return client, client.post("/register", data=sent | changed)

    for changed, field in (
        ({"email": LI}, "email"), ({"email": " LI@Example.ORG "}, "email"), ({"email": "none"}, "email"),
        ({"terms": ""}, "terms"), ({"password": "short"}, "password"), ({"password": ""}, "password"),
        ({"password": "password1"}, "password"), ({"password": "11111111"}, "password"),
        ({"password": "abcdefgh"}, "password"), ({"name": "Hanmeimei", "password": "xhanmeimeix"}, "password"),
        ({"password": "x" * 257}, "password"),
    ):  # fmt: skip
        client, answer = register(**changed)
        assert answer.status_code == 422, changed
        assert f'id="{field}-fault"' in answer.text, changed
        assert SESSION_COOKIE not in client.cookies
        assert (changed.get("password") or OTHER) not in answer.text
    client, answer = register()
    assert (answer.status_code, answer.headers["location"]) == (303, "/me?done=registered")
    assert is_let_in(client)
    assert here.bole.accounts.find("new@example.org").role is Role.CANDIDATE
    _, answer = register()
    assert answer.status_code == 422


def test_registering_gives_no_other_role(here):
    sent = {"email": "new@example.org", "password": OTHER, "terms": "yes"}
    sent |= {
        "role": "admin",
        "organisation": "Acme",
        "must_change": "",
        "id": "x",
        "owner": "public",
    }
    assert here.browser().post("/register", data=sent).status_code == 303
    made = here.bole.accounts.find("new@example.org")
    assert (made.role, made.organisation) == (Role.CANDIDATE, None)


def test_registering_where_it_is_off(original, tmp_path):
    made = copied(original, tmp_path, registration=False)
    sent = {"email": "new@example.org", "password": OTHER, "terms": "yes"}
    client = made.browser()
    assert client.get("/register").status_code == 403
    assert client.post("/register", data=sent).status_code == 403
    assert "/register" not in client.get("/sign-in").text
    assert len(made.bole.accounts.all()) == 3
    made.bole.close()


SECRET = " Zq7!secret of mine <&> "


def test_no_answer_repeats_a_password(here):
    """Not where it is wrong, nor where it is right, nor where it is refused."""
    here.bole.accounts.set_password(here.accounts[LI], SECRET)
    client = here.browser()
    sends = [
        ("/sign-in", {"email": LI, "password": "x" + SECRET}),
        ("/sign-in", {"email": "none@example.org", "password": SECRET}),
        ("/register", {"email": LI, "password": SECRET, "terms": "yes"}),
        ("/register", {"email": "none", "password": SECRET}),
        ("/sign-in", {"email": LI, "password": SECRET}),
        ("/account/password", {"old": "x" + SECRET, "new": SECRET}),
        ("/account/password", {"old": SECRET, "new": "x"}),
        ("/account/password", {"old": SECRET, "new": SECRET + SECRET}),
    ]
    for path, data in sends:
        answer = client.post(path, data=data)
        assert "secret of mine" not in answer.text + str(answer.headers), path
    assert is_let_in(client)


def test_a_password_is_taken_as_it_was_typed(here):
    here.bole.accounts.set_password(here.accounts[LI], SECRET)
    wrong = here.browser().post("/sign-in", data={"email": LI, "password": SECRET.strip()})
    assert wrong.status_code == 422
    assert is_let_in(here.signed_in(f"  {LI.upper()} ", SECRET))


def test_a_key_is_shown_once_and_revoked_at_once(here):
    client = here.signed_in(ACME)
    page = client.post("/account/keys", data={"name": "HR system", "scope": ["read"]})
    key = page.text.partition('<code class="secret">')[2].partition("</code>")[0]
    assert key.startswith("bole_")
    asked = {"Authorization": f"Bearer {key}"}
    assert here.browser().get("/v1/me", headers=asked).json()["role"] == "employer"
    secret = key.split("_", 2)[2]
    for path in ("/account", "/v1/me/data"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert secret not in answer.text
    (kept,) = here.bole.api_keys.of(here.accounts[ACME].id)
    refused = here.browser().post("/v1/vacancies", json={"title": "Java"}, headers=asked)
    assert refused.status_code == 403  # its scope is to read
    # Nobody else can revoke it, nor learn that there is one.
    other = here.with_session(LI)
    assert other.post(f"/account/keys/{kept.id}/revoke").status_code == 404
    assert client.post(f"/account/keys/{kept.id}/revoke").status_code == 303
    assert here.browser().get("/v1/me", headers=asked).status_code == 401


@pytest.mark.parametrize(
    "sent",
    [
        "Bearer", "Bearer ", "Bearer x", "Bearer bole_", "Bearer bole_x_y", "Basic eDp5", "bearer " + "x" * 300,
        "Bearer bole__", "Bearer \xff\xfe", "Bearer bole_01H\x00_x", "Bearer " + "_" * 60, "=",
    ],
    ids=ascii,
)  # fmt: skip
def test_a_key_that_is_none_is_refused_and_never_taken_for_nobody(shared, sent):
    asked = {"Authorization": sent.encode("latin-1")}
    for path in ("/v1/me", "/v1/vacancies", "/v1/roles/1"):
        answer = shared.browser().get(path, headers=asked)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
    # A session beside it does not help.
    client = shared.with_session(ADMIN)
    assert client.get("/v1/me", headers=asked).status_code == 401


@pytest.mark.parametrize(
    "token", ["", "x", "x" * 5000, "\xff", "a b", '"', "bole_session=x", "%00"]
)
def test_a_cookie_that_is_none_is_nobody(shared, token):
    client = shared.browser()
    answer = client.get(
        "/account", headers={"Cookie": f"{SESSION_COOKIE}={token}".encode("latin-1")}
    )
    assert answer.status_code == 303
