"""Each field of each request × values that have broken servers: refused by name, never a 5xx, no echo.

The values follow reliability guide B2. A field is put to the test through the raw text of the body,
so that NaN, half characters and huge numbers arrive as they are.
"""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

CANARY = "CANARY"

TEXT, NUMBER = "text", "number"
HUGE = "1" + "0" * 20

#: Raw JSON that no text field takes.
NOT_TEXT = {
    "nan": "NaN",
    "1e400": "1e400",
    "10^20": HUGE,
    "5000 digits": "9" * 5000,
    "true": "true",
    "list": f'["{CANARY}"]',
    "object": f'{{"{CANARY}": 1}}',
    "half": f'"{CANARY}\\ud800"',
    "nul": f'"{CANARY}\\u0000"',
    "1 MB": '"' + CANARY + "x" * 1_000_000 + '"',
}
#: Raw JSON that no number field takes.
NOT_A_NUMBER = {
    "empty": '""',
    "word": f'"{CANARY}"',
    "nan": "NaN",
    "infinity": "-Infinity",
    "1e400": "1e400",
    "-10^20": f"-{HUGE}",
    "10^20": HUGE,
    "5000 digits": "9" * 5000,
    "true": "true",
    "list": "[1]",
    "object": "{}",
    "half": '"\\udfff"',
    "1 MB": '"' + CANARY + "9" * 1_000_000 + '"',
}
UNKNOWN = {"unknown": '"999999"', "empty": '""', "other script": '"３３０１００"'}

SEARCH = {
    "text": "Java",
    "target": "roles",
    "filters": {
        "field": ["software"],
        "region": ["330100"],
        "skill": ["java"],
        "role": [1],
        "education_at_least": "bachelor",
        "years_at_least": 3,
        "pay_monthly_yuan_at_least": 1000,
        "employment": ["full-time"],
    },
    "limit": 10,
    "cursor": None,
    "as_of": "2026-11-24",
    "lang": "zh",
}
EDITED = {
    "query": {
        "text": "Java",
        "lang": "en",
        "conditions": [
            {
                "aspect": "skill",
                "value": "java",
                "strength": "favoured",
                "span": {"start": 0, "end": 4},
                "quote": "Java",
                "confidence": 1,
                "via": "label",
                "at_most": None,
            }
        ],
    }
}
CANDIDATE = {
    "kind": "candidate",
    "key": "k",
    "headline": "engineer",
    "summary": "did things",
    "skills": [{"name": "Java", "level": "working", "years": 2}],
    "work": [
        {"title": "engineer", "employer": "a", "start": "2020-01", "end": "2021-01", "summary": "x"}
    ],
    "education": [{"level": "bachelor", "school": "s", "subject": "cs"}],
    "years_experience": 3,
    "region": "330100",
    "wishes": {
        "roles": [1],
        "regions": ["330100"],
        "pay_monthly_yuan": 1,
        "employment": ["full-time"],
    },
    "languages": ["English"],
    "certificates": ["c"],
    "talent_tier": "t",
    "status": "active",
}
VACANCY = {
    "kind": "vacancy",
    "key": "k",
    "title": "engineer",
    "text": "things",
    "employer": "e",
    "role": 1,
    "headcount": 1,
    "skills": [{"name": "Java", "level": "working", "years": 2}],
    "years_at_least": 1,
    "education_at_least": "bachelor",
    "region": "330100",
    "pay_monthly_yuan_from": 1,
    "pay_monthly_yuan_to": 2,
    "employment": "full-time",
    "languages": ["English"],
    "posted": "2026-01-01",
    "valid_through": "2026-12-31",
    "status": "open",
}
SAVED_SEARCH = {
    "name": "n",
    "criteria": {**{name: SEARCH[name] for name in ("text", "filters")}, "target": "candidates"},
}
REQUESTS = {
    "search": ("/v1/search", SEARCH),
    "edited": ("/v1/search", EDITED),
    "candidate": ("/v1/candidates", CANDIDATE),
    "vacancy": ("/v1/vacancies", VACANCY),
    "saved search": ("/v1/saved-searches", SAVED_SEARCH),
    "saved edited": (
        "/v1/saved-searches",
        {"name": "n", "criteria": {**EDITED, "target": "vacancies"}},
    ),
}
#: Text that may be empty.
MAY_BE_EMPTY = {"summary", "text", "quote"}
REGIONS = {"region", "regions"}


