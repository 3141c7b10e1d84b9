"""Names of indices that are one test's own on a server that all share."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import httpx


@contextmanager
def own_prefix(client: httpx.Client) -> Iterator[str]:
    """Give what names are to begin with; what was made under them is removed afterwards."""
    name = f"t{uuid.uuid4().hex[:12]}"
    yield name
    # One by one: the server takes no pattern for a deletion.
    for index in client.get(f"/{name}*", params={"filter_path": "*.settings.index.uuid"}).json():
        client.delete(f"/{index}").raise_for_status()
