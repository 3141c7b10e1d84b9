"""Words in the language that a file is written in; the locale files of the pages hold them."""

from __future__ import annotations

from typing import Protocol

from ingest.tables.rows import Remark
from taxonomies.levels import load_education
from taxonomies.models import Lang, Text


class Words(Protocol):
    """The words of one language, as `api.wording.Wording` gives them."""

    lang: Lang

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the text of a key with its placeholders filled in."""
        ...


def reason_words(words: Words, remark: Remark) -> str:
    """Return why a value is not taken."""
    return words(f"table.reason.{remark.code}", **_values(words, remark))


def fix_words(words: Words, remark: Remark) -> str:
    """Return what to do about it."""
    return words(f"table.fix.{remark.code}", **_values(words, remark))


def education_words(words: Words, level: str) -> str:
    """Return the label of an education level."""
    return next(each.label for each in load_education() if each.id == level).within(words.lang)


def _values(words: Words, remark: Remark) -> dict[str, object]:
    return {
        name: value.within(words.lang) if isinstance(value, Text) else value
        for name, value in remark.params.items()
    }
