"""The `bole` command, run in-process over a data folder of its own."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from api.cli import app
from ingest.samples import generate_candidates, write_jsonl


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("command")


@pytest.fixture
def bole(folder, monkeypatch):
    monkeypatch.setenv("BOLE_DATA_DIR", str(folder))

    def run(*arguments, status=0):
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == status, result.output
        return result.stdout

    return run


def test_taxonomy_roles_prints_the_92_rows_in_order_verbatim(bole):
    rows = json.loads(bole("taxonomy", "roles", "--json"))
    assert [row["number"] for row in rows] == list(range(1, 93))
    assert (
        rows[6] | {"title": "运维工程师", "field": "软件开发", "domain": "信息经济核心产业"}
        == rows[6]
    )
    assert (
        rows[6]["duty"]
        == "负责核心网络设备、服务器、数据库等各种设备运行状态、性能监控和故障维护。"
    )
    assert all(row["title_en"] and row["duty_en"] and row["labels_zh"] for row in rows)


@pytest.mark.parametrize("name", ["fields", "skills", "regions"])
def test_every_code_list_can_be_printed(bole, name):
    rows = json.loads(bole("taxonomy", name, "--json"))
    assert len(rows) == {"fields": 19, "skills": 2226, "regions": 117}[name] or name == "skills"
    assert bole("taxonomy", name)


def test_search_writes_the_answer_of_the_http_interface(bole):
    answer = json.loads(bole("search", "analog IC layout", "--json", "--limit", 2))
    assert [hit["rank"] for hit in answer["hits"]] == [1, 2]
    assert answer["hits"][0]["id"] == "role:9"
    assert answer["no_match"] is None


def test_search_says_plainly_that_nothing_fits(bole):
    assert "没有找到" in bole("search", "幼儿园教师")


def test_a_measure_is_ended_now_and_open_on_an_earlier_date(bole):
    now = json.loads(bole("search", "Java", "--json", "--as-of", "2026-11-24", "--limit", 1))
    then = json.loads(bole("search", "Java", "--json", "--as-of", "2020-06-01", "--limit", 1))
    assert now["hits"][0]["benefit_counts"]["ended"] > 10
    assert "ended" not in then["hits"][0]["benefit_counts"]
    assert {"applies_if_open", "planned_only", "encouraged_only"} <= set(
        then["hits"][0]["benefit_counts"]
    )
    assert {notice["standing"] for notice in then["hits"][0]["benefits"]} == {"applies_if_open"}


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["search", ""], "text"),
        (["search", "Java", "--region", "999999"], "region"),
        (["search", "Java", "--as-of", "yesterday"], "as_of"),
    ],
)
def test_bad_input_is_refused_by_name(bole, arguments, named):
    with pytest.raises(ValueError, match=named):
        bole(*arguments)


def test_load_reports_bad_lines_and_keeps_the_good_ones(bole, tmp_path):
    path = tmp_path / "candidates.jsonl"
    write_jsonl(path, generate_candidates(5, seed=3))
    bad = '{"headline": "x", "age": 30}\n{\n{"headline": "x", "region": "000000"}\n'
    path.write_text(path.read_text(encoding="utf-8") + bad, encoding="utf-8")
    report = json.loads(bole("load", "candidates", path, "--json", status=1))
    assert (report["lines"], report["added"], report["refused"]) == (8, 5, 3)
    assert {problem["line"] for problem in report["problems"]} == {6, 7, 8}
    again = json.loads(bole("load", "candidates", path, "--json", status=1))
    assert (again["added"], again["unchanged"]) == (0, 5)


def test_sample_records_are_found_and_the_index_equals_them(bole):
    bole("sample", "--candidates", 30, "--vacancies", 10)
    found = json.loads(bole("search", "工程师", "--target", "candidates", "--json", "--limit", 50))
    assert found["total"] >= 10
    assert "missing: 0" in bole("index", "check")


def test_an_index_is_built_beside_and_can_be_put_back(bole):
    first = bole("index", "build").split()[-1]
    second = bole("index", "build").split()[-1]
    assert first != second
    assert f"the index in use is {first};" in bole("index", "rollback")
    assert f"the index in use is {second};" in bole("index", "promote", second)
    third = bole("index", "build", "--no-promote").split("built ")[1].partition(";")[0]
    lines = bole("index", "list").splitlines()
    assert {f"{first}  the one before", f"{second}  in use", third} <= set(lines)
    assert "it finds what it holds" in bole("index", "check", third)
    bole("index", "remove", third)
    assert third not in bole("index", "list").split()


def test_evaluate_writes_a_trec_run_with_row_numbers(bole, tmp_path):
    queries, qrels, run = (tmp_path / name for name in ("queries", "qrels", "run"))
    queries.write_text(
        '{"qid": "a", "text": "版图设计"}\n{"qid": "b", "text": "幼儿园教师"}\n', encoding="utf-8"
    )
    qrels.write_text("a 0 9 3\n")
    said = bole(
        "evaluate", "--queries", queries, "--target", "roles", "--out", run, "--qrels", qrels
    )
    lines = [line.split() for line in run.read_text().splitlines()]
    assert lines[0][:4] == ["a", "Q0", "9", "1"]
    assert all(1 <= int(line[2]) <= 92 for line in lines)
    assert [int(line[3]) for line in lines if line[0] == "a"] == list(range(1, 93))
    assert "nDCG@10" in said


def test_help_names_every_command(bole):
    for name in (
        "serve",
        "search",
        "evaluate",
        "sample",
        "load",
        "alerts",
        "index",
        "taxonomy",
        "bench",
    ):
        assert name in bole("--help")
