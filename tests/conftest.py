"""What several test folders share: one Bole over the catalogue, opened once."""

from __future__ import annotations

import pytest

from api.assembly import Bole
from api.settings import Settings

#: Real Elasticsearch and PostgreSQL: `elasticsearch`, `postgresql`, `fresh_elasticsearch`, …
pytest_plugins = ["tests.servers.fixtures"]


def pytest_addoption(parser):
    parser.addoption(
        "--update-expected",
        action="store_true",
        help="write the golden relevance figures anew (read the difference first)",
    )


@pytest.fixture(scope="session")
def catalogue_bole(tmp_path_factory):
    """Bole over an index that holds the 92 catalogue rows and nothing else. Do not write to it."""
    with Bole(Settings(data_dir=tmp_path_factory.mktemp("catalogue"))) as bole:
        _ = bole.backend
        yield bole
