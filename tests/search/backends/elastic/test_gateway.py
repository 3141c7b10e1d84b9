"""The connection under faults: tried again where that may help, given up in time, and said why."""

from __future__ import annotations

import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from elasticsearch import AsyncElasticsearch, BadRequestError

from search.backends import budget
from search.backends.base import IndexMissingError, IndexUnavailableError
from search.backends.elastic.connection import Connection
from search.backends.elastic.gateway import (
    CONNECTIONS,
    LONGEST_BACKOFF_S,
    READ_TRIES,
    Gateway,
    backoff_s,
)
from tests.servers.elasticsearch import RunningElasticsearch
from tests.servers.faults import (
    Answer,
    ApplyThenDrop,
    CutAfter,
    DropRequestAfter,
    Fault,
    Hang,
    Refuse,
    first,
    sequence,
)
from tests.servers.ports import free_port
from tests.servers.proxy import FaultyProxy

#: Far above every deadline set here and far below the client's own: says "no hang", not "how fast".
BOUND_S = 6.0
#: Longer than anybody waits here.
FOREVER = Hang(120)
#: What is over soon, or may be: the server was busy, or the connection broke.
PASSING_FAULTS = [
    Answer(429),
    Answer(429, headers={"Retry-After": "1"}),
    Answer(502),
    Answer(503),
    Answer(504),
    Refuse(),
    CutAfter(0),
    CutAfter(7),
    ApplyThenDrop(),
]

Through = Callable[..., Gateway]


