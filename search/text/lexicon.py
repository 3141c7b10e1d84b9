"""Find the taxonomy's labels in a text: longest match on word boundaries, over both languages at once.

Labels and texts are compared without blanks and hyphens, so that "Spring Boot", "spring-boot" and
"SpringBoot" are one thing. A Latin label must stand between word boundaries ("Tform" is not in
"platform", Java not in JavaScript, C not in C++); a version number may follow it ("Python3").
A short Chinese label must not cut a word apart (临安 is not in 面临安全).
A qualifier beside it changes nothing ("Python（主力）" is Python).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import ahocorasick

from search.models import Aspect
from search.text.normalise import HAN, Normalised, normal_forms, normalise
from search.text.segment import STOPWORDS

_VERSION = re.compile(r"[\d.]*\d(?![\da-z])")
# Blanks, hyphens and the dot inside names like node.js.
_LEFT_OUT = re.compile(r"[ \n\-_]|(?<=[a-z0-9])\.(?=[a-z])")
_IS_HAN = re.compile(f"[{HAN}]+")

# A blank between two Latin words: "a spice" is ASPICE only if a label is written so.
_GAP = re.compile(r"([a-z0-9]+)([ \n]+)(?=([a-z0-9]+))")
_LOOSE_WORDS = {word for word in STOPWORDS if word.isascii()} | {
    "can",
    "no",
    "not",
    "so",
    "up",
    "use",
}

# A single letter is part of another name in "type-c", "R&D", "C/S" and "C轮".
_LONE_BEFORE = re.compile(r"[a-z0-9][-&'.]$|(?<![a-z0-9])[a-z]/$")
_LONE_AFTER = re.compile(r"[-&'][a-z0-9]|/[a-z](?![a-z0-9+#])|[轮端级照座栋区类罩位证]")

#: Chinese labels up to this length are checked against the words of the text.
_SHORT = 3
# A place in the name of a university is not where the work is.
_SCHOOL_AFTER = re.compile(
    r"[省市]?(?:电子|科技|理工|工业|师范|工商|商业|财经|医科|中医药|农林|农业|林业|交通|海洋|外国语|传媒|音乐|美术"
    r"|体育|城市|职业|技术|信息|工程|航空|航天|邮电|建筑|石油|化工|计量|民族|经贸|纺织|警官|树人|万里|大)*(?:大学|学院)"
    r"|\s+(?:[a-z-]+\s+){0,4}?(?:university|college|institute of)\b"
)
_SCHOOL_BEFORE = re.compile(r"\b(?:university|college|institute) of (?:[a-z-]+ ){0,4}$")
_REACH = 48
_HIGH_TO_LOW = {"高中低", "高中端", "高中频", "高中压"}
_ASPECTS = tuple(Aspect)


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
        words: cuts a text into words which, joined, are the text; without it a short Chinese label
            is found wherever its characters stand.
    """

    def __init__(
        self, entries: Iterable[Entry], words: Callable[[str], Sequence[str]] | None = None
    ) -> None:
        entries = list(entries)
        self._words = words
        self.by_key: defaultdict[str, list[Entry]] = defaultdict(list)
        for key, entry in zip(label_keys([entry.label for entry in entries]), entries, strict=True):
            if key and entry not in self.by_key[key]:
                self.by_key[key].append(entry)
        self._automaton = _automaton(self.by_key)

    @classmethod
    def of_keys(cls, by_key: Mapping[str, Sequence[Entry]]) -> Lexicon:
        """Return the lexicon of labels whose keys are known already; without `words`."""
        lexicon = cls(())
        lexicon.by_key.update((key, list(entries)) for key, entries in by_key.items())
        lexicon._automaton = _automaton(lexicon.by_key)
        return lexicon

    def find(self, text: Normalised, aspect: Aspect) -> list[Match]:
        """Return non-overlapping matches of one aspect in text order; the longest wins, then the first."""
        return self.find_all(text)[aspect]

    def find_all(self, text: Normalised) -> dict[Aspect, list[Match]]:
        """Return what `find` returns, for every aspect at once."""
        found: dict[Aspect, list[Match]] = {aspect: [] for aspect in _ASPECTS}
        for match in self._candidates(text.text):
            if len(match.entries) == 1:
                found[match.entries[0].aspect].append(match)
                continue
            for aspect in {entry.aspect: None for entry in match.entries}:
                entries = tuple(entry for entry in match.entries if entry.aspect is aspect)
                found[aspect].append(Match(match.start, match.end, entries))
        for aspect, matches in found.items():
            if matches:
                standing = [match for match in matches if _stands(text.text, match, aspect)]
                found[aspect] = _longest(standing)
        return found

    def _candidates(self, text: str) -> Iterator[Match]:
        if not self.by_key:
            return
        squeezed, gaps = _squeezed(text)
        spans: list[tuple[int, int]] = []
        for last, key in self._automaton.iter(squeezed):
            first = last - len(key) + 1
            start, end = first + bisect_right(gaps, first), last + bisect_right(gaps, last) + 1
            if not _bounded(text, start, end):
                continue
            if self._words and len(key) <= _SHORT and _IS_HAN.fullmatch(key):
                spans = spans or _word_spans(text, self._words)
                if _cuts_apart(spans, start, end):
                    continue
            entries = self.by_key[key]
            if end - start > len(key) and (doubtful := _doubtful_gaps(text, start, end)):
                entries = [entry for entry in entries if doubtful <= _breaks(entry.label)]
            if entries:
                yield Match(start, end, tuple(entries))


