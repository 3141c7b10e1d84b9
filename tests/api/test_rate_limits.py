"""How many requests one party may send, and what it is told."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from api.app import create_app
from api.assembly import Bole
from api.rate_limits import KINDS, RateLimits, Rule, kind_of, remote_address, rules_of
from api.rate_memory import BoundedMemory
from api.rates import Rates
from api.settings import Settings

AWAY = ("203.0.113.7", 50_000)
NONE = dict.fromkeys(
    [
        "searches_per_minute", "writes_per_minute", "uploads_per_hour", "exports_per_hour",
        "logins_per_minute", "requests_per_minute",
    ],
    0,
)  # fmt: skip


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


def limited(folder, client=AWAY, **rates):
    """Return a client of an application whose other limits are off; its index is not needed."""
    return TestClient(
        create_app(Bole(Settings(data_dir=folder, **{**NONE, **rates}))), client=client
    )


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("POST", "/v1/search", "searches"), ("POST", "/v1/match", "searches"), ("GET", "/", "searches"),
        ("GET", "/candidates/01J", "searches"), ("GET", "/compare", "searches"),
        ("POST", "/v1/benefits/check", "searches"), ("GET", "/benefits/check", "searches"),
        ("POST", "/v1/candidates", "writes"), ("PUT", "/v1/vacancies/01J", "writes"),
        ("DELETE", "/v1/saved-searches/1", "writes"), ("PATCH", "/anything", "writes"),
        ("POST", "/v1/imports", "uploads"), ("POST", "/imports", "uploads"), ("POST", "/me/resume", "uploads"),
        ("POST", "/v1/imports/3/run", "writes"), ("GET", "/me/data.json", "exports"), ("GET", "/v1/me/data", "exports"),
        ("GET", "/v1/imports/3", "requests"), ("GET", "/v1/exports/candidates.csv", "exports"),
        ("GET", "/audit/report.xlsx", "exports"), ("GET", "/imports/3/corrected.xlsx", "exports"),
        ("POST", "/sign-in", "logins"), ("POST", "/register", "logins"), ("GET", "/sign-in", "requests"),
        ("GET", "/v1/openapi.json", "requests"),
        ("GET", "/v1/roles", "requests"), ("GET", "/nowhere", "requests"), ("GET", "/v1/health/x", "requests"),
        ("GET", "/v1/health", ""), ("GET", "/v1/ready", ""), ("GET", "/metrics", ""), ("GET", "/static/a.css", ""),
        ("GET", "/staticky", "requests"), ("GET", "/v1/candidates/01J", "requests"),
    ],
)  # fmt: skip
def test_the_kind_of_a_request(method, path, kind):
    assert kind_of(method, path) == kind


def test_beyond_the_limit_is_a_problem_that_says_how_long_to_wait(tmp_path):
    client = limited(tmp_path, writes_per_minute=3)
    for left in (2, 1, 0):
        answer = client.delete("/v1/candidates/none")
        assert answer.status_code == 404
        assert answer.headers["ratelimit-policy"] == '"writes";q=3;w=60'
        assert re.fullmatch(rf'"writes";r={left};t=([1-9]|[1-5]\d|60)', answer.headers["ratelimit"])
        assert "retry-after" not in answer.headers
    refused = client.delete("/v1/candidates/none")
    assert refused.status_code == 429
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["type"] == "/problems/too-many-requests"
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.headers["ratelimit"].startswith('"writes";r=0;t=')
    assert refused.headers["x-request-id"] == refused.json()["request_id"]
    assert refused.headers["x-frame-options"] == "DENY"
    assert client.get("/v1/roles").status_code == 200


def test_who_reads_pages_gets_a_page_in_their_language(tmp_path):
    client = limited(tmp_path, requests_per_minute=1)
    client.get("/about")
    for lang, words in (("zh", "请求过于频繁"), ("en", "Too many requests")):
        answer = client.get("/about", headers={"accept": "text/html", "accept-language": lang})
        assert answer.status_code == 429
        assert answer.headers["content-type"].startswith("text/html")
        assert words in answer.text
        assert "retry-after" in answer.headers


def test_one_party_does_not_use_up_what_is_another_s(tmp_path):
    application = create_app(
        Bole(Settings(data_dir=tmp_path, **{**NONE, "requests_per_minute": 2}))
    )
    first = TestClient(application, client=AWAY)
    assert [first.get("/v1/roles").status_code for _ in range(3)] == [200, 200, 429]
    second = TestClient(application, client=("203.0.113.8", 1))
    assert second.get("/v1/roles").status_code == 200
    again = TestClient(application, client=(AWAY[0], 9))  # another port, the same party
    assert again.get("/v1/roles").status_code == 429


def test_health_and_files_of_pages_are_always_answered(tmp_path):
    client = limited(tmp_path, requests_per_minute=1, searches_per_minute=1)
    for address in ("/v1/health", "/static/style.css", "/metrics") * 3:
        answer = client.get(address)
        assert answer.status_code == 200
        assert "ratelimit" not in answer.headers


def test_a_request_under_two_limits_must_keep_within_both(tmp_path):
    client = limited(tmp_path, writes_per_minute=1, requests_per_minute=3)
    first = client.delete("/v1/candidates/none")
    assert first.headers["ratelimit-policy"] == '"writes";q=1;w=60, "requests";q=3;w=60'
    # What is refused is not counted: two more requests of another kind remain.
    assert [client.delete("/v1/candidates/none").status_code for _ in range(5)] == [429] * 5
    assert [client.get("/v1/roles").status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "testclient", ""])
def test_this_machine_is_not_counted(tmp_path, peer):
    client = limited(tmp_path, client=(peer, 1), requests_per_minute=1)
    answers = [client.get("/v1/roles") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert not any("ratelimit" in answer.headers for answer in answers)


def test_zero_switches_a_rule_off():
    assert rules_of(Rates(0, 0, 0, 0, 0, 0)) == ()
    assert [rule.name for rule in rules_of(Rates(writes=0, requests=0))] == [
        "searches", "uploads", "exports", "logins",
    ]  # fmt: skip
    assert {rule.name for rule in rules_of(Rates())} == KINDS


@pytest.mark.parametrize(
    ("peer", "party"),
    [
        (("203.0.113.7", 1), "203.0.113.7"),
        (("::ffff:203.0.113.7", 1), "203.0.113.7"),
        (("2001:db8:1:2:3:4:5:6", 1), "2001:db8:1:2::/64"),
        (("2001:db8:1:2:ffff::", 1), "2001:db8:1:2::/64"),
        (("fe80::1%eth0", 1), "fe80::/64"),
        (None, ""),
    ],
)
def test_a_household_has_a_whole_network_of_ipv6(peer, party):
    assert remote_address({"client": peer}) == party


def run(limits, clock, moments):
    """Send a request at each moment; return which were let through."""
    import anyio

    seen = []

    async def one(moment):
        clock.now = moment

        async def send(message):
            if message["type"] == "http.response.start":
                seen.append(message["status"])

        scope = {"type": "http", "method": "GET", "path": "/x", "headers": [], "client": AWAY}
        await limits(scope, None, send)

    async def everything():
        for moment in moments:
            await one(moment)

    anyio.run(everything)
    return seen


async def fine(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def refuse(request, problem):
    from starlette.responses import Response

    assert 1 <= int(problem.headers["Retry-After"]) <= 10
    return Response(status_code=problem.status_code, headers=problem.headers)


@given(st.integers(1, 5), st.lists(st.floats(0, 4, allow_nan=False), min_size=1, max_size=40))
def test_no_window_ever_holds_more_than_the_limit(most, pauses):
    clock, moments = Clock(), []
    for pause in pauses:
        moments.append((moments[-1] if moments else 1000.0) + pause)
    rules = [Rule("requests", most, 10, KINDS)]
    limits = RateLimits(fine, refuse, rules, memory=BoundedMemory(clock=clock), clock=clock)
    through = [m for m, s in zip(moments, run(limits, clock, moments), strict=True) if s == 200]
    for moment in through:
        assert len([other for other in through if moment - 10 < other <= moment]) <= most
    # Whoever is refused was at the limit.
    for moment in set(moments) - set(through):
        assert len([other for other in through if moment - 10 < other <= moment]) == most


def test_after_the_time_that_is_named_there_is_room_again():
    clock = Clock()
    limits = RateLimits(
        fine,
        refuse,
        [Rule("requests", 1, 10, KINDS)],
        memory=BoundedMemory(clock=clock),
        clock=clock,
    )
    assert run(limits, clock, [1000.0, 1004.0, 1009.9, 1010.1]) == [200, 429, 429, 200]


def test_memory_is_bounded_whatever_comes():
    clock = Clock()
    memory = BoundedMemory(moments_at_most=100, keys_at_most=20, clock=clock)
    for number in range(5000):
        clock.now += 0.001
        assert memory.acquire_entry(f"key {number % 400}", 30, 60)
        assert len(memory) <= 100
        assert memory.keys <= 20
    for _ in range(500):
        memory.acquire_entry("loud", 30, 60)
    assert memory.get("loud") == 30
    assert len(memory) <= 100


def test_what_has_left_the_window_is_forgotten():
    clock = Clock()
    memory = BoundedMemory(clock=clock)
    assert memory.acquire_entry("a", 2, 10)
    assert memory.acquire_entry("a", 2, 10)
    assert not memory.acquire_entry("a", 2, 10)
    clock.now += 10
    assert memory.get_moving_window("a", 2, 10) == (clock.now, 0)
    assert (len(memory), memory.keys) == (0, 0)


def test_one_request_for_several_places_is_all_or_nothing():
    memory = BoundedMemory(clock=Clock())
    assert not memory.acquire_entry("a", 3, 10, amount=4)
    assert memory.acquire_entry("a", 3, 10, amount=3)
    memory.clear("a")
    assert len(memory) == 0
    assert memory.acquire_entry("a", 3, 10)
    assert memory.reset() == 1
    assert len(memory) == 0


def test_the_settings_are_the_rates(monkeypatch):
    monkeypatch.setenv("BOLE_SEARCHES_PER_MINUTE", "7")
    monkeypatch.setenv("BOLE_EXPORTS_PER_HOUR", "0")
    rates = Settings().rates
    assert (rates.searches, rates.exports, rates.writes) == (7, 0, Rates().writes)
    assert Settings(searches_per_minute=600, exports_per_hour=60).rates == Rates()