class Noted:
    """Counts what it is told, by event and labels."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, ...]] = Counter()

    def __call__(self, event: str, value: float = 1.0, **labels: str) -> None:
        self.counts[(event, *labels.values())] += 1


@pytest.fixture(scope="module")
def name(elasticsearch: RunningElasticsearch) -> Iterator[str]:
    """An index without documents to ask about; nobody writes to it."""
    address = f"{elasticsearch.url}/t{uuid.uuid4().hex[:12]}"
    httpx.put(address, timeout=30, trust_env=False).raise_for_status()
    yield address.rpartition("/")[2]
    httpx.delete(address, timeout=30, trust_env=False).raise_for_status()


@pytest.fixture
def alias() -> str:
    """A name that nothing has yet."""
    return f"a{uuid.uuid4().hex[:12]}"


def count(gateway: Gateway, name: str) -> int:
    return int(gateway.read("count", lambda es: es.count(index=name))["count"])


def add_alias(name: str, alias: str) -> Callable[[AsyncElasticsearch], Any]:
    """Return a write that goes by POST, which the HTTP client never repeats by itself."""
    add = {"add": {"index": name, "alias": alias}}
    return lambda es: es.indices.update_aliases(actions=[add])


def is_there(direct: httpx.Client, alias: str) -> bool:
    return direct.head(f"/_alias/{alias}").status_code == 200


def tries(proxy: FaultyProxy, last: str) -> int:
    return sum(n for (_, path), n in proxy.counts.items() if path.endswith(last))


# Reading


@pytest.mark.parametrize("fault", PASSING_FAULTS, ids=str)
def test_a_question_is_asked_again_when_the_fault_has_passed(
    through: Through, proxy: FaultyProxy, name: str, fault: Fault
) -> None:
    gateway = through(read_timeout_s=BOUND_S)
    proxy.faults(first(READ_TRIES - 1, fault))
    assert count(gateway, name) == 0
    assert tries(proxy, "/_count") == READ_TRIES


@pytest.mark.parametrize("fault", [*PASSING_FAULTS, DropRequestAfter(0)], ids=str)
def test_a_fault_that_stays_is_said_after_some_tries(
    through: Through, proxy: FaultyProxy, name: str, fault: Fault
) -> None:
    gateway = through(read_timeout_s=BOUND_S)
    proxy.fault = fault
    began = time.monotonic()
    with pytest.raises(IndexUnavailableError, match="Elasticsearch was asked and"):
        count(gateway, name)
    assert time.monotonic() - began < BOUND_S
    assert tries(proxy, "/_count") == READ_TRIES


def test_an_answer_that_does_not_come_is_not_waited_for_longer_than_the_deadline(
    through: Through, proxy: FaultyProxy, name: str
) -> None:
    gateway = through(read_timeout_s=0.4)
    proxy.fault = FOREVER
    began = time.monotonic()
    with pytest.raises(IndexUnavailableError, match=r"did not answer within 0\.4 s; try again"):
        count(gateway, name)
    assert time.monotonic() - began < BOUND_S
    assert tries(proxy, "/_count") == 1


def test_all_tries_together_have_one_deadline(
    through: Through, proxy: FaultyProxy, name: str
) -> None:
    gateway = through(read_timeout_s=0.8)
    proxy.faults(sequence(Answer(503), FOREVER))
    began = time.monotonic()
    with pytest.raises(IndexUnavailableError, match=r"within 0\.8 s"):
        count(gateway, name)
    assert 0.7 < time.monotonic() - began < BOUND_S
    assert tries(proxy, "/_count") == 2


def test_what_is_left_of_the_budget_ends_the_wait(
    through: Through, proxy: FaultyProxy, name: str
) -> None:
    gateway = through(read_timeout_s=60)
    proxy.fault = FOREVER
    began = time.monotonic()
    with budget.within(0.3), pytest.raises(IndexUnavailableError, match="did not answer"):
        count(gateway, name)
    assert time.monotonic() - began < BOUND_S


def test_with_the_budget_used_up_nothing_is_asked(
    through: Through, proxy: FaultyProxy, name: str
) -> None:
    gateway = through()
    with (
        budget.within(0),
        pytest.raises(IndexUnavailableError, match="time for this search was used up; try again"),
    ):
        count(gateway, name)
    assert tries(proxy, "/_count") == 0


def test_pauses_are_random_and_grow_up_to_a_limit() -> None:
    """Those who were refused together must not come back together."""
    for number, most in [(0, 0.1), (1, 0.2), (3, 0.8), (30, LONGEST_BACKOFF_S)]:
        pauses = [backoff_s(number) for _ in range(400)]
        assert all(0 <= pause <= most for pause in pauses)
        assert min(pauses) < most / 4 < 3 * most / 4 < max(pauses)


def test_the_server_says_how_long_it_wants_to_be_left_alone(
    through: Through, proxy: FaultyProxy, name: str
) -> None:
    gateway = through(read_timeout_s=BOUND_S)
    proxy.faults(sequence(Answer(429, headers={"Retry-After": "1"})))
    began = time.monotonic()
    assert count(gateway, name) == 0
    assert time.monotonic() - began >= 1
    assert tries(proxy, "/_count") == 2


def test_a_longer_rest_than_the_deadline_leaves_is_not_disturbed(
    through: Through, proxy: FaultyProxy, name: str
) -> None:
    gateway = through(read_timeout_s=BOUND_S)
    proxy.fault = Answer(503, headers={"Retry-After": "600"})
    began = time.monotonic()
    with pytest.raises(IndexUnavailableError, match="overloaded or not ready"):
        count(gateway, name)
    assert time.monotonic() - began < BOUND_S
    assert tries(proxy, "/_count") == 1


def test_the_other_node_is_asked_where_one_is_dead(proxy: FaultyProxy, name: str) -> None:
    dead = f"http://127.0.0.1:{free_port()}"
    gateway = Gateway(Connection(f"{dead}, {proxy.url}"), read_timeout_s=BOUND_S)
    assert [count(gateway, name) for _ in range(4)] == [0, 0, 0, 0]
    gateway.close()


def test_more_questions_at_a_time_than_connections(
    through: Through, proxy: FaultyProxy, name: str
) -> None:
    """They wait for one another and not for ever: all are answered."""
    gateway = through(read_timeout_s=30)
    asking = 2 * CONNECTIONS
    with ThreadPoolExecutor(asking) as pool:
        assert set(pool.map(lambda _: count(gateway, name), range(asking))) == {0}
    assert tries(proxy, "/_count") == asking


# The server that does not answer, and the questions of others


def test_others_do_not_wait_for_a_server_that_just_did_not_answer(
    through: Through, proxy: FaultyProxy, name: str
) -> None:
    noted = Noted()
    gateway = through(read_timeout_s=0.4, observe=noted)
    proxy.fault = FOREVER
    with pytest.raises(IndexUnavailableError, match="did not answer within"):
        count(gateway, name)
    with pytest.raises(IndexUnavailableError, match="not asked again"):
        count(gateway, name)
    assert tries(proxy, "/_count") == 1
    assert noted.counts["elasticsearch_breaker_open_total",] == 1


def test_it_is_used_again_once_it_answers(through: Through, proxy: FaultyProxy, name: str) -> None:
    gateway = through(read_timeout_s=0.5)
    proxy.fault = FOREVER
    with pytest.raises(IndexUnavailableError):
        count(gateway, name)
    proxy.fault = None
    until_answered(gateway, name)
    assert [count(gateway, name) for _ in range(5)] == [0] * 5


def test_an_error_is_an_answer_too(through: Through, proxy: FaultyProxy, name: str) -> None:
    """The probe may ask for something that is not there: the server is back all the same."""
    gateway = through(read_timeout_s=0.5)
    proxy.fault = FOREVER
    with pytest.raises(IndexUnavailableError):
        count(gateway, name)
    proxy.fault = None
    with pytest.raises(IndexMissingError):
        until_answered(gateway, f"{name}-not")
    assert count(gateway, name) == 0


def test_a_short_rest_of_a_budget_says_nothing_of_the_server(
    through: Through, proxy: FaultyProxy, name: str
) -> None:
    gateway = through(read_timeout_s=4)
    proxy.faults(sequence(FOREVER))
    with budget.within(0.05), pytest.raises(IndexUnavailableError, match="did not answer"):
        count(gateway, name)
    assert count(gateway, name) == 0


def until_answered(gateway: Gateway, name: str) -> int:
    """Ask until the server is asked again, as searches do that come in one after another."""
    deadline = time.monotonic() + 20
    while True:
        try:
            return count(gateway, name)
        except IndexUnavailableError:
            assert time.monotonic() < deadline, "the server answers and is not asked"
            time.sleep(0.02)


# Writing


@pytest.mark.parametrize(
    "fault", [Refuse(), Answer(429), Answer(503), DropRequestAfter(5)], ids=str
)
def test_a_write_is_sent_once_and_its_failure_said(
    through: Through, proxy: FaultyProxy, direct: httpx.Client, name: str, alias: str, fault: Fault
) -> None:
    gateway = through()
    proxy.faults(sequence(fault))
    with pytest.raises(IndexUnavailableError):
        gateway.write("alias", add_alias(name, alias))
    assert tries(proxy, "/_aliases") == 1
    assert not is_there(direct, alias)


@pytest.mark.parametrize("fault", [ApplyThenDrop(), CutAfter(3)], ids=str)
def test_a_write_whose_outcome_is_not_known_may_have_been_done(
    through: Through, proxy: FaultyProxy, direct: httpx.Client, name: str, alias: str, fault: Fault
) -> None:
    """It fails all the same: what is not known must never pass for done, nor be sent again here."""
    gateway = through()
    proxy.faults(sequence(fault))
    with pytest.raises(IndexUnavailableError, match="cannot be reached"):
        gateway.write("alias", add_alias(name, alias))
    assert tries(proxy, "/_aliases") == 1
    assert is_there(direct, alias)


def test_a_write_without_an_answer_is_given_up_in_time(
    through: Through, proxy: FaultyProxy, name: str, alias: str
) -> None:
    gateway = through(write_timeout_s=0.4)
    proxy.fault = FOREVER
    began = time.monotonic()
    with pytest.raises(IndexUnavailableError, match=r"did not answer within 0\.4 s; try again"):
        gateway.write("alias", add_alias(name, alias))
    with pytest.raises(IndexUnavailableError, match=r"did not answer within 0\.2 s"):
        gateway.write("alias", add_alias(name, alias), timeout_s=0.2)
    assert time.monotonic() - began < BOUND_S


# What is said


@pytest.mark.parametrize(
    ("fault", "error", "found", "remedy"),
    [
        (
            Answer(404, error_type="index_not_found_exception"),
            IndexMissingError,
            "index_not_found_exception",
            "bole index build",
        ),
        (
            Answer(401, error_type="security_exception"),
            IndexUnavailableError,
            "refused our credentials (status 401)",
            "BOLE_ELASTICSEARCH_USERNAME",
        ),
        (
            Answer(403, error_type="security_exception"),
            IndexUnavailableError,
            "refused our credentials (status 403)",
            "roles of that user",
        ),
        (
            Answer(429),
            IndexUnavailableError,
            "status 429, es_rejected_execution_exception",
            "try again in a few seconds",
        ),
        (
            Answer(503),
            IndexUnavailableError,
            "status 503, unavailable_shards_exception",
            "try again in a few seconds",
        ),
        # A proxy of somebody else's, which knows nothing of Elasticsearch.
        (
            Answer(502, b"<html>", {"Content-Type": "text/html", "X-Elastic-Product": ""}),
            IndexUnavailableError,
            "status 502, without a reason",
            "try again in a few seconds",
        ),
        (Refuse(), IndexUnavailableError, "cannot be reached", "BOLE_ELASTICSEARCH_URL"),
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", ["read", "write"])
def test_an_error_says_what_was_found_and_what_to_do(
    through: Through,
    proxy: FaultyProxy,
    name: str,
    alias: str,
    kind: str,
    fault: Fault,
    error: type[Exception],
    found: str,
    remedy: str,
) -> None:
    gateway = through()
    proxy.fault = fault
    with pytest.raises(error) as raised:
        getattr(gateway, kind)("alias", add_alias(name, alias))
    message = str(raised.value)
    assert "was asked" in message
    assert found in message
    assert remedy in message


def test_an_index_that_is_not_there(through: Through, name: str) -> None:
    with pytest.raises(IndexMissingError, match=r"index_not_found_exception.*bole index build"):
        count(through(), f"{name}-not")


@pytest.mark.parametrize("kind", ["read", "write"])
def test_a_mistake_of_ours_stays_what_it_is_and_is_not_repeated(
    through: Through, proxy: FaultyProxy, name: str, kind: str
) -> None:
    """No wait would mend it, so it must not look like a server that is away."""
    gateway = through()
    with pytest.raises(BadRequestError, match="unknown query"):
        getattr(gateway, kind)("search", lambda es: es.search(index=name, query={"wrong": {}}))
    assert tries(proxy, "/_search") == 1


def test_nobody_listens() -> None:
    gateway = Gateway(Connection(f"http://127.0.0.1:{free_port()}"))
    with pytest.raises(IndexUnavailableError, match=r"see whether it runs.*BOLE_ELASTICSEARCH_URL"):
        count(gateway, "any")
    gateway.close()


def test_no_message_holds_what_is_secret(proxy: FaultyProxy, name: str) -> None:
    connection = Connection(proxy.url, username="user", password="hush-word")
    gateway = Gateway(connection)
    for fault in (Answer(401), Answer(503), Refuse()):
        proxy.fault = fault
        with pytest.raises(IndexUnavailableError) as raised:
            count(gateway, name)
        assert "hush-word" not in f"{raised.value} {raised.value.__cause__}"
    assert "hush-word" not in repr(connection)
    gateway.close()


# The end


def test_closed_it_says_so_and_closing_again_is_nothing(through: Through, name: str) -> None:
    gateway = through()
    gateway.close()
    gateway.close()
    with pytest.raises(RuntimeError, match="was closed"):
        count(gateway, name)


@pytest.mark.parametrize("kind", ["read", "write"])
def test_closing_frees_those_who_wait_for_an_answer(
    through: Through, proxy: FaultyProxy, name: str, kind: str
) -> None:
    gateway = through(read_timeout_s=60, write_timeout_s=60)
    asked, ended = threading.Event(), threading.Event()

    def hang(number: int, method: str, path: str) -> Fault:
        asked.set()
        return FOREVER

    proxy.faults(hang)

    def ask() -> None:
        try:
            getattr(gateway, kind)("count", lambda es: es.count(index=name))
        except Exception:
            ended.set()

    threading.Thread(target=ask, daemon=True).start()
    assert asked.wait(timeout=10)
    gateway.close()
    assert ended.wait(timeout=BOUND_S)
