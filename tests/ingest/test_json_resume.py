"""JSON Resume both ways: what we write we read again, what others write is read as far as it goes."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings

from ingest.json_documents import MOST_BYTES, DocumentError
from ingest.json_resume import from_json_resume, to_json_resume
from search.accounts.contacts import Contact
from search.records.models import Candidate
from tests.ingest.exports.records import candidates, contacts
from tests.ingest.tables.sheets import words_in

RESUME = {
    "$schema": "https://example.com/schema.json",
    "basics": {
        "name": "Sample Name",
        "label": "Java engineer",
        "image": "photo.jpg",
        "email": "a@example.com",
        "phone": "+86 571 0000",
        "url": "https://example.com",
        "summary": "Back ends.",
        "location": {"city": "Hangzhou", "countryCode": "CN"},
        "profiles": [{"network": "x"}],
    },
    "work": [
        {
            "name": "Sample Company",
            "position": "Architect",
            "startDate": "2021-03-15",
            "summary": "Led.",
            "highlights": ["One", "Two"],
        },
        {
            "company": "Old Company",
            "position": "Engineer",
            "startDate": "2018",
            "endDate": "2021-02",
        },
        {"name": "No position"},
        "nonsense",
    ],
    "education": [
        {
            "institution": "Sample University",
            "area": "Software",
            "studyType": "Bachelor",
            "startDate": "2014",
        },
        {"institution": "A course", "studyType": "Bootcamp"},
    ],
    "skills": [
        {"name": "Web", "level": "Master", "keywords": ["HTML", "CSS"]},
        {"name": "SQL", "level": "?"},
        {},
    ],
    "languages": [{"language": "English", "fluency": "Fluent"}, {"fluency": "?"}],
    "certificates": [{"name": "CET-6", "date": "2013"}],
    "interests": [{"name": "Chess"}],
    "unknown": {"a": 1},
}


def read(document):
    return from_json_resume(json.dumps(document).encode())


def refusal(data):
    with pytest.raises(DocumentError) as caught:
        from_json_resume(data)
    return caught.value


def test_a_resume_as_others_write_it():
    candidate, contact = read(RESUME)
    assert contact == Contact("Sample Name", "+86 571 0000", "a@example.com")
    assert candidate == Candidate.model_validate(
        {
            "headline": "Java engineer",
            "summary": "Back ends.",
            "region": "330100",
            "skills": [
                {"name": "HTML", "level": "expert"},
                {"name": "CSS", "level": "expert"},
                {"name": "SQL"},
            ],
            "work": [
                {
                    "title": "Architect",
                    "employer": "Sample Company",
                    "start": "2021-03",
                    "summary": "Led.\nOne\nTwo",
                },
                {"title": "Engineer", "employer": "Old Company", "end": "2021-02"},
            ],
            "education": [
                {"level": "bachelor", "school": "Sample University", "subject": "Software"}
            ],
            "languages": ["English (Fluent)"],
            "certificates": ["CET-6"],
        }
    )


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(candidates, contacts)
def test_what_is_written_is_read_again(candidate, contact):
    document = to_json_resume(candidate, contact)
    assert read(document) == (candidate, contact)


def test_without_a_contact_nobody_is_named():
    candidate, _ = read(RESUME)
    written = json.dumps(to_json_resume(candidate, None))
    assert "Sample Name" not in written and "@" not in written


def test_consents_stay_where_they_were_given():
    candidate = Candidate.model_validate(
        {"headline": "a", "consents": [{"purpose": "matching", "given": "2026-01-01"}]}
    )
    assert "consent" not in json.dumps(to_json_resume(candidate, None))


def test_a_headline_may_come_from_the_work():
    candidate, _ = read({"basics": {"name": "x"}, "work": [{"position": "Architect"}]})
    assert candidate.headline == "Architect"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (b"\xff\xfe", "not_json"),
        (b"[]", "not_json_resume"),
        (b"{}", "not_json_resume"),
        (b'{"basics": []}', "not_json_resume"),
        (b'{"basics": {}}', "no_headline"),
        (b'{"basics": {"label": 5}}', "no_headline"),
        (b"[" * 100_000, "too_deep"),
        (b" " * (MOST_BYTES + 1), "too_large"),
        (b"1" * 10_000, "not_json"),
        (b'{"basics": {"label": "a"}, "x-bole": {"status": "gone"}}', "invalid"),
        (b'{"basics": {"label": "a"}, "x-bole": {"wishes": {"roles": [999]}}}', "invalid"),
        (b'{"basics": {"label": "\\ud800"}}', "invalid"),
        (b'{"basics": {"label": "' + b"a" * 400 + b'"}}', "invalid"),
        (b'{"basics": {"label": "a"}, "skills": [{"name": "a", "x-years": 1e400}]}', "invalid"),
    ],
    ids=range(16),
)
def test_a_resume_that_cannot_be_taken(data, code):
    error = refusal(data)
    assert error.code == code
    for lang in ("zh", "en"):
        assert "{" not in words_in(lang)(f"document.refused.{code}", **error.params)
