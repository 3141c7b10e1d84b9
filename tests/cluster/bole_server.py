"""A real `bole serve` in a process of its own, with Elasticsearch and PostgreSQL behind it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from tests.servers.ports import free_port

PATIENCE_S = 90.0


class BoleServer:
    """One server. `start` waits until it answers, not until its index is ready.

    Args:
        folder: for its data and its log.
        elasticsearch: address.
        database: address.
    """

    def __init__(self, folder: Path, elasticsearch: str, database: str) -> None:
        self.folder, self.elasticsearch, self.database = folder, elasticsearch, database
        self.log = folder / "log"
        self._port = free_port()
        self._environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("BOLE_")},
            "BOLE_DATA_DIR": str(folder),
            "BOLE_ELASTICSEARCH_URL": elasticsearch,
            "BOLE_DATABASE_URL": database,
            "BOLE_LOG_FORMAT": "json",
        }
        self._process: subprocess.Popen[bytes] | None = None
        self.client = httpx.Client(
            base_url=f"http://127.0.0.1:{self._port}", timeout=30, trust_env=False
        )

    def start(self) -> None:
        """Start it."""
        program = Path(sys.executable).with_name("bole")
        command = [str(program), "serve", "--port", str(self._port)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, env=self._environment, stdout=log, stderr=subprocess.STDOUT
            )
        self.wait(self._is_alive)

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def close(self) -> None:
        """End it, and what it holds."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(timeout=40)
            except subprocess.TimeoutExpired:
                self.kill()
        self.client.close()

    def is_ready(self) -> bool:
        """Ask whether searches can be answered."""
        return self.client.get("/v1/ready").status_code == 200

    def is_equal_to_records(self) -> bool:
        """Ask whether every change is in the index."""
        found = self.client.get("/v1/ready").json()
        return found["ready"] and found["lag"] == 0 and found["held"] == 0

    def add(self, headline: str) -> httpx.Response:
        """Store a candidate."""
        return self.client.post("/v1/candidates", json={"headline": headline, "skills": []})

    def search(self, text: str, **more: Any) -> httpx.Response:
        """Search candidates."""
        body = {"text": text, "target": "candidates", "limit": 100, **more}
        return self.client.post("/v1/search", json=body)

    def found(self, text: str) -> set[str]:
        """Return the ids of the records that a search finds."""
        answer = self.search(text)
        assert answer.status_code == 200, answer.text
        return {hit["id"].partition(":")[2] for hit in answer.json()["hits"]}

    def wait(self, holds: Callable[[], bool], seconds: float = PATIENCE_S) -> None:
        """Wait for something to come about; its log says why it did not."""
        deadline = time.monotonic() + seconds
        while True:
            assert self._process is not None
            assert self._process.poll() is None, self._last_lines()
            try:
                if holds():
                    return
            except httpx.TransportError:
                pass
            assert time.monotonic() < deadline, f"it did not come about:\n{self._last_lines()}"
            time.sleep(0.05)

    def _is_alive(self) -> bool:
        return self.client.get("/v1/health").status_code == 200

    def _last_lines(self) -> str:
        return "\n".join(self.log.read_text(encoding="utf-8").splitlines()[-20:])
