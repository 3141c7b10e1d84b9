"""An evaluation that is killed at any moment and called again raises what an undisturbed one does."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from api.access import Access
from api.assembly import Bole
from api.search_answers import request_of, understood
from api.settings import Settings
from api.v1.saved_search_schemas import Criteria
from ingest.samples import generate_candidates
from search.accounts.principal import OPERATOR, PUBLIC_OWNER
from search.ranking.score import MATCH_AT_LEAST
from search.ranking.service import SearchService
from search.records.saved_searches import SavedSearch

ROOT = Path(__file__).parents[2]
RECORDS, BATCH, KILLS = 150, 3, 12
CRITERIA = {"text": "工程师", "target": "candidates"}


@pytest.fixture
def bole(tmp_path):
    with Bole(Settings(data_dir=tmp_path / "data", embedding_model="static")) as bole:
        bole.projector.catch_up()
        yield bole


def alerts_of(bole: Bole, search: SavedSearch) -> list[tuple[str, int, float]]:
    page = bole.saved_searches.alerts(search.id, limit=10_000)
    return [(alert.record_id, alert.number, alert.score) for alert in page.alerts]


def test_an_evaluation_that_is_killed_goes_on_where_it_was(bole, tmp_path):
    searches = [
        bole.saved_searches.add(PUBLIC_OWNER, name, CRITERIA) for name in ("first", "second")
    ]
    bole.store.put_many(list(generate_candidates(RECORDS, seed=4)), PUBLIC_OWNER)
    bole.projector.catch_up()
    random.seed(1)
    halfway = 0
    program = str(Path(__file__).with_name("alerting_child.py"))
    with subprocess.Popen(
        [sys.executable, program, str(tmp_path / "data"), str(BATCH)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    ) as parent:
        assert parent.stdin is not None and parent.stdout is not None
        for number in range(KILLS + 1):
            parent.stdin.write("\n")
            parent.stdin.flush()
            child = int(parent.stdout.readline())
            if number < KILLS:
                time.sleep(random.random() * 0.15)
                with suppress(ProcessLookupError):  # it was done before
                    os.kill(child, signal.SIGKILL)
            ended = int(parent.stdout.readline())
            reached = [bole.saved_searches.current(search).evaluated_upto for search in searches]
            halfway += any(0 < upto < RECORDS for upto in reached)
        assert ended == 0
        parent.stdin.close()
    assert halfway > 0, "no kill came while something was under way"

    whole = SearchService(
        bole.backend, bole.encoder, bole.frequencies, bole.geometry, Access(bole, OPERATOR).passages,
        depth=RECORDS, pool=RECORDS,
    )  # fmt: skip
    criteria = Criteria.model_validate(CRITERIA)
    numbers = bole.store.sequences()
    expected = {
        (record_id := hit.doc_id.partition(":")[2], numbers[record_id][1], round(hit.score, 1))
        for hit in whole.rank(request_of(understood(criteria), criteria))
        if hit.score >= MATCH_AT_LEAST
    }
    assert len(expected) > 10
    for search in searches:
        found = alerts_of(bole, search)
        assert len(found) == len(expected)
        assert set(found) == expected
