"""Vacancies and candidates of a judged set in JSON Lines, in the words in which people write them.

    {"jid", "title", "text", "must_skills", "nice_skills", "city", "min_years", "min_education", "headcount"}
    {"pid", "lang", "headline", "summary", "skills", "years_experience", "education", "city",
     "desired_roles", "work_history"}

Cities and levels of education may be written as a code or in words of either language. What is null
or missing is unknown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError

from search.models import Aspect
from search.records.models import Candidate, Vacancy
from search.text.reading import read
from taxonomies.levels import load_education

_Model = TypeVar("_Model", bound=BaseModel)

_ID = re.compile(r"\S{1,200}")
_LIST_MARK = re.compile(r"[、,，;；]\s*")
_MONTH = re.compile(r"(\d{4})[-./年](\d{1,2})")


class MatchFileError(ValueError):
    """A line of a file cannot be read; the message names file, line and fix."""


def read_vacancies(path: Path) -> dict[str, Vacancy]:
    """Return the vacancies of a file by `jid`, in its order.

    Raises:
        MatchFileError: a line is none, or an id comes twice.
    """
    return {jid: _vacancy(line, place) for jid, line, place in _lines(path, "jid")}


def read_candidates(path: Path) -> dict[str, Candidate]:
    """Return the candidates of a file by `pid`, in its order.

    Raises:
        MatchFileError: a line is none, or an id comes twice.
    """
    return {pid: _candidate(line, place) for pid, line, place in _lines(path, "pid")}


def _vacancy(line: Mapping[str, Any], place: str) -> Vacancy:
    skills = [
        {"name": name, "strength": strength}
        for field, strength in (("must_skills", "required"), ("nice_skills", "favoured"))
        for name in _names(line, field, place)
    ]
    content = {
        "title": line.get("title"),
        "text": line.get("text") or "",
        "skills": skills,
        "years_at_least": _number(line, "min_years", place),
        "education_at_least": _education(line, "min_education", place),
        "region": _city(line),
        "headcount": _whole(_number(line, "headcount", place)),
    }
    return _checked(Vacancy, content, place)


def _candidate(line: Mapping[str, Any], place: str) -> Candidate:
    titles = _names(line, "desired_roles", place)
    level = _education(line, "education", place)
    content = {
        "headline": line.get("headline") or next(iter(titles), None),
        "summary": line.get("summary") or "",
        "skills": [{"name": name} for name in _names(line, "skills", place)],
        "years_experience": _number(line, "years_experience", place),
        "education": [{"level": level}] if level else [],
        "region": _city(line),
        "wishes": {"titles": titles[:20]},
        "work": [work for item in _items(line, "work_history", place) if (work := _work(item))],
    }
    return _checked(Candidate, content, place)


def _work(item: object) -> dict[str, object] | None:
    if isinstance(item, str):
        title, _, rest = item.partition("\n")
        return {"title": title[:300], "summary": rest.strip() or item} if title.strip() else None
    if not isinstance(item, Mapping):
        return None
    title = item.get("title") or item.get("position") or item.get("role") or ""
    if not str(title).strip():
        return None
    return {
        "title": str(title)[:300],
        "employer": item.get("employer") or item.get("company") or None,
        "start": _month(item.get("start")),
        "end": _month(item.get("end")),
        "summary": str(item.get("summary") or item.get("description") or ""),
    }


def _month(value: object) -> str | None:
    found = _MONTH.search(str(value)) if value else None
    return f"{found[1]}-{int(found[2]):02d}" if found and 1 <= int(found[2]) <= 12 else None


def _education(line: Mapping[str, Any], field: str, place: str) -> str | None:
    value = line.get(field)
    if value is None or not str(value).strip():
        return None
    said = str(value).strip()
    if said in {level.id for level in load_education()}:
        return said
    # "本科及以上" is one level and up; of several the highest is held, and of a requirement the first named.
    mentions = read(said).of(Aspect.EDUCATION)
    if mentions:
        return mentions[0].value
    if re.search(r"不限|无要求|\bany\b|\bnone\b", said, re.IGNORECASE):
        return None
    known = ", ".join(level.id for level in load_education())
    _refuse(place, field, said, f"write one of {known}, its name in Chinese or English, or null")


def _city(line: Mapping[str, Any]) -> str | None:
    """Return the region that a city names; one that no release knows is unknown, not wrong."""
    value = line.get("city")
    if value is None or not str(value).strip():
        return None
    said = str(value).strip()
    if re.fullmatch(r"\d{6}", said):
        return said
    places = read(said).of(Aspect.PLACE)
    # "浙江省杭州市" names both: the last one is the nearest.
    return places[-1].value if places else None


def _names(line: Mapping[str, Any], field: str, place: str) -> list[str]:
    found: list[str] = []
    for item in _items(line, field, place):
        name = item.get("name") if isinstance(item, Mapping) else item
        if isinstance(name, str) and name.strip():
            found.append(name.strip()[:300])
    return list(dict.fromkeys(found))[:200]


def _items(line: Mapping[str, Any], field: str, place: str) -> list[Any]:
    value = line.get(field)
    if value is None or value == "":
        return []
    if isinstance(value, str):
        return [part for part in _LIST_MARK.split(value) if part.strip()]
    if not isinstance(value, list):
        _refuse(place, field, type(value).__name__, "write a list, or null")
    return value


def _number(line: Mapping[str, Any], field: str, place: str) -> float | None:
    value = line.get(field)
    if value is None or value == "":
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        _refuse(place, field, str(value), "write a number, or null")


def _whole(value: float | None) -> int | None:
    return None if value is None or value < 1 else int(value)


def _lines(path: Path, key: str) -> Iterator[tuple[str, dict[str, Any], str]]:
    seen: set[str] = set()
    with path.open(encoding="utf-8-sig") as stream:
        for number, text in enumerate(stream, start=1):
            if not text.strip():
                continue
            place = f"{path.name}, line {number}"
            try:
                line = json.loads(text)
            except ValueError as error:
                _refuse(place, "", f"no JSON ({error})", "write one object a line")
            if not isinstance(line, dict):
                _refuse(place, "", type(line).__name__, "write one object a line")
            identity = str(line.get(key, ""))
            if not _ID.fullmatch(identity):
                _refuse(place, key, identity or "nothing", "give every line an id without blanks")
            if identity in seen:
                _refuse(place, key, identity, "give every line an id of its own")
            seen.add(identity)
            yield identity, line, place


def _checked(model: type[_Model], content: dict[str, Any], place: str) -> _Model:
    try:
        return model.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        _refuse(place, field, str(first.get("input"))[:80], first["msg"])


def _refuse(place: str, field: str, found: str, advice: str) -> NoReturn:
    where = f"{place}, {field}" if field else place
    raise MatchFileError(f"{where}: found {found[:80]!r}; {advice}")