def leaves(value: Any, path=()):
    """Yield the paths of all texts and numbers in a body."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield from leaves(member, (*path, key))
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from leaves(entry, (*path, index))
    else:
        yield path, NUMBER if isinstance(value, int) or path[-1] == "at_most" else TEXT


def name_of(path) -> str:
    name = ""
    for part in path:
        name += f"[{part}]" if isinstance(part, int) else ("." if name else "") + part
    return name


def cases():
    for request, (_, body) in REQUESTS.items():
        for path, sort in leaves(body):
            values = dict(NOT_TEXT if sort == TEXT else NOT_A_NUMBER)
            named = next(part for part in reversed(path) if isinstance(part, str))
            if sort == TEXT and named not in MAY_BE_EMPTY:
                values["empty"] = '""'
            if sort == TEXT and request == "search" and named == "text":
                values |= {"empty": '""', "blank": '" \\u3000 "'}
            if named in REGIONS:
                values |= UNKNOWN
            for kind, raw in values.items():
                yield pytest.param(request, path, raw, id=f"{request}-{name_of(path)}-{kind}")


@pytest.mark.parametrize(("request_name", "path", "raw"), list(cases()))
def test_a_field_with_a_hostile_value_is_refused_by_name(client, problem, request_name, path, raw):
    address, template = REQUESTS[request_name]
    body = copy.deepcopy(template)
    place = body
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = "@@"
    content = json.dumps(body).replace('"@@"', raw)
    response = client.post(
        address, content=content.encode(), headers={"content-type": "application/json"}
    )
    errors = problem(response, 422)["errors"]
    assert name_of(path) in {error["field"] for error in errors}
    assert CANARY not in response.text


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/v1/roles?field=CANARY", "field[0]"),
        ("/v1/roles?q=" + "x" * 300, "q"),
        ("/v1/roles/CANARY", "number"),
        ("/v1/roles/" + HUGE, "number"),
        ("/v1/roles/" + "9" * 5000, "number"),
        ("/v1/roles/9?region=999999", "region[0]"),
        ("/v1/roles/9?as_of=CANARY", "as_of"),
        ("/v1/roles/9?as_of=" + HUGE, "as_of"),
        ("/v1/skills?limit=CANARY", "limit"),
        ("/v1/skills?limit=" + HUGE, "limit"),
        ("/v1/skills?limit=NaN", "limit"),
        ("/v1/skills?limit=1e400", "limit"),
        ("/v1/skills?cursor=CANARY", "cursor"),
        ("/v1/skills?cursor=%ED%A0%80", "cursor"),
        ("/v1/skills?cursor=W10", "cursor"),
        ("/v1/skills?lang=CANARY", "lang"),
        ("/v1/skills/" + "x" * 300, "skill_id"),
        ("/v1/candidates/" + "x" * 300, "record_id"),
        ("/v1/saved-searches?limit=" + HUGE, "limit"),
        ("/v1/saved-searches?cursor=CANARY", "cursor"),
        ("/v1/saved-searches?cursor=W10", "cursor"),
        ("/v1/saved-searches/" + "x" * 300, "search_id"),
    ],
)
def test_a_hostile_address_is_refused_by_name(client, problem, address, field):
    response = client.get(address)
    errors = problem(response, 422)["errors"]
    assert field in {error["field"] for error in errors}
    assert CANARY not in response.text


@pytest.mark.parametrize(
    "address",
    [
        "/v1/candidates/%00",
        "/v1/candidates/%ED%A0%80",
        "/v1/skills/%00",
        "/v1/saved-searches/%00",
        "/v1/saved-searches/%ED%A0%80/alerts",
        "/v1/roles/9/",
        "/v1/%2e%2e/x",
    ],
)
def test_an_odd_address_leads_nowhere(client, problem, address):
    problem(client.get(address), 404)


@pytest.mark.parametrize(
    "query",
    [
        "q=", "q=%20", "q=x&page=0", "q=x&page=CANARY", f"q=x&page={HUGE}", "q=x&page=NaN", "q=x&years=NaN",
        "q=x&years=1e400", "q=x&years=CANARY", "q=x&region=999999", "q=x&skill=CANARY", "q=x&field=CANARY",
        "q=x&education=CANARY", "q=x&target=CANARY", "q=x&employment=CANARY", "q=x&lang=CANARY",
        "q=" + "x" * 20_001, "q=x&drop=" + "y" * 200,
    ],
)  # fmt: skip
def test_a_page_names_the_parameter_that_it_cannot_use(client, query):
    response = client.get(f"/?{query}", headers={"accept": "text/html"})
    assert response.status_code == 422
    assert response.headers["content-type"].startswith("text/html")
    name = query.split("&")[-1].split("=")[0]
    assert name in response.text
    assert CANARY not in response.text.split("<main")[1]


@pytest.mark.parametrize(
    "text",
    [
        "%ED%A0%80", "%00", "%FF%FE", "'; DROP TABLE record;--", "a:b AND (c OR", "title:*", "\u202eevil",
        "𠮷野家", "ｊａｖａ", "<script>alert(1)</script>",
    ],
)  # fmt: skip
def test_odd_words_are_searched_as_words(client, text):
    response = client.get(
        f"/?q={text}" if text.startswith("%") else "/",
        params=None if text.startswith("%") else {"q": text},
    )
    assert response.status_code == 200
    assert "<script>alert" not in response.text
