"""The features of a query-document pair that the score is made of; from 0 to 1, nearness to about 1.5."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from search.ranking.intent import Intent, relatedness
from search.ranking.profile import Profile

#: Characters of a query, without filler, up to which parts of its words are looked for.
SHORT = 40


@dataclass(frozen=True, slots=True)
class Features:
    """What speaks for a document.

    Attributes:
        title: the text names the document's role (weight of the mention).
        skill: share of the skills asked for that it holds or wants, weighted by how telling they are.
        focus: share of its own core skills that were asked for.
        lexical: share of the telling words that its running text contains.
        partial: the same, where parts of a word count in part (焊工 and 焊接); of short
            queries only. In a title, and with many words asked for, parts mislead: something is always found.
        heading: share of the words of its own title that were asked for.
        dense: nearness of the vectors on the encoder's scale (`search.ranking.geometry`).
    """

    title: float
    skill: float
    focus: float
    lexical: float
    partial: float
    heading: float
    dense: float

    def as_mapping(self) -> Mapping[str, float]:
        """Return feature name to value."""
        return {name: getattr(self, name) for name in self.__slots__}


def compute(intent: Intent, profile: Profile, nearness: float) -> Features:
    """Compute the features of one pair; `nearness` is the cosine on the encoder's scale."""
    return Features(
        title=max(
            (intent.roles[role] for role in profile.roles if role in intent.roles), default=0.0
        ),
        skill=_skill(intent.skills, profile.skills),
        focus=_focus(intent.skills, profile.skills),
        lexical=_lexical(intent.tokens, profile.body),
        partial=_partial(intent.tokens, profile.body) if intent.length <= SHORT else 0.0,
        heading=_heading(intent.tokens, profile.title),
        dense=nearness,
    )


def _skill(wanted: Mapping[str, float], held: Mapping[str, float]) -> float:
    total = sum(wanted.values())
    if not total:
        return 0.0
    return sum(weight * relatedness(skill, held) for skill, weight in wanted.items()) / total


def _focus(wanted: Mapping[str, float], held: Mapping[str, float]) -> float:
    core = [skill for skill, weight in held.items() if weight == 1.0]
    if not core or not wanted:
        return 0.0
    return min(1.0, sum(skill in wanted for skill in core) / min(len(core), 6))


def _lexical(wanted: Mapping[str, float], text: str) -> float:
    total = sum(wanted.values())
    if not total:
        return 0.0
    # Finding a few words in a text is quicker than taking the text apart.
    return sum(weight for token, weight in wanted.items() if f" {token} " in text) / total


def _partial(wanted: Mapping[str, float], text: str) -> float:
    total = sum(wanted.values())
    if not total:
        return 0.0
    found = 0.0
    for token, weight in wanted.items():
        pieces = _pieces(token)
        found += weight * sum(piece in text for piece in pieces) / len(pieces)
    return found / total


def _heading(wanted: Mapping[str, float], title: Mapping[str, float]) -> float:
    total = sum(title.values())
    if not total:
        return 0.0
    return sum(weight for token, weight in title.items() if token in wanted) / total


@lru_cache(maxsize=16_384)
def _pieces(token: str) -> tuple[str, ...]:
    """Return the characters and pairs of a Chinese word, the beginning and triples of another."""
    if token[0] >= "\u3400":
        pairs = (token[at : at + 2] for at in range(len(token) - 1))
        return tuple(dict.fromkeys((*token, *pairs)))
    start = f" {token}"
    return tuple(dict.fromkeys(start[at : at + 3] for at in range(max(1, len(start) - 2))))
