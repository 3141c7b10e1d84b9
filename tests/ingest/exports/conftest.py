"""Words in both languages, and sheets made on the spot."""

from __future__ import annotations

import pytest

from tests.ingest.tables.sheets import words_in


@pytest.fixture(scope="session", params=["zh", "en"])
def words(request):
    return words_in(request.param)
