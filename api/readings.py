"""Readings going out and coming back: how a text was understood, as a client sees and edits it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from api.v1.schema_base import CharacterSpan, Words
from api.v1.schemas import ReadCondition, ReadQuery
from search.models import Mention, Reading, Span
from search.ranking.evidence import label_of
from search.text.normalise import detect_language

#: `aspect:value` of a condition, as it stands in the address of a page.
Handle = str


def query_of(reading: Reading) -> ReadQuery:
    """Return a reading as an answer shows it."""
    return ReadQuery(
        text=reading.text,
        lang="zh" if reading.lang == "zh" else "en" if reading.lang == "en" else "mixed",
        conditions=tuple(_condition(mention) for mention in reading.mentions),
    )


def reading_of(query: ReadQuery) -> Reading:
    """Return the reading that a client sent."""
    text = query.text or " ".join(_name(condition) for condition in query.conditions)
    mentions = tuple(_mention(condition) for condition in query.conditions)
    return Reading(query.text, query.lang or detect_language(text), mentions)


def without(reading: Reading, dropped: Collection[Handle]) -> Reading:
    """Take conditions out of a reading, and their words out of its text.

    Words that another condition was read from as well stay. Blanks take the place of the others, so
    that the spans that remain are still right.
    """
    kept = tuple(mention for mention in reading.mentions if handle_of(mention) not in dropped)
    if len(kept) == len(reading.mentions):
        return reading
    needed = {place for mention in kept for place in _places(mention)}
    gone = {place for mention in reading.mentions for place in _places(mention)} - needed
    text = "".join(" " if place in gone else letter for place, letter in enumerate(reading.text))
    return replace(reading, text=text, mentions=kept)


def handle_of(mention: Mention) -> Handle:
    """Return what names a condition in the address of a page."""
    return f"{mention.aspect.value}:{mention.value}"


def _places(mention: Mention) -> range:
    return range(mention.span.start, mention.span.end) if mention.span else range(0)


def _condition(mention: Mention) -> ReadCondition:
    label = label_of(mention)
    span = mention.span
    return ReadCondition.model_construct(
        aspect=mention.aspect,
        value=mention.value,
        label=Words(zh=label.zh, en=label.en),
        strength=mention.strength,
        span=CharacterSpan.model_construct(start=span.start, end=span.end) if span else None,
        quote=mention.quote,
        confidence=round(mention.confidence, 3),
        via=mention.via,  # type: ignore[arg-type]
        at_most=mention.at_most,
    )


def _mention(condition: ReadCondition) -> Mention:
    span = condition.span
    return Mention(
        aspect=condition.aspect,
        value=condition.value,
        strength=condition.strength,
        span=Span(span.start, span.end) if span else None,
        quote=condition.quote or _name(condition),
        confidence=condition.confidence,
        via=condition.via,
        at_most=condition.at_most,
    )


def _name(condition: ReadCondition) -> str:
    """Return words for a condition that came without any: both names, so that both languages count."""
    label = label_of(Mention(condition.aspect, condition.value, at_most=condition.at_most))
    return label.zh if label.zh == label.en else f"{label.zh} {label.en}"
