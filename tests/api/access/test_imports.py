"""Sheets sent over HTTP: looked through first, imported when somebody says so, and never twice."""

from __future__ import annotations

import io
import threading
from datetime import date

import openpyxl
import pytest

from api import import_service, resume_service
from ingest.tables.opening import read_table
from search.records.models import Candidate, Consent
from tests.api.access.sheets_sent import Sender
from tests.api.access.signing import ACME, LI, PASSWORD, closed
from tests.ingest.resumes.hostile import HOSTILE as HOSTILE_RESUMES
from tests.ingest.resumes.pdf_files import pdf_of
from tests.ingest.tables.sheets import csv_of, xlsx_of
from tests.ingest.tables.test_opening import HOSTILE as HOSTILE_SHEETS

ROWS = [
    ["编号", "职位名称", "招聘人数", "没见过的列"],
    ["v1", "架构师", "3", "x"],
    ["v2", "前端", "很多", "=1+1"],
    ["v3", "测试", "2", ""],
    ["v4", "", "1", ""],
]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """An installation in which a server's thread works on imports."""
    made = closed(tmp_path_factory.mktemp("imports"))
    accounts = made.bole.accounts
    bolt = accounts.add_organisation("Bolt", "employer")
    accounts.add("bolt@example.org", PASSWORD, accounts.find(ACME).role, organisation=bolt)
    made.accounts = {account.email: account for account in accounts.all()}
    made.bole.importing.start()
    yield made
    made.bole.importing.stop()
    made.bole.close()


@pytest.fixture
def acme(made):
    """Somebody of Acme; whatever they had is gone."""
    for stored in made.bole.store.page(
        owner=made.accounts[ACME].principal.owner, limit=1000
    ).records:
        made.bole.store.delete(stored.id)
    return Sender(made.with_session(ACME))


@pytest.mark.parametrize("way", ["/v1 csv", "/v1 xlsx", "page csv", "page xlsx"])
def test_from_a_sheet_to_records(acme, way):
    door, _, form = way.partition(" ")
    make = csv_of if form == "csv" else xlsx_of
    send = acme.send if door == "/v1" else lambda content, name: acme.send_form(content, name=name)

    job = send(make(ROWS), name=f"需求.{form}")
    assert (job["state"], job["file_name"]) == ("checked", f"需求.{form}")
    assert job["counts"] == {"ready": 2, "faulty": 2}
    assert [(fault["row"], fault["column"], fault["value"]) for fault in job["faults"]] == [
        (3, "招聘人数", "很多"),
        (5, "职位名称", ""),
    ]
    assert all(fault["reason"] and fault["fix"] for fault in job["faults"])
    assert acme.titles() == []  # nothing is written before somebody says so

    sheet = acme.client.get(job["url"] + "/corrected")
    assert sheet.headers["content-disposition"].startswith("attachment")
    first = openpyxl.load_workbook(io.BytesIO(sheet.content)).worksheets[0]
    assert [[cell.value for cell in row][:2] for row in first.iter_rows(min_row=2)] == [
        ["v2", "前端"],
        ["v4", None],
    ]

    done = acme.run(job)
    assert done["state"] == "done"
    assert done["counts"] == {"ready": 2, "faulty": 2, "added": 2}
    assert (done["done"], done["total"]) == (5, 5)
    assert sorted(acme.titles()) == ["架构师", "测试"]

    # The same file again adds nothing.
    again = acme.run(send(make(ROWS), name="again"))
    assert again["counts"] == {"ready": 2, "faulty": 2, "unchanged": 2}

    # What was wrong is put right in the sheet that came back, and sent.
    first["C2"], first["B3"] = 5, "后端"
    file = io.BytesIO()
    first.parent.save(file)
    right = send(file.getvalue(), name="corrected.xlsx")
    assert right["counts"] == {"ready": 2, "faulty": 0}
    assert acme.run(right)["counts"]["added"] == 2
    assert sorted(acme.titles()) == sorted(["架构师", "测试", "前端", "后端"])


def test_what_a_page_shows_of_it(acme):
    job = acme.send_form(csv_of(ROWS), name="<img src=x>.csv")
    page = acme.client.get(job["url"].removeprefix("/v1"))
    assert "&lt;img src=x&gt;.csv" in page.text
    assert "<img" not in page.text
    assert "Import 2 rows" in page.text
    assert "很多" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert acme.client.post(job["url"].removeprefix("/v1") + "/run").status_code == 303
    acme.ended(job["url"], set())
    assert "imported" in acme.client.get(job["url"].removeprefix("/v1")).text


