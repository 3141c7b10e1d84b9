"""What pages and problems say, in both languages; the words stand in `api/web/locales`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from taxonomies.models import Lang

LOCALES = Path(__file__).parent / "web" / "locales"

LANGS: tuple[Lang, ...] = ("zh", "en")

Entry = str | Mapping[str, str]


class Wording:
    """The words of one language.

    An entry is a text with `{placeholders}`, or, where the number `n` decides, one text for `one`
    and one for `other`.

    Args:
        lang: the language.
        entries: key to text.
    """

    def __init__(self, lang: Lang, entries: Mapping[str, Entry]) -> None:
        self.lang = lang
        self._entries = entries

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the text of a key with its placeholders filled in.

        Raises:
            KeyError: no text has this key; tests/meta/test_locales.py keeps that from happening.
        """
        entry = self._entries[key]
        if not isinstance(entry, str):
            entry = entry["one"] if values.get("n") == 1 else entry["other"]
        return entry.format(**values) if values else entry

    def __contains__(self, key: str) -> bool:
        """Say whether there is a text with this key."""
        return key in self._entries

    def texts(self) -> dict[str, str]:
        """Return the texts that no number decides, by key."""
        return {key: entry for key, entry in self._entries.items() if isinstance(entry, str)}

    def date(self, day: date) -> str:
        """Return a date as it is written in this language."""
        month = self(f"month.{day.month}")
        return self("date", year=day.year, month=month, day=day.day)


@cache
def wording(lang: Lang) -> Wording:
    """Load the words of one language."""
    return Wording(lang, json.loads((LOCALES / f"{lang}.json").read_text(encoding="utf-8")))
