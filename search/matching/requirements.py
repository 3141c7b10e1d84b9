"""What a vacancy asks for: its fields and the reading of its text, each with strength and source.

Precedence: what a field says counts, and the text adds what no field says. A text that is stricter
about a skill makes it stricter.

A declared least number of years, level of education and `required` skill exclude whoever is known to
fail them. The place and the languages of a vacancy rank, unless its text (or whoever edits the
requirements) says that they must be met: people move, and few profiles list every language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from search.models import Aspect, Mention, Reading, Span, Strength
from search.ranking.profile import padded
from search.records.models import Vacancy, WantedSkill
from search.text.reading import read
from search.text.vocabulary import load_vocabulary

#: Part of a vacancy in which a requirement was found.
TEXT = "text"

# "PyTorch 或 TensorFlow", "HCIP（或同等CCNP）": one of them is enough.
_OR = re.compile(
    r"\s*(?:及以上|以上)?\s*[（(,，、]?\s*(?:或者?|/|／|\||\bor\b)\s*"
    r"(?:(?:同等|同级|同类|相当于?|类似|其他|equivalent|similar)(?:的|水平)?)?\s*[（(]?\s*",
    re.IGNORECASE,
)
# "熟悉 React、Vue、Angular 之一", "one of PyTorch, TensorFlow": one of the whole list is enough.
_ONE_OF_AFTER = re.compile(
    r"^[^。；;\n]{0,8}?(?:等)?(?:至少|任意|任一|其中)?[一1](?:种|门|项|个|款)|^\s*等?之一|^[^。；;\n]{0,6}任一"
)
_ONE_OF_BEFORE = re.compile(
    r"(?:\b(?:one|any|either) of|\bat least one(?: of)?|以下任一)\W*$", re.I
)
_ONE_OF_TAIL = re.compile(
    r"之一|任一|至少[一1]|任意[一1]|或(?:以上|同等|同级|更高|其[他它]|类似|者)"
)
_LIST_GAP = re.compile(r"\s*(?:[、,，/]|\bor\b|\band\b|或者?|和|及)\s*", re.IGNORECASE)
# "（PyTorch、TensorFlow等任一）必须有项目", "Node.js、PHP、Java任一门都行，但必须有一门": of the list as a whole.
_MUST_HAVE_ONE = re.compile(
    r"^[^。；;，,\n]{0,12}?[)）]?\s*(?:是)?必[须需备]|^[^。；;\n]{0,16}必须?(?:要|得)?(?:会|有|懂|掌握)[^。；;\n]{0,4}?一[门种个项]"
)
# Only who is there already, or will be, may apply; in the sentence that names the place.
_LOCALS_ONLY = re.compile(
    r"(?:只|仅)(?:招|收|考虑|面向)|[仅只]限|外地[^。；;\n]{0,8}(?:不考虑|勿)|不(?:考虑|接受)(?:异地|外地)"
    r"|\balready (?:living|based|resident)\b|\bmust (?:live|reside|be (?:based|located))\b"
    r"|\b(?:no|cannot support|without) relocation\b|\blocals? only\b",
    re.IGNORECASE,
)
_HELD = re.compile(
    r"(?:岗位|职位|工作|从业|相关|的)*(?:经历|经验|背景)| (?:\w+ )?(?:experience|background)"
)
_SENTENCE_END = re.compile(r"[。；;\n!！?？]|\.(?=\s|$)")
_REACH = 24

_STRICTEST = (Strength.REQUIRED, Strength.BANNED, Strength.FAVOURED, Strength.OPTIONAL)


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that is asked for.

    Attributes:
        aspect: what it is about.
        values: any of them is enough: skill ids, row numbers, region codes, one level of education,
            or one number of years. Empty for a skill that the taxonomy does not know.
        strength: `required` and `banned` exclude, `favoured` ranks, `optional` hardly counts.
        words: of a skill that the taxonomy does not know, its tokens, each between blanks.
        source: part of the vacancy that says so: a field's name, `title` or `text`.
        span: where it stands in that part, in code points; None for a number or code.
        quote: the words as written.
        at_most: upper bound of a range of years.
    """

    aspect: Aspect
    values: tuple[str, ...]
    strength: Strength
    words: str = ""
    source: str = TEXT
    span: Span | None = None
    quote: str = ""
    at_most: float | None = None

    @property
    def handle(self) -> str:
        """What names it within its vacancy, for example `skill:java` or `years:3`."""
        return f"{self.aspect.value}:{'|'.join(self.values) or self.words.strip()}"

    @property
    def is_hard(self) -> bool:
        """Whether who fails it is excluded."""
        return self.strength in {Strength.REQUIRED, Strength.BANNED}


