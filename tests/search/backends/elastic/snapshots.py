"""Snapshots of one test's indices in a folder of the server's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import pytest

from tests.servers.elasticsearch import ElasticsearchServer, RunningElasticsearch

PATIENCE_S = 120


@dataclass(frozen=True)
class Repository:
    """A folder that the server writes snapshots to, registered under a name of this test's own."""

    client: httpx.Client
    name: str

    def take(self, snapshot: str) -> None:
        """Keep all indices of this test as they are."""
        answer = self.client.put(
            f"/_snapshot/{self.name}/{snapshot}",
            params={"wait_for_completion": "true"},
            json=self._indices(),
            timeout=PATIENCE_S,
        )
        assert answer.raise_for_status().json()["snapshot"]["state"] == "SUCCESS"

    def restore(self, snapshot: str) -> None:
        """Bring them back under their names, with their aliases."""
        answer = self.client.post(
            f"/_snapshot/{self.name}/{snapshot}/_restore",
            params={"wait_for_completion": "true"},
            json=self._indices(),
            timeout=PATIENCE_S,
        )
        assert answer.raise_for_status().json()["snapshot"]["shards"]["failed"] == 0

    def lose(self) -> None:
        """Delete all indices of this test, as an operator may by mistake."""
        for index in self.client.get(f"/{self.name}*").json():
            self.client.delete(f"/{index}").raise_for_status()

    def _indices(self) -> dict[str, object]:
        return {"indices": f"{self.name}*", "include_global_state": False}


@contextmanager
def snapshot_repository(
    server: RunningElasticsearch, client: httpx.Client, prefix: str
) -> Iterator[Repository]:
    """Register a repository for the indices whose names begin so, and forget it afterwards."""
    if not isinstance(server, ElasticsearchServer):
        pytest.skip("the server was started by others, and where it may write is not known")
    body = {"type": "fs", "settings": {"location": str(server.repository / prefix)}}
    client.put(f"/_snapshot/{prefix}", json=body).raise_for_status()
    yield Repository(client, prefix)
    client.delete(f"/_snapshot/{prefix}/*").raise_for_status()
    client.delete(f"/_snapshot/{prefix}").raise_for_status()
