"""The words and sentences that records are written with, per language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pydantic import BaseModel, ConfigDict, TypeAdapter

from ingest.samples.chance import Weighted, zipf
from ingest.samples.template_files import read_template
from taxonomies.models import Lang, Text

_ARTICLE = re.compile(r"^an? ")


class _Words(BaseModel):
    """The file `words_<lang>.yaml`; its long lists are one string each."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    joiners: tuple[str, str]
    noun: str
    verb: str
    trait: str
    sector: str
    code: str
    spoken_language: tuple[str, ...]
    noise_skill: tuple[str, ...]
    neutral_title: tuple[str, ...]
    intern_title: tuple[str, ...]
    mode: tuple[str, ...]
    employer_trade: tuple[str, ...]
    employer_mark: tuple[str, ...]
    employer: str
    school: tuple[str, ...]
    college: tuple[str, ...]
    high_school: tuple[str, ...]


class _Field(BaseModel):
    """One field of the file `fields.yaml`; pairs are written "Chinese | English"."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pay: int
    education: tuple[float, float, float, float]
    subjects: tuple[str, ...]
    certificates: tuple[str, ...]
    things: tuple[str, ...]
    work: tuple[str, ...]


@dataclass(frozen=True)
class Phrases:
    """What one language offers; the distributions are Zipfian over the order of the file.

    Attributes:
        sections: sentence templates by what they say.
        yearless: those of them that do not speak of years, for people who have none yet.
    """

    sections: dict[str, tuple[str, ...]]
    yearless: dict[str, tuple[str, ...]]
    joiners: tuple[str, str]
    noun: Weighted[str]
    verb: Weighted[str]
    trait: Weighted[str]
    sector: Weighted[str]
    code: Weighted[str]
    spoken_languages: Weighted[str]
    noise_skills: Weighted[str]
    neutral_titles: tuple[str, ...]
    intern_titles: tuple[str, ...]
    modes: Weighted[str]
    employers: Weighted[str]
    schools: Weighted[str]
    colleges: Weighted[str]
    high_schools: Weighted[str]


@dataclass(frozen=True)
class FieldWork:
    """What people of a field work on.

    Attributes:
        education: how often people hold an associate, bachelor, master or doctor degree.
        bare_things: the things in English without their article, for use inside Chinese sentences.
    """

    pay: int
    education: Weighted[str]
    subjects: Weighted[Text]
    certificates: Weighted[Text]
    things: Weighted[Text]
    bare_things: dict[str, str]
    work: Weighted[Text]


@cache
def load_phrases(lang: Lang) -> Phrases:
    """Load the phrases of one language."""
    words = _Words.model_validate(read_template(f"words_{lang}.yaml"))
    sections = TypeAdapter(dict[str, tuple[str, ...]]).validate_python(
        read_template(f"sentences_{lang}.yaml")
    )

    def ranked(text: str) -> Weighted[str]:
        return zipf(tuple(text.split() if lang == "zh" else text.strip().split(", ")))

    return Phrases(
        sections=sections,
        yearless={
            name: tuple(template for template in templates if "{years" not in template)
            for name, templates in sections.items()
        },
        joiners=words.joiners,
        noun=ranked(words.noun),
        verb=ranked(words.verb),
        trait=ranked(words.trait),
        sector=ranked(words.sector),
        code=ranked(words.code),
        spoken_languages=zipf(words.spoken_language),
        noise_skills=zipf(words.noise_skill),
        neutral_titles=words.neutral_title,
        intern_titles=words.intern_title,
        modes=zipf(words.mode),
        employers=zipf(_employers(words)),
        schools=zipf(words.school),
        colleges=zipf(words.college),
        high_schools=zipf(words.high_school),
    )


@cache
def load_field_work() -> dict[str, FieldWork]:
    """Load what is worked on in each field, by field code."""
    fields = TypeAdapter(dict[str, _Field]).validate_python(read_template("fields.yaml"))
    return {code: _field_work(field) for code, field in fields.items()}


def _employers(words: _Words) -> tuple[str, ...]:
    # Marks vary slowest, so that the frequent employers spread over all trades.
    return tuple(
        words.employer.format(trade=trade, mark=mark)
        for mark in words.employer_mark
        for trade in words.employer_trade
    )


def _field_work(field: _Field) -> FieldWork:
    things = _pairs(field.things)
    return FieldWork(
        pay=field.pay,
        education=Weighted(("associate", "bachelor", "master", "doctor"), field.education),
        subjects=zipf(_pairs(field.subjects)),
        certificates=zipf(_pairs(field.certificates)),
        things=zipf(things),
        bare_things={thing.en: _ARTICLE.sub("", thing.en) for thing in things},
        work=zipf(_pairs(field.work)),
    )


def _pairs(lines: tuple[str, ...]) -> tuple[Text, ...]:
    return tuple(Text(*(part.strip() for part in line.split("|", 1))) for line in lines)
