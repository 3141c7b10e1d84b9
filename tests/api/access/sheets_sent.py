"""Sheets as people send them, and waiting until they were looked through."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

ENDED = {"done", "refused", "cancelled", "failed"}


@dataclass
class Sender:
    """Somebody with a browser or a key who sends sheets.

    Attributes:
        client: signed in; what it asks for under `/v1` is asked with its session.
    """

    client: Any

    def send(
        self, content: bytes, kind: str = "vacancy", name: str = "x.csv", column=()
    ) -> dict[str, Any]:
        """Send a sheet to `/v1/imports`, and return what is there when it was looked through."""
        answer = self.client.post(
            "/v1/imports",
            params={"kind": kind, "name": name, "column": list(column)},
            content=content,
        )
        assert answer.status_code == 202, answer.text[:300]
        return self.ended(answer.json()["url"], {"checked"})

    def send_form(
        self, content: bytes, kind: str = "vacancies", name: str = "x.csv"
    ) -> dict[str, Any]:
        """Send a sheet with the form of the page."""
        answer = self.client.post("/imports", data={"kind": kind}, files={"file": (name, content)})
        assert answer.status_code == 303, answer.text[:300]
        return self.ended("/v1" + answer.headers["location"], {"checked"})

    def run(self, job: dict[str, Any]) -> dict[str, Any]:
        """Import the rows, and return what is there when that is done."""
        answer = self.client.post(job["url"] + "/run")
        assert answer.status_code == 202, answer.text[:300]
        return self.ended(job["url"], set())

    def ended(self, url: str, also: set[str]) -> dict[str, Any]:
        """Wait until an import rests."""
        deadline = time.monotonic() + 90
        while (job := self.client.get(url).json())["state"] not in ENDED | also:
            assert time.monotonic() < deadline, job
            time.sleep(0.02)
        return job

    def titles(self, kind: str = "vacancies") -> list[str]:
        """Return what one's own records of a kind are called."""
        found, after = [], None
        while True:
            query = {"limit": 100} | ({"cursor": after} if after else {})
            answer = self.client.get(f"/v1/{kind}", params=query)
            assert answer.status_code == 200, answer.text[:300]
            page = answer.json()
            field = "title" if kind == "vacancies" else "headline"
            found += [item["record"][field] for item in page["items"]]
            after = page["next"]
            if not after:
                return found
