"""The settings, and that nothing else reads the environment."""

from __future__ import annotations

import ast
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from api.settings import Settings

ROOT = Path(__file__).parents[2]


def test_the_environment_is_read_with_our_prefix(monkeypatch, tmp_path):
    monkeypatch.setenv("BOLE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("BOLE_PORT", "9000")
    monkeypatch.setenv("BOLE_AS_OF", "2020-01-01")
    settings = Settings()
    assert settings.data_dir == tmp_path
    assert settings.port == 9000
    assert settings.today() == date(2020, 1, 1)
    assert settings.records_url == f"sqlite:///{tmp_path / 'bole.db'}"


def test_monitoring_is_set_in_either_case(monkeypatch):
    assert (Settings().metrics, Settings().log_format, Settings().log_level) == (
        True,
        "text",
        "info",
    )
    for name, value in (("METRICS", "false"), ("LOG_FORMAT", "JSON"), ("LOG_LEVEL", "Warning")):
        monkeypatch.setenv(f"BOLE_{name}", value)
    settings = Settings()
    assert (settings.metrics, settings.log_format, settings.log_level) == (False, "json", "warning")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOLE_PORT", "0"),
        ("BOLE_PORT", "x"),
        ("BOLE_AS_OF", "x"),
        ("BOLE_BODY_TIMEOUT_S", "nan"),
        ("BOLE_METRICS", "x"),
        ("BOLE_LOG_FORMAT", "xml"),
        ("BOLE_LOG_LEVEL", "trace"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError):
        Settings()


def test_only_the_settings_read_the_environment():
    readers = []
    for package in ("api", "ingest", "search", "taxonomies"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}:
                    readers.append(path.relative_to(ROOT).as_posix())
    assert set(readers) <= {"api/settings.py"}
