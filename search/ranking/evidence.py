"""Why a document was found: for each condition what it says about it, in its own words, and what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from search.models import Aspect, Mention, Reading, Span, Strength
from search.ranking.intent import Intent, relatedness
from search.ranking.passages import Passages
from search.ranking.profile import OPTIONAL, Profile
from search.ranking.quoting import Quoter
from search.ranking.results import Evidence, State
from search.text.vocabulary import load_vocabulary
from taxonomies.catalogue import load_catalogue
from taxonomies.levels import load_education
from taxonomies.models import Text
from taxonomies.regions import load_elsewhere, load_regions
from taxonomies.skills import load_skills

_SENTENCE = re.compile(r"[^。；;.!?！？\n]+")
#: A skill that is met in part by a broader or narrower one counts as found from here on.
_FOUND_AT_LEAST = 0.3


def label_of(mention: Mention) -> Text:
    """Return what a condition is called in both languages."""
    match mention.aspect:
        case Aspect.SKILL | Aspect.LANGUAGE:
            return load_skills()[mention.value].label
        case Aspect.TITLE:
            role = load_catalogue().role(int(mention.value))
            return role.title if role else Text(mention.value, mention.value)
        case Aspect.PLACE:
            region = load_regions().get(mention.value) or load_elsewhere().get(mention.value)
            return region.label if region else Text(mention.value, mention.value)
        case Aspect.EDUCATION:
            return next(level.label for level in load_education() if level.id == mention.value)
        case Aspect.YEARS:
            return _years_label(mention)


def explain(
    reading: Reading,
    intent: Intent,
    profile: Profile,
    passages: Passages,
    judged: list[tuple[Mention, State]],
    quoter: Quoter,
) -> tuple[Evidence, ...]:
    """Return the evidence of one hit: titles, skills, further conditions, then the best sentence."""
    found = [
        *_titles(reading, profile, passages, quoter),
        *_skills(reading, profile, passages, quoter),
        *(_condition(mention, state, passages, quoter) for mention, state in judged),
    ]
    sentence = _sentence(intent, passages)
    if sentence:
        found.append(sentence)
    return tuple(found)


def _titles(
    reading: Reading, profile: Profile, passages: Passages, quoter: Quoter
) -> Iterator[Evidence]:
    seen = set()
    for mention in reading.of(Aspect.TITLE):
        # A title names roles of which one is enough: those that it is not are not missing.
        if mention.value in profile.roles and mention.value not in seen:
            seen.add(mention.value)
            source, span, quote = quoter.quote(mention, passages)
            yield Evidence("title", State.FOUND, label_of(mention), source, quote, span)


def _skills(
    reading: Reading, profile: Profile, passages: Passages, quoter: Quoter
) -> Iterator[Evidence]:
    for mention in dict.fromkeys((m.aspect, m.value, m.strength) for m in reading.of(Aspect.SKILL)):
        aspect, value, strength = mention
        if strength is Strength.BANNED:
            continue
        held = relatedness(value, profile.skills) >= _FOUND_AT_LEAST
        probe = Mention(aspect, value)
        source, span, quote = quoter.quote(probe, passages) if held else ("", None, "")
        # Only a catalogue row says which of its skills are essential.
        weight = profile.skills.get(value) if "duty" in passages else None
        relation = "" if weight is None else ("optional" if weight == OPTIONAL else "essential")
        state = State.FOUND if held else State.MISSING
        yield Evidence("skill", state, label_of(probe), source, quote, span, relation)


def _condition(mention: Mention, state: State, passages: Passages, quoter: Quoter) -> Evidence:
    source, span, quote = (
        quoter.quote(mention, passages) if state is State.FOUND else ("", None, "")
    )
    return Evidence(mention.aspect.value, state, label_of(mention), source, quote, span)


def _sentence(intent: Intent, passages: Passages) -> Evidence | None:
    """Quote the sentence that holds most of the telling words of the query."""
    best: tuple[float, str, Span, str] | None = None
    for source in ("duty", "duty_en", "text", "summary", "work"):
        text = passages.get(source, "")
        for match in _SENTENCE.finditer(text):
            quote = match.group().strip()
            weight = sum(intent.tokens.get(token, 0.0) for token in set(_tokens(quote)))
            if weight > 0 and (best is None or weight > best[0]):
                start = match.start() + len(match.group()) - len(match.group().lstrip())
                best = (weight, source, Span(start, start + len(quote)), quote)
    if best is None or best[0] < 0.15 * sum(intent.tokens.values()):
        return None
    return Evidence(
        "text", State.FOUND, Text("相近表述", "similar wording"), best[1], best[3], best[2]
    )


@lru_cache(maxsize=4096)
def _tokens(text: str) -> tuple[str, ...]:
    return tuple(load_vocabulary().segmenter.tokens(text))


def _years_label(mention: Mention) -> Text:
    if mention.at_most is None:
        return Text(f"{mention.value}年以上经验", f"{mention.value}+ years of experience")
    bounds = f"{mention.value}-{mention.at_most:g}"
    return Text(f"{bounds}年经验", f"{bounds} years of experience")
