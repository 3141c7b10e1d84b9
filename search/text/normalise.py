"""One normal form for all text: NFKC, simplified Chinese, lower case, no invisible characters.

Line breaks stay, every other blank becomes a space. Spans found in the normal form are carried back
to the text as written, so that evidence can be quoted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import opencc

from search.models import Span

#: The characters of Chinese, as the inside of a character class; the last range holds the rare four-byte ones.
HAN = "\u3007\u3400-\u9fff\U00020000-\U0003ffff"

_HAN_RUN = re.compile(f"[{HAN}]+")
_COMMON_HAN = re.compile("[\u3400-\u9fff]")
_LINE_BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
# Apostrophes and hyphens that NFKC leaves apart though people mean the plain ones.
_PLAIN = dict.fromkeys("\u2018\u2019\u02bc", "'") | dict.fromkeys("\u2010\u2012\u2013\u2212", "-")
# Variation selectors, fillers and joiners that no category gives away.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\ufffd\U000e0100-\U000e01ef]"
)
# Several characters that make one (e and an accent, か and its voicing mark, the parts of 한).
_CLUSTER = re.compile(
    "[\u1100-\u115e\uac00-\ud7a3][\u1161-\u11ff]+|.[\u0300-\u036f\u0591-\u0903\u3099\u309a]*",
    re.DOTALL,
)
# How far from the middle a text may be cut for alignment; the longest word of the tables is shorter.
_LONGEST_WORD = 12

#: Stretch `[start, end)` of a text, and what takes its place.
_Replacement = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text in normal form and the way back.

    Attributes:
        text: the normal form.
        original: the text as written.
        origin: for each character of `text`, where what it came from begins in `original`.
        until: for each character of `text`, where what it came from ends in `original`.
    """

    text: str
    original: str
    origin: Sequence[int]
    until: Sequence[int]

    def span(self, start: int, end: int) -> Span:
        """Carry `text[start:end]` back to the original; the span is not empty."""
        return Span(self.origin[start], self.until[end - 1])

    def quote(self, start: int, end: int) -> str:
        """Return the words as written."""
        span = self.span(start, end)
        return self.original[span.start : span.end]


@lru_cache(maxsize=1024)
def writes_han(text: str) -> bool:
    """Say whether a text is written with Chinese characters; rare ones alone do not make it so."""
    return _COMMON_HAN.search(text) is not None


def normalise(text: str) -> Normalised:
    """Bring a text to normal form. Normalising a normal form changes nothing."""
    folded = text.translate(_FOLDS)
    origin: Sequence[int] = range(len(text))
    until: Sequence[int] = range(1, len(text) + 1)
    if not text.isascii():
        if not _FOLDS.uneven.isdisjoint(text):
            pieces = [_FOLDS[ord(character)] for character in text]
            origin = [index for index, piece in enumerate(pieces) for _ in piece]
            until = [index + 1 for index in origin]
        for find in (_composed, _simplified):
            replacements = find(folded)
            folded = _rewritten(folded, replacements)
            origin, until = _carried(origin, until, replacements)
    return Normalised(folded, text, origin, until)


def normal_forms(texts: Sequence[str]) -> list[str]:
    """Return the normal forms of many single lines, without the way back; much faster than one by one."""
    if not texts:
        return []
    lines = "\n".join(texts).translate(_FOLDS)
    if lines.count("\n") >= len(texts):
        raise ValueError("each text should be a single line, without a line break in it")
    for find in (_composed, _simplified):
        lines = _rewritten(lines, find(lines))
    return lines.split("\n") if texts else []


def detect_language(text: str) -> str:
    """Say whether a text is written in `zh`, `en` or `mixed` (both carry weight)."""
    han = sum(len(run) for run in _HAN_RUN.findall(text))
    latin = sum(character.isascii() and character.isalpha() for character in text)
    if not han:
        return "en"
    # A Chinese character weighs about as much as three letters.
    return "mixed" if latin > 3 * han else "zh"


def is_han(character: str) -> bool:
    """Say whether a character is Chinese."""
    return _HAN_RUN.match(character) is not None


