"""All ids, page by page at one point in time: each exactly once, whatever is written meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import TypeVar

import httpx
import pytest

from search.backends.base import IndexMissingError, IndexUnavailableError
from search.backends.elastic import backend as module
from search.backends.elastic.backend import ElasticBackend
from search.backends.elastic.connection import Connection
from search.backends.elastic.gateway import Call, Gateway
from search.backends.elastic.lifecycle import ElasticIndexes
from search.backends.filters import EVERYTHING, Range
from tests.search.backends.elastic.documents import MANIFEST, document
from tests.servers.elasticsearch import RunningElasticsearch
from tests.servers.faults import Answer, Fault, Hang, Refuse
from tests.servers.proxy import FaultyProxy

T = TypeVar("T")

A_PAGE = 7
MANY = 40


class Watched(Gateway):
    """A gateway that lets a test do something after each answer to a question about pages."""

    between: Callable[[int, str], None] = staticmethod(lambda number, point: None)
    number = 0

    def read(self, operation: str, call: Call[T]) -> T:
        answer = super().read(operation, call)
        if operation == "pages":
            self.number += 1
            assert hasattr(answer, "body")
            self.between(self.number, answer.body.get("id") or answer.body["pit_id"])
        return answer


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "IDS_A_PAGE", A_PAGE)


@pytest.fixture(params=[1, 3], ids=["1 shard", "3 shards"])
def writer(
    request: pytest.FixtureRequest, gateway: Gateway, prefix: str
) -> Iterator[ElasticBackend]:
    """An index in use with documents 0 to 39, open for writing."""
    indexes = ElasticIndexes(gateway, MANIFEST, prefix=prefix, shards=request.param)
    name = indexes.create(0)
    indexes.promote(name)
    opened = indexes.open(name, writable=True)
    opened.upsert([document(n, attributes={"years": (n,)}) for n in range(MANY)])
    opened.commit(1)
    yield opened
    opened.close()


@pytest.fixture
def watched(elasticsearch: RunningElasticsearch) -> Iterator[Watched]:
    opened = Watched(Connection(elasticsearch.url), read_timeout_s=20)
    yield opened
    opened.close()


def reading(gateway: Gateway, prefix: str) -> ElasticBackend:
    """Open the index in use for reading, through this gateway."""
    indexes = ElasticIndexes(gateway, MANIFEST, prefix=prefix)
    name = indexes.current()
    assert name is not None
    return indexes.open(name, writable=False)


def open_points(direct: httpx.Client, prefix: str) -> int:
    """Return how many points in time the server keeps of this test's indices, over all shards."""
    statistics = direct.get(f"/{prefix}*/_stats/search").json()
    return int(statistics["_all"]["total"]["search"].get("open_contexts", 0))


def ids(numbers: range | set[int]) -> set[str]:
    return {f"x:{number}" for number in numbers}


def test_every_document_comes_once(writer: ElasticBackend) -> None:
    found = Counter(writer._pages(EVERYTHING))
    assert found == Counter(ids(range(MANY)))
    assert set(writer._pages(Range("years", 5, 30))) == ids(range(5, 31))


@pytest.mark.parametrize("count", [0, 1, A_PAGE - 1, A_PAGE, A_PAGE + 1, 2 * A_PAGE])
def test_pages_end_where_the_documents_do(writer: ElasticBackend, count: int) -> None:
    """The last page may be full, or the first one empty."""
    writer.delete({f"x:{number}": 9 for number in range(count, MANY)})
    writer.commit(2)
    assert Counter(writer._pages(EVERYTHING)) == Counter(ids(range(count)))


