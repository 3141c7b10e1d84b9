"""From records to figures: planted causes are found, changes show at once, who is erased is forgotten."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from api.access import Access
from api.audit.drilling import drilled
from api.audit.question import question
from api.audit.report import report
from api.audit.snapshots import kept_audit, make, verified
from api.audit.source import AuditSource
from api.erasing import erase_record
from search.accounts.principal import OPEN, OPERATOR, Role
from search.audit.drill import Measure
from search.audit.inputs import Outcome, OutcomeStage
from search.audit.ranking import rank_by_gap
from search.audit.snapshot import thaw
from search.audit.targets.progress import Actual
from search.records.models import Candidate, Consent, Vacancy
from taxonomies.targets import load_indicators
from tests.api.audit.planted_records import AS_OF, KINDS, Market

ROLES = 40


def audit(bole):
    asked = question(Access(bole, OPERATOR))
    return bole.audits.audit(asked.as_of, asked.period, is_latest=True)


def test_planted_causes_are_found_through_the_whole_path(bole):
    market = Market(1)
    plants = [market.shortage(role, KINDS[role % len(KINDS)]) for role in range(1, ROLES + 1)]
    bole.store.put_many(market.records, "public")
    figures = audit(bole).figures
    found = 0
    for plant in plants:
        causes = {cause.kind: cause for cause in figures.row(plant.role, plant.city).causes}
        if plant.kind in causes:
            named = [one.condition for one in causes[plant.kind].blocking]
            found += not plant.blocking or named[:1] == [plant.blocking]
    assert found >= 0.95 * ROLES


def test_no_cause_is_found_in_the_control(bole):
    market = Market(2)
    for role in range(1, ROLES + 1):
        market.healthy(role)
    bole.store.put_many(market.records, "public")
    figures = audit(bole).figures
    assert sum(row.demand.posts for row in figures.rows if not row.region) >= ROLES
    assert [(row.role, row.region, row.causes) for row in figures.rows if row.causes] == []


def test_what_follows_the_records_equals_what_is_read_anew(bole):
    chance, market = random.Random(3), Market(3)
    for role in range(1, 9):
        market.shortage(role, KINDS[role % len(KINDS)])
    records = market.records
    chance.shuffle(records)
    half = len(records) // 2
    bole.store.put_many(records[:half], "public")
    audit(bole)
    for number, record in enumerate(records[half:]):
        bole.store.add(record, "public")
        if number % 5 == 0:
            ids = list(bole.store.sequences())
            bole.store.delete(chance.choice(ids))
        if number % 7 == 0:
            stored = bole.store.get(chance.choice(list(bole.store.sequences())))
            changed = stored.record.model_copy(update={"region": "330200"})
            bole.store.replace(stored.id, changed, stored.version)
            asked = question(Access(bole, OPERATOR))
            fresh = AuditSource(bole).audit(asked.as_of, asked.period)
            assert audit(bole).figures.to_json() == fresh.figures.to_json()


def test_erasing_a_person_changes_the_audit_at_once_and_the_drill_forgets_them(bole):
    market = Market(4)
    market.healthy(9)
    bole.store.put_many(market.records, "public")
    access = Access(bole, OPEN)
    asked = question(access, role=9)
    before = audit(bole).figures.row(9).declared.people
    shown = drilled(access, asked, Measure.DECLARED, 0, 100)
    assert shown.candidates == before == len(shown.shown)
    person = shown.shown[0][0]
    vacancy = bole.store.page("vacancy").records[0].id
    bole.audit_stores.outcomes.put(Outcome(vacancy, person.id, OutcomeStage.HIRED, AS_OF), "me")
    assert audit(bole).figures.row(9).funnel.hired == 1
    noted = bole.access_log.of_record(person.id)
    assert [entry.action for entry in noted] == ["drill-down"]
    erase_record(access, person)
    row = audit(bole).figures.row(9)
    assert (row.declared.people, row.funnel.hired) == (before - 1, None)
    for measure in Measure:
        found = drilled(access, asked, measure, 0, 100)
        assert person.id not in {stored.id for stored, _ in found.shown}
        assert found.hidden == 0


def test_who_takes_the_consent_back_is_counted_no_more(bole):
    given = [Consent(purpose="statistics", given=AS_OF)]
    withdrawn = [Consent(purpose="statistics", given=AS_OF, withdrawn=AS_OF)]
    one = bole.store.add(
        Candidate(headline="Java工程师", wishes={"roles": (1,)}, consents=given), "public"
    )
    assert audit(bole).figures.row(1).declared.people == 1
    changed = one.record.model_copy(
        update={"consents": tuple(map(Consent.model_validate, withdrawn))}
    )
    bole.store.replace(one.id, changed, one.version)
    assert audit(bole).figures.row(1).declared.people == 0


def test_with_accounts_only_who_agreed_counts_and_an_offices_own(bole):
    silent = Candidate(headline="a", wishes={"roles": (1,)})
    agreed = silent.model_copy(update={"consents": (Consent(purpose="statistics", given=AS_OF),)})
    bole.store.add(silent, "public")
    assert audit(bole).figures.row(1).declared.people == 1
    password = "correct horse battery staple"
    bole.accounts.add("admin@example.org", password, Role.ADMIN)
    assert audit(bole).figures.row(1).declared.people == 0
    office = bole.accounts.add_organisation("Office", "office")
    bole.store.add(silent, office.id)
    bole.store.add(silent, "somebody")
    bole.store.add(agreed, "somebody")
    assert audit(bole).figures.row(1).declared.people == 2


def test_a_title_of_the_catalogue_stands_for_its_row(bole):
    bole.store.add(Vacancy(title="集成电路版图设计工程师", headcount=3, posted=AS_OF), "public")
    bole.store.add(Vacancy(title="幼儿园教师", headcount=2, posted=AS_OF), "public")
    figures = audit(bole).figures
    assert figures.row(9).demand.posts == 3
    assert [(one.title, one.posts) for one in figures.drift.without_role] == [("幼儿园教师", 2)]


def test_a_snapshot_is_recomputed_and_says_what_moved_since(bole):
    market = Market(5)
    market.healthy(3)
    bole.store.put_many(market.records, "public")
    access = Access(bole, OPERATOR)
    kept = make(access, question(access))
    found = verified(access, kept.id)
    assert (found.problem, found.is_same_input, found.differences) == ("", True, ())
    bole.store.add(Vacancy(title="x", role=3, headcount=7, posted=AS_OF), "public")
    moved = verified(access, kept.id)
    assert not moved.is_same_input
    told = {one.where: (one.frozen, one.recomputed) for one in moved.differences}
    posts = audit(bole).figures.row(3).demand.posts
    assert told["rows[role 3, region all].demand.posts"] == (str(posts - 7), str(posts))
    with bole.database.writing() as connection:
        changed = "UPDATE audit_snapshot SET document = replace(document, :said, :now)"
        connection.execute(text(changed), {"said": '"posts":', "now": '"posts":1'})
    assert "changed since" in verified(access, kept.id).problem


def test_every_figure_of_a_report_derives_from_its_snapshot(bole):
    market = Market(6)
    for role in range(1, 21):
        market.shortage(role, KINDS[role % len(KINDS)])
    market.records.append(Vacancy(title="幼儿园教师", headcount=2, posted=AS_OF))
    bole.store.put_many(market.records, "public")
    access = Access(bole, OPERATOR)
    made = report(access, question(access))
    _, document = bole.audit_stores.snapshots.get(made.versions["snapshot"])
    assert json.loads(document)["hashes"]["hash"] == made.versions["hash"]
    figures = thaw(document)
    tables = {table.id: table for table in made.tables}
    rows = {row.role: row for row in figures.rows if not row.region}
    shortage = tables["shortage"].rows
    assert len(shortage) == 20
    for cells, ranked in zip(shortage, rank_by_gap(figures), strict=True):
        row = rows[ranked.role]
        assert cells[0] == ranked.rank
        assert cells[2:5] == (
            row.demand.posts,
            row.declared.people,
            row.demand.posts - row.declared.people,
        )
        if isinstance(cells[5], float):
            assert cells[5] == row.demand.posts / row.declared.people
    own = sorted(
        (row for row in rows.values() if row.demand.posts),
        key=lambda row: (-row.gap_qualified, row.role),
    )
    for cells, row in zip(tables["own"].rows, own, strict=True):
        assert (cells[1], cells[3]) == (
            row.qualified.people,
            row.demand.posts - row.qualified.people,
        )
    told = [
        (cause.kind, cause.posts, cause.share)
        for row in figures.rows
        if row.region
        for cause in row.causes
    ]
    assert [cells[3:5] for cells in tables["causes"].rows] == [
        (posts, share) for _, posts, share in told
    ]
    assert sum(cells[1] for cells in tables["unmet"].rows) == sum(
        row.unmet.posts for row in rows.values()
    )
    assert [cells[1] for cells in tables["fields"].rows] == [
        row.demand.posts for row in figures.fields if not row.region
    ]
    assert tables["unlinked"].rows == (("幼儿园教师", 2, 1),)
    by_city = {tile.code: tile.value for tile in made.map.tiles}
    assert sum(by_city.values()) == sum(
        row.demand.posts for row in figures.rows if row.region.isdigit()
    )


def test_a_report_is_made_of_its_snapshot_alone(bole):
    market = Market(8)
    market.shortage(1, KINDS[0])
    monthly = [
        Vacancy(title="x", role=2, headcount=3, posted=AS_OF - timedelta(days=30 * month))
        for month in range(18)
    ]
    weavers = [Vacancy(title="纺织工", headcount=2, employer=name, posted=AS_OF) for name in "ABC"]
    unlike = [
        Vacancy(
            title="x",
            text="负责服装打版与缝制，熟悉面料。",
            role=3,
            employer="ABCAB"[place],
            posted=AS_OF,
        )
        for place in range(5)
    ]
    bole.store.put_many([*market.records, *monthly, *weavers, *unlike], "public")
    stores = bole.audit_stores
    declared = {"employer": "D", "title": "纺织工", "headcount": 4, "from_month": "2026-11"}
    stores.declarations.add("public", [declared], is_sent=True)
    target = next(one for one in load_indicators() if one.is_target)
    stores.actuals.put([Actual(target.id, Decimal(7), target.unit.zh, AS_OF, "entered", "me")])
    access = Access(bole, OPERATOR)
    made = report(access, question(access))
    tables = {table.id: table for table in made.tables}
    assert any(row[1] not in {None, 0.0} for row in tables["forecast"].rows)
    assert [row[1] < 0.2 for row in tables["unlike"].rows] == [True]
    assert 7.0 in {row[5] for row in tables["targets"].rows}
    (added,) = [one for one in made.proposals if one.action == "add"]
    assert (added.subject, added.evidence[0].value) == ("纺织工", 10)

    snapshot_id = made.versions["snapshot"]
    assert verified(access, snapshot_id).differences == ()
    assert '"me"' not in stores.snapshots.get(snapshot_id)[1]
    for record_id in list(bole.store.sequences()):
        bole.store.delete(record_id)
    stores.declarations.add("public", [declared | {"headcount": 9}], is_sent=True)
    stores.actuals.put([Actual(target.id, Decimal(8), target.unit.zh, AS_OF, "entered", "me")])
    assert report(access, question(access)).proposals != made.proposals
    again = report(access, question(access), snapshot_id)
    for part in ("tables", "map", "proposals", "versions", "notes"):
        assert getattr(again, part) == getattr(made, part)
    moved = {one.where.partition("[")[0] for one in verified(access, snapshot_id).differences}
    assert {"inputs.declared", "inputs.actuals", "actuals"} <= moved


def test_a_report_of_the_same_figures_makes_no_second_snapshot(bole):
    market = Market(7)
    market.healthy(1)
    bole.store.put_many(market.records, "public")
    access = Access(bole, OPERATOR)
    first, _ = kept_audit(access, question(access))
    assert kept_audit(access, question(access))[0] == first
    bole.store.add(Vacancy(title="x", role=1, posted=AS_OF), "public")
    second, figures = kept_audit(access, question(access))
    assert second.id != first.id
    assert figures.row(1).demand.posts > 1


def test_changes_are_told_from_earlier_snapshots(bole):
    access = Access(bole, OPERATOR)
    bole.store.add(
        Vacancy(title="x", role=1, headcount=10, posted=AS_OF - timedelta(days=300)), "public"
    )
    make(access, question(access, as_of=AS_OF - timedelta(days=91)))
    bole.store.add(Vacancy(title="y", role=1, headcount=5, posted=AS_OF), "public")
    (cells,) = report(access, question(access)).tables[0].rows
    assert cells[2] == 15
    assert cells[6] == pytest.approx(0.5)
    assert cells[7].reason == "not_recorded"
