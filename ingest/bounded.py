"""Run a parser of foreign files in a child process whose time, memory and output are limited.

A parser written in any language can hang, eat memory or fall over on a file made for it; in a child
that costs one answer. The child gets the file on its standard input and nothing else: no environment,
no open files, no working directory of ours.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Literal

Reason = Literal["timeout", "memory", "crashed", "refused"]

#: Most of what a child says of its own death that is read.
_MOST_COMPLAINT = 16 * 1024
_CHUNK = 64 * 1024
_ROOT = Path(__file__).resolve().parents[1]
_ENVIRONMENT = {"PATH": os.defpath, "LANG": "C.UTF-8"}

# Limits come before any import of a parser; what a parser prints may not mix with the answer.
_BOOT = """
import os, resource, sys
root, target, seconds, megabytes = sys.argv[1:]
def limit(what, most):
    hard = resource.getrlimit(what)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))
limit(resource.RLIMIT_CORE, 0)
limit(resource.RLIMIT_FSIZE, 0)
limit(resource.RLIMIT_CPU, int(seconds))
limit(resource.RLIMIT_AS, int(megabytes) * 1024 * 1024)
answer_to = os.dup(1)
os.dup2(2, 1)
sys.path.insert(0, root)
from ingest.bounded import answer
answer(target, answer_to)
"""


class RefusedError(Exception):
    """Raised by what runs in the child: the file is refused for a reason of its own.

    Attributes:
        reason: code of the reason.
        params: what the reason speaks of; values that JSON knows.
    """

    def __init__(self, reason: str, **params: str | int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.params: dict[str, str | int] = params


class BoundedError(Exception):
    """A child gave no answer.

    Attributes:
        reason: `timeout` (wall clock or CPU), `memory`, `crashed`, or `refused` by the target itself.
        refusal: the code that the target refused with; "" for the others.
        params: what the refusal speaks of.
    """

    def __init__(
        self,
        reason: Reason,
        message: str,
        *,
        refusal: str = "",
        params: Mapping[str, str | int] | None = None,
    ) -> None:
        super().__init__(message)
        self.reason: Reason = reason
        self.refusal = refusal
        self.params: dict[str, str | int] = dict(params or {})


def run_bounded(
    target: str,
    payload: bytes,
    *,
    seconds: float,
    megabytes: int,
    answer_megabytes: int = 64,
) -> bytes:
    """Return what `target` makes of the payload, worked out in a limited child process.

    Args:
        target: `module:function`; the function takes bytes, returns bytes, and may raise `RefusedError`.
        payload: the file.
        seconds: wall-clock time for all of it, the start of the interpreter included; also the limit
            of CPU time, rounded up.
        megabytes: address space of the child, the interpreter (some 60) included.
        answer_megabytes: the longest answer taken; a longer one counts as `memory`.

    Raises:
        BoundedError: there is no answer; the child is gone when this is raised.
    """
    deadline = time.monotonic() + seconds
    arguments = [str(_ROOT), target, str(math.ceil(seconds)), str(megabytes)]
    child = subprocess.Popen(
        [sys.executable, "-I", "-B", "-c", _BOOT, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd="/",
        env=_ENVIRONMENT,
        start_new_session=True,
    )
    try:
        most = answer_megabytes * 1024 * 1024
        said, complaint = exchange(child, payload, deadline, most)
        code = child.wait(max(deadline - time.monotonic(), 0.1))
    except (TimeoutError, subprocess.TimeoutExpired):
        raise BoundedError("timeout", f"{target} was given {seconds:g} s and took longer") from None
    except MemoryError:
        raise BoundedError(
            "memory", f"{target} answered with more than {answer_megabytes} MB"
        ) from None
    finally:
        _end(child)
    return _judged(target, code, said, complaint)


def answer(target: str, answer_to: int) -> None:
    """Run inside the child: read the payload, call the target, write a status line and the answer."""
    status: Mapping[str, object]
    content = b""
    try:
        payload = sys.stdin.buffer.read()
        module, _, name = target.partition(":")
        content = getattr(__import__(module, fromlist=[name]), name)(payload)
        status = {"status": "ok"}
    except RefusedError as error:
        status = {"status": "refused", "refusal": error.reason, "params": error.params}
    except MemoryError:
        status = {"status": "memory"}
    with os.fdopen(answer_to, "wb") as stream:
        stream.write(json.dumps(status).encode() + b"\n")
        stream.write(content)


def exchange(
    child: subprocess.Popen[bytes], payload: bytes, deadline: float, most: int
) -> tuple[bytes, bytes]:
    """Feed a child and read what it says until it has said all, neither waiting for the other.

    Args:
        child: started with pipes for input and output, and for errors where they are to be read.
        payload: what it is given.
        deadline: until when, in seconds of the monotonic clock.
        most: bytes of an answer that are taken.

    Returns:
        The answer, and the beginning of its errors.

    Raises:
        TimeoutError: time is up.
        MemoryError: the answer is longer.
    """
    if child.stdin is None or child.stdout is None:
        raise RuntimeError("the child should have been started with pipes for input and output")
    said, complaint = bytearray(), bytearray()
    rest = memoryview(payload)
    with selectors.DefaultSelector() as ready:
        for stream, event in (
            (child.stdin, selectors.EVENT_WRITE),
            (child.stdout, selectors.EVENT_READ),
            (child.stderr, selectors.EVENT_READ),
        ):
            if stream is not None:
                os.set_blocking(stream.fileno(), False)
                ready.register(stream, event)
        while ready.get_map():
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            for key, _ in ready.select(left):
                if key.fileobj is child.stdin:
                    rest = _fed(child.stdin, rest)
                    done = not rest
                else:
                    chunk = os.read(key.fd, _CHUNK)
                    done = not chunk
                    if key.fileobj is child.stdout:
                        said += chunk
                    elif len(complaint) < _MOST_COMPLAINT:
                        complaint += chunk
                if len(said) > most:
                    raise MemoryError
                if done:
                    ready.unregister(key.fileobj)
                    if key.fileobj is child.stdin:
                        _close(child.stdin)
    return bytes(said), bytes(complaint)


def _fed(stream: IO[bytes], rest: memoryview) -> memoryview:
    try:
        return rest[os.write(stream.fileno(), rest[:_CHUNK]) :]
    except BlockingIOError:
        return rest
    except BrokenPipeError:  # the child died before it read everything; its exit says why
        return rest[:0]


def _close(stream: IO[bytes]) -> None:
    with contextlib.suppress(OSError):
        stream.close()


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kill the child and all that it started, and take note of its end."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    for stream in (child.stdin, child.stdout, child.stderr):
        if stream is not None:
            _close(stream)


def _judged(target: str, code: int, said: bytes, complaint: bytes) -> bytes:
    head, _, content = said.partition(b"\n")
    try:
        status = json.loads(head) if code == 0 else {}
    except ValueError:
        status = {}
    match status.get("status"):
        case "ok":
            return content
        case "refused":
            refusal = str(status["refusal"])
            message = f"{target} refused the file: {refusal}"
            raise BoundedError("refused", message, refusal=refusal, params=status["params"])
        case "memory":
            raise BoundedError("memory", f"{target} needed more memory than it was given")
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        raise BoundedError("timeout", f"{target} used up its time (signal {-code})")
    # Rust and C++ end the process when there is no memory; this is what they say.
    if any(sign in complaint for sign in (b"MemoryError", b"memory allocation", b"bad_alloc")):
        raise BoundedError("memory", f"{target} needed more memory than it was given")
    last = complaint.decode("utf-8", "replace").strip().rpartition("\n")[2][:200]
    raise BoundedError("crashed", f"{target} ended with exit status {code}: {last}")
