"""JSON Resume (jsonresume.org, schema 1.x) as a candidate with a contact, and back.

What the schema has no place for (the key, wishes, levels of skills in our words, the talent tier)
stands under `x-bole`. What we have no place for (photo, profiles in networks, address) is not read.
"""

from __future__ import annotations

import re
from typing import Any

from ingest.json_documents import DocumentError, checked, parse_json
from ingest.tables.places import region_code
from ingest.tables.rows import ValueFaultError
from ingest.tables.values import read_education
from ingest.tables.vocabulary import compact, meanings
from search.accounts.contacts import Contact
from search.records.models import Candidate

#: Where our own fields stand.
EXTENSION = "x-bole"
_EXTENDED = ("key", "years_experience", "wishes", "talent_tier", "available_from", "status")
_MONTH = re.compile(r"\s*(\d{4})(?:[-/.](\d{1,2}))?(?:[-/.]\d{1,2}.*)?\s*")


def from_json_resume(data: bytes) -> tuple[Candidate, Contact]:
    """Return the candidate of a JSON Resume, and who it is.

    Entries without what makes them (a position, an institution's level, a name) are passed over,
    unknown fields and unreadable dates too.

    Args:
        data: the document.

    Raises:
        DocumentError: `too_large`, `not_json`, `too_deep`, `not_json_resume`, `no_headline`, or
            `invalid` with the field and what stands there.
    """
    document = parse_json(data)
    if not isinstance(document, dict) or not isinstance(document.get("basics"), dict):
        raise DocumentError("not_json_resume")
    basics = document["basics"]
    work = [entry for each in _entries(document, "work") if (entry := _work(each))]
    headline = _text(basics, "label") or (work[0]["title"] if work else "")
    if not headline:
        raise DocumentError("no_headline")
    location = basics.get("location")
    own = document.get(EXTENSION)
    parts = {
        "headline": headline,
        "summary": _text(basics, "summary"),
        "skills": [skill for each in _entries(document, "skills") for skill in _skills(each)],
        "work": work,
        "education": [stage for each in _entries(document, "education") if (stage := _stage(each))],
        "region": _region(location) if isinstance(location, dict) else None,
        "languages": [
            line for each in _entries(document, "languages") if (line := _language(each))
        ],
        "certificates": [
            name for each in _entries(document, "certificates") if (name := _text(each, "name"))
        ],
        **({name: own[name] for name in _EXTENDED if name in own} if isinstance(own, dict) else {}),
    }
    contact = Contact(
        name=_text(basics, "name") or "",
        phone=_text(basics, "phone") or "",
        email=_text(basics, "email") or "",
    )
    return checked(Candidate, parts), contact


def to_json_resume(candidate: Candidate, contact: Contact | None) -> dict[str, Any]:
    """Return a candidate as a JSON Resume; `from_json_resume` reads the same candidate again.

    Consents are left out: they hold between a person and one keeper of records.

    Args:
        candidate: masked or not, as the reader may see it.
        contact: who it is; None where the reader may not know.
    """
    contact = contact or Contact()
    basics = {
        "name": contact.name,
        "label": candidate.headline,
        "email": contact.email,
        "phone": contact.phone,
        "summary": candidate.summary,
    }
    own = candidate.model_dump(mode="json", include=set(_EXTENDED), exclude_defaults=True)
    document: dict[str, Any] = {
        "$schema": "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json",
        "basics": _said(basics),
        "work": [
            _said(
                {
                    "name": entry.employer,
                    "position": entry.title,
                    "startDate": entry.start,
                    "endDate": entry.end,
                    "summary": entry.summary,
                }
            )
            for entry in candidate.work
        ],
        "education": [
            _said({"institution": each.school, "area": each.subject, "studyType": each.level})
            for each in candidate.education
        ],
        "skills": [
            _said({"name": each.name, "level": each.level, "x-years": each.years})
            for each in candidate.skills
        ],
        "languages": [{"language": line} for line in candidate.languages],
        "certificates": [{"name": name} for name in candidate.certificates],
    }
    if candidate.region is not None:
        document["basics"]["location"] = {"countryCode": "CN", "x-region": candidate.region}
    if own:
        document[EXTENSION] = own
    return document


def _said(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, "")}


def _entries(document: dict[str, Any], name: str) -> list[dict[str, Any]]:
    listed = document.get(name)
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def _text(entry: dict[str, Any], *names: str) -> str:
    """Return the first of some fields that says something."""
    for name in names:
        value = entry.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""


def _work(entry: dict[str, Any]) -> dict[str, Any] | None:
    title = _text(entry, "position", "title")
    if not title:
        return None
    highlights = entry.get("highlights")
    lines = [_text(entry, "summary", "description")]
    lines += (
        [each for each in highlights if isinstance(each, str)]
        if isinstance(highlights, list)
        else []
    )
    return {
        "title": title,
        "employer": _text(entry, "name", "company") or None,
        "start": _month(entry.get("startDate")),
        "end": _month(entry.get("endDate")),
        "summary": "\n".join(filter(None, lines)),
    }


def _month(value: object) -> str | None:
    match = _MONTH.fullmatch(value) if isinstance(value, str) else None
    # A year alone begins and ends nowhere in particular.
    if match is None or match[2] is None or not 1 <= int(match[2]) <= 12:
        return None
    return f"{match[1]}-{int(match[2]):02d}"


def _stage(entry: dict[str, Any]) -> dict[str, Any] | None:
    level = None
    try:
        level = read_education(_text(entry, "studyType"))
    except ValueFaultError:
        return None
    if level is None:
        return None
    return {
        "level": level,
        "school": _text(entry, "institution") or None,
        "subject": _text(entry, "area") or None,
    }


def _skills(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a skill, or its keywords where it has some: the name is then a heading over them."""
    level = meanings("level").get(compact(_text(entry, "level")))
    years = entry.get("x-years")
    known: dict[str, Any] = {"level": level} if level else {}
    if isinstance(years, int | float) and not isinstance(years, bool):
        known["years"] = years
    keywords = entry.get("keywords")
    names = (
        [each.strip() for each in keywords if isinstance(each, str)]
        if isinstance(keywords, list)
        else []
    )
    names = list(filter(None, names)) or list(filter(None, [_text(entry, "name")]))
    return [{"name": name, **known} for name in names]


def _language(entry: dict[str, Any]) -> str:
    language, fluency = _text(entry, "language"), _text(entry, "fluency")
    return f"{language} ({fluency})" if language and fluency else language


def _region(location: dict[str, Any]) -> str | None:
    for name in ("x-region", "city", "region"):
        code = region_code(_text(location, name))
        if code is not None:
            return code
    return None
