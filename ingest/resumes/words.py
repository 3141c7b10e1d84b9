"""The words by which a résumé is read, from `words.yaml`, as patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from search.text.normalise import is_han, normalise
from taxonomies.yaml_text import read_yaml

_NOT_LETTERS = re.compile(r"[\W_]+")
#: What may stand between a label and its value; a bar or a gap only where a cell begins.
_AFTER_LABEL = r"[ \t]{0,8}(?:[:：][ \t]{0,8}|(?=\||\Z)|(?:(?<= {2})|(?<=\t))(?=\S))"


@dataclass(frozen=True)
class Words:
    """Headings, labels and marks.

    Attributes:
        sections: section by the key of its heading.
        heading_words: the English words of all headings.
        labels: field by the key of its label.
        label: finds a label (group `label`) and what follows it up to its value.
        employer: finds what marks the name of an employer.
        ending: finds what ends the name of an English employer.
        title: finds what ends a title.
        school: finds what marks the name of a school.
        skill_level: finds a word that says how well; `skill_levels` gives the level by its key.
        employment: finds a way to be employed; `employments` gives the value by its key.
        open_end: what stands for the end of what lasts, as a pattern.
        surname: finds a surname at the beginning.
        no_names: keys of what stands at the top and is no name.
    """

    sections: Mapping[str, str]
    heading_words: frozenset[str]
    labels: Mapping[str, str]
    label: re.Pattern[str]
    employer: re.Pattern[str]
    ending: re.Pattern[str]
    title: re.Pattern[str]
    school: re.Pattern[str]
    skill_level: re.Pattern[str]
    skill_levels: Mapping[str, str]
    employment: re.Pattern[str]
    employments: Mapping[str, str]
    open_end: str
    surname: re.Pattern[str]
    no_names: frozenset[str]


def key(words: str) -> str:
    """Return what headings and labels are compared by: normal form, letters and digits only."""
    return _NOT_LETTERS.sub("", normalise(words).text)


@cache
def load_words() -> Words:
    """Read the words once."""
    data: dict[str, Any] = read_yaml(files(__package__).joinpath("words.yaml").read_text("utf-8"))
    labels = _by_key(data["labels"])
    every_label = [word for words in data["labels"].values() for word in words]
    return Words(
        sections=_by_key(data["sections"]),
        heading_words=frozenset(
            word.lower()
            for heading in _flat(data["sections"])
            for word in heading.split()
            if word.isascii()
        ),
        labels=labels,
        label=re.compile(rf"(?<!\w)(?P<label>{_any(every_label)}){_AFTER_LABEL}", re.I),
        employer=_marks(data["employers"], at_end=False),
        ending=re.compile(rf"\b(?:{_any(data['employers']['ending'])})\b\.?"),
        title=_marks(data["titles"], at_end=True),
        school=_marks(data["schools"], at_end=False),
        skill_level=_pattern(_flat(data["skill_levels"])),
        skill_levels=_by_key(data["skill_levels"]),
        employment=_pattern(_flat(data["employment"])),
        employments=_by_key(data["employment"]),
        open_end=_any(data["open_end"]),
        surname=re.compile(_any(data["surnames"].split())),
        no_names=frozenset(map(key, data["no_names"])),
    )


def _by_key(words: Mapping[str, Iterable[str]]) -> Mapping[str, str]:
    return MappingProxyType({key(word): name for name, group in words.items() for word in group})


def _flat(words: Mapping[str, Iterable[str]]) -> list[str]:
    return [word for group in words.values() for word in group]


def _any(words: Iterable[str]) -> str:
    """Return an alternation, longest first; the characters of a Chinese word may be spaced out."""
    ordered = sorted(set(words), key=len, reverse=True)
    return "|".join(map(_spaced, ordered))


def _spaced(word: str) -> str:
    if all(map(is_han, word)) and len(word) < 5:
        return r"[ \t\u3000]{0,6}".join(word)
    return re.escape(word).replace(r"\ ", r"\s{1,2}")


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    words = list(words)
    latin = [word for word in words if not is_han(word[0])]
    chinese = [word for word in words if is_han(word[0])]
    return re.compile(rf"(?:{_any(chinese)})|\b(?:{_any(latin)})\b", re.I)


def _marks(words: Mapping[str, Iterable[str]], *, at_end: bool) -> re.Pattern[str]:
    # 工程师（兼职） and 工程师II are still titles.
    end = r"(?=[\s\d（(/、\-–—]|[IV]{1,3}\b|助理|\Z)" if at_end else ""
    latin = _any(words["en"])
    ends = rf"|(?:{_any(words['ends'])})(?=\Z|[（(])" if "ends" in words else ""
    return re.compile(rf"(?:{_any(words['zh'])}){end}{ends}|\b(?:{latin})s?\b\.?", re.I)
