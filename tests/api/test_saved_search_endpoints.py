"""`/v1/saved-searches`: save, read, replace, delete; alerts, and marking them as seen."""

from __future__ import annotations

import itertools

import pytest

from api.alerts import evaluate
from api.assembly import Bole
from api.v1.schema_base import examples
from search.records import saved_searches

SEARCHES = "/v1/saved-searches"
CRITERIA = {"text": "模拟版图工程师", "target": "candidates", "filters": {"region": ["330100"]}}
CANDIDATE = {
    "headline": "模拟版图工程师",
    "skills": [{"name": "Cadence Virtuoso"}],
    "region": "330108",
}
_numbers = itertools.count()


def body(**members):
    return {"name": f"search {next(_numbers)}", "criteria": CRITERIA} | members


@pytest.fixture
def saved(client):
    """Save a search; it is deleted afterwards."""
    made = client.post(SEARCHES, json=body())
    assert made.status_code == 201, made.text
    yield made.json()
    client.delete(made.json()["url"], headers={"If-Match": "*"})


@pytest.fixture
def run_alerts(client, eventually):
    """Evaluate beside the running server, as `bole alerts` does."""

    def run():
        eventually(lambda: client.get("/v1/ready").json()["lag"] == 0)
        with Bole(client.app.state.bole.settings, writes=False) as bole:
            return evaluate(bole.saved_searches, bole.backend, bole.search_of)

    return run


def test_a_search_is_saved_read_replaced_and_deleted(client, problem):
    sent = body()
    created = client.post(SEARCHES, json=sent)
    assert created.status_code == 201
    address = created.headers["location"]
    assert created.headers["etag"] == '"1"'
    assert created.headers["cache-control"] == "no-store"
    read = client.get(address)
    assert read.json() == created.json()
    assert read.headers["etag"] == '"1"'
    assert (read.json()["new"], read.json()["total"]) == (0, 0)
    assert read.json()["name"] == sent["name"]
    shown = read.json()["criteria"]
    assert (shown["text"], shown["filters"]["region"]) == (CRITERIA["text"], ["330100"])

    # What is shown can be sent back, and says the same.
    again = client.put(
        address, json={"name": sent["name"], "criteria": shown}, headers={"If-Match": '"1"'}
    )
    assert (again.status_code, again.headers["etag"]) == (200, '"1"')
    replaced = client.put(
        address, json=body(criteria=CRITERIA | {"text": "C++"}), headers={"If-Match": '"1"'}
    )
    assert (replaced.status_code, replaced.headers["etag"]) == (200, '"2"')
    assert replaced.json()["criteria"]["text"] == "C++"
    assert client.delete(address, headers={"If-Match": '"2"'}).status_code == 204
    problem(client.get(address), 404)
    problem(client.get(address + "/alerts"), 404)
    problem(client.post(address + "/seen", json={"upto": 1}), 404)


def test_a_change_names_the_version_that_it_changes(client, problem, saved):
    for send in (
        lambda h: client.put(saved["url"], json=body(), headers=h),
        lambda h: client.delete(saved["url"], headers=h),
    ):
        assert problem(send({}), 428)["errors"][0]["field"] == "If-Match"
        problem(send({"If-Match": '"7"'}), 412)
        assert problem(send({"If-Match": "7"}), 422)["errors"][0]["field"] == "If-Match"


def test_the_same_request_with_the_same_key_saves_one_search(client, problem):
    headers = {"Idempotency-Key": f"save-{next(_numbers)}"}
    sent = body()
    first, again = (client.post(SEARCHES, json=sent, headers=headers) for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    conflict = client.post(SEARCHES, json=body(), headers=headers)
    assert problem(conflict, 409)["errors"][0]["field"] == "Idempotency-Key"
    assert conflict.headers["location"] == first.headers["location"]
    bad = client.post(SEARCHES, json=sent, headers={"Idempotency-Key": "has blank"})
    assert problem(bad, 422)["errors"][0]["field"] == "Idempotency-Key"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_name_is_used_once(client, problem, saved, lang):
    taken = client.post(f"{SEARCHES}?lang={lang}", json=body(name=f"  {saved['name']}\u3000"))
    said = problem(taken, 409)
    assert said["errors"][0]["field"] == "name"
    assert ("已存搜索" in said["errors"][0]["message"]) == (lang == "zh")
    assert taken.headers["location"] == saved["url"]
    other = client.post(SEARCHES, json=body()).json()
    clash = client.put(other["url"], json=body(name=saved["name"]), headers={"If-Match": '"1"'})
    assert problem(clash, 409)["errors"][0]["field"] == "name"


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        (body(name="zero\u200bwidth"), "name"),
        (body(name=" \u3000 "), "name"),
        (body(name="x" * 121), "name"),
        (body(criteria={"text": "Java", "target": "roles"}), "criteria.target"),
        (body(criteria={"text": "Java"}), "criteria.target"),
        (body(criteria={"target": "vacancies"}), "criteria.text"),
        (body(criteria={"text": "a", "query": {"text": "b"}, "target": "vacancies"}), "criteria.text"),
        (body(criteria=CRITERIA | {"filters": {"region": ["999999"]}}), "criteria.filters.region[0]"),
        (body(criteria=CRITERIA | {"limit": 5}), "criteria"),
        (body() | {"owner": "me"}, "body"),
    ],
)  # fmt: skip
def test_what_cannot_be_searched_cannot_be_saved(client, problem, sent, field):
    errors = problem(client.post(SEARCHES, json=sent), 422)["errors"]
    assert field in {error["field"] for error in errors}


