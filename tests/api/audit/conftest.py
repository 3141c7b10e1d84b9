"""Open installations without an index: the audit reads the records."""

from __future__ import annotations

import pytest

from api.assembly import Bole
from api.settings import Settings
from tests.api.audit.planted_records import AS_OF


@pytest.fixture
def bole(tmp_path):
    with Bole(Settings(data_dir=tmp_path, embedding_model="static", as_of=AS_OF)) as bole:
        yield bole
