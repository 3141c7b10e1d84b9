"""Read what a person can do: skills with how well, languages, certificates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, cast

from ingest.resumes.sheet import Line, Sheet
from ingest.resumes.words import key
from search.models import Aspect, Mention
from search.records.models import StatedSkill
from search.text.claims import is_denied
from search.text.normalise import normalise

MOST_SKILLS = 200
MOST_LANGUAGES = 20
MOST_CERTIFICATES = 50
_LONGEST_ITEM = 24
_LONGEST_ENGLISH_ITEM = 40
#: Words of an item that no concept names; more make a sentence.
_MOST_WORDS = 3
_LONGEST_CERTIFICATE = 80
_LONGEST_LANGUAGE = 60
_MARKS = re.compile(r"[、,，;；|｜\n]|\s/\s|\s{3,}|(?<=[\u3400-\u9fff])/(?=[\u3400-\u9fff])|\t|。")
_GROUP = re.compile(r"\A[^:：,，、;；。]{1,24}[:：]\s*")
_YEARS = re.compile(r"\s*[（(,，]?\s*(\d{1,2}(?:\.\d)?)\s*\+?\s*(?:年|years?\b|yrs?\b)", re.I)
_AROUND = re.compile(
    r"\A(?:(?:and|or)\s|与|和|及|以及|等|如|有)\s*|\s*(?:等|等等|etc\.?|开发|编程语言)?\Z", re.I
)
_SAYS = re.compile(
    r"[的了能可以有过在]|经验|能力|工作|[。.]\s*\Z|\b(?:and|the|with|for|in|to|of)\b", re.I
)
_IN_BRACKETS = re.compile(r"[（(][^（）()]{0,40}[）)]\s*\Z")

_SkillLevel = Literal["basic", "working", "advanced", "expert"]


def read_skills(
    lines: Sequence[Line], sheet: Sheet, *, is_list: bool = True
) -> tuple[StatedSkill, ...]:
    """Return the skills that lines state, in order, each once; what is said not to be had is left out.

    Args:
        lines: of the section of skills, or of running text.
        sheet: the text, which notes what has been read.
        is_list: whether a short item that no concept names is a skill too, in the person's words.
    """
    found: dict[str, StatedSkill] = {}
    for line in lines:
        items = list(_items(line, sheet)) if is_list else []
        # What names a human language is no skill of this sort.
        items = [item for item in items if not next(sheet.mentions_in(item, Aspect.LANGUAGE), None)]
        # A label over several items (XRD、SEM) is not how the person listed them.
        known = [m for m in sheet.mentions_in(line, Aspect.SKILL) if not _MARKS.search(m.quote)]
        for piece in sorted([*map(_piece, known), *_unknown(items, known)], key=lambda p: p.start):
            name = " ".join(piece.text.split())
            is_name = not is_list and sheet.is_name(piece)
            if not key(name) or is_name or is_denied(sheet.text, piece.start, piece.end):
                continue
            if _same(name) not in found and len(found) < MOST_SKILLS:
                level, years = (
                    (_level(line, piece, sheet), _years(line, piece)) if is_list else (None, None)
                )
                sheet.evidence.setdefault(f"skills.{len(found)}", (piece.start, piece.end))
                found[_same(name)] = StatedSkill(name=name[:100], level=level, years=years)
        if is_list:
            _use(line, items, known, sheet)
    return tuple(found.values())


def read_languages(
    lines: Sequence[Line], sheet: Sheet, *, is_section: bool
) -> tuple[tuple[str, Line], ...]:
    """Return the statements about human languages; outside their own section only what names one."""
    found: dict[str, tuple[str, Line]] = {}
    for line in lines:
        for at, piece in enumerate(_clauses(line)):
            words = " ".join(piece.text.split())
            says = next(sheet.mentions_in(piece, Aspect.LANGUAGE), None)
            if (says or (is_section and words and len(words) <= _LONGEST_ITEM)) and len(
                words
            ) <= _LONGEST_LANGUAGE:
                if says is None and at:
                    # "英语：CET-6，口语流利": the second says more of the first.
                    continue
                found.setdefault(says.value if says else key(words), (words, piece))
    return tuple(found.values())[:MOST_LANGUAGES]


def read_certificates(lines: Sequence[Line]) -> tuple[tuple[str, Line], ...]:
    """Return the certificates of a section, in the words of the person."""
    found: dict[str, tuple[str, Line]] = {}
    for line in lines:
        for piece in _clauses(line):
            words = " ".join(piece.text.split())
            if 1 < len(words) <= _LONGEST_CERTIFICATE:
                found.setdefault(key(words), (words, piece))
    return tuple(found.values())[:MOST_CERTIFICATES]


def _same(name: str) -> str:
    """Return what tells one skill from another: C, C++ and C# are three."""
    return "".join(normalise(name).text.split())