@lru_cache(maxsize=4096)
def requirements_of(vacancy: Vacancy) -> tuple[Requirement, ...]:
    """Return what a vacancy asks for, required ones first, then in the order of fields and text."""
    declared = [*_declared(vacancy)]
    stated = {requirement.aspect for requirement in declared if requirement.values}
    text = [
        requirement
        for requirement in read_requirements(vacancy.text)
        # The title says what the job is called, not what is asked for; a field beats the text.
        if requirement.aspect is Aspect.SKILL or requirement.aspect not in stated
    ]
    return _merged([*declared, *text])


def read_requirements(text: str) -> tuple[Requirement, ...]:
    """Return what a text asks for; of titles only those that one must have held (须有产品经理经历)."""
    mentions = [
        mention
        for mention in _reading(text).mentions
        if mention.via == "label"
        and (mention.aspect is not Aspect.TITLE or _must_have_been(mention, text))
    ]
    return tuple(_grouped(mentions, text, TEXT))


def _must_have_been(mention: Mention, text: str) -> bool:
    if mention.strength is not Strength.REQUIRED or mention.span is None:
        return False
    return _HELD.match(text, mention.span.end) is not None


def words_of(skill: str) -> str:
    """Return how a skill that the taxonomy does not know is looked for: its tokens, or ""."""
    tokens = load_vocabulary().segmenter.tokens(skill)
    return padded(*tokens) if tokens else ""


def _declared(vacancy: Vacancy) -> Iterator[Requirement]:
    for skill in vacancy.skills:
        yield from _skill(skill)
    if vacancy.years_at_least:
        value = f"{vacancy.years_at_least:g}"
        yield Requirement(Aspect.YEARS, (value,), Strength.REQUIRED, source="years_at_least")
    if vacancy.education_at_least is not None:
        level = (vacancy.education_at_least,)
        yield Requirement(Aspect.EDUCATION, level, Strength.REQUIRED, source="education_at_least")
    for line in vacancy.languages:
        for mention in read(line).of(Aspect.LANGUAGE)[:1]:
            found = _requirement([mention], "languages", Strength.FAVOURED)
            yield replace(found, quote=line, span=None)
    if vacancy.region is not None:
        yield Requirement(Aspect.PLACE, (vacancy.region,), _place(vacancy), source="region")


def _place(vacancy: Vacancy) -> Strength:
    """Return how strongly the place is meant: the field says where, the text may say that it binds."""
    places = _reading(vacancy.text).of(Aspect.PLACE)
    binds = any(mention.strength is Strength.REQUIRED for mention in places)
    if binds or any(_LOCALS_ONLY.search(_sentence(vacancy.text, place)) for place in places):
        return Strength.REQUIRED
    return Strength.FAVOURED


def _sentence(text: str, mention: Mention) -> str:
    if mention.span is None:
        return ""
    before, after = text[: mention.span.start], text[mention.span.end :]
    return f"{_SENTENCE_END.split(before)[-1]}{mention.quote}{_SENTENCE_END.split(after)[0]}"


@lru_cache(maxsize=1024)
def _reading(text: str) -> Reading:
    return read(text)


# Apart from texts, of which nearly each is another: the same skills are asked for again and again.
@lru_cache(maxsize=8192)
def _reading_of_name(name: str) -> Reading:
    return read(name)


def _skill(skill: WantedSkill) -> Iterator[Requirement]:
    strength = Strength(skill.strength)
    mentions = [
        mention
        for mention in _reading_of_name(skill.name).of(Aspect.SKILL)
        if mention.via == "label" or mention.confidence >= 0.8
    ]
    if not mentions:
        if words := words_of(skill.name):
            yield Requirement(
                Aspect.SKILL, (), strength, words=words, source="skills", quote=skill.name
            )
        return
    for found in _grouped(mentions, skill.name, "skills"):
        yield replace(found, strength=strength, quote=skill.name, span=None)


