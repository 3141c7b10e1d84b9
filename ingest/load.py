"""Load candidates and vacancies from JSON Lines: one record a line, each line judged by itself.

A bad line is reported with what was found and what to do, and the rest is loaded. Every record goes
in under a key, its own or the hash of what it says, so that loading a file again, or going on after
an interruption, adds nothing twice.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, BinaryIO

from pydantic import BaseModel, TypeAdapter, ValidationError

from search.matching.refusals import refusals_of
from search.records.models import (
    AnyRecord,
    Candidate,
    Education,
    StatedSkill,
    Vacancy,
    Wishes,
    WorkExperience,
)
from search.records.references import unknown_references
from search.records.store import Outcome, RecordStore
from search.records.stored import Kind

#: Records stored in one transaction.
BATCH = 500
#: Longest line read; some hundred times a long profile.
LONGEST_LINE = 2 * 1024 * 1024
#: Problems kept in a report; `on_problem` gets them all.
MOST_PROBLEMS = 1000

_LONGEST_FOUND = 80
_BOM = b"\xef\xbb\xbf"
_MODELS: dict[str, type[BaseModel]] = {"candidate": Candidate, "vacancy": Vacancy}
_PARTS: dict[str, type[BaseModel]] = {
    "skills": StatedSkill,
    "work": WorkExperience,
    "education": Education,
    "wishes": Wishes,
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one line.

    Attributes:
        line: from 1.
        field: where, for example `work.0.start`; "" for the line as a whole.
        found: what stands there, cut after some characters.
        advice: what to do.
    """

    line: int
    field: str
    found: str
    advice: str

    def __str__(self) -> str:
        """Return the problem in one line."""
        place = f"line {self.line}" + (f", {self.field}" if self.field else "")
        return f"{place}: found {self.found}; {self.advice}"


@dataclass(frozen=True, slots=True)
class LoadProgress:
    """How far a load is: lines and bytes read, records stored."""

    lines: int
    bytes: int
    stored: int


@dataclass(frozen=True)
class LoadReport:
    """What a load did.

    Attributes:
        lines: lines read that were not blank.
        added: records that are new.
        changed: records that replaced one of the same key.
        unchanged: records that were there already.
        refused: lines not loaded.
        problems: what was wrong, the first `MOST_PROBLEMS`; a line may have several.
    """

    lines: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    problems: tuple[Problem, ...] = ()


