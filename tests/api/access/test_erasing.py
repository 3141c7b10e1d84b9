"""Whoever is erased is in no file any more: not in the data folder, not in the index, on either backend."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.alerts import evaluate
from api.app import create_app
from api.assembly import Bole
from api.letting_in import SESSION_COOKIE
from api.problems import MEDIA_TYPE
from api.saved_search_service import stored_criteria
from api.settings import Settings
from api.v1.saved_search_schemas import Criteria
from search.accounts.contacts import Contact
from search.accounts.principal import Role
from search.records.models import Candidate, Consent, Education, Vacancy, WorkExperience
from tests.waiting import wait_until

PASSWORD = "correct horse battery staple"
AS_OF = date(2026, 11, 30)
MARKER = "zzmarkerzz"
ORIGIN = {"Origin": "http://testserver"}


def planted() -> Candidate:
    """A profile that says the marker wherever something can be said."""
    return Candidate(
        headline=f"Java 工程师 {MARKER}headline",
        summary=f"{MARKER}summary 后端",
        skills=[{"name": "Java"}, {"name": f"{MARKER}skill"}],
        work=[WorkExperience(title=f"{MARKER}title", employer=f"{MARKER}employer", summary=f"{MARKER}did")],
        education=[Education(level="bachelor", school=f"{MARKER}school", subject=f"{MARKER}subject")],
        languages=[f"{MARKER}language"],
        certificates=[f"{MARKER}certificate"],
        talent_tier=f"{MARKER}tier",
        consents=[Consent(purpose=p, given=AS_OF) for p in ("matching", "contact", "statistics")],
    )  # fmt: skip


@contextmanager
def serving(bole: Bole):
    with TestClient(create_app(bole), raise_server_exceptions=False) as client:
        wait_until(lambda: client.get("/v1/ready").status_code == 200)
        yield client


def holding(folder: Path, word: str = MARKER) -> set[str]:
    """Names of the files below a folder that hold the marker, in any case and either encoding."""
    found = set()
    for path in folder.rglob("*"):
        try:
            content = path.read_bytes().lower() if path.is_file() else b""
        except OSError:  # gone meanwhile
            continue
        if word.encode() in content or word.encode("utf-16-le") in content:
            found.add(path.relative_to(folder).as_posix())
    return found


def plant(bole: Bole, client: TestClient) -> str:
    """Let a person and an employer do all they can; return the person's record."""
    accounts = bole.accounts
    accounts.add("admin@example.org", PASSWORD, Role.ADMIN)
    acme = accounts.add_organisation("Acme", "employer")
    hr = accounts.add("hr@example.org", PASSWORD, Role.EMPLOYER, organisation=acme)
    person = accounts.add(f"{MARKER}@example.org", PASSWORD, Role.CANDIDATE, name=f"{MARKER}name")
    others = [Candidate(headline=f"Python 工程师 {n}", summary="数据") for n in range(40)]
    bole.store.put_many(others, "public")
    criteria = stored_criteria(Criteria(text="Java", target="candidates"))
    bole.saved_searches.add(hr.principal.owner, "java", criteria)
    stored = bole.store.add(planted(), person.id)
    bole.contacts.put_details(
        [(stored.id, Contact(f"{MARKER}name", f"{MARKER}phone", f"{MARKER}mail"))]
    )
    vacancy = bole.store.add(Vacancy(title="Java", skills=[{"name": "Java"}]), hr.principal.owner)
    asked = bole.contacts.ask(hr.principal, vacancy.id, stored.id, f"{MARKER}message")
    bole.contacts.agree(asked.id, ["name", "phone"])
    rows = f"职业标题,姓名\n{MARKER}row,{MARKER}name\n".encode()
    bole.import_jobs.add(person.id, person.id, "candidate", f"{MARKER}.csv", rows, {})
    bole.changed()
    wait_until(lambda: bole.readiness().state == "ready")
    evaluate(bole.saved_searches, bole.backend, bole.search_of)
    # An earlier wording is to go as well.
    changed = stored.record.model_copy(update={"summary": f"{MARKER}later 后端 支付"})
    bole.store.replace(stored.id, changed, stored.version)
    bole.changed()
    wait_until(lambda: bole.readiness().state == "ready")
    key = bole.api_keys.add(hr.id, "x", ["read"])[1]
    headers = {"Authorization": f"Bearer {key}"}
    for path in (f"/v1/candidates/{stored.id}", f"/v1/candidates/{stored.id}/contact"):
        assert client.get(path, headers=headers).status_code == 200
    found = client.post(
        "/v1/search", headers=headers, json={"text": MARKER, "target": "candidates"}
    )
    assert f"candidate:{stored.id}" in {hit["id"] for hit in found.json()["hits"]}
    return stored.id


