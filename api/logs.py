"""The log: one line or one JSON object per event, on standard error, without personal text.

Exceptions are logged by type and place: their messages may hold what a person sent (a database's
error repeats the parameters of its statement). Where a message can only be about the machine or
where the index is, it is told.
"""

from __future__ import annotations

import json
import logging
import logging.config
import os
import traceback
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from api.settings import Settings
from search.backends.base import (
    IndexCorruptError,
    IndexLockedError,
    IndexMismatchError,
    IndexMissingError,
    IndexUnavailableError,
)

#: Id of the request that is being served, or "".
request_id: ContextVar[str] = ContextVar("request_id", default="")

#: Frames shown of one exception, from where it was raised outwards: collectors cut lines at 16 KB.
FRAMES = 40

_OWN = ("api", "bole", "ingest", "search", "taxonomies", "uvicorn")
# Their messages say which folder or server is at fault, and the remedy.
_ABOUT_THE_INDEX = (
    IndexCorruptError,
    IndexLockedError,
    IndexMismatchError,
    IndexMissingError,
    IndexUnavailableError,
)
# `color_message` is uvicorn's message once more, with escape sequences.
_STANDARD = {*logging.makeLogRecord({}).__dict__, "message", "asctime", "color_message"}


class JsonLines(logging.Formatter):
    """One JSON object per event.

    Members: `time` (UTC), `level`, `logger`, `message`; `request_id` where it is known;
    `exception`, `stack` and at times `reason` of an exception; whatever was handed over as `extra`.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the object; other alphabets are escaped, so that it can be read in any locale."""
        return json.dumps(_members(record), default=str)


class TextLines(logging.Formatter):
    """One line per event, for people; an exception's stack follows, indented."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        found = _members(record)
        mark = f" [{found['request_id']}]" if "request_id" in found else ""
        text = f"{found['message']}{mark}"
        if "exception" in found:
            text += f"\n{_titled(found)}\n{found.get('stack', '')}"
        # Only what we write begins a line, whatever a message holds.
        text = "\n    ".join(text.splitlines())
        return f"{found['time']} {record.levelname:<8} {record.name}: {text}"


def log_config(settings: Settings) -> dict[str, Any]:
    """Return how everything that runs here logs, for `logging.config.dictConfig` and uvicorn.

    Other libraries are heard from warnings on, whatever the level: at lower levels HTTP and
    database clients log addresses, bodies and parameters, which hold what people searched for.
    uvicorn's access log stays off for the same reason: it has raw addresses.
    """
    level = settings.log_level.upper()
    formatter = JsonLines if settings.log_format == "json" else TextLines
    others = max(logging.getLevelNamesMapping()[level], logging.WARNING)
    inherit: dict[str, Any] = {"level": "NOTSET", "handlers": [], "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": f"{__name__}.{formatter.__name__}"}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "lines",
                "stream": "ext://sys.stderr",
            }
        },
        "root": {"level": others, "handlers": ["stderr"]},
        "loggers": {
            **{name: {**inherit, "level": level} for name in _OWN},
            "uvicorn.error": inherit,
            "uvicorn.access": {**inherit, "propagate": False},
        },
    }


def set_up_logs(settings: Settings) -> None:
    """Log as the settings say from now on, in this process."""
    logging.config.dictConfig(log_config(settings))


def failure_of(error: BaseException) -> dict[str, str]:
    """Return what is logged of an exception.

    Returns:
        `exception`, its type; `stack`, where it was raised and what it came from; `reason`, its
        message, only for kinds whose messages hold nothing personal.
    """
    return _kind_of(error) | {"stack": "".join(_stacks(error, set()))}


def _kind_of(error: BaseException) -> dict[str, str]:
    kind = type(error)
    is_builtin = kind.__module__ == "builtins"
    name = kind.__qualname__ if is_builtin else f"{kind.__module__}.{kind.__qualname__}"
    if isinstance(error, _ABOUT_THE_INDEX):
        return {"exception": name, "reason": str(error)}
    if isinstance(error, OSError) and is_builtin and error.errno is not None:
        # Without the file: that of a failed request is in the address.
        return {"exception": name, "reason": os.strerror(error.errno)}
    return {"exception": name}


def _titled(failure: Mapping[str, str]) -> str:
    return ": ".join(failure[name] for name in ("exception", "reason") if name in failure)


def _members(record: logging.LogRecord) -> dict[str, Any]:
    moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    found: dict[str, Any] = {
        "time": moment.replace("+00:00", "Z"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": record.getMessage(),
    }
    if known := request_id.get():
        found["request_id"] = known
    if record.exc_info and record.exc_info[1] is not None:
        found |= failure_of(record.exc_info[1])
    for name, value in record.__dict__.items():
        if name not in _STANDARD:
            found.setdefault(name, value)
    return found


def _stacks(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    yield from traceback.format_tb(error.__traceback__, limit=-FRAMES)
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    for other in (earlier, *inner):
        if other is not None and id(other) not in seen:
            yield f"from {_titled(_kind_of(other))}\n"
            yield from _stacks(other, seen)
