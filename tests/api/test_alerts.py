"""Evaluating saved searches: what a search would find among what changed, each once, and no less."""

from __future__ import annotations

import itertools
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api import alerts
from api.access import Access
from api.alerts import BATCH, evaluate
from api.assembly import Bole
from api.saved_search_service import stored_criteria
from api.search_answers import request_of, understood
from api.settings import Settings
from api.v1.saved_search_schemas import Criteria
from ingest.samples import generate_candidates, generate_vacancies
from search.accounts.principal import OPERATOR, PUBLIC_OWNER
from search.ranking.score import MATCH_AT_LEAST
from search.ranking.service import SearchService
from search.records.models import Candidate, StatedSkill, Vacancy
from search.records.saved_searches import SavedSearch

_numbers = itertools.count()


@pytest.fixture(scope="module", params=["embedded", "elasticsearch"])
def bole(request, tmp_path_factory):
    """Bole over an index of its own on either backend; records pile up, searches begin at what is there."""
    values = {"data_dir": tmp_path_factory.mktemp("alerts"), "embedding_model": "static"}
    if request.param == "elasticsearch":
        server = request.getfixturevalue("elasticsearch")
        values |= {
            "elasticsearch_url": server.url,
            "elasticsearch_prefix": f"alerts{next(_numbers)}x{id(values):x}",
        }
    with Bole(Settings(**values)) as bole:
        _ = bole.backend
        yield bole


def save(bole: Bole, **criteria) -> SavedSearch:
    asked = Criteria.model_validate({"text": "Java", "target": "candidates"} | criteria)
    return bole.saved_searches.add(PUBLIC_OWNER, f"s{next(_numbers)}", stored_criteria(asked))


@pytest.fixture(autouse=True)
def no_searches_before(bole):
    for search in bole.saved_searches.every():
        bole.saved_searches.delete(search.id, PUBLIC_OWNER, search.version)


def put(bole: Bole, *records) -> list[str]:
    return [done.id for done in bole.store.put_many(list(records), PUBLIC_OWNER)]


def run(bole: Bole, *, projects: bool = True):
    if projects:
        bole.projector.catch_up()
    return evaluate(bole.saved_searches, bole.backend, bole.search_of)


def alerted(bole: Bole, search: SavedSearch) -> set[str]:
    page = bole.saved_searches.alerts(search.id, limit=100_000)
    ids = [alert.record_id for alert in page.alerts]
    assert len(ids) == len(set(ids))
    return set(ids)


def java(**members) -> Candidate:
    stated = {"skills": (StatedSkill(name="Java"),), "headline": "Java 工程师"}
    return Candidate(**(stated | members))


def nurse() -> Candidate:
    return Candidate(headline="幼儿园教师", summary="绘本、手工、音乐活动")


def test_what_matches_among_what_changed_raises_an_alert(bole):
    (before,) = put(bole, java())
    bole.projector.catch_up()
    search = save(bole)
    matching, other, paused = put(bole, java(), nurse(), java(status="paused"))
    put(bole, Vacancy(title="Java 工程师"))
    found = run(bole)
    assert [(one.id, one.raised, one.problem) for one in found.searches] == [(search.id, 1, "")]
    assert alerted(bole, search) == {matching}
    (alert,) = bole.saved_searches.alerts(search.id).alerts
    assert MATCH_AT_LEAST <= alert.score <= 100

    # Again nothing, also when the record changes; somebody who matches only now raises one.
    assert run(bole).raised == 0
    bole.store.replace(matching, java(summary="more"), 1)
    bole.store.replace(other, java(), 1)
    bole.store.replace(paused, java(), 1)
    bole.store.replace(before, java(summary="more"), 1)
    assert run(bole).raised == 3
    assert alerted(bole, search) == {matching, other, paused, before}


def test_a_record_erased_is_in_no_alert(bole):
    search = save(bole)
    first, second = put(bole, java(), java())
    run(bole)
    bole.store.delete(first)
    # At once, whatever the index says.
    assert alerted(bole, search) == {second}
    run(bole)
    assert alerted(bole, search) == {second}


