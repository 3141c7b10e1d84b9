"""Where a server may listen, and what it needs for that."""

from __future__ import annotations

import secrets
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.exposure import ADVICE, check_exposure, is_loopback

GOOD = "f3a91c0be5d24786ad10f9c2b7e85d6347a2c90e1fb8d563"
EVERYWHERE = "0.0.0.0"


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.8.9.1", "::1", "[::1]", "localhost", "LOCALHOST.", "::ffff:127.0.0.1", " 127.0.0.1 "],
)  # fmt: skip
def test_this_machine_may_be_open(host):
    assert is_loopback(host)
    assert check_exposure(host, "", None, has_admin=False) == []


@pytest.mark.parametrize(
    "host",
    [
        "0.0.0.0", "::", "", "10.0.0.1", "192.168.1.5", "fe80::1%eth0", "::ffff:10.0.0.1", "128.0.0.1",
        "bole.example.org", "127.0.0.1.example.org", "localhost.example.org", "127.1", "０",
    ],
)  # fmt: skip
def test_any_other_address_needs_a_secret_and_an_administrator(host):
    assert not is_loopback(host)
    assert check_exposure(host, "", None, has_admin=False) == ["secret-missing", "admin-missing"]
    assert check_exposure(host, GOOD, None, has_admin=False) == ["admin-missing"]
    assert check_exposure(host, GOOD, None, has_admin=True) == []


@pytest.mark.parametrize(
    ("secret", "codes"),
    [
        ("", ["secret-missing"]),
        (" \t ", ["secret-missing"]),
        ("f3a91c0be5d24786", ["secret-short"]),
        (GOOD[:31], ["secret-short"]),
        (GOOD[:32], []),
        ("changeme", ["secret-short", "secret-sample"]),
        ("changeme" * 8, ["secret-sample"]),
        ("CHANGE-ME-change-me-CHANGE-ME-1234567890", ["secret-sample"]),
        ("example-secret-example-secret-2026-2026", ["secret-sample"]),
        ("your-super-secret-key-please-change-me", ["secret-sample"]),
        ("a" * 64, ["secret-sample"]),
        ("abababababababababababababababababab", ["secret-sample"]),
        ("f3a91c0b" * 8, ["secret-sample"]),
        ("12345678901234567890123456789012345", ["secret-sample"]),
        ("correct horse battery staple quilted mango", []),
    ],
)
def test_a_secret_must_be_long_and_no_sample(secret, codes):
    assert check_exposure(EVERYWHERE, secret, None, has_admin=True) == codes


@pytest.mark.parametrize("mode", [0o604, 0o644, 0o602, 0o620, 0o777, 0o601])
def test_a_file_that_others_can_read_is_told_everywhere(tmp_path, mode):
    path = tmp_path / "secret"
    path.write_text(GOOD)
    path.chmod(mode)
    assert check_exposure(EVERYWHERE, GOOD, path, has_admin=True) == ["secret-file-readable"]
    assert check_exposure("127.0.0.1", GOOD, path, has_admin=True) == ["secret-file-readable"]


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o640, 0o440])
def test_a_file_for_the_server_alone_will_do(tmp_path, mode):
    path = tmp_path / "secret"
    path.write_text(GOOD)
    path.chmod(mode)
    assert check_exposure(EVERYWHERE, GOOD, path, has_admin=True) == []


def test_a_file_that_is_not_there_is_told_where_it_is_needed(tmp_path):
    path = tmp_path / "none"
    assert check_exposure(EVERYWHERE, GOOD, path, has_admin=True) == ["secret-file-missing"]
    assert check_exposure("localhost", "", path, has_admin=False) == []


@given(st.text(max_size=80), st.text(max_size=80), st.booleans())
def test_whatever_is_asked_has_an_answer_with_advice(host, secret, has_admin):
    codes = check_exposure(host, secret, None, has_admin)
    assert set(codes) <= ADVICE.keys()
    assert len(codes) == len(set(codes))
    if not is_loopback(host):
        assert ("admin-missing" in codes) != has_admin


def test_secrets_as_they_are_usually_made_are_taken():
    made = [secrets.token_hex(16), secrets.token_hex(32), secrets.token_urlsafe(24)]
    made += ["".join(secrets.choice(string.ascii_letters) for _ in range(32)) for _ in range(200)]
    made += [secrets.token_hex(16) for _ in range(200)]
    assert [code for secret in made for code in check_exposure("::", secret, None, True)] == []
