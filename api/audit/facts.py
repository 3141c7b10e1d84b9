"""Stored records as the audit's facts: who may be counted, and which row of the catalogue a vacancy is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.documents import build_document
from search.accounts.principal import PUBLIC_OWNER
from search.audit.from_records import (
    RoleLink,
    declared_link,
    seeker_fact,
    unknown_words,
    vacancy_fact,
)
from search.audit.inputs import SeekerFact, VacancyFact
from search.audit.unknown_words import WordFinder
from search.records.models import Candidate
from taxonomies.catalogue import load_catalogue

if TYPE_CHECKING:
    from search.backends.base import Document, SearchBackend
    from search.records.store import RecordStore
    from search.records.stored import Kind, StoredRecord

#: How likely the row is that a title names, where it names one.
NAMED = 0.9
#: Where it names several, one of which has more of the posting's skills than the others.
CHOSEN = 0.6

_BATCH = 500


@dataclass(frozen=True)
class Counted:
    """Whose people count besides those who agreed to be counted.

    Attributes:
        owners: offices, whose own records they are; in an installation without accounts everybody's.
    """

    owners: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, office_ids: Iterable[str], *, is_open: bool) -> Counted:
        """Return the rule of an installation.

        Args:
            office_ids: its offices.
            is_open: it has no accounts.
        """
        return cls(frozenset({*office_ids, *([PUBLIC_OWNER] if is_open else ())}))

    def has(self, stored: StoredRecord) -> bool:
        """Say whether a person counts: who agreed, and of an office's own who has not refused."""
        record = stored.record
        if not isinstance(record, Candidate):
            return False
        agreed = record.agrees_to("statistics")
        return stored.owner in self.owners if agreed is None else agreed


class Documents:
    """The index's documents of records: the index's own copy where it has the present one, else made anew.

    Args:
        index: gives the index where it is open; None where it is not.
    """

    def __init__(self, index: Callable[[], SearchBackend | None] = lambda: None) -> None:
        self._index = index

    def of(self, records: Iterable[StoredRecord]) -> dict[str, Document]:
        """Return the documents of records, by id of the record."""
        held = {f"{stored.kind}:{stored.id}": stored for stored in records}
        kept = self._kept(list(held))
        return {
            stored.id: kept[name]
            if name in kept and kept[name].sequence == stored.sequence
            else build_document(stored)
            for name, stored in held.items()
        }

    def _kept(self, doc_ids: list[str]) -> Mapping[str, Document]:
        index = self._index() if doc_ids else None
        if index is None:
            return {}
        try:
            return index.get(doc_ids)
        except (RuntimeError, OSError):
            return {}  # an index that fails is told of elsewhere; what is counted does not depend on it


def link_of(stored: StoredRecord, document: Document) -> RoleLink:
    """Return the row of a vacancy: the one declared, else the one that its title names.

    Of several rows of one title the one is taken with most of the posting's skills; where none has more
    than the others, each is as likely as the others.
    """
    declared = declared_link(stored)
    if declared.role is not None:
        return declared
    attributes = document.attributes
    named = [int(number) for number in attributes.get("role", ())]
    if len(named) < 2:
        return RoleLink(named[0], NAMED) if named else declared
    catalogue, skills = load_catalogue(), set(attributes.get("skill", ()))
    shared: dict[int, int] = {}
    for number in named:
        role = catalogue.role(number)
        shared[number] = len(skills & {link.skill for link in role.skills}) if role else 0
    first, second, *_ = sorted(named, key=lambda number: (-shared[number], number))
    if shared[first] > shared[second]:
        return RoleLink(first, CHOSEN)
    return RoleLink(first, 1 / len(named))


def vacancies_of(records: Iterable[StoredRecord], documents: Documents) -> Iterator[VacancyFact]:
    """Yield what is counted of stored vacancies."""
    held = list(records)
    # A declared row needs no document.
    made = documents.of(stored for stored in held if declared_link(stored).role is None)
    for stored in held:
        link = link_of(stored, made[stored.id]) if stored.id in made else declared_link(stored)
        yield vacancy_fact(stored, link)


def seekers_of(
    records: Iterable[StoredRecord], documents: Documents, finder: WordFinder
) -> Iterator[SeekerFact]:
    """Yield what is counted of stored candidates, read as the index reads them."""
    held = list(records)
    made = documents.of(held)
    for stored in held:
        yield seeker_fact(stored, made[stored.id], finder)


def all_facts(
    store: RecordStore, counted: Counted, documents: Documents
) -> tuple[tuple[VacancyFact, ...], tuple[SeekerFact, ...], frozenset[str]]:
    """Read all records, some at a time.

    Returns:
        Vacancies, the people who count, and the unknown words that these were read with.
    """
    vacancies = tuple(
        fact for batch in _batches(store, "vacancy") for fact in vacancies_of(batch, documents)
    )
    words = unknown_words(vacancies)
    finder = WordFinder.of(words)
    seekers = tuple(
        fact
        for batch in _batches(store, "candidate")
        for fact in seekers_of(filter(counted.has, batch), documents, finder)
    )
    return vacancies, seekers, words


def _batches(store: RecordStore, kind: Kind) -> Iterator[list[StoredRecord]]:
    """Yield the records of a kind that this release can read."""
    after = ""
    while changes := store.records_after(after, _BATCH, kind):
        yield [change.stored for change in changes if change.stored is not None]
        after = changes[-1].record_id
