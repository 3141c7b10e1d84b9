"""`bole audit`, run in-process over a data folder of its own."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from api.cli import app


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("audit-command")


@pytest.fixture
def bole(folder, monkeypatch):
    monkeypatch.setenv("BOLE_DATA_DIR", str(folder))
    monkeypatch.setenv("BOLE_EMBEDDING_MODEL", "static")
    monkeypatch.setenv("BOLE_AS_OF", "2026-11-30")

    def run(*arguments, status=0):
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == status, result.output
        return result.stdout

    if not (folder / "bole.db").exists():
        run("sample", "--candidates", 40, "--vacancies", 60)
    return run


def test_demand_is_a_ranking_and_a_document(bole):
    lines = bole("audit", "demand", "--lang", "en").splitlines()
    assert lines[0] == "Platform-observed counts, not the labour market."
    assert "Rank\tOccupation\tPosts\tSeekers\tGap\tPosts per seeker\tOn quarter\tOn year" in lines
    found = json.loads(bole("audit", "demand", "--json", "--role", 1))
    assert [row["role"] for row in found["rows"]] == [1]


def test_a_snapshot_is_made_verified_and_compared(bole):
    first = json.loads(bole("audit", "snapshot", "--json"))
    second = json.loads(bole("audit", "snapshot", "--as-of", "2026-09-30", "--json"))
    assert "every figure is the same" in bole("audit", "verify", first["id"])
    assert json.loads(bole("audit", "verify", second["id"], "--json"))["is_same_input"]
    found = json.loads(bole("audit", "compare", second["id"], first["id"], "--json"))
    assert found["is_series"]
    assert first["id"] in bole("audit", "snapshots")


def test_what_cannot_be_asked_is_said(bole):
    with pytest.raises(ValueError, match="as_of: Give a day"):
        bole("audit", "demand", "--as-of", "2999-01-01")
    with pytest.raises(ValueError, match="nothing at this address"):
        bole("audit", "verify", "none")


@pytest.mark.parametrize("form", ["docx", "xlsx", "html"])
def test_a_report_is_one_command(bole, tmp_path, form):
    out = tmp_path / f"report.{form}"
    assert str(out) in bole("audit", "report", "--format", form, "--out", out)
    assert out.stat().st_size > 10_000


def test_a_table_of_a_report_is_one_command(bole, tmp_path):
    out = tmp_path / "causes.csv"
    bole("audit", "report", "--format", "csv", "--table", "fields", "--out", out, "--lang", "en")
    assert out.read_text("utf-8-sig").startswith("Field,")
    with pytest.raises(ValueError, match="nothing at this address"):
        bole("audit", "report", "--format", "csv", "--table", "none", "--out", out)


def test_what_may_leave_is_one_command(bole, tmp_path):
    out = tmp_path / "public.html"
    bole("audit", "report", "--format", "html", "--out", out, "--public", "--lang", "en")
    assert "suppressed" in out.read_text("utf-8")


def test_actual_figures_are_entered_from_a_file(bole, tmp_path):
    file = tmp_path / "actuals.csv"
    file.write_text(
        "indicator,value,unit,on\n000-talent-total-text-2022,260,万人,2026-10-01\n", "utf-8"
    )
    assert "1 figures entered" in bole("audit", "actuals", file)
    (met,) = [one for one in json.loads(bole("audit", "targets", "--json")) if one["actual"]]
    assert (met["indicator"], met["standing"]) == ("000-talent-total-text-2022", "met")
    file.write_text("indicator,value,unit,on\nnone,1,人,2026-10-01\n", "utf-8")
    assert "No indicator has this id" in bole("audit", "actuals", file, status=1)


def test_published_indices_are_entered_from_a_file(bole, tmp_path):
    file = tmp_path / "published.csv"
    head = "name,publisher,edition,title,role,value\n"
    file.write_text(head + "Index,City,2025,Weaver,,0.4\n", "utf-8")
    assert "1 values entered" in bole("audit", "published", file)
    assert "Weaver  0.4" in bole("audit", "published")
    file.write_text(head + "Index,City,2025,Tailor,,\n", "utf-8")
    assert "This cell is empty" in bole("audit", "published", file, status=1)
    assert len(json.loads(bole("audit", "published", "--json"))["items"]) == 1


def test_plans_are_printed(bole):
    found = json.loads(bole("audit", "forecast", "--json"))
    assert found["too_little"] or len(found["forecast"]["months"]) == 6
    assert bole("audit", "forecast", "--role", 1)
    assert set(json.loads(bole("audit", "proposals", "--json"))) >= {
        "additions",
        "withdrawals",
        "rewordings",
    }
    bole("audit", "proposals")
