"""The lexicon and segmenter of the releases in force: built once from the taxonomies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from search.models import Aspect
from search.text.lexicon import Entry, Lexicon
from search.text.normalise import HAN
from search.text.segment import Segmenter, tokeniser_name
from search.text.titles import CORE_CONFIDENCE, core
from taxonomies.catalogue import load_catalogue
from taxonomies.levels import load_education
from taxonomies.models import Region, Skill, Zone
from taxonomies.regions import load_elsewhere, load_regions, load_zones
from taxonomies.skills import load_skills

_IS_HAN = re.compile(f"[{HAN}]+")


@dataclass(frozen=True)
class Vocabulary:
    """Everything the text pipeline knows.

    Attributes:
        lexicon: labels of titles, skills, places, education levels and human languages.
        segmenter: cuts text with the taxonomy's words kept whole.
        tokeniser: name for an index manifest.
    """

    lexicon: Lexicon
    segmenter: Segmenter
    tokeniser: str


@cache
def load_vocabulary() -> Vocabulary:
    """Build the vocabulary (about 0.2 s) and keep it."""
    # The lexicon's keys become the segmenter's words; the lexicon in turn cuts texts with the segmenter.
    lexicon = Lexicon(_entries(), lambda text: segmenter.words(text))
    words = sorted(key for key in lexicon.by_key if len(key) > 1 and _IS_HAN.fullmatch(key))
    segmenter = Segmenter(words, is_shared=True)
    return Vocabulary(lexicon, segmenter, tokeniser_name(words))


def _entries() -> Iterator[Entry]:
    ordinary = {label.lower() for skill in load_skills().values() for label in skill.ambiguous}
    for role in load_catalogue().roles:
        for label in role.labels:
            yield Entry(Aspect.TITLE, str(role.number), label)
        for short in dict.fromkeys(filter(None, map(core, role.labels))):
            is_ordinary = short.lower() in ordinary
            yield Entry(Aspect.TITLE, str(role.number), short, is_ordinary, CORE_CONFIDENCE)
    for skill in load_skills().values():
        if skill.kind != "group":
            yield from _skill_entries(skill)
    places: tuple[Region | Zone, ...]
    places = (*load_regions().values(), *load_elsewhere().values(), *load_zones())
    for place in places:
        for label in place.labels:
            yield Entry(Aspect.PLACE, _place_value(place), label)
    for level in load_education():
        for label in level.labels:
            yield Entry(Aspect.EDUCATION, level.id, label)


def _skill_entries(skill: Skill) -> Iterator[Entry]:
    aspect = Aspect.LANGUAGE if skill.kind == "human-language" else Aspect.SKILL
    for label in dict.fromkeys(skill.labels):
        yield Entry(aspect, skill.id, label, label in skill.ambiguous)


def _place_value(place: Region | Zone) -> str:
    return place.region if isinstance(place, Zone) else place.code
