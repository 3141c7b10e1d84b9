"""Sixty secrets sent in every way that fails: none comes back in an error, none is in log, metrics or schema."""

from __future__ import annotations

import io
import json
import logging
from itertools import islice
from urllib.parse import quote, quote_plus

import pytest
from sqlalchemy import text

from api.logs import JsonLines, TextLines, log_config
from api.settings import Settings
from search.accounts.principal import Scope
from tests.api.access.signing import ACME, LI, PASSWORD, closed
from tests.ingest.resumes.docx_files import docx_of
from tests.ingest.tables.sheets import csv_of

_KINDS = (
    "Passw0rd-{n}-Zq",
    "sk_live_{n}qWeRtY",
    "AKIA{n}ZZTOP",
    "bole_{n}_secretpart",
    "eyJhbGciOi{n}.eyJzdWIi",
    "330106{n}19900101123X",
    "6222020200{n}112233",
    "1380013{n}8000",
    "zhang.wei{n}@leak.example",
    "张伟{n}",
    "浙江省杭州市西湖区{n}号",
    "https://leak{n}.example/cv?token=x",
)
CANARIES = [kind.format(n=7000 + 13 * at) for at in range(5) for kind in _KINDS]


class Heard:
    """All that is logged while it listens, as a server at its most talkative writes it, in both forms."""

    def __init__(self, monkeypatch):
        self.stream = io.StringIO()
        config = log_config(Settings(log_level="debug"))
        for name, entry in {"": config["root"], **config["loggers"]}.items():
            logger = logging.getLogger(name)
            level = entry["level"]
            number = level if isinstance(level, int) else getattr(logging, level)
            monkeypatch.setattr(logger, "level", number)
        logging.getLogger().manager._clear_cache()
        self.handlers = []
        for formatter in (JsonLines(), TextLines()):
            handler = logging.StreamHandler(self.stream)
            handler.setFormatter(formatter)
            logging.getLogger().addHandler(handler)
            self.handlers.append(handler)

    def stop(self):
        for handler in self.handlers:
            logging.getLogger().removeHandler(handler)
        logging.getLogger().manager._clear_cache()


@pytest.fixture
def heard(monkeypatch):
    found = Heard(monkeypatch)
    yield found
    found.stop()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    made = closed(tmp_path_factory.mktemp("leaks"))
    yield made
    made.bole.close()


def leaked(told, canary):
    """Say whether a text holds a canary, in whatever way it may be written."""
    forms = {
        canary,
        json.dumps(canary)[1:-1],
        quote(canary),
        quote_plus(canary),
        repr(canary)[1:-1],
    }
    return any(form in told for form in forms)


def test_there_are_sixty_and_leaks_are_seen():
    assert len(set(CANARIES)) == 60
    assert leaked(json.dumps({"a": "张伟7000"}), "张伟7000")
    assert leaked("/x?q=" + quote("张伟7000"), "张伟7000")
    assert not leaked("nothing", "张伟7000")


