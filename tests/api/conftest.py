"""A real application over a real store and index, shared by the tests of the HTTP interface."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.assembly import Bole
from api.settings import Settings
from ingest.samples.candidates import generate_candidates
from ingest.samples.vacancies import generate_vacancies
from search.accounts.principal import PUBLIC_OWNER
from tests.waiting import wait_until

AS_OF = date(2026, 11, 24)


@pytest.fixture(scope="session")
def client(tmp_path_factory):
    """Talk to an application whose lifespan runs; wait until its index is ready."""
    bole = Bole(Settings(data_dir=tmp_path_factory.mktemp("api"), as_of=AS_OF))
    with TestClient(create_app(bole), raise_server_exceptions=False) as client:
        wait_until(lambda: client.get("/v1/ready").status_code == 200)
        yield client


@pytest.fixture
def problem():
    """Check the one shape of errors and return it."""
    return check_problem


def check_problem(response, status):
    assert response.status_code == status, response.text[:500]
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert set(body) == {"type", "title", "status", "detail", "request_id", "errors"}
    assert body["status"] == status
    assert body["type"].startswith("/problems/")
    assert body["request_id"] == response.headers["x-request-id"]
    for error in body["errors"]:
        assert set(error) == {"in", "field", "found", "message"}
        assert error["field"]
        assert error["message"]
    return body


@pytest.fixture
def eventually():
    """Wait for what the projector does in its own time."""
    return wait_until


@pytest.fixture(scope="module")
def filled_client(tmp_path_factory):
    """Talk to an application of a module's own, with some records, to be filled and emptied at will."""
    folder = tmp_path_factory.mktemp("filled")
    # The static model: it makes an index in seconds.
    bole = Bole(Settings(data_dir=folder, as_of=AS_OF, embedding_model="static"))
    for record in (*generate_candidates(40, seed=5), *generate_vacancies(20, seed=5)):
        bole.store.add(record, PUBLIC_OWNER)
    with TestClient(create_app(bole), raise_server_exceptions=False) as client:
        wait_until(lambda: client.get("/v1/ready").status_code == 200, 180.0)
        yield client


@pytest.fixture(scope="module")
def tally(request):
    """Count made up requests by operation and status, and say in the end how many there were."""
    found = Counter()
    yield found
    by_status = Counter()
    for (_, status), count in found.items():
        by_status[status] += count
    told = ", ".join(f"{status}: {count}" for status, count in sorted(by_status.items()))
    operations = len({label for label, _ in found})
    capture = request.config.pluginmanager.get_plugin("capturemanager")
    with capture.global_and_fixture_disabled():
        request.config.get_terminal_writer().line(
            f"\n{found.total()} requests to {operations} operations were made up ({told})"
        )