def _clauses(line: Line) -> Iterator[Line]:
    line = line.without_mark()
    start = 0
    for end, after in [
        *((m.start(), m.end()) for m in _MARKS.finditer(line.text)),
        (len(line.text),) * 2,
    ]:
        piece = line.cut(start, end)
        if piece.text:
            yield piece
        start = after


def _items(line: Line, sheet: Sheet) -> Iterator[Line]:
    """Yield the items of a list of skills, without group, level and filling words."""
    line = line.without_mark()
    group = _GROUP.match(line.text)
    body = line.cut(group.end()) if group else line.cut(0)
    for piece in _clauses(body):
        start = 0
        while level := sheet.words.skill_level.match(piece.text[start:].lstrip()):
            start += len(piece.text[start:]) - len(piece.text[start:].lstrip()) + level.end()
        item = piece.cut(start)
        edge = _IN_BRACKETS.search(item.text)
        item = item.cut(0, edge.start()) if edge else item
        for match in list(_AROUND.finditer(item.text))[:1]:
            if match.start() == 0 and match.end() < len(item.text):
                item = item.cut(match.end())
        tail = re.search(r"\s*(?:等|等等|etc\.?)\Z", item.text)
        yield item.cut(0, tail.start()) if tail else item


def _unknown(items: Sequence[Line], known: Sequence[Mention]) -> Iterator[Line]:
    """Yield the short items in which no concept was found."""
    taken = [mention.span for mention in known if mention.span]
    for item in items:
        most = _LONGEST_ENGLISH_ITEM if item.text.isascii() else _LONGEST_ITEM
        touches = any(span.start < item.end and item.start < span.end for span in taken)
        is_phrase = len(item.text.split()) > _MOST_WORDS
        if (
            not touches
            and not is_phrase
            and 1 < len(item.text) <= most
            and not _SAYS.search(item.text)
        ):
            yield item


def _use(line: Line, items: Sequence[Line], known: Sequence[Mention], sheet: Sheet) -> None:
    """Note a line as read if it is a list; what a sentence says beyond its skills stays for the summary."""
    most = max((len(item.text) for item in items), default=0)
    if items and most <= _LONGEST_ENGLISH_ITEM and (known or most <= _LONGEST_ITEM):
        sheet.use(line)


def _piece(mention: Mention) -> Line:
    assert mention.span is not None
    return Line(mention.quote, mention.span.start)


def _level(line: Line, piece: Line, sheet: Sheet) -> _SkillLevel | None:
    """Return the level that the last word before a skill in its clause states."""
    before = line.text[: max(0, piece.start - line.start)]
    sentence = re.split(r"[。;；]|[，,]\s*(?=熟|精通|了解|掌握|擅长)", before)[-1]
    words = sheet.words.skill_level.findall(sentence)
    after = line.text[piece.end - line.start :]
    inside = re.match(r"\s*[（(:：]\s*([^（）()]{1,12})[）)]?", after)
    if inside and (level := sheet.words.skill_level.match(inside[1])):
        words = [level.group()]
    return cast(_SkillLevel, sheet.words.skill_levels[key(words[-1])]) if words else None


def _years(line: Line, piece: Line) -> float | None:
    match = _YEARS.match(line.text, max(0, piece.end - line.start))
    return float(match[1]) if match and float(match[1]) <= 60 else None