def errors_of(made, c):
    """Send a canary in every way that is refused; yield what is done, and what does it."""
    hr, li, nobody = made.with_session(ACME), made.with_session(LI), made.browser()
    key = made.bole.api_keys.add(made.accounts[ACME].id, "x", list(Scope))[1]
    latin, in_path = c.encode(), quote(c, safe="")
    yield "key", lambda: nobody.get("/v1/me", headers={"Authorization": b"Bearer " + latin})
    yield "basic", lambda: nobody.get("/v1/vacancies", headers={"Authorization": b"Basic " + latin})
    yield (
        "cookie",
        lambda: nobody.get("/v1/vacancies", headers={"Cookie": b"bole_session=" + latin}),
    )
    yield (
        "half of a key",
        lambda: nobody.get("/v1/me", headers={"Authorization": key[:30].encode() + latin}),
    )
    for path in (
        "/v1/candidates/",
        "/v1/nowhere/",
        "/v1/imports/",
        "/v1/saved-searches/",
        "/v1/benefits/",
    ):
        yield path, lambda path=path: hr.get(path + in_path)
    for path in (
        "/candidates/",
        "/nowhere/",
        "/imports/",
        "/hr/vacancies/",
        "/hr/contacts/",
        "/problems/",
    ):
        yield path, lambda path=path: hr.get(path + in_path)
    yield "parameter", lambda: hr.get("/v1/vacancies", params={"limit": c})
    yield "cursor", lambda: hr.get("/v1/vacancies", params={"cursor": c})
    yield "unknown form", lambda: hr.get("/v1/exports/vacancies", params={"format": c})
    # Pages link to themselves in the other language, by the address that was asked for; data does not.
    as_data = {"Accept": "application/json"}
    yield (
        "page parameter",
        lambda: hr.get("/compare", params={"vacancy": c, "candidate": [c, c]}, headers=as_data),
    )
    yield (
        "version",
        lambda: hr.put("/v1/vacancies/x", json={"title": "x"}, headers={"If-Match": latin}),
    )
    for body in (
        {"title": {c: c}},
        {"title": [c]},
        {"title": "x", c: 1},
        {"title": "x", "status": c},
        {"title": "x", "posted": c},
        {"title": "x", "headcount": c},
        {"title": "x", "region": c},
        {"title": "x", "skills": [{"name": "y", "level": c}]},
        {"title": "x", "skills": c},
        [c],
        c,
    ):
        yield f"body {type(body)}", lambda body=body: hr.post("/v1/vacancies", json=body)
    yield (
        "no JSON",
        lambda: hr.post(
            "/v1/vacancies",
            content=b'{"title": "' + latin,
            headers={"Content-Type": "application/json"},
        ),
    )
    yield (
        "twice",
        lambda: hr.post(
            "/v1/vacancies",
            content=b'{"' + latin + b'": 1, "' + latin + b'": 2}',
            headers={"Content-Type": "application/json"},
        ),
    )
    yield (
        "type",
        lambda: hr.post("/v1/vacancies", content=latin, headers={"Content-Type": "text/plain"}),
    )
    yield "contact", lambda: li.put("/v1/candidates/x/contact", json={"name": [c], "phone": {c: c}})
    yield (
        "ask",
        lambda: hr.post(
            "/v1/contact-requests", json={"vacancy_id": c, "candidate_id": c, "message": c}
        ),
    )
    yield "facts", lambda: hr.post("/v1/benefits/check", json={"facts": {c: c}})
    yield (
        "search",
        lambda: hr.post(
            "/v1/saved-searches", json={"name": [c], "criteria": {"text": c, "target": c}}
        ),
    )
    yield (
        "other site",
        lambda: hr.post("/hr/ask", data={"message": c}, headers={"Origin": "http://evil.example"}),
    )
    yield "answer", lambda: li.post("/me/requests/x", data={"answer": c})
    yield "ask page", lambda: hr.post("/hr/ask", data={"vacancy": c, "candidate": c, "message": c})
    yield "mapping", lambda: hr.post("/v1/imports", params={"kind": c, "name": c}, content=b"a")
    yield (
        "form",
        lambda: hr.post(
            "/imports", content=latin, headers={"Content-Type": "multipart/form-data; boundary=x"}
        ),
    )
    yield "method", lambda: hr.request("PATCH", "/v1/vacancies", content=latin)
    yield "résumé", lambda: li.post("/me/resume", files={"file": (c, b"%PDF-1.7 " + latin)})
    yield "résumé", lambda: li.post("/me/resume", files={"file": ("x.docx", docx_of(c)[:900])})


def test_no_error_tells_what_was_sent(made, heard):
    told, sent = [], 0
    for number, canary in enumerate(CANARIES):
        # Each way has fifteen of them, each of them a quarter of the ways.
        for way, send in islice(errors_of(made, canary), number % 4, None, 4):
            answer = send()
            sent += 1
            assert 400 <= answer.status_code < 500, (
                way,
                canary,
                answer.status_code,
                answer.text[:300],
            )
            if leaked(answer.text + str(answer.headers), canary):
                told.append((way, canary))
    assert told == []
    assert sent > 600
    assert heard.stream.getvalue().count("\n") >= 2 * sent  # it listened
    assert [canary for canary in CANARIES if leaked(heard.stream.getvalue(), canary)] == []


