"""The columns of the declaration table and the words on its sheets, in both languages, from data files."""

from __future__ import annotations

import csv
import io
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from taxonomies.models import Lang, Text

#: A column that is neither read nor kept.
CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        key: field of a declaration.
        width: characters; 0 where the template does not have it.
        is_required: every row must fill it in.
        header: name in both languages.
        aliases: other names that are understood.
        note: how to fill it in.
    """

    key: str
    width: int
    is_required: bool
    header: Text
    aliases: tuple[str, ...]
    note: Text


@cache
def load_columns() -> tuple[Column, ...]:
    """Return the columns in the order of the template."""
    return tuple(
        Column(
            key=row["key"],
            width=int(row["width"]),
            is_required=row["is_required"] == "yes",
            header=Text(row["zh"], row["en"]),
            aliases=tuple(filter(None, row["aliases"].split("|"))),
            note=Text(row["note_zh"], row["note_en"]),
        )
        for row in _table("columns.csv")
    )


@cache
def keys_by_header() -> dict[str, str]:
    """Return the key of each name that a column may have, folded."""
    return {
        folded(name): column.key
        for column in load_columns()
        for name in (column.key, column.header.zh, column.header.en, *column.aliases)
    }


def word(key: str, lang: Lang) -> str:
    """Return a word of the sheets; "" where there is none of that key."""
    found = _words().get(key)
    return "" if found is None else found.within(lang)


def folded(text: str) -> str:
    """Return a name without what people write differently: width, case, blanks, the star of required."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("*", "")
    return "".join(plain.split())


@cache
def _words() -> dict[str, Text]:
    return {row["key"]: Text(row["zh"], row["en"]) for row in _table("words.csv")}


def _table(name: str) -> list[dict[str, str]]:
    text = files(__package__).joinpath(name).read_text("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
