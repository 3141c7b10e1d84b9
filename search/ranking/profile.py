"""What re-ranking knows about a document, whatever its kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from search.backends.base import Document
from search.text.frequencies import Frequencies
from taxonomies.catalogue import load_catalogue

#: What an optional skill of a role counts beside an essential one.
OPTIONAL = 0.6


@dataclass(frozen=True)
class Profile:
    """The comparable side of a document.

    Attributes:
        roles: row numbers (as text) that the document is or names.
        skills: skill id to weight 0-1.
        text: all tokens of the document, each between blanks.
        body: those of its running text.
        title: the tokens of its title to how telling they are.
    """

    roles: frozenset[str]
    skills: Mapping[str, float]
    text: str
    body: str
    title: Mapping[str, float]


def role_profile(number: int, text: str) -> Profile:
    """Return the profile of a catalogue row.

    Its title is left out: a row has dozens of titles, and `roles` says which of them were named.

    Args:
        number: the row.
        text: its tokens, each between blanks (`padded`).
    """
    return Profile(frozenset({str(number)}), _role_skills(number), text, text, {})


@cache
def _role_skills(number: int) -> Mapping[str, float]:
    role = load_catalogue().role(number)
    if role is None:
        raise KeyError(f"the catalogue has no row {number}")
    return {link.skill: 1.0 if link.relation == "essential" else OPTIONAL for link in role.skills}


def document_profile(document: Document, frequencies: Frequencies) -> Profile:
    """Return the profile of any other document, from what the index stored."""
    attributes = document.attributes
    title = dict.fromkeys(document.tokens.get("title", "").split())
    return Profile(
        roles=frozenset(str(value) for value in attributes.get("role", ())),
        skills={str(value): 1.0 for value in attributes.get("skill", ())},
        text=padded(*document.tokens.values()),
        body=padded(document.tokens.get("text", "")),
        title={token: frequencies.weight(token) for token in title},
    )


def padded(*tokens: str) -> str:
    """Join texts of tokens so that each token stands between blanks and can be found as a word."""
    return f" {' '.join(tokens)} "
