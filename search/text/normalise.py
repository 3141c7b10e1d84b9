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
    characters, origin = [], []
    for index, character in enumerate(text):
        for piece in _fold(character):
            characters.append(piece)
            origin.append(index)
    folded = "".join(characters)
    simplified = _simplify(folded)
    if len(simplified) == len(folded):
        return Normalised(simplified, text, tuple(origin))
    return Normalised(simplified, text, tuple(_realigned(folded, simplified, origin)))


def squeeze(text: str) -> str:
    """Return the normal form of a label without blanks and hyphens: what labels are compared by."""
    return "".join(character for character in normalise(text).text if character not in " -_")


def detect_language(text: str) -> str:
    """Say whether a text is written in `zh`, `en` or `mixed` (both carry weight)."""
    han = sum("\u4e00" <= character <= "\u9fff" for character in text)
    latin = sum(character.isascii() and character.isalpha() for character in text)
    if not han:
        return "en"
    # A Chinese character weighs about as much as three letters.
    return "mixed" if latin > 3 * han else "zh"


def _fold(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cf", "Cs", "Cn", "Co"} or character == "\ufffd":
        return ""  # zero-width, bidi marks, lone surrogates: nobody sees them, nothing may hide there
    if character.isspace() or category == "Cc":
        return " "
    folded = unicodedata.normalize("NFKC", character).lower()
    return unicodedata.normalize("NFKC", folded)


def _simplify(text: str) -> str:
    # Converting plain ASCII is a no-op that costs a call into C++.
    return text if text.isascii() else _converter().convert(text).lower()


@cache
def _converter() -> opencc.OpenCC:
    # tw2sp also maps Taiwan's words (軟體 -> 软件), which plain t2s does not.
    return opencc.OpenCC("tw2sp")


def _realigned(before: str, after: str, origin: list[int]) -> Iterator[int]:
    """Yield the origin of each character of `after`, which replaced words of another length."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for _, start, end, new_start, new_end in matcher.get_opcodes():
        for offset in range(new_end - new_start):
            yield origin[min(start + offset, max(end - 1, start), len(origin) - 1)]
