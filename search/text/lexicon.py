"""Find the taxonomy's labels in a text: longest match on word boundaries, over both languages at once.

Labels and texts are compared without blanks and hyphens, so that "Spring Boot", "spring-boot" and
"SpringBoot" are one thing. A Latin label must stand between word boundaries ("Tform" is not in
"platform", Java not in JavaScript, C not in C++); a version number may follow it ("Python3").
A qualifier beside it changes nothing ("Python（主力）" is Python).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import ahocorasick

from search.models import Aspect
from search.text.normalise import Normalised, normalise

_VERSION = re.compile(r"[\d.]*\d(?![\da-z])")
# Blanks, hyphens and the dot inside names like node.js.
_LEFT_OUT = re.compile(r"[ \-_]|(?<=[a-z0-9])\.(?=[a-z])")


@dataclass(frozen=True, slots=True)
class Entry:
    """A label and what it stands for.

    Attributes:
        label: as the taxonomy writes it.
        is_ambiguous: an ordinary word or letter as well; it counts only in the case written and in context.
        confidence: 0-1, how surely the label means the value.
    """

    aspect: Aspect
    value: str
    label: str
    is_ambiguous: bool = False
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Match:
    """A label found in a normal-form text at `[start, end)`, with all entries that carry the label."""

    start: int
    end: int
    entries: tuple[Entry, ...]


class Lexicon:
    """All labels of some lists, ready to be found.

    Args:
        entries: labels; several entries may share one (a title that stands in two rows).
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.by_key: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            key = label_key(entry.label)
            if key and entry not in self.by_key[key]:
                self.by_key[key].append(entry)
        self._automaton = ahocorasick.Automaton()
        for key in self.by_key:
            self._automaton.add_word(key, key)
        self._automaton.make_automaton()

    def find(self, text: Normalised, aspect: Aspect) -> list[Match]:
        """Return non-overlapping matches of one aspect in text order; the longest wins, then the first."""
        matches = sorted(
            self._candidates(text, aspect), key=lambda match: (match.start - match.end, match.start)
        )
        taken = bytearray(len(text.text))
        chosen = []
        for match in matches:
            if not any(taken[match.start : match.end]):
                taken[match.start : match.end] = b"\1" * (match.end - match.start)
                chosen.append(match)
        return sorted(chosen, key=lambda match: match.start)

    def _candidates(self, text: Normalised, aspect: Aspect) -> Iterator[Match]:
        if not self.by_key:
            return
        squeezed, positions = _squeezed(text.text)
        for last, key in self._automaton.iter(squeezed):
            entries = tuple(entry for entry in self.by_key[key] if entry.aspect is aspect)
            if not entries:
                continue
            start, end = positions[last - len(key) + 1], positions[last] + 1
            if _bounded(text.text, start, end):
                yield Match(start, end, entries)


def label_key(label: str) -> str:
    """Return what a label is looked up by."""
    return _LEFT_OUT.sub("", normalise(label).text)


def _squeezed(text: str) -> tuple[str, list[int]]:
    """Leave out what labels are compared without; say where each character left stood."""
    left_out = {match.start() for match in _LEFT_OUT.finditer(text)}
    kept = [index for index in range(len(text)) if index not in left_out]
    return "".join(text[index] for index in kept), kept


def _bounded(text: str, start: int, end: int) -> bool:
    first, last = text[start], text[end - 1]
    if _is_word(first) and start > 0 and _is_word(text[start - 1]):
        return False
    if not (_is_word(last) or last in "+#"):
        return True
    following = text[end : end + 2]
    if following[:1] == "#" or following == "++" or (last == "+" and following[:1] == "+"):
        return False
    if not following or not _is_word(following[0]):
        return True
    # "python3", "vue2.x" but not "c3": a version may follow a name of two letters or more.
    return last.isalpha() and end - start > 1 and _VERSION.match(text, end) is not None


def _is_word(character: str) -> bool:
    return character.isascii() and character.isalnum()
