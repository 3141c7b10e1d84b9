"""Every route as everybody, on everybody's records: what is answered stands in `matrix.yaml`.

A route that is not in the table fails, and so does one in it that is gone. Rows name the record that
stands in the address; the columns are who asks. A dash is not asked: what the owner's own request would
change for the others is tested elsewhere. There is no command that writes the table: a new row is to be
thought about.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from api.access import Access
from api.audit.declaration_service import add
from api.audit.question import question
from api.audit.snapshots import make
from search.records.identifiers import new_id
from tests.api.access.served import routes_of

TABLE = yaml.safe_load((Path(__file__).parent / "matrix.yaml").read_text(encoding="utf-8"))
ROLES = TABLE["roles"]
ROUTES = TABLE["routes"]

#: Bodies with which a request would be served if it were allowed; {} where the form may be empty.
BODIES = {
    "POST /v1/search": {"text": "Java", "target": "candidates"},
    "POST /v1/match": {"vacancy_id": "{record}"},
    "POST /v1/benefits/check": {"facts": {}},
    "POST /v1/candidates": {"headline": "Java"},
    "PUT /v1/candidates/{record_id}": {"headline": "Java"},
    "PUT /v1/candidates/{record_id}/contact": {"name": "x"},
    "POST /v1/vacancies": {"title": "Java"},
    "PUT /v1/vacancies/{record_id}": {"title": "Java"},
    "POST /v1/saved-searches": {"name": "{fresh}", "criteria": {"text": "Java", "target": "vacancies"}},
    "PUT /v1/saved-searches/{search_id}": {"name": "{fresh}", "criteria": {"text": "Java", "target": "vacancies"}},
    "POST /v1/saved-searches/{search_id}/seen": {"upto": 1},
    "POST /v1/contact-requests": {"vacancy_id": "{vacancy}", "candidate_id": "{record}"},
    "POST /v1/contact-requests/{request_id}/answer": {"answer": "refuse"},
    "POST /v1/audit/snapshots": {},
    "POST /v1/outcomes": {"vacancy_id": "{vacancy}", "candidate_id": "{record}", "stage": "hired"},
    "POST /v1/declarations": {"employer": "Acme", "role": 9, "headcount": 2, "from_month": "2027-01"},
    "POST /v1/declarations/{declaration_id}/act": {"act": "send"},
}  # fmt: skip
QUERIES = {
    "POST /v1/imports": "kind=vacancy",
    "GET /v1/imports/template": "kind=vacancy",
    "GET /v1/audit/drill": "measure=demand&role=1",
    "GET /v1/audit/compare": "before=x&after=x",
    "GET /": "q=Java",
    "GET /exports/search.{form}": "q=Java&target=candidates",
    "GET /exports/matches.{form}": "vacancy={record}",
}
FILES = {
    "POST /v1/imports": b"title\nJava\n",
    "POST /v1/read/profile": b'{"basics": {"label": "Java"}}',
    "POST /v1/read/postings": b'{"@type": "JobPosting", "title": "Java"}',
}
FORMS = {
    "POST /declarations/{declaration_id}": {"act": "send"},
    "POST /hr/ask": {"vacancy": "{vacancy}", "candidate": "{record}"},
    "POST /me/requests/{request_id}": {"answer": "refuse"},
}


@pytest.fixture(scope="module")
def foreign(installation):
    """Ids of what belongs to somebody, by the name of the record in the table."""
    bole, ids = installation.bole, dict(installation.ids)
    ids["absent"] = new_id()
    hr_a = installation.accounts["hr_a"].principal
    ids["request"] = bole.contacts.ask(hr_a, ids["open_a"], ids["agreed"], "").id
    criteria = {"text": "Java", "target": "vacancies"}
    ids["search"] = bole.saved_searches.add(hr_a.owner, "mine", criteria).id
    ids["job"] = bole.import_jobs.add(hr_a.owner, hr_a.account_id, "vacancy", "x.csv", b"a", {}).id
    ids["key"] = bole.api_keys.add(hr_a.account_id, "of a", ["read"])[0].id
    ids["account"] = hr_a.account_id
    office = Access(bole, installation.accounts["office"].principal)
    ids["snapshot"] = make(office, question(office)).id
    access = Access(bole, hr_a)
    ids["declaration"] = add(
        access, {"role": 9, "headcount": 2, "from_month": "2027-01"}, is_sent=True
    ).id
    return ids


def test_the_table_has_every_route_and_no_other(installation):
    listed = set(ROUTES) | set(TABLE["not_asked"])
    assert routes_of(installation.client) == listed


CELLS = [
    (route, record, who, expected)
    for route, rows in ROUTES.items()
    for record, statuses in rows.items()
    for who, expected in zip(ROLES, str(statuses).split(), strict=True)
]


@pytest.mark.parametrize("route", sorted(ROUTES))
def test_every_route_as_everybody(installation, foreign, route):
    wrong = []
    for cell_route, record, who, expected in CELLS:
        if cell_route != route or expected == "-":
            continue
        got = answered(installation, foreign, route, record, who)
        if str(got) != expected:
            wrong.append(f"{record} as {who}: {got} instead of {expected}")
    assert wrong == []


def test_what_is_foreign_is_refused():
    """Outside of what is published or was agreed to, a foreign record answers 401, 403, 404 or "sign in"."""
    refusals = {"401", "403", "404", "303", "-"}
    for route, rows in ROUTES.items():
        for record, statuses in rows.items():
            if record not in TABLE["owners"]:
                continue
            readers = {TABLE["owners"][record], *TABLE["readers"].get(record, [])}
            reads = route.startswith("GET ") or route in TABLE["uses"]
            for who, status in zip(ROLES, str(statuses).split(), strict=True):
                may = who == TABLE["owners"][record] or (reads and who in readers)
                assert may or status in refusals, (route, record, who, status)
                # What one may not see is answered as what is not there.
                if not may and who not in readers and "absent" in rows:
                    absent = str(rows["absent"]).split()[ROLES.index(who)]
                    assert status in {absent, "-"}, (route, record, who, status, absent)


def answered(installation, ids, route, record, who):
    method, _, path = route.partition(" ")

    def put(text):
        return (
            text.replace("{record}", ids.get(record, ""))
            .replace("{vacancy}", ids["open_a"])
            .replace("{fresh}", new_id())
        )

    def filled(found):
        parts = TABLE["parts"].get(record, {}) | TABLE["parts"]["none"]
        return parts.get(found.group(), ids.get(record, record))

    address = re.sub(r"\{[a-z_]+\}", filled, path)
    if route in QUERIES:
        address += "?" + put(QUERIES[route])
    more = {}
    if path.startswith("/v1/"):
        if route in BODIES:
            more["json"] = {
                key: put(value) if isinstance(value, str) else value
                for key, value in BODIES[route].items()
            }
        if route in FILES:
            more["content"] = FILES[route]
        if method in {"PUT", "DELETE"}:
            more["headers"] = {"If-Match": '"1"'}
        return installation.ask(who, method, address, **more).status_code
    if method == "POST":
        more["data"] = {key: put(value) for key, value in FORMS.get(route, {}).items()}
    return installation.page(who, method, address, **more).status_code
