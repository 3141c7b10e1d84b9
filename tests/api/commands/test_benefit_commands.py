"""`bole benefits` and what offices load with `bole taxonomy`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import Workbook
from typer.testing import CliRunner

from api.cli import app
from taxonomies.releases import DATA

MEASURE = DATA / "benefits" / "jiaxing" / "jiaxing-rent-subsidy.yaml"
INSURANCE = "jiaxing-social-insurance-subsidy"
SCARCE = "jiaxing-digital-economy-scarce"
FACTS = {
    "place": "嘉兴",
    "employer": {"industry": "数字经济"},
    "person": {"newly_hired": True},
    "event": {"in_management_period": True},
}


@pytest.fixture
def bole(tmp_path, monkeypatch):
    monkeypatch.setenv("BOLE_DATA_DIR", str(tmp_path / "data"))

    def run(*arguments, code=0):
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        assert result.exit_code == code, (result.output, result.exception)
        return result.output

    return run


def verdicts(bole, facts, as_of="2020-06-01"):
    sent = json.dumps(facts, ensure_ascii=False)
    output = bole("benefits", "check", "--json", sent, "--as-of", as_of, "--all", "--limit", 500,
                  "--output-json")  # fmt: skip
    return {one["id"]: one["verdict"] for one in json.loads(output)["results"]}


def test_facts_come_as_text_or_file(bole, tmp_path):
    path = tmp_path / "facts.json"
    path.write_text(json.dumps({"as_of": "2020-06-01", "facts": FACTS}), "utf-8")
    said = bole("benefits", "check", "--json", path, "--for", "person", "--limit", 3)
    assert said.startswith("2020-06-01: ")
    assert "可能适用，若：" in said
    assert "岗位在哪些目录内？ (role.catalogue)" in said


@pytest.mark.parametrize(
    ("text", "words"),
    [("[1]", "no object"), ("{nonsense", "no JSON"), ('{"plce": "x"}', "no fact is called 'plce'")],
)
def test_what_is_no_fact_is_refused(bole, text, words):
    result = CliRunner().invoke(app, ["benefits", "check", "--json", text if text != "[1]" else "-"],
                                input="[1]")  # fmt: skip
    assert isinstance(result.exception, ValueError)
    assert words in str(result.exception)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_catalogue_that_is_loaded_makes_its_condition_decidable(bole, tmp_path, form):
    java = FACTS | {"role": {"title": "Java高级软件工程师"}}
    other = FACTS | {"role": {"title": "前端开发工程师"}}
    assert verdicts(bole, java)[INSURANCE] == "unknown"
    path = tmp_path / f"list.{form}"
    if form == "csv":
        path.write_text("岗位名称,备注\nJava高级软件工程师,\n芯片封装师,x\n", "utf-8-sig")
    else:
        book = Workbook()
        for row in (("岗位名称", "备注"), ("Java高级软件工程师", None), ("芯片封装师", "x")):
            book.active.append(row)
        book.save(path)
    period = ("--catalogue", SCARCE, "--from", "2020-01-01", "--to", "2020-12-31")
    assert "2 roles" in bole("taxonomy", "check", path, *period)
    assert verdicts(bole, java)[INSURANCE] == "unknown"
    bole("taxonomy", "load", path, *period)
    assert verdicts(bole, java)[INSURANCE] == "eligible"
    assert verdicts(bole, other)[INSURANCE] == "ineligible"
    # Of another year nothing is known.
    assert verdicts(bole, java, "2021-06-01")[INSURANCE] == "unknown"


def test_a_measure_is_kept_as_a_dated_version_and_nothing_is_overwritten(bole, tmp_path):
    path = tmp_path / "here" / MEASURE.name
    path.parent.mkdir()
    path.write_bytes(MEASURE.read_bytes())
    assert "its quotes stand in the source" in bole("taxonomy", "load", path)
    path.write_text(
        MEASURE.read_text("utf-8").replace("zh: 租房补贴", "zh: 租房补贴（修订）"), "utf-8"
    )
    bole("taxonomy", "load", path)
    bole("taxonomy", "load", path)
    kept = sorted((tmp_path / "data").glob("taxonomies/benefits/*/*.yaml"))
    assert [one.read_bytes() for one in kept] == [MEASURE.read_bytes(), path.read_bytes()]
    assert "租房补贴（修订）" in bole("benefits", "list", "修订")


def test_a_bad_file_says_file_line_and_fix_and_nothing_is_loaded(bole, tmp_path):
    good, bad = tmp_path / MEASURE.name, tmp_path / "other-measure.yaml"
    good.write_bytes(MEASURE.read_bytes())
    text = MEASURE.read_text("utf-8").replace(f"id: {MEASURE.stem}", "id: other-measure")
    bad.write_text(text.replace("购房补贴、租房补贴", "租房补贴、购房补贴"), "utf-8")
    said = bole("taxonomy", "load", good, bad, code=1)
    line = next(
        n
        for n, row in enumerate(bad.read_text("utf-8").splitlines(), 1)
        if row.startswith("quote:")
    )
    assert f"{bad}, line {line}: quote" in said
    assert "Fix: copy the words" in said
    assert "nothing was loaded" in said
    assert not (tmp_path / "data").exists()


def test_a_measure_without_its_source_at_hand_says_that_quotes_were_not_compared(bole, tmp_path):
    path = tmp_path / MEASURE.name
    path.write_text(MEASURE.read_text("utf-8").replace("002_85b246fa396807ed", "our-own"), "utf-8")
    assert "NOT compared" in bole("taxonomy", "check", path)
    (tmp_path / "our-own.txt").write_text("something else", "utf-8")
    assert "does not stand in our-own.txt" in bole("taxonomy", "check", path, code=1)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"name of nothing\nx\n", "no column is called"),
        ("a.csv", b"title\n", "no row follows"),
        ("a.csv", b"", "no column is called"),
        ("a.csv", "岗位\nx".encode("gb18030"), "not UTF-8"),
        ("a.csv", b"title,role_number\nx,first\n", "row 2: 'first' is no row"),
        ("a.csv", b"title,role_number\n,3\n", "row 2: the title is empty"),
        ("a.xlsx", b"PK\x03\x04broken", "no XLSX"),
        ("a.xlsx", b"text", "no XLSX"),
    ],
)
def test_a_bad_catalogue_says_row_and_fix(bole, tmp_path, name, content, words):
    path = Path(tmp_path / name)
    path.write_bytes(content)
    said = bole("taxonomy", "check", path, "--catalogue", SCARCE, "--from", "2020-01-01", code=1)
    assert words in said
    assert "Fix:" in said


def test_a_catalogue_is_never_overwritten(bole, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("title\nweaver\n", "utf-8")
    period = ("--catalogue", SCARCE, "--from", "2020-01-01")
    bole("taxonomy", "load", path, *period)
    bole("taxonomy", "load", path, *period)
    path.write_text("title\nspinner\n", "utf-8")
    result = CliRunner().invoke(app, ["taxonomy", "load", str(path), *period])
    assert isinstance(result.exception, FileExistsError)
    assert "never overwritten" in str(result.exception)
