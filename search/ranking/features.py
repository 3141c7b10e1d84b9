"""The features of a query-document pair that the score is made of; each between 0 and 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from search.ranking.intent import Intent, relatedness
from search.ranking.profile import Profile


@dataclass(frozen=True, slots=True)
class Features:
    """What speaks for a document.

    Attributes:
        title: the text names the document's role (weight of the mention).
        skill: share of the skills asked for that it holds or wants, weighted by how telling they are.
        focus: share of its own core skills that were asked for.
        lexical: share of the telling words that it contains.
        dense: cosine of the vectors, negative ones cut off.
    """

    title: float
    skill: float
    focus: float
    lexical: float
    dense: float

    def as_mapping(self) -> Mapping[str, float]:
        """Return feature name to value."""
        return {name: getattr(self, name) for name in self.__slots__}


def compute(intent: Intent, profile: Profile, cosine: float) -> Features:
    """Compute the features of one pair."""
    return Features(
        title=max(
            (intent.roles[role] for role in profile.roles if role in intent.roles), default=0.0
        ),
        skill=_skill(intent.skills, profile.skills),
        focus=_focus(intent.skills, profile.skills),
        lexical=_lexical(intent.tokens, profile.text),
        dense=max(0.0, cosine),
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
