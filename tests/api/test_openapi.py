"""The published schema is true: its examples work, its fields are described, its errors are problems."""

from __future__ import annotations

import pytest

from api.v1.schema_base import examples


@pytest.fixture(scope="module")
def schema(client):
    return client.get("/v1/openapi.json").json()


@pytest.mark.parametrize(
    ("model", "address"),
    [
        ("SearchBody", "/v1/search"),
        ("MatchBody", "/v1/match"),
        ("CandidateBody", "/v1/candidates"),
        ("VacancyBody", "/v1/vacancies"),
        ("SavedSearchBody", "/v1/saved-searches"),
        ("SnapshotBody", "/v1/audit/snapshots"),
        ("DeclarationBody", "/v1/declarations"),
    ],
)
def test_the_examples_are_true(client, schema, model, address):
    published = schema["components"]["schemas"][model]["examples"]
    assert published == examples(model)
    for example in published:
        assert client.post(address, json=example).status_code in {200, 201}


def test_every_field_is_described(schema):
    bare = [
        f"{name}.{field}"
        for name, model in schema["components"]["schemas"].items()
        for field, entry in model.get("properties", {}).items()
        if not entry.get("description")
    ]
    assert bare == []


def test_every_parameter_is_described(schema):
    bare = [
        f"{path} {parameter['name']}"
        for path, operations in schema["paths"].items()
        for operation in operations.values()
        for parameter in operation.get("parameters", [])
        if not parameter.get("description")
    ]
    assert bare == []


def test_errors_are_problems_and_nothing_else(schema):
    assert "HTTPValidationError" not in schema["components"]["schemas"]
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if int(status) >= 400 and path != "/v1/ready":
                    assert list(response["content"]) == ["application/problem+json"]


def test_the_paths_are_those_that_were_agreed(schema):
    assert set(schema["paths"]) == {
        "/v1/search", "/v1/match", "/v1/roles", "/v1/roles/{number}", "/v1/skills", "/v1/skills/{skill_id}",
        "/v1/regions", "/v1/benefits", "/v1/benefits/facts", "/v1/benefits/check", "/v1/benefits/{benefit_id}",
        "/v1/candidates", "/v1/candidates/{record_id}", "/v1/candidates/{record_id}/contact", "/v1/contact-requests",
        "/v1/contact-requests/{request_id}/answer", "/v1/exports/candidates", "/v1/exports/vacancies", "/v1/imports",
        "/v1/imports/template", "/v1/imports/{job_id}", "/v1/imports/{job_id}/run", "/v1/imports/{job_id}/cancel",
        "/v1/imports/{job_id}/corrected", "/v1/me", "/v1/me/data", "/v1/read/postings",
        "/v1/read/profile",
        "/v1/vacancies", "/v1/vacancies/{record_id}", "/v1/audit/demand", "/v1/audit/drill", "/v1/audit/snapshots",
        "/v1/audit/snapshots/{snapshot_id}", "/v1/audit/snapshots/{snapshot_id}/verification", "/v1/audit/compare",
        "/v1/audit/forecast", "/v1/audit/targets", "/v1/audit/proposals", "/v1/audit/published",
        "/v1/outcomes", "/v1/declarations", "/v1/declarations/{declaration_id}",
        "/v1/declarations/{declaration_id}/act",
        "/v1/saved-searches", "/v1/saved-searches/{search_id}", "/v1/saved-searches/{search_id}/alerts",
        "/v1/saved-searches/{search_id}/seen", "/v1/health", "/v1/ready",
    }  # fmt: skip
