"""How far a job is, in words; and what the index command says and tidies up."""

from __future__ import annotations

import json
import sys

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.commands import progress as module
from api.commands.progress import Pace, progress


def test_count_rate_and_time_left():
    now = [0.0]
    pace = Pace(clock=lambda: now[0])
    assert pace.said() == "0 of 0"
    pace.at(0, 25_000)
    assert pace.said() == "0 of 25,000"
    now[0] = 10
    pace.at(1_000, 25_000)
    assert pace.said() == "1,000 of 25,000, 100/s, 4 min 0 s left"
    # Much slower from here on: what was fast is soon left out.
    for _ in range(10):
        now[0] += 10
        pace.at(pace.done + 20, 25_000)
    assert pace.said() == "1,200 of 25,000, 2.0/s, 3 h 18 min left"
    assert pace.ended() == "1,200 in 1 min 50 s, 11/s"
    pace.at(30_000, 25_000)
    assert pace.said().startswith("30,000 of 30,000")


def test_without_a_terminal_there_are_lines_now_and_then(capsys, monkeypatch):
    monkeypatch.setattr(module, "LINE_S", 0.0)
    with progress("index") as tell:
        tell(1, 2)
        tell(2, 2)
    said = capsys.readouterr().err.splitlines()
    assert [line.partition(",")[0] for line in said[:2]] == ["index: 1 of 2", "index: 2 of 2"]
    assert said[2].startswith("index: 2 in 0 s, ")
    monkeypatch.undo()
    with progress("index") as tell:
        tell(2, 2)
    assert capsys.readouterr().err.count("\n") == 1
    with progress("nothing to do"):
        pass
    assert capsys.readouterr().err == ""


def test_an_interrupted_job_says_where_it_stopped(capsys):
    def job():
        with progress("index") as tell:
            tell(3, 9)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        job()
    assert capsys.readouterr().err == "index: stopped after 3 of 9\n"


def test_at_a_terminal_there_is_a_bar(capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    with progress("index") as tell:
        tell(1, 2)
        tell(2, 2)
    said = capsys.readouterr().err
    assert "━" in said
    assert said.splitlines()[-1].endswith("/s")


def test_a_build_says_what_it_reused_and_removes_what_no_index_needs(tmp_path, monkeypatch):
    monkeypatch.setenv("BOLE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("BOLE_EMBEDDING_MODEL", "static")

    def bole(*arguments):
        result = CliRunner().invoke(app, list(arguments))
        assert result.exit_code == 0, result.output
        return result.stdout.splitlines()

    bole("sample", "--candidates", "20", "--vacancies", "10")
    other = tmp_path / "models" / "vectors-another-model.sqlite"
    other.touch()
    said = bole("index", "build")
    assert said[0].startswith("vectors: ")
    assert said[0].endswith(" were at hand, 0 were encoded")
    assert said[1].startswith(f"removed {other.name}")
    assert not other.exists()
    assert len(list((tmp_path / "models").glob("vectors-bole-e5-static-*.sqlite"))) == 1

    # What the index before was built with stays: it may be put back to use.
    current = tmp_path / "index" / (tmp_path / "index" / "CURRENT").read_text().strip()
    path = current / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["manifest"]["model"] = "another-model"
    path.write_text(json.dumps(content), encoding="utf-8")
    other.touch()
    bole("index", "build")
    assert other.exists()
    bole("index", "build")
    assert not other.exists()
