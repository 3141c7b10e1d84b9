"""A real Elasticsearch of one node in a temporary folder, which a test may kill and freeze."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from typing import Any

import httpx

from tests.servers.account import bare_environment, remove
from tests.servers.elasticsearch_distribution import SHA256, VERSION, Distribution, find_or_fetch
from tests.servers.errors import ServerStartError
from tests.servers.ports import free_port
from tests.servers.processes import (
    is_running,
    last_lines,
    send,
    wait_until_gone,
    wait_until_stopped,
)
from tests.servers.started import Started

CONFIGURATION = (
    "jvm.options", "log4j2.properties", "roles.yml", "role_mapping.yml", "users", "users_roles",
)  # fmt: skip
CLUSTER = "bole-tests"


class RunningElasticsearch:
    """An Elasticsearch that someone else started; we know its address and nothing more."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    def version(self) -> str:
        """Return the version; not from `GET /`, which the build for tests does not have."""
        return str(self._node()["version"])

    def java_version(self) -> str:
        """Return the version of the Java that it runs in."""
        return str(self._node()["jvm"]["version"])

    def describe(self) -> str:
        """Return what a report says of it."""
        return f"Elasticsearch {self.version()} (JDK {self.java_version()})"

    def _node(self) -> dict[str, Any]:
        path = "/_nodes/_local?filter_path=nodes.*.version,nodes.*.jvm.version"
        # Not through a proxy that the environment may name.
        answer = httpx.get(self.url + path, timeout=30, trust_env=False)
        answer.raise_for_status()
        return next(iter(answer.json()["nodes"].values()))


