"""The two sides of a match, as the scores see them: what is asked for, and what somebody brings.

Neither has a field for a name, sex, age, birth date, photo, ethnicity, origin, marital or family state;
what a profile's text says of these is blanked before it is indexed (`search.text.protected`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from search.backends.base import Document
from search.matching.requirements import Requirement
from search.ranking.profile import padded
from search.text.frequencies import Frequencies

#: Tokens of a posting that are looked for in a profile; the most telling ones say it all.
MOST_TOKENS = 48


@dataclass(frozen=True, slots=True)
class Wanted:
    """Tokens that are looked for in many texts.

    Attributes:
        weights: token to how telling it is.
        total: the sum of the weights.
    """

    weights: Mapping[str, float]
    total: float

    @classmethod
    def of(cls, weights: Mapping[str, float]) -> Wanted:
        """Make tokens ready."""
        return cls(weights, sum(weights.values()))

    def share(self, text: str) -> float:
        """Return what share of the weight a text of tokens between blanks holds; 0-1."""
        words = self.weights.keys() & text.split()
        held = [weight for token, weight in self.weights.items() if token in words]
        return sum(held) / (self.total or 1.0)


@dataclass(frozen=True, slots=True)
class Demand:
    """What a vacancy asks for and offers.

    Attributes:
        requirements: see `search.matching.requirements`.
        roles: row numbers (as text) that it is.
        title: tokens of its title to how telling they are.
        tokens: the most telling tokens of title and text to their weight.
        regions: where the work is, with the regions it lies in; empty when not said.
        pay: yuan a month, the most it offers; None when not said.
        employment: form of employment, or "".
    """

    requirements: tuple[Requirement, ...]
    roles: frozenset[str]
    title: Wanted
    tokens: Wanted
    regions: frozenset[str]
    pay: float | None
    employment: str


@dataclass(frozen=True, slots=True)
class Supply:
    """What a candidate brings and wishes.

    Attributes:
        skills: concepts stated or named.
        roles: row numbers (as text) that headline, work or wishes name.
        title: tokens of headline and positions held, each between blanks.
        text: all tokens, each between blanks.
        years: of experience; None when not said.
        education: rank of the highest level; None when not said.
        languages: concepts.
        regions: where the person is or would go, with the regions these lie in.
        residence: where the person is, likewise.
        wished_roles, wished_regions, wished_pay, wished_employment: what is looked for; empty or
            None when left open.
    """

    skills: frozenset[str]
    roles: frozenset[str]
    title: str
    text: str
    years: float | None
    education: float | None
    languages: frozenset[str]
    regions: frozenset[str]
    residence: frozenset[str]
    wished_roles: frozenset[str]
    wished_regions: frozenset[str]
    wished_pay: float | None
    wished_employment: frozenset[str]


def demand_of(
    document: Document, requirements: tuple[Requirement, ...], frequencies: Frequencies
) -> Demand:
    """Return the demand of a vacancy.

    Args:
        document: of the vacancy, as it is indexed.
        requirements: what it asks for.
        frequencies: token weights.
    """
    title = _weighted(document.tokens.get("title", ""), frequencies)
    text = _weighted(document.tokens.get("text", ""), frequencies)
    telling = sorted((text | title).items(), key=lambda item: (-item[1], item[0]))
    pay = [float(value) for value in document.attributes.get("pay_monthly_yuan", ())]
    return Demand(
        requirements=requirements,
        roles=_names(document, "role"),
        title=Wanted.of(title),
        tokens=Wanted.of(dict(telling[:MOST_TOKENS])),
        regions=_names(document, "region"),
        pay=max(pay, default=None),
        employment=next(iter(sorted(_names(document, "employment"))), ""),
    )


def supply_of(document: Document) -> Supply:
    """Return the supply of a candidate, from its document alone."""
    return Supply(
        skills=_names(document, "skill"),
        roles=_names(document, "role"),
        title=padded(document.tokens.get("title", "")),
        text=padded(*document.tokens.values()),
        years=_number(document, "years"),
        education=_number(document, "education"),
        languages=_names(document, "language"),
        regions=_names(document, "region"),
        residence=_names(document, "residence"),
        wished_roles=_names(document, "wished_role"),
        wished_regions=_names(document, "wished_region"),
        wished_pay=_number(document, "pay_monthly_yuan"),
        wished_employment=_names(document, "employment"),
    )


def _weighted(tokens: str, frequencies: Frequencies) -> dict[str, float]:
    return {token: frequencies.weight(token) for token in dict.fromkeys(tokens.split())}


def _names(document: Document, field: str) -> frozenset[str]:
    # What a keyword field holds is text; `check_document` sees to it.
    return frozenset(cast("tuple[str, ...]", document.attributes.get(field, ())))


def _number(document: Document, field: str) -> float | None:
    values = document.attributes.get(field)
    return max(map(float, values)) if values else None
