"""What a browser or a spreadsheet would run, put into every field: on every page and in every file it is text."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from urllib.parse import urlencode

import openpyxl
import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.assembly import Bole
from api.letting_in import SESSION_COOKIE
from api.settings import Settings
from ingest.tables.opening import read_table
from search.accounts.contacts import Contact
from search.accounts.principal import Role
from search.records.models import Candidate, Consent, Education, Vacancy, WorkExperience
from tests.api.access.markup import MARK, PAYLOADS, became_markup
from tests.api.access.served import address_of, routes_of
from tests.ingest.exports.test_formulas import PAYLOADS as FORMULAS
from tests.ingest.tables.sheets import csv_of
from tests.waiting import wait_until

PASSWORD = "correct horse battery staple"
TODAY = date(2026, 11, 30)
COUNT = 44


class Told:
    """An installation in which every word that somebody can choose is a payload."""

    def __init__(self, bole, client):
        self.bole, self.client = bole, client
        accounts = bole.accounts
        turn = iter(PAYLOADS * 50)
        self.next = lambda: next(turn)
        acme = accounts.add_organisation(f"Acme {self.next()}", "employer")
        office = accounts.add_organisation(f"Office {self.next()}", "office")
        add = accounts.add
        self.people = {
            "admin": add("a@example.org", PASSWORD, Role.ADMIN, name=self.next()),
            "hr": add(
                "h@example.org", PASSWORD, Role.EMPLOYER, name=self.next(), organisation=acme
            ),
            "office": add(
                "o@example.org", PASSWORD, Role.OFFICE, name=self.next(), organisation=office
            ),
            "li": add("l@example.org", PASSWORD, Role.CANDIDATE, name=self.next()),
        }
        owner = {name: account.principal.owner for name, account in self.people.items()}
        store, contacts = bole.store, bole.contacts
        self.mine = store.add(self.profile(), owner["li"]).id
        self.pool = [store.add(self.profile(), owner["hr"]).id for _ in range(COUNT)]
        self.open = [store.add(self.vacancy(), owner["hr"]).id for _ in range(COUNT)]
        contacts.put_details(
            [(one, Contact(*(self.next() for _ in range(3)))) for one in (self.mine, *self.pool)]
        )
        asked = contacts.ask(self.people["hr"].principal, self.open[0], self.mine, self.next())
        contacts.agree(asked.id, ["name", "phone", "email", "employers", "schools"])
        bole.api_keys.add(self.people["hr"].id, self.next(), ["read"])
        sheet = csv_of([["职位名称", "招聘人数", self.next()]] + [[p, p, p] for p in PAYLOADS])
        self.job = bole.import_jobs.add(
            owner["hr"], self.people["hr"].id, "vacancy", self.next(), sheet, {}
        ).id
        self.refused = bole.import_jobs.add(
            owner["hr"],
            self.people["hr"].id,
            "vacancy",
            self.next(),
            csv_of([["职位名称", "职位"], ["a", "b"]]),
            {self.next(): self.next()},
        ).id
        bole.importing.run_pending()

    def profile(self):
        word = self.next
        return Candidate(
            headline=word(),
            summary=f"Java 后端 {word()}",
            skills=[{"name": "Java"}, {"name": word()}],
            work=[WorkExperience(title=word(), employer=word(), start="2019-01", summary=word())],
            education=[Education(level="bachelor", school=word(), subject=word())],
            languages=[word()],
            certificates=[word()],
            talent_tier=word(),
            wishes={"titles": [word()]},
            consents=[
                Consent(purpose=p, given=TODAY) for p in ("matching", "contact", "statistics")
            ],
        )

    def vacancy(self):
        word = self.next
        return Vacancy(
            title=f"Java {word()}",
            text=f"熟悉 Java {word()}",
            employer=word(),
            languages=[word()],
            skills=[{"name": "Java", "strength": "required"}, {"name": word()}],
        )

    def page(self, who, address, method="GET", **more):
        self.client.cookies.clear()
        if who:
            self.client.cookies.set(SESSION_COOKIE, self.bole.sessions.begin(self.people[who].id))
        headers = {"Origin": "http://testserver"}
        return self.client.request(method, address, headers=headers, follow_redirects=False, **more)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    bole = Bole(
        Settings(data_dir=tmp_path_factory.mktemp("told"), embedding_model="static", as_of=TODAY)
    )
    app = create_app(bole)
    made = Told(bole, None)
    with TestClient(app, raise_server_exceptions=False) as client:
        made.client = client

        wait_until(lambda: client.get("/v1/ready").status_code == 200, 180.0)
        yield made


def test_there_are_enough_and_they_are_seen():
    assert len(set(PAYLOADS)) == 132
    assert all(MARK in payload for payload in PAYLOADS)
    unseen = [
        p
        for p in PAYLOADS
        if not any(
            became_markup(f"{a}{p}{b}")[0]
            for a, b in (
                ("<p>", ""),
                ('<a x="', '">'),
                ("<a x='", "'>"),
                ("<textarea>", ""),
                ("<title>", ""),
                ("<style>", ""),
                ("<script src=/static/x>", ""),
            )
        )
    ]
    # What is only text anywhere: two kinds that need a template or Markdown to be run.
    assert all("{{" in payload or payload.endswith("(javascript:xq7())") for payload in unseen)
    assert became_markup("<p>&lt;xq7&gt;</p>") == ([], 1)


def pages(told):
    yield from (
        ("li", p)
        for p in (
            "/me",
            "/me/profile",
            "/account",
            "/account/password",
            "/me/erase",
            f"/candidates/{told.mine}",
        )
    )
    yield from (("admin", p) for p in ("/admin", "/account"))
    yield from (
        ("office", p) for p in ("/office", "/account", "/imports", f"/vacancies/{told.open[0]}")
    )
    yield from (
        ("hr", p)
        for p in (
            "/hr",
            "/account",
            "/imports",
            f"/imports/{told.job}",
            f"/imports/{told.refused}",
            f"/hr/contacts/{told.mine}",
            f"/candidates/{told.mine}",
            "/hr/vacancies/new",
        )
    )
    for target in ("candidates", "vacancies"):
        yield from (("hr", f"/?q=Java&target={target}&page={number}") for number in (1, 2, 3))
    yield "hr", f"/compare?vacancy={told.open[0]}&candidate={told.pool[0]}&candidate={told.mine}"
    yield from (("hr", f"/candidates/{one}") for one in told.pool)
    yield from (("hr", f"/vacancies/{one}") for one in told.open)
    yield from (("hr", f"/hr/vacancies/{one}") for one in told.open)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_word_of_a_record_is_markup_on_any_page(told, lang):
    wrong, shown = {}, 0
    for who, path in pages(told):
        if (
            lang == "zh"
            and path.startswith(("/candidates/", "/vacancies/", "/hr/vacancies/"))
            and path[-1] > "G"
        ):
            continue  # half of them will do
        answer = told.page(who, f"{path}{'&' if '?' in path else '?'}lang={lang}")
        assert answer.status_code == 200, path
        found, texts = became_markup(answer.text)
        shown += texts
        if found:
            wrong[path] = found[:3]
    assert wrong == {}
    assert shown > 1000  # the words were there to be seen


def test_nothing_of_a_request_is_markup_on_any_page(told):
    """Every page with every payload in its address, its query and its form."""
    wrong = {}
    fields = (
        "q",
        "text",
        "next",
        "email",
        "name",
        "headline",
        "summary",
        "skills",
        "title",
        "employer",
        "must_skills",
        "work-0-title",
        "education-0-school",
        "contact-name",
        "wished_pay",
        "region",
        "status",
        "vacancy",
        "candidate",
        "message",
        "target",
        "sort",
        "page",
        "lang",
        "kind",
        "organisation",
        "role",
        "password",
        "old",
        "answer",
        "facts",
        "version",
        "wished_titles",
        "years_experience",
        "talent_tier",
        "headcount",
        "from",
        "as_of",
    )
    routes = sorted(
        route for route in routes_of(told.client) if " /v1" not in route and "erase" not in route
    )
    for number, payload in enumerate(PAYLOADS):
        sent = dict.fromkeys(fields, payload)
        for route in routes[number % 4 :: 4]:
            method, path = route.split()
            who = ("li", "hr", "admin", "")[(number // 4) % 4]
            if path in {"/account/password", "/sign-in"} and number % 12:
                continue  # a password takes a quarter of a second
            address = address_of(
                path,
                {"{number}": payload.replace("/", "%2F").replace("?", "%3F").replace("#", "%23")},
            )
            if method == "GET":
                answer = told.page(who, f"{address}?{urlencode(sent)}")
            else:
                answer = told.page(who, address, method, data=sent)
            assert answer.status_code < 500, (route, payload)
            if answer.headers.get("content-type", "").startswith("text/html"):
                found, _ = became_markup(answer.text)
                if found:
                    wrong[route, payload] = found[:3]
    assert wrong == {}


def test_data_is_never_a_page(told):
    """JSON is what `/v1` answers, whatever it says and whoever asks for what."""
    for path in (f"/v1/candidates/{told.pool[0]}", "/v1/vacancies", "/v1/nowhere", "/v1/imports"):
        for accept in ("text/html", "*/*", "image/svg+xml"):
            answer = told.client.get(path, headers={"Accept": accept})
            assert "json" in answer.headers["content-type"]
            assert answer.headers["x-content-type-options"] == "nosniff"


EXPORTS = [
    *(
        f"/v1/exports/{kind}?format={form}"
        for kind in ("candidates", "vacancies")
        for form in ("csv", "xlsx", "jsonl")
    ),
    *(
        f"/exports/{kind}.{form}"
        for kind in ("candidates", "vacancies")
        for form in ("csv", "xlsx", "jsonl")
    ),
]


@pytest.fixture(scope="module")
def sheets(tmp_path_factory):
    """An employer all of whose words are formulas; no index is needed."""
    bole = Bole(Settings(data_dir=tmp_path_factory.mktemp("formulas"), embedding_model="static"))
    accounts = bole.accounts
    accounts.add("a@example.org", PASSWORD, Role.ADMIN)
    acme = accounts.add_organisation("=Acme", "employer")
    hr = accounts.add("h@example.org", PASSWORD, Role.EMPLOYER, name=FORMULAS[1], organisation=acme)
    client = TestClient(create_app(bole), headers={"Origin": "http://testserver"})
    client.cookies.set(SESSION_COOKIE, bole.sessions.begin(hr.id))
    for text in FORMULAS:
        body = {
            "title": text,
            "text": text,
            "employer": text,
            "languages": [text],
            "skills": [{"name": text}],
        }
        assert client.post("/v1/vacancies", json=body).status_code == 201
        body = {
            "headline": text,
            "summary": text,
            "certificates": [text],
            "talent_tier": text,
            "work": [{"title": text, "employer": text, "summary": text}],
            "wishes": {"titles": [text]},
            "education": [{"level": "bachelor", "school": text, "subject": text}],
        }
        made = client.post("/v1/candidates", json=body)
        assert made.status_code == 201
        client.put(
            made.json()["url"] + "/contact", json={"name": text, "phone": text, "email": text}
        )
    job = client.post(
        "/v1/imports?kind=vacancy",
        content=csv_of(
            [["职位名称", "招聘人数", "=1+1"]] + [["'" + text, text, text] for text in FORMULAS]
        ),
    ).json()
    bole.importing.run_pending()
    yield client, job
    bole.close()


def runs(text):
    """Say whether a spreadsheet program would run what stands in a cell."""
    return text.lstrip(" \u3000\u200b\ufeff\t\r\n").startswith(tuple("=+-@＝＋－＠"))


@pytest.mark.parametrize("path", EXPORTS)
def test_no_export_holds_a_formula(sheets, path):
    client, _ = sheets
    answer = client.get(path)
    assert answer.status_code == 200
    wanted = {text.strip() for text in FORMULAS}
    if "csv" in path:
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
        assert len(rows) == 61
        assert not [cell for row in rows for cell in row if runs(cell)]
    elif "xlsx" in path:
        book = openpyxl.load_workbook(io.BytesIO(answer.content))
        assert not [
            c for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"
        ]
    else:
        lines = [json.loads(line) for line in answer.text.splitlines()]
        assert wanted <= {line.get("title") or line.get("headline") for line in lines}
        return
    # Read again it is what was written.
    cells = {str(cell).strip() for row in read_table(answer.content).rows() for cell in row.cells}
    assert {text.strip("'") for text in wanted} <= {cell.strip("'") for cell in cells}


@pytest.mark.parametrize("door", ["/v1/imports/{}/corrected", "/imports/{}/corrected.xlsx"])
def test_no_corrected_sheet_holds_a_formula(sheets, door):
    client, job = sheets
    answer = client.get(door.format(job["id"]))
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert len(cells) > 180
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
