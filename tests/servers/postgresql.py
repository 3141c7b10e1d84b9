"""A private PostgreSQL cluster in a temporary folder, on a port of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import uuid
from pathlib import Path
from typing import Literal

from tests.servers.account import bare_environment, remove, unprivileged
from tests.servers.errors import ServerStartError, ServerUnavailableError
from tests.servers.ports import free_port
from tests.servers.processes import is_running, last_lines
from tests.servers.started import Started

PACKAGED = Path("/usr/lib/postgresql")

#: Faster by far, and what a crash of the machine would lose no test looks at.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def find_programs() -> Path:
    """Return the folder with the newest PostgreSQL server's `initdb` and `pg_ctl`."""
    folders = [path.parent for path in PACKAGED.glob("*/bin/initdb")]
    folders.sort(key=lambda path: float(path.parent.name), reverse=True)
    if on_path := shutil.which("initdb"):
        folders.append(Path(on_path).resolve().parent)
    for folder in folders:
        if (folder / "pg_ctl").is_file() and (folder / "psql").is_file():
            return folder
    raise ServerUnavailableError(
        f"there is no initdb, pg_ctl and psql under {PACKAGED}/*/bin or on the PATH; "
        "apt-get install postgresql"
    )


class PostgresqlServer(Started):
    """One cluster. It is made at once and runs after `start()` (the context manager starts it).

    Args:
        durable: leave PostgreSQL's guarantees for a crash as they are. Without them everything is
            faster and `kill()` may lose what was committed.
        programs: what `find_programs()` returns; asked for where it is not given.
    """

    def __init__(self, *, durable: bool = False, programs: Path | None = None) -> None:
        self.durable = durable
        self.programs = programs or find_programs()
        self._account = unprivileged("postgres", "nobody")
        self.folder = self._account.new_folder("bole-postgresql-")
        self._data = self.folder / "data"
        self._log = self.folder / "server.log"
        self._port: int | None = None
        try:
            # No --locale of the machine: the order of text must not depend on where the tests run.
            self._command(
                "initdb", "--username=app", "--auth=trust", "--encoding=UTF8",
                "--locale=C.UTF-8", "--no-sync",
            )  # fmt: skip
        except BaseException:
            self.close()
            raise

    @property
    def url(self) -> str:
        """SQLAlchemy's address of the database `postgres`; the same after every start."""
        return self._address("postgres")

    @property
    def pid(self) -> int | None:
        """Process id of the postmaster, from its own pid file; None where none runs."""
        try:
            pid = int((self._data / "postmaster.pid").read_text(encoding="ascii").split()[0])
        except (FileNotFoundError, IndexError):
            return None
        return pid if is_running(pid) else None

    def start(self) -> None:
        """Start and wait until connections are accepted; the port is chosen the first time."""
        if self._port is not None:
            self._launch()
            return
        for attempts_left in (2, 1, 0):
            # Someone may take the port between our choice and the start.
            self._port = free_port()
            try:
                self._launch()
            except ServerStartError:
                if not attempts_left or "Address already in use" not in last_lines(self._log):
                    raise
            else:
                return

    def stop(self, mode: Literal["smart", "fast", "immediate"] = "fast") -> None:
        """Stop in one of `pg_ctl`'s modes; nothing happens where none runs."""
        if self.pid is not None:
            self._command("pg_ctl", "stop", "-w", "-t", "30", "-m", mode)

    def kill(self) -> None:
        """End all processes at once without a checkpoint, so that the next start must recover."""
        self.stop("immediate")

    def version(self) -> str:
        """Return the server's version, such as 15.18."""
        return self._sql("show server_version").split()[0]

    def describe(self) -> str:
        """Return what a report says of it."""
        return f"PostgreSQL {self.version()}"

    def create_database(self) -> str:
        """Make an empty database with a name of its own and return its address."""
        name = f"t_{uuid.uuid4().hex}"
        self._sql(f'create database "{name}"')
        return self._address(name)

    def drop_database(self, url: str) -> None:
        """Delete a database by the address that `create_database` returned, connections or not."""
        name = url.rpartition("/")[2]
        self._sql(f'drop database if exists "{name}" with (force)')

    def close(self) -> None:
        """Stop and delete everything. May be called again."""
        with contextlib.suppress(ServerStartError):
            self.stop("immediate")
        remove(self.folder)

    def _address(self, database: str) -> str:
        if self._port is None:
            raise RuntimeError("this PostgreSQL has never been started; call start() first")
        return f"postgresql+psycopg://app@127.0.0.1:{self._port}/{database}"

    def _launch(self) -> None:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self._port),
            # A socket's path must not exceed 107 characters, and no test needs one.
            "unix_socket_directories": "",
            **({} if self.durable else CARELESS),
        }
        lines = [f"{name} = '{value}'\n" for name, value in settings.items()]
        (self._data / "postgresql.conf").write_text("".join(lines), encoding="utf-8")
        self._command("pg_ctl", "start", "-w", "-t", "60", "-s", "-l", str(self._log))

    def _command(self, program: str, *arguments: str) -> None:
        # Not a pipe: the server inherits it, and reading to its end would wait for the server's.
        output = self.folder / f"{program}.log"
        with output.open("w", encoding="utf-8") as stream:
            status = self._account.run(
                [self.programs / program, "-D", self._data, *arguments],
                cwd=self.folder,
                env=bare_environment(self.folder),
                stdout=stream,
                stderr=subprocess.STDOUT,
            )
        if status:
            raise ServerStartError(
                f"{program} {' '.join(arguments)} failed in {self.folder} with exit status "
                f"{status}; {last_lines(output, self._log)}"
            )

    def _sql(self, statement: str) -> str:
        """Run one statement through psql, so that no driver need be installed."""
        address = self.url.replace("+psycopg", "")
        done = subprocess.run(
            [self.programs / "psql", "-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-d", address,
             "-c", statement],
            check=False, capture_output=True, text=True, env=bare_environment(self.folder),
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{statement!r} failed{os.linesep}{done.stderr}")
        return done.stdout.strip()
