"""Where records are under `/v1`."""

from __future__ import annotations

from collections.abc import Mapping

_COLLECTIONS: Mapping[str, str] = {"candidate": "candidates", "vacancy": "vacancies"}


def record_url(kind: str, record_id: str) -> str:
    """Return the address of a record, for example `/v1/vacancies/01J…`."""
    return f"/v1/{_COLLECTIONS[kind]}/{record_id}"
