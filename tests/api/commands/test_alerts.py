"""`bole alerts` and `bole load … --alerts`, over a folder and over Elasticsearch."""

from __future__ import annotations

import json
import uuid

import pytest
from typer.testing import CliRunner

from api.assembly import Bole
from api.cli import app
from api.settings import Settings
from ingest.samples import write_jsonl
from search.accounts.principal import PUBLIC_OWNER
from search.records.models import Candidate, StatedSkill

CRITERIA = {"text": "Java", "target": "candidates"}


@pytest.fixture(params=["embedded", "elasticsearch"])
def environment(request, tmp_path, monkeypatch):
    """An installation of its own."""
    monkeypatch.setenv("BOLE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("BOLE_EMBEDDING_MODEL", "static")
    if request.param == "elasticsearch":
        monkeypatch.setenv("BOLE_ELASTICSEARCH_URL", request.getfixturevalue("elasticsearch").url)
        monkeypatch.setenv("BOLE_ELASTICSEARCH_PREFIX", f"t{uuid.uuid4().hex[:12]}")


@pytest.fixture
def bole(environment):
    def run(*arguments, status=0):
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == status, result.output
        return result

    return run


def save(name, criteria=CRITERIA):
    with Bole(Settings(), writes=False) as bole:
        return bole.saved_searches.add(PUBLIC_OWNER, name, criteria).id


def alerted(search_id):
    with Bole(Settings(), writes=False) as bole:
        page = bole.saved_searches.alerts(search_id)
        records = bole.store.get_many(alert.record_id for alert in page.alerts)
        return {stored.key for stored in records.values()}


def write(path, *keys):
    skills = (StatedSkill(name="Java"),)
    write_jsonl(path, [Candidate(key=key, headline="Java 工程师", skills=skills) for key in keys])
    return path


def test_alerts_are_raised_after_loading_and_once(bole, tmp_path):
    bole("sample", "--candidates", 5, "--vacancies", 0)
    search_id = save("Java people")
    save("nurses", {"text": "幼儿园教师", "target": "candidates"})
    bole("load", "candidates", write(tmp_path / "first.jsonl", "a", "b"))
    assert alerted(search_id) == set()
    assert bole("alerts").stdout.splitlines() == [
        "2 saved searches: 2 new alerts",
        "  Java people: 2 new",
        "  nurses: 0 new",
    ]
    assert alerted(search_id) == {"a", "b"}
    again = json.loads(bole("alerts", "--json").stdout)
    assert (again["raised"], again["behind"], len(again["searches"])) == (0, 0, 2)

    more = write(tmp_path / "second.jsonl", "b", "c")
    loaded = json.loads(bole("load", "candidates", more, "--alerts", "--json").stdout)
    assert (loaded["added"], loaded["unchanged"]) == (1, 1)
    assert loaded["alerts"]["raised"] == 1
    assert loaded["alerts"]["searches"][0] == {
        "id": search_id,
        "name": "Java people",
        "raised": 1,
        "problem": "",
    }
    said = bole("load", "candidates", more, "--alerts").stdout.splitlines()
    assert said[0].startswith("2 lines: 0 added")
    assert said[1] == "2 saved searches: 0 new alerts"
    assert alerted(search_id) == {"a", "b", "c"}


def test_beside_a_server_the_index_is_waited_for(bole, tmp_path):
    """A server keeps the index: the command stores, the server indexes, the command evaluates."""
    bole("sample", "--candidates", 1, "--vacancies", 0)
    search_id = save("Java people")
    with Bole(Settings()) as server:
        server.start()
        loaded = bole("load", "candidates", write(tmp_path / "a.jsonl", "a"), "--alerts", "--json")
        assert json.loads(loaded.stdout)["alerts"]["raised"] == 1
    assert alerted(search_id) == {"a"}


def test_what_is_not_indexed_yet_is_left_and_said(bole):
    bole("sample", "--candidates", 1, "--vacancies", 0)
    search_id = save("Java people")
    with Bole(Settings(), writes=False) as records:
        records.store.add(Candidate(key="a", headline="Java 工程师"), PUBLIC_OWNER)
    said = bole("alerts")
    assert "0 new alerts" in said.stdout
    assert "changes that are not in the index yet: 1." in said.stderr
    bole("load", "candidates", "/dev/null", "--alerts")
    assert alerted(search_id) == {"a"}


def test_criteria_that_do_not_fit_are_named(bole):
    bole("sample", "--candidates", 1, "--vacancies", 0)
    save("unfit", {"text": "x", "target": "candidates", "filters": {"region": ["999999"]}})
    bole("sample", "--candidates", 2, "--vacancies", 0)
    said = bole("alerts", status=1).stdout
    assert "unfit: its criteria do not fit this release (filters.region.0" in said
