"""Projection into Elasticsearch cut at every point: nothing acknowledged is lost, nothing is left over.

Each test makes the same changes of the same few records in one index. Then the projection meets its
fault, more is stored while it lasts, and the projector goes on, or a new one begins where the index
says that it is.
"""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from ingest.building import build_manifest, open_current
from ingest.projector import Projector
from search.backends.base import IndexUnavailableError, SearchBackend
from search.backends.elastic.bulk import BulkLimits
from search.backends.elastic.connection import Connection
from search.backends.elastic.gateway import Gateway
from search.backends.elastic.lifecycle import ElasticIndexes
from search.embedding.base import Encoder
from search.records.database import open_database
from search.records.store import RecordStore
from tests.faults.changes import change, change_a_little, settle
from tests.faults.equality import assert_equal, assert_sound
from tests.servers.elasticsearch import RunningElasticsearch
from tests.servers.faults import (
    Answer,
    ApplyThenDrop,
    CutAfter,
    DropRequestAfter,
    FailItems,
    Fault,
    Hang,
    Plan,
    Refuse,
)
from tests.servers.proxy import FaultyProxy

#: Of the fourteen outbox rows of a round: three commits.
ROWS_A_COMMIT = 6
#: Of the documents of a commit: two requests.
ITEMS_A_REQUEST = 4
#: Each request by itself, so that the n-th is always the same one; no patience, so that it shows.
HASTY = BulkLimits(items=ITEMS_A_REQUEST, in_flight=1, request_timeout_s=0.4, patience_s=0)
PATIENT = BulkLimits(items=ITEMS_A_REQUEST, in_flight=1, request_timeout_s=0.4, patience_s=20)
#: So many requests of a round are cut, which reaches into its second commit.
REQUESTS = 14


@dataclass(frozen=True)
class Cut:
    """A fault, and from which request on it holds; those of bulk are counted by themselves."""

    fault: Fault
    request: int
    bulk_only: bool = True
    #: What all requests after the first that was cut meet.
    afterwards: Fault | None = None

    def __str__(self) -> str:
        where = "bulk" if self.bulk_only else "request"
        # The fault's first figure says which it is.
        fault = str(self.fault).partition(",")[0].rstrip(")") + ")"
        return f"{fault} from {where} {self.request} on"

    def plan(self) -> Plan:
        numbers = itertools.count(1)

        def choose(number: int, method: str, path: str) -> Fault | None:
            if self.bulk_only:
                if not path.endswith("/_bulk"):
                    return None
                number = next(numbers)
            if number < self.request:
                return None
            return self.fault if number == self.request else self.afterwards or self.fault

        return choose


#: The server is gone from this request on, or gone after it has done what was asked.
GONE = [Cut(Refuse(), number, bulk_only=False) for number in range(1, REQUESTS + 1)]
ANSWER_LOST = [
    Cut(ApplyThenDrop(), number, bulk_only=False, afterwards=Refuse())
    for number in range(1, REQUESTS + 1)
]
#: The connection ends within a request, and within the answer to one.
WITHIN_REQUEST = [Cut(DropRequestAfter(size), 1) for size in (0, 1, 60, 200, 450, 900, 1_400)]
WITHIN_REQUEST += [Cut(DropRequestAfter(size), 3) for size in (0, 300)]
WITHIN_ANSWER = [Cut(CutAfter(size), 1) for size in (0, 1, 15, 40, 80, 10_000)]
WITHIN_ANSWER += [Cut(CutAfter(size), 3) for size in (0, 30)]
#: Applied, and the answer never comes; or not applied, and it never comes.
SILENT = [Cut(ApplyThenDrop(), number) for number in (1, 2, 3)]
SILENT += [Cut(Hang(120), number) for number in (1, 2, 4)]
REFUSED = [Cut(Answer(status), number) for status in (429, 503) for number in (1, 2, 3)]
#: Every k-th item of every request.
ITEMS = [Cut(FailItems(k, 429), 1) for k in range(1, ITEMS_A_REQUEST + 1)]
ITEMS += [
    Cut(FailItems(k, 503, "unavailable_shards_exception"), 2) for k in range(1, ITEMS_A_REQUEST + 1)
]
CUTS = [
    *GONE, *ANSWER_LOST, *WITHIN_REQUEST, *WITHIN_ANSWER, *SILENT, *REFUSED, *ITEMS,
]  # fmt: skip
assert len(CUTS) >= 50


