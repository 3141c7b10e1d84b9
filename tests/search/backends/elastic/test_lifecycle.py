"""Which index is in use: changed in one step, kept for a way back, and never one of another make."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import httpx
import pytest

from ingest.building import open_current
from search.backends.base import (
    IndexMismatchError,
    IndexMissingError,
    IndexMovedError,
    IndexUnavailableError,
    Manifest,
)
from search.backends.elastic.gateway import Gateway
from search.backends.elastic.lifecycle import ElasticIndexes
from search.backends.elastic.mapping import index_mapping
from search.backends.filters import EVERYTHING
from search.backends.indexes import manifest_hash
from tests.search.backends.elastic.documents import MANIFEST, document
from tests.servers.faults import Answer, ApplyThenDrop, Fault, Refuse, first
from tests.servers.proxy import FaultyProxy

OTHER = replace(MANIFEST, model="another")

Through = Callable[..., Gateway]


def filled(indexes: ElasticIndexes, numbers: Sequence[int], watermark: int = 1) -> str:
    """Make an index with these documents; it is not put to use."""
    name = indexes.create(len(numbers))
    backend = indexes.open(name, writable=True)
    backend.upsert([document(number) for number in numbers])
    backend.commit(watermark)
    backend.close()
    return name


def behind(direct: httpx.Client, alias: str) -> set[str]:
    """Return the indices that an alias leads to, asked past our own code."""
    answer = direct.get(f"/_alias/{alias}")
    return set(answer.json()) if answer.status_code == 200 else set()


# Names


def test_names_are_numbered_and_say_what_they_were_made_with(
    indexes: ElasticIndexes, prefix: str
) -> None:
    stem = f"{prefix}-{manifest_hash(MANIFEST)}"
    made = [indexes.create(0) for _ in range(3)]
    assert made == [f"{stem}-00000{n}" for n in (1, 2, 3)] == indexes.names()
    indexes.remove(made[0])
    assert indexes.create(0) == f"{stem}-000004", "a name is not given out twice in a row"
    assert indexes.follower == stem
    assert indexes.current() is None
    assert indexes.previous() is None


def test_the_name_for_the_outbox_is_short_enough(gateway: Gateway) -> None:
    assert len(ElasticIndexes(gateway, MANIFEST, prefix="p" * 40).follower) <= 64


def test_two_prefixes_share_a_cluster(
    gateway: Gateway, indexes: ElasticIndexes, prefix: str
) -> None:
    """One is the beginning of the other: the hardest case of names that must not meet."""
    other = ElasticIndexes(gateway, MANIFEST, prefix=f"{prefix}-b")
    own, theirs = filled(indexes, [1]), filled(other, [2, 3])
    indexes.promote(own)
    assert other.current() is None
    other.promote(theirs)
    assert (indexes.names(), other.names()) == ([own], [theirs])
    assert (indexes.current(), other.current()) == (own, theirs)
    assert indexes.open(own, writable=False).doc_ids() == {"x:1"}
    assert other.open(theirs, writable=False).doc_ids() == {"x:2", "x:3"}
    with pytest.raises(IndexMissingError, match=f"it is none of Elasticsearch, {indexes.follower}"):
        indexes.remove(theirs)
    with pytest.raises(IndexMissingError, match="bole index list"):
        indexes.promote(theirs)
    second = filled(indexes, [4])
    indexes.promote(second)
    indexes.remove(own)
    assert other.current() == theirs


def test_two_manifests_run_side_by_side(
    gateway: Gateway, indexes: ElasticIndexes, prefix: str
) -> None:
    """As while servers are changed over: each with its own index in use, and its own projector."""
    newer = ElasticIndexes(gateway, OTHER, prefix=prefix)
    indexes.promote(filled(indexes, [1]))
    assert newer.current() is None
    assert newer.names() == []
    newer.promote(filled(newer, [1, 2]))
    assert indexes.follower != newer.follower
    for made, count in ((indexes, 1), (newer, 2)):
        current = made.current()
        assert current is not None
        assert made.open(current, writable=False).count(EVERYTHING) == count


# In use


def test_an_index_is_in_use_only_when_it_is_put_to_use(
    indexes: ElasticIndexes, direct: httpx.Client
) -> None:
    first_name = filled(indexes, [1])
    assert indexes.current() is None
    indexes.promote(first_name)
    second = filled(indexes, [1, 2])
    assert indexes.current() == first_name
    assert indexes.open(first_name, writable=False).count(EVERYTHING) == 1
    settings = direct.get(f"/{first_name},{second}/_settings").json()
    copies = {
        name: made["settings"]["index"].get("auto_expand_replicas")
        for name, made in settings.items()
    }
    assert copies == {first_name: "0-1", second: None}, "copies would slow the building down"


def test_the_one_before_is_kept_for_a_way_back(
    indexes: ElasticIndexes, direct: httpx.Client
) -> None:
    one, two, three = (filled(indexes, range(n)) for n in (1, 2, 3))
    for name in (one, two, three):
        indexes.promote(name)
    assert (indexes.current(), indexes.previous()) == (three, two)
    assert indexes.rollback() == two
    assert (indexes.current(), indexes.previous()) == (two, three)
    assert indexes.open(two, writable=False).count(EVERYTHING) == 2
    assert indexes.rollback() == three
    assert (indexes.current(), indexes.previous()) == (three, two)
    for role, name in (("read", three), ("write", three), ("previous", two)):
        assert behind(direct, f"{indexes.follower}-{role}") == {name}


def test_put_to_use_twice_is_once(indexes: ElasticIndexes) -> None:
    one, two = filled(indexes, [1]), filled(indexes, [1])
    for name in (one, two, two):
        indexes.promote(name)
    assert (indexes.current(), indexes.previous()) == (two, one)


def test_without_one_before_there_is_no_way_back(indexes: ElasticIndexes) -> None:
    indexes.promote(filled(indexes, [1]))
    with pytest.raises(IndexMissingError, match=r"keeps none\. Build one: bole index build"):
        indexes.rollback()


def test_what_is_in_use_is_not_removed(indexes: ElasticIndexes) -> None:
    one, two = filled(indexes, [1]), filled(indexes, [1])
    indexes.promote(one)
    indexes.promote(two)
    with pytest.raises(IndexMismatchError, match=r"it is in use\. Put another to use"):
        indexes.remove(two)
    indexes.remove(one)
    indexes.remove(one)
    assert indexes.names() == [two]
    assert (indexes.current(), indexes.previous()) == (two, None)


# The step from one to the other


def test_the_swap_is_one_request(through: Through, proxy: FaultyProxy, prefix: str) -> None:
    indexes = ElasticIndexes(through(), MANIFEST, prefix=prefix)
    indexes.promote(filled(indexes, [1]))
    second = filled(indexes, [1, 2])
    before = proxy.counts["POST", "/_aliases"]
    indexes.promote(second)
    assert proxy.counts["POST", "/_aliases"] - before == 1


@pytest.mark.parametrize(
    ("fault", "is_done"),
    [(Refuse(), False), (Answer(503), False), (ApplyThenDrop(), True)],
    ids=str,
)
def test_a_swap_that_fails_is_done_or_not_and_never_half(
    through: Through,
    proxy: FaultyProxy,
    direct: httpx.Client,
    prefix: str,
    fault: Fault,
    is_done: bool,
) -> None:
    indexes = ElasticIndexes(through(), MANIFEST, prefix=prefix)
    one, two = filled(indexes, [1]), filled(indexes, [1, 2])
    indexes.promote(one)
    proxy.faults(first(1, fault, endpoint="_aliases"))
    with pytest.raises(IndexUnavailableError):
        indexes.promote(two)
    for role in ("read", "write"):
        assert behind(direct, f"{indexes.follower}-{role}") == ({two} if is_done else {one})
    indexes.promote(two)
    assert (indexes.current(), indexes.previous()) == (two, one)


def test_a_reader_never_finds_no_index_or_two(indexes: ElasticIndexes) -> None:
    one, two = filled(indexes, range(3)), filled(indexes, range(3, 8))
    indexes.promote(one)
    reader = indexes.open(one, writable=False)
    seen: list[int] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen.append(reader.count(EVERYTHING))

    def swap() -> None:
        # Long enough for the reader to meet both, however slow the machine is.
        for swaps in range(500):
            indexes.promote((two, one)[swaps % 2])
            if swaps > 20 and {3, 5} <= set(seen):
                return

    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(read)
        try:
            swap()
        finally:
            stop.set()
        reading.result(timeout=30)
    assert set(seen) == {3, 5}


def test_a_reader_follows_and_a_writer_is_told(indexes: ElasticIndexes) -> None:
    one = filled(indexes, [1], watermark=1)
    indexes.promote(one)
    reader, writer = indexes.open(one, writable=False), indexes.open(one, writable=True)
    two = filled(indexes, [1, 2], watermark=2)
    indexes.promote(two)
    assert reader.doc_ids() == {"x:1", "x:2"}
    writer.upsert([document(3)])
    with pytest.raises(
        IndexMovedError, match=f"in use is {two} at change 2 now, no longer {one} at 1"
    ):
        writer.commit(3)
    assert reader.doc_ids() == {"x:1", "x:2"}, "what was for the other index is in neither"
    assert writer.watermark() == 2, "it stands for the other index now, which is so far"
    writer.upsert([document(4)])
    writer.commit(4)
    reader.refresh()
    assert reader.doc_ids() == {"x:1", "x:2", "x:4"}
    assert reader.watermark() == 4


def test_a_writer_that_has_nothing_to_write_is_told_too(indexes: ElasticIndexes) -> None:
    """Where nothing changes there are no commits, and it answers searches all the same."""
    one = filled(indexes, [1])
    indexes.promote(one)
    writer = indexes.open(one, writable=True)
    writer.refresh()
    indexes.promote(filled(indexes, [1, 2]))
    with pytest.raises(IndexMovedError):
        writer.refresh()
    assert writer.count(EVERYTHING) == 2
    writer.refresh()


@pytest.mark.parametrize("endpoint", ["_refresh", "_mget"])
def test_a_writer_that_cannot_see_how_far_the_other_is_tries_again(
    indexes: ElasticIndexes, through: Through, proxy: FaultyProxy, prefix: str, endpoint: str
) -> None:
    """It must not go on with its own number there: changes in between would be left out for ever."""
    one, two = filled(indexes, [1], watermark=9), filled(indexes, [2], watermark=2)
    indexes.promote(one)
    faulty = ElasticIndexes(through(), MANIFEST, prefix=prefix)
    writer = faulty.open(one, writable=True)
    indexes.promote(two)
    proxy.faults(lambda number, method, path: Refuse() if path.endswith(endpoint) else None)
    with pytest.raises(IndexUnavailableError):
        writer.commit(10)
    assert writer.watermark() == 9
    proxy.faults(lambda number, method, path: None)
    with pytest.raises(IndexMovedError):
        writer.commit(10)
    assert writer.watermark() == 2


def test_two_who_put_to_use_at_once_leave_one_in_use(
    through: Through, prefix: str, direct: httpx.Client
) -> None:
    """As two servers do that start together and find no index."""
    each = [ElasticIndexes(through(), MANIFEST, prefix=prefix) for _ in range(4)]
    names = [filled(each[0], [1]) for _ in each]
    together = threading.Barrier(len(each))

    def put_to_use(number: int) -> str:
        together.wait(timeout=10)
        try:
            each[number].promote(names[number])
        except IndexUnavailableError as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(len(each)) as pool:
        said = set(pool.map(put_to_use, range(len(each))))
    assert "" in said, "one comes first"
    assert all("at the same moment" in message for message in said - {""})
    for role in ("read", "write"):
        assert len(behind(direct, f"{each[0].follower}-{role}")) == 1
    assert each[0].current() in names


def test_servers_that_start_together_agree_on_an_index(
    through: Through, prefix: str, direct: httpx.Client
) -> None:
    each = [ElasticIndexes(through(read_timeout_s=20), MANIFEST, prefix=prefix) for _ in range(4)]
    together = threading.Barrier(len(each))

    def start(indexes: ElasticIndexes) -> None:
        together.wait(timeout=10)
        for _ in range(20):  # what a server does whose index cannot be opened
            try:
                open_current(indexes, writable=True)
            except IndexUnavailableError:
                continue
            return
        raise AssertionError("the index cannot be opened")

    with ThreadPoolExecutor(len(each)) as pool:
        list(pool.map(start, each))
    assert len(behind(direct, f"{each[0].follower}-read")) == 1


@pytest.mark.parametrize("fault", [ApplyThenDrop(), Refuse(), Answer(503)], ids=str)
@pytest.mark.parametrize("times", [1, 2])
def test_an_index_that_may_have_been_made_is_not_taken_for_a_new_one(
    through: Through, proxy: FaultyProxy, prefix: str, fault: Fault, times: int
) -> None:
    """Once: the HTTP client sends a PUT again by itself, and may find what it made before."""
    indexes = ElasticIndexes(through(), MANIFEST, prefix=prefix)
    made = first(times, fault)
    proxy.faults(lambda n, method, path: made(n, method, path) if method == "PUT" else None)
    with suppress(IndexUnavailableError):
        indexes.create(0)
    left = indexes.names()
    is_made = fault == ApplyThenDrop() or (fault == Refuse() and times == 1)
    assert len(left) == is_made
    proxy.faults(lambda number, method, path: None)
    assert indexes.create(0) not in left


def test_an_index_that_is_there_already_is_said_so(
    through: Through, proxy: FaultyProxy, prefix: str
) -> None:
    indexes = ElasticIndexes(through(), MANIFEST, prefix=prefix)
    lost = first(1, ApplyThenDrop())
    proxy.faults(lambda n, method, path: lost(n, method, path) if method == "PUT" else None)
    with pytest.raises(IndexUnavailableError, match=r"made a moment ago, by another.*Try again"):
        indexes.create(0)


# Of another make


@pytest.fixture
def misnamed(indexes: ElasticIndexes, direct: httpx.Client) -> Callable[[Manifest], str]:
    """Makes an index that has our name and was built with another manifest."""

    def make(manifest: Manifest) -> str:
        name = f"{indexes.follower}-000001"
        body = {
            "mappings": {"_meta": index_mapping(manifest, "flat")["_meta"], "properties": {}},
        }
        direct.put(f"/{name}", json=body).raise_for_status()
        return name

    return make


@pytest.mark.parametrize("writable", [True, False])
def test_what_was_built_otherwise_is_not_opened(
    indexes: ElasticIndexes, misnamed: Callable[[Manifest], str], writable: bool
) -> None:
    name = misnamed(replace(MANIFEST, model="another", dim=4))
    with pytest.raises(IndexMismatchError) as raised:
        indexes.open(name, writable=writable)
    assert str(raised.value) == (
        f"{name} was built otherwise: model is 'another', asked for 'test'; "
        "dim is 4, asked for 8; build another: bole index build"
    )


def test_an_index_that_says_nothing_of_itself_is_not_opened(
    indexes: ElasticIndexes, direct: httpx.Client
) -> None:
    name = f"{indexes.follower}-000001"
    direct.put(f"/{name}").raise_for_status()
    with pytest.raises(IndexMismatchError, match=r"format is None, not 1.*bole index build"):
        indexes.open(name, writable=False)


@pytest.mark.parametrize("name", ["nonsense", "", "*", "_all", "../x"])
def test_a_name_that_is_none_of_ours_is_not_asked_for(
    through: Through, proxy: FaultyProxy, prefix: str, name: str
) -> None:
    indexes = ElasticIndexes(through(), MANIFEST, prefix=prefix)
    for ask in (indexes.promote, indexes.remove, lambda n: indexes.open(n, writable=False)):
        with pytest.raises(IndexMissingError, match="none of"):
            ask(name)
    assert not proxy.counts


def test_an_index_that_is_not_there(indexes: ElasticIndexes) -> None:
    name = f"{indexes.follower}-000009"
    for ask in (indexes.promote, lambda n: indexes.open(n, writable=True)):
        with pytest.raises(IndexMissingError, match="bole index build"):
            ask(name)
