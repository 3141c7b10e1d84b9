"""Dumps of a PostgreSQL database, through its own programs."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, Connection, text

from search.records.backups.errors import BackupError

_PACKAGED = Path("/usr/lib/postgresql")
#: Seconds within which a session that was closed is gone.
_CLOSING_S = 2.0


def find_program(name: str) -> Path:
    """Return the newest of PostgreSQL's programs of a name: an older one refuses a newer server.

    Raises:
        BackupError: there is none.
    """
    found = sorted(
        (path for path in _PACKAGED.glob(f"*/bin/{name}") if path.parent.parent.name.isdigit()),
        key=lambda path: int(path.parent.parent.name),
    )
    if found:
        return found[-1]
    if on_path := shutil.which(name):
        return Path(on_path)
    raise BackupError(
        f"the records are in PostgreSQL, so {name} is needed; there is none under {_PACKAGED}/*/bin "
        "or on the PATH. Install PostgreSQL's client programs, of the server's version or newer "
        "(apt-get install postgresql-client)"
    )


def export_snapshot(connection: Connection) -> str:
    """Return the name under which `pg_dump` can see just what this transaction sees.

    Args:
        connection: reading, in a transaction that stays open until the dump is complete.
    """
    stay_idle(connection)
    return str(connection.execute(text("SELECT pg_export_snapshot()")).scalar_one())


def stay_idle(connection: Connection) -> None:
    """Let a transaction be silent for as long as one of the programs takes."""
    connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))


def dump(address: URL, target: Path, snapshot: str | None = None) -> None:
    """Write a database to an archive that `restore_dump` reads.

    Args:
        address: the database.
        target: the archive; must not exist.
        snapshot: what is to be dumped; by default what is there now.

    Raises:
        BackupError: the program is missing or fails.
    """
    target.touch(mode=0o600, exist_ok=False)
    arguments = ["--format=custom", "--no-owner", "--no-privileges", f"--file={target}"]
    if snapshot is not None:
        arguments.append(f"--snapshot={snapshot}")
    _run("pg_dump", address, arguments, "nothing was backed up")


def restore_dump(address: URL, source: Path, *, replace: bool) -> None:
    """Bring an archive into a database, wholly or not at all.

    Args:
        address: the database.
        source: what `dump` wrote.
        replace: drop what the archive has first.

    Raises:
        BackupError: the program is missing or fails; the database is as it was.
    """
    arguments = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    if replace:
        arguments += ["--clean", "--if-exists"]
    _run("pg_restore", address, [*arguments, str(source)], "the database is as it was")


def other_sessions(connection: Connection) -> int:
    """Return how many sessions besides this one use the database as Bole does: servers keep some open.

    One that has just been closed is there for a moment longer, so it is looked again before any is told of.
    """
    query = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND application_name = 'bole'"
    )
    deadline = time.monotonic() + _CLOSING_S
    while True:
        # Within a transaction the same answer would be given again.
        connection.execute(text("SELECT pg_stat_clear_snapshot()"))
        count = int(connection.execute(query).scalar_one())
        if not count or time.monotonic() > deadline:
            return count
        time.sleep(0.1)


def _run(name: str, address: URL, arguments: Sequence[str], state: str) -> None:
    program = find_program(name)
    with _conninfo(address) as conninfo:
        done = subprocess.run(
            [program, f"--dbname={conninfo}", *arguments],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        told = re.sub(r"\s+", " ", " ".join(said[:2]))[:400] or f"exit status {done.returncode}"
        raise BackupError(
            f"{program} was called and failed; {state}. It said: {told}. A program older than the "
            "server refuses: install the client programs of the server's version or newer"
        )


@contextmanager
def _conninfo(address: URL) -> Iterator[str]:
    """Give what the programs connect with; a password goes through a file, since arguments can be seen."""
    _, named = address.get_dialect()().create_connect_args(address)
    password = named.pop("password", None)
    named.setdefault("fallback_application_name", "bole backup")
    if password is None:
        yield make_conninfo(**named)
        return
    with tempfile.TemporaryDirectory(prefix="bole-") as folder:
        path = Path(folder) / "pgpass"
        path.touch(mode=0o600)
        escaped = re.sub(r"([\\:])", r"\\\1", str(password))
        path.write_text(f"*:*:*:*:{escaped}\n", encoding="utf-8")
        yield make_conninfo(**named, passfile=str(path))