def load_file(
    path: Path,
    store: RecordStore,
    owner: str,
    *,
    kind: Kind | None = None,
    on_progress: Callable[[LoadProgress], None] | None = None,
    on_problem: Callable[[Problem], None] | None = None,
) -> LoadReport:
    """Load a JSON Lines file; see `load_stream`.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as stream:
        return load_stream(
            stream, store, owner, kind=kind, on_progress=on_progress, on_problem=on_problem
        )


def load_stream(
    stream: BinaryIO,
    store: RecordStore,
    owner: str,
    *,
    kind: Kind | None = None,
    on_progress: Callable[[LoadProgress], None] | None = None,
    on_problem: Callable[[Problem], None] | None = None,
) -> LoadReport:
    """Load JSON Lines, each line validated, in transactions of `BATCH` records.

    Args:
        stream: UTF-8, with or without a byte order mark; blank lines are passed over.
        store: where to.
        owner: whose the records are to be.
        kind: what the lines are, where they need not say so themselves.
        on_progress: told after each transaction.
        on_problem: told each problem as it is found.

    Raises:
        RecordError: the store could not take a batch. The batches before are kept; load the same
            again to go on.
    """
    counts: Counter[str] = Counter()
    problems: list[Problem] = []
    batch: list[AnyRecord] = []
    read = number = 0

    def store_batch() -> None:
        for put in store.put_many(batch, owner):
            counts[put.outcome] += 1
        batch.clear()
        if on_progress is not None:
            stored = sum(counts[outcome] for outcome in Outcome)
            on_progress(LoadProgress(number, read, stored))

    for number, raw, size in _lines(stream):
        read += size
        if raw is not None and not raw.strip():
            continue
        counts["lines"] += 1
        record, found = read_line(number, raw, kind)
        if record is None:
            counts["refused"] += 1
            problems += found[: max(MOST_PROBLEMS - len(problems), 0)]
            if on_problem is not None:
                for problem in found:
                    on_problem(problem)
            continue
        batch.append(record)
        if len(batch) == BATCH:
            store_batch()
    if batch or on_progress is not None:
        store_batch()
    return LoadReport(
        lines=counts["lines"],
        added=counts[Outcome.ADDED],
        changed=counts[Outcome.CHANGED],
        unchanged=counts[Outcome.UNCHANGED],
        refused=counts["refused"],
        problems=tuple(problems),
    )


def read_line(
    number: int, raw: bytes | None, kind: Kind | None = None
) -> tuple[AnyRecord | None, list[Problem]]:
    """Return the record of a line, with a key, or else what is wrong with it.

    Args:
        number: of the line, from 1.
        raw: its bytes, or None when it was too long to be read.
        kind: what it is, where it need not say so.
    """
    if raw is None:
        advice = f"a record has at most {LONGEST_LINE} bytes; end each with a line break"
        return None, [Problem(number, "", "a line too long to be read", advice)]
    value = _value(number, raw)
    if isinstance(value, Problem):
        return None, [value]
    if kind is not None:
        value = {"kind": kind, **value}
        if value["kind"] != kind:
            advice = f"this load takes records of kind {kind}; load the others by themselves"
            return None, [Problem(number, "kind", _shown(value["kind"]), advice)]
    try:
        # By way of JSON: its rules take "2026-01-31" for a date and refuse true for a number.
        record = _RECORDS.validate_json(json.dumps(value), strict=True)
    except RecursionError:
        return None, [_too_deep(number)]
    except ValidationError as error:
        return None, [_invalid(number, entry, value) for entry in error.errors(include_url=False)]
    problems = [
        Problem(number, entry.field, entry.found, entry.advice)
        for entry in unknown_references(record)
    ]
    if isinstance(record, Vacancy):
        problems += [
            Problem(
                number, field, _shown(refusal.quote), f"{refusal.reason.en} {refusal.advice.en}"
            )
            for field, refusal in refusals_of(record)
        ]
    return (None, problems) if problems else (with_key(record), [])


def with_key(record: AnyRecord) -> AnyRecord:
    """Return the record under its own key, or else under the hash of what it says."""
    if record.key is not None:
        return record
    content = record.model_dump_json(exclude={"key"})
    return record.model_copy(update={"key": hashlib.sha256(content.encode()).hexdigest()})


_RECORDS: TypeAdapter[AnyRecord] = TypeAdapter(AnyRecord)


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | None, int]]:
    """Yield number, content and size of each line; no content for one that is too long."""
    number = 0
    while raw := stream.readline(LONGEST_LINE + 1):
        number += 1
        size = len(raw)
        if number == 1:
            raw = raw.removeprefix(_BOM)
        if size <= LONGEST_LINE or raw.endswith(b"\n"):
            yield number, raw, size
            continue
        while not raw.endswith(b"\n") and (raw := stream.readline(LONGEST_LINE)):
            size += len(raw)
        yield number, None, size


def _value(number: int, raw: bytes) -> dict[str, Any] | Problem:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        bad = raw[error.start : error.start + 4].hex(" ")
        advice = "save the file as UTF-8 (it may be GB18030)"
        return Problem(number, "", f"bytes {bad} at byte {error.start + 1}, not UTF-8", advice)
    try:
        value = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_object)
    except RecursionError:
        return _too_deep(number)
    except _NotJsonError as error:
        return Problem(number, "", error.found, error.advice)
    except json.JSONDecodeError as error:
        near = text[max(error.pos - 10, 0) : error.pos + 20].strip()
        found = f"{error.msg} at character {error.pos + 1}, near {_shown(near)}"
        return Problem(number, "", found, "write one complete JSON object a line")
    except ValueError:  # a whole number of more digits than Python converts
        return Problem(number, "", "a number of thousands of digits", "write a plausible number")
    if not isinstance(value, dict):
        advice = 'write one JSON object a line: {"kind": "candidate", ...}'
        return Problem(number, "", _shown(value), advice)
    return value


def _too_deep(number: int) -> Problem:
    advice = "write one JSON object a line, nested no deeper than the fields are"
    return Problem(number, "", "brackets nested too deeply", advice)


class _NotJsonError(Exception):
    """Something that Python's reader would take and JSON does not mean."""

    def __init__(self, found: str, advice: str) -> None:
        super().__init__(found)
        self.found = found
        self.advice = advice


def _refuse_constant(name: str) -> None:
    raise _NotJsonError(name, "JSON has no such number; leave the field out if it is unknown")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        names = Counter(name for name, _ in pairs)
        twice = names.most_common(1)[0][0]
        raise _NotJsonError(f"field {_shown(twice)} twice", "keep the one that is meant")
    return value


def _invalid(number: int, error: Mapping[str, Any], value: object) -> Problem:
    kind, place = "", list(error["loc"])
    if place and place[0] in _MODELS:  # the union's choice, no part of the sender's object
        kind, place = str(place[0]), place[1:]
    name = ".".join(str(part) for part in place)
    if error["type"] == "json_invalid":
        if "recursion" in str(error["msg"]):
            return _too_deep(number)
        advice = "write the character whole, or leave it out"
        return Problem(number, "", "half a character (a lone \\ud800 to \\udfff)", advice)
    if error["type"] in {"union_tag_invalid", "union_tag_not_found"}:
        found = value.get("kind") if isinstance(value, dict) else None
        advice = 'write "kind": "candidate" or "kind": "vacancy"'
        return Problem(number, "kind", _shown(found), advice)
    if error["type"] == "extra_forbidden":
        model = _PARTS.get(str(place[0]), _MODELS[kind]) if len(place) > 1 else _MODELS[kind]
        near = get_close_matches(str(place[-1]), list(model.model_fields), n=1)
        advice = f"did you mean {near[0]}?" if near else "there is no such field; leave it out"
        return Problem(number, name, f"unknown field {_shown(place[-1])}", advice)
    if error["type"] == "missing":
        return Problem(number, name, "nothing", "this field is required; fill it in")
    message = str(error["msg"])
    return Problem(number, name, _shown(error["input"]), message[:1].lower() + message[1:])


def _shown(value: object) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        text = repr(type(value))
    # A lone surrogate could be written nowhere.
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= _LONGEST_FOUND else text[: _LONGEST_FOUND - 1] + "…"
