"""Skills in a cell: "Python (expert, 5)、SQL": names, each with what is known of it in brackets."""

from __future__ import annotations

import re
from typing import Any

from ingest.tables.lists import quoted, split, unquoted
from ingest.tables.rows import ValueFaultError
from ingest.tables.values import cell_text, read_years
from ingest.tables.vocabulary import compact, meanings
from search.records.models import StatedSkill

_DETAILS = re.compile(r"\s*[(（](?P<within>[^()（）]{1,60})[)）]\s*$")
_BETWEEN = re.compile(r"[,，、;；/]")


def read_skills(text: str) -> list[dict[str, Any]]:
    """Return skills as the record models take them: `name`, and `level` and `years` where said.

    What stands in brackets and is neither a level nor a number of years belongs to the name.
    """
    skills = []
    for part in split(cell_text(text)):
        name, rest = unquoted(part)
        details = _details(rest if rest.strip() else "")
        if details is None:
            name, details = (name + rest).strip(), {}
        elif not rest:
            match = _DETAILS.search(name) if not part.startswith('"') else None
            found = _details(match[0]) if match else None
            if match and match.start() and found:
                name, details = name[: match.start()].strip(), found
        if name:
            skills.append({"name": name, **details})
    return skills


def write_skill(skill: StatedSkill, level_word: str) -> str:
    """Return a skill as `read_skills` reads it.

    Args:
        skill: its name is put in quotes where it could be mistaken.
        level_word: the level in the language of the sheet; "" where it has none.
    """
    details = [level_word] if level_word else []
    if skill.years is not None:
        details.append(repr(skill.years).removesuffix(".0"))
    return quoted(skill.name) + (f" ({', '.join(details)})" if details else "")


def _details(text: str) -> dict[str, Any] | None:
    """Return what brackets say; {} for no text, None where they say something else."""
    if not text.strip():
        return {}
    match = _DETAILS.fullmatch(text)
    if match is None:
        return None
    details: dict[str, Any] = {}
    for part in _BETWEEN.split(match["within"]):
        level = meanings("level").get(compact(part))
        if level is not None and "level" not in details:
            details["level"] = level
            continue
        try:
            years = read_years(part)
        except ValueFaultError:
            return None
        if years is None or "years" in details:
            return None
        details["years"] = years
    return details