def test_writes_in_between_change_nothing(
    writer: ElasticBackend, watched: Watched, prefix: str
) -> None:
    """Neither what is added, nor what is replaced (and so moves to the end), nor what is deleted."""
    reader = reading(watched, prefix)

    def write(number: int, point: str) -> None:
        writer.upsert([document(100 * number + n) for n in range(5)])
        writer.upsert([document(n, 10 + number) for n in range(0, MANY, 3)])
        writer.delete({f"x:{n}": 10 + number for n in range(number, MANY, 7)})
        writer.commit(10 + number)

    watched.between = write
    assert Counter(reader._pages(EVERYTHING)) == Counter(ids(range(MANY)))
    assert watched.number > MANY / A_PAGE, "it was written between all the pages"
    watched.between = lambda number, point: None
    afterwards = reader.doc_ids()
    assert afterwards == writer.doc_ids() != ids(range(MANY))
    assert "x:100" in afterwards
    assert "x:7" not in afterwards


def test_the_point_in_time_is_kept_while_there_are_pages_and_closed_afterwards(
    writer: ElasticBackend, watched: Watched, direct: httpx.Client, prefix: str
) -> None:
    reader = reading(watched, prefix)
    kept: list[int] = []
    watched.between = lambda number, point: kept.append(open_points(direct, prefix))
    reader.doc_ids()
    assert min(kept) > 0
    assert open_points(direct, prefix) == 0


def test_it_is_closed_where_somebody_stops_in_the_middle(
    writer: ElasticBackend, direct: httpx.Client, prefix: str
) -> None:
    pages = writer._pages(EVERYTHING)
    next(pages)
    assert open_points(direct, prefix) > 0
    pages.close()  # type: ignore[attr-defined]
    assert open_points(direct, prefix) == 0


def test_it_is_closed_where_a_page_fails(
    writer: ElasticBackend, proxy: FaultyProxy, direct: httpx.Client, prefix: str
) -> None:
    gateway = Gateway(Connection(proxy.url), read_timeout_s=20)
    reader = reading(gateway, prefix)
    pages = iter(range(1, 100))

    def failing(number: int, method: str, path: str) -> Fault | None:
        return Answer(503) if path.endswith("/_search") and next(pages) > 2 else None

    proxy.faults(failing)
    with pytest.raises(IndexUnavailableError, match="503"):
        reader.doc_ids()
    assert open_points(direct, prefix) == 0
    gateway.close()


@pytest.mark.parametrize(("fault", "said"), [(Refuse(), "be reached"), (Hang(120), "answer")])
def test_what_is_said_is_what_went_wrong_with_the_page(
    writer: ElasticBackend, proxy: FaultyProxy, prefix: str, fault: Fault, said: str
) -> None:
    """Where the server is gone the point in time cannot be closed either, which nobody waits for."""
    gateway = Gateway(Connection(proxy.url), read_timeout_s=1, write_timeout_s=600)
    reader = reading(gateway, prefix)
    pages = reader._pages(EVERYTHING)
    next(pages)
    proxy.fault = fault
    with pytest.raises(IndexUnavailableError, match=said):
        list(pages)
    gateway.close()


def test_a_point_in_time_that_is_gone_is_said_so(
    writer: ElasticBackend, watched: Watched, direct: httpx.Client, prefix: str
) -> None:
    """Its time may be over, or the server was restarted. The index is there: nothing is to be built."""
    reader = reading(watched, prefix)

    def expire(number: int, point: str) -> None:
        if number == 3:
            answer = direct.request("DELETE", "/_pit", json={"id": point})
            assert answer.json()["num_freed"] > 0

    watched.between = expire
    with pytest.raises(
        IndexUnavailableError, match=r"no longer has the point in time.*Begin again"
    ):
        reader.doc_ids()
    watched.between = lambda number, point: None
    assert reader.doc_ids() == ids(range(MANY))


def test_an_index_that_is_removed_meanwhile(
    writer: ElasticBackend, watched: Watched, direct: httpx.Client, prefix: str
) -> None:
    reader = reading(watched, prefix)

    def remove(number: int, point: str) -> None:
        if number == 2:
            direct.delete(f"/{writer._name}").raise_for_status()

    watched.between = remove
    with pytest.raises((IndexUnavailableError, IndexMissingError)):
        reader.doc_ids()
