"""What may not be set cannot be set, and an answer has no more members than are published for it."""

from __future__ import annotations

import pytest

from search.accounts.principal import Role
from tests.api.access.served import SAFE, routes_of
from tests.api.access.test_matrix import BODIES

#: Members that belong to the server, to somebody else, or to no one.
FORBIDDEN = {
    "id": "01HZZZZZZZZZZZZZZZZZZZZZZZ",
    "owner": "public",
    "owner_id": "public",
    "version": 7,
    "created_at": "2020-01-01T00:00:00Z",
    "updated_at": "2020-01-01T00:00:00Z",
    "url": "/v1/x",
    "role_id": "admin",
    "scopes": ["write"],
    "account_id": "x",
    "organisation": "Bolt",
    "organisation_id": "x",
    "must_change": False,
    "password_hash": "x",
    "is_admin": True,
    "score": 1.0,
    "sequence": 1,
    "agreed": ["phone"],
    "asked_at": "2020-01-01T00:00:00Z",
    "state": "agreed",
    "standing": "open",
    "disabled_at": None,
    "__proto__": {"x": 1},
    "sex": "f",
    "age": 30,
    "photo": "x",
    "ethnicity": "x",
}
WRITES = {
    "candidate": [
        "POST /v1/candidates",
        "PUT /v1/candidates/{record_id}",
        "PUT /v1/candidates/{record_id}/contact",
    ],
    "hr_a": [
        "POST /v1/vacancies",
        "PUT /v1/vacancies/{record_id}",
        "POST /v1/search",
        "POST /v1/match",
        "POST /v1/benefits/check",
        "POST /v1/saved-searches",
        "PUT /v1/saved-searches/{search_id}",
        "POST /v1/saved-searches/{search_id}/seen",
        "POST /v1/contact-requests",
        "POST /v1/contact-requests/{request_id}/answer",
        "POST /v1/outcomes",
        "POST /v1/declarations",
        "POST /v1/declarations/{declaration_id}/act",
    ],
    "office": ["POST /v1/audit/snapshots"],
}


@pytest.fixture(scope="module")
def own(installation):
    """Records of somebody's that these tests may change."""
    bole = installation.bole
    ids = {}
    for who, kind, body in (
        ("candidate", "candidates", {"headline": "Java"}),
        ("hr_a", "vacancies", {"title": "Java"}),
        (
            "hr_a",
            "saved-searches",
            {"name": "properties", "criteria": {"text": "Java", "target": "vacancies"}},
        ),
    ):
        answer = installation.ask(who, "POST", f"/v1/{kind}", json=body)
        assert answer.status_code == 201, answer.text
        ids[kind] = answer.json()["id"]
    hr_b = installation.accounts["hr_b"].principal
    other = installation.ids["other"]
    ids["contact-requests"] = bole.contacts.ask(hr_b, installation.ids["open_b"], other, "").id
    yield ids
    for record in (ids["candidates"], ids["vacancies"]):
        bole.store.delete(record)
    installation.wait()


def sent_to(installation, own, who, route, body):
    method, path = route.split()
    kind = path.split("/")[2]
    for name in ("{record_id}", "{search_id}", "{request_id}"):
        path = path.replace(name, own.get(kind, "x"))
    headers = {"If-Match": '"1"'} if method == "PUT" else {}
    return installation.ask(who, method, path, json=body, headers=headers)


def valid(installation, own, route):
    put = {
        "{record}": installation.ids["agreed"],
        "{vacancy}": own["vacancies"],
        "{fresh}": "properties",
    }
    if route == "POST /v1/match":
        put["{record}"] = own["vacancies"]
    return {
        name: put.get(value, value) if isinstance(value, str) else value
        for name, value in BODIES[route].items()
    }


