"""Searches are noted by role, place and number of results, and never in the way of an answer."""

from __future__ import annotations

import time
from datetime import date

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from api.app import create_app
from api.assembly import Bole
from api.settings import Settings
from search.records.audit_tables import SEARCH_EVENT
from search.records.models import Vacancy


@pytest.fixture
def served(tmp_path):
    bole = Bole(Settings(data_dir=tmp_path, embedding_model="static", as_of=date(2026, 11, 30)))
    bole.store.add(
        Vacancy(title="集成电路版图设计工程师", region="330100", text="熟悉版图设计"), "public"
    )
    with TestClient(create_app(bole)) as client:
        deadline = time.monotonic() + 120
        while client.get("/v1/ready").status_code != 200:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield bole, client


def events(bole):
    bole.search_log.flush()
    return bole.audit_stores.searches.between(date.min, date.max)


def search(client, **body):
    answer = client.post("/v1/search", json=body)
    assert answer.status_code == 200
    return answer.json()


def test_a_search_is_noted_with_role_place_and_results(served):
    bole, client = served
    search(client, text="集成电路版图设计工程师，杭州", target="candidates")
    (event,) = events(bole)
    assert (event.role, event.region, event.target, event.result_count) == (
        9,
        "330100",
        "candidates",
        0,
    )
    found = search(client, text="版图设计", target="vacancies")
    assert [one.result_count for one in events(bole)] == [0, found["total"]]
    assert events(bole)[1].role == 9


def test_pages_are_noted_too_and_later_pages_are_not(served):
    bole, client = served
    first = search(client, text="工程师", target="roles", limit=1)
    search(client, text="工程师", target="roles", limit=1, cursor=first["next"])
    client.get("/", params={"q": "工程师", "target": "roles"})
    client.get("/", params={"q": "工程师", "target": "roles", "page": 2})
    assert len(events(bole)) == 2


def test_nothing_that_was_written_is_kept(served):
    bole, client = served
    search(client, text="幼儿园教师 13800138000", target="vacancies")
    assert [event.role for event in events(bole)] == [None]
    assert {column.name for column in SEARCH_EVENT.columns} == {
        "id", "day", "target", "role", "region", "result_count",
    }  # fmt: skip


def test_a_search_that_cannot_be_noted_is_answered(served):
    bole, client = served
    with bole.database.writing() as connection:
        connection.execute(text("DROP TABLE search_event"))
    assert search(client, text="Java", target="roles")["hits"]
    bole.search_log.flush()
    assert search(client, text="Java", target="roles")["hits"]


def test_searches_that_found_nothing_stand_in_the_audit(served):
    _, client = served
    search(client, text="集成电路版图设计工程师", target="candidates")
    answer = client.get("/v1/audit/demand", params={"role": 9}).json()
    assert answer["rows"][0]["unmet"]["empty_searches"] == 1
    assert answer["searches"] == {"searches": 1, "empty": 1, "empty_without_role": 0}
