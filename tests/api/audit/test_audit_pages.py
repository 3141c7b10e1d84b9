"""Pages of the audit, in both languages: figures with their formulae, forms, files."""

from __future__ import annotations

import io
import re

import docx
import openpyxl
import pytest

ORIGIN = {"Origin": "http://testserver"}
PAGES = (
    "/audit",
    "/audit/roles/1",
    "/audit/snapshots",
    "/audit/targets",
    "/audit/proposals",
    "/declarations",
)


def post(client, address, **more):
    return client.post(address, headers=ORIGIN, follow_redirects=False, **more)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_there_without_scripts(filled_client, address, lang):
    answer = filled_client.get(address, params={"lang": lang})
    assert answer.status_code == 200
    assert answer.headers["content-language"].startswith(lang)
    assert "<script" not in answer.text
    assert " style=" not in answer.text
    assert answer.text.count("<h1") == 1
    ids = re.findall(r'\bid="([^"]+)"', answer.text)
    assert len(ids) == len(set(ids))
    assert ("charts.css" in answer.text) == (address not in {"/audit/proposals", "/declarations"})


def test_charts_are_linked_on_pages_of_the_audit_only(filled_client):
    for address in ("/", "/roles", "/about", "/imports"):
        assert "charts.css" not in filled_client.get(address).text


def test_the_dashboard_shows_the_ministrys_columns_in_their_order(filled_client):
    page = filled_client.get("/audit", params={"lang": "zh"}).text
    table = page[page.index('id="shortage"') :]
    heads = re.findall(r"<th scope=\"col\"[^>]*>([^<]+)</th>", table)[:8]
    assert heads == [
        "排名",
        "职业",
        "招聘需求人数",
        "求职人数",
        "缺口数",
        "求人倍率",
        "环比",
        "同比",
    ]
    assert "平台观察到的数量，不代表整个劳动力市场" in page


def test_the_dashboard_can_be_narrowed(filled_client):
    address = "/audit?lang=en&field=integrated-circuits&region=330100"
    page = filled_client.get(address).text
    links = set(re.findall(r"/audit/roles/(\d+)\?", page))
    rows = filled_client.get("/v1/audit/demand?field=integrated-circuits&region=330100").json()[
        "rows"
    ]
    assert links == {str(row["role"]) for row in rows if row["demand"]["posts"]}
    assert filled_client.get("/audit?as_of=x").status_code == 422
    assert filled_client.get("/audit?region=none").status_code == 422


def test_a_role_shows_formulae_and_the_records_behind_a_figure(filled_client):
    rows = filled_client.get("/v1/audit/demand").json()["rows"]
    row = max(rows, key=lambda row: row["qualified"]["people"])
    address = f"/audit/roles/{row['role']}?lang=en"
    page = filled_client.get(address).text
    assert "ratio = D ÷ S" in page
    assert "/candidates/" not in page
    shown = filled_client.get(address + "&measure=qualified").text
    assert len(set(re.findall(r'href="/candidates/([^"?]+)"', shown))) == min(
        20, row["qualified"]["people"]
    )
    assert "has been noted" in shown
    assert filled_client.get(address + "&measure=none").status_code == 422
    assert filled_client.get("/audit/roles/999").status_code == 404


def test_a_snapshot_is_made_checked_and_compared(filled_client):
    made = post(filled_client, "/audit/snapshots", data={"as_of": "2026-11-24"})
    assert made.status_code == 303
    post(filled_client, "/audit/snapshots", data={"as_of": "2026-10-01"})
    page = filled_client.get("/audit/snapshots?lang=en").text
    ids = re.findall(r'id="snapshot-([^"]+)"', page)
    checked = filled_client.get(f"/audit/snapshots?lang=en&verify={ids[0]}").text
    assert "as it was frozen" in checked
    both = filled_client.get(f"/audit/snapshots?lang=en&before={ids[0]}&after={ids[1]}").text
    assert "The two audits side by side" in both
    assert filled_client.get("/audit/snapshots?verify=x").status_code == 404


