"""Places and catalogue rows by the names that people give them."""

from __future__ import annotations

import re
from functools import cache

from ingest.tables.lists import split, split_names, unquoted
from ingest.tables.model import Cell
from ingest.tables.rows import ValueFaultError
from ingest.tables.values import cell_text, says_nothing
from ingest.tables.vocabulary import plain
from taxonomies.catalogue import load_catalogue
from taxonomies.regions import lineage, load_elsewhere, load_regions, load_zones

_BETWEEN = re.compile(r"[\s·・.,，、/>|()-]+")
_CODE = re.compile(r"\d{6}")
_LONGEST = 120


def read_region(cell: Cell) -> str | None:
    """Return the code of one place: a code, a name, or a path such as province, city, district.

    Raises:
        ValueFaultError: `unknown_region`, or `several_regions` where places stand side by side.
    """
    text = cell_text(cell)
    if says_nothing(text):
        return None
    code = region_code(text)
    if code is not None:
        return code
    found = [region_code(part) for part in split_names(text)]
    if len(found) > 1 and all(found):
        raise ValueFaultError("several_regions", "write_one_region")
    raise ValueFaultError("unknown_region", "write_region")


def read_regions(cell: Cell) -> tuple[str, ...]:
    """Return the codes of places side by side, each once.

    Raises:
        ValueFaultError: `unknown_region`.
    """
    text = cell_text(cell)
    if says_nothing(text):
        return ()
    codes = []
    for part in split_names(text):
        if says_nothing(part):
            continue
        code = region_code(part)
        if code is None:
            # The cell may hold a path whose parts are not places by themselves.
            whole = region_code(text)
            if whole is not None:
                return (whole,)
            raise ValueFaultError("unknown_region", "write_region")
        codes.append(code)
    return tuple(dict.fromkeys(codes))


def region_code(text: str) -> str | None:
    """Return the code of a place by code, name or path; None where no list knows it."""
    if len(text) > _LONGEST:
        return None
    normal = plain(text)
    if _CODE.fullmatch(normal):
        return normal if normal in load_regions() or normal in load_elsewhere() else None
    names = _names()
    known = names.get(normal) or names.get(_BETWEEN.sub("", normal))
    return known or _of_path(_BETWEEN.sub("", normal))


def _of_path(text: str) -> str | None:
    """Return the last place of a path in which each lies in the one before it."""
    codes: list[str] = []
    at = 0
    while at < len(text):
        for end in range(min(len(text), at + _longest_name()), at, -1):
            code = _names().get(text[at:end])
            if code is not None and (not codes or codes[-1] in lineage(code)):
                codes.append(code)
                at = end
                break
        else:
            return None
    return codes[-1] if codes else None


def role_number(text: str) -> int | None:
    """Return the catalogue row of a number in digits or of a title that only one row has."""
    if len(text) > _LONGEST:
        return None
    normal = plain(text)
    if re.fullmatch(r"[0-9]{1,3}", normal):
        return int(normal)
    numbers = _titles().get(normal, ())
    return numbers[0] if len(numbers) == 1 else None


def read_role(cell: Cell) -> int | None:
    """Return the catalogue row that a vacancy belongs to.

    Raises:
        ValueFaultError: `unknown_role`.
    """
    text = cell_text(cell)
    if says_nothing(text):
        return None
    number = role_number(text)
    if number is None or load_catalogue().role(number) is None:
        raise ValueFaultError("unknown_role", "write_role", most=len(load_catalogue().roles))
    return number


def read_wished_roles(cell: Cell) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """Return the row numbers and the titles that a person looks for.

    Digits are row numbers, unless in quotes; a title stays as the person wrote it.

    Raises:
        ValueFaultError: `unknown_role`: a number that the catalogue does not have.
    """
    text = cell_text(cell)
    if says_nothing(text):
        return (), ()
    numbers: list[int] = []
    titles: list[str] = []
    for part in split(text):
        name = "".join(unquoted(part)).strip()
        if name == part and len(name) <= 3 and re.fullmatch(r"[0-9]{1,3}", plain(name)):
            if load_catalogue().role(int(plain(name))) is None:
                most = len(load_catalogue().roles)
                raise ValueFaultError("unknown_role", "write_role", most=most)
            numbers.append(int(plain(name)))
        elif name:
            titles.append(name)
    return tuple(dict.fromkeys(numbers)), tuple(dict.fromkeys(titles))


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for zone in load_zones():
        names.update({_key(label): zone.region for label in zone.labels})
    for region in (*load_elsewhere().values(), *load_regions().values()):
        names.update({_key(label): region.code for label in region.labels})
    names.pop("", None)
    return names


@cache
def _longest_name() -> int:
    return max(map(len, _names()))


def _key(label: str) -> str:
    return _BETWEEN.sub("", plain(label))


@cache
def _titles() -> dict[str, tuple[int, ...]]:
    titles: dict[str, tuple[int, ...]] = {}
    for role in load_catalogue().roles:
        for label in {plain(label) for label in role.labels}:
            titles[label] = (*titles.get(label, ()), role.number)
        # The printed title belongs to its row, whoever else is called so.
    for role in load_catalogue().roles:
        titles[plain(role.title.zh)] = (role.number,)
    return titles