def test_every_route_with_a_body_is_put_to_the_test(installation):
    schema = installation.client.get("/v1/openapi.json").json()
    with_json = {
        f"{method.upper()} {path}"
        for path, ways in schema["paths"].items()
        for method, operation in ways.items()
        if "application/json" in operation.get("requestBody", {}).get("content", {})
    }
    assert with_json == {route for routes in WRITES.values() for route in routes}
    # The others take a file, or nothing.
    rest = {r for r in routes_of(installation.client) if " /v1" in r and r.split()[0] not in SAFE}
    assert {route.split()[1].split("/")[-1] for route in rest - with_json} <= {
        "{record_id}",
        "{search_id}",
        "me",
        "imports",
        "run",
        "cancel",
        "profile",
        "postings",
    }


@pytest.mark.parametrize(
    ("who", "route"), [(who, route) for who, routes in WRITES.items() for route in routes]
)
def test_what_may_not_be_set_is_refused(installation, own, problem, who, route):
    for name, value in FORBIDDEN.items():
        body = valid(installation, own, route) | {name: value}
        # What is known is named, never what was sent.
        assert problem(sent_to(installation, own, who, route, body), 422)["errors"]


@pytest.mark.parametrize(
    ("route", "where"),
    [
        ("POST /v1/candidates", "skills"),
        ("POST /v1/candidates", "work"),
        ("POST /v1/candidates", "education"),
        ("POST /v1/candidates", "wishes"),
        ("POST /v1/candidates", "consents"),
        ("POST /v1/vacancies", "skills"),
        ("POST /v1/saved-searches", "criteria"),
    ],
)
def test_nor_within(installation, own, problem, route, where):
    who = "candidate" if "candidates" in route else "hr_a"
    parts = {
        "skills": [{"name": "Java"}],
        "work": [{"title": "x"}],
        "education": [{"level": "bachelor"}],
        "wishes": {},
        "consents": [{"purpose": "matching", "given": "2026-11-01"}],
        "criteria": {"text": "Java", "target": "vacancies"},
    }
    for name in ("id", "owner", "concept", "sex", "verified", "score"):
        part = parts[where]
        part = [{**part[0], name: "x"}] if isinstance(part, list) else {**part, name: "x"}
        body = valid(installation, own, route) | {where: part}
        problem(sent_to(installation, own, who, route, body), 422)


def test_forms_take_no_more_than_they_show(installation):
    """Further fields of a form change nothing: neither whose it is, nor the consents, nor the role."""
    bole = installation.bole
    account = bole.accounts.add("form@example.org", "correct horse battery staple", Role.CANDIDATE)
    installation.accounts["form"] = account
    more = {name: str(value) for name, value in FORBIDDEN.items()} | {
        "consents": "matching",
        "matching": "yes",
        "role": "admin",
        "key": "k",
        "talent_tier": "A",
        "kind": "vacancy",
    }
    sent = {"headline": "Java", "version": "0"}
    answer = installation.page("form", "POST", "/me/profile", data={**more, **sent})
    assert answer.status_code == 303
    (stored,) = bole.store.page("candidate", owner=account.id).records
    assert (stored.owner, stored.version, stored.kind) == (account.id, 1, "candidate")
    assert (stored.record.consents, stored.record.talent_tier, stored.record.key) == (
        (),
        None,
        None,
    )
    assert stored.id != FORBIDDEN["id"]
    assert bole.accounts.get(account.id).role is Role.CANDIDATE
    made = installation.page(
        "hr_a",
        "POST",
        "/hr/vacancies/new",
        data={**more, "title": "Java", "status": "open", "role": ""},
    )
    assert made.status_code == 303
    vacancy = bole.store.get(made.headers["location"].partition("?")[0].rpartition("/")[2])
    assert vacancy.owner == installation.accounts["hr_a"].principal.owner
    answer = installation.page(
        "form", "POST", "/account/keys", data={**more, "name": "x", "scope": ["read", "admin", "*"]}
    )
    assert answer.status_code == 200
    (key,) = bole.api_keys.of(account.id)
    assert {scope.value for scope in key.scopes} == {"read"}
    for record in (stored.id, vacancy.id):
        bole.store.delete(record)
    installation.wait()


