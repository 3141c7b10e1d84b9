"""Codes that name nothing are found, wherever they stand."""

from __future__ import annotations

from search.records.models import Candidate, Vacancy, Wishes
from search.records.references import unknown_references


def test_known_codes_pass() -> None:
    wishes = Wishes(roles=(1, 92), regions=("330106", "110000"))
    assert list(unknown_references(Candidate(headline="a", region="330100", wishes=wishes))) == []
    assert list(unknown_references(Vacancy(title="a", role=9, region="330000"))) == []
    assert list(unknown_references(Vacancy(title="a"))) == []


def test_unknown_codes_are_named_with_their_place() -> None:
    wishes = Wishes(roles=(1, 93), regions=("330100", "999999"))
    found = unknown_references(Candidate(headline="a", region="000000", wishes=wishes))
    assert [(entry.field, entry.found) for entry in found] == [
        ("region", "000000"),
        ("wishes.regions.1", "999999"),
        ("wishes.roles.1", "93"),
    ]
    assert [entry.field for entry in unknown_references(Vacancy(title="a", role=500))] == ["role"]
