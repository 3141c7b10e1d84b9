"""The launchers and the proxy do what the tests that use them rely on."""

from __future__ import annotations

import contextlib
import gzip
import json
import subprocess
import sys
import time
import uuid
from pathlib import Path

import httpx
import pytest

from tests.servers import elasticsearch_distribution as fetching
from tests.servers.elasticsearch import ElasticsearchServer
from tests.servers.errors import ServerStartError, ServerUnavailableError
from tests.servers.faults import (
    Answer,
    ApplyThenDrop,
    CutAfter,
    DropRequestAfter,
    FailItems,
    Hang,
    Refuse,
    first,
    sequence,
)
from tests.servers.ports import free_port
from tests.servers.postgresql import PostgresqlServer
from tests.servers.proxy import FaultyProxy

ROOT = Path(__file__).parents[2]


def _client(url: str) -> httpx.Client:
    return httpx.Client(base_url=url, trust_env=False, timeout=30)


@pytest.fixture(scope="module")
def killable(fresh_elasticsearch):
    return fresh_elasticsearch()


@pytest.fixture
def proxy(elasticsearch):
    with FaultyProxy(elasticsearch.url) as proxy:
        yield proxy


@pytest.fixture
def through(proxy):
    with _client(proxy.url) as client:
        yield client


@pytest.fixture
def direct(elasticsearch):
    with _client(elasticsearch.url) as client:
        yield client


@pytest.fixture
def index(direct):
    name = f"t_{uuid.uuid4().hex}"
    settings = {"settings": {"number_of_replicas": 0}}
    direct.put(f"/{name}", json=settings).raise_for_status()
    yield name
    direct.delete(f"/{name}").raise_for_status()


def _found(client: httpx.Client, index: str) -> list[str]:
    client.post(f"/{index}/_refresh").raise_for_status()
    hits = client.post(f"/{index}/_search", json={"size": 100}).json()["hits"]["hits"]
    return sorted(hit["_id"] for hit in hits)


class TestElasticsearch:
    def test_an_acknowledged_document_survives_a_kill_and_the_address_stays(self, killable):
        url = killable.url
        with _client(url) as client:
            client.put("/survivors", json={}).raise_for_status()
            client.put("/survivors/_doc/1", json={"name": "Bole"}).raise_for_status()
        killable.kill()
        assert killable.pid is None
        killable.start()
        assert killable.url == url
        with _client(url) as client:
            assert client.get("/survivors/_doc/1").json()["_source"] == {"name": "Bole"}

    def test_a_frozen_one_is_silent_and_goes_on_afterwards(self, killable):
        with _client(killable.url) as client:
            killable.pause()
            try:
                with pytest.raises(httpx.ReadTimeout):
                    client.get("/_cluster/health", timeout=0.5)
            finally:
                killable.resume()
            assert client.get("/_cluster/health").status_code == 200

    def test_snapshots_can_be_written_to_its_repository(self, killable):
        repository = {"type": "fs", "settings": {"location": str(killable.repository)}}
        with _client(killable.url) as client:
            client.put("/_snapshot/mine", json=repository).raise_for_status()
            answer = client.put("/_snapshot/mine/one?wait_for_completion=true")
        assert answer.json()["snapshot"]["state"] == "SUCCESS"
        assert any(killable.repository.iterdir())

    def test_it_says_its_version(self, elasticsearch):
        assert elasticsearch.version().count(".") == 2
        assert int(elasticsearch.java_version().split(".")[0]) >= 21

    def test_what_keeps_it_from_starting_is_in_the_error(self, elasticsearch_distribution):
        server = ElasticsearchServer(elasticsearch_distribution, {"no.such.setting": 1})
        with (
            contextlib.closing(server),
            pytest.raises(ServerStartError, match=r"no\.such\.setting"),
        ):
            server.start()
        assert not server.folder.exists()

    def test_without_a_java_that_is_new_enough_the_reason_says_so(self, monkeypatch):
        monkeypatch.setattr("tests.servers.java.OLDEST", 1000)
        with pytest.raises(ServerUnavailableError, match="needs a JDK 1000 or newer"):
            fetching.find_or_fetch()

    def test_a_build_with_another_checksum_is_not_unpacked(self, tmp_path, monkeypatch):
        def deliver(folder):
            archive = folder / "elasticsearch.zip"
            archive.write_bytes(b"something else")
            fetching._verify(archive)

        monkeypatch.setattr(fetching, "_fetch", deliver)
        with pytest.raises(ServerUnavailableError, match="SHA-256"):
            fetching._cached(tmp_path)
        assert [path.suffix for path in tmp_path.iterdir()] == [".lock"]


