"""What may leave: rounded, protected, once a day, and the same again."""

from __future__ import annotations

import random

import pytest

from api.access import Access
from api.assembly import Bole
from api.audit.public import ALL, PROVINCE, post_rows, released, seeker_rows
from api.audit.question import question
from api.audit.report import report_file
from api.settings import Settings
from search.accounts.principal import OPERATOR, Role
from search.records.models import Candidate, Vacancy
from taxonomies.catalogue import load_catalogue
from tests.api.audit.planted_records import AS_OF, CITIES


@pytest.fixture(scope="module")
def access(tmp_path_factory):
    """Some hundred posts and people a role and city; role 2 in Hangzhou is one employer's."""
    chance = random.Random(1)
    records: list[Vacancy | Candidate] = []
    for role in range(1, 93):
        for city in CITIES[:3]:
            for _ in range(4):
                employer = (
                    "唯一" if (role, city) == (2, "330100") else f"示例{chance.randint(1, 40)}"
                )
                posts = chance.randint(10, 60)
                records.append(
                    Vacancy(
                        title="x",
                        role=role,
                        region=city,
                        headcount=posts,
                        employer=employer,
                        posted=AS_OF,
                    )
                )
    for _ in range(3000):
        roles = tuple(chance.sample(range(1, 93), chance.choice((1, 1, 2))))
        records.append(
            Candidate(headline="求职", region=chance.choice(CITIES[:3]), wishes={"roles": roles})
        )
    folder = tmp_path_factory.mktemp("public")
    with Bole(Settings(data_dir=folder, embedding_model="static", as_of=AS_OF)) as bole:
        bole.store.put_many(records, "public")
        yield Access(bole, OPERATOR)


@pytest.fixture(scope="module")
def figures(access):
    return released(access, question(access))


@pytest.fixture(scope="module")
def truth(access):
    asked = question(access)
    data = access.bole.audits.audit(asked.as_of, asked.period).data
    posts = {(row["role"], row["city"]): row for row in post_rows(access, data)}
    people = {(row["sought"], row["city"]): row["seekers_declared"] for row in seeker_rows(data)}
    return posts, people


def test_figures_leave_rounded_and_small_ones_do_not(figures, truth):
    posts, people = truth
    for cell, value in figures.posts.items():
        held = posts.get(cell, {"posts": 0, "employers": 0})
        if value is not None:
            assert value % 5 == 0
            assert abs(value - held["posts"]) <= 2
            assert held["employers"] >= 3
        assert value is None or held["posts"] >= 10
    for cell, value in figures.seekers.items():
        assert value is None or (
            value % 5 == 0 and abs(value - people[cell]) <= 2 and people[cell] >= 10
        )
    assert posts["2", "330100"]["employers"] == 1
    assert figures.posts["2", "330100"] is None
    assert figures.gap(("2", "330100")) is figures.ratio(("2", "330100")) is None
    shown = len([value for value in figures.posts.values() if value is not None])
    assert shown > 250
    assert 0 < figures.hidden < figures.cells


def test_of_a_margin_each_person_counts_once(figures, truth):
    _, people = truth
    assert people[ALL, PROVINCE] == 3000
    assert sum(people[str(role.number), PROVINCE] for role in load_catalogue().roles) > 3000
    assert figures.seekers[ALL, PROVINCE] == 3000


def test_the_same_day_again_gives_the_same_figures_whatever_the_records_say(access, figures):
    more = [
        Vacancy(title="x", role=1, region="330100", headcount=60, employer=f"新{n}", posted=AS_OF)
        for n in range(3)
    ]
    access.bole.store.put_many(more, "public")
    assert released(access, question(access)) == figures
    assert len(access.bole.audit_stores.releases.read().releases) == 2


def test_a_report_for_publication_holds_what_left_and_nothing_else(access, figures):
    page = report_file(access, question(access), "html", "en", is_public=True).decode()
    shown = figures.posts["1", PROVINCE]
    assert f"{shown:,}</td>" in page
    assert "suppressed" in page
    for absent in ("Causes of shortage", "Demand of no row", "Catalogue update proposals"):
        assert absent not in page
    inside = report_file(access, question(access), "html", "en").decode()
    assert "Causes of shortage" in inside


def test_accounts_of_employers_are_one_employer_each(bole):
    bole.accounts.add("admin@example.org", "correct horse battery staple", Role.ADMIN)
    acme = bole.accounts.add_organisation("Acme", "employer").id
    office = bole.accounts.add_organisation("Office", "office").id
    for owner in (acme, office):
        for n in range(5):
            vacancy = Vacancy(title="x", role=1, region="330100", employer=f"示例{n}", posted=AS_OF)
            bole.store.add(vacancy, owner)
    access = Access(bole, OPERATOR)
    asked = question(access)
    rows = post_rows(access, bole.audits.audit(asked.as_of, asked.period).data)
    # Acme is one, whatever it writes; an office posts for those it names.
    assert {row["employers"] for row in rows} == {6}
