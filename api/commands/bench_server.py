"""What an Elasticsearch says of itself and of an index: version, memory, segments, size."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from api.commands.bench_measures import Memory, memory
from search.backends.elastic.gateway import Gateway

#: How long merges that follow a build are waited for, and how often they are looked at.
MERGES_S = 1_200.0
LOOK_S = 0.5


class Server:
    """The node that a gateway reaches.

    Args:
        gateway: with patience: questions about a busy node take longer than searches may.
    """

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def describe(self) -> str:
        """Return its version and the size of its heap."""
        node = self._node()
        heap = node["jvm"]["mem"]["heap_max_in_bytes"] / 1e6
        return f"{node['version']}, heap {heap:.0f} MB"

    def memory(self) -> Memory | None:
        """Return the memory of its process; None where it does not run on this machine."""
        pid = self._node()["process"]["id"]
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return None
        # On another machine another process has that number.
        return memory(pid) if b"org.elasticsearch" in command else None

    def cpu_s(self) -> float:
        """Return the seconds of all cores that it has used since its start."""
        answer = self._gateway.read(
            "node",
            lambda es: es.nodes.stats(
                node_id="_local", filter_path="nodes.*.process.cpu.total_in_millis"
            ),
        )
        node: Mapping[str, Any] = next(iter(answer["nodes"].values()))
        return float(node["process"]["cpu"]["total_in_millis"] / 1_000)

    def segments(self, name: str) -> int:
        """Return of how many segments an index consists."""
        return int(self._stats(name, "segments")["segments"]["count"])

    def megabytes(self, name: str) -> float:
        """Return the size of an index on disk, in MB (10^6 bytes), all of it written out first."""
        self._gateway.write("flush", lambda es: es.indices.flush(index=name), timeout_s=300)
        stats = self._stats(name, "store,translog")
        size = stats["store"]["size_in_bytes"] + stats["translog"]["size_in_bytes"]
        return float(size / 1e6)

    def wait_for_merges(self, name: str) -> None:
        """Wait until nothing is merged any more, `MERGES_S` at most."""
        deadline = time.monotonic() + MERGES_S
        while self._stats(name, "merge")["merges"]["current"]:
            if time.monotonic() > deadline:
                raise RuntimeError(f"{name} was still being merged after {MERGES_S:.0f} s")
            time.sleep(LOOK_S)

    def _node(self) -> Mapping[str, Any]:
        answer = self._gateway.read(
            "node",
            lambda es: es.nodes.info(
                node_id="_local",
                filter_path=[
                    "nodes.*.version",
                    "nodes.*.process.id",
                    "nodes.*.jvm.mem.heap_max_in_bytes",
                ],
            ),
        )
        node: Mapping[str, Any] = next(iter(answer["nodes"].values()))
        return node

    def _stats(self, name: str, metric: str) -> Mapping[str, Any]:
        answer = self._gateway.read(
            "stats", lambda es: es.indices.stats(index=name, metric=metric.split(","))
        )
        stats: Mapping[str, Any] = answer["_all"]["primaries"]
        return stats