class World:
    """Records in a file, their index behind the proxy, and the number of the round."""

    def __init__(
        self, folder: Path, proxy: FaultyProxy, url: str, prefix: str, encoder: Encoder
    ) -> None:
        self._opened = ExitStack()
        self.proxy = proxy
        self._encoder = encoder
        database = open_database(f"sqlite:///{folder / 'bole.db'}")
        self._opened.callback(database.close)
        self.store = RecordStore(database)
        self.round = 0
        self._hasty, self._patient = (
            self._indexes(proxy.url, prefix, limits) for limits in (HASTY, PATIENT)
        )
        self._real = self._indexes(url, prefix, PATIENT)
        open_current(self._real, writable=True).close()

    def _indexes(self, url: str, prefix: str, limits: BulkLimits) -> ElasticIndexes:
        gateway = Gateway(Connection(url), read_timeout_s=5, write_timeout_s=5)
        self._opened.callback(gateway.close)
        manifest = build_manifest(self._encoder)
        return ElasticIndexes(gateway, manifest, prefix=prefix, limits=limits)

    def begin(self) -> None:
        """Bring records and index to where every round begins."""
        self.proxy.fault = None
        self.round += 1
        settle(self.store, self.round)
        self.projector(self._real, batch=100).catch_up()

    def hasty(self) -> Projector:
        """Return a new projector that gives up at the first fault."""
        return self.projector(self._hasty)

    def patient(self) -> Projector:
        """Return a new projector that tries again."""
        return self.projector(self._patient)

    def projector(self, indexes: ElasticIndexes, batch: int = ROWS_A_COMMIT) -> Projector:
        backend = open_current(indexes, writable=True)
        return Projector(self.store, backend, self._encoder, batch=batch)

    def reader(self) -> SearchBackend:
        return open_current(self._real, writable=False)

    def close(self) -> None:
        self._opened.close()


@pytest.fixture(scope="module")
def proxy(elasticsearch: RunningElasticsearch) -> Iterator[FaultyProxy]:
    with FaultyProxy(elasticsearch.url) as between:
        yield between


@pytest.fixture(scope="module")
def opened(
    elasticsearch: RunningElasticsearch,
    proxy: FaultyProxy,
    prefix: str,
    encoder: Encoder,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("cut")
    world = World(folder, proxy, elasticsearch.url, prefix, encoder)
    yield world
    world.close()


@pytest.fixture
def world(opened: World) -> World:
    opened.begin()
    return opened


def until_caught_up(projector: Projector) -> None:
    """Go on as `run_forever` does: what fails is tried again, whatever was left of the time before."""
    deadline = time.monotonic() + 30
    while True:
        try:
            projector.catch_up()
        except IndexUnavailableError:
            assert time.monotonic() < deadline, "the fault is gone and the projector does not go on"
            time.sleep(0.05)
        else:
            return


def rounds() -> Iterator[object]:
    """Yield each cut with a way to go on from it, in turn, so that every sort of cut has both."""
    for number, cut in enumerate(CUTS):
        begins_anew = number % 2 == 0
        way = "begins anew" if begins_anew else "goes on"
        yield pytest.param(cut, begins_anew, id=f"{cut}, {way}")


@pytest.mark.parametrize(("cut", "begins_anew"), list(rounds()))
def test_a_projection_that_is_cut_is_made_good(
    world: World, direct: httpx.Client, prefix: str, cut: Cut, begins_anew: bool
) -> None:
    projector = world.hasty()
    kept = change(world.store, world.round)
    world.proxy.faults(cut.plan())
    with pytest.raises(IndexUnavailableError):
        projector.catch_up()
    kept.append(change_a_little(world.store, world.round))
    world.proxy.fault = None
    # What was sent and not committed is to be seen: it must not pass for more than it is.
    direct.post(f"/{prefix}*/_refresh").raise_for_status()
    assert_sound(world.store, world.reader())
    if begins_anew:
        projector = world.hasty()
    until_caught_up(projector)
    assert_equal(world.store, world.reader())
    assert set(kept) <= world.store.sequences().keys()


#: What a projector that has patience does not even report.
PASSING: list[Fault] = [
    Answer(429),
    Answer(503),
    Refuse(),
    ApplyThenDrop(),
    DropRequestAfter(200),
    CutAfter(20),
    FailItems(1),
    FailItems(2, 503),
    Hang(120),
]


@pytest.mark.parametrize("seed", range(6))
def test_what_passes_is_waited_out(world: World, seed: int) -> None:
    draw = random.Random(seed)

    def choose(number: int, method: str, path: str) -> Fault | None:
        if not path.endswith("/_bulk") or draw.random() < 0.6:
            return None
        return draw.choice(PASSING)

    projector = world.patient()
    change(world.store, world.round)
    world.proxy.faults(choose)
    projector.catch_up()
    change_a_little(world.store, world.round)
    projector.catch_up()
    assert_equal(world.store, world.reader())
