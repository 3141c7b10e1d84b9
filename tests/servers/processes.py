"""Servers that are not our children: known by their process id only (Linux)."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path


def is_running(pid: int) -> bool:
    """Say whether the process is alive; a zombie that nobody has reaped yet is not."""
    process = Path("/proc", str(pid))
    try:
        status = (process / "stat").read_text(encoding="utf-8", errors="replace")
        threads = sum(1 for _ in (process / "task").iterdir())
    except (FileNotFoundError, ProcessLookupError):
        return False
    # The name stands in parentheses and may hold anything, spaces and parentheses too.
    state = status.rpartition(")")[2].split()[0]
    # The first thread of Java is a zombie before the others have let go of files and ports.
    return state not in {"Z", "X"} or threads > 1


def wait_until_gone(pid: int, seconds: float) -> bool:
    """Wait for the process to end; say whether it did."""
    deadline = time.monotonic() + seconds
    while is_running(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def send(pid: int, number: signal.Signals) -> None:
    """Send a signal; that the process is gone already is no error."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def wait_until_stopped(pid: int, seconds: float = 5.0) -> None:
    """Wait until every thread of a process stands still: SIGSTOP reaches them one after the other."""
    deadline = time.monotonic() + seconds
    while not all(_state(task) in {"T", "t", "Z", "X"} for task in _tasks(pid)):
        assert time.monotonic() < deadline, f"process {pid} was stopped and goes on"
        time.sleep(0.01)


def _tasks(pid: int) -> list[Path]:
    try:
        return list(Path("/proc", str(pid), "task").iterdir())
    except (FileNotFoundError, ProcessLookupError):
        return []


def _state(task: Path) -> str:
    try:
        status = (task / "stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return "X"
    return status.rpartition(")")[2].split()[0]


def last_lines(*paths: Path, count: int = 30) -> str:
    """Return the end of the file that was written to last, or a note that there is none."""
    written = [path for path in paths if path.is_file() and path.stat().st_size]
    if not written:
        return "(no log was written)"
    newest = max(written, key=lambda path: path.stat().st_mtime)
    lines = newest.read_text(encoding="utf-8", errors="replace").splitlines()
    # Java's stack frames would push the message out of sight.
    lines = [line for line in lines if not line.startswith("\tat ")]
    return "\n".join([f"the last lines of {newest.name}:", *lines[-count:]])
