"""JSON as RFC 8259 means it: UTF-8, no NaN, no numbers beyond a double, no half characters, no abyss."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterator

from api.faults import Path, describe, spell
from api.problems import Fault, Phrase, Problem

#: Deepest nesting that is read; the deepest schema here needs 6.
DEPTH_AT_MOST = 32

#: Longest whole number that is read as one; 10^18 has 19 digits, and no field takes more.
_DIGITS_AT_MOST = 19
_FAULTS_AT_MOST = 20


def parse(body: bytes, known_names: Collection[str]) -> object:
    """Return what a body holds.

    Args:
        body: the bytes as they came.
        known_names: field names that may be repeated in an error.

    Raises:
        Problem: 400 when it is not JSON, 422 with the field when a value cannot be stored anywhere.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _malformed("not_utf8", byte=error.start) from None
    try:
        value = json.loads(text.removeprefix("\ufeff"), parse_int=_integer)
    except json.JSONDecodeError as error:
        raise _malformed("not_json", line=error.lineno, column=error.colno) from None
    except RecursionError:
        raise _malformed("too_deep", limit=DEPTH_AT_MOST) from None
    faults = []
    for path, advice, found in _faults(value, ()):
        if advice == "too_deep":
            raise _malformed(advice, limit=DEPTH_AT_MOST)
        name = spell(path, known_names)
        faults.append(Fault("body", name, Phrase(f"fault.{advice}"), describe(found)))
        if len(faults) == _FAULTS_AT_MOST:
            break
    if faults:
        raise Problem("invalid-input", faults)
    return value


def _integer(digits: str) -> int | float:
    if len(digits.lstrip("-")) <= _DIGITS_AT_MOST:
        return int(digits)
    return -math.inf if digits.startswith("-") else math.inf


def _faults(value: object, path: Path) -> Iterator[tuple[Path, str, object]]:
    """Yield where a value cannot be used, why, and the value."""
    if len(path) > DEPTH_AT_MOST:
        yield path, "too_deep", value
    elif isinstance(value, dict):
        for key, member in value.items():
            if advice := _string_fault(key):
                yield path, advice, value
            else:
                yield from _faults(member, (*path, key))
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _faults(entry, (*path, index))
    elif isinstance(value, float) and not math.isfinite(value):
        yield path, "not_finite", value
    elif isinstance(value, str) and (advice := _string_fault(value)):
        yield path, advice, value


def _string_fault(text: str) -> str:
    if "\0" in text:
        return "null_character"
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "half_character"
    return ""


def _malformed(reason: str, **values: object) -> Problem:
    return Problem("malformed", [Fault("body", "body", Phrase(f"fault.{reason}", values))])
