"""Pages of the audit, in both languages: figures with their formulae, forms, files."""

from __future__ import annotations

import csv
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
    "/audit/published",
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


def test_each_table_of_a_report_can_be_taken_as_csv(filled_client):
    page = filled_client.get("/audit?lang=en").text
    tables = re.findall(r"/audit/report\.csv\?[^\"]*table=([a-z-]+)", page)
    assert {"shortage", "own", "causes", "unmet", "fields"} <= set(tables)
    for name in tables:
        found = filled_client.get(f"/audit/report.csv?lang=en&table={name}")
        assert found.headers["content-type"] == "text/csv; charset=utf-8"
        rows = list(csv.reader(io.StringIO(found.content.decode("utf-8-sig"))))
        assert len(rows) > 1 and len({len(row) for row in rows}) == 1
    first = filled_client.get("/audit/report.csv?lang=en").content
    assert first == filled_client.get("/audit/report.csv?lang=en&table=shortage").content
    assert first.decode("utf-8-sig").startswith("Rank,Occupation,")
    assert filled_client.get("/audit/report.csv?table=nothing").status_code == 404


def test_published_indices_are_shown_as_printed_and_join_the_catalogue(filled_client):
    def send(*rows):
        text = "\n".join(["指数名称,发布机构,年度,岗位名称,紧缺指数,紧缺程度,目录序号", *rows])
        file = {"file": ("a.csv", text.encode("gb18030"))}
        return post(filled_client, "/audit/published?lang=en", files=file)

    good = "示例紧缺指数,示例市人社局,2025,集成电路版图设计工程师,0.63,非常紧缺,"
    assert send(good, "示例紧缺指数,示例市人社局,2025,示例岗位,四星,,3").status_code == 303
    refused = send(good, good, "示例紧缺指数,示例市人社局,2025,无值,,,999")
    assert refused.status_code == 422
    for told in ("The same as row 2", "This cell is empty", "The catalogue has no such role"):
        assert told in refused.text
    assert "1 value was entered" in refused.text
    assert "<td>title</td>" in refused.text
    wrong = {"file": ("a.csv", b"name,publisher,edition,title,value\ni,p,2025,,1")}
    chinese = post(filled_client, "/audit/published?lang=zh", files=wrong).text
    assert "<td>岗位</td>" in chinese
    page = filled_client.get("/audit/published?lang=zh").text
    assert "0.63" in page and "四星" in page and "示例岗位" in page
    role = filled_client.get("/audit/roles/9?lang=zh").text
    assert "0.63" in role and "四星" not in role
    items = filled_client.get("/v1/audit/published").json()["items"]
    assert {(one["title"], one["role"], one["value"]) for one in items} == {
        ("集成电路版图设计工程师", 9, "0.63"),
        ("示例岗位", 3, "四星"),
    }
    assert "四星" in filled_client.get("/audit/report.html?lang=zh").text
    edition = {"name": "示例紧缺指数", "publisher": "示例市人社局", "edition": "2025"}
    assert post(filled_client, "/audit/published/remove", data=edition).status_code == 303
    assert post(filled_client, "/audit/published/remove", data=edition).status_code == 404
    assert filled_client.get("/v1/audit/published").json()["items"] == []
    assert "四星" not in filled_client.get("/audit/report.html?lang=zh").text


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
