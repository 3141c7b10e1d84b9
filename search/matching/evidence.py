"""Where a profile says that it meets a requirement, and what would help most where it does not."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from search.matching.judging import Judgement
from search.matching.requirements import Requirement
from search.matching.results import Action, Finding
from search.matching.scores import Node, requirement_weight
from search.models import Aspect, Mention, Reading, Span, Strength
from search.ranking.evidence import label_of
from search.ranking.passages import Passages
from search.ranking.quoting import Quoter
from search.ranking.results import State
from taxonomies.models import Text
from taxonomies.skills import load_skills

#: Fields that a requirement is judged by, where no words are quoted.
_FIELD = {
    Aspect.YEARS: "years_experience",
    Aspect.EDUCATION: "education",
    Aspect.PLACE: "region",
    Aspect.LANGUAGE: "languages",
}


def quoter_for(requirements: Sequence[Requirement]) -> Quoter:
    """Return what finds the words for these requirements, and for whatever meets them."""
    mentions = tuple(
        Mention(requirement.aspect, value)
        for requirement in requirements
        for value in requirement.values
    )
    return Quoter(Reading("", "zh", mentions))


def finding(judgement: Judgement, passages: Passages, quoter: Quoter) -> Finding:
    """Return a judgement with the words behind it."""
    requirement, state = judgement.requirement, judgement.state
    label = requirement_label(requirement)
    if not judgement.by and state is not State.FOUND:
        return Finding(requirement, label, state)
    if not requirement.values:
        source, span, quote = _words(requirement.quote, passages)
        return Finding(requirement, label, state, source, quote, span)
    by = None
    source, span, quote = "", None, ""
    if requirement.aspect in {Aspect.SKILL, Aspect.TITLE, Aspect.PLACE, Aspect.LANGUAGE}:
        value = judgement.by or requirement.values[0]
        source, span, quote = quoter.quote(Mention(requirement.aspect, value), passages)
        if value not in requirement.values and value in load_skills():
            by = load_skills()[value].label
    if span is None:
        source = _FIELD.get(requirement.aspect, "")
    return Finding(requirement, label, state, source, quote, span, by)


@lru_cache(maxsize=1024)
def requirement_label(requirement: Requirement) -> Text:
    """Return what a requirement is called in both languages."""
    if not requirement.values:
        return Text(requirement.quote, requirement.quote)
    labels = [
        label_of(Mention(requirement.aspect, value, at_most=requirement.at_most))
        for value in requirement.values
    ]
    return Text(" / ".join(label.zh for label in labels), " / ".join(label.en for label in labels))


def skill_gap(findings: Sequence[Finding]) -> tuple[Text, ...]:
    """Return the skills asked for and not found, the ones that count most first."""
    missing = [
        found
        for found in findings
        if found.requirement.aspect is Aspect.SKILL
        and found.state is State.MISSING
        and found.requirement.strength is not Strength.BANNED
    ]
    missing.sort(key=lambda found: -requirement_weight(found.requirement))
    return tuple(found.label for found in missing)


def next_action(both: Node, findings: Sequence[Finding]) -> Action | None:
    """Return what would add most points: saying what is unknown, or acquiring what is missing."""
    open_points = {
        leaf.name: leaf.out_of - leaf.points
        for leaf in both.leaves()
        if leaf.state in {State.MISSING, State.UNKNOWN}
    }
    able = [
        found
        for found in findings
        if found.requirement.handle in open_points
        and found.requirement.strength is not Strength.BANNED
    ]
    if not able:
        return None
    best = max(able, key=lambda found: open_points[found.requirement.handle])
    handle = best.requirement.handle
    kind = "state" if best.state is State.UNKNOWN else "acquire"
    return Action(kind, handle, best.label, open_points[handle])


def _words(words: str, passages: Passages) -> tuple[str, Span | None, str]:
    for source, text in passages.items():
        start = text.lower().find(words.lower())
        # Lower case may be longer than what it stands for (İ): then the place is another.
        if start >= 0 and text[start : start + len(words)].lower() == words.lower():
            span = Span(start, start + len(words))
            return source, span, text[span.start : span.end]
    return "", None, ""
