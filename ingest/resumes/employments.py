"""Read the employments of a résumé: when, for whom, as what, and what was done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.resumes.naming import employer_and_title, is_title, looks_short, parts_of
from ingest.resumes.periods import Period, find_periods
from ingest.resumes.sheet import Line, Sheet
from search.records.models import WorkExperience

#: The schema's most (`search.records.models`).
MOST = 60
_LONGEST_SUMMARY = 4_000
_LONGEST_NAME = 200
#: Lines before or after a period that may belong to the heading.
_HEADING_LINES = 2
#: Characters beside a period from which its line is a sentence that happens to hold one.
_LONGEST_REST = 90


@dataclass
class _Employment:
    period: Period | None = None
    period_line: Line | None = None
    employer: Line | None = None
    title: Line | None = None
    told: list[Line] = field(default_factory=list)


def read_employments(lines: Sequence[Line], sheet: Sheet) -> tuple[WorkExperience, ...]:
    """Return the employments of a section, in its order; one without a title stays unread."""
    found: list[_Employment] = []
    columns = _columns(lines[0], sheet) if lines else []
    if columns:
        sheet.use(lines[0])
        lines = lines[1:]
    before = _lines_before(lines, sheet)
    at = 0
    while at < len(lines):
        header = _header(lines, at, before, columns, sheet)
        if header is None:
            if found:
                _tell(found[-1], lines[at], sheet)
            at += 1
        else:
            employment, at = header
            found.append(employment)
    kept = [employment for employment in found if employment.title is not None]
    return tuple(_record(employment, at, sheet) for at, employment in enumerate(kept[:MOST]))


def _columns(line: Line, sheet: Sheet) -> list[str]:
    """Return the fields of a table's columns, where the line is the head of one."""
    cells = [cell for cell in line.text.split("|") if cell.strip()]
    fields = [found.field for found in sheet.labelled(Line(line.text + "|", line.start))]
    return fields if len(cells) > 1 and len(fields) == len(cells) else []


def _lines_before(lines: Sequence[Line], sheet: Sheet) -> int:
    """Return how many lines stand above the period of an employment, as the first one shows."""
    for at, line in enumerate(lines[: _HEADING_LINES + 1]):
        if _period(line) is not None:
            return at
        if not looks_short(line) or sheet.labelled(line):
            break
    return 0


def _header(
    lines: Sequence[Line], at: int, before: int, columns: Sequence[str], sheet: Sheet
) -> tuple[_Employment, int] | None:
    """Return the employment that begins at a line, and the line after its heading."""
    ahead = lines[at : at + before + 1]
    if before and (
        len(ahead) <= before
        or any(_period(line) or not looks_short(line) for line in ahead[:-1])
        or _period(ahead[-1]) is None
    ):
        return _labelled(lines, at, sheet)
    line = ahead[-1]
    period = _period(line)
    if period is None:
        return _labelled(lines, at, sheet)
    employment = _Employment(period, line.cut(period.start, period.end))
    if columns and _by_columns(employment, line, columns):
        return employment, at + 1
    if labelled := _labelled(lines, at, sheet):
        labelled[0].period, labelled[0].period_line = period, employment.period_line
        return labelled
    parts = [part for above in ahead[:-1] for part in parts_of(above, sheet.words)]
    parts += parts_of(line.cut(0, period.start), sheet.words)
    parts += parts_of(line.cut(period.end), sheet.words)
    following = at + before + 1
    for _ in range(_HEADING_LINES):
        employment.employer, employment.title = employer_and_title(parts, sheet.text, sheet.words)
        if (employment.employer and employment.title) or following >= len(lines):
            break
        more = _more(lines[following], sheet)
        if not more:
            break
        parts += more
        following += 1
    employment.employer, employment.title = employer_and_title(parts, sheet.text, sheet.words)
    named = (employment.employer, employment.title)
    employment.told += [part for part in parts if part not in named]
    return employment, following


