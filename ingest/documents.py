"""What an index holds of a role or a record: pure builders, the same in gives the same out.

Decisions that a search has to know:

- `skill` holds the concepts that are stated or named in the text, not the broader ones. Whoever
  asks for a broader concept asks for its narrower ones too; a filter on one language stays exact.
- A stated skill may be misspelt (`search.text.correction`); running text is taken as written.
  What a text rules out ("不要外包") is not held.
- `role` holds what is declared (`role`, `wishes.roles`) and every row whose label stands in the
  title, the headline or a title of the work history. `field` (its code) and `domain` (its printed
  name) are those of the rows.
- `region` holds each code with the regions it lies in, so that a city finds its districts. Of a
  candidate these are the place of residence and the places wished for; `residence` and
  `wished_region` hold them apart, `wished_role` what is looked for.
- `must_skill` holds the skills each of which a vacancy requires.
- Employers and schools are no part of an index: their names are taken out of the text as well,
  except for those that are skills or titles too (Oracle). Unknown attributes are absent, not
  guessed.
- An index reads the first `LONGEST_INDEXED` characters of a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from search.accounts.visibility import CATALOGUE_OWNER, audience_of
from search.backends.base import Document
from search.backends.filters import Attribute
from search.embedding.passages import passages
from search.matching.requirements import requirements_of
from search.models import Aspect, Mention, Strength
from search.records.models import Candidate, StatedSkill, Vacancy
from search.text.claims import is_denied
from search.text.lexicon import label_key
from search.text.profiles import counted_prose, counted_title, without_unseen
from search.text.reading import read
from search.text.roles import role_text, skill_names
from search.text.vocabulary import load_vocabulary
from taxonomies.catalogue import load_catalogue
from taxonomies.levels import load_education
from taxonomies.models import Role
from taxonomies.regions import UnknownRegionError, lineage

if TYPE_CHECKING:
    from search.records.stored import StoredRecord

#: Version of what this module makes of a record; a change here asks for a new index.
SCHEMA = 7
#: Characters of a text that are indexed; some ten times a long résumé.
LONGEST_INDEXED = 50_000
#: Skills of a profile that count; who lists more has not thought about which.
MOST_SKILLS = 60
#: Skills from which a profile has given its skills apart; see `search.text.profiles`.
SOME_SKILLS = 3
#: Share of letters that must agree before a misspelt stated skill counts as the concept.
SURE_CORRECTION = 0.8

#: `status` of catalogue rows, which are always in force.
CATALOGUE_STATUS = "current"

# Ends a clause and joins no label across lines, as a line break alone would.
_BREAK = "。\n"
_EPOCH = date(1970, 1, 1)

Attributes = dict[str, tuple[Attribute, ...]]


def doc_id(kind: str, identity: str | int) -> str:
    """Return the id of a document: `role:9`, `candidate:01J…`, `vacancy:01J…`."""
    return f"{kind}:{identity}"


def build_document(stored: StoredRecord) -> Document:
    """Return the document of a record, without its vector."""
    record = stored.record
    if isinstance(record, Candidate):
        return candidate_document(stored, record)
    return vacancy_document(stored, record)


def role_document(role: Role) -> Document:
    """Return the document of a catalogue row, without its vector; its sequence is always 0."""
    prose = _role_prose(role)
    linked = (link.skill for link in role.skills)
    attributes: Attributes = {
        "kind": ("role",),
        "owner": (CATALOGUE_OWNER,),
        "status": (CATALOGUE_STATUS,),
        **_roles([role.number]),
        "skill": _sorted((*linked, *_named(_heard(role.labels, prose), Aspect.SKILL))),
    }
    return Document(
        doc_id=doc_id("role", role.number),
        sequence=0,
        tokens=_tokens(_joined(role.labels), prose),
        attributes=_present(attributes),
    )


def candidate_document(stored: StoredRecord, record: Candidate) -> Document:
    """Return the document of a profile, without its vector."""
    titles, prose = _candidate_titles(record), _candidate_prose(record)
    wishes = record.wishes
    wished = {*wishes.roles, *_spotted_roles(wishes.titles)}
    levels = [_education_ranks()[stage.level] for stage in record.education]
    heard = _claimed(titles, prose)
    attributes: Attributes = {
        **_base(stored),
        "status": (_status(record),),
        **_roles((*wished, *_spotted_roles(titles))),
        "region": _regions((record.region, *wishes.regions)),
        "wished_role": _sorted(str(number) for number in wished),
        "residence": _regions((record.region,)),
        "wished_region": _regions(wishes.regions),
        "skill": _skills(_counted_skills(record), heard),
        "language": _languages(record.languages, heard),
        "employment": _sorted(wishes.employment),
        "education": _highest(levels, heard),
        "years": _experience(record.years_experience, heard),
        "pay_monthly_yuan": _known(wishes.pay_monthly_yuan),
    }
    return _document(stored, titles, prose, attributes)


def vacancy_document(stored: StoredRecord, record: Vacancy) -> Document:
    """Return the document of a vacancy, without its vector."""
    titles, prose = _vacancy_titles(record), _vacancy_prose(record)
    declared = () if record.role is None else (record.role,)
    level, posted = record.education_at_least, record.posted
    pay = (record.pay_monthly_yuan_from, record.pay_monthly_yuan_to)
    heard = _heard(titles, prose)
    attributes: Attributes = {
        **_base(stored),
        **_roles((*declared, *_spotted_roles(titles))),
        "region": _regions((record.region,)),
        "skill": _skills(record.skills, heard),
        "must_skill": _must_skills(record),
        "language": _languages(record.languages, heard),
        "employment": (record.employment,) if record.employment else (),
        "education": (_education_ranks()[level],) if level else (),
        "years": _known(record.years_at_least),
        "pay_monthly_yuan": tuple(dict.fromkeys(bound for bound in pay if bound is not None)),
        "posted_day": (_day(posted),) if posted else (),
    }
    return _document(stored, titles, prose, attributes)


def document_passages(record: Role | Candidate | Vacancy) -> tuple[str, ...]:
    """Return what an encoder is given: of a record its titles, then the pieces of the rest.

    A catalogue row is one passage: its titles and duty belong together and fit into one.
    """
    match record:
        case Role():
            return (role_text(record),)
        case Candidate():
            return passages(_joined(_candidate_titles(record), "\n"), _candidate_prose(record))
        case Vacancy():
            return passages(_joined(_vacancy_titles(record), "\n"), _vacancy_prose(record))


def _document(
    stored: StoredRecord, titles: tuple[str, ...], prose: str, attributes: Attributes
) -> Document:
    return Document(
        doc_id=doc_id(stored.kind, stored.id),
        sequence=stored.sequence,
        tokens=_tokens(_joined(titles), prose),
        attributes=_present(attributes),
    )


def _tokens(titles: str, prose: str) -> dict[str, str]:
    segmenter = load_vocabulary().segmenter
    return {
        "title": " ".join(segmenter.tokens(titles)),
        "text": " ".join(segmenter.tokens(prose)),
    }


def _base(stored: StoredRecord) -> Attributes:
    return {
        "kind": (stored.kind,),
        "owner": (stored.owner,),
        "audience": audience_of(stored.record),
        "status": (stored.status,),
        "updated_day": (_day(stored.updated_at.astimezone(UTC)),),
    }


def _status(record: Candidate) -> str:
    """Return the status; who withdrew the consent to matching is not found, as if paused."""
    return "paused" if record.agrees_to("matching") is False else record.status


def _present(attributes: Attributes) -> Attributes:
    return {name: values for name, values in attributes.items() if values}


# Words: what was said, without the names of employers and schools.


def _role_prose(role: Role) -> str:
    field = role.field.name
    names = dict.fromkeys(skill_names(role))
    return _joined((role.duty.zh, role.duty.en, field.zh, field.en, *names))


def _candidate_titles(record: Candidate) -> tuple[str, ...]:
    held = (work.title for work in record.work)
    titles = dict.fromkeys((record.headline, *held, *record.wishes.titles))
    names = _candidate_names(record)
    return tuple(counted_title(_without(title, names)) for title in titles)


def _candidate_prose(record: Candidate) -> str:
    names = [skill.name for skill in _counted_skills(record)]
    has_skills = len(names) >= SOME_SKILLS
    texts = (record.summary, *(work.summary for work in record.work))
    said = (
        *names,
        *(counted_prose(text, has_skills=has_skills, said=names) for text in texts),
        *(stage.subject or "" for stage in record.education),
        *record.languages,
        *record.certificates,
        record.talent_tier or "",
    )
    return _without(_joined(said), _candidate_names(record))[:LONGEST_INDEXED]


def _counted_skills(record: Candidate) -> list[StatedSkill]:
    """Return the skills that count: each once, and so many at most."""
    once = {without_unseen(skill.name).strip().lower(): skill for skill in reversed(record.skills)}
    return list(reversed(once.values()))[:MOST_SKILLS]


def _candidate_names(record: Candidate) -> frozenset[str]:
    employers = (work.employer for work in record.work)
    schools = (stage.school for stage in record.education)
    return frozenset(name for name in (*employers, *schools) if name)


def _vacancy_titles(record: Vacancy) -> tuple[str, ...]:
    return (_without(record.title, _vacancy_names(record)),)


def _vacancy_prose(record: Vacancy) -> str:
    said = (*(skill.name for skill in record.skills), record.text, *record.languages)
    return _without(_joined(said), _vacancy_names(record))[:LONGEST_INDEXED]


def _vacancy_names(record: Vacancy) -> frozenset[str]:
    return frozenset((record.employer,)) if record.employer else frozenset()


def _joined(parts: Iterable[str], separator: str = _BREAK) -> str:
    return separator.join(part for part in parts if part)


def _without(text: str, names: frozenset[str]) -> str:
    pattern = _pattern(names) if names else None
    return pattern.sub(" ", text) if pattern else text


@lru_cache(maxsize=4096)
def _pattern(names: frozenset[str]) -> re.Pattern[str] | None:
    """Return what finds the names, longest first, or None where none is only a name."""
    known = load_vocabulary().lexicon.by_key
    # One letter, or a word that is a skill or a title too, says something about the work.
    plain = (name for name in names if len(name) > 1 and label_key(name) not in known)
    found = [_bounded(name) for name in sorted(plain, key=lambda name: (-len(name), name))]
    return re.compile("|".join(found), re.IGNORECASE) if found else None


def _bounded(name: str) -> str:
    before = r"(?<![a-z0-9])" if name[0].isascii() else ""
    after = r"(?![a-z0-9])" if name[-1].isascii() else ""
    return f"{before}{re.escape(name)}{after}"


# Concepts: what the words stand for in the code lists.


def _skills(stated: Iterable[StatedSkill], heard: Iterable[Mention]) -> tuple[str, ...]:
    named = (concept for skill in stated for concept in _stated(skill.name, Aspect.SKILL))
    return _sorted((*named, *_named(heard, Aspect.SKILL)))


def _must_skills(record: Vacancy) -> tuple[str, ...]:
    """Return the skills each of which a candidate must have; of alternatives none is one."""
    return _sorted(
        requirement.values[0]
        for requirement in requirements_of(record)
        if requirement.aspect is Aspect.SKILL
        and requirement.strength is Strength.REQUIRED
        and len(requirement.values) == 1
    )


def _languages(stated: Iterable[str], heard: Iterable[Mention]) -> tuple[str, ...]:
    named = (concept for line in stated for concept in _stated(line, Aspect.LANGUAGE))
    return _sorted((*named, *_named(heard, Aspect.LANGUAGE)))


@lru_cache(maxsize=65_536)
def _stated(line: str, aspect: Aspect) -> tuple[str, ...]:
    """Return the concepts of a line that names a skill or language, a misspelt one included."""
    return tuple(
        mention.value
        for mention in read(line).of(aspect)
        if _is_held(mention) and (mention.via == "label" or mention.confidence >= SURE_CORRECTION)
    )


def _heard(titles: Iterable[str], prose: str) -> tuple[Mention, ...]:
    """Return what titles and running text hold."""
    # Titles come again and again and are short; running text is neither, and stays out of memory.
    return (*(mention for title in titles for mention in _in_title(title)), *_mentions(prose))


def _claimed(titles: Iterable[str], prose: str) -> tuple[Mention, ...]:
    """Return what titles and running text of a profile claim; what they deny is left out."""
    claimed = [
        mention
        for mention in _mentions(prose)
        if mention.span is None or not is_denied(prose, mention.span.start, mention.span.end)
    ]
    return (*(mention for title in titles for mention in _in_title(title)), *claimed)


def _highest(levels: Sequence[int], heard: Iterable[Mention]) -> tuple[Attribute, ...]:
    """Return the rank of the highest level: of the stages listed, else of those told."""
    told = [_education_ranks()[value] for value in _named(heard, Aspect.EDUCATION)]
    return (max(levels or told),) if levels or told else ()


def _experience(years: float | None, heard: Iterable[Mention]) -> tuple[Attribute, ...]:
    """Return the years of experience: the number given, else the most that is told."""
    told = [float(value) for value in _named(heard, Aspect.YEARS)]
    return _known(years) if years is not None or not told else (min(max(told), 60.0),)


@lru_cache(maxsize=16_384)
def _in_title(title: str) -> tuple[Mention, ...]:
    return _mentions(title)


def _mentions(text: str) -> tuple[Mention, ...]:
    """Return what a text holds as it is written."""
    return tuple(
        mention for mention in read(text).mentions if mention.via == "label" and _is_held(mention)
    )


def _is_held(mention: Mention) -> bool:
    return mention.strength is not Strength.BANNED


def _named(mentions: Iterable[Mention], aspect: Aspect) -> Iterator[str]:
    return (mention.value for mention in mentions if mention.aspect is aspect)


def _spotted_roles(titles: Iterable[str]) -> Iterator[int]:
    for title in titles:
        for number in _named(_in_title(title), Aspect.TITLE):
            yield int(number)


def _roles(numbers: Iterable[int]) -> Attributes:
    unique = sorted(set(numbers))
    catalogue = load_catalogue()
    # A record may name a row that another release had; it keeps the number and has no field.
    fields = [role.field for number in unique if (role := catalogue.role(number)) is not None]
    return {
        "role": tuple(str(number) for number in unique),
        "field": _sorted(field.code for field in fields),
        "domain": _sorted(field.domain.zh for field in fields),
    }


def _regions(codes: Iterable[str | None]) -> tuple[str, ...]:
    return _sorted(above for code in codes if code is not None for above in _lineage(code))


@lru_cache(maxsize=4096)
def _lineage(code: str) -> tuple[str, ...]:
    try:
        return lineage(code)
    except UnknownRegionError:
        # The record was taken when the code was known, and stays findable by it.
        return (code,)


@cache
def _education_ranks() -> dict[str, int]:
    return {level.id: level.rank for level in load_education()}


def _known(value: float | None) -> tuple[Attribute, ...]:
    return () if value is None else (value,)


def _day(moment: date | datetime) -> int:
    day = moment.date() if isinstance(moment, datetime) else moment
    return (day - _EPOCH).days


def _sorted(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))
