"""Fill sentence templates with the facts of one record and with words of working life."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from ingest.samples.market import Grade, Place
from ingest.samples.phrases import Phrases, load_phrases
from ingest.samples.profiles import Profile
from taxonomies.models import Lang, Text

# "a algorithm engineer" becomes "an algorithm engineer"; words in u- mostly sound like "you".
_ARTICLE = re.compile(r"\b([Aa]) (?=[aeioAEIO])")
_BORDER = re.compile(r"(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9+#])(?=[\u4e00-\u9fff])")

#: How often a slot of a Chinese sentence is filled with English in a mixed record.
_CODE_SWITCH = {"title": 0.5, "work": 0.35, "thing": 0.35, "noun": 0.25, "sector": 0.1, "code": 0.3}

# Index tokens per sign of a sentence, measured over 6,000 records with search.text.segment.
_TOKENS_PER_SIGN = {"zh": 0.43, "en": 0.11}


@dataclass(frozen=True)
class Facts:
    """What the sentences of one record may say.

    Attributes:
        lang: zh, en or mixed.
        titles: the title in each language, as this record writes it.
        skills: names in the record's own wording.
        years: whole years that the text states; 0 when there is nothing to state.
        employer: the present or latest employer, in the record's language.
        school: where the highest degree comes from, likewise.
    """

    lang: str
    profile: Profile
    grade: Grade
    titles: Text
    skills: list[str]
    years: int
    employer: str
    school: str
    place: Place
    degree: Text
    subject: Text


class Writer:
    """Writes the sentences of one record, and hardly ever uses a template twice in it.

    Attributes:
        tokens: about how many index tokens the sentences written so far have.
    """

    def __init__(self, facts: Facts, chance: Random) -> None:
        self.facts = facts
        self.tokens = 0.0
        self._chance = chance
        self._lang: Lang = "en" if facts.lang == "en" else "zh"
        self._slot_lang: Lang = self._lang
        self._used: set[str] = set()
        self._filled: dict[str, str] = {}
        self._next_skill = 0
        self._spaced = chance.random() < 0.5

    def sentence(self, section: str) -> str:
        """Write one sentence of a section, preferably by a template not used so far."""
        lang = self._sentence_lang()
        self._lang = lang
        phrases = load_phrases(lang)
        templates = (phrases.sections if self.facts.years >= 1 else phrases.yearless)[section]
        template = self._chance.choice(templates)
        for _ in range(3):
            if template not in self._used:
                break
            template = self._chance.choice(templates)
        self._used.add(template)
        text = self._polish(template.format_map(self), template)
        self.tokens += len(text) * _TOKENS_PER_SIGN[lang]
        return text

    def join(self, sentences: list[str]) -> str:
        """Join sentences into running text."""
        return ("" if self.facts.lang == "zh" else " ").join(sentences)

    def __getitem__(self, slot: str) -> str:
        """Fill one slot; called by `str.format_map` for each in turn.

        A repetition is redrawn once, so that lists such as "{noun} and {noun}" rarely say a thing twice.
        """
        self._slot_lang = self._lang
        if self.facts.lang == "mixed" and self._lang == "zh":
            share = _CODE_SWITCH.get(slot)
            if share is not None and self._chance.random() < share:
                self._slot_lang = "en"
        filled = _SLOTS[slot](self)
        if filled == self._filled.get(slot):
            filled = _SLOTS[slot](self)
        self._filled[slot] = filled
        return filled

    @property
    def _words(self) -> Phrases:
        return load_phrases(self._slot_lang)

    def _sentence_lang(self) -> Lang:
        if self.facts.lang == "mixed":
            return "zh" if self._chance.random() < 0.7 else "en"
        return "en" if self.facts.lang == "en" else "zh"

    def _polish(self, text: str, template: str) -> str:
        if self._lang == "en":
            text = _ARTICLE.sub(r"\1n ", text)
            # Names such as iOS keep their case.
            if not template.startswith("{skill"):
                text = text[0].upper() + text[1:]
        elif self._spaced:
            text = _BORDER.sub(" ", text)
        return text

    def _skill(self) -> str:
        names = self.facts.skills
        self._next_skill += 1
        return names[(self._next_skill - 1) % len(names)]

    def _skills(self) -> str:
        three = list(dict.fromkeys(self._skill() for _ in range(3)))
        between, last = self._words.joiners
        return last.join(part for part in (between.join(three[:-1]), three[-1]) if part)

    def _thing(self) -> str:
        work = self.facts.profile.work
        thing = work.things.draw(self._chance)
        if self._slot_lang != self._lang:
            return work.bare_things[thing.en]
        return thing.within(self._slot_lang)

    def _act(self) -> str:
        words = self._words
        verb, noun = words.verb.draw(self._chance), words.noun.draw(self._chance)
        return f"{verb}{noun}" if self._slot_lang == "zh" else f"{verb} {noun}"

    def _code(self) -> str:
        # Numbered projects give the long tail of words that occur once, as in any real collection.
        code = self._words.code.draw(self._chance)
        if self._chance.random() < 0.55:
            return code
        between = "" if self._slot_lang == "zh" else " "
        return f"{code}{between}{self._chance.randint(2, 4999)}"

    def _degree(self) -> str:
        degree = self.facts.degree.within(self._slot_lang)
        return degree if self._slot_lang == "zh" else degree.lower()

    def _big(self) -> str:
        # Two digits and zeros, spread evenly over the magnitudes, as people round what they report.
        magnitude = 10 ** self._chance.randint(1, 4)
        return str(self._chance.randint(10, 99) * magnitude)

    def _grade_word(self) -> str:
        words = self.facts.grade.words(self._slot_lang)
        return words[0] if self._slot_lang == "zh" else words[0].lower()


_SLOTS: dict[str, Callable[[Writer], str]] = {
    "title": lambda w: w.facts.titles.within(w._slot_lang),
    "skill": Writer._skill,
    "skills": Writer._skills,
    "work": lambda w: w.facts.profile.work.work.draw(w._chance).within(w._slot_lang),
    "thing": Writer._thing,
    "duty": lambda w: w._chance.choice(w.facts.profile.duties[w._slot_lang]),
    "field": lambda w: w.facts.profile.role.field.name.within(w._slot_lang),
    "act": Writer._act,
    "noun": lambda w: w._words.noun.draw(w._chance),
    "trait": lambda w: w._words.trait.draw(w._chance),
    "sector": lambda w: w._words.sector.draw(w._chance),
    "code": Writer._code,
    "mode": lambda w: w._words.modes.draw(w._chance),
    "years": lambda w: str(w.facts.years),
    "years_some": lambda w: str(w._chance.randint(1, max(1, w.facts.years))),
    "small": lambda w: str(w._chance.randint(2, 9)),
    "n": lambda w: str(w._chance.randint(3, 60)),
    "pct": lambda w: str(w._chance.randint(5, 95)),
    "big": Writer._big,
    "employer": lambda w: w.facts.employer,
    "school": lambda w: w.facts.school,
    "city": lambda w: w.facts.place.name.within(w._slot_lang),
    "degree": Writer._degree,
    "subject": lambda w: w.facts.subject.within(w._slot_lang),
    "grade": Writer._grade_word,
}
