"""Pages of one search fit together: nothing twice, nothing left out, one order."""

from __future__ import annotations

import pytest

from api.assembly import Bole
from api.settings import Settings
from ingest.samples import generate_candidates
from search.accounts.principal import PUBLIC_OWNER
from search.models import Target
from search.ranking.results import SearchRequest
from search.text.reading import read


@pytest.fixture(scope="module")
def bole(tmp_path_factory):
    with Bole(Settings(data_dir=tmp_path_factory.mktemp("paging"))) as bole:
        bole.store.put_many(list(generate_candidates(260, seed=5)), PUBLIC_OWNER)
        bole.projector.catch_up()
        yield bole


@pytest.mark.parametrize("size", [7, 40, 60, 100])
def test_pages_are_cut_from_one_list(bole, size):
    def page(offset, limit):
        request = SearchRequest(
            read("Java 工程师 数据库"), Target.CANDIDATES, limit=limit, offset=offset
        )
        return bole.search.search(request)

    whole = page(0, 1000)
    assert whole.total > 60
    cut = [page(offset, size) for offset in range(0, whole.total, size)]
    assert {result.total for result in cut} == {whole.total}
    assert [hit.doc_id for result in cut for hit in result.hits] == [
        hit.doc_id for hit in whole.hits
    ]
    assert [hit.rank for result in cut for hit in result.hits] == list(range(1, whole.total + 1))
