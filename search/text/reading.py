"""Read a text into conditions: titles, skills, places, years, education and languages, each with its span."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache

from search.models import Aspect, Mention, Reading, Strength
from search.text.correction import Corrector
from search.text.lexicon import Entry, Match
from search.text.normalise import Normalised, detect_language, normalise
from search.text.numbers import find_years
from search.text.strength import strength_at
from search.text.vocabulary import load_vocabulary

#: Longer texts are read as they are; see `search.text.correction`.
LONGEST_CORRECTED = 40

_NEAR = 3
_TECHNICAL_BEFORE = re.compile(
    r"(?:熟悉|熟练|精通|掌握|擅长|会|用|使用|懂|语言|"
    r"\b(?:using|know|write|c\+\+|python|java))[\s:：、,/]*$"
)
_TECHNICAL_AFTER = re.compile(
    r"^[\s]*(?:语言|开发|编程|程序|工程师|后端|框架|引擎|脚本|建模|游戏|编写|"
    r"developer|engineer|programmer|programming|language|framework|engine|script|api|backend)"
)
_PREPOSITION = re.compile(r"\b(?:in|with) $")
# "PS、AI", "AE/AI/PR": beside other design programs AI is one of them.
_DESIGN_BEFORE = re.compile(r"\b(?:ps|ae|pr|id|cdr|c4d|photoshop|sketch|figma)[\s、,/+&和]{1,3}$")
_DESIGN_AFTER = re.compile(r"^[\s、,/+&和]{1,3}(?:ps|ae|pr|id|cdr|c4d|photoshop|sketch|figma)\b")
# What may stand between the items of a list.
_LISTED = re.compile(r"\s*(?:[,、/|+&;]|\band\b|\bor\b|[和及与或])+\s*")
# How far the words around a match are looked at.
_REACH = 24
_WORDS_IN = re.compile(r"[\u3400-\u9fffa-z0-9+#.]+")


def read(text: str) -> Reading:
    """Return how a text is understood; never fails, an empty text has no mentions."""
    normal = normalise(text)
    mentions = [*_labels(normal), *_years(normal)]
    if len(text) <= LONGEST_CORRECTED:
        mentions += _corrected(normal, mentions)
    mentions.sort(key=lambda mention: (mention.span.start if mention.span else 0, mention.aspect))
    return Reading(text, detect_language(text), tuple(mentions))


def _labels(normal: Normalised) -> Iterator[Mention]:
    found = load_vocabulary().lexicon.find_all(normal)
    sure = [match for match in found[Aspect.SKILL] if not _all_ambiguous(match)]
    for matches in found.values():
        for match in matches:
            for entry in _surest(match.entries):
                if not entry.is_ambiguous or _in_context(entry, match, normal, sure):
                    yield _mention(normal, match, entry)


def _mention(normal: Normalised, match: Match, entry: Entry) -> Mention:
    is_program = entry.value == "artificial-intelligence" and _is_design_program(normal.text, match)
    return Mention(
        aspect=entry.aspect,
        value="illustrator" if is_program else entry.value,
        strength=strength_at(normal.text, match.start, match.end),
        span=normal.span(match.start, match.end),
        quote=normal.quote(match.start, match.end),
        confidence=entry.confidence,
    )


def _is_design_program(text: str, match: Match) -> bool:
    if text[match.start : match.end] != "ai":
        return False
    before = text[max(0, match.start - _REACH) : match.start]
    return bool(
        _DESIGN_BEFORE.search(before) or _DESIGN_AFTER.match(text[match.end : match.end + _REACH])
    )


def _surest(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Yield the entries, and of those with the same value the surest only."""
    best: dict[tuple[Aspect, str], Entry] = {}
    for entry in entries:
        held = best.get((entry.aspect, entry.value))
        if held is None or (entry.confidence, held.is_ambiguous) > (
            held.confidence,
            entry.is_ambiguous,
        ):
            best[entry.aspect, entry.value] = entry
    yield from best.values()


def _all_ambiguous(match: Match) -> bool:
    return all(entry.is_ambiguous for entry in match.entries)


def _in_context(entry: Entry, match: Match, normal: Normalised, sure: list[Match]) -> bool:
    """Say whether an ordinary word is meant as the skill that it also names.

    It is when a technical word stands right beside it; or, in the case in which the taxonomy writes
    it, when it is all the text there is or a sure skill stands near.
    """
    text, label = normal.text, entry.label
    before = text[max(0, match.start - _REACH) : match.start]
    after = text[match.end : match.end + _REACH]
    if _TECHNICAL_AFTER.match(after) or _TECHNICAL_BEFORE.search(before):
        return True
    near = _neighbours(match, sure)
    if any(_LISTED.fullmatch(text, *gap) for gap in _gaps(match, near)):
        return True
    alone = not text[: match.start].strip() and not text[match.end :].strip()
    if alone and len(label) > _NEAR - 1:
        return True
    if _PREPOSITION.search(before) and len(label) < _NEAR:
        return True
    if normal.quote(match.start, match.end) != label:
        return False
    return (
        alone
        or _PREPOSITION.search(before) is not None
        or any(abs(other.start - match.start) < 40 for other in near)
    )


def _neighbours(match: Match, sure: list[Match]) -> list[Match]:
    """Return the sure skills before and after a match."""
    at = bisect_left(sure, match.start, key=lambda other: other.start)
    return sure[max(0, at - 1) : at + 1]


def _gaps(match: Match, near: list[Match]) -> Iterator[tuple[int, int]]:
    """Yield what lies between a match and its neighbours."""
    for other in near:
        first, second = sorted((match, other), key=lambda found: found.start)
        if first.end <= second.start:
            yield first.end, second.start


def _years(normal: Normalised) -> Iterator[Mention]:
    for years in find_years(normal.text):
        yield Mention(
            aspect=Aspect.YEARS,
            value=f"{years.at_least:g}",
            strength=strength_at(normal.text, years.start, years.end),
            span=normal.span(years.start, years.end),
            quote=normal.quote(years.start, years.end),
            at_most=years.at_most,
        )


def _corrected(normal: Normalised, mentions: list[Mention]) -> Iterator[Mention]:
    """Yield what the words that no mention covers were meant to be."""
    if any(mention.aspect is Aspect.TITLE and mention.confidence == 1 for mention in mentions):
        return
    covered = bytearray(len(normal.original) + 1)
    for mention in mentions:
        if mention.span:
            covered[mention.span.start : mention.span.end] = b"\1" * (
                mention.span.end - mention.span.start
            )
    uncovered = "".join(
        " " if covered[normal.origin[index]] else character
        for index, character in enumerate(normal.text)
    )
    if not _WORDS_IN.search(uncovered):
        return
    for correction in _corrector().corrections(normal.text, uncovered):
        for entry in _surest(correction.match.entries):
            yield Mention(
                aspect=entry.aspect,
                value=entry.value,
                strength=Strength.FAVOURED,
                span=normal.span(correction.match.start, correction.match.end),
                quote=normal.quote(correction.match.start, correction.match.end),
                confidence=correction.confidence * entry.confidence,
                via=correction.via,
                meant=entry.label,
            )


@cache
def _corrector() -> Corrector:
    vocabulary = load_vocabulary()
    return Corrector(vocabulary.lexicon, vocabulary.segmenter)
