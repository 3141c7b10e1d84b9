"""Changes of a small set of records, of every sort: added, replaced, deleted, put back."""

from __future__ import annotations

from search.records.models import Candidate, Vacancy
from search.records.store import RecordStore

OWNER = "me"
#: Records with a key of their own, which are there before each round.
KEYS = [f"k{number}" for number in range(8)]


def settle(store: RecordStore, round_number: int) -> None:
    """Bring the records to what a round begins with, whatever the round before has left."""
    store.put_many(
        [Candidate(key=key, headline=f"zebra {key} {round_number}") for key in KEYS], OWNER
    )
    for record in store.page(limit=100).records:
        if record.key not in KEYS:
            store.delete(record.id)


def change(store: RecordStore, round_number: int) -> list[str]:
    """Make twelve changes and return the ids of those that were added and stay."""
    word = f"lion {round_number}"
    added = store.put_many(
        [Vacancy(title=f"{word} {number}", headcount=number + 1) for number in range(4)], OWNER
    )
    store.put_many([Candidate(key=key, headline=f"{word} {key}") for key in KEYS[:4]], OWNER)
    for key in KEYS[4:6]:
        delete(store, key)
    delete(store, KEYS[0])  # it was changed a moment ago
    # It comes back under an id of its own.
    again = store.put_by_key(Candidate(key=KEYS[4], headline=f"{word} again"), OWNER)
    return [*(put.id for put in added), again.id]


def change_a_little(store: RecordStore, round_number: int) -> str:
    """Make three changes more, also of what has just been changed; return the id that was added."""
    store.put_by_key(Candidate(key=KEYS[1], headline=f"tiger {round_number}"), OWNER)
    delete(store, KEYS[2])
    return store.add(Candidate(headline=f"tiger {round_number}"), OWNER).id


def delete(store: RecordStore, key: str) -> None:
    found = store.find_by_key(OWNER, "candidate", key)
    assert found is not None
    store.delete(found.id)
