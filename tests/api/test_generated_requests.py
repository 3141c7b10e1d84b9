"""Requests that are made up from the published schema: each is answered as the schema says.

Every operation of `/v1` gets valid and broken requests, the same ones in every run. An answer must
have a status, a media type and a body that the schema knows, must be no 5xx and must come in time.
BOLE_TEST_EXAMPLES=700 makes so many of each kind for each operation (`make fuzz`).
"""

from __future__ import annotations

import copy
import os
import time
import uuid

import pytest
import requests
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.app import create_app
from api.assembly import Bole
from api.settings import Settings

EXAMPLES = int(os.environ.get("BOLE_TEST_EXAMPLES", "16"))
#: Longest that an answer may take, in seconds: far beyond what is usual, even on a busy machine.
SECONDS_AT_MOST = 20.0
DESCRIBED = create_app(Bole(Settings())).openapi()
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
#: What a path names, by the collection that it is in.
NEW = {
    "candidates": {"headline": "Java engineer", "skills": [{"name": "Java"}]},
    "vacancies": {"title": "Java engineer"},
    "saved-searches": {"name": "", "criteria": {"text": "Java", "target": "candidates"}},
}


def with_known_codes(part):
    """Return a schema in which the examples of a code are offered beside what else it could be.

    Codes are plain text to the schema; made up ones would nearly all be refused.
    """
    if isinstance(part, list):
        return [with_known_codes(entry) for entry in part]
    if not isinstance(part, dict):
        return part
    if part.get("examples") and part.get("type") in {"string", "integer"}:
        known = {"enum": part["examples"]}
        return {"anyOf": [known, {k: v for k, v in part.items() if k != "examples"}]}
    return {key: with_known_codes(member) for key, member in part.items()}


def published(described, examples=EXAMPLES, *, covers=True):
    """Return the schema of `/v1` with how requests are to be made from it.

    `covers`: whether each parameter is brought to its limits in turn, which makes hundreds for some routes.
    """
    generation = {"max-examples": examples, "deterministic": True, "no-shrink": True}
    config = schemathesis.Config.from_dict(
        {
            "seed": 1,
            "generation": generation,
            "phases": {"coverage": {"enabled": covers}},
            "suppress-health-check": ["all"],
        }
    )
    return schemathesis.openapi.from_dict(with_known_codes(described), config=config)


def published_examples(described):
    """Return the examples of the bodies, by operation."""
    found = {}
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {})
            name = content.get("application/json", {}).get("schema", {}).get("$ref", "")
            if name:
                model = described["components"]["schemas"][name.rpartition("/")[2]]
                found[f"{method.upper()} {path}"] = model["examples"]
    return found


SCHEMA = published(DESCRIBED)
EXAMPLES_OF = published_examples(DESCRIBED)


def record_of(client, kind):
    """Store what a path can name, and return its id and its ETag."""
    body = NEW[kind] | ({"name": uuid.uuid4().hex} if kind == "saved-searches" else {})
    answer = client.post(f"/v1/{kind}", json=body)
    if answer.status_code == 409:  # as many saved searches as there can be
        entries = client.get(f"/v1/{kind}", params={"limit": 100}).json()["items"]
        for entry in entries:
            client.delete(entry["url"], headers={"If-Match": "*"})
        answer = client.post(f"/v1/{kind}", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"], answer.headers["etag"]


def stay_near_an_example(case, turn):
    """Let a body differ from a published example in one member: nearly all others are refused."""
    examples = EXAMPLES_OF.get(case.operation.label)
    if not examples or not isinstance(case.body, dict) or not case.body:
        return
    name = sorted(case.body, key=str)[turn % len(case.body)]
    case.body = {**examples[turn % len(examples)], name: case.body[name]}


def name_what_is_there(client, case):
    """Let a request to a record name one that is there, at the version that it has."""
    parameter = next((name for name in ("record_id", "search_id") if name in case.path), None)
    if parameter is None:
        return
    found, tag = record_of(client, case.path.split("/")[2])
    case.path_parameters = {**case.path_parameters, parameter: found}
    if case.method in {"PUT", "DELETE"}:
        case.headers["if-match"] = tag


def send(client, case):
    """Send a request as it was made up, byte by byte, and return the answer."""
    asked = requests.Request(**case.as_transport_kwargs(base_url="http://testserver")).prepare()
    return client.request(
        asked.method, asked.url, content=asked.body or b"", headers=dict(asked.headers)
    )


def test_the_checks_can_fail(filled_client):
    described = copy.deepcopy(DESCRIBED)
    operation = described["paths"]["/v1/search"]["post"]
    for responses in (operation["responses"], {"200": operation["responses"]["200"]}):
        operation["responses"] = responses
        case = published(described)["/v1/search"]["POST"].Case(body={"text": ""})
        answer = filled_client.post("/v1/search", json=case.body)
        if len(responses) > 1:
            case.validate_response(answer, checks=CHECKS)
        else:
            with pytest.raises(FailureGroup, match="Undocumented status code"):
                case.validate_response(answer, checks=CHECKS)


@SCHEMA.parametrize()
def test_a_made_up_request_is_answered_as_published(case, filled_client, tally):
    label = case.operation.label
    turn = sum(count for (named, _), count in tally.items() if named == label)
    # Every other one: the others name records that there are not, and are anything at all.
    if turn % 2:
        name_what_is_there(filled_client, case)
        stay_near_an_example(case, turn)
    begun = time.monotonic()
    answer = send(filled_client, case)
    took = time.monotonic() - begun
    tally[label, answer.status_code] += 1
    case.validate_response(answer, checks=CHECKS)
    assert took < SECONDS_AT_MOST, f"{label} took {took:.1f} s"
