"""Writes in bulk: patience with what passes, no patience with what does not, and no write undone."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import httpx
import pytest
from elasticsearch import AsyncElasticsearch

from search.backends.base import (
    DocumentsRefusedError,
    IndexMovedError,
    IndexUnavailableError,
)
from search.backends.elastic.backend import ElasticBackend
from search.backends.elastic.bulk import BulkLimits, Write, chunks, send
from search.backends.elastic.gateway import Gateway
from search.backends.elastic.lifecycle import ElasticIndexes
from search.backends.elastic.mapping import index_mapping, index_settings
from search.backends.filters import EVERYTHING, Range
from tests.search.backends.elastic.documents import MANIFEST, document
from tests.servers.faults import (
    Answer,
    ApplyThenDrop,
    CutAfter,
    DropRequestAfter,
    FailItems,
    Fault,
    Hang,
    Refuse,
    always,
    first,
)
from tests.servers.proxy import FaultyProxy

#: Patient enough for what passes, and soon at an end with what stays.
LIMITS = BulkLimits(request_timeout_s=5, patience_s=3)
IMPATIENT = BulkLimits(request_timeout_s=0.4, patience_s=0)
BOUND_S = 10.0

Through = Callable[..., Gateway]


@pytest.fixture
def name(indexes: ElasticIndexes) -> str:
    """An empty index of this test's own."""
    return indexes.create(0)


def write(number: int, version: int = 1, **more: object) -> Write:
    return Write(f"x{number}", version, json.dumps({"id": f"x{number}", **more}).encode())


def gone(number: int, version: int) -> Write:
    return Write(f"x{number}", version, None)


class Sender:
    """Sends to one index and remembers what it was told of."""

    def __init__(self, gateway: Gateway, name: str) -> None:
        self.gateway = gateway
        self.name = name
        self.counts: Counter[tuple[str, ...]] = Counter()

    def observe(self, event: str, value: float = 1.0, **labels: str) -> None:
        self.counts[(event, *labels.values())] += int(value)

    def send(self, writes: list[Write], limits: BulkLimits = LIMITS) -> dict[str, str]:
        return self.gateway.run(lambda es: send(es, self.name, writes, limits, self.observe))


def versions(direct: httpx.Client, name: str) -> dict[str, int]:
    """Return the version of every document, asked past our own code."""
    direct.post(f"/{name}/_refresh").raise_for_status()
    hits = direct.post(f"/{name}/_search", json={"size": 1000, "version": True}).json()["hits"]
    return {hit["_id"]: hit["_version"] for hit in hits["hits"]}


def bulk_requests(proxy: FaultyProxy) -> int:
    return sum(n for (_, path), n in proxy.counts.items() if path.endswith("/_bulk"))


# Patience


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_only_the_items_that_failed_for_now_are_sent_again(
    through: Through, proxy: FaultyProxy, direct: httpx.Client, name: str, status: int
) -> None:
    sender = Sender(through(), name)
    proxy.faults(first(2, FailItems(3, status)))
    assert sender.send([write(n) for n in range(10)]) == {}
    assert versions(direct, name) == {f"x{n}": 1 for n in range(10)}
    # Of 10 items 3 fail, of those 3 one, which goes through.
    assert bulk_requests(proxy) == 3
    assert sender.counts["bulk_items_total", "again"] == 3 + 1
    assert sender.counts["bulk_items_total", "written"] == 7 + 2 + 1


@pytest.mark.parametrize(
    "fault",
    [
        Answer(429),
        Answer(503),
        Refuse(),
        DropRequestAfter(0),
        DropRequestAfter(90),
        ApplyThenDrop(),
        CutAfter(0),
        CutAfter(40),
    ],
    ids=str,
)
def test_a_request_that_failed_for_now_is_sent_again(
    through: Through, proxy: FaultyProxy, direct: httpx.Client, name: str, fault: Fault
) -> None:
    proxy.faults(first(2, fault))
    assert Sender(through(), name).send([write(n) for n in range(10)]) == {}
    assert versions(direct, name) == {f"x{n}": 1 for n in range(10)}
    assert bulk_requests(proxy) == 3


