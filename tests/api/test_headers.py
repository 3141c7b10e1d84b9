"""What every answer carries."""

from __future__ import annotations

import re

import pytest

from api.middleware import SECURITY_HEADERS

ADDRESSES = [
    "/", "/?q=java", "/?q=", "/roles", "/roles/9", "/roles/none", "/about", "/nowhere", "/static/style.css",
    "/static/none", "/problems/not-found", "/v1/health", "/v1/ready", "/v1/roles", "/v1/nothing", "/v1/openapi.json",
]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_carries_the_security_headers(client, address):
    headers = client.get(address).headers
    for name, value in SECURITY_HEADERS.items():
        assert headers[name] == value
    assert "unsafe" not in headers["content-security-policy"]
    assert "cache-control" in headers


def test_a_request_id_is_kept_or_made(client):
    assert (
        client.get("/v1/health", headers={"X-Request-ID": "abc-1"}).headers["x-request-id"]
        == "abc-1"
    )
    made = client.get("/v1/health", headers={"X-Request-ID": "bad id\t"}).headers["x-request-id"]
    assert re.fullmatch(r"[0-9a-f]{32}", made)


def test_personal_data_is_not_kept_by_caches(client):
    address = client.post("/v1/candidates", json={"headline": "engineer"}).headers["location"]
    assert client.get(address).headers["cache-control"] == "no-store"
    assert client.get(address.removeprefix("/v1")).headers["cache-control"] == "no-store"
    assert client.post("/v1/search", json={"text": "java"}).headers["cache-control"] == "no-store"


def test_long_answers_are_compressed_for_those_who_can_read_it(client):
    packed = client.post("/v1/search", json={"text": "java"}, headers={"Accept-Encoding": "gzip"})
    plain = client.post(
        "/v1/search", json={"text": "java"}, headers={"Accept-Encoding": "identity"}
    )
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) * 5 < int(plain.headers["content-length"])
    assert "content-encoding" not in plain.headers
    assert packed.json() == plain.json()
