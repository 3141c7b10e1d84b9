"""The audit of what is installed: nothing counts as audited that was not."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "requirements" / "audit.py"


@pytest.fixture(scope="module")
def audit():
    spec = importlib.util.spec_from_file_location("audit", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


FINE = {"name": "numpy", "version": "2.4.6", "vulns": []}
OLD = {
    "name": "jinja2",
    "version": "2.0",
    "vulns": [{"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["3.1.6"]}],
}
SKIPPED = {"name": "limits", "skip_reason": "could not be audited"}


def test_what_was_audited_and_is_fine_is_no_failure(audit):
    assert audit.verdict({"dependencies": [FINE]}, {"numpy"}) == ([], [])


def test_a_vulnerability_is_named_with_what_mends_it(audit):
    (line,), skipped = audit.verdict({"dependencies": [FINE, OLD]}, {"numpy", "jinja2"})
    assert line == "jinja2 2.0: PYSEC-1 CVE-1 mended in 3.1.6"
    assert skipped == []


def test_what_could_not_be_audited_is_told(audit):
    assert audit.verdict({"dependencies": [FINE, SKIPPED]}, {"numpy", "limits"}) == (
        [],
        ["limits: could not be audited"],
    )
    assert audit.verdict({"dependencies": [FINE]}, {"numpy", "limits"})[1] == [
        "limits: not in the report"
    ]
    assert len(audit.verdict({}, {"numpy"})[1]) == 1


def test_the_names_of_the_lock_are_read(audit):
    lock = (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8")
    names = audit.pinned(lock)
    assert {"numpy", "fastapi", "psycopg-binary", "sqlalchemy"} <= names
    assert audit.pinned("a-b==1 ; python_version < '3' \\\n    --hash=sha256:0\nC_d==2 \\\n") == {
        "c-d"
    }


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ('{"dependencies": [{"name": "limits", "skip_reason": "not found"}]}', 1),
        ("", 2),
        ("nonsense", 2),
    ],
)
def test_it_ends_badly_where_nothing_was_learnt(audit, monkeypatch, tmp_path, capsys, told, status):
    # A program in the place of pip-audit, which says what is wanted and ends well, as that one does.
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\ncat <<'END'\n{told}\nEND\n")
    program.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(program))
    assert audit.main([]) == status
    assert "What to do" in capsys.readouterr().err
