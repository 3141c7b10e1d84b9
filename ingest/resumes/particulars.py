"""What stands at the top of a résumé or behind labels: years of experience, place of residence, headline."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ingest.resumes.naming import is_title
from ingest.resumes.sheet import Line, Sheet
from ingest.resumes.wishes import place_of
from search.models import Aspect
from search.records.models import Wishes, WorkExperience
from search.text.numbers import find_years

#: The schema's most years (`search.records.models`).
_LONGEST_CAREER = 60
_LONGEST_HEADLINE = 100
_EXPERIENCE = re.compile(r"经验|工作|从业|经历|experience|working", re.I)


def years_stated(
    values: Mapping[str, Line], top: Sequence[Line], summary: Sequence[Line], sheet: Sheet
) -> float | None:
    """Return the years that are stated as experience, where a lower bound is said."""
    if line := values.get("years"):
        for years in find_years(line.text):
            if years.at_most is None or years.at_least > 0:
                sheet.use(line, "years_experience")
                return years.at_least
        if line.text.isdecimal() and int(line.text) <= _LONGEST_CAREER:
            sheet.use(line, "years_experience")
            return float(line.text)
    for line in (*top, *summary):
        for mention in sheet.mentions_in(line, Aspect.YEARS):
            if mention.span is None or float(mention.value) <= 0:
                continue
            start, end = mention.span.start - line.start, mention.span.end - line.start
            if _EXPERIENCE.search(line.text[max(0, start - 8) : end + 30]):
                sheet.evidence.setdefault(
                    "years_experience", (mention.span.start, mention.span.end)
                )
                return float(mention.value)
    return None


def region_stated(values: Mapping[str, Line], personal: Sequence[Line], sheet: Sheet) -> str | None:
    """Return the code of the place of residence, labelled or standing by itself at the top."""
    if (line := values.get("region")) and (code := place_of(line, sheet)):
        sheet.use(line, "region")
        return code
    for line in personal:
        if sheet.labelled(line):
            continue
        for piece in _cells(line):
            named = sum(len(m.quote) for m in sheet.mentions_in(piece, Aspect.PLACE))
            # Where somebody comes from has been taken out already.
            is_place = sheet.unused(piece) != "" and named >= len(piece.text) - 2
            if is_place and (code := place_of(piece, sheet)):
                sheet.use(piece, "region")
                return code
    return None


def headline_stated(
    values: Mapping[str, Line],
    personal: Sequence[Line],
    wishes: Wishes,
    work: Sequence[WorkExperience],
    sheet: Sheet,
) -> str | None:
    """Return what people call themselves; else the title wished for, else that of the last employment."""
    if (line := values.get("headline")) and len(line.text) <= _LONGEST_HEADLINE:
        sheet.use(line, "headline")
        return line.text
    for line in personal:
        if sheet.labelled(line):
            continue
        for piece in _cells(line):
            if is_title(piece.text, sheet.words):
                sheet.use(piece, "headline")
                return piece.text
    if wishes.titles:
        sheet.evidence.setdefault("headline", sheet.evidence.get("wishes.titles.0", (0, 0)))
        return wishes.titles[0]
    if work:
        last = next((at for at, job in enumerate(work) if job.end is None), 0)
        sheet.evidence.setdefault("headline", sheet.evidence.get(f"work.{last}.title", (0, 0)))
        return work[last].title
    return None


def _cells(line: Line) -> Iterator[Line]:
    cuts = [
        0,
        *(e for m in re.finditer(r"[|｜\t·•,，/]|\s{2,}|\s+[-–—]\s+", line.text) for e in m.span()),
        len(line.text),
    ]
    yield from (piece for piece in map(line.cut, cuts[::2], cuts[1::2]) if piece.text)
