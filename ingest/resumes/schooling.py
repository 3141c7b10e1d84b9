"""Read the stages of education: school, level and subject."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast, get_args

from ingest.resumes.employments import _columns
from ingest.resumes.naming import parts_of
from ingest.resumes.periods import find_periods
from ingest.resumes.sheet import Line, Sheet
from search.models import Aspect
from search.records.models import Education, EducationLevel

MOST = 20
_LONGEST_NAME = 100
_LEVELS: tuple[EducationLevel, ...] = get_args(EducationLevel)
# "Master of Computer Science", "Bachelor in …": the degree's name goes on into the subject.
_DEGREE_OF = re.compile(
    r"\b(?P<level>bachelor|master|doctor|associate)(?:'?s)?(?: degree)? (?:of|in) "
    r"(?P<subject>(?!(?:science|engineering|arts|philosophy|business administration|technology)\b)[a-z &]{3,60})",
    re.I,
)
_DEGREE = re.compile(r"(?P<level>bachelor|master|doctor|associate)(?:'?s)?(?: degree)?", re.I)
_SUBJECT = re.compile(
    r"(?:degree |science |engineering |arts |diploma |\b(?:b|m)\.?(?:sc?|eng|a)\.?|ph\.?d\.?|\A)\s*(?:degree )?"
    r"(?:in|of) (?P<subject>[A-Z][\w&/ \-]{2,60})",
    re.I,
)
_SUBJECT_ZH = re.compile(
    r"(?P<subject>[\u3400-\u9fffA-Za-z（）()]{2,24}?)专业(?![\u3400-\u9fff]*(?:排名|第|课程|成绩))"
)
_NO_SUBJECT = re.compile(
    r"gpa|绩点|排名|全日制|统招|非全|自考|函授|成人|毕业|课程|\d|奖学金|thesis|honou?rs|cum laude|985|211|双一流",
    re.I,
)


@dataclass
class _Stage:
    school: Line | None = None
    level: EducationLevel | None = None
    level_at: Line | None = None
    subject: Line | None = None
    period: Line | None = None


def read_education(
    lines: Sequence[Line], labelled: dict[str, Line], sheet: Sheet
) -> tuple[Education, ...]:
    """Return the stages of education; one whose level is not said stays unread.

    Args:
        lines: of the section of education.
        labelled: values that labels at the top introduce, by field (`education.level`, …).
        sheet: the text, which notes what has been read.
    """
    columns = _columns(lines[0], sheet) if lines else []
    if columns:
        sheet.use(lines[0])
        lines = lines[1:]
    stages: list[_Stage] = []
    for line in lines:
        stage = _stage(line, columns, sheet)
        begins = stage.school is not None and (not stages or stages[-1].school is not None)
        if stages and not begins and _fits(stages[-1], stage):
            _complete(stages[-1], stage)
        elif stage.school or stage.level or stage.period:
            stages.append(stage)
    top = _from_labels(labelled, sheet)
    if top.level or top.school:
        alike = [
            s for s in stages if (s.level == top.level and top.level) or _same(s.school, top.school)
        ]
        if alike:
            _complete(alike[0], top)
            alike[0].level = alike[0].level or top.level
        else:
            stages.append(top)
    kept = [stage for stage in stages if stage.level is not None][:MOST]
    return tuple(_record(stage, at, sheet) for at, stage in enumerate(kept))


def _same(one: Line | None, other: Line | None) -> bool:
    return one is not None and other is not None and one.text == other.text


def _from_labels(labelled: dict[str, Line], sheet: Sheet) -> _Stage:
    stage = _Stage()
    if line := labelled.get("education.level"):
        stage.level, stage.level_at = _level(line, sheet)
    stage.school = labelled.get("education.school")
    stage.subject = labelled.get("education.subject")
    if stage.school and not stage.subject:
        parts = parts_of(stage.school, sheet.words)
        if len(parts) > 1 and sheet.words.school.search(parts[0].text):
            inner = _stage(stage.school, (), sheet)
            stage.school, stage.subject = inner.school, inner.subject
            stage.level, stage.level_at = (
                stage.level or inner.level,
                stage.level_at or inner.level_at,
            )
    return stage


def _fits(held: _Stage, more: _Stage) -> bool:
    """Say whether two lines may speak of one stage: neither says what the other said otherwise."""
    return not (
        (held.school and more.school)
        or (held.level and more.level and held.level != more.level)
        or (held.period and more.period)
        or (held.subject and more.subject)
    )


def _complete(held: _Stage, more: _Stage) -> None:
    held.school = held.school or more.school
    held.subject = held.subject or more.subject
    held.period = held.period or more.period
    if held.level is None:
        held.level, held.level_at = more.level, more.level_at


def _stage(line: Line, columns: Sequence[str], sheet: Sheet) -> _Stage:
    """Read one line of a section of education."""
    stage = _Stage()
    stage.level, stage.level_at = _level(line, sheet)
    rest = line
    parts: list[Line] = []
    if period := next(find_periods(line.text), None):
        stage.period = line.cut(period.start, period.end)
        parts += parts_of(line.cut(0, period.start), sheet.words)
        rest = line.cut(period.end)
    parts += parts_of(rest, sheet.words)
    values = {found.field: found for found in sheet.labelled(line)}
    if columns and (cells := _cells(line, columns)):
        stage.school, stage.subject = cells.get("education.school"), cells.get("education.subject")
        return stage
    for found in values.values():
        if found.field.startswith("education."):
            sheet.use(found.label)
    if "education.school" in values:
        stage.school = values["education.school"].value
    if "education.subject" in values:
        stage.subject = values["education.subject"].value
    if values:
        parts = [
            p
            for p in parts
            if not any(f.label.start <= p.start < f.value.end for f in values.values())
        ]
    parts = [piece for part in parts for piece in _apart(part, stage)]
    for part in parts:
        if (
            stage.school is None
            and sheet.words.school.search(part.text)
            and len(part.text) <= _LONGEST_NAME
        ):
            stage.school = part
    if stage.subject is None:
        stage.subject = _subject(line, parts, stage, sheet)
    return stage


def _apart(part: Line, stage: _Stage) -> list[Line]:
    """Cut the degree off a school's name: "Anna University Bachelor of Engineering"."""
    level = stage.level_at
    if level is None or not part.start < level.start < part.end:
        return [part]
    if part.text[level.start - part.start - 1] not in " (（":
        # 高等专科 in 医学高等专科学校 is a part of the name.
        return [part]
    return [part.cut(0, level.start - part.start), part.cut(level.start - part.start)]