class TestPostgresql:
    def test_a_committed_row_survives_a_kill_and_the_address_stays(self, fresh_postgresql):
        server = fresh_postgresql(durable=True)
        url = server.create_database()
        _psql(server, url, "create table survivor (name text); insert into survivor values ('x')")
        server.kill()
        assert server.pid is None
        server.start()
        assert _psql(server, url, "select name from survivor") == "x"

    def test_databases_are_apart_and_can_be_dropped(self, postgresql):
        one, other = postgresql.create_database(), postgresql.create_database()
        _psql(postgresql, one, "create table here (name text)")
        assert (
            _psql(postgresql, other, "select count(*) from pg_tables where tablename = 'here'")
            == "0"
        )
        postgresql.drop_database(one)
        postgresql.drop_database(other)
        with pytest.raises(AssertionError, match="does not exist"):
            _psql(postgresql, one, "select 1")

    def test_it_says_its_version(self, postgresql):
        assert int(postgresql.version().split(".")[0]) >= 15


def _psql(server: PostgresqlServer, url: str, statements: str) -> str:
    address = url.replace("+psycopg", "")
    command = [str(server.programs / "psql"), "-X", "-q", "-At", "-d", address, "-c", statements]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


class TestProxy:
    def test_without_a_fault_everything_goes_through(self, proxy, through, index):
        assert through.put(f"/{index}/_doc/a%2Fb", json={"x": 1}).status_code == 201
        assert through.get(f"/{index}/_doc/a%2Fb").json()["_id"] == "a/b"
        assert through.head(f"/{index}").status_code == 200
        assert through.head(f"/{index}-not").status_code == 404
        assert proxy.counts["PUT", f"/{index}/_doc/a%2Fb"] == 1

    @pytest.mark.parametrize(
        ("fault", "applied"),
        [
            (Refuse(), False),
            (Hang(0.2), False),
            (DropRequestAfter(3), False),
            (ApplyThenDrop(), True),
            (CutAfter(0), True),
            (CutAfter(10), True),
            (CutAfter(1_000_000), True),
        ],
        ids=str,
    )
    def test_a_lost_answer(self, fault, applied, proxy, through, direct, index):
        proxy.fault = fault
        # Closed, or reset where something of the request had not been read yet.
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            through.put(f"/{index}/_doc/1", json={"x": 1})
        assert (direct.get(f"/{index}/_doc/1").status_code == 200) is applied
        proxy.fault = None
        assert through.put(f"/{index}/_doc/1", json={"x": 1}).status_code == (
            200 if applied else 201
        )

    def test_a_large_request_is_cut_while_it_is_sent(self, proxy, through, direct, index):
        proxy.fault = DropRequestAfter(1000)
        with pytest.raises(httpx.TransportError):
            through.put(f"/{index}/_doc/1", json={"x": "x" * 20_000_000})
        assert _found(direct, index) == []

    def test_a_hanging_request_outlasts_its_clients_patience(self, proxy, through):
        proxy.fault = Hang(60)
        with pytest.raises(httpx.ReadTimeout):
            through.get("/_cluster/health", timeout=0.2)
        begin = time.monotonic()
        proxy.close()
        assert time.monotonic() - begin < 5

    def test_an_answer_of_the_tests_own(self, proxy, through):
        proxy.fault = Answer(429, headers={"Retry-After": "2"})
        answer = through.get("/_cluster/health")
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "2")
        assert answer.headers["x-elastic-product"] == "Elasticsearch"
        assert answer.json()["error"]["type"] == "es_rejected_execution_exception"
        proxy.fault = Answer(200, {"took": 1})
        assert through.get("/_cluster/health").json() == {"took": 1}

    def test_faults_by_plan(self, proxy, through, index):
        proxy.faults(sequence(Answer(503), None, Answer(429)))
        said = [through.get("/_cluster/health").status_code for _ in range(4)]
        assert said == [503, 200, 429, 200]
        proxy.faults(first(2, Answer(503), endpoint="_search"))
        said = [
            through.get(path).status_code
            for path in (f"/{index}", *[f"/{index}/_search"] * 3, f"/{index}")
        ]
        assert said == [200, 503, 503, 200, 200]
        proxy.faults(lambda number, method, path: Answer(503) if method == "HEAD" else None)
        assert through.head(f"/{index}").status_code == 503
        assert proxy.counts["GET", f"/{index}/_search"] == 3

    @pytest.mark.parametrize("compressed", [False, True])
    def test_some_items_of_a_bulk_fail_and_the_others_are_really_there(
        self, compressed, proxy, through, direct, index
    ):
        direct.put(f"/{index}/_doc/old", json={}).raise_for_status()
        lines: list[dict[str, object]] = [{"delete": {"_id": "old"}}]
        for number in range(1, 8):
            lines += [{"index": {"_id": str(number)}}, {"x": number}]
        body = "".join(json.dumps(line) + "\n" for line in lines).encode()
        headers = {"Content-Type": "application/x-ndjson"}
        if compressed:
            body = gzip.compress(body)
            headers["Content-Encoding"] = "gzip"
        proxy.fault = FailItems(3, 503, "unavailable_shards_exception")

        answer = through.post(f"/{index}/_bulk", content=body, headers=headers).json()

        entries = [next(iter(item.values())) for item in answer["items"]]
        assert answer["errors"] is True
        assert [entry["_id"] for entry in entries] == ["old", *"1234567"]
        assert [entry["status"] for entry in entries] == [200, 201, 503, 201, 201, 503, 201, 201]
        assert entries[2]["error"]["type"] == "unavailable_shards_exception"
        assert entries[2]["_index"] == index
        assert _found(direct, index) == ["1", "3", "4", "6", "7"]

    def test_all_items_of_a_bulk_fail(self, proxy, through, direct, index):
        proxy.fault = FailItems(1)
        body = json.dumps({"index": {"_index": index, "_id": "1"}}) + '\n{"x": 1}\n'
        headers = {"Content-Type": "application/x-ndjson"}
        answer = through.post("/_bulk", content=body, headers=headers).json()
        assert [item["index"]["status"] for item in answer["items"]] == [429]
        assert _found(direct, index) == []

    def test_a_dead_server_is_a_closed_connection(self):
        nobody_listens = f"http://127.0.0.1:{free_port()}"
        with (
            FaultyProxy(nobody_listens) as proxy,
            _client(proxy.url) as client,
            pytest.raises(httpx.RemoteProtocolError),
        ):
            client.get("/")


class TestRunWith:
    def test_the_command_gets_the_address_and_its_exit_status_is_ours(self, postgresql_programs):
        code = "import os; print(os.environ['BOLE_DATABASE_URL']); raise SystemExit(7)"
        done = subprocess.run(
            [sys.executable, ROOT / "tests" / "servers" / "run_with.py", "--postgresql", "--",
             sys.executable, "-c", code],
            capture_output=True, text=True, cwd="/",
        )  # fmt: skip
        assert done.returncode == 7, done.stderr
        assert done.stdout.startswith("postgresql+psycopg://app@127.0.0.1:")
        assert "PostgreSQL" in done.stderr
