"""Requests made up from the published schema, sent with a key in an installation with accounts.

tests/api/test_generated_requests.py sends them to an open installation, where everything may be done. Here an
employer and a job seeker send them, and most of what they name is somebody else's. Only what a route says
of itself may be answered, no matter who asks.
"""

from __future__ import annotations

import time
import uuid

import pytest

from search.accounts.principal import Scope
from search.records.identifiers import new_id
from tests.api.test_generated_requests import (
    CHECKS,
    DESCRIBED,
    EXAMPLES,
    NEW,
    SECONDS_AT_MOST,
    published,
    send,
    stay_near_an_example,
)

#: `make fuzz` sends each role what it sends to an open installation; a test run some hundreds.
SCHEMA = published(DESCRIBED, max(EXAMPLES // 2, 1), covers=EXAMPLES >= 100)


@pytest.fixture(scope="module")
def somebody(own_installation):
    """Keys of those who ask, and what is there to be named: their own, and others'."""
    bole, ids = own_installation.bole, dict(own_installation.ids)
    hr_a = own_installation.accounts["hr_a"].principal
    ids["request"] = bole.contacts.ask(hr_a, ids["open_a"], ids["agreed"], "").id
    ids["job"] = bole.import_jobs.add(
        hr_a.owner, hr_a.account_id, "vacancy", "x.csv", b"title\nJava\n", {}
    ).id
    keys = {who: own_installation.key(who) for who in ("candidate", "hr_a")}
    return ids, keys


def named(installation, ids, key, case, turn):
    """Let a request name something that is there: the sender's own, somebody else's, or nothing."""
    kind = case.path.split("/")[2]
    parameter = next(
        (p for p in ("record_id", "search_id", "request_id", "job_id") if p in case.path), None
    )
    if parameter is None:
        return
    kept = {
        "candidates": ("agreed", "other", "silent", "pool_a"),
        "vacancies": ("open_a", "open_b", "closed_a"),
    }
    found, tag = ids.get(parameter.removesuffix("_id"), new_id()), '"1"'
    if kind in kept and (case.method == "GET" or turn % 4 == 1):
        found = ids[kept[kind][turn % len(kept[kind])]]
    elif kind in NEW:
        body = NEW[kind] | ({"name": uuid.uuid4().hex} if kind == "saved-searches" else {})
        answer = installation.client.post(
            f"/v1/{kind}", json=body, headers={"Authorization": f"Bearer {key}"}
        )
        if answer.status_code == 201:
            found, tag = answer.json()["id"], answer.headers["etag"]
    if case.method in {"PUT", "DELETE"}:
        # What both send about stays as it is.
        case.headers["if-match"] = '"77"' if found in ids.values() else tag
    case.path_parameters = {**case.path_parameters, parameter: found}


@pytest.mark.parametrize("who", ["candidate", "hr_a"])
@SCHEMA.parametrize()
def test_a_made_up_request_is_answered_as_published(case, who, own_installation, somebody, tally):
    ids, keys = somebody
    label = case.operation.label
    turn = sum(count for (name, _), count in tally.items() if name == f"{who} {label}")
    key = keys[who]
    if label == "DELETE /v1/me":  # who is erased asks nothing any more
        key = own_installation.key(who, [Scope.READ])
    if turn % 2:
        named(own_installation, ids, key, case, turn)
        stay_near_an_example(case, turn)
    case.headers["authorization"] = f"Bearer {key}"
    begun = time.monotonic()
    answer = send(own_installation.client, case)
    took = time.monotonic() - begun
    tally[f"{who} {label}", answer.status_code] += 1
    assert answer.status_code != 401
    case.validate_response(answer, checks=CHECKS)
    assert took < SECONDS_AT_MOST, f"{label} took {took:.1f} s"