def _automaton(keys: Iterable[str]) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for key in keys:
        automaton.add_word(key, key)
    automaton.make_automaton()
    return automaton


def _longest(matches: list[Match]) -> list[Match]:
    matches.sort(key=lambda match: (match.start - match.end, match.start))
    taken = bytearray(max((match.end for match in matches), default=0))
    chosen = []
    for match in matches:
        if not any(taken[match.start : match.end]):
            taken[match.start : match.end] = b"\1" * (match.end - match.start)
            chosen.append(match)
    return sorted(chosen, key=lambda match: match.start)


def label_key(label: str) -> str:
    """Return what a label is looked up by."""
    return _LEFT_OUT.sub("", normalise(label).text)


def label_keys(labels: Sequence[str]) -> list[str]:
    """Return what each of many labels is looked up by; much faster than one by one."""
    return [_LEFT_OUT.sub("", form) for form in normal_forms(labels)]


def _squeezed(text: str) -> tuple[str, list[int]]:
    """Leave out what labels are compared without; say where, counted in the rest, each stood.

    A character of the rest stood as many places further on as gaps lie at or before it.
    """
    gaps = [match.start() - before for before, match in enumerate(_LEFT_OUT.finditer(text))]
    return (_LEFT_OUT.sub("", text) if gaps else text), gaps


def _bounded(text: str, start: int, end: int) -> bool:
    first, last = text[start], text[end - 1]
    if _is_word(first) and start > 0 and _is_word(text[start - 1]):
        return False
    if end - start == 1 and first.isascii() and _is_part(text, start, end):
        return False
    if not (_is_word(last) or last in "+#"):
        return True
    following = text[end : end + 2]
    if following[:1] == "#" or following == "++" or (last == "+" and following[:1] == "+"):
        return False
    if not following or not _is_word(following[0]):
        return True
    # "python3", "vue2.x", "c++17" but not "c3": a version may follow a name of two letters or more.
    return not last.isdigit() and end - start > 1 and _VERSION.match(text, end) is not None


def _is_part(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - 3) : start]
    return bool(_LONE_BEFORE.search(before) or _LONE_AFTER.match(text, end))


def _word_spans(text: str, words: Callable[[str], Sequence[str]]) -> list[tuple[int, int]]:
    """Return for each character the word that it stands in; what is not Chinese stands alone."""
    spans = [(index, index + 1) for index in range(len(text))]
    for run in _IS_HAN.finditer(text):
        start = run.start()
        for word in words(run.group()):
            end = start + len(word)
            spans[start:end] = [(start, end)] * len(word)
            start = end
    return spans


def _cuts_apart(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    """Say whether a word reaches over one edge of `[start, end)` without holding all of it."""
    first, last = spans[start], spans[end - 1]
    return (first[0] < start and first[1] < end) or (last[1] > end and last[0] > start)


def _stands(text: str, match: Match, aspect: Aspect) -> bool:
    """Say whether a place or a degree is meant as one: not the Zhejiang in 浙江大学, not the 高中 in 高中低压."""
    if aspect is Aspect.PLACE:
        before = text[max(0, match.start - _REACH) : match.start]
        after = text[match.end : match.end + _REACH]
        return not (_SCHOOL_AFTER.match(after) or _SCHOOL_BEFORE.search(before))
    return aspect is not Aspect.EDUCATION or text[match.end - 2 : match.end + 1] not in _HIGH_TO_LOW


def _doubtful_gaps(text: str, start: int, end: int) -> set[int]:
    """Return where, counted in the key, a blank stands beside a word that often stands alone."""
    piece = text[start:end]
    return {
        len(_LEFT_OUT.sub("", piece[: gap.end(1)]))
        for gap in _GAP.finditer(piece)
        if gap[1] in _LOOSE_WORDS or gap[3] in _LOOSE_WORDS
    }


@lru_cache(maxsize=1024)
def _breaks(label: str) -> frozenset[int]:
    """Return where, counted in the key, the label itself has a blank, hyphen or dot."""
    form = normalise(label).text
    return frozenset(len(_LEFT_OUT.sub("", form[: m.start()])) for m in _LEFT_OUT.finditer(form))


def _is_word(character: str) -> bool:
    return character.isascii() and character.isalnum()
