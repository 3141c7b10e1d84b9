"""`/v1/candidates` and `/v1/vacancies`: create, read, replace, erase; versions and idempotency."""

from __future__ import annotations

import itertools

import pytest

CANDIDATE = {
    "headline": "模拟版图工程师",
    "skills": [{"name": "Cadence Virtuoso"}],
    "region": "330108",
}
VACANCY = {"title": "Java高级软件工程师", "role": 1, "region": "330106"}
BOTH = pytest.mark.parametrize(
    ("path", "body"), [("/v1/candidates", CANDIDATE), ("/v1/vacancies", VACANCY)]
)
_numbers = itertools.count()


@BOTH
def test_a_record_is_created_read_replaced_and_erased(client, problem, path, body):
    created = client.post(path, json=body)
    assert created.status_code == 201
    address = created.headers["location"]
    assert created.headers["etag"] == '"1"'
    assert created.headers["cache-control"] == "no-store"

    read = client.get(address)
    assert read.json() == created.json()
    assert client.get(address, headers={"If-None-Match": '"1"'}).status_code == 304

    changed = read.json()["record"] | {
        "status": {"candidate": "paused", "vacancy": "closed"}[read.json()["record"]["kind"]]
    }
    replaced = client.put(address, json=changed, headers={"If-Match": '"1"'})
    assert replaced.status_code == 200
    assert replaced.headers["etag"] == '"2"'

    assert client.delete(address, headers={"If-Match": '"2"'}).status_code == 204
    problem(client.get(address), 404)


@BOTH
def test_a_change_names_the_version_that_it_changes(client, problem, path, body):
    address = client.post(path, json=body).headers["location"]
    for send in (
        lambda h: client.put(address, json=body, headers=h),
        lambda h: client.delete(address, headers=h),
    ):
        assert problem(send({}), 428)["errors"][0]["field"] == "If-Match"
        problem(send({"If-Match": '"7"'}), 412)
        assert problem(send({"If-Match": "7"}), 422)["errors"][0]["field"] == "If-Match"
    assert client.get(address).headers["etag"] == '"1"'


@BOTH
def test_the_same_request_with_the_same_key_creates_one_record(client, problem, path, body):
    headers = {"Idempotency-Key": f"try {next(_numbers)}".replace(" ", "-")}
    first, again = (client.post(path, json=body, headers=headers) for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert first.json()["record"]["key"] is None

    other = body | {"languages": ["English"]}
    conflict = client.post(path, json=other, headers=headers)
    assert problem(conflict, 409)["errors"][0]["field"] == "Idempotency-Key"


@BOTH
def test_a_key_of_the_senders_own_is_used_once(client, problem, path, body):
    keyed = body | {"key": f"own-{next(_numbers)}"}
    first = client.post(path, json=keyed)
    assert first.json()["record"]["key"] == keyed["key"]
    taken = client.post(path, json=keyed)
    assert problem(taken, 409)["errors"][0]["field"] == "key"
    assert taken.headers["location"] == first.headers["location"]


@BOTH
def test_a_record_is_found_once_stored_and_not_once_erased(client, eventually, path, body):
    target = path.rpartition("/")[2]
    created = client.post(path, json=body).json()
    name = f"{created['record']['kind']}:{created['id']}"

    def found():
        asked = {"text": body.get("title") or body["headline"], "target": target, "limit": 100}
        return name in {hit["id"] for hit in client.post("/v1/search", json=asked).json()["hits"]}

    eventually(found)
    client.delete(created["url"], headers={"If-Match": "*"})
    eventually(lambda: not found())


def test_a_candidate_is_no_vacancy(client, problem):
    address = client.post("/v1/candidates", json=CANDIDATE).headers["location"]
    problem(client.get(address.replace("candidates", "vacancies")), 404)


@pytest.mark.parametrize(
    "member", ["sex", "age", "birth_date", "photo", "ethnicity", "marital_status"]
)
def test_what_may_never_be_ranked_is_not_taken(client, problem, member):
    error = problem(client.post("/v1/candidates", json=CANDIDATE | {member: "x"}), 422)["errors"][0]
    assert error["field"] == "body"
    assert "headline" in error["message"]


def test_a_paused_profile_is_kept_and_not_found(client, eventually):
    created = client.post("/v1/candidates", json=CANDIDATE | {"status": "paused"}).json()
    eventually(lambda: client.get("/v1/ready").json()["lag"] == 0)
    asked = {"text": CANDIDATE["headline"], "target": "candidates", "limit": 100}
    hits = client.post("/v1/search", json=asked).json()["hits"]
    assert f"candidate:{created['id']}" not in {hit["id"] for hit in hits}
    assert client.get(created["url"]).status_code == 200