def test_a_request_that_hangs_is_sent_again(
    through: Through, proxy: FaultyProxy, direct: httpx.Client, name: str
) -> None:
    proxy.faults(first(1, Hang(120)))
    limits = BulkLimits(request_timeout_s=0.4, patience_s=BOUND_S)
    assert Sender(through(), name).send([write(1)], limits) == {}
    assert versions(direct, name) == {"x1": 1}


def test_the_server_says_how_long_it_wants_to_be_left_alone(
    through: Through, proxy: FaultyProxy, name: str
) -> None:
    proxy.faults(first(1, Answer(429, headers={"Retry-After": "1"})))
    began = time.monotonic()
    assert Sender(through(), name).send([write(1)]) == {}
    assert time.monotonic() - began >= 1
    assert bulk_requests(proxy) == 2


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (FailItems(1), "10 documents were sent to Elasticsearch and refused for now"),
        (FailItems(4, 503), "2 documents were sent to Elasticsearch and refused for now"),
        (Answer(429), "overloaded or not ready"),
        (Answer(503), "overloaded or not ready"),
        (Refuse(), "cannot be reached"),
        (ApplyThenDrop(), "cannot be reached"),
        (CutAfter(3), "cannot be reached"),
        (Hang(120), r"10 documents were sent to Elasticsearch; there was no answer within 0\.4 s"),
    ],
    ids=str,
)
def test_patience_ends(
    through: Through, proxy: FaultyProxy, name: str, fault: Fault, message: str
) -> None:
    """With a message, not with a number of lost documents: those who call have them all still."""
    sender = Sender(through(), name)
    proxy.fault = fault
    began = time.monotonic()
    with pytest.raises(ExceptionGroup) as raised:
        sender.send([write(n) for n in range(10)], IMPATIENT)
    assert raised.group_contains(IndexUnavailableError, match=message)
    assert time.monotonic() - began < BOUND_S


def test_what_did_go_through_before_patience_ended_is_there(
    through: Through, proxy: FaultyProxy, direct: httpx.Client, name: str
) -> None:
    proxy.fault = FailItems(4)
    with pytest.raises(ExceptionGroup):
        Sender(through(), name).send([write(n) for n in range(8)], IMPATIENT)
    assert set(versions(direct, name)) == {"x0", "x1", "x2", "x4", "x5", "x6"}


# No patience


def test_what_the_mapping_refuses_is_named_and_the_others_are_written(
    through: Through, proxy: FaultyProxy, direct: httpx.Client, name: str
) -> None:
    bad = [write(3, colour="red"), write(5, years="many")]
    refused = Sender(through(), name).send([write(1), *bad, write(7)])
    assert refused == {
        "x3": "400 strict_dynamic_mapping_exception",
        "x5": "400 document_parsing_exception",
    }
    assert set(versions(direct, name)) == {"x1", "x7"}
    assert bulk_requests(proxy) == 1, "no repetition would help"


def test_refused_for_good_and_refused_for_now_in_one_request(
    through: Through, proxy: FaultyProxy, direct: httpx.Client, name: str
) -> None:
    """The good one among those that are sent again, the bad one is said once."""
    proxy.faults(first(1, FailItems(2)))
    writes = [write(1), write(2), write(3, colour="red"), write(4, colour="red")]
    refused = Sender(through(), name).send(writes)
    assert set(refused) == {"x3", "x4"}
    assert set(versions(direct, name)) == {"x1", "x2"}


def test_a_request_that_is_too_long_goes_in_halves(
    through: Through, proxy: FaultyProxy, direct: httpx.Client, name: str
) -> None:
    """A proxy before the server may take less than the server."""
    proxy.faults(first(3, Answer(413)))
    assert Sender(through(), name).send([write(n) for n in range(8)]) == {}
    assert len(versions(direct, name)) == 8


def test_one_document_that_is_too_long_stops_no_others(
    through: Through, proxy: FaultyProxy, name: str
) -> None:
    proxy.fault = Answer(413)
    refused = Sender(through(), name).send([write(n) for n in range(3)])
    assert refused == dict.fromkeys(["x0", "x1", "x2"], "413 too long for a request")