def erase(bole: Bole, client: TestClient, record_id: str) -> None:
    owner = bole.store.get(record_id).owner
    client.cookies.set(SESSION_COOKIE, bole.sessions.begin(owner))
    answer = client.post("/me/erase", data={"sure": "yes"}, headers=ORIGIN)
    client.cookies.clear()
    assert answer.status_code == 200, answer.text[:500]
    proof = bole.erasures.find(record_id)
    assert proof is not None
    assert proof.id in answer.text
    assert proof.removed == {"records": 1, "contact_details": 1, "contact_requests": 1, "alerts": 1}


def test_nothing_is_left_in_the_data_folder(tmp_path):
    bole = Bole(Settings(data_dir=tmp_path, embedding_model="static", as_of=AS_OF))
    with serving(bole) as client:
        record_id = plant(bole, client)
        before = holding(tmp_path)
        assert any(name.startswith("bole.db") for name in before), before
        assert any(name.startswith("index/") for name in before), before
        erase(bole, client, record_id)
        wait_until(lambda: holding(tmp_path) == set())
        assert holding(tmp_path, record_id.lower()) >= {"bole.db"}  # the proof, by its id
        assert bole.access_log.problems() == []
        assert bole.accounts.principal_of(record_id) is None
        found = client.post("/v1/search", json={"text": MARKER, "target": "candidates"})
        assert found.json()["hits"] == []
    assert holding(tmp_path) == set()
    again = Bole(Settings(data_dir=tmp_path, embedding_model="static", as_of=AS_OF))
    with serving(again):
        assert again.readiness().documents == 92 + 40 + 1


def test_nothing_is_left_in_elasticsearch(tmp_path, fresh_elasticsearch, request):
    server = fresh_elasticsearch()
    database = request.getfixturevalue("postgresql").create_database()
    settings = Settings(
        data_dir=tmp_path / "data",
        database_url=database,
        elasticsearch_url=server.url,
        embedding_model="static",
        as_of=AS_OF,
    )
    bole = Bole(settings)
    with serving(bole) as client:
        record_id = plant(bole, client)
        files = server.folder / "data"
        assert holding(files)
        erase(bole, client, record_id)
        wait_until(lambda: holding(files) == set() and holding(tmp_path) == set())
        assert bole.readiness().documents == 92 + 40 + 1


def test_an_organisations_records_are_not_erased_with_an_account(installation, problem_of):
    answer = installation.ask("hr_b", "DELETE", "/v1/me")
    assert problem_of(answer, 403)["detail"]
    assert installation.bole.accounts.get(installation.accounts["hr_b"].id)


def test_everything_about_oneself_can_be_taken_away(installation):
    answer = installation.ask("candidate", "GET", "/v1/me/data")
    body = answer.json()
    assert "attachment" in answer.headers["content-disposition"]
    profile = body["profiles"][0]
    assert profile["record"]["work"][0]["employer"] == "海康威视"
    assert profile["contact"]["phone"] == "13800138000"
    assert isinstance(profile["read_by"], list)
    assert body["account"]["email"] == "li@example.org"
    assert "password" not in answer.text
    resume = installation.page("candidate", "GET", "/me/resume.json").json()
    assert resume["basics"]["name"] == "李雷"
    assert resume["work"][0]["name"] == "海康威视"


@pytest.fixture
def problem_of():
    def check(answer, status):
        assert (answer.status_code, answer.headers["content-type"]) == (status, MEDIA_TYPE)
        return answer.json()

    return check
