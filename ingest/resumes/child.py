"""The process that parses one file: it bounds itself, reads the file, answers in JSON and ends.

It is started by `ingest.resumes.parse` and imports nothing of the search engine. After the libraries are
loaded it can open nothing any more, neither a file nor a socket; it cannot write files or start programs.
"""

from __future__ import annotations

import codecs
import contextlib
import importlib
import json
import os
import pkgutil
import resource
import sys
from collections.abc import Mapping
from typing import Any

from ingest.resumes.models import Limits, ResumeRefused

#: Bytes that an answer may have: the characters allowed, in UTF-8, escapes and all.
ANSWER_BYTES_A_CHARACTER = 8

#: By kind: the parser, and the library whose modules load more of their package only when a file asks for it.
PARSERS = {
    "pdf": ("ingest.resumes.pdf_text", "pypdf"),
    "docx": ("ingest.resumes.docx_text", "docx"),
}
_CODECS = (
    "utf-8", "utf-16", "utf-16-be", "utf-16-le", "latin-1", "ascii", "cp437", "cp1252", "charmap", "gbk",
    "gb2312", "gb18030", "cp950", "big5", "cp932", "mac-roman", "unicode-escape",
)  # fmt: skip
_MEGABYTE = 1024 * 1024


def main(kind: str, limits: Limits) -> None:
    """Read a file from standard input and write `{"lines": …}` or `{"refused": …}` to standard output."""
    parser = loaded(*PARSERS[kind])
    bound(limits)
    data = sys.stdin.buffer.read(limits.file_bytes + 1)
    _tell(answer(parser, data, limits))


def answer(parser: Any, data: bytes, limits: Limits) -> dict[str, Any]:
    """Return what a parser finds in a file, or the reason why it is refused; raises nothing."""
    # Kept aside, so that there is room to say that there is none.
    reserve = bytearray(_MEGABYTE)
    try:
        found: dict[str, Any] = parser.extract(data, limits)
        return found
    except ResumeRefused as refusal:
        return {"refused": refusal.reason, "params": dict(refusal.params)}
    except (MemoryError, RecursionError) as error:
        del reserve[:]
        is_memory = isinstance(error, MemoryError)
        return {"refused": "too_much_memory" if is_memory else "malformed", "params": {}}
    except Exception as error:  # a parser of foreign bytes may raise anything
        return {"refused": "malformed", "params": {"detail": type(error).__name__}}


def loaded(name: str, library: str) -> Any:
    """Return a parser with all of its library loaded, since nothing can be loaded once it is bounded."""
    parser = importlib.import_module(name)
    for module in pkgutil.walk_packages(importlib.import_module(library).__path__, f"{library}."):
        # What needs a package that is not there stays out.
        with contextlib.suppress(ImportError):
            importlib.import_module(module.name)
    for codec in _CODECS:
        codecs.lookup(codec)
    return parser


def _tell(found: Mapping[str, Any]) -> None:
    written = json.dumps(found, ensure_ascii=False).encode("utf-8", "replace")
    sys.stdout.buffer.write(written)
    sys.stdout.buffer.flush()
    # Tearing down a large tree costs time and can change nothing.
    os._exit(0)


def bound(limits: Limits) -> None:
    """Give up what a parser does not need; none of it can be taken back."""
    seconds = limits.cpu_seconds
    for bound, soft, hard in (
        (resource.RLIMIT_AS, limits.memory_bytes, limits.memory_bytes),
        (resource.RLIMIT_CPU, seconds, seconds + 1),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_NPROC, 0, 0),
        # Standard input, output and errors are open; there is no fourth, so no file and no socket.
        (resource.RLIMIT_NOFILE, 3, 3),
    ):
        resource.setrlimit(bound, (soft, hard))
    sys.addaudithook(_refuse)


def _refuse(event: str, _: tuple[Any, ...]) -> None:
    """Refuse what the limits would refuse too, and what they cannot (programs, where root runs this)."""
    if event.startswith(
        ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system")
    ):
        raise PermissionError(
            f"a parser of résumés asked for {event}; it reads one file and nothing else"
        )
