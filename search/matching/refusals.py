"""A vacancy that asks for what it may not ask for is refused, with the words, the reason and the way out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from search.records.models import Vacancy
from search.text.refusals import Refusal, refused

__all__ = ["Refusal", "refusals_of"]


@lru_cache(maxsize=256)
def refusals_of(vacancy: Vacancy) -> tuple[tuple[str, Refusal], ...]:
    """Return what a vacancy may not ask for: the field (`text`, `skills[0].name`) and the refusal."""
    return tuple((field, refusal) for field, text in _texts(vacancy) for refusal in refused(text))


def _texts(vacancy: Vacancy) -> Iterator[tuple[str, str]]:
    yield "title", vacancy.title
    yield "text", vacancy.text
    for at, skill in enumerate(vacancy.skills):
        yield f"skills[{at}].name", skill.name
    for at, line in enumerate(vacancy.languages):
        yield f"languages[{at}]", line