def _grouped(mentions: Sequence[Mention], text: str, source: str) -> Iterator[Requirement]:
    """Yield a requirement for each mention, and one for those of which one is enough."""
    group: list[Mention] = []
    for mention in mentions:
        if group and _are_alternatives(group, mention, text):
            if mention.value not in {held.value for held in group}:
                group.append(mention)
            continue
        if group:
            yield _requirement(group, source, _strength(group, text))
        group = [mention]
    if group:
        yield _requirement(group, source, _strength(group, text))


def _strength(group: Sequence[Mention], text: str) -> Strength:
    """Return how strongly a list is meant, of which one is enough."""
    last = group[-1]
    if len(group) > 1 and last.span is not None:
        rest = text[last.span.end : last.span.end + 3 * _REACH]
        if group[0].strength is Strength.FAVOURED and _MUST_HAVE_ONE.search(rest):
            return Strength.REQUIRED
    return last.strength


def _are_alternatives(group: Sequence[Mention], mention: Mention, text: str) -> bool:
    last = group[-1]
    if last.aspect is not mention.aspect:
        return False
    if last.span is None or mention.span is None or last.strength is not mention.strength:
        return False
    if last.span == mention.span:
        return True  # one word with two meanings
    if mention.aspect is not Aspect.SKILL:
        return False
    gap = text[last.span.end : mention.span.start]
    if _OR.fullmatch(gap):
        return True
    return bool(_LIST_GAP.fullmatch(gap)) and _is_one_of(group[0], mention, text)


def _is_one_of(first: Mention, last: Mention, text: str) -> bool:
    """Say whether the list that these stand in asks for one of its items only."""
    assert first.span is not None and last.span is not None
    if _ONE_OF_BEFORE.search(text[max(0, first.span.start - _REACH) : first.span.start]):
        return True
    rest = text[last.span.end : last.span.end + 3 * _REACH]
    end = re.search(r"[。；;\n.]", rest)
    tail = rest[: end.start()] if end else rest
    # The list may go on behind this item.
    after = re.split(r"[、,，/或]", tail)[-1] if re.match(r"\s*[、,，/或]", tail) else tail
    return bool(_ONE_OF_AFTER.search(after) or _ONE_OF_TAIL.search(tail))


def _requirement(group: Sequence[Mention], source: str, strength: Strength) -> Requirement:
    if group[0].aspect is Aspect.YEARS and strength is Strength.BANNED:
        return _years_refused(group[0], source)
    first, last = group[0], group[-1]
    span = Span(first.span.start, last.span.end) if first.span and last.span else None
    quotes = dict.fromkeys(mention.quote for mention in group)
    return Requirement(
        aspect=first.aspect,
        values=tuple(dict.fromkeys(mention.value for mention in group)),
        strength=strength,
        source=source,
        span=span if len(quotes) == 1 else None,
        quote=" / ".join(quotes),
        at_most=first.at_most,
    )


def _years_refused(mention: Mention, source: str) -> Requirement:
    """Return what "3年以下勿投" asks for: 3 years. "10年以上不考虑" refuses nobody here: it only ranks."""
    is_floor = mention.at_most is not None and float(mention.value) == 0
    value = f"{mention.at_most:g}" if is_floor else "0"
    return Requirement(
        Aspect.YEARS,
        (value,),
        Strength.REQUIRED if is_floor else Strength.OPTIONAL,
        source=source,
        span=mention.span,
        quote=mention.quote,
    )


def _merged(found: Iterable[Requirement]) -> tuple[Requirement, ...]:
    """Keep one of each, as strict as the strictest; of years and education the strictest only."""
    kept: dict[object, Requirement] = {}
    for requirement in found:
        is_level = requirement.aspect in {Aspect.YEARS, Aspect.EDUCATION}
        key: object = requirement.aspect if is_level else requirement.handle
        held = kept.get(key)
        if held is None:
            kept[key] = requirement
        elif _order(requirement) < _order(held):
            # Where it was declared it is shown from there, as strict as the text says.
            kept[key] = requirement if is_level else replace(held, strength=requirement.strength)
    return tuple(sorted(kept.values(), key=_order))


def _order(requirement: Requirement) -> int:
    return _STRICTEST.index(requirement.strength)
