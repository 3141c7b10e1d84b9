"""Where Elasticsearch is, and who asks; apart from the client, which takes long to import."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Connection:
    """Where Elasticsearch is, and who asks.

    Attributes:
        url: one or several addresses of nodes, separated by commas; without user and password.
        username, password: basic authentication; both or none.
        api_key: instead of them.
        ca_certs: file of the certificates to trust; by default the system's.
    """

    url: str
    username: str = ""
    password: str = field(default="", repr=False)
    api_key: str = field(default="", repr=False)
    ca_certs: str = ""
