"""Tell an employer from a title in the heading of an employment, by the words in which such names end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.resumes.sheet import Line
from ingest.resumes.words import Words

_SEPARATOR = re.compile(
    r"\s*[|｜\t·•]\s*|\s{2,}|\s+[-–—@/]\s+|[—–]{1,2}|，\s*|,\s+(?!(?:Ltd|Inc|LLC|Co|Limited|Corp)\b)|\s+at\s+(?=[A-Z])"
)
_HAN_BLANK = re.compile(
    r"(?<=[\u3400-\u9fff）)a-zA-Z\d+#])\s+(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff）)])\s+(?=[A-Za-z])"
)
_LONGEST = 60
_LONGEST_LINE = 100
_SENTENCE = re.compile(r"[。；;！!]|\.\s|[，,].*[，,]")
_BLANKS_AROUND = " \t,，;；:：|、-–—/·•()（）"


def parts_of(line: Line, words: Words) -> list[Line]:
    """Cut the heading of an employment or of a stage of education into its names."""
    return [piece for part in _cut(line, _SEPARATOR) for piece in _pieces(part, words)]


def employer_and_title(
    parts: Sequence[Line], text: str, words: Words
) -> tuple[Line | None, Line | None]:
    """Return which part names the employer and which the title; None where none does.

    What is neither is taken for the one that is missing only if it alone is left.
    """
    titles = [part for part in parts if is_title(part.text, words)]
    employers = [part for part in parts if part not in titles and words.employer.search(part.text)]
    others = [part for part in parts if part not in titles and part not in employers]
    if not employers and len(titles) > 1:
        # 上海研究院工程师站 beside 工程师: the one that also sounds like an employer is one.
        employers = [part for part in titles if words.employer.search(part.text)][:1]
        titles = [part for part in titles if part not in employers]
    title = titles[0] if titles else None
    employer = employers[0] if employers else None
    named = title or employer
    if len(others) > 1 and named is not None:
        # A place beside the period is neither; what stands on the line of the title is.
        others = [part for part in others if "\n" not in _between(part, named, text)]
    if len(others) == 1 and len(others[0].text) <= _LONGEST:
        if title is not None and employer is None:
            employer = others[0]
        elif employer is not None and title is None:
            title = others[0]
    return employer, title


def is_title(text: str, words: Words) -> bool:
    """Say whether a short text ends like a title and is no sentence."""
    if not 0 < len(text) <= _LONGEST or _SENTENCE.search(text):
        return False
    title, employer = _last(words.title, text), _last(words.employer, text)
    if title is None:
        return False
    return employer is None or employer.end() <= title.start() or employer.start() == title.start()


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return next(iter(list(pattern.finditer(text))[::-1]), None)


def _between(one: Line, other: Line, text: str) -> str:
    return text[min(one.start, other.start) : max(one.end, other.end)]


def looks_short(line: Line) -> bool:
    """Say whether a line may be a heading: short, no item of a list, no sentence."""
    return (
        0 < len(line.text.strip()) <= _LONGEST_LINE
        and not line.is_item
        and not _SENTENCE.search(line.text)
    )


def _cut(line: Line, pattern: re.Pattern[str]) -> list[Line]:
    cuts = [
        0,
        *(edge for match in pattern.finditer(line.text) for edge in match.span()),
        len(line.text),
    ]
    return [
        part for part in map(line.cut, cuts[::2], cuts[1::2]) if part.text.strip(_BLANKS_AROUND)
    ]


def _pieces(part: Line, words: Words) -> list[Line]:
    """Cut a part at its blanks where it is Chinese, or between an English employer and title."""
    pieces = _cut(part, _HAN_BLANK)
    if len(pieces) > 1:
        return pieces
    return list(_english(part, words))


def _english(part: Line, words: Words) -> Iterator[Line]:
    """Cut "Acme Ltd Senior Engineer" and "Senior Engineer Acme Ltd" after the first of the two."""
    employers = list(words.ending.finditer(part.text))
    titles = [m for m in words.title.finditer(part.text) if m.group().isascii()]
    if employers and titles:
        employer, title = employers[-1], titles[-1]
        cut = employer.end() if employer.end() < title.start() else title.end()
        if 0 < cut < len(part.text):
            yield part.cut(0, cut)
            yield part.cut(cut)
            return
    yield part
