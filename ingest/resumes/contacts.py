"""Name and ways to reach the person: found to be shown to that person and kept out of everything else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.resumes.words import Words, key, load_words
from search.accounts.contacts import Contact
from search.text.normalise import HAN

_EMAIL = re.compile(r"(?<![\w.+\-])[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,4}", re.ASCII)
_PHONE = re.compile(
    r"(?<![\w.\-])(?:(?:\+|00)\d{1,3}[ \-]?)?(?:1[3-9]\d[ \-]?\d{4}[ \-]?\d{4}|0\d{2,3}[ \-]\d{7,8}"
    r"|(?<=[ \-])\(?\d{2,4}\)?(?:[ \-]\d{3,4}){2,3}|\(\d{3}\) ?\d{3}-\d{4}|[2-9]\d\d-\d{3}-\d{4})(?![\w\-])",
    re.ASCII,
)
_URL = re.compile(
    r"(?:https?://|www\.)[^\s|，。；、）)]{3,300}"
    r"|(?<![\w@.])(?:[a-z]{2,3}\.)?(?:linkedin|github|gitee|gitlab|zhihu|csdn|juejin|behance|dribbble|zcool|weibo)"
    r"\.(?:com|cn|io|net)[^\s|，。；、）)]{0,200}",
    re.I | re.ASCII,
)
_LABEL = r"(?:姓[ \t\u3000]{0,6}名|\b(?:full[ ])?name)"
_NAMED = re.compile(
    rf"(?<![\w户])(?<!\w )(?:{_LABEL})(?:[ \t]{{0,6}}[:：|][ \t]{{0,8}}|[ ]{{2,16}}|\t{{1,4}})"
    rf"(?P<name>[{HAN}](?:[ \t]{{1,4}}[{HAN}](?![{HAN}])|[{HAN}·]{{1,11}})"
    r"|[A-Z][\w.'\-]{0,30}(?:[ ][A-Z][\w.'\-]{0,30}){0,3})",
    re.I,
)
_HAN_NAME = re.compile(
    rf"[{HAN}]{{2,4}}|[{HAN}](?:[ \t]{{1,4}}[{HAN}]){{1,2}}|[{HAN}]{{1,6}}·[{HAN}]{{1,8}}"
)
_LATIN_NAME = re.compile(
    r"(?:[A-Z][a-z'’\-]{1,20}|[A-Z]\.|[A-Z]{2,20})(?:[ ](?:[A-Z][A-Za-z'’\-]{1,20}|[A-Z]\.?)){1,3}"
)
_ENDS_NAME = re.compile(r"(?:的?(?:个人|求职)?简历|[ ](?:resume|résumé|cv))\s*\Z", re.I)
_PARTS = re.compile(r"\s*[|,，/｜\t–—]\s*|\s+-\s+|\s{2,}|(?<=[^\x00-\x7f])\s+(?=\S{4,})")
_HONORIFIC = re.compile(r"(?:Dr|Prof|Mr|Mrs|Ms|Miss)\.?[ ]{1,3}")
#: Lines at the top among which the name is looked for.
_TOP = 4


@dataclass(frozen=True, slots=True)
class Found:
    """A contact, where its parts stand, and every place that says any of it."""

    contact: Contact
    evidence: dict[str, tuple[int, int]]
    spans: tuple[tuple[int, int], ...]


def find_contact(text: str) -> Found:
    """Return who wrote a résumé and how to reach them; the first of each counts, all are blanked."""
    words = load_words()
    spans = [match.span() for pattern in (_EMAIL, _URL, _PHONE) for match in pattern.finditer(text)]
    evidence: dict[str, tuple[int, int]] = {}
    for part, pattern in (("email", _EMAIL), ("phone", _PHONE)):
        if match := pattern.search(text):
            evidence[part] = match.span()
    if name := _name(text, words):
        evidence["name"] = name
        spans += _everywhere(text, text[slice(*name)])
    said = {part: " ".join(text[slice(*at)].split()) for part, at in evidence.items()}
    return Found(
        Contact(**said),
        {f"contact.{part}": at for part, at in evidence.items()},
        tuple(sorted(spans)),
    )


def mentions(text: str, contact: Contact) -> Iterator[tuple[int, int]]:
    """Yield every place of a text that says a part of a contact."""
    for pattern in (_EMAIL, _URL, _PHONE):
        yield from (match.span() for match in pattern.finditer(text))
    for said in (contact.name, contact.phone, contact.email):
        if said:
            yield from _everywhere(text, said)


def _name(text: str, words: Words) -> tuple[int, int] | None:
    if match := _NAMED.search(text):
        return match.span("name")
    at = 0
    lines = 0
    for line in text.split("\n"):
        if line.strip():
            lines += 1
            if found := _name_in(line, words):
                return at + found[0], at + found[1]
        at += len(line) + 1
        if lines >= _TOP:
            break
    return None


def _name_in(line: str, words: Words) -> tuple[int, int] | None:
    """Return a name that stands at the beginning of a line by itself."""
    start = len(line) - len(line.lstrip(" •\t"))
    if honorific := _HONORIFIC.match(line, start):
        start = honorific.end()
    cut = _PARTS.search(line, start)
    first = _ENDS_NAME.sub("", line[start : cut.start() if cut else len(line)]).rstrip()
    if key(first) in words.no_names or key(first) in words.sections or key(first) in words.labels:
        return None
    is_name = (
        _HAN_NAME.fullmatch(first) is not None
        and words.surname.match(first) is not None
        and not words.title.search(first)
        and not words.employer.search(first)
    ) or (
        _LATIN_NAME.fullmatch(first) is not None
        and not words.title.search(first)
        and not words.employer.search(first)
    )
    return (start, start + len(first)) if is_name else None


def _everywhere(text: str, said: str) -> Iterator[tuple[int, int]]:
    """Yield where words stand, whatever blanks and case; Latin ones between word boundaries."""
    parts = said.split()
    pattern = r"[ \t]{0,6}".join(
        map(re.escape, said if len(parts) > 1 and not said.isascii() else parts)
    )
    if said.isascii():
        spaced = r"[ \t,]{1,3}".join(map(re.escape, parts))
        turned = r"[ \t,]{1,3}".join(map(re.escape, [*parts[1:], parts[0]]))
        pattern = rf"\b(?:{spaced}|{turned})\b"
    for match in re.finditer(pattern, text, re.I):
        if match.end() > match.start():
            yield match.span()
