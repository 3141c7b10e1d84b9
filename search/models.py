"""What is asked and what is answered, independent of any index or interface."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Target(StrEnum):
    """What a search looks for."""

    ROLES = "roles"
    VACANCIES = "vacancies"
    CANDIDATES = "candidates"

    @property
    def kind(self) -> str:
        """The value of the `kind` attribute of the documents searched."""
        return {"roles": "role", "vacancies": "vacancy", "candidates": "candidate"}[self.value]


class Strength(StrEnum):
    """How strongly a condition is meant."""

    REQUIRED = "required"
    FAVOURED = "favoured"
    OPTIONAL = "optional"
    BANNED = "banned"


class Aspect(StrEnum):
    """What a condition is about."""

    SKILL = "skill"
    TITLE = "title"
    PLACE = "place"
    YEARS = "years"
    EDUCATION = "education"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the text as the user wrote it: `text[start:end]`, in code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mention:
    """One condition that was read out of a text.

    Attributes:
        aspect: what it is about.
        value: skill id, row number, region code, education level id, or a number of years.
        strength: how strongly it is meant.
        span: where it stands; None when a client sent it without a text.
        quote: the words as written.
        confidence: 0-1; 1 for a label found as it is.
        via: `label`, `pinyin` or `typo`: how the words led to the value.
        at_most: upper bound of years, where a range was written.
        meant: the label that the words were taken for, where they were corrected.
    """

    aspect: Aspect
    value: str
    strength: Strength = Strength.FAVOURED
    span: Span | None = None
    quote: str = ""
    confidence: float = 1.0
    via: str = "label"
    at_most: float | None = None
    meant: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text was understood.

    Attributes:
        text: the text as given, or "" when only conditions were sent.
        lang: `zh`, `en` or `mixed`: the language it is written in.
        mentions: conditions in the order of the text.
    """

    text: str
    lang: str
    mentions: tuple[Mention, ...] = ()

    def of(self, aspect: Aspect) -> tuple[Mention, ...]:
        """Return the mentions about one aspect."""
        return tuple(mention for mention in self.mentions if mention.aspect is aspect)
