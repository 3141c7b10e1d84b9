"""As whom a server runs: Elasticsearch and PostgreSQL both refuse to run as root."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.servers.errors import ServerUnavailableError


@dataclass(frozen=True)
class Account:
    """Ourselves, or another user if we are root."""

    name: str
    user_id: int
    group_id: int

    @property
    def is_ours(self) -> bool:
        return self.user_id == os.geteuid()

    def run(
        self, command: Sequence[str | Path], *, seconds: float | None = None, **options: Any
    ) -> int:
        """Run a command as this user and return its exit status; `options` are those of `Popen`.

        It has a session of its own: Ctrl-C in the terminal is for pytest, which stops the servers
        in its turn. Where we are interrupted or the time is up, what it started ends with it.
        """
        if not self.is_ours:
            options |= {"user": self.user_id, "group": self.group_id, "extra_groups": []}
        with subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            **options,
        ) as process:
            try:
                return process.wait(seconds)
            except BaseException:
                os.killpg(process.pid, signal.SIGKILL)
                raise

    def can_enter(self, folder: Path) -> bool:
        """Say whether this user may enter a folder (root's home is closed to the others)."""
        return self.run(["test", "-x", folder], cwd="/") == 0

    def new_folder(self, prefix: str) -> Path:
        """Make a temporary folder that belongs to this user, on a path open to it."""
        # The usual place first; where that is private to root, the places that are open to all.
        for parent in (tempfile.gettempdir(), "/tmp", "/var/tmp"):
            if Path(parent).is_dir() and self.can_enter(Path(parent)):
                folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
                self.own(folder)
                return folder
        raise ServerUnavailableError(
            f"user {self.name} may enter none of the temporary folders; "
            "set TMPDIR to a folder that every user may enter"
        )

    def own(self, folder: Path) -> None:
        """Give a folder and all below it to this user."""
        if self.is_ours:
            return
        for path in (folder, *_below(folder)):
            os.chown(path, self.user_id, self.group_id, follow_symlinks=False)


def unprivileged(*preferred: str) -> Account:
    """Return ourselves, or where we are root the first of the named users that exists."""
    if os.geteuid() != 0:
        return Account("ourselves", os.geteuid(), os.getegid())
    for name in preferred:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise ServerUnavailableError(
        f"we are root, the server must not be, and there is no user {' or '.join(preferred)}; "
        "run the tests as an ordinary user"
    )


def bare_environment(home: Path, **more: str) -> dict[str, str]:
    """Return the environment for a server: ours could hold options (PGPORT, JAVA_TOOL_OPTIONS)."""
    path = os.environ.get("PATH", os.defpath)
    return {"PATH": path, "HOME": str(home), "LC_ALL": "C.UTF-8", "TZ": "UTC", **more}


def remove(folder: Path) -> None:
    """Delete a folder that a server has left; as root or as its owner nothing can be in the way."""
    shutil.rmtree(folder, ignore_errors=True)


def _below(folder: Path) -> Iterator[Path]:
    for root, folders, files in os.walk(folder):
        for name in (*folders, *files):
            yield Path(root, name)