@pytest.fixture
def lacking(gateway: Gateway, prefix: str, direct: httpx.Client) -> Iterator[ElasticBackend]:
    """A backend on an index that knows no years, so that the server refuses who has any."""
    mapping = index_mapping(MANIFEST, "flat")
    del mapping["properties"]["years"]
    # `index_settings` has names that are right within a body of their own only.
    body = {"settings": {"index": index_settings(1)}, "mappings": mapping}
    direct.put(f"/{prefix}-lacking", json=body).raise_for_status()
    backend = ElasticBackend(gateway, f"{prefix}-lacking", MANIFEST, writable=True)
    yield backend
    backend.close()


def test_a_commit_says_who_was_refused_and_keeps_the_others(lacking: ElasticBackend) -> None:
    fine = [document(1), document(2)]
    lacking.upsert([*fine, document(3, attributes={"years": (4,)})])
    with pytest.raises(DocumentsRefusedError, match=r"1 documents .* x:3 first: 400") as raised:
        lacking.commit(7)
    assert set(raised.value.reasons) == {"x:3"}
    assert lacking.doc_ids() == {"x:1", "x:2"}
    assert lacking.watermark() == 0, "not everything up to 7 is there"
    lacking.commit(7)
    assert lacking.watermark() == 7


# How much at a time


@pytest.mark.parametrize("seed", range(5))
def test_requests_keep_to_the_limits_and_to_the_order(seed: int) -> None:
    draw = random.Random(seed)
    limits = BulkLimits(items=draw.randint(1, 9), bytes=draw.randint(500, 5_000))
    writes = [
        Write(f"x{n}", 1, draw.choice([None, b"y" * draw.randint(1, 2_000)])) for n in range(200)
    ]
    parts = list(chunks(writes, limits))
    assert [one for part in parts for one in part] == writes
    for part in parts:
        assert 0 < len(part) <= limits.items
        size = sum(len(line) for one in part if (line := one.source) is not None)
        assert size <= limits.bytes or len(part) == 1
    assert list(chunks([], limits)) == []


def test_a_request_holds_no_more_than_its_share_on_the_wire(
    through: Through, proxy: FaultyProxy, name: str
) -> None:
    sender = Sender(through(), name)
    sender.send([write(n) for n in range(10)], BulkLimits(items=4))
    assert bulk_requests(proxy) == 3
    # Each of these is longer than a third of what a request may hold.
    sender.send([write(n, text="y" * 4_000) for n in range(7)], BulkLimits(bytes=10_000))
    assert bulk_requests(proxy) == 3 + 4


class Counting:
    """The client, and how many of its bulk requests were under way at a time."""

    def __init__(self, client: AsyncElasticsearch) -> None:
        self.client = client
        self.now = self.most = 0

    async def bulk(self, **arguments: Any) -> Any:
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            return await self.client.bulk(**arguments)
        finally:
            self.now -= 1


@pytest.mark.parametrize("in_flight", [1, 3])
def test_so_many_requests_are_under_way_at_a_time_and_no_more(
    gateway: Gateway, direct: httpx.Client, name: str, in_flight: int
) -> None:
    seen: list[Counting] = []
    limits = BulkLimits(items=2, in_flight=in_flight)

    async def work(client: AsyncElasticsearch) -> dict[str, str]:
        seen.append(Counting(client))
        writes = [write(n) for n in range(30)]
        counting = cast(AsyncElasticsearch, seen[0])
        return await send(counting, name, writes, limits, gateway.observe)

    assert gateway.run(work) == {}
    assert seen[0].most == in_flight
    assert len(versions(direct, name)) == 30


# Old and new


def test_an_older_sequence_never_overwrites_a_newer_one(
    gateway: Gateway, direct: httpx.Client, name: str
) -> None:
    sender = Sender(gateway, name)
    assert sender.send([write(1, 5), write(2, 5)]) == {}
    assert sender.send([write(1, 4), gone(2, 4), write(3, 4)]) == {}
    assert versions(direct, name) == {"x1": 5, "x2": 5, "x3": 4}
    assert sender.counts["bulk_items_total", "newer"] == 2
    assert sender.send([write(1, 5), gone(2, 6)]) == {}
    assert versions(direct, name) == {"x1": 5, "x3": 4}


