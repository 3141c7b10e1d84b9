"""`POST /v1/search`: reading, hits, evidence, facets, cursors, no match, measures."""

from __future__ import annotations

import pytest


def ask(client, **body):
    response = client.post("/v1/search", json=body)
    assert response.status_code == 200, response.text
    return response.json()


def test_a_text_is_read_into_conditions_with_spans_and_labels(client):
    text = "5年Spring Boot微服务，杭州"
    answer = ask(client, text=text)
    conditions = {c["value"]: c for c in answer["query"]["conditions"]}
    assert {"5", "spring-boot", "330100"} <= conditions.keys()
    for condition in conditions.values():
        span = condition["span"]
        assert text[span["start"] : span["end"]] == condition["quote"]
        assert condition["label"]["zh"]
        assert condition["label"]["en"]
        assert condition["strength"] == "favoured"


def test_the_best_hit_comes_with_title_evidence_parts_and_address(client):
    hit = ask(client, text="analog IC layout")["hits"][0]
    assert hit["id"] == "role:9"
    assert hit["rank"] == 1
    assert hit["title"]["en"] == "IC Layout Engineer"
    assert hit["url"] == "/v1/roles/9"
    assert hit["parts"]
    assert any(item["state"] == "found" and item["quote"] for item in hit["evidence"])


def test_what_a_role_cannot_state_is_unknown_and_not_missing(client):
    evidence = ask(client, text="Java, 5年以上, 硕士, 杭州")["hits"][0]["evidence"]
    states = {item["aspect"]: item["state"] for item in evidence}
    assert states["place"] == states["years"] == states["education"] == "unknown"


def test_an_edited_reading_is_searched_as_it_was_sent_back(client):
    query = ask(client, text="Java 杭州")["query"]
    query["conditions"] = [c for c in query["conditions"] if c["aspect"] != "place"]
    again = ask(client, query=query)["query"]
    assert [c["value"] for c in again["conditions"]] == [c["value"] for c in query["conditions"]]
    assert again["text"] == "Java 杭州"


def test_conditions_alone_are_enough(client):
    query = {"conditions": [{"aspect": "skill", "value": "java"}]}
    assert ask(client, query=query)["hits"][0]["id"] == "role:1"


def test_no_match_is_said_in_both_languages(client):
    answer = ask(client, text="幼儿园教师")
    assert answer["no_match"]["message"]["zh"]
    assert answer["no_match"]["message"]["en"].startswith("Nothing matches")
    assert ask(client, text="Java工程师")["no_match"] is None


def test_pages_follow_each_other_without_overlap_and_end(client):
    body = {"text": "软件工程师", "limit": 40}
    seen, cursor = [], None
    while True:
        answer = ask(client, **body, **({"cursor": cursor} if cursor else {}))
        seen += [hit["id"] for hit in answer["hits"]]
        cursor = answer["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == answer["total"]


def test_a_cursor_belongs_to_its_question(client, problem):
    cursor = ask(client, text="Java", limit=1)["next"]
    response = client.post("/v1/search", json={"text": "Python", "cursor": cursor})
    assert problem(response, 422)["errors"][0]["field"] == "cursor"


def test_a_chosen_value_binds_the_hits_and_the_other_facets_but_not_its_own(client):
    answer = ask(client, text="工程师", filters={"field": ["integrated-circuits"]}, limit=100)
    plain = ask(client, text="工程师", limit=100)
    assert {hit["id"] for hit in answer["hits"]} <= {f"role:{n}" for n in range(8, 15)}
    fields = {entry["value"]: entry for entry in answer["facets"]["field"]}
    assert fields["integrated-circuits"]["label"]["en"] == "Integrated Circuits"
    assert fields["integrated-circuits"]["count"] == 7
    # What else could be chosen there is still counted, as it was before anything was chosen.
    assert len(fields) > 1
    assert answer["facets"]["field"] == plain["facets"]["field"]
    assert all(entry["count"] <= 7 for entry in answer["facets"]["skill"])


def test_a_filter_that_is_no_facet_binds_every_facet(client):
    answer = ask(client, text="工程师", filters={"role": [9]}, limit=100)
    assert [(entry["value"], entry["count"]) for entry in answer["facets"]["field"]] == [
        ("integrated-circuits", 1)
    ]


def test_measures_are_conditional_and_cite_clause_and_document(client):
    (hit,) = ask(client, text="集成电路版图", limit=1)["hits"]
    assert hit["benefits"]
    for notice in hit["benefits"]:
        assert notice["standing"] in {
            "applies_if_open", "encouraged_only", "planned_only", "not_yet_in_force", "ended",
        }  # fmt: skip
        assert notice["clause"]
        assert notice["document"]["file"]
        assert notice["text"]["zh"]


def test_a_measure_that_is_over_today_was_not_over_then(client):
    def standings(**more):
        hits = ask(client, text="集成电路版图", limit=1, **more)["hits"]
        return {notice["id"]: notice["standing"] for notice in hits[0]["benefits"]}

    now, then = standings(), standings(as_of="2019-12-31")
    assert any(now[name] == "ended" and then[name] != "ended" for name in now)


def test_the_place_asked_for_decides_whose_measures_are_shown(client):
    (hit,) = ask(client, text="集成电路版图 杭州", limit=1)["hits"]
    assert not any(notice["jurisdiction"] == "330400" for notice in hit["benefits"])


@pytest.mark.parametrize("target", ["roles", "vacancies", "candidates"])
def test_every_target_answers_even_where_there_is_nothing(client, target):
    answer = ask(client, text="Java", target=target)
    assert answer["versions"].keys() >= {"catalogue", "skills", "model", "ranking"}
    assert answer["as_of"] == "2026-11-24"