def _cells(line: Line, columns: Sequence[str]) -> dict[str, Line]:
    cells, start = [], 0
    for cell in line.text.split("|"):
        cells.append(line.cut(start, start + len(cell)))
        start += len(cell) + 1
    return dict(zip(columns, cells, strict=True)) if len(cells) == len(columns) else {}


def _level(line: Line, sheet: Sheet) -> tuple[EducationLevel | None, Line | None]:
    """Return the highest level that a line names."""
    found = [
        (mention.value, mention.span)
        for mention in sheet.mentions_in(line, Aspect.EDUCATION)
        if mention.value in _LEVELS and mention.span
    ]
    if found:
        level, span = max(found, key=lambda pair: _LEVELS.index(pair[0]))
        return level, line.cut(span.start - line.start, span.end - line.start)
    if match := _DEGREE_OF.search(line.text) or _DEGREE.fullmatch(line.text):
        return cast(EducationLevel, match["level"].lower()), line.cut(*match.span("level"))
    return None, None


def _subject(line: Line, parts: Sequence[Line], stage: _Stage, sheet: Sheet) -> Line | None:
    if match := _DEGREE_OF.search(line.text) or _SUBJECT_ZH.search(line.text):
        return line.cut(*match.span("subject"))
    for part in parts:
        if part is not stage.school and (match := _SUBJECT.search(part.text)):
            return part.cut(*match.span("subject"))
    left = [
        part
        for part in parts
        if part is not stage.school
        and not (stage.level_at and part.start <= stage.level_at.start < part.end)
        and not _NO_SUBJECT.search(part.text)
        and 2 <= len(part.text) <= 40
        and not next(sheet.mentions_in(part, Aspect.EDUCATION), None)
    ]
    return left[0] if len(left) == 1 and (stage.school or stage.level) else None


def _record(stage: _Stage, at: int, sheet: Sheet) -> Education:
    name = f"education.{at}"
    assert stage.level is not None
    for part, line in (
        ("level", stage.level_at), ("school", stage.school), ("subject", stage.subject), ("period", stage.period),
    ):  # fmt: skip
        if line:
            sheet.use(line, f"{name}.{part}")
    return Education(
        level=stage.level,
        school=(stage.school.text[:_LONGEST_NAME] or None) if stage.school else None,
        subject=(stage.subject.text[:_LONGEST_NAME] or None) if stage.subject else None,
    )
