"""`bole backup` and `bole restore`: what was found before is found after, and nothing else is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from api.assembly import Bole
from api.cli import app
from api.settings import Settings
from ingest.building import check_index
from ingest.samples.candidates import generate_candidates
from ingest.samples.vacancies import generate_vacancies
from search.accounts.principal import PUBLIC_OWNER
from search.records.models import Candidate

QUESTIONS = [
    "Java engineer",
    "模拟集成电路版图",
    "product manager in Hangzhou",
    "机器学习 硕士",
    "测试",
]


@pytest.fixture
def bole(monkeypatch):
    def run(folder, *arguments, url=""):
        monkeypatch.setenv("BOLE_DATA_DIR", str(folder))
        monkeypatch.setenv("BOLE_DATABASE_URL", url)
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.stdout

    return run


def answers(folder, url=""):
    """Start a server over a data folder; return what it finds, best first, once it is ready."""
    found = {}
    # The static model: the index is built four times.
    bole = Bole(Settings(data_dir=folder, database_url=url, embedding_model="static"))
    with TestClient(create_app(bole)) as client:
        deadline = time.monotonic() + 180
        while client.get("/v1/ready").status_code != 200:
            assert time.monotonic() < deadline, client.get("/v1/ready").text
            time.sleep(0.05)
        for target in ("candidates", "vacancies"):
            for question in QUESTIONS:
                answer = client.post("/v1/search", json={"text": question, "target": target}).json()
                hits = [(hit["id"], hit["score"]) for hit in answer["hits"]]
                found[target, question] = (hits, answer["total"])
    return found


def fill(folder, url=""):
    with Bole(Settings(data_dir=folder, database_url=url)) as filled:
        records = [*generate_candidates(30, seed=11), *generate_vacancies(20, seed=11)]
        filled.store.put_many(records, PUBLIC_OWNER)
    loaded = folder / "taxonomies"
    loaded.mkdir()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_server_answers_the_same_after_a_restore(bole, kind, tmp_path, request):
    def new_url():
        if kind == "sqlite":
            return ""
        return request.getfixturevalue("postgresql").create_database()

    old, url = tmp_path / "old", new_url()
    fill(old, url)
    before = answers(old, url)
    assert all(hits for hits, _ in before.values())
    told = json.loads(bole(old, "backup", tmp_path / "backup", "--json", url=url))
    assert told["counts"]["record"] == 50
    # Elsewhere, where there is nothing; and in the old place, where it has gone on since.
    elsewhere, other_url = tmp_path / "elsewhere", new_url()
    bole(elsewhere, "restore", tmp_path / "backup", url=other_url)
    assert answers(elsewhere, other_url) == before
    with Bole(Settings(data_dir=old, database_url=url, embedding_model="static")) as gone_on:
        for stored in list(gone_on.store.get_many(gone_on.store.sequences()).values())[:20]:
            gone_on.store.delete(stored.id)
        gone_on.store.add(Candidate(headline="Java engineer, Java engineer"), PUBLIC_OWNER)
        gone_on.projector.catch_up()
    assert answers(old, url) != before
    with pytest.raises(ValueError, match="--replace"):
        bole(old, "restore", tmp_path / "backup", url=url)
    said = bole(old, "restore", tmp_path / "backup", "--replace", url=url)
    assert "50 records" in said
    assert str(old / "replaced-") in said
    assert answers(old, url) == before
    if kind == "postgresql":
        for address in (url, other_url):
            request.getfixturevalue("postgresql").drop_database(address)


def test_what_was_put_aside_can_be_looked_at_and_backups_are_listed(bole, tmp_path):
    home = tmp_path / "home"
    fill(home)
    bole(home, "backup", tmp_path / "first")
    bole(home, "backup", tmp_path / "second")
    listed = json.loads((home / "backups.json").read_bytes())
    assert [entry["folder"] for entry in listed] == [
        str(tmp_path / "first"),
        str(tmp_path / "second"),
    ]
    told = json.loads(bole(home, "restore", tmp_path / "first", "--replace", "--json"))
    assert (told["counts"]["record"], told["erased_again"]) == (50, 0)
    assert (home / told["aside"] / "bole.db").is_file()
    # The list is about both backups still: it is not restored.
    assert json.loads((home / "backups.json").read_bytes()) == listed


def test_records_that_a_server_has_open_are_not_replaced(bole, tmp_path):
    home = tmp_path / "home"
    fill(home)
    bole(home, "backup", tmp_path / "backup")
    program = (
        "import sys, time; from api.assembly import Bole; from api.settings import Settings\n"
        "bole = Bole(Settings()); bole.start(); bole.store.count(); print('open', flush=True)\n"
        "sys.stdin.read()"
    )
    environment = os.environ | {"BOLE_DATA_DIR": str(home)}
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True,
    ) as server:  # fmt: skip
        assert server.stdout.readline() == "open\n"
        with pytest.raises(ValueError, match="Stop bole serve"):
            bole(home, "restore", tmp_path / "backup", "--replace")
        # A backup is made beside it all the same.
        assert "50 records" in bole(home, "backup", tmp_path / "beside")
        server.kill()
    # The system gives the lock of a dead process back.
    assert "50 records" in bole(home, "restore", tmp_path / "backup", "--replace")


def test_a_damaged_backup_is_named_and_nothing_is_changed(bole, tmp_path):
    home = tmp_path / "home"
    fill(home)
    bole(home, "backup", tmp_path / "backup")
    (tmp_path / "backup" / "records.db").unlink()
    before = sorted(path.name for path in home.iterdir())
    with pytest.raises(ValueError, match=r"records\.db is missing"):
        bole(home, "restore", tmp_path / "backup", "--replace")
    assert sorted(path.name for path in home.iterdir()) == before


def test_an_index_of_the_records_before_is_not_used_for_those_that_were_restored(bole, tmp_path):
    home = tmp_path / "home"
    fill(home)
    bole(home, "backup", tmp_path / "backup")
    settings = Settings(data_dir=home, embedding_model="static")
    with Bole(settings) as gone_on:
        gone_on.store.add(Candidate(headline="came later"), PUBLIC_OWNER)
        gone_on.projector.catch_up()
    shutil.copytree(home / "index", tmp_path / "index")
    bole(home, "restore", tmp_path / "backup", "--replace")
    assert not (home / "index").exists()
    # As on a cluster, where the index is elsewhere and a restore does not reach it.
    shutil.copytree(tmp_path / "index", home / "index")
    with Bole(settings) as restored:
        assert restored.backend.watermark() == restored.store.last_sequence()
        assert check_index(restored.store, restored.backend).is_equal
