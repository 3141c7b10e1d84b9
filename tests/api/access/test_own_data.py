"""Whoever asks for everything about themselves gets everything: no table is forgotten."""

from __future__ import annotations

from api.own_data import EXPORTED, NOT_EXPORTED
from search.records import account_tables
from search.records.tables import METADATA

#: Columns by which a row belongs to a person.
BY = {"record_id", "candidate_id", "account_id", "owner", "email", "asked_by"}


def test_every_table_about_people_is_exported_or_said_not_to_be():
    assert account_tables.ACCOUNT.metadata is METADATA
    personal = {
        table.name for table in METADATA.sorted_tables if BY & {column.name for column in table.c}
    }
    assert personal == EXPORTED.keys() | NOT_EXPORTED.keys()
    assert not EXPORTED.keys() & NOT_EXPORTED.keys()


def test_the_export_has_what_it_says(installation):
    body = installation.ask("candidate", "GET", "/v1/me/data").json()
    for place in EXPORTED.values():
        found = body
        for part in place.split("."):
            found = found[part]
            if isinstance(found, list):
                found = found[0] if found else {"contact": 1, "read_by": 1, "alerts": 1}


def test_what_came_of_applications_is_in_it(own_installation):
    ids, ask = own_installation.ids, own_installation.ask
    body = {"vacancy_id": ids["open_a"], "candidate_id": ids["agreed"], "stage": "interviewed"}
    assert ask("hr_a", "POST", "/v1/outcomes", json=body).status_code == 201
    (told,) = ask("candidate", "GET", "/v1/me/data").json()["outcomes"]
    assert (told["vacancy_id"], told["stage"]) == (ids["open_a"], "interviewed")
    assert ask("other", "GET", "/v1/me/data").json()["outcomes"] == []
