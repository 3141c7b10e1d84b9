"""Whose people count, and with which facts."""

from __future__ import annotations

from datetime import UTC, date, datetime

from api.audit.facts import Counted, Documents, seekers_of
from search.audit.unknown_words import WordFinder
from search.records.models import Candidate, Consent
from search.records.stored import StoredRecord

STORED = datetime(2026, 5, 31, 16, 30, tzinfo=UTC)


def test_who_withdrew_consent_is_not_counted() -> None:
    given = date(2026, 1, 1)

    def person(name, purpose, withdrawn):
        consent = Consent(purpose=purpose, given=given, withdrawn=withdrawn)
        record = Candidate(headline="a", consents=(consent,))
        return StoredRecord(name, "o", 1, record, 1, STORED, STORED)

    people = [
        person("a", "statistics", None),
        person("b", "statistics", given),
        person("c", "matching", given),
    ]
    counted = Counted.of(["o"], is_open=False)
    seekers = seekers_of(filter(counted.has, people), Documents(), WordFinder())
    assert [(one.id, one.active) for one in seekers] == [("a", True), ("c", False)]
    # Of others only who agreed counts.
    assert [one.id for one in people if Counted.of((), is_open=False).has(one)] == ["a"]
