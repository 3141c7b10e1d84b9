"""The sample report, and its words."""

from __future__ import annotations

import pytest

from tests.ingest.reports.sample import sample_report
from tests.report_words import report_words


@pytest.fixture(scope="session")
def report():
    return sample_report()


@pytest.fixture(params=["zh", "en"])
def words(request):
    return report_words(request.param)