class _Folds(dict[int, str]):
    """What each character becomes by itself; filled as characters turn up.

    Attributes:
        uneven: those of them that become none or several.
    """

    def __init__(self) -> None:
        super().__init__()
        self.uneven: set[str] = set()

    def __missing__(self, code: int) -> str:
        folded = _fold(chr(code))
        if len(folded) != 1:
            # First: another thread takes the rest for even once it is known.
            self.uneven.add(chr(code))
        self[code] = folded
        return folded


def _fold(character: str) -> str:
    category = unicodedata.category(character)
    if character in _LINE_BREAKS:
        return "\n"
    if character.isspace() or category == "Cc":
        return " "
    if category in {"Cf", "Cs", "Cn", "Co"} or _INVISIBLE.match(character):
        return (
            ""  # zero-width, bidi marks, lone surrogates: nobody sees them, nothing may hide there
        )
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", character).lower())
    folded = "".join(_PLAIN.get(part, part) for part in folded)
    # A number in a circle marks an item of a list: "①Java" is not "1java".
    return f" {folded} " if unicodedata.decomposition(character).startswith("<circle>") else folded


_FOLDS = _Folds()


def _composed(text: str) -> list[_Replacement]:
    """Return the clusters that are one character in NFC."""
    if unicodedata.is_normalized("NFC", text):
        return []
    return [
        (match.start(), match.end(), whole)
        for match in _CLUSTER.finditer(text)
        if (whole := unicodedata.normalize("NFC", match.group())) != match.group()
    ]


def _simplified(text: str) -> list[_Replacement]:
    """Return the stretches that are written otherwise in the mainland."""
    if text.isascii():
        return []
    plain = _without_traditional(text)
    # Only runs with a traditional character: tw2sp takes the mainland's 程序 for Taiwan's (a process).
    return [
        replacement
        for run in (_HAN_RUN.finditer(text) if plain != text else ())
        if plain[run.start() : run.end()] != run.group()
        for replacement in _aligned(run.group(), _of_mainland(run.group()), run.start())
    ]


def _aligned(before: str, after: str, offset: int) -> Iterator[_Replacement]:
    """Yield what becomes of each stretch of `before`, as short as the words in it allow."""
    if len(before) != len(after):
        middle = len(before) // 2
        near = range(max(1, middle - _LONGEST_WORD), min(len(before), middle + _LONGEST_WORD))
        for cut in sorted(near, key=lambda at: abs(at - middle)):
            left = _of_mainland(before[:cut])
            if after.startswith(left) and left + _of_mainland(before[cut:]) == after:
                yield from _aligned(before[:cut], left, offset)
                yield from _aligned(before[cut:], after[len(left) :], offset + cut)
                return
    if before != after:
        yield offset, offset + len(before), after


def _without_traditional(text: str) -> str:
    """Replace traditional characters one by one; the length stays (true of every word of t2s)."""
    return str(_converter("t2s").convert(text))


def _of_mainland(text: str) -> str:
    """Write a traditional text with the mainland's characters and words (軟體 -> 软件, which t2s does not know)."""
    text = str(_converter("tw2sp").convert(text))
    while (simplified := _without_traditional(text)) != text:
        text = simplified
    return text.lower()


@cache
def _converter(table: str) -> opencc.OpenCC:
    return opencc.OpenCC(table)


def _rewritten(text: str, replacements: Sequence[_Replacement]) -> str:
    parts: list[str] = []
    last = 0
    for start, end, words in replacements:
        parts += (text[last:start], words)
        last = end
    return "".join((*parts, text[last:])) if replacements else text


def _carried(
    origin: Sequence[int], until: Sequence[int], replacements: Sequence[_Replacement]
) -> tuple[Sequence[int], Sequence[int]]:
    """Carry the way back along: words of another length come from the whole stretch they replace."""
    if all(end - start == len(words) for start, end, words in replacements):
        return origin, until
    origins: list[int] = []
    untils: list[int] = []
    last = 0
    for start, end, words in replacements:
        origins += origin[last:start]
        untils += until[last:start]
        same = end - start == len(words)
        origins += origin[start:end] if same else [origin[start]] * len(words)
        untils += until[start:end] if same else [until[end - 1]] * len(words)
        last = end
    return [*origins, *origin[last:]], [*untils, *until[last:]]