def test_headers_mean_what_the_sender_says(acme):
    rows = [["Stelle", "Anzahl", "Notiz"], ["Architekt", "2", "x"]]
    assert acme.send(csv_of(rows))["state"] == "refused"
    column = ["Stelle=title", "Anzahl=headcount"]
    job = acme.send(csv_of(rows), column=column)
    assert job["counts"] == {"ready": 1, "faulty": 0}
    acme.run(job)
    assert acme.titles() == ["Architekt"]
    for wrong in (
        ["Stelle=nothing"],
        ["Nirgends=title"],
        ["="],
        ["Stelle=title", "Anzahl=title"],
        ["=title"],
    ):
        told = acme.send(csv_of(rows), column=wrong)
        assert told["state"] == "refused", wrong
        assert told["refused"], wrong


def test_an_import_that_is_called_off(acme):
    job = acme.send(csv_of(ROWS))
    assert acme.client.post(job["url"] + "/cancel").json()["state"] == "cancelled"
    assert acme.client.post(job["url"] + "/run").status_code == 409
    assert acme.client.post(job["url"] + "/cancel").status_code == 409
    assert acme.titles() == []
    page = job["url"].removeprefix("/v1")
    assert acme.client.post(page + "/run").status_code == 409


def test_it_is_run_once(acme):
    job = acme.send(csv_of(ROWS))
    acme.run(job)
    assert acme.client.post(job["url"] + "/run").status_code == 409
    assert len(acme.titles()) == 2


def test_imports_of_others_are_not_there(acme, made):
    job = acme.send(csv_of(ROWS))
    others = {"bolt@example.org": 404, LI: 404}
    for email, status in others.items():
        client = made.with_session(email)
        for method, path in (
            ("GET", ""), ("GET", "/corrected"), ("POST", "/run"), ("POST", "/cancel"),
        ):  # fmt: skip
            assert client.request(method, job["url"] + path).status_code == status, (email, path)
        assert job["id"] not in client.get("/v1/imports").text
        page = job["url"].removeprefix("/v1")
        status = 403 if email == LI else 404
        for method, path in (
            ("GET", ""), ("GET", "/corrected.xlsx"), ("POST", "/run"), ("POST", "/cancel"),
        ):  # fmt: skip
            assert client.request(method, page + path).status_code == status, (email, path)
    assert acme.client.get(job["url"]).json()["state"] == "checked"
    # A key that may only read cannot run it either.
    key = made.bole.api_keys.add(made.accounts[ACME].id, "reads", ["read"])[1]
    asked = {"Authorization": f"Bearer {key}"}
    assert made.browser().post(job["url"] + "/run", headers=asked).status_code == 403
    sent = made.browser().post("/v1/imports?kind=vacancy", content=b"a", headers=asked)
    assert sent.status_code == 403


def test_no_sheet_gives_or_takes_a_consent(acme, made):
    rows = [
        ["编号", "职业标题", "姓名", "consents", "matching"],
        ["c1", "后端", "李雷", "matching", "yes"],
    ]
    acme.run(acme.send(csv_of(rows), kind="candidate"))
    owner = made.accounts[ACME].principal.owner
    (stored,) = made.bole.store.page("candidate", owner=owner).records
    assert stored.record.consents == ()
    agreed = Consent(purpose="matching", given=date(2026, 11, 1))
    assert isinstance(stored.record, Candidate)
    made.bole.store.replace(stored.id, stored.record.model_copy(update={"consents": (agreed,)}), 1)
    rows[1][1] = "后端工程师"
    done = acme.run(acme.send(csv_of(rows), kind="candidate"))
    assert done["counts"]["changed"] == 1
    (stored,) = made.bole.store.page("candidate", owner=owner).records
    assert (stored.record.headline, stored.record.consents) == ("后端工程师", (agreed,))
    assert made.bole.contacts.details(stored.id).name == "李雷"
    assert "李雷" not in str(stored.record)


def test_a_mistake_of_ours_ends_an_import_and_not_the_others(acme, made, caplog):
    """A kind that nobody can send stands for a row on which the program falls over."""
    account = made.accounts[ACME]
    bad = made.bole.import_jobs.add(
        account.principal.owner, account.id, "nothing", "x.csv", csv_of(ROWS), {}
    )
    good = acme.send(csv_of(ROWS))
    assert good["state"] == "checked"
    assert made.bole.import_jobs.get(bad.id, account.principal.owner).state == "failed"
    assert "架构师" not in caplog.text


