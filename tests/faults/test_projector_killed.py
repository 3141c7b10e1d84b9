"""The projector's process killed (SIGKILL) at one point after another: a new one takes over.

The point is a request to Elasticsearch: when it comes, its sender is killed, and then it is passed
on. So at each point the server has done everything up to this request and the sender knows nothing
of the last answer.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from ingest.building import build_manifest, open_current
from ingest.projector import Projector
from search.backends.base import SearchBackend
from search.backends.elastic.connection import Connection
from search.backends.elastic.gateway import Gateway
from search.backends.elastic.lifecycle import ElasticIndexes
from search.embedding.base import Encoder
from search.records.database import Database, open_database
from search.records.store import RecordStore
from tests.faults.changes import change, change_a_little, settle
from tests.faults.equality import assert_equal, assert_sound
from tests.faults.projecting_child import take
from tests.search.backends.elastic.own_prefix import own_prefix
from tests.servers.elasticsearch import RunningElasticsearch
from tests.servers.faults import Fault, Plan
from tests.servers.proxy import FaultyProxy

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")

PROGRAM = Path(__file__).with_name("projecting_child.py")
#: Requests of a projector, from the opening of the index into its second commit.
POINTS = range(1, 19)


class World:
    """Records, their index, and the program whose children project through the proxy."""

    def __init__(
        self, url: str, elasticsearch: str, prefix: str, encoder: Encoder, folder: Path
    ) -> None:
        self._opened = ExitStack()
        self.database: Database = open_database(url)
        self._opened.callback(self.database.close)
        self.store = RecordStore(self.database)
        self.encoder = encoder
        self.round = 0
        self.proxy = self._opened.enter_context(FaultyProxy(elasticsearch))
        gateway = Gateway(Connection(elasticsearch), read_timeout_s=30)
        self._opened.callback(gateway.close)
        self.indexes = ElasticIndexes(gateway, build_manifest(encoder), prefix=prefix)
        open_current(self.indexes, writable=True).close()
        self._pid_file = folder / "pid"
        arguments = [url, self.proxy.url, prefix, self.indexes.follower, str(self._pid_file)]
        self._program = subprocess.Popen(
            [sys.executable, str(PROGRAM), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        self._opened.enter_context(self._program)

    def begin(self) -> None:
        """Bring records and index to where every round begins."""
        self.proxy.fault = None
        self.round += 1
        settle(self.store, self.round)
        self.take_over(batch=100)

    def project(self) -> int:
        """Let a child project, and return its exit status."""
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._program.stdin.write("go\n")
        return int(self._program.stdout.readline())

    def kill_at(self, point: int) -> Plan:
        """Return the plan that kills the child at its so-maniest request."""

        def choose(number: int, method: str, path: str) -> Fault | None:
            if number == point:
                os.kill(int(self._pid_file.read_text(encoding="ascii")), signal.SIGKILL)
            return None

        return choose

    def take_over(self, batch: int = 6) -> int:
        """Be the new projector: take the lock, begin where the index is, and catch up."""
        lock = self.database.projector_lock(self.indexes.follower)
        take(lock)
        try:
            backend = open_current(self.indexes, writable=True)
            return Projector(self.store, backend, self.encoder, batch=batch).catch_up()
        finally:
            lock.release()

    def reader(self) -> SearchBackend:
        return open_current(self.indexes, writable=False)

    def close(self) -> None:
        assert self._program.stdin is not None
        self._program.stdin.close()
        self._opened.close()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def opened(
    request: pytest.FixtureRequest,
    elasticsearch: RunningElasticsearch,
    direct: httpx.Client,
    encoder: Encoder,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("killed")
    if request.param == "sqlite":
        url = f"sqlite:///{folder / 'bole.db'}"
    else:
        url = request.getfixturevalue("postgresql").create_database()
    with own_prefix(direct) as prefix:
        world = World(url, elasticsearch.url, prefix, encoder, folder)
        yield world
        world.close()


@pytest.fixture
def world(opened: World) -> World:
    opened.begin()
    return opened


@pytest.mark.parametrize("point", POINTS)
def test_a_new_projector_takes_over(world: World, direct: httpx.Client, point: int) -> None:
    kept = change(world.store, world.round)
    world.proxy.faults(world.kill_at(point))
    assert world.project() == -signal.SIGKILL, "there is no such point"
    kept.append(change_a_little(world.store, world.round))
    # What the dead one sent is to be seen: it must not pass for more than it is.
    direct.post(f"/{world.indexes.follower}*/_refresh").raise_for_status()
    assert_sound(world.store, world.reader())
    assert world.take_over() > 0
    assert_equal(world.store, world.reader())
    assert set(kept) <= world.store.sequences().keys()


def test_one_that_is_not_killed_catches_up(world: World) -> None:
    """Else the tests above would show nothing."""
    change(world.store, world.round)
    world.proxy.fault = None
    assert world.project() == 0
    assert_equal(world.store, world.reader())
    assert world.take_over() == 0


def test_several_are_killed_one_after_another(world: World) -> None:
    change(world.store, world.round)
    for point in (17, 6, 12, 9, 15):
        world.proxy.faults(world.kill_at(point))
        assert world.project() == -signal.SIGKILL
        change_a_little(world.store, world.round + 1000 * point)
        settle(world.store, world.round + point)
    world.proxy.fault = None
    assert world.project() == 0
    assert_equal(world.store, world.reader())