def test_a_figure_is_entered_or_refused_with_the_reason(filled_client):
    entered = {
        "indicator": "000-talent-total-text-2022",
        "value": "260",
        "on": "2026-10-01",
        "note": "年报",
    }
    assert post(filled_client, "/audit/targets", data=entered).status_code == 303
    assert "104.0%" in filled_client.get("/audit/targets?lang=en").text
    refused = post(filled_client, "/audit/targets?lang=en", data=entered | {"value": "many"})
    assert refused.status_code == 422
    assert "Not a number" in refused.text
    assert 'value="many"' in refused.text
    file = {"file": ("a.csv", "indicator,value,unit,on\nnone,1,人,2026-01-01\n".encode())}
    assert (
        "No indicator has this id"
        in post(filled_client, "/audit/targets/file?lang=en", files=file).text
    )


def test_reports_are_files_that_open(filled_client):
    found = filled_client.get("/audit/report.docx?lang=zh")
    assert "attachment" in found.headers["content-disposition"]
    text = "\n".join(
        paragraph.text for paragraph in docx.Document(io.BytesIO(found.content)).paragraphs
    )
    assert "不代表整个劳动力市场" in text
    book = openpyxl.load_workbook(
        io.BytesIO(filled_client.get("/audit/report.xlsx?lang=en").content)
    )
    assert len(book.sheetnames) > 5
    assert "Occupation" in filled_client.get("/audit/report.html?lang=en").text
    assert filled_client.get("/audit/report.pdf").status_code == 404


def test_an_edition_is_begun_and_the_next_one_has_its_lineage(filled_client):
    first = {"catalogue": "zj", "start": "2026-01-01", "reason": "第 1 号"}
    assert post(filled_client, "/audit/editions/first", data=first).status_code == 303
    assert post(filled_client, "/audit/editions/first", data=first).status_code == 409
    step = {
        "catalogue": "zj",
        "start": "2027-01-01",
        "accept": ["add:1", "drop:3", "reword:4"],
        "title-add:1": "具身智能算法工程师",
        "field-add:1": "",
        "reason-add:1": "需求持续",
        "reason-drop:3": "无需求",
        "reason-reword:4": "用语已变",
        "duty-reword:4": "新的职责。",
    }
    unreasoned = post(filled_client, "/audit/editions?lang=en", data=step | {"reason-drop:3": ""})
    assert unreasoned.status_code == 422
    assert "needs a reason" in unreasoned.text
    assert post(filled_client, "/audit/editions", data=step).status_code == 303
    page = filled_client.get("/audit/proposals?lang=en").text
    assert "dropped (row 3 of the last edition)" in page
    assert "reworded from row 4" in page
    rows = filled_client.get("/audit/editions/zj/2027-01-01/catalogue.csv").text.splitlines()
    assert len(rows) == 1 + 92
    assert "无需求" in filled_client.get("/audit/editions/zj/2027-01-01/dropped.csv").text


def test_demand_is_declared_by_form_and_by_sheet(filled_client):
    said = {
        "employer": "示例公司",
        "role": "9",
        "headcount": "2",
        "from_month": "2027-01",
        "act": "send",
    }
    assert post(filled_client, "/declarations", data=said).status_code == 303
    refused = post(
        filled_client, "/declarations?lang=en", data=said | {"headcount": "many", "title": "x"}
    )
    assert refused.status_code == 422
    assert 'value="many"' in refused.text
    page = filled_client.get("/declarations?lang=en").text
    (address,) = set(re.findall(r'action="(/declarations/[0-9A-Z]{26})"', page))
    assert post(filled_client, address, data={"act": "accept", "answer": "好"}).status_code == 303
    assert "accepted" in filled_client.get("/declarations?lang=en").text
    book = openpyxl.load_workbook(
        io.BytesIO(filled_client.get("/declarations/template.xlsx?lang=en").content)
    )
    sheet = book.worksheets[0]
    heads = [str(cell.value).rstrip("*") for cell in sheet[1]]
    for row, title in ((2, "具身智能工程师"), (3, "")):
        told = {"Employer": "示例公司", "New title": title, "Posts": 3, "From month": "2027-01"}
        for place, head in enumerate(heads, start=1):
            sheet.cell(row, place, told.get(head))
    content = io.BytesIO()
    book.save(content)
    taken = post(
        filled_client, "/declarations/file?lang=en", files={"file": ("a.xlsx", content.getvalue())}
    )
    assert taken.status_code == 422
    assert "1 row was kept as a draft" in taken.text
    assert "Neither a catalogue role nor a new title" in taken.text
    broken = post(filled_client, "/declarations/file", files={"file": ("a.xlsx", b"zz")})
    assert broken.status_code == 422
