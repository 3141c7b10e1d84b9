"""Draws records of every shape, with texts that are hard on lists, quotes and spreadsheets."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from ingest.tables.values import says_nothing
from search.accounts.contacts import Contact
from search.matching.refusals import refusals_of
from search.records.models import (
    Candidate,
    Education,
    StatedSkill,
    Vacancy,
    WantedSkill,
    Wishes,
    WorkExperience,
)
from taxonomies.regions import load_elsewhere, load_regions

_HARD = "、，,;/|()（）\"'=+-@ \\年无5"
# Invisible characters at the ends of a cell are taken off, so names have none; blanks within stay.
_CHARACTERS = st.one_of(
    st.sampled_from(_HARD), st.characters(exclude_categories=["C", "Z"], max_codepoint=0x1FFFF)
)
lines = (
    st.text(_CHARACTERS, min_size=1, max_size=15)
    .map(str.strip)
    .filter(bool)
    .filter(lambda text: not says_nothing(text) and text.strip("'"))
)
# Carriage returns are what XML makes of line ends; the rest of a text is free.
prose = (
    st.text(st.one_of(_CHARACTERS, st.just("\n")), max_size=40)
    .map(str.strip)
    .filter(lambda text: text != "'")
)
# A workbook keeps 15 digits of a number.
years = st.one_of(
    st.none(),
    st.floats(0, 60).map(lambda number: round(number, 6)),
    st.integers(0, 60).map(float),
)
levels = st.sampled_from(["basic", "working", "advanced", "expert", None])
education = st.sampled_from(
    ["lower-secondary", "upper-secondary", "associate", "bachelor", "master", "doctor"]
)
employment = st.sampled_from(["full-time", "part-time", "contract", "internship"])
regions = st.sampled_from([*load_regions(), *load_elsewhere()])
pay = st.one_of(st.none(), st.integers(0, 10_000_000))
days = st.one_of(st.none(), st.dates(date(1901, 1, 1), date(2099, 12, 31)))
keys = st.text("abzAZ09._-", min_size=1, max_size=64).filter(lambda key: key.upper() != "EXAMPLE")
months = st.one_of(
    st.none(), st.builds("{:04d}-{:02d}".format, st.integers(1950, 2030), st.integers(1, 12))
)


def some(strategy, most=4):
    return st.lists(strategy, max_size=most, unique=True).map(tuple)


skills = st.builds(StatedSkill, name=lines, level=levels, years=years)
candidates = st.builds(
    Candidate,
    key=keys,
    headline=lines,
    summary=prose,
    skills=some(skills),
    work=some(
        st.builds(
            WorkExperience,
            title=lines,
            employer=st.one_of(st.none(), lines),
            start=months,
            end=months,
            summary=prose,
        ),
        2,
    ),
    education=some(
        st.builds(
            Education,
            level=education,
            school=st.one_of(st.none(), lines),
            subject=st.one_of(st.none(), lines),
        ),
        2,
    ),
    years_experience=years,
    region=st.one_of(st.none(), regions),
    wishes=st.builds(
        Wishes,
        roles=some(st.integers(1, 92)),
        titles=some(lines),
        regions=some(regions),
        pay_monthly_yuan=pay,
        employment=some(employment),
    ),
    languages=some(lines),
    certificates=some(lines),
    talent_tier=st.one_of(st.none(), lines),
    available_from=days,
    status=st.sampled_from(["active", "paused"]),
)
contacts = st.builds(
    Contact,
    name=st.one_of(st.just(""), lines),
    phone=st.sampled_from(["", "138 0013 8000", "+86-571-88880000", "057188880000"]),
    email=st.sampled_from(["", "a@example.com", "-x+y@mail.example.cn"]),
)


def _ordered(vacancy):
    """Return a vacancy that a sheet can hold: skills by strength, ends in their order, nothing refused."""
    order = ["required", "favoured", "optional"]
    low, high = vacancy.pay_monthly_yuan_from, vacancy.pay_monthly_yuan_to
    first, last = vacancy.posted, vacancy.valid_through
    if low is not None and high is not None:
        low, high = min(low, high), max(low, high)
    if first is not None and last is not None:
        first, last = min(first, last), max(first, last)
    return vacancy.model_copy(
        update={
            "skills": tuple(sorted(vacancy.skills, key=lambda skill: order.index(skill.strength))),
            "pay_monthly_yuan_from": low,
            "pay_monthly_yuan_to": high,
            "posted": first,
            "valid_through": last,
        }
    )


vacancies = (
    st.builds(
        Vacancy,
        key=keys,
        title=lines,
        text=prose,
        employer=st.one_of(st.none(), lines),
        role=st.one_of(st.none(), st.integers(1, 92)),
        headcount=st.one_of(st.none(), st.integers(1, 100_000)),
        skills=some(
            st.builds(
                WantedSkill,
                name=lines,
                level=levels,
                years=years,
                strength=st.sampled_from(["required", "favoured", "optional"]),
            )
        ),
        years_at_least=years,
        education_at_least=st.one_of(st.none(), education),
        region=st.one_of(st.none(), regions),
        pay_monthly_yuan_from=pay,
        pay_monthly_yuan_to=pay,
        employment=st.one_of(st.none(), employment),
        languages=some(lines),
        posted=days,
        valid_through=days,
        status=st.sampled_from(["open", "closed"]),
    )
    .map(_ordered)
    .filter(lambda vacancy: not refusals_of(vacancy))
)
