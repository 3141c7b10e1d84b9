"""A career and an education in one cell: a line for each stage, its parts between upright strokes."""

from __future__ import annotations

import re
from typing import Any

from ingest.tables.rows import ValueFaultError
from ingest.tables.values import read_education
from search.records.models import Education, WorkExperience

_MONTH = r"\d{4}[-./年]\d{1,2}月?"
_MONTHS = re.compile(
    rf"(?P<start>{_MONTH})?\s*(?:-|~|–|—|至|to)\s*(?P<end>{_MONTH})?\D{{0,10}}|(?P<only>{_MONTH})"
)
_ESCAPED = re.compile(r"\\(u[0-9a-f]{4}|.)", re.DOTALL)
#: All that `str.splitlines` splits at.
_BREAKS = re.compile("[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_STROKE = re.compile(r"(?<!\\)(?:\\\\)*\|")


def read_work(text: str) -> list[dict[str, Any]]:
    r"""Return employments: "2021-03 – 2024-05 | title | employer | summary", one a line.

    A line without strokes is a title. `\|`, `\n` and `\\` stand for the characters themselves.

    Raises:
        ValueFaultError: `not_work`: months that are none, or a line without a title.
    """
    entries = []
    for line in filter(str.strip, text.splitlines()):
        parts = [_plain(part) for part in _parts(line)]
        first = parts.pop(0).strip() if len(parts) > 1 else ""
        months = _MONTHS.fullmatch(first)
        if first and months is None:
            raise ValueFaultError("not_work", "write_work")
        start = _month(months["start"] or months["only"]) if months else None
        end = _month(months["end"]) if months else None
        title, employer, summary = (*parts, "", "", "")[:3]
        if not title.strip():
            raise ValueFaultError("not_work", "write_work")
        entries.append(
            {
                "title": title,
                "employer": employer.strip() or None,
                "start": start,
                "end": end,
                "summary": summary,
            }
        )
    return entries


def write_work(entry: WorkExperience) -> str:
    """Return an employment as a line that `read_work` reads."""
    months = f"{entry.start or ''} – {entry.end or ''}".strip() if entry.start or entry.end else ""
    parts = [months, _escaped(entry.title), _escaped(entry.employer or ""), _escaped(entry.summary)]
    while len(parts) > 2 and not parts[-1]:
        parts.pop()
    return " | ".join(parts)


def read_stages(text: str) -> list[dict[str, Any]]:
    """Return stages of education: "level | school | subject", one a line; a bare level is one.

    Raises:
        ValueFaultError: `unknown_education`.
    """
    stages = []
    for line in filter(str.strip, text.splitlines()):
        level, school, subject = (*(_plain(part).strip() for part in _parts(line)), "", "", "")[:3]
        known = read_education(level)
        if known is None:
            continue
        stages.append({"level": known, "school": school or None, "subject": subject or None})
    return stages


def write_stage(stage: Education, level_word: str) -> str:
    """Return a stage as a line that `read_stages` reads."""
    parts = [level_word, _escaped(stage.school or ""), _escaped(stage.subject or "")]
    while len(parts) > 1 and not parts[-1]:
        parts.pop()
    return " | ".join(parts)


def _parts(line: str) -> list[str]:
    parts, start = [], 0
    for match in _STROKE.finditer(line):
        parts.append(line[start : match.end() - 1])
        start = match.end()
    return [*parts, line[start:]]


def _escaped(text: str) -> str:
    return _BREAKS.sub(_named, text.replace("\\", "\\\\").replace("|", "\\|"))


def _named(match: re.Match[str]) -> str:
    return "\\n" if match[0] == "\n" else f"\\u{ord(match[0]):04x}"


def _plain(text: str) -> str:
    return _ESCAPED.sub(_meant, text)


def _meant(match: re.Match[str]) -> str:
    name = match[1]
    if len(name) > 1:
        return chr(int(name[1:], 16))
    return "\n" if name == "n" else name


def _month(text: str | None) -> str | None:
    if text is None:
        return None
    year, month = re.findall(r"\d+", text)
    if not 1 <= int(month) <= 12:
        raise ValueFaultError("not_work", "write_work")
    return f"{year}-{int(month):02d}"