def test_what_succeeds_is_not_logged_either(made, heard):
    """Passwords, forms that are shown again, records, sheets and résumés: in no line of the log."""
    hr, li = made.with_session(ACME), made.with_session(LI)
    for number, canary in enumerate(CANARIES):
        secret = canary + "!"
        if number % 6 == 0:  # a password takes a quarter of a second
            answer = made.browser().post("/sign-in", data={"email": canary, "password": secret})
            assert answer.status_code == 422
            assert not leaked(answer.text, secret)
            li.post("/account/password", data={"old": secret, "new": secret})
        answer = made.browser().post(
            "/register", data={"email": "x", "name": canary, "password": secret}
        )
        assert not leaked(answer.text, secret)
        assert li.get("/", params={"q": canary}).status_code in {200, 503}
        assert hr.post("/v1/vacancies", json={"title": canary, "text": canary}).status_code == 201
        li.post(
            "/me/profile",
            data={"headline": canary, "contact-name": canary, "years_experience": canary},
        )
        li.post("/me/resume", files={"file": (canary, f"{canary}\n工程师".encode())})
        hr.post(
            "/imports",
            data={"kind": "vacancies"},
            files={"file": (canary, csv_of([["职位名称", "招聘人数"], [canary, canary]]))},
        )
    made.bole.importing.run_pending()
    account = made.accounts[ACME]
    made.bole.import_jobs.add(
        account.principal.owner,
        account.id,
        "nothing",
        CANARIES[0],
        csv_of([[c] for c in CANARIES]),
        {},
    )
    with pytest.raises(LookupError):
        made.bole.importing.run_pending()
    assert "/sign-in" in heard.stream.getvalue()
    assert [canary for canary in CANARIES if leaked(heard.stream.getvalue(), canary)] == []
    metrics, schema = hr.get("/metrics"), hr.get("/v1/openapi.json")
    assert (metrics.status_code, schema.status_code) == (200, 200)
    for canary in CANARIES:
        assert not leaked(metrics.text, canary)
        assert not leaked(schema.text, canary)


def test_a_crash_tells_nothing(tmp_path, heard):
    """The tables are gone: the driver's errors repeat statements and all that was to be written."""
    made = closed(tmp_path, metrics=True)
    hr, li = made.with_session(ACME), made.with_session(LI)
    with made.bole.database.writing() as connection:
        connection.execute(text("PRAGMA foreign_keys=OFF"))
        for table in ("record", "login_attempt", "import_job", "contact_detail"):
            connection.execute(text(f"ALTER TABLE {table} RENAME TO gone_{table}"))
    crashed = 0
    for canary in CANARIES:
        for answer in (
            hr.post("/v1/vacancies", json={"title": canary, "text": canary}),
            hr.get("/v1/vacancies/" + quote(canary, safe="")),
            made.browser().post("/sign-in", data={"email": canary, "password": canary}),
            hr.post("/v1/imports?kind=vacancy", content=canary.encode()),
            hr.post(
                "/imports", data={"kind": "vacancies"}, files={"file": (canary, canary.encode())}
            ),
            li.post("/me/profile", data={"headline": canary, "contact-name": canary}),
        ):
            crashed += answer.status_code == 500
            assert answer.status_code in {404, 500}, answer.text[:300]
            assert not leaked(answer.text + str(answer.headers), canary)
    assert crashed > 4 * len(CANARIES)
    assert "OperationalError" in heard.stream.getvalue()
    assert [canary for canary in CANARIES if leaked(heard.stream.getvalue(), canary)] == []
    assert PASSWORD not in heard.stream.getvalue()
    assert not [canary for canary in CANARIES if leaked(hr.get("/metrics").text, canary)]
    made.bole.close()
