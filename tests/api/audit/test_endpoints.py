"""`/v1/audit`, `/v1/outcomes` and `/v1/declarations` over an open installation."""

from __future__ import annotations

import pytest

from taxonomies.targets import load_indicators

DECLARED = {"employer": "示例公司", "role": 9, "headcount": 2, "from_month": "2027-01"}


def test_demand_says_how_it_was_made_and_where_its_records_are(filled_client):
    found = filled_client.get("/v1/audit/demand").json()
    assert found["scope"]["en"] == "Platform-observed counts, not the labour market."
    assert {"catalogue", "skills", "method"} <= set(found["versions"])
    assert len(found["rows"]) >= 92
    assert all(method["formula"]["zh"] and method["source"]["en"] for method in found["methods"])
    row = next(row for row in found["rows"] if row["demand"]["posts"])
    drilled = filled_client.get(row["records"]["demand"]).json()
    assert drilled["vacancies"] == row["demand"]["vacancies"]
    assert sum(row["demand"]["posts"] for row in found["rows"]) == sum(
        field["demand"]["posts"] for field in found["fields"]
    )


def test_places_add_up_to_the_whole(filled_client):
    found = filled_client.get("/v1/audit/demand", params={"every_place": True}).json()
    whole = {row["role"]: row["demand"]["posts"] for row in found["rows"] if not row["region"]}
    parts = dict.fromkeys(whole, 0)
    for row in found["rows"]:
        if row["region"]:
            parts[row["role"]] += row["demand"]["posts"]
    assert parts == whole


def test_a_drill_goes_on_where_the_page_before_ended(filled_client):
    row = max(
        filled_client.get("/v1/audit/demand").json()["rows"],
        key=lambda row: row["qualified"]["people"],
    )
    address, seen = row["records"]["qualified"] + "&limit=3", []
    while address:
        found = filled_client.get(address).json()
        seen += [item["id"] for item in found["items"]]
        address = found["next"] and f"{row['records']['qualified']}&limit=3&cursor={found['next']}"
    assert len(seen) == len(set(seen)) == row["qualified"]["people"]
    assert filled_client.get(f"{row['records']['demand']}&cursor=x").status_code == 422


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("as_of=2999-01-01", "as_of"),
        ("as_of=0001-01-01", "as_of"),
        ("start=2026-12-30&as_of=2026-11-01", "start"),
        ("start=0001-01-01", "start"),
        ("role=999", "role"),
        ("field=none", "field"),
        ("region=999999", "region"),
    ],
)
def test_what_cannot_be_asked_is_named(filled_client, problem, query, field):
    found = problem(filled_client.get(f"/v1/audit/demand?{query}"), 422)
    assert [error["field"] for error in found["errors"]] == [field]


def test_snapshots_are_made_read_compared_and_checked(filled_client):
    first = filled_client.post("/v1/audit/snapshots", json={})
    second = filled_client.post("/v1/audit/snapshots", json={"as_of": "2026-10-31"}).json()
    assert first.status_code == 201
    kept = filled_client.get(first.headers["location"]).json()
    assert kept["hashes"]["hash"] == first.json()["hash"]
    listed = filled_client.get("/v1/audit/snapshots").json()["items"]
    assert {first.json()["id"], second["id"]} <= {one["id"] for one in listed}
    found = filled_client.get(
        "/v1/audit/compare", params={"before": second["id"], "after": first.json()["id"]}
    ).json()
    assert found["is_series"]
    assert all(
        figure["change"] == figure["after"] - figure["before"]
        for row in found["rows"]
        for name, figure in row["figures"].items()
        if name == "posts"
    )
    checked = filled_client.get(first.headers["location"] + "/verification").json()
    assert checked["is_intact"]


def test_plans_rest_on_what_is_counted(filled_client, problem):
    found = filled_client.get("/v1/audit/forecast").json()
    forecast, too_little = found["forecast"], found["too_little"]
    assert (found["role"], forecast is None) == (0, too_little is not None)
    assert forecast is None or len(forecast["months"]) == len(forecast["stated"]["expected"]) == 6
    of_one = filled_client.get("/v1/audit/forecast", params={"role": 77, "as_of": "2001-01-01"})
    assert of_one.json()["too_little"]["lacking"] == ["months", "posts"]
    targets = filled_client.get("/v1/audit/targets").json()["items"]
    assert {one.id for one in load_indicators() if one.is_target} == {
        one["indicator"] for one in targets
    }
    proposed = filled_client.get("/v1/audit/proposals").json()
    assert proposed["postings"] > 0
    for one in proposed["additions"]:
        for record_id in one["examples"]:
            assert filled_client.get(f"/v1/vacancies/{record_id}").status_code == 200
    refused = problem(filled_client.get("/v1/audit/forecast?role=999"), 422)
    assert [error["field"] for error in refused["errors"]] == ["role"]


def test_an_outcome_changes_the_fill_rate(filled_client):
    vacancy = filled_client.post(
        "/v1/vacancies", json={"title": "x", "role": 77, "headcount": 2, "posted": "2026-10-01"}
    ).json()["id"]
    person = filled_client.post("/v1/candidates", json={"headline": "x"}).json()["id"]
    body = {"vacancy_id": vacancy, "candidate_id": person, "stage": "hired"}
    assert filled_client.post("/v1/outcomes", json=body).status_code == 201
    assert filled_client.post("/v1/outcomes", json=body | {"on": "2999-01-01"}).status_code == 422
    row = filled_client.get("/v1/audit/demand", params={"role": 77}).json()["rows"][0]
    assert row["fill"]["filled"] == 1
    assert row["fill"]["rate"] == 1 / row["fill"]["advertised"]
    listed = filled_client.get("/v1/outcomes").json()["items"]
    assert [one["candidate_id"] for one in listed] == [person]
    assert (
        filled_client.post("/v1/outcomes", json=body | {"candidate_id": vacancy}).status_code == 404
    )


def test_a_declaration_is_sent_and_answered(filled_client, problem):
    made = filled_client.post("/v1/declarations", json=DECLARED).json()
    assert made["state"] == "draft"
    address = f"/v1/declarations/{made['id']}/act"
    found = problem(filled_client.post(address + "?lang=en", json={"act": "accept"}), 409)
    assert "Read it again" in found["detail"]
    assert filled_client.post(address, json={"act": "send"}).json()["state"] == "sent"
    answer = {"act": "refuse", "answer": "请补充"}
    assert filled_client.post(address, json=answer).json()["answer"] == "请补充"
    assert made["id"] in {
        one["id"] for one in filled_client.get("/v1/declarations").json()["items"]
    }


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "x"}, "role"),
        ({"role": None}, "role"),
        ({"until_month": "2026-01"}, "until_month"),
        ({"reason": "联系 13800138000"}, "reason"),
        ({"employer": ""}, "employer"),
        ({"reason": "限男性，35岁以下"}, "reason"),
    ],
)
def test_what_a_declaration_may_not_say_is_named(filled_client, problem, changes, field):
    found = problem(filled_client.post("/v1/declarations", json=DECLARED | changes), 422)
    assert [error["field"] for error in found["errors"]][:1] == [field]