class ElasticsearchServer(RunningElasticsearch, Started):
    """One node. It runs after `start()` (the context manager starts it with the defaults).

    Args:
        distribution: what `find_or_fetch()` returns; asked for where it is not given.
        settings: more lines of elasticsearch.yml. An unknown one keeps the node from starting.
    """

    VERSION = VERSION
    SHA256 = SHA256
    find_or_fetch = staticmethod(find_or_fetch)

    def __init__(
        self,
        distribution: Distribution | None = None,
        settings: Mapping[str, str | int | bool] | None = None,
    ) -> None:
        self.distribution = distribution or find_or_fetch()
        self._settings = dict(settings or {})
        self._account = self.distribution.account
        self._port: int | None = None
        self.folder = self._account.new_folder("bole-elasticsearch-")
        #: The folder that snapshots may be written to (a repository of type `fs`).
        self.repository = self.folder / "repo"
        self._pid_file = self.folder / "elasticsearch.pid"
        self._logs = (self.folder / "start.log", self.folder / "logs" / f"{CLUSTER}.log")
        for name in ("config/jvm.options.d", "data", "logs", "tmp", "repo"):
            (self.folder / name).mkdir(parents=True)
        for name in CONFIGURATION:
            shutil.copy(self.distribution.home / "config" / name, self.folder / "config")
        self._account.own(self.folder)

    @property
    def url(self) -> str:  # type: ignore[override]
        """The address, the same after every start."""
        if self._port is None:
            raise RuntimeError("this Elasticsearch has never been started; call start() first")
        return f"http://127.0.0.1:{self._port}"

    @property
    def pid(self) -> int | None:
        """Process id from its own pid file; None where none runs."""
        try:
            pid = int(self._pid_file.read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            return None
        return pid if is_running(pid) else None

    def start(self, heap: str = "512m", *, seconds: float = 120) -> None:
        """Start and wait until every index has its primaries; the first time choose the port.

        The heap is touched at once: the process takes it and about 250 MiB more.
        """
        if self.pid is not None:
            raise RuntimeError(f"this Elasticsearch runs already, as process {self.pid}")
        if self._port is not None:
            self._launch(heap, seconds)
            return
        for attempts_left in (2, 1, 0):
            # Someone may take the port between our choice and the start.
            self._port = free_port()
            try:
                self._launch(heap, seconds)
            except ServerStartError as error:
                if not attempts_left or "BindHttpException" not in str(error):
                    raise
            else:
                return

    def stop(self, seconds: float = 15) -> None:
        """Ask it to end, insist after some seconds; nothing happens where none runs."""
        pid = self.pid
        if pid is None:
            return
        send(pid, signal.SIGTERM)
        send(pid, signal.SIGCONT)  # a frozen process does not even hear the SIGTERM
        if wait_until_gone(pid, seconds):
            self._pid_file.unlink(missing_ok=True)
        else:
            self.kill()

    def kill(self) -> None:
        """End it at once (SIGKILL), as the kernel does when memory runs out."""
        pid = self.pid
        if pid is None:
            return
        send(pid, signal.SIGKILL)
        if not wait_until_gone(pid, 30):
            raise RuntimeError(f"process {pid} outlived SIGKILL by 30 s")
        # What it left there would one day be the id of a stranger.
        self._pid_file.unlink(missing_ok=True)

    def pause(self) -> None:
        """Freeze it: connections are accepted by the kernel and nobody answers."""
        self._signal_running(signal.SIGSTOP)
        wait_until_stopped(self.pid or 0)

    def resume(self) -> None:
        """Let it go on where it was frozen."""
        self._signal_running(signal.SIGCONT)

    def close(self) -> None:
        """Stop and delete everything. May be called again."""
        self.stop()
        remove(self.folder)

    def _signal_running(self, number: signal.Signals) -> None:
        pid = self.pid
        if pid is None:
            raise RuntimeError("this Elasticsearch does not run; call start() first")
        send(pid, number)

    def _launch(self, heap: str, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        self._pid_file.unlink(missing_ok=True)
        self._write_settings()
        try:
            self._run_launcher(heap, seconds)
            self._wait_until_ready(deadline)
        except BaseException:
            # Ctrl-C as well: half a start must not be left behind.
            self.kill()
            raise

    def _write_settings(self) -> None:
        settings = {
            "cluster.name": CLUSTER,
            "node.name": "n1",
            "discovery.type": "single-node",
            "network.host": "127.0.0.1",
            "http.port": self._port,
            "transport.port": 0,
            "path.data": str(self.folder / "data"),
            "path.logs": str(self.folder / "logs"),
            "path.repo": [str(self.repository)],
            # An index made by a stray write would have a guessed mapping.
            "action.auto_create_index": False,
            # A nearly full disk of the developer's must not make indices read-only.
            "cluster.routing.allocation.disk.threshold_enabled": False,
            "xpack.security.enabled": False,
            **self._settings,
        }
        # JSON is YAML, with every quote in its place.
        lines = [f"{name}: {json.dumps(value)}\n" for name, value in settings.items()]
        path = self.folder / "config" / "elasticsearch.yml"
        path.write_text("".join(lines), encoding="utf-8")
        self._account.own(path)

    def _run_launcher(self, heap: str, seconds: float) -> None:
        """Run Elasticsearch's own launcher, which returns when the node has started or failed."""
        environment = bare_environment(
            self.folder,
            ES_JAVA_HOME=str(self.distribution.java.home),
            ES_PATH_CONF=str(self.folder / "config"),
            ES_TMPDIR=str(self.folder / "tmp"),
            ES_JAVA_OPTS=f"-Xms{heap} -Xmx{heap}",
        )
        with self._logs[0].open("w", encoding="utf-8") as stream:
            try:
                status = self._account.run(
                    [self.distribution.home / "bin" / "elasticsearch", "-d", "-p", self._pid_file],
                    cwd=self.folder,
                    env=environment,
                    stdout=stream,
                    stderr=subprocess.STDOUT,
                    seconds=seconds,
                )
            except subprocess.TimeoutExpired as error:
                raise self._failed(f"did not start within {seconds:.0f} s") from error
        if status:
            raise self._failed(f"did not start, exit status {status}")

    def _wait_until_ready(self, deadline: float) -> None:
        status = "unknown"
        while time.monotonic() < deadline:
            try:
                health = httpx.get(
                    f"{self.url}/_cluster/health?wait_for_status=yellow&timeout=5s",
                    timeout=30,
                    trust_env=False,
                ).json()
            except httpx.TransportError:
                if self.pid is None:
                    raise self._failed("ended just after its start") from None
                time.sleep(0.1)
                continue
            status = health.get("status", "unknown")
            if status in {"yellow", "green"}:
                return
        raise self._failed(f"started, but its status stayed {status}")

    def _failed(self, what: str) -> ServerStartError:
        home = self.distribution.home
        return ServerStartError(f"Elasticsearch in {home} {what}; {last_lines(*self._logs)}")
