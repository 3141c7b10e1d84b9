"""What is taken away is what is shown: the same hits, the same order, masked alike."""

from __future__ import annotations

import csv
import io
import json

from python_calamine import CalamineWorkbook


def rows_of(answer, form):
    assert answer.status_code == 200, answer.text[:300]
    assert answer.headers["content-disposition"].startswith("attachment")
    if form == "jsonl":
        return [json.loads(line) for line in answer.text.splitlines()]
    if form == "csv":
        assert answer.content.startswith(b"\xef\xbb\xbf")
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))[1:]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
    return sheet.to_python()[1:]


def test_a_search_is_taken_away_as_it_is_shown(installation):
    shown = installation.ask(
        "hr_a", "POST", "/v1/search", json={"text": "Java", "target": "candidates", "limit": 100}
    ).json()["hits"]
    address = "/exports/search.{}?q=Java&target=candidates&lang=zh"
    taken = rows_of(installation.page("hr_a", "GET", address.format("jsonl")), "jsonl")
    assert [row["title"] for row in taken] == [hit["title"]["zh"] for hit in shown]
    assert [row["score"] for row in taken] == [hit["score"] for hit in shown]
    assert [row["url"] for row in taken] == [hit["url"] for hit in shown]
    for form in ("csv", "xlsx"):
        rows = rows_of(installation.page("hr_a", "GET", address.format(form)), form)
        assert [row[2] for row in rows] == [hit["title"]["zh"] for hit in shown]
    assert "海康威视" not in json.dumps(taken, ensure_ascii=False)
    assert [entry.action for entry in installation.bole.access_log.of_record("")][-1] == "export"


def test_a_match_is_taken_away_as_it_is_shown(installation):
    vacancy = installation.ids["open_a"]
    body = {"vacancy_id": vacancy, "limit": 100}
    shown = installation.ask("hr_a", "POST", "/v1/match", json=body).json()["hits"]
    address = f"/exports/matches.jsonl?vacancy={vacancy}&lang=en"
    taken = rows_of(installation.page("hr_a", "GET", address), "jsonl")
    assert [row["url"] for row in taken] == [hit["url"] for hit in shown]
    assert [row["meets_vacancy"] for row in taken] == [
        hit["scores"]["meets_vacancy"] for hit in shown
    ]
    assert all("Java" in (row["met"] or "") for row in taken)


def test_own_records_are_taken_away_and_come_back(installation):
    bole = installation.bole
    content = installation.page("hr_a", "GET", "/exports/vacancies.xlsx").content
    owner = installation.accounts["hr_a"].principal.owner
    before = bole.store.count("vacancy", owner=owner)
    sent = installation.ask(
        "hr_a", "POST", "/v1/imports?kind=vacancy&name=back.xlsx", content=content
    )
    assert sent.status_code == 202
    bole.importing.run_pending()
    job = installation.ask("hr_a", "GET", sent.json()["url"]).json()
    while job["state"] == "checking":
        job = installation.ask("hr_a", "GET", sent.json()["url"]).json()
    assert (job["state"], job["counts"]) == ("checked", {"ready": before, "faulty": 0})
