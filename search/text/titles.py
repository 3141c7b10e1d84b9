"""The core of a title without the word for the person: "IC版图工程师" is asked for as "IC版图" as well."""

from __future__ import annotations

import re

from search.text.wordlist import word_list

#: How sure a core is beside a whole title.
CORE_CONFIDENCE = 0.85

_PERSON = re.compile(
    r"(?:(?:软件|开发|研发|设计|高级|技术)*(?:工程师|开发人员|研发人员|技术人员|人员|程序员))$"
    r"|\s+(?:(?:software|design|development|r&d)\s+)?(?:engineer|developer|programmer|specialist)$",
    re.IGNORECASE,
)
#: Cores that name a whole trade rather than one row.
_TOO_WIDE = word_list("wide_titles.txt")
_GRADE = re.compile(r"^(?:高级|资深|初级|中级)|^(?:senior|junior|lead|principal)\s+", re.IGNORECASE)


def core(title: str) -> str:
    """Return the core of a title, or "" where nothing telling is left.

    Examples:
        >>> core("IC版图工程师"), core("analog layout engineer"), core("软件工程师"), core("产品经理")
        ('IC版图', 'analog layout', '', '')
    """
    stripped = _GRADE.sub("", _PERSON.sub("", title)).strip()
    han = sum("\u3400" <= character <= "\u9fff" for character in stripped)
    letters = sum(character.isascii() and character.isalnum() for character in stripped)
    if stripped == title or han * 2 + letters < 4 or stripped.lower() in _TOO_WIDE:
        return ""
    return stripped