@pytest.mark.parametrize(
    ("criteria", "passing"),
    [
        ({}, {0, 1, 2}),
        ({"filters": {"region": ["330100"]}}, {0}),
        ({"filters": {"years_at_least": 5}}, {0, 1}),
        (
            {
                "text": None,
                "query": {
                    "text": "Java 工程师，宁波",
                    "conditions": [
                        {"aspect": "skill", "value": "java", "strength": "required"},
                        {"aspect": "place", "value": "330200", "strength": "required"},
                    ],
                },
            },
            {1, 2},  # who does not state a place is not excluded
        ),
        ({"text": "幼儿园教师"}, set()),
    ],
)
def test_filters_and_hard_conditions_bind(bole, criteria, passing):
    search = save(bole, **criteria)
    ids = put(
        bole,
        java(region="330106", years_experience=6),
        java(region="330200", years_experience=9),
        java(),
    )
    run(bole)
    assert alerted(bole, search) == {ids[number] for number in passing}


def test_each_target_has_its_own(bole):
    people, openings = save(bole), save(bole, target="vacancies")
    candidate, vacancy = put(bole, java(), Vacancy(title="Java高级软件工程师"))
    run(bole)
    assert alerted(bole, people) == {candidate}
    assert alerted(bole, openings) == {vacancy}


def test_many_at_once_are_what_one_search_over_all_finds(bole):
    """More than the arms of one search bring in: none is left out, and none comes in for that."""
    searches = [
        save(bole, text="工程师"),
        save(bole, text="5年经验的数据分析", filters={"region": ["330000"]}),
        save(bole, text="Java", target="vacancies"),
    ]
    new = put(bole, *generate_candidates(700, seed=8), *generate_vacancies(300, seed=8))
    told = []
    bole.projector.catch_up()
    evaluate(
        bole.saved_searches,
        bole.backend,
        bole.search_of,
        lambda done, total: told.append((done, total)),
    )
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]
    whole = SearchService(
        bole.backend, bole.encoder, bole.frequencies, bole.geometry, Access(bole, OPERATOR).passages,
        depth=10_000, pool=10_000,
    )  # fmt: skip
    for search in searches:
        criteria = Criteria.model_validate(search.criteria)
        request = request_of(understood(criteria), criteria)
        matching = {
            hit.doc_id.partition(":")[2]
            for hit in whole.rank(request)
            if hit.score >= MATCH_AT_LEAST
        }
        found = alerted(bole, search)
        assert found == matching & set(new)
        assert found
    assert len(alerted(bole, searches[0])) > BATCH


def test_what_the_index_lacks_is_left_for_the_next_time(bole):
    search = save(bole)
    (first,) = put(bole, java())
    bole.projector.catch_up()
    (second,) = put(bole, java())
    reached = bole.backend.watermark()
    found = run(bole, projects=False)
    assert (found.upto, found.raised) == (reached, 1)
    assert alerted(bole, search) == {first}
    assert bole.saved_searches.current(search).evaluated_upto == reached
    run(bole)
    assert alerted(bole, search) == {first, second}


def test_an_index_that_was_put_back_is_waited_for(bole):
    """The one that is asked has less by now than when the evaluation began."""

    class PutBack:
        def __init__(self, watermark):
            self.marks = iter([watermark, watermark - 1])

        def watermark(self):
            return next(self.marks)

        def refresh(self):
            pass

    search = save(bole)
    (added,) = put(bole, java())
    bole.projector.catch_up()
    found = evaluate(bole.saved_searches, PutBack(bole.backend.watermark()), bole.search_of)
    assert found.raised == 0
    assert bole.saved_searches.current(search) == search
    run(bole)
    assert alerted(bole, search) == {added}


def test_no_pruning_of_the_outbox_loses_an_alert(bole):
    search = save(bole)
    ids = put(bole, *(java() for _ in range(5)))
    bole.projector.catch_up()
    bole.store.report_position("index", bole.store.last_sequence())
    assert bole.store.prune_outbox() > 0
    assert bole.store.pruned_upto() > search.evaluated_upto
    run(bole)
    assert alerted(bole, search) == set(ids)