@pytest.mark.parametrize("door", ["/v1/imports", "/imports"])
def test_hostile_sheets_are_refused_with_a_reason(acme, door):
    """The archives, types and encodings of tests/ingest/tables, sent; then a good one is taken."""
    for name, (content, code) in HOSTILE_SHEETS.items():
        if not content or code == "too_large":
            continue  # never a job: see the next test
        if door == "/v1/imports":
            job = acme.send(content, name=f"../../{name}\x00.xlsx")
        else:
            job = acme.send_form(content, name="..%2f..%2fetc%2fpasswd")
        assert job["state"] == "refused", name
        assert job["refused"], name
        assert job["faults"] == []
        assert acme.client.post(job["url"] + "/run").status_code == 409
        assert acme.client.get(job["url"] + "/corrected").status_code == 404
    assert acme.titles() == []
    assert acme.send(csv_of(ROWS))["counts"]["ready"] == 2


def test_files_that_never_become_a_job(acme):
    client = acme.client
    before = len(client.get("/v1/imports").json()["items"])
    too_much = b"a," * (11 * 1024 * 1024)
    assert client.post("/v1/imports?kind=vacancy", content=too_much).status_code == 413
    files = {"file": ("x.csv", too_much)}
    assert client.post("/imports", data={"kind": "vacancies"}, files=files).status_code == 413
    assert client.post("/v1/imports?kind=vacancy", content=b"").status_code == 422
    for data, sent in (
        ({"kind": "vacancies"}, {"file": ("x.csv", b"")}), ({"kind": "vacancies"}, {}),
        ({"kind": "people"}, {"file": ("x.csv", b"a")}), ({}, {"file": ("x.csv", b"a")}),
    ):  # fmt: skip
        assert client.post("/imports", data=data, files=sent or None).status_code == 422
    assert client.post("/v1/imports?kind=people", content=b"a").status_code == 422
    assert len(client.get("/v1/imports").json()["items"]) == before


NAMES = [
    "../../etc/passwd",
    "..\\..\\x",
    "C:\\x",
    "/etc/x",
    "x\x00.pdf",
    "<b>.csv",
    "a" * 2000,
    "\u202efdp.exe",
    "COM1",
    ".",
]


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name[:20]))
def test_a_name_is_shown_and_nothing_else(acme, made, name):
    folder = made.bole.settings.data_dir
    before = sorted(path.name for path in folder.rglob("*"))
    job = acme.send_form(csv_of(ROWS), name=name)
    assert len(job["file_name"]) <= 300
    assert job["file_name"].isprintable()
    assert acme.client.get(job["url"].removeprefix("/v1")).status_code == 200
    assert (
        "corrected.xlsx"
        in acme.client.get(job["url"] + "/corrected").headers["content-disposition"]
    )
    assert sorted(path.name for path in folder.rglob("*")) == before


def test_a_form_that_cannot_be_read_says_so(acme):
    answer = acme.client.post(
        "/imports", data={"kind": "vacancies"}, files={"file": ("a" * 9000, b"a")}
    )
    assert answer.status_code == 400
    assert "The form cannot be read" in answer.text
    assert "JSON" not in answer.text


def send_resume(client, content, name="resume.pdf"):
    return client.post("/me/resume", files={"file": (name, content)})


def test_hostile_resumes_are_refused_with_a_reason(made):
    client = made.with_session(LI)
    for name, (make, _, _) in HOSTILE_RESUMES.items():
        answer = send_resume(client, make(), name="..\\..\\" + name + ".pdf")
        # Beyond the limit of forms it is refused before it is looked at.
        assert answer.status_code in {413, 422}, name
        assert 'id="file-fault"' in answer.text or answer.status_code == 413, name
    good = send_resume(client, pdf_of("Jane Doe\nJava engineer"))
    assert good.status_code == 200
    assert "Jane Doe" in good.text
    assert made.bole.store.page("candidate", owner=made.accounts[LI].id).records == ()


def test_only_two_resumes_are_read_at_a_time(made, monkeypatch):
    monkeypatch.setattr(resume_service.READING, "_wait_s", 0.05)
    client = made.with_session(LI)
    with resume_service.READING.one(), resume_service.READING.one():
        answer = send_resume(client, pdf_of("Jane"))
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0
        assert "being read just now" in answer.text
    assert send_resume(client, pdf_of("Jane")).status_code == 200


def test_one_corrected_sheet_is_written_at_a_time(acme, monkeypatch, problem):
    job = acme.send(csv_of(ROWS))
    monkeypatch.setattr(import_service.CORRECTING, "_wait_s", 0.05)
    with import_service.CORRECTING.one():
        answer = acme.client.get(job["url"] + "/corrected")
        problem(answer, 503)
        assert int(answer.headers["retry-after"]) > 0
        assert (
            acme.client.get(job["url"].removeprefix("/v1") + "/corrected.xlsx").status_code == 503
        )
    monkeypatch.undo()
    # Several at once wait for each other.
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(acme.client.get(job["url"] + "/corrected")))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in found] == [200] * 4
    assert read_table(found[0].content).last_row == 3
