"""`bole user` and what depends on it: accounts at the terminal, whose loaded records are, what may be served."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest


@pytest.fixture
def bole(tmp_path):
    """Run the command on a data folder of its own."""

    def run(*arguments, stdin="", **settings):
        environment = {
            **os.environ,
            "BOLE_DATA_DIR": str(tmp_path),
            "BOLE_EMBEDDING_MODEL": "static",
        }
        return subprocess.run(
            [sys.executable, "-m", "api", *arguments],
            env=environment | settings, input=stdin, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    return run


PASSWORD = "correct horse battery staple\n"


def add(bole, email, role, *more):
    done = bole("user", "add", email, "--role", role, "--password-stdin", *more, stdin=PASSWORD)
    assert done.returncode == 0, done.stderr
    return done


def test_accounts_at_the_terminal(bole):
    refused = bole("user", "add", "hr@example.org", "--role", "employer", "--organisation", "Acme")
    assert refused.returncode == 2
    assert "Add an administrator first" in refused.stderr.replace("\n", " ")
    add(bole, "admin@example.org", "admin")
    add(bole, "hr@example.org", "employer", "--organisation", "Acme")
    listed = json.loads(bole("user", "list", "--json").stdout)
    assert [(one["email"], one["role"], one["organisation"]) for one in listed] == [
        ("admin@example.org", "admin", None),
        ("hr@example.org", "employer", "Acme"),
    ]
    assert "password" not in json.dumps(listed)
    assert bole("user", "disable", "admin@example.org").returncode == 2
    assert bole("user", "disable", "hr@example.org").returncode == 0
    assert "disabled" in bole("user", "list").stdout
    assert bole("user", "enable", "hr@example.org").returncode == 0
    key = bole(
        "user", "key", "hr@example.org", "--name", "nightly", "--scope", "read"
    ).stdout.split()[-1]
    assert key.startswith("bole_")
    assert bole("user", "revoke", "hr@example.org", key.split("_")[1]).returncode == 0
    weak = bole("user", "password", "hr@example.org", "--password-stdin", stdin="short\n")
    assert weak.returncode == 2
    assert "at least 15" in weak.stderr
    made = bole("user", "password", "hr@example.org").stdout
    assert "to be changed at the next sign-in" in made
    assert bole("user", "role", "hr@example.org", "--role", "candidate").returncode == 0
    assert bole("user", "log").stdout.startswith("head 0:")
    assert bole("user", "log", "--expect", "7:abc").returncode == 1
    assert bole("user", "log", "--expect", "nonsense").returncode == 2


def test_loaded_records_belong_to_somebody(bole, tmp_path):
    file = tmp_path / "profiles.jsonl"
    file.write_text('{"kind": "candidate", "key": "a", "headline": "Java"}\n', encoding="utf-8")
    assert bole("load", "candidates", str(file)).returncode == 0
    add(bole, "admin@example.org", "admin")
    add(bole, "hr@example.org", "employer", "--organisation", "Acme")
    without = bole("load", "candidates", str(file))
    assert without.returncode == 2
    assert "--organisation NAME" in without.stderr
    other = bole("load", "candidates", str(file), "--organisation", "Bolt")
    assert other.returncode == 2
    assert "Acme" in other.stderr
    report = json.loads(
        bole("load", "candidates", str(file), "--organisation", "Acme", "--json").stdout
    )
    assert report["added"] == 1


def test_erasing_at_the_terminal(bole, tmp_path):
    add(bole, "admin@example.org", "admin")
    add(bole, "li@example.org", "candidate")
    assert bole("user", "erase", "li@example.org").returncode == 1  # nobody said yes
    done = bole("user", "erase", "li@example.org", "--yes")
    assert done.returncode == 0, done.stderr
    assert "the account is gone" in done.stdout
    assert b"li@example.org" not in b"".join(
        path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()
    )
    assert bole("user", "erase", "li@example.org", "--yes").returncode == 2


@pytest.mark.parametrize("secret", ["", "changeme", "x" * 40])
def test_others_are_not_served_without_secret_and_administrator(bole, secret):
    done = bole("serve", "--host", "0.0.0.0", "--port", "1", BOLE_SECRET=secret)
    assert done.returncode == 2
    assert "administrator" in done.stderr
    assert "secret" in done.stderr