def test_the_same_sequence_again_is_written_again(
    gateway: Gateway, direct: httpx.Client, name: str
) -> None:
    """A record can make another document than before, without a change of its own."""
    sender = Sender(gateway, name)
    sender.send([write(1, 5, years=1)])
    assert sender.send([write(1, 5, years=2)]) == {}
    assert direct.get(f"/{name}/_source/x1").json() == {"id": "x1", "years": 2}
    assert sender.counts["bulk_items_total", "newer"] == 0


def test_a_write_that_comes_late_brings_nothing_deleted_back(
    gateway: Gateway, direct: httpx.Client, name: str
) -> None:
    sender = Sender(gateway, name)
    sender.send([write(1, 3)])
    sender.send([gone(1, 6), gone(2, 6)])
    sender.send([write(1, 5), write(2, 5)])
    assert versions(direct, name) == {}
    sender.send([write(1, 7)])
    assert versions(direct, name) == {"x1": 7}


def test_whatever_order_writes_arrive_in_the_newest_stays(
    through: Through, proxy: FaultyProxy, direct: httpx.Client, name: str
) -> None:
    """Senders side by side, answers lost, items sent again: as when an old projector still writes."""
    gateway = through()
    draw = random.Random(4)
    numbers = range(12)
    writes = [
        gone(number, version) if (number + version) % 4 == 0 else write(number, version)
        for number in numbers
        for version in range(1, 21)
    ]
    draw.shuffle(writes)
    faults = [None, FailItems(3), None, ApplyThenDrop(), FailItems(2, 503), CutAfter(5)]
    proxy.faults(lambda number, method, path: faults[number % 6] if number < 40 else None)
    limits = BulkLimits(items=7, patience_s=60)
    # Within one request the engine goes by their order, so every share holds a document once.
    shares = [[one for one in writes if one.version == version] for version in range(1, 21)]
    draw.shuffle(shares)
    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(lambda part: Sender(gateway, name).send(part, limits), shares))
    assert results == [{}] * 20
    proxy.faults(always(None))
    alive = {f"x{number}": 20 for number in numbers if (number + 20) % 4}
    assert versions(direct, name) == alive


def test_a_writer_that_lost_its_place_undoes_nothing(indexes: ElasticIndexes) -> None:
    """It was frozen, say, while another took its place: its commit finds that, and writes nothing."""
    name = indexes.create(0)
    indexes.promote(name)
    old = indexes.open(name, writable=True)
    old.upsert([document(1, 4, attributes={"years": (4,)}), document(3, 4)])
    old.delete({"x:2": 4})
    new = indexes.open(name, writable=True)
    new.upsert([document(1, 5, attributes={"years": (5,)}), document(2, 5)])
    new.commit(5)
    with pytest.raises(IndexMovedError, match=r"at change 5 now, no longer .* at 0"):
        old.commit(4)
    reader = indexes.open(name, writable=False)
    assert reader.doc_ids() == {"x:1", "x:2"}
    assert reader.count(Range("years", 5, 5)) == reader.count(Range("years", None, 9)) == 1
    assert reader.watermark() == old.watermark() == 5
    old.upsert([document(3, 6)])
    old.commit(6)
    assert reader.doc_ids() == {"x:1", "x:2", "x:3"}


def test_what_was_not_committed_is_dropped(through: Through, proxy: FaultyProxy, name: str) -> None:
    backend = ElasticBackend(through(), name, MANIFEST, writable=True, limits=IMPATIENT)
    backend.upsert([document(1)])
    proxy.fault = Refuse()
    with pytest.raises(IndexUnavailableError, match="cannot be reached"):
        backend.commit(1)
    proxy.fault = None
    backend.commit(0)
    assert backend.count(EVERYTHING) == 0
    backend.close()
