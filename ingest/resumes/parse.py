"""Turn a résumé file into text, in a process that can do no harm; the file is refused with a reason or read."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ingest.bounded import exchange
from ingest.resumes.child import ANSWER_BYTES_A_CHARACTER
from ingest.resumes.kinds import display_name, kind_of
from ingest.resumes.models import REASONS, Kind, Limits, ResumeRefused, ResumeText
from ingest.resumes.plain import decode
from ingest.resumes.visible import cleaned

#: Characters of hidden text that are kept, to show the person what was meant.
HIDDEN_SHOWN = 2_000

_ROOT = Path(__file__).resolve().parents[2]
_START = (
    "import json, sys\n"
    "sys.path.insert(0, sys.argv[1])\n"
    "from ingest.resumes.child import main\n"
    "from ingest.resumes.models import Limits\n"
    "main(sys.argv[2], Limits(**json.loads(sys.argv[3])))\n"
)
_PIECE = 64 * 1024
#: How long a process that has answered may take to end.
_LEAVING_SECONDS = 5


def read_resume(data: bytes, *, filename: str, limits: Limits | None = None) -> ResumeText:
    """Return the text of a résumé.

    A PDF or DOCX is parsed in a process of its own that is bounded in memory, processor time, wall time, open
    files and output, and can reach neither disk nor network.

    Args:
        data: the whole file.
        filename: as sent; shown to the person, never used as a path.
        limits: how much it may be and cost.

    Raises:
        ResumeRefused: it is not read, with the reason; nothing else is raised for any bytes.
    """
    limits = limits or Limits()
    kind = kind_of(data, limits)
    if kind == "txt":
        answer: dict[str, Any] = {"text": decode(data, limits)}
    else:
        answer = _parsed(data, kind, limits)
    text, has_unseen = cleaned(answer["text"])
    hidden, _ = cleaned(answer.get("hidden", ""))
    if not text:
        raise ResumeRefused("no_text", **({"pages": answer["pages"]} if "pages" in answer else {}))
    notes = (
        *(["hidden_text"] if hidden else []),
        *(["invisible_characters"] if has_unseen else []),
        *(["ocr_text"] if answer.get("is_ocr") else []),
    )
    return ResumeText(
        kind=kind,
        name=display_name(filename),
        text=text,
        pages=answer.get("pages"),
        hidden=hidden[:HIDDEN_SHOWN],
        notes=notes,
    )


def _parsed(data: bytes, kind: Kind, limits: Limits) -> dict[str, Any]:
    command = [sys.executable, "-I", "-B", "-X", "utf8", "-c", _START]
    command += [str(_ROOT), kind, json.dumps(asdict(limits))]
    child = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.defpath, "LANG": "C.UTF-8"},
        bufsize=0,
        start_new_session=True,
    )
    most = ANSWER_BYTES_A_CHARACTER * limits.characters + _PIECE
    try:
        written, _ = exchange(child, data, time.monotonic() + limits.wall_seconds, most)
        status = child.wait(timeout=_LEAVING_SECONDS)
    except (TimeoutError, MemoryError, subprocess.TimeoutExpired) as error:
        raise ResumeRefused("too_slow", limit=int(limits.wall_seconds)) from error
    finally:
        _end(child)
    return _answer(written, status, limits)


def _answer(written: bytes, status: int, limits: Limits) -> dict[str, Any]:
    try:
        answer = json.loads(written)
    except ValueError as error:
        raise _unanswered(status, limits) from error
    if not isinstance(answer, dict):
        raise ResumeRefused("malformed", detail="answer")
    if (reason := answer.get("refused")) in REASONS:
        raise ResumeRefused(reason, **answer.get("params", {}))
    if not isinstance(answer.get("text"), str):
        raise ResumeRefused("malformed", detail="answer")
    return answer


def _unanswered(status: int, limits: Limits) -> ResumeRefused:
    """Say why a process ended without an answer."""
    if status == -signal.SIGXCPU:
        return ResumeRefused("too_slow", limit=limits.cpu_seconds)
    # Killed by the kernel at the hard limit of time or for memory; libxml2 aborts for memory.
    if status in (-signal.SIGKILL, -signal.SIGABRT):
        return ResumeRefused("too_much_memory", limit=limits.memory_bytes)
    return ResumeRefused("malformed", detail="parser")


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the process and its group, and wait for it."""
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            pipe.close()
    if child.poll() is None:
        # The group is the child's own: `start_new_session`.
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
