"""One normal form for all text: NFKC, simplified Chinese, lower case, no invisible characters.

Spans found in the normal form are carried back to the text as written, so that evidence can be quoted.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache

import opencc

from search.models import Span


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text in normal form and the way back.

    Attributes:
        text: the normal form.
        original: the text as written.
        origin: for each character of `text`, the index in `original` of the character it came from.
    """

    text: str
    original: str
    origin: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """Carry `text[start:end]` back to the original; the span is not empty."""
        first = self.origin[start]
        last = self.origin[end - 1]
        return Span(first, last + 1)

    def quote(self, start: int, end: int) -> str:
        """Return the words as written."""
        span = self.span(start, end)
        return self.original[span.start : span.end]


@lru_cache(maxsize=4096)
def normalise(text: str) -> Normalised:
    """Bring a text to normal form. Normalising a normal form changes nothing."""
    pieces = [_fold(character) for character in text]
    folded = "".join(pieces)
    origin = tuple(index for index, piece in enumerate(pieces) for _ in piece)
    simplified = _simplify(folded)
    if len(simplified) != len(folded):
        origin = tuple(_realigned(folded, simplified, origin))
    return Normalised(simplified, text, origin)


def detect_language(text: str) -> str:
    """Say whether a text is written in `zh`, `en` or `mixed` (both carry weight)."""
    han = sum("\u4e00" <= character <= "\u9fff" for character in text)
    latin = sum(character.isascii() and character.isalpha() for character in text)
    if not han:
        return "en"
    # A Chinese character weighs about as much as three letters.
    return "mixed" if latin > 3 * han else "zh"


@cache
def _fold(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cf", "Cs", "Cn", "Co"} or character == "\ufffd":
        return (
            ""  # zero-width, bidi marks, lone surrogates: nobody sees them, nothing may hide there
        )
    if character.isspace() or category == "Cc":
        return " "
    folded = unicodedata.normalize("NFKC", character).lower()
    return unicodedata.normalize("NFKC", folded)


def _simplify(text: str) -> str:
    if text.isascii() or _converter("t2s").convert(text) == text:
        # tw2sp takes the mainland's 程序 for Taiwan's (a process): only traditional text goes through it.
        return text
    # tw2sp also maps Taiwan's words (軟體 -> 软件), which t2s does not.
    return str(_converter("t2s").convert(_converter("tw2sp").convert(text))).lower()


@cache
def _converter(table: str) -> opencc.OpenCC:
    return opencc.OpenCC(table)


def _realigned(before: str, after: str, origin: tuple[int, ...]) -> Iterator[int]:
    """Yield the origin of each character of `after`, which replaced words of another length."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for _, start, end, new_start, new_end in matcher.get_opcodes():
        for offset in range(new_end - new_start):
            yield origin[min(start + offset, max(end - 1, start), len(origin) - 1)]