def test_a_search_for_roles_says_why_not(client, problem):
    sent = body(criteria={"text": "Java", "target": "roles"})
    (error,) = problem(client.post(SEARCHES, json=sent), 422)["errors"]
    assert "do not change" in error["message"] or "不会变化" in error["message"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_there_can_be_so_many(client, problem, saved, monkeypatch, lang):
    there = sum(len(page["items"]) for page in pages(client, SEARCHES, 100))
    monkeypatch.setattr(saved_searches, "SEARCHES_AT_MOST", there)
    said = problem(client.post(f"{SEARCHES}?lang={lang}", json=body()), 409)
    assert str(there) in said["detail"]


def pages(client, address, limit):
    """Yield the pages of a list, from the first to the last."""
    cursor = None
    while True:
        parameters = {"limit": limit} | ({"cursor": cursor} if cursor else {})
        page = client.get(address, params=parameters)
        assert page.status_code == 200, page.text
        yield page.json()
        if (cursor := page.json()["next"]) is None:
            return


def test_pages_of_searches_fit_together(client):
    ids = [client.post(SEARCHES, json=body()).json()["id"] for _ in range(5)]
    cut = [item["id"] for page in pages(client, SEARCHES, 2) for item in page["items"]]
    assert cut[-5:] == ids
    assert len(cut) == len(set(cut))


def test_alerts_are_listed_and_marked_as_seen(client, problem, run_alerts, saved):
    url = saved["url"]
    made = [
        client.post("/v1/candidates", json=CANDIDATE | {"summary": f"第{number}份"}).json()
        for number in range(5)
    ]
    client.post("/v1/candidates", json=CANDIDATE | {"region": "330200"})
    found = {one.id: one.raised for one in run_alerts().searches}
    assert found[saved["id"]] == 5
    read = client.get(url)
    assert (read.json()["new"], read.json()["total"]) == (5, 5)
    assert read.headers["etag"] == '"1"'

    first = client.get(f"{url}/alerts", params={"limit": 2}).json()
    assert (first["new"], first["total"]) == (5, 5)
    alert = first["items"][0]
    assert alert["record_id"] == made[-1]["id"]
    assert (alert["kind"], alert["url"]) == ("candidate", made[-1]["url"])
    assert client.get(alert["url"]).status_code == 200
    assert alert["title"] == {"zh": "模拟版图工程师", "en": "模拟版图工程师", "lang": "zh"}
    assert 20 <= alert["score"] <= 100
    assert alert["seen"] is False
    listed = [item for page in pages(client, f"{url}/alerts", 2) for item in page["items"]]
    assert [item["record_id"] for item in listed] == [one["id"] for one in reversed(made)]

    seen = client.post(f"{url}/seen", json={"upto": listed[1]["number"]})
    assert (seen.json()["new"], seen.json()["total"]) == (1, 5)
    now = client.get(f"{url}/alerts").json()
    assert [item["seen"] for item in now["items"]] == [False, True, True, True, True]

    # Other alerts' cursors are none of this list's.
    other = client.post(SEARCHES, json=body()).json()
    crossed = client.get(f"{other['url']}/alerts", params={"cursor": first["next"]})
    assert problem(crossed, 422)["errors"][0]["field"] == "cursor"

    # Who withdraws or is erased is gone from the alerts at once.
    paused = CANDIDATE | {"status": "paused"}
    client.put(made[0]["url"], json=paused, headers={"If-Match": '"1"'})
    client.delete(made[1]["url"], headers={"If-Match": '"1"'})
    left = client.get(f"{url}/alerts").json()
    assert [item["record_id"] for item in left["items"]] == [made[n]["id"] for n in (4, 3, 2)]
    assert (left["new"], left["total"]) == (1, 3)


def test_other_criteria_begin_anew_and_another_name_does_not(client, run_alerts, saved):
    client.post("/v1/candidates", json=CANDIDATE)
    run_alerts()
    renamed = client.put(saved["url"], json=body(), headers={"If-Match": '"1"'})
    assert renamed.json()["total"] == 1
    sent = body(criteria=CRITERIA | {"filters": {}})
    changed = client.put(saved["url"], json=sent, headers={"If-Match": '"2"'})
    assert changed.json()["total"] == 0
    run_alerts()
    assert client.get(saved["url"]).json()["total"] == 0


@pytest.mark.parametrize("sent", examples("SeenBody"))
def test_the_example_of_what_was_seen_is_true(client, saved, sent):
    assert client.post(f"{saved['url']}/seen", json=sent).status_code == 200


@pytest.mark.parametrize("upto", [-1, 2**53, 1.5, "1", True, None])
def test_a_number_that_no_alert_has_is_refused(client, problem, saved, upto):
    errors = problem(client.post(f"{saved['url']}/seen", json={"upto": upto}), 422)["errors"]
    assert [error["field"] for error in errors] == ["upto"]


def test_a_code_that_a_release_dropped_is_still_shown(client):
    bole: Bole = client.app.state.bole
    criteria = {
        "query": {"conditions": [{"aspect": "skill", "value": "dropped"}]},
        "target": "candidates",
        "filters": {"region": ["999999"]},
    }
    search = bole.saved_searches.add("public", f"dropped {next(_numbers)}", criteria)
    read = client.get(f"{SEARCHES}/{search.id}")
    assert read.json()["criteria"]["filters"]["region"] == ["999999"]
    assert client.get(SEARCHES).status_code == 200
    bole.saved_searches.delete(search.id, "public", 1)
