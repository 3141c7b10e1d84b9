"""What a person can ask about themselves: all that is kept, who read it, and what they agreed to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, Literal

from api.access import Access
from search.accounts.principal import Scope
from search.records.models import Candidate, Consent
from search.records.stored import StoredRecord

Purpose = Literal["matching", "contact", "statistics"]
PURPOSES: tuple[Purpose, ...] = ("matching", "contact", "statistics")

#: Version of the texts that people agree to (`consent.*` of the locale files).
CONSENT_TEXT = "2026-11"

#: Tables that hold something about a person, and where the export has it: a test compares this with the
#: tables that there are.
EXPORTED: Mapping[str, str] = {
    "record": "profiles",
    "contact_detail": "profiles.contact",
    "contact_request": "contact_requests",
    "access_log": "profiles.read_by",
    "account": "account",
    "api_key": "account.api_keys",
    "saved_search": "saved_searches",
    "alert": "saved_searches.alerts",
    "outcome": "outcomes",
}
#: Tables that name a person by id and are not in it, and why.
NOT_EXPORTED: Mapping[str, str] = {
    "session": "hashes of tokens; they say when somebody was last here, and go within a day",
    "declaration": "demand for an occupation that an organisation declares; nothing of a person",
    "import_job": "files on their way in, of organisations; they go within a day",
    "erasure": "proofs of who is gone",
    "outbox": "numbers of changes, without content",
}


def export(access: Access) -> dict[str, Any]:
    """Return everything that is kept about the caller, ready to be written as JSON.

    Raises:
        Problem: 401 for who is not signed in, 403 for a key without the scope.
    """
    access.require(Scope.EXPORT)
    if not access.who.is_signed_in:
        raise access.refusal()
    bole, who = access.bole, access.who
    account = bole.accounts.get(who.account_id)
    searches = bole.saved_searches.page(who.owner, limit=100).searches
    return {
        "account": {
            "id": account.id,
            "email": account.email,
            "name": account.name,
            "role": account.role.value,
            "organisation": account.organisation.name if account.organisation else None,
            "created_at": account.created_at.isoformat(),
            "api_keys": [_plain(asdict(key)) for key in bole.api_keys.of(account.id)],
        },
        "profiles": [_profile(access, stored) for stored in profiles(access)],
        "contact_requests": [
            _plain(asdict(request)) for request in bole.contacts.of_candidates(who.owner)
        ],
        "outcomes": [
            _plain(asdict(one.outcome)) | {"recorded_at": one.at.isoformat()}
            for one in bole.audit_stores.outcomes.of_candidates(who.owner)
        ],
        "saved_searches": [
            _plain(asdict(search))
            | {
                "alerts": [
                    _plain(asdict(alert)) for alert in bole.saved_searches.alerts(search.id).alerts
                ]
            }
            for search in searches
        ],
    }


def profiles(access: Access) -> list[StoredRecord]:
    """Return the caller's own profiles."""
    return list(access.bole.store.page("candidate", owner=access.who.owner, limit=1000).records)


def with_consents(candidate: Candidate, wanted: Mapping[Purpose, bool], today: date) -> Candidate:
    """Return a profile whose consents are as wanted; what held before is kept as history.

    Args:
        candidate: as it is.
        wanted: purpose to whether it is agreed to from now on.
        today: the day on which that is.
    """
    consents = list(candidate.consents)
    for purpose, is_given in wanted.items():
        holds = candidate.agrees_to(purpose)
        if is_given and not holds:
            consents.append(Consent(purpose=purpose, given=today, text_version=CONSENT_TEXT))
        elif not is_given and holds is not False:
            consents = [
                consent.model_copy(update={"withdrawn": today})
                if consent.purpose == purpose and consent.withdrawn is None
                else consent
                for consent in consents
            ]
    return candidate.model_copy(update={"consents": tuple(consents[-20:])})


def _profile(access: Access, stored: StoredRecord) -> dict[str, Any]:
    bole = access.bole
    return {
        "id": stored.id,
        "created_at": stored.created_at.isoformat(),
        "updated_at": stored.updated_at.isoformat(),
        "record": stored.record.model_dump(mode="json"),
        "contact": asdict(bole.contacts.details(stored.id)),
        "read_by": [_plain(asdict(entry)) for entry in bole.access_log.of_record(stored.id)],
    }


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Return values that JSON has."""
    return {name: _value(value) for name, value in values.items()}


def _value(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, frozenset | set):
        return sorted(value)
    return list(value) if isinstance(value, tuple) else value