def test_criteria_that_do_not_fit_stop_no_other_search(bole):
    unfit = [
        bole.saved_searches.add(PUBLIC_OWNER, f"s{next(_numbers)}", criteria)
        for criteria in (
            {"text": "Java", "target": "candidates", "filters": {"region": ["999999"]}},
            {
                "query": {"conditions": [{"aspect": "skill", "value": "gone"}]},
                "target": "vacancies",
            },
            {"future": 1},
        )
    ]
    fit = save(bole)
    (added,) = put(bole, java())
    found = run(bole)
    assert alerted(bole, fit) == {added}
    problems = {one.id: one.problem for one in found.searches}
    assert problems.pop(fit.id) == ""
    assert problems.keys() == {search.id for search in unfit}
    assert "filters.region.0" in problems[unfit[0].id]
    assert all("change them, or delete the search" in said for said in problems.values())
    assert bole.saved_searches.current(unfit[0]) == unfit[0]


class CutError(Exception):
    pass


@pytest.mark.parametrize("cut", range(8))
def test_cut_off_anywhere_and_run_again_finds_the_same(bole, monkeypatch, cut):
    """Before or after any of the writes; three batches for each of two searches."""
    monkeypatch.setattr(alerts, "BATCH", 2)
    first, second = save(bole), save(bole)
    ids = put(bole, java(), java(), nurse(), java(), java())
    bole.projector.catch_up()
    keep, calls = bole.saved_searches.raise_alerts, itertools.count()

    def cut_off(*arguments):
        number = next(calls)
        if 2 * number == cut:
            raise CutError
        kept = keep(*arguments)
        if 2 * number + 1 == cut:
            raise CutError
        return kept

    monkeypatch.setattr(bole.saved_searches, "raise_alerts", cut_off)
    with pytest.raises(CutError):
        run(bole)
    monkeypatch.setattr(bole.saved_searches, "raise_alerts", keep)
    run(bole)
    for search in (first, second):
        assert alerted(bole, search) == {*ids} - {ids[2]}


def test_two_at_once_raise_each_alert_once(bole, monkeypatch):
    monkeypatch.setattr(alerts, "BATCH", 3)
    searches = [save(bole), save(bole)]
    ids = put(bole, *(java() for _ in range(30)))
    bole.projector.catch_up()
    raised = []
    threads = [
        threading.Thread(target=lambda: raised.append(run(bole, projects=False).raised))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert sum(raised) == 60
    for search in searches:
        assert alerted(bole, search) == set(ids)


def test_criteria_changed_meanwhile_are_asked_in_their_place(bole, monkeypatch):
    search = save(bole)
    put(bole, java())
    bole.projector.catch_up()
    keep = bole.saved_searches.raise_alerts
    other = stored_criteria(Criteria.model_validate({"text": "C++", "target": "candidates"}))

    def change_first(*arguments):
        monkeypatch.setattr(bole.saved_searches, "raise_alerts", keep)
        bole.saved_searches.replace(search.id, PUBLIC_OWNER, search.name, other, 1)
        return keep(*arguments)

    monkeypatch.setattr(bole.saved_searches, "raise_alerts", change_first)
    assert run(bole).raised == 0
    assert alerted(bole, search) == set()


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["put", "put", "delete", "index", "evaluate"]), st.integers(0, 4)
        ),
        max_size=12,
    )
)
def test_any_interleaving_is_as_one_evaluation_in_the_end(bole, steps):
    """Of records that match whenever they are there: however they change, are indexed and evaluated."""
    example = next(_numbers)
    often, once = save(bole), save(bole)
    ids: dict[int, str] = {}
    for place, (step, number) in enumerate(steps):
        match step:
            case "put":
                record = java(key=f"e{example}-{number}", summary=f"change {place}")
                (ids[number],) = put(bole, record)
            case "delete":
                bole.store.delete(ids.pop(number, ""))
            case "index":
                bole.projector.catch_up()
            case "evaluate":
                evaluate(_Only(bole.saved_searches, often), bole.backend, bole.search_of)
    bole.projector.catch_up()
    run(bole)
    assert alerted(bole, often) == alerted(bole, once) == set(ids.values())
    for search in (often, once):
        bole.saved_searches.delete(search.id, PUBLIC_OWNER, 1)


class _Only:
    """The store, as if there were one search."""

    def __init__(self, searches, only):
        self._searches, self._only = searches, only

    def every(self):
        return (self._searches.current(self._only),)

    def __getattr__(self, name):
        return getattr(self._searches, name)
