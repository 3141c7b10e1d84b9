"""Several things in one cell: split where people put marks, and not within a name that has one itself.

What is written by `joined` is split into the same parts again: a part that could be mistaken stands in
double quotes, a quote within it doubled, as in CSV.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from taxonomies.skills import load_skills

_MARKS = "、，,；;|｜\n\r"
_SLASHES = "/／"
_OPENING, _CLOSING = "(（[【", ")）]】"
_MARK = re.compile(f"[{_MARKS}]")
_ANY_MARK = re.compile(f"[{_MARKS}{_SLASHES}]")
_SPECIAL = re.compile(f'["{_MARKS}{_SLASHES}{re.escape(_OPENING)}]')
#: Without one of these every mark splits.
_CAREFUL = re.compile(f'["{_SLASHES}{re.escape(_OPENING)}]')
#: What is said of a part is short and has no brackets or quotes within.
_BRACKET = re.compile(r'[(（\[【][^()（）\[\]【】"\n\r]{0,80}[)）\]】]')
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')


def split(text: str, *, slash: bool = True) -> tuple[str, ...]:
    """Return the parts of a text in their order, each as written, without blanks at its ends.

    Args:
        text: parts between 、 , ; | or line breaks, full or half width. Marks within a pair of brackets, within
            quotes and within a known skill's name (C/C++) do not split.
        slash: whether / splits too.
    """
    if not _CAREFUL.search(text):
        parts = (_ANY_MARK if slash else _MARK).split(text)
        return tuple(part for each in parts if (part := each.strip()))
    kept = _kept_spans(text) if slash else []
    parts, start, at, passed = [], 0, 0, 0
    while match := _SPECIAL.search(text, at):
        character, at = match[0], match.end()
        if character == '"':
            if not text[start : match.start()].strip() and (quote := _QUOTED.match(text, at - 1)):
                at = quote.end()
        elif character in _OPENING:
            if bracket := _BRACKET.match(text, at - 1):
                at = bracket.end()
        elif slash or character not in _SLASHES:
            while passed < len(kept) and kept[passed][1] <= match.start():
                passed += 1
            if passed < len(kept) and kept[passed][0] <= match.start():
                continue
            parts.append(text[start : match.start()])
            start = at
    parts.append(text[start:])
    return tuple(part for each in parts if (part := each.strip()))


def unquoted(part: str) -> tuple[str, str]:
    """Return a part without its quotes, and what stands after them; "" where there are none.

    Examples:
        >>> unquoted('"C/X" (expert)'), unquoted("Java")
        (('C/X', ' (expert)'), ('Java', ''))
    """
    match = _QUOTED.match(part)
    if match is None:
        return part, ""
    return match[1].replace('""', '"').strip(), part[match.end() :]


def split_names(text: str, *, slash: bool = True) -> tuple[str, ...]:
    """Return the parts of a text, quotes taken off."""
    names = ("".join(unquoted(part)).strip() for part in split(text, slash=slash))
    return tuple(name for name in names if name)


def quoted(name: str) -> str:
    """Return a name so that it is one part wherever it stands."""
    marked = set(name) & {*_MARKS, *_SLASHES, *_OPENING, *_CLOSING, '"'}
    if not marked or (marked <= set(_SLASHES) and split(name) == (name,)):
        return name
    return '"' + name.replace('"', '""') + '"'


def joined(names: Iterable[str]) -> str:
    """Return names in one text that `split_names` splits again."""
    return "、".join(quoted(name) for name in names)


def _kept_spans(text: str) -> list[tuple[int, int]]:
    if not any(mark in text for mark in _SLASHES):
        return []
    return [match.span() for match in _labels_with_slash().finditer(text)]


@cache
def _labels_with_slash() -> re.Pattern[str]:
    labels = {
        label
        for skill in load_skills().values()
        for label in skill.labels
        if any(mark in label for mark in _SLASHES)
    }
    listed = "|".join(
        re.escape(label) for label in sorted(labels, key=lambda each: (-len(each), each))
    )
    # "a/b testing" is one skill, the end of "Java/B testing" is not.
    return re.compile(rf"(?<![A-Za-z0-9])(?:{listed})(?![A-Za-z0-9])", re.IGNORECASE)
