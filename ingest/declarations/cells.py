"""What people write into one cell of a declaration, read into what is meant, or refused with a reason."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from functools import cache

from ingest.declarations.columns import folded
from ingest.declarations.models import MOST_POSTS, MOST_REGIONS, MOST_SKILLS
from taxonomies.catalogue import load_catalogue
from taxonomies.levels import load_education
from taxonomies.regions import load_elsewhere, load_regions

LONGEST_LINE = 300
MOST_YEARS = 60

_MONTH = re.compile(
    r"(20\d{2})(?:[-/.年](1[0-2]|0?[1-9])|(1[0-2]|0[1-9]))"
    r"(?:月|[-/.月](?:0?[1-9]|[12]\d|3[01])日?)?"
)
_SEPARATORS = re.compile(r"[、,，;；|\n]+")
_ROLE = re.compile(r"(\d{1,3})(?:[\s.、:：-]+(.+))?")
_CODED = re.compile(r"(\d{6})(?:\s*\D.*)?")


class CellError(ValueError):
    """A cell that cannot be read: codes of the reason and of the fix, and what would do."""

    def __init__(self, reason: str, fix: str, expected: str = "") -> None:
        super().__init__(f"a cell was refused: {reason} ({expected}); {fix}")
        self.reason, self.fix, self.expected = reason, fix, expected


def text_of(cell: object) -> str:
    """Return a cell as people see it: a whole number without a point, a day as 2027-01-31."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return str(cell).strip()


def read_line(cell: object) -> str:
    """Read a line of text.

    Raises:
        CellError: it is too long.
    """
    said = " ".join(text_of(cell).split())
    if len(said) > LONGEST_LINE:
        raise CellError("too_long", "shorten", str(LONGEST_LINE))
    return said


def read_headcount(cell: object) -> int:
    """Read a number of posts.

    Raises:
        CellError: it is no whole number from 1 to 100,000.
    """
    said = unicodedata.normalize("NFKC", text_of(cell)).replace(",", "")
    if not re.fullmatch(r"\d{1,9}", said, re.ASCII):
        raise CellError("not_whole_number", "write_whole_number")
    if not 1 <= int(said) <= MOST_POSTS:
        raise CellError("out_of_range", "write_whole_number", f"1-{MOST_POSTS}")
    return int(said)


def read_years(cell: object) -> float:
    """Read years of experience.

    Raises:
        CellError: it is no number from 0 to 60.
    """
    said = unicodedata.normalize("NFKC", text_of(cell)).replace("年", "").strip()
    if not re.fullmatch(r"\d{1,3}(\.\d{1,3})?", said, re.ASCII):
        raise CellError("not_a_number", "write_years")
    if float(said) > MOST_YEARS:
        raise CellError("out_of_range", "write_years", f"0-{MOST_YEARS}")
    return float(said)


def read_month(cell: object) -> str:
    """Read a month, written or as a date of the spreadsheet, as `2027-01`.

    Raises:
        CellError: it is none of the years 2000 to 2099.
    """
    if isinstance(cell, date) and 2000 <= cell.year < 2100:
        return f"{cell.year}-{cell.month:02}"
    found = _MONTH.fullmatch(unicodedata.normalize("NFKC", text_of(cell)))
    if found is None:
        raise CellError("not_a_month", "write_month", "2027-01")
    return f"{found[1]}-{int(found[2] or found[3]):02}"


def read_role(cell: object) -> int:
    """Read a row of the catalogue: its number, its title, or both as in the drop-down.

    Raises:
        CellError: no such row, a title that stands in several, or number and title of different rows.
    """
    said = unicodedata.normalize("NFKC", text_of(cell))
    numbered = _ROLE.fullmatch(said)
    if numbered is None:
        rows = _roles().get(folded(said), ())
        if len(rows) > 1:
            choices = ", ".join(map(str, rows))
            raise CellError("ambiguous_role", "choose_role", choices)
        if not rows:
            raise CellError("unknown_role", "choose_role")
        return rows[0]
    number, title = int(numbered[1]), numbered[2]
    role = load_catalogue().role(number)
    if role is None:
        raise CellError("unknown_role", "choose_role", f"1-{len(load_catalogue().roles)}")
    if title and folded(title) not in {folded(role.title.zh), folded(role.title.en)}:
        raise CellError("role_differs", "choose_role", role.title.zh)
    return number


def read_regions(cell: object) -> tuple[str, ...]:
    """Read places of work: names, codes, or both as in the drop-down, separated by 、 or ;.

    Raises:
        CellError: one is unknown, or there are too many.
    """
    codes = []
    for said in _parts(text_of(cell)):
        coded = _CODED.fullmatch(said)
        code = coded[1] if coded else _regions().get(folded(said), "")
        if code not in load_regions() and code not in load_elsewhere():
            raise CellError("unknown_region", "choose_region", said)
        codes.append(code)
    if len(codes) > MOST_REGIONS:
        raise CellError("too_many", "shorten", str(MOST_REGIONS))
    return tuple(dict.fromkeys(codes))


def read_education(cell: object) -> str:
    """Read a level of education in any of its names, as its id.

    Raises:
        CellError: it is none.
    """
    found = _education().get(folded(text_of(cell).removesuffix("及以上")))
    if found is None:
        labels = "、".join(level.label.zh for level in load_education())
        raise CellError("unknown_education", "choose_education", labels)
    return found


def read_skills(cell: object) -> tuple[str, ...]:
    """Read skills, separated by 、 or ;.

    Raises:
        CellError: there are too many, or one is too long.
    """
    skills = tuple(dict.fromkeys(_parts(text_of(cell))))
    if len(skills) > MOST_SKILLS:
        raise CellError("too_many", "shorten", str(MOST_SKILLS))
    if any(len(skill) > LONGEST_LINE for skill in skills):
        raise CellError("too_long", "shorten", str(LONGEST_LINE))
    return skills


def _parts(text: str) -> list[str]:
    return [part.strip() for part in _SEPARATORS.split(text) if part.strip()]


@cache
def _roles() -> dict[str, tuple[int, ...]]:
    rows: dict[str, tuple[int, ...]] = {}
    for role in load_catalogue().roles:
        for title in {folded(role.title.zh), folded(role.title.en)}:
            rows[title] = (*rows.get(title, ()), role.number)
    return rows


@cache
def _regions() -> dict[str, str]:
    return {
        folded(label): code
        for code, region in [*load_elsewhere().items(), *load_regions().items()]
        for label in (
            region.label.zh,
            region.label.en,
            *region.aliases_zh,
            *region.aliases_en,
        )
    }


@cache
def _education() -> dict[str, str]:
    return {
        folded(label): level.id
        for level in load_education()
        for label in (
            level.id,
            level.label.zh,
            level.label.en,
            *level.aliases_zh,
            *level.aliases_en,
        )
    }
