"""Turn a reading into what the arms look for: weighted tokens, concepts and a text to embed."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from search.backends.base import LexicalQuery
from search.models import Aspect, Mention, Reading, Strength
from search.text.frequencies import Frequencies
from search.text.normalise import normalise
from search.text.vocabulary import load_vocabulary
from taxonomies.catalogue import load_catalogue
from taxonomies.skills import ancestors, descendants

#: Tokens of a long posting that are looked up; the most telling ones say it all.
MOST_TOKENS = 48

_STRENGTH = {Strength.REQUIRED: 1.3, Strength.FAVOURED: 1.0, Strength.OPTIONAL: 0.5}
#: A title further down in a text is more likely a colleague's than the one asked for.
_TITLE_DECAY = 60


@dataclass(frozen=True)
class Intent:
    """What a query asks for.

    Attributes:
        tokens: token to weight (times its idf).
        skills: skill id to weight; banned ones are not among them.
        roles: row number (as text) to weight 0-1: titles that the text names.
        text: what the dense arm embeds.
        length: characters of the text that say something, in normal form.
    """

    tokens: Mapping[str, float]
    skills: Mapping[str, float]
    roles: Mapping[str, float]
    text: str
    length: int

    def lexical(self) -> LexicalQuery:
        """Return the BM25 arm's query: a token counts in the title as well as in the text."""
        return LexicalQuery({"title": self.tokens, "text": self.tokens})

    def concepts(self) -> LexicalQuery:
        """Return the concept arm's query."""
        return LexicalQuery(
            {"skill": self.skills, "role": {role: 2 * w for role, w in self.roles.items()}}
        )


def build_intent(reading: Reading, frequencies: Frequencies) -> Intent:
    """Weigh what a reading holds.

    Conditions sent without a text count by their labels' words.
    """
    text = _corrected(reading) or " ".join(mention.quote for mention in reading.mentions)
    return Intent(
        tokens=_tokens(text, frequencies),
        skills=_skills(reading),
        roles=_roles(reading, text),
        text=text,
        length=len("".join(normalise(text).text.split())),
    )


def _corrected(reading: Reading) -> str:
    """Return the text with corrected words replaced by what they were taken for."""
    meant = {m.span: m.meant for m in reading.mentions if m.span and m.meant}
    text = reading.text
    for span in sorted(meant, key=lambda span: -span.start):
        text = f"{text[: span.start]}{meant[span]}{text[span.end :]}"
    return text


def _tokens(text: str, frequencies: Frequencies) -> dict[str, float]:
    counts = Counter(load_vocabulary().segmenter.tokens(text))
    weighted = {token: frequencies.weight(token) * (1 + math.log(n)) for token, n in counts.items()}
    best = sorted(weighted.items(), key=lambda item: (-item[1], item[0]))[:MOST_TOKENS]
    return dict(best)


def _skills(reading: Reading) -> dict[str, float]:
    weights: defaultdict[str, float] = defaultdict(float)
    for mention in (*reading.of(Aspect.SKILL), *reading.of(Aspect.LANGUAGE)):
        if mention.strength is not Strength.BANNED:
            weight = skill_weight(mention.value) * _STRENGTH[mention.strength] * mention.confidence
            weights[mention.value] = max(weights[mention.value], weight)
    return dict(weights)


def _roles(reading: Reading, text: str) -> dict[str, float]:
    weights: defaultdict[str, float] = defaultdict(float)
    content = max(1, min(len(text), 30))
    for mention in reading.of(Aspect.TITLE):
        if mention.strength is not Strength.BANNED:
            weight = mention.confidence * _prominence(mention, content)
            weights[mention.value] = max(weights[mention.value], weight)
    return dict(weights)


def _prominence(mention: Mention, content: int) -> float:
    """Say how much of the text the title is (0-1), less the further down it stands."""
    if mention.span is None:
        return 1.0
    share = min(1.0, (mention.span.end - mention.span.start) / content)
    return float((0.4 + 0.6 * share) * math.exp(-mention.span.start / _TITLE_DECAY))


@cache
def _skill_frequency() -> Counter[str]:
    return Counter(link.skill for role in load_catalogue().roles for link in role.skills)


def skill_weight(skill: str) -> float:
    """Return how telling a skill is: ln(1 + roles / roles that want it), 1 for the rarest."""
    roles = len(load_catalogue().roles)
    return math.log(1 + roles / (1 + _skill_frequency()[skill])) / math.log(1 + roles)


def relatedness(wanted: str, held: Mapping[str, float]) -> float:
    """Return how far a wanted skill is met by those held: itself, or in part a broader or narrower one."""
    if wanted in held:
        return held[wanted]
    broader = max((held[parent] for parent in ancestors(wanted) if parent in held), default=0.0)
    below = held.keys() & descendants(wanted)
    narrower = max((held[skill] for skill in below), default=0.0)
    return max(0.3 * broader, 0.6 * narrower)
