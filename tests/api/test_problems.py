"""Every way in which a request can fail answers with the one shape, in the reader's language."""

from __future__ import annotations

import json

import pytest

SEARCH = "/v1/search"


def post(client, content, **headers):
    return client.post(
        SEARCH, content=content, headers={"content-type": "application/json", **headers}
    )


def test_unknown_address(client, problem):
    problem(client.get("/v1/nothing-here"), 404)


def test_wrong_method_names_the_right_ones(client, problem):
    response = client.get(SEARCH)
    problem(response, 405)
    assert "POST" in response.headers["allow"]


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=gb18030", ""],
)
def test_other_content_types(client, problem, content_type):
    problem(client.post(SEARCH, content=b"{}", headers={"content-type": content_type}), 415)


def test_a_body_is_measured_by_what_arrives(client, problem):
    problem(post(client, b'{"text": "' + b"x" * 1_100_000 + b'"}'), 413)

    def chunks():
        yield b'{"text": "'
        for _ in range(2000):
            yield b"x" * 1024
        yield b'"}'

    problem(post(client, chunks()), 413)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"nonsense",
        b'{"text": "\xff"}',
        b"\xd0\xd0",
        b"[" * 100_000,
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    ],
    ids=["empty", "cut", "word", "utf-8", "gbk", "deep list", "deep object"],
)
def test_what_is_no_json(client, problem, content):
    body = problem(post(client, content), 422 if content == b"" else 400)
    assert body["errors"][0]["field"] == "body"


@pytest.mark.parametrize(
    ("accept", "lang", "word"),
    [("zh-CN,zh;q=0.9,en;q=0.8", "zh", "请"), ("en-GB,en", "en", "Write"), ("fr", "zh", "请")],
)
def test_the_language_follows_the_reader(client, problem, accept, lang, word):
    response = post(client, b'{"text": " "}', **{"accept-language": accept})
    assert word in problem(response, 422)["errors"][0]["message"]
    assert response.headers["content-language"] == lang


def test_lang_in_the_address_outweighs_the_browser(client, problem):
    response = client.get("/v1/nothing?lang=en", headers={"accept-language": "zh"})
    assert problem(response, 404)["title"] == "Page not found"


def test_a_crash_is_a_problem_and_tells_nothing(client, problem, monkeypatch, caplog):
    def crash(*_):
        raise RuntimeError("CAN" + "ARY")  # a traceback shows source lines

    monkeypatch.setattr("api.v1.search.answer", crash)
    response = client.post(SEARCH, json={"text": "Java"})
    body = problem(response, 500)
    assert "CANARY" not in response.text
    assert "CANARY" not in caplog.text
    assert body["request_id"] in caplog.text


def test_several_faults_are_named_at_once(client, problem):
    body = {"text": "Java", "limit": 0, "filters": {"region": ["330100", "999999"], "skill": ["x"]}}
    found = {error["field"] for error in problem(client.post(SEARCH, json=body), 422)["errors"]}
    assert found == {"limit", "filters.region[1]", "filters.skill[0]"}


def test_an_unknown_code_says_where_the_known_ones_are(client, problem):
    body = {"text": "Java", "filters": {"region": ["999999"]}}
    response = client.post(SEARCH, json=body, headers={"accept-language": "en"})
    (error,) = problem(response, 422)["errors"]
    assert "GET /v1/regions" in error["message"]
    assert error["found"] == "text of 6 characters"
    assert "999999" not in response.text


def test_an_unknown_member_is_not_repeated_and_the_known_ones_are_listed(client, problem):
    response = client.post(SEARCH, json={"text": "Java", "filters": {"CANARY": 1}})
    (error,) = problem(response, 422)["errors"]
    assert error["field"] == "filters"
    assert "region" in error["message"]
    assert "CANARY" not in response.text


def test_every_kind_of_problem_has_a_page(client):
    from api.problems import STATUS

    for kind in STATUS:
        assert client.get(f"/problems/{kind}").status_code == 200
    assert client.get("/problems/none-such").status_code == 404


def test_either_text_or_query(client, problem):
    for body in ({}, {"text": "Java", "query": {"text": "Java"}}):
        assert problem(client.post(SEARCH, json=body), 422)["errors"][0]["field"] == "text"


def test_a_condition_is_checked_against_its_code_list(client, problem):
    for aspect, value in [
        ("skill", "no"),
        ("place", "999999"),
        ("title", "93"),
        ("education", "x"),
        ("years", "-1"),
    ]:
        body = {"query": {"conditions": [{"aspect": aspect, "value": value}]}}
        response = client.post(
            SEARCH, content=json.dumps(body), headers={"content-type": "application/json"}
        )
        assert problem(response, 422)["errors"][0]["field"] == "query.conditions[0].value"