def _more(line: Line, sheet: Sheet) -> list[Line]:
    """Return the parts of a line below a period that still belongs to the heading."""
    if _period(line) or not looks_short(line):
        return []
    if labelled := [
        found for found in sheet.labelled(line) if found.field in ("work.title", "work.employer")
    ]:
        return [found.value for found in labelled]
    parts = parts_of(line, sheet.words)
    says = any(
        is_title(part.text, sheet.words) or sheet.words.employer.search(part.text) for part in parts
    )
    return parts if says and not sheet.labelled(line) else []


def _labelled(lines: Sequence[Line], at: int, sheet: Sheet) -> tuple[_Employment, int] | None:
    """Return the employment of which labels say what is what: 公司：… 职位：… 时间：…."""
    employment = _Employment()
    following = at
    while following < len(lines):
        values = {found.field: found for found in sheet.labelled(lines[following])}
        new = values.keys() & {"work.employer", "work.title", "work.period"}
        if not new or any(
            (name == "work.employer" and employment.employer)
            or (name == "work.title" and employment.title)
            or (name == "work.period" and employment.period)
            for name in new
        ):
            break
        if "work.employer" in values:
            employment.employer = values["work.employer"].value
        if "work.title" in values:
            employment.title = values["work.title"].value
        if period := _period(lines[following]):
            employment.period = period
            employment.period_line = lines[following].cut(period.start, period.end)
        for found in values.values():
            sheet.use(found.label)
        following += 1
    has_name = employment.employer is not None or employment.title is not None
    return (employment, following) if has_name and following > at else None


def _by_columns(employment: _Employment, line: Line, columns: Sequence[str]) -> bool:
    cells, start = [], 0
    for cell in line.text.split("|"):
        cells.append(line.cut(start, start + len(cell)))
        start += len(cell) + 1
    if len(cells) != len(columns):
        return False
    by_field = dict(zip(columns, cells, strict=True))
    employment.employer, employment.title = (
        by_field.get("work.employer"),
        by_field.get("work.title"),
    )
    if duties := by_field.get("work.duties"):
        employment.told.append(duties)
    return employment.title is not None


def _period(line: Line) -> Period | None:
    found = next(find_periods(line.text), None)
    if found is None or (line.is_item and len(line.text) > _LONGEST_REST // 2):
        return None
    rest = len(line.text) - (found.end - found.start)
    at_edge = not line.text[: found.start].strip(" |•·(（") or not line.text[found.end :].strip(
        " |)）"
    )
    return (
        found
        if rest <= _LONGEST_REST
        and (at_edge or "|" in line.text or ":" in line.text or "：" in line.text)
        else None
    )


def _tell(employment: _Employment, line: Line, sheet: Sheet) -> None:
    """Add a line to what was done; the label of the duties says nothing itself."""
    labelled = next(iter(sheet.labelled(line)), None)
    if (
        labelled
        and labelled.field == "work.duties"
        and not line.text[: labelled.label.start - line.start].strip()
    ):
        sheet.use(labelled.label)
        line = line.cut(labelled.label.start - line.start + len(labelled.label.text))
        line = line.cut(len(line.text) - len(line.text.lstrip(":： |")))
    if line.text.strip():
        employment.told.append(line)


def _record(employment: _Employment, at: int, sheet: Sheet) -> WorkExperience:
    name = f"work.{at}"
    assert employment.title is not None
    sheet.use(employment.title, f"{name}.title")
    if employment.employer:
        sheet.use(employment.employer, f"{name}.employer")
    if employment.period_line:
        sheet.use(employment.period_line, f"{name}.period")
    lines, length = [], 0
    for line in employment.told:
        length += len(line.text) + 1
        if length > _LONGEST_SUMMARY:
            break
        sheet.use(line, f"{name}.summary")
        lines.append(line.text.strip())
    period = employment.period
    return WorkExperience(
        title=employment.title.text[:_LONGEST_NAME],
        employer=employment.employer.text[:_LONGEST_NAME] or None if employment.employer else None,
        start=period.begins if period else None,
        end=period.ends if period and not period.is_open else None,
        summary="\n".join(lines),
    )