def test_who_acts_for_an_organisation_erases_no_account(installation, problem):
    for who in ("hr_a", "office"):
        problem(installation.ask(who, "DELETE", "/v1/me"), 403)
    problem(installation.ask("candidate", "DELETE", "/v1/me", scopes=["read"]), 403)
    problem(installation.ask("admin", "DELETE", "/v1/me"), 403)
    assert installation.ask("hr_a", "GET", "/v1/me").status_code == 200


@pytest.mark.parametrize("who", ["anonymous", "candidate", "hr_a", "hr_b", "office", "admin"])
def test_an_answer_has_no_more_members_than_are_published(installation, who):
    schema = installation.client.get("/v1/openapi.json").json()
    ids, checked = installation.ids, 0
    asked = [
        ("GET", "/v1/me", None, "/v1/me"),
        ("GET", "/v1/contact-requests", None, "/v1/contact-requests"),
        ("GET", "/v1/candidates", None, "/v1/candidates"),
        ("GET", "/v1/vacancies", None, "/v1/vacancies"),
        ("GET", "/v1/saved-searches", None, "/v1/saved-searches"),
        ("GET", "/v1/imports", None, "/v1/imports"),
        ("POST", "/v1/search", {"text": "Java", "target": "candidates"}, "/v1/search"),
        ("POST", "/v1/search", {"text": "Java", "target": "vacancies"}, "/v1/search"),
        ("POST", "/v1/match", {"vacancy_id": ids["open_a"]}, "/v1/match"),
        *(
            ("GET", f"/v1/candidates/{ids[n]}", None, "/v1/candidates/{record_id}")
            for n in ("agreed", "other", "pool_a")
        ),
        *(
            ("GET", f"/v1/candidates/{ids[n]}/contact", None, "/v1/candidates/{record_id}/contact")
            for n in ("agreed", "pool_a")
        ),
        *(
            ("GET", f"/v1/vacancies/{ids[n]}", None, "/v1/vacancies/{record_id}")
            for n in ("open_a", "open_b")
        ),
    ]
    for method, path, body, route in asked:
        answer = installation.ask(who, method, path, json=body)
        if answer.status_code >= 400:
            continue
        content = schema["paths"][route][method.lower()]["responses"][str(answer.status_code)][
            "content"
        ]
        extra = list(
            unpublished(
                answer.json(),
                content["application/json"]["schema"],
                schema["components"]["schemas"],
            )
        )
        assert extra == [], (path, extra)
        checked += 1
    assert checked >= (3 if who == "anonymous" else 8)


def unpublished(value, part, schemas, path="$"):
    """Yield the members that a schema does not name."""
    if "$ref" in part:
        part = schemas[part["$ref"].rpartition("/")[2]]
    choices = [*part.get("anyOf", ()), *part.get("oneOf", ()), *part.get("allOf", ())]
    if choices:
        found = [
            list(unpublished(value, choice, schemas, path))
            for choice in choices
            if fits(value, choice, schemas)
        ]
        yield from min(found, key=len, default=[f"{path}: nothing fits"])
    elif isinstance(value, list):
        for at, entry in enumerate(value):
            yield from unpublished(entry, part.get("items", {}), schemas, f"{path}[{at}]")
    elif isinstance(value, dict):
        named = part.get("properties", {})
        for name, member in value.items():
            if name in named:
                yield from unpublished(member, named[name], schemas, f"{path}.{name}")
            elif not isinstance(part.get("additionalProperties"), dict):
                yield f"{path}.{name}"


def fits(value, part, schemas):
    if "$ref" in part:
        part = schemas[part["$ref"].rpartition("/")[2]]
    kinds = {
        "object": dict,
        "array": list,
        "string": str,
        "null": type(None),
        "boolean": bool,
        "integer": int,
        "number": int | float,
    }
    return "type" not in part or isinstance(value, kinds[part["type"]])
