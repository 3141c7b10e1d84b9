"""The benefits pages: what is known stands in the address, each answer a parameter, all of them optional."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args
from urllib.parse import urlencode

from api.access import Access
from api.benefit_answers import asked_for, check_answer, fact_fault
from api.notices import benefit_detail, said, words
from api.problems import Fault, Phrase, Problem
from api.v1.benefit_schemas import BenefitCheck, BenefitCheckBody, BenefitDetail
from api.v1.schema_base import Words
from search.benefits.facts import FactError, FactValue
from search.benefits.options import Option, options
from search.benefits.reading import read_facts
from search.benefits.screening import Screened
from taxonomies.benefits import FACTS, Beneficiary
from taxonomies.facts import FactKind, load_facts
from taxonomies.models import Region
from taxonomies.regions import load_regions

PARTIES: tuple[str, ...] = get_args(Beneficiary)
#: Questions asked at a time.
ASKED = 6
#: Measures of a group that are shown; the rest is counted.
SHOWN = 40
#: Asked first of all: they say which measures it can be about.
FIRST = ("place.region", "employer.industry")
#: What an answer "none of these" is sent as.
NONE = "none"
_MARK = "f."

#: The groups of verdicts, in the order in which they are shown.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "applies": ("applies",),
    "open": ("applies_if_open",),
    "not": ("does_not_apply",),
    "only": ("encouraged_only", "planned_only"),
    "ended": ("ended", "not_yet_in_force"),
}


@dataclass(frozen=True)
class Answer:
    """A fact that was answered."""

    name: str
    question: Words
    value: Words
    without: str


@dataclass(frozen=True)
class Asked:
    """A question as a form shows it."""

    name: str
    question: Words
    kind: Literal["flag", "number", "code", "members", "region", "text"]
    options: Sequence[Option]
    settles: int


@dataclass(frozen=True)
class Group:
    """Measures that stand alike."""

    name: str
    total: int
    shown: Sequence[BenefitDetail]


@dataclass(frozen=True)
class CheckPage:
    """What the page of a check shows."""

    found: BenefitCheck
    parties: Sequence[str]
    answers: Sequence[Answer]
    given: Sequence[tuple[str, str]]
    asked: Sequence[Asked]
    groups: Sequence[Group]
    cities: Sequence[tuple[Region, Sequence[Region]]]


def check_page(access: Access, parameters: Sequence[tuple[str, str]]) -> CheckPage:
    """Return the page for what its address says.

    Raises:
        Problem: a parameter is unknown, or its value does not fit.
    """
    sent = [(key, value.strip()) for key, value in parameters if value.strip() and key != "lang"]
    day = _day(dict(sent).get("as_of")) or access.today()
    parties = tuple(value for key, value in sent if key == "for")
    if set(parties) - set(PARTIES):
        raise Problem("invalid-input", [_one_of("for", PARTIES)])
    facts = _facts([(key, value) for key, value in sent if key.startswith(_MARK)])
    body = BenefitCheckBody.model_validate({"facts": {}, "beneficiary": parties, "limit": 1})
    screened = asked_for(access.book, facts, body, day)
    found = check_answer(access.book.known(facts, day), screened, body, day)
    given = [pair for pair in sent if pair[0] not in {"for", "as_of"}]
    return CheckPage(
        found=found,
        parties=parties,
        answers=[_answer(name, value, sent) for name, value in facts.items()],
        given=given,
        asked=_asked(found, facts),
        groups=[_group(name, standings, screened) for name, standings in GROUPS.items()],
        cities=_cities(),
    )


def _facts(sent: Sequence[tuple[str, str]]) -> dict[str, FactValue]:
    given: dict[str, object] = {}
    for key, value in sent:
        name = key.removeprefix(_MARK)
        if FACTS.get(name) is not FactKind.MEMBERS:
            given[name] = value
            continue
        members = given.setdefault(name, {"held": [], "lacking": []})
        assert isinstance(members, dict)
        if value == NONE:
            members["lacking"] = [option.value for option in options(name)]
        else:
            members["held"].append(value)
    for members in given.values():
        if isinstance(members, dict):
            # Who says "none of these" beside one of these means: no other one.
            members["lacking"] = [
                each for each in members["lacking"] if each not in members["held"]
            ]
    try:
        return read_facts(given)
    except FactError as error:
        fault = fact_fault(error)
        name = f"{_MARK}{error.fact}" if error.fact else _MARK
        raise Problem("invalid-input", [Fault("query", name, fault.advice)]) from error


def _asked(found: BenefitCheck, facts: Mapping[str, FactValue]) -> list[Asked]:
    settles = {question.fact: question.settles for question in found.questions}
    names = [name for name in FIRST if name not in facts]
    names += [name for name in settles if name not in names]
    return [
        Asked(
            name=name,
            question=words(load_facts()[name].question),
            kind=FACTS[name].value,
            options=options(name),
            settles=settles.get(name, 0),
        )
        for name in names[:ASKED]
    ]


def _answer(name: str, value: FactValue, sent: Sequence[tuple[str, str]]) -> Answer:
    kept = [pair for pair in sent if pair[0] != f"{_MARK}{name}"]
    return Answer(
        name=name,
        question=words(load_facts()[name].question),
        value=said(name, value),
        without=f"/benefits/check?{urlencode(kept, errors='replace')}",
    )


def _group(name: str, standings: tuple[str, ...], screened: Sequence[Screened]) -> Group:
    every = [one for one in screened if one.standing.value in standings]
    return Group(name, len(every), [benefit_detail(one) for one in every[:SHOWN]])


def _cities() -> list[tuple[Region, list[Region]]]:
    regions = [region for region in load_regions().values() if not region.valid_until]
    return [
        (city, [region for region in regions if region.parent == city.code])
        for city in regions
        if city.level == "city"
    ]


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Problem("invalid-input", [Fault("query", "as_of", Phrase("fault.date"))]) from error


def _one_of(name: str, known: Sequence[str]) -> Fault:
    return Fault("query", name, Phrase("fault.one_of", {"expected": ", ".join(known)}))
