"""Second look at words that no label matched: pinyin, homophones and typing slips against the labels.

Only short texts are corrected: in a posting an unknown word is more likely a name than a slip.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from search.models import Aspect
from search.text.lexicon import Entry, Lexicon, Match, label_key
from search.text.normalise import HAN
from search.text.pronunciation import is_spoken_as, readings, sounds_alike
from search.text.segment import Segmenter
from search.text.wordlist import word_list

_HAN_RUN = re.compile(f"[{HAN}]{{2,}}")
_TWO_HAN = re.compile(f"[{HAN}][^{HAN}]*[{HAN}]")
_LATIN_RUN = re.compile(r"[a-z][a-z0-9 ]*[a-z0-9]|[a-z]{4,}")
_LATIN_WORD = re.compile(r"[a-z]{4,}")

# English words that are a letter or two away from a label, or spelled like a Chinese one, and mean themselves.
_ORDINARY = word_list("ordinary.txt")
_LONGEST_SYLLABLE = 6  # zhuang

#: Aspects worth correcting: a slip in a place or a degree is rarer and costs more when wrong.
_CORRECTED = (Aspect.TITLE, Aspect.SKILL)


@dataclass(frozen=True, slots=True)
class Correction:
    """Labels that a stretch of text was probably meant to be.

    Attributes:
        via: `pinyin` or `typo`.
        confidence: 0-1, the share of syllables or letters that agree.
    """

    match: Match
    via: str
    confidence: float


class Corrector:
    """Finds what unmatched words were meant to be.

    Args:
        lexicon: the labels that are known.
        segmenter: knows which Chinese words are ordinary ones, and so no slips.
    """

    def __init__(self, lexicon: Lexicon, segmenter: Segmenter) -> None:
        self._lexicon = lexicon
        self._segmenter = segmenter

    def corrections(self, text: str, uncovered: str) -> Iterator[Correction]:
        """Yield corrections for a normal-form text.

        Args:
            text: the whole text.
            uncovered: the same text with every matched stretch blanked out, so that places agree.
        """
        if len(text) != len(uncovered):
            raise ValueError("the text and its uncovered part should have the same length")
        for run in _HAN_RUN.finditer(uncovered):
            yield from self._homophones(run.start(), run.end(), run.group())
        for run in _LATIN_RUN.finditer(uncovered):
            whole = list(self._spelled_pinyin(run.start(), run.end(), run.group()))
            if not whole and " " in run.group():
                whole = list(self._slips(run.start(), run.end(), run.group()))
            yield from whole
            if not whole:
                for word in _LATIN_WORD.finditer(run.group()):
                    start = run.start() + word.start()
                    end = start + len(word.group())
                    found = list(self._spelled_pinyin(start, end, word.group()))
                    yield from found or self._slips(start, end, word.group())

    def _homophones(self, start: int, end: int, run: str) -> Iterator[Correction]:
        if self._segmenter.knows(run):
            return
        alike = self._homophonous(run)
        for key in alike:
            yield self._correction(start, end, key, "pinyin", 0.9)
        if alike or len(run) < 4 or self._is_well_formed(run):
            return
        # One character in four may be wrong, missing or too many.
        allowed = len(run) // 4
        for key in self._han_keys:
            if abs(len(key) - len(run)) <= allowed:
                distance = DamerauLevenshtein.distance(run, key, score_cutoff=allowed)
                if distance <= allowed:
                    yield self._correction(start, end, key, "typo", 1 - distance / len(run))

    def _is_well_formed(self, run: str) -> bool:
        """Say whether a run falls apart into words of the language, as 卡车司机 does and 数据挖崛 does not."""
        return all(
            len(word) > 1 and self._segmenter.knows(word) for word in self._segmenter.words(run)
        )

    def _spelled_pinyin(self, start: int, end: int, run: str) -> Iterator[Correction]:
        if run not in _ORDINARY:
            for key in self._sounding(run.replace(" ", "")):
                yield self._correction(start, end, key, "pinyin", 0.9)

    def _slips(self, start: int, end: int, run: str) -> Iterator[Correction]:
        if all(word in _ORDINARY or word in self._latin_words for word in run.split()):
            return
        word = label_key(run)
        allowed = 1 if len(word) < 8 else 2
        keys = [key for key in self._latin_keys if abs(len(key) - len(word)) <= allowed]
        for key, distance, _ in process.extract(
            word, keys, scorer=DamerauLevenshtein.distance, score_cutoff=allowed, limit=3
        ):
            if key[0] == word[0] or fuzz.ratio(key, word) > 85:
                confidence = 1 - distance / len(word)
                yield self._correction(start, end, key, "typo", confidence)

    def _correction(
        self, start: int, end: int, key: str, via: str, confidence: float
    ) -> Correction:
        entries = tuple(entry for entry in self._lexicon.by_key[key] if entry.aspect in _CORRECTED)
        return Correction(Match(start, end, entries), via, confidence)

    @cached_property
    def _keys(self) -> dict[str, tuple[Entry, ...]]:
        return {
            key: wanted
            for key, entries in self._lexicon.by_key.items()
            if (wanted := tuple(entry for entry in entries if entry.aspect in _CORRECTED))
        }

    @cached_property
    def _han_keys(self) -> list[str]:
        return [key for key in self._keys if len(key) > 3 and _HAN_RUN.fullmatch(key)]

    @cached_property
    def _latin_keys(self) -> list[str]:
        return [key for key in self._keys if len(key) > 3 and key.isascii()]

    @cached_property
    def _latin_words(self) -> frozenset[str]:
        """Every Latin word inside a label: known words are not slips."""
        labels = (entry.label for entries in self._lexicon.by_key.values() for entry in entries)
        return frozenset(
            word for label in labels for word in re.findall(r"[a-z]{4,}", label.lower())
        )

    def _sounding(self, sound: str) -> list[str]:
        """Return the labels that pinyin spells."""
        return [
            key
            for length in range(1, _LONGEST_SYLLABLE + 1)
            for key in self._by_first_syllable.get(sound[:length], ())
            if len(key) <= len(sound) <= _LONGEST_SYLLABLE * len(key) and is_spoken_as(key, sound)
        ]

    def _homophonous(self, run: str) -> list[str]:
        """Return the labels that sound like a Chinese text."""
        found = (
            key
            for syllable in readings(run[0])
            for key in self._by_first_syllable.get(syllable, ())
            if sounds_alike(run, key)
        )
        return list(dict.fromkeys(found))

    @cached_property
    def _by_first_syllable(self) -> dict[str, list[str]]:
        """Labels by every way to say their first character."""
        first: defaultdict[str, list[str]] = defaultdict(list)
        for key in self._keys:
            if _TWO_HAN.search(key):
                for syllable in readings(key[0]):
                    first[syllable].append(key)
        return dict(first)
