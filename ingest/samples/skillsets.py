"""Which skills a record states: those of its role, some of a neighbour, some noise."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random

from ingest.samples.chance import Weighted
from ingest.samples.phrases import load_phrases
from ingest.samples.profiles import Profile, load_profiles
from taxonomies.models import Lang, Skill
from taxonomies.skills import load_skills

#: People and employers stop listing somewhere.
LARGEST_SET = 16
# With fewer, sentences would list the same skill twice.
_FEWEST_ESSENTIAL = 3

_LEVELS: dict[str, tuple[str, ...]] = {
    "junior": ("basic", "working", "working"),
    "middle": ("working", "working", "advanced"),
    "senior": ("working", "advanced", "advanced", "expert"),
    "lead": ("advanced", "advanced", "expert"),
}


@dataclass(frozen=True)
class _Names:
    """How a concept is written: `own` in the language, `other` in the second one."""

    own: Weighted[str]
    other: str


def draw_skills(profile: Profile, chance: Random) -> list[str]:
    """Draw the ids of the skills, the role's own first."""
    random = chance.random
    drawn = [skill for skill in profile.essential if random() < 0.88]
    if len(drawn) < _FEWEST_ESSENTIAL:
        drawn = list(profile.essential[:_FEWEST_ESSENTIAL])
    # The optional skill of rank r in proportion to 1/sqrt(r): few are common, most are rare.
    drawn += [
        skill for rank, skill in enumerate(profile.optional, 1) if random() < 0.62 / rank**0.5
    ]
    del drawn[LARGEST_SET - 3 :]
    if random() < 0.4:
        neighbour = load_profiles()[chance.choice(profile.neighbours)]
        drawn += chance.sample(neighbour.essential, min(2, len(neighbour.essential)))
    if random() < 0.15:
        drawn.append(chance.choice(_all_skills()))
    return list(dict.fromkeys(drawn))


def name_skills(drawn: list[str], lang: str, chance: Random) -> list[str]:
    """Write the skills as a person would: labels, aliases, and now and then the other language.

    Args:
        drawn: ids of concepts.
        lang: zh, en or mixed; mixed takes the English name most often.
        chance: the record's generator.
    """
    written: Lang = "zh" if lang == "zh" else "en"
    foreign = {"zh": 0.06, "en": 0.0, "mixed": 0.25}[lang]
    known = _names(written)
    names = [
        known[skill].other if chance.random() < foreign else known[skill].own.draw(chance)
        for skill in drawn
    ]
    if chance.random() < 0.3 or not names:
        names.append(load_phrases(written).noise_skills.draw(chance))
    return list(dict.fromkeys(names))


def state_skills(
    names: list[str], grade: str, years: float, chance: Random
) -> list[dict[str, object]]:
    """Return the stated skills; a level or years are given by some people only."""
    levels, random = _LEVELS[grade], chance.random
    gives_levels, gives_years = random() < 0.6, random() < 0.35
    return [
        {
            "name": name,
            "level": chance.choice(levels) if gives_levels and random() < 0.85 else None,
            "years": max(0.5, round(years * random() * 2) / 2)
            if gives_years and years >= 1
            else None,
        }
        for name in names
    ]


@cache
def _all_skills() -> tuple[str, ...]:
    return tuple(load_skills())


@cache
def _names(lang: Lang) -> dict[str, _Names]:
    return {key: _naming(skill, lang) for key, skill in load_skills().items()}


def _naming(skill: Skill, lang: Lang) -> _Names:
    label = skill.label.within(lang)
    aliases = skill.aliases_zh if lang == "zh" else skill.aliases_en
    # An ambiguous alias would make the invented record unreadable, not just hard.
    clear = [alias for alias in aliases if alias not in skill.ambiguous]
    weights = (1.0, *(0.3 / len(clear) for _ in clear))
    return _Names(
        Weighted((label, *clear), weights), skill.label.within("en" if lang == "zh" else "zh")
    )
