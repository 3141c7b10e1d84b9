"""`/v1/benefits`: what applies, what is open and why, and clear refusals."""

from __future__ import annotations

import re

import pytest

RECRUITING = {
    "as_of": "2020-06-01",
    "facts": {
        "place": "嘉兴",
        "employer": {
            "industry": ["数字经济"],
            "in_official_recruitment_trip": True,
            "paid_trip_costs": True,
        },
    },
}


def check(client, body):
    answer = client.post("/v1/benefits/check", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def by_id(found):
    return {one["id"]: one for one in found["results"]}


def test_what_is_met_throughout_is_eligible_with_the_fact_and_the_clause(client):
    found = check(client, RECRUITING | {"limit": 500})
    trip = by_id(found)["jiaxing-recruitment-trip-subsidy"]
    assert (trip["verdict"], trip["standing"], trip["in_force"]) == ("eligible", "applies", True)
    states = {condition["state"] for condition in trip["met_conditions"]}
    assert states == {"met"}
    assert trip["open_conditions"] == trip["failed_conditions"] == []
    paid = next(c for c in trip["met_conditions"] if c["facts"] == ["employer.paid_trip_costs"])
    assert paid["known"]["employer.paid_trip_costs"]["en"] == "Yes"
    assert paid["clauses"] == ["自费支出费用"]
    assert found["counts"]["applies"] == found["verdicts"]["eligible"] == 1


def test_the_same_later_has_ended(client):
    found = check(client, RECRUITING | {"as_of": "2026-11-24", "limit": 500})
    trip = by_id(found)["jiaxing-recruitment-trip-subsidy"]
    assert (trip["verdict"], trip["standing"], trip["in_force"]) == ("ineligible", "ended", False)
    assert "来源文件中未见后续政策" in trip["text"]["zh"]
    assert found["verdicts"].get("eligible", 0) == 0


def test_silence_makes_nothing_eligible(client):
    found = check(client, {"facts": {}, "as_of": "2020-06-01"})
    assert found["verdicts"].get("eligible", 0) == 0
    assert found["known"] == {}
    assert found["questions"][0]["settles"] >= found["questions"][-1]["settles"] > 0


def test_a_miss_is_named(client):
    facts = RECRUITING["facts"] | {
        "employer": RECRUITING["facts"]["employer"] | {"paid_trip_costs": False}
    }
    found = check(client, {"facts": facts, "as_of": "2020-06-01"})
    miss = next(m for m in found["nearest_misses"] if m["id"] == "jiaxing-recruitment-trip-subsidy")
    assert [c["facts"] for c in miss["failed"]] == [["employer.paid_trip_costs"]]


def test_only_some_measures(client):
    found = check(
        client,
        RECRUITING | {"beneficiary": ["intermediary"], "standing": ["applies_if_open"], "limit": 1},
    )
    assert len(found["results"]) == 1
    assert found["total"] >= 2
    assert all("intermediary" in one["beneficiaries"] for one in found["results"])
    one = check(client, RECRUITING | {"benefit": ["zhejiang-talent-loan"]})
    assert set(by_id(one)) == {"zhejiang-talent-loan"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"facts": {"plce": "嘉兴"}}, "facts"),
        ({"facts": {"place": "亚特兰蒂斯"}}, "facts.place.region"),
        ({"facts": {"person": {"newly_hired": "vielleicht"}}}, "facts.person.newly_hired"),
        ({"facts": {"person.tiers": ["大仙"]}}, "facts.person.tiers"),
        ({"facts": {}, "benefit": ["zhejiang-talent-loan", "no-such"]}, "benefit[1]"),
        ({"facts": {}, "as_of": "2020-13-01"}, "as_of"),
        ({"facts": []}, "facts"),
        ({}, "facts"),
        ({"facts": {}, "limit": 0}, "limit"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name_and_not_repeated(client, body, field):
    answer = client.post("/v1/benefits/check", json=body)
    assert answer.status_code == 422, answer.text
    assert [fault["field"] for fault in answer.json()["errors"]] == [field]
    for word in ("亚特兰蒂斯", "vielleicht", "大仙", "plce", "no-such"):
        assert word not in answer.text


def test_deep_and_wide_facts_do_no_harm(client):
    deep: object = True
    for _ in range(200):
        deep = {"a": deep}
    answer = client.post("/v1/benefits/check", json={"facts": {"person": deep}})
    assert answer.status_code in {400, 422}
    many = {f"person.f{number}": True for number in range(500)}
    assert client.post("/v1/benefits/check", json={"facts": many}).status_code == 422


def test_measures_are_listed_in_pages(client):
    first = client.get("/v1/benefits", params={"limit": 10, "as_of": "2020-06-01"}).json()
    seen = [item["id"] for item in first["items"]]
    cursor = first["next"]
    while cursor:
        page = client.get(
            "/v1/benefits", params={"limit": 200, "as_of": "2020-06-01", "cursor": cursor}
        )
        seen += [item["id"] for item in page.json()["items"]]
        cursor = page.json()["next"]
    assert len(seen) == len(set(seen)) == first["total"] == sum(first["counts"].values())


@pytest.mark.parametrize(
    ("params", "holds"),
    [
        ({"q": "贷款 平价"}, lambda item: "贷款" in item["clause"]),
        ({"document": "002"}, lambda item: item["document"]["file"].startswith("002")),
        ({"region": "330100"}, lambda item: item["jurisdiction"] != "330400"),
        ({"standing": "planned_only"}, lambda item: item["standing"] == "planned_only"),
        ({"form": "loan"}, lambda item: re.search("贷|融资|抵押", item["clause"])),
    ],
)
def test_measures_are_filtered(client, params, holds):
    found = client.get("/v1/benefits", params=params | {"as_of": "2020-06-01", "limit": 200}).json()
    assert found["items"]
    assert all(holds(item) for item in found["items"])


def test_one_measure_and_what_is_no_measure(client):
    loan = client.get("/v1/benefits/zhejiang-talent-loan", params={"as_of": "2020-06-01"}).json()
    assert loan["standing"] == "encouraged_only"
    assert loan["verdict"] == "unknown"
    assert "不能据此申领" in loan["text"]["zh"]
    assert client.get("/v1/benefits/no-such").status_code == 404


def test_every_fact_has_a_question_and_a_use(client):
    found = client.get("/v1/benefits/facts").json()["items"]
    assert {item["name"] for item in found} >= {"place.region", "person.tiers", "role.title"}
    for item in found:
        assert item["question"]["zh"]
        assert item["question"]["en"]
        if item["measures"] and item["kind"] in {"members", "code"}:
            assert item["options"], item["name"]
