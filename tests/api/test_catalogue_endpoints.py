"""`/v1/roles`, `/v1/skills`, `/v1/regions`, `/v1/health`, `/v1/ready`."""

from __future__ import annotations

from taxonomies.catalogue import load_catalogue
from taxonomies.regions import load_regions
from taxonomies.skills import load_skills


def test_roles_come_in_printed_order_with_their_fields(client):
    body = client.get("/v1/roles").json()
    assert [item["number"] for item in body["items"]] == list(range(1, 93))
    assert body["total"] == 92
    assert len(body["fields"]) == 19


def test_roles_can_be_narrowed_by_field_and_title(client):
    body = client.get("/v1/roles", params={"field": "integrated-circuits", "q": "版图"}).json()
    assert [item["number"] for item in body["items"]] == [9]


def test_a_title_that_stands_in_two_fields_is_two_roles(client):
    items = client.get("/v1/roles", params={"q": "嵌入式软件工程师"}).json()["items"]
    fields = {item["field"]["code"] for item in items if item["title"]["zh"] == "嵌入式软件工程师"}
    assert len(fields) == 2


def test_a_role_says_what_is_printed_and_where(client):
    body = client.get("/v1/roles/9").json()
    role = load_catalogue().role(9)
    assert body["title"]["zh"] == role.title.zh
    assert body["duty"]["zh"] == role.duty.zh
    assert body["listed"]["row"] == 9
    assert body["listed"]["annex"].startswith("附件1")
    assert body["listed"]["document"]["dated"] == "2017-11-27"
    assert body["skills"]["essential"]
    assert body["labels"]["zh"]
    assert body["labels"]["en"]
    assert all(benefit["heading_path"] for benefit in body["benefits"])


def test_a_role_that_is_not_there_is_404(client, problem):
    problem(client.get("/v1/roles/93"), 404)


def test_skills_are_paged_to_the_end(client):
    names, cursor = [], None
    while True:
        params = {"limit": 100} | ({"cursor": cursor} if cursor else {})
        body = client.get("/v1/skills", params=params).json()
        names += [item["id"] for item in body["items"]]
        cursor = body["next"]
        if cursor is None:
            break
    assert names == list(load_skills())


def test_a_skill_is_found_by_its_name_and_not_by_its_neighbour(client):
    first = client.get("/v1/skills", params={"q": "java"}).json()["items"][0]
    assert first["id"] == "java"


def test_a_skill_knows_the_roles_that_want_it(client):
    body = client.get("/v1/skills/java").json()
    assert 1 in {role["number"] for role in body["roles"]}


def test_a_skill_that_is_not_there_is_404(client, problem):
    problem(client.get("/v1/skills/no-such-skill"), 404)


def test_regions_are_a_tree_of_all_codes(client):
    body = client.get("/v1/regions").json()

    def codes(items):
        for item in items:
            yield item["code"]
            yield from codes(item["regions"])

    assert sorted(codes(body["items"])) == sorted(load_regions())
    assert body["elsewhere"]


def test_health_answers_and_ready_says_how_far_the_index_is(client):
    assert client.get("/v1/health").json()["status"] == "ok"
    body = client.get("/v1/ready").json()
    assert body["ready"]
    assert body["documents"] >= 92
    assert body["lag"] == body["last_change"] - body["watermark"]
