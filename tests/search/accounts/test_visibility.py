"""The owner rule: what each may see is the same in the index as in the records."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.documents import build_document, role_document
from search.accounts.principal import ANONYMOUS, OPEN, OPERATOR, Principal, Role, Standing
from search.accounts.visibility import audience_of, is_own, may_add, may_see, visible
from search.backends.filters import matches
from search.records.models import AnyRecord, Candidate, Consent, Vacancy
from search.records.stored import StoredRecord
from taxonomies.catalogue import load_catalogue

NOW = datetime(2026, 11, 30, tzinfo=UTC)
DAY = date(2026, 11, 1)


def member(role: Role, owner: str) -> Principal:
    organisation = owner if role in {Role.EMPLOYER, Role.OFFICE} else ""
    return Principal(Standing.SIGNED_IN, owner, role, "account", organisation)


def stored(record: AnyRecord, owner: str) -> StoredRecord:
    return StoredRecord("01JD0000000000000000000000", owner, 1, record, 1, NOW, NOW)


def profile(*agreed: str, withdrawn: tuple[str, ...] = (), status: str = "active") -> Candidate:
    consents = [Consent(purpose=purpose, given=DAY) for purpose in agreed]
    consents += [Consent(purpose=purpose, given=DAY, withdrawn=DAY) for purpose in withdrawn]
    return Candidate(headline="工程师", consents=tuple(consents), status=status)


OPEN_VACANCY, CLOSED = Vacancy(title="工程师"), Vacancy(title="工程师", status="closed")
AGREED = profile("matching", "statistics")

EVERYBODY = {
    "open": OPEN,
    "anonymous": ANONYMOUS,
    "operator": OPERATOR,
    "candidate": member(Role.CANDIDATE, "me"),
    "employer": member(Role.EMPLOYER, "a"),
    "office": member(Role.OFFICE, "o"),
    "admin": member(Role.ADMIN, "adm"),
}


@pytest.mark.parametrize(
    ("record", "owner", "seen_by"),
    [
        (AGREED, "other", {"operator", "employer", "office"}),
        (profile("matching"), "other", {"operator", "employer"}),
        (profile("statistics"), "other", {"operator", "office"}),
        (profile(), "other", {"operator"}),
        (profile("statistics", withdrawn=("matching",)), "other", {"operator"}),
        (profile("matching", status="paused"), "other", {"operator"}),
        (profile(), "me", {"operator", "candidate"}),
        (profile(), "a", {"operator", "employer"}),
        (OPEN_VACANCY, "b", {"operator", "candidate", "office"}),
        (CLOSED, "b", {"operator", "office"}),
        (CLOSED, "a", {"operator", "office", "employer"}),
        (OPEN_VACANCY, "public", {"operator", "open", "candidate", "office"}),
        (profile(), "public", {"operator", "open"}),
    ],
)
def test_who_sees_what(record: AnyRecord, owner: str, seen_by: set[str]) -> None:
    one = stored(record, owner)
    assert {name for name, who in EVERYBODY.items() if may_see(who, one)} == seen_by


# The first document reads the vocabulary.
@settings(deadline=None)
@given(
    st.sampled_from(sorted(EVERYBODY)),
    st.sampled_from([AGREED, profile(), profile("matching"), OPEN_VACANCY, CLOSED]),
    st.sampled_from(["me", "a", "b", "o", "adm", "public", "other"]),
)
def test_the_index_shows_what_the_records_show(name: str, record: AnyRecord, owner: str) -> None:
    who, one = EVERYBODY[name], stored(record, owner)
    assert matches(visible(who), build_document(one)) == may_see(who, one)
    if is_own(who, one):
        assert may_see(who, one)


def test_everybody_sees_the_catalogue() -> None:
    document = role_document(load_catalogue().roles[0])
    for who in EVERYBODY.values():
        assert matches(visible(who), document)


def test_a_closed_vacancy_and_a_silent_profile_have_no_audience_but_offices() -> None:
    assert audience_of(CLOSED) == ("offices",)
    assert audience_of(profile()) == ()


def test_who_may_add_what() -> None:
    allowed = {
        name: {kind for kind in ("candidate", "vacancy") if may_add(who, kind)}
        for name, who in EVERYBODY.items()
    }
    both = {"candidate", "vacancy"}
    assert allowed == {
        "open": both,
        "anonymous": set(),
        "operator": both,
        "candidate": {"candidate"},
        "employer": both,
        "office": both,
        "admin": set(),
    }


def test_nobody_without_a_name_owns_anything() -> None:
    assert not is_own(ANONYMOUS, stored(OPEN_VACANCY, "public"))
    assert not is_own(member(Role.EMPLOYER, "b"), stored(OPEN_VACANCY, "a"))
