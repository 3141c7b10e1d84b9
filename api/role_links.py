"""The catalogue role of a vacancy: the one that it declares, else the one that it is most likely to be."""

from __future__ import annotations

from functools import lru_cache

from api.access import Access
from api.notices import words
from api.search_answers import evidence_item
from api.v1.match_schemas import LinkedRole
from search.models import Target
from search.ranking.results import SearchRequest
from search.records.models import Vacancy
from search.text.reading import read
from taxonomies.catalogue import load_catalogue

#: Characters of a posting that a role is looked for by; its beginning says what the job is.
LONGEST_READ = 2_000


def role_of(access: Access, vacancy: Vacancy) -> LinkedRole | None:
    """Return the role of a vacancy; None where none of the catalogue's is likely.

    The confidence is the score of a search for roles, which is the chance that a judge would call the
    role relevant (docs/ranking.md).
    """
    if vacancy.role is not None:
        role = load_catalogue().role(vacancy.role)
        if role is None:
            return None  # another release had it
        return LinkedRole(
            number=role.number,
            title=words(role.title),
            is_declared=True,
            confidence=1.0,
            evidence=[],
        )
    return _linked(access, f"{vacancy.title}\n{vacancy.text}"[:LONGEST_READ])


@lru_cache(maxsize=1024)
def _linked(access: Access, text: str) -> LinkedRole | None:
    result = access.search.search(SearchRequest(read(text), Target.ROLES, limit=1))
    if not result.has_match:
        return None
    hit = result.hits[0]
    role = load_catalogue().roles[int(hit.doc_id.removeprefix("role:")) - 1]
    return LinkedRole(
        number=role.number,
        title=words(role.title),
        is_declared=False,
        confidence=round(hit.score / 100, 3),
        evidence=[evidence_item(item) for item in hit.evidence],
    )
