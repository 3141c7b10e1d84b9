"""A profile as a form: what stands in it, and what was sent read back into a profile."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from api.faults import faults_of
from api.problems import Fault
from api.v1.record_schemas import CandidateBody
from api.web.form_faults import at_field
from api.web.forms import Form
from api.wording import Wording
from search.accounts.contacts import Contact
from search.records.models import Candidate

#: Further employments and stages of education that an empty form offers.
SPARE = 2
#: Fields of one employment and of one stage of education.
WORK = ("title", "employer", "start", "end", "summary")
EDUCATION = ("level", "school", "subject")
#: Fields with one entry a line.
LINES = ("skills", "languages", "certificates", "wished_titles")


@dataclass(frozen=True)
class ProfileForm:
    """What stands in the form.

    Attributes:
        fields: name to text.
        work: employments, each name to text; spare ones at the end.
        education: stages of education, likewise.
        regions: wished regions.
        employment: wished forms of employment.
        contact: how the person is reached.
    """

    fields: dict[str, str]
    work: Sequence[dict[str, str]]
    education: Sequence[dict[str, str]]
    regions: Sequence[str]
    employment: Sequence[str]
    contact: Contact


def filled(candidate: Candidate | None, contact: Contact) -> ProfileForm:
    """Return the form of a profile; an empty one where there is none yet."""
    if candidate is None:
        return ProfileForm(
            defaultdict(str), _spared([], WORK), _spared([], EDUCATION), (), (), contact
        )
    wishes = candidate.wishes
    return ProfileForm(
        fields={
            "headline": candidate.headline,
            "summary": candidate.summary,
            "skills": "\n".join(skill.name for skill in candidate.skills),
            "years_experience": _number(candidate.years_experience),
            "region": candidate.region or "",
            "languages": "\n".join(candidate.languages),
            "certificates": "\n".join(candidate.certificates),
            "wished_titles": "\n".join(wishes.titles),
            "wished_role": str(wishes.roles[0]) if wishes.roles else "",
            "wished_pay": _number(wishes.pay_monthly_yuan),
            "available_from": str(candidate.available_from or ""),
            "status": candidate.status,
        },
        work=_spared([_texts(job, WORK) for job in candidate.work], WORK),
        education=_spared([_texts(stage, EDUCATION) for stage in candidate.education], EDUCATION),
        regions=wishes.regions,
        employment=wishes.employment,
        contact=contact,
    )


def sent(form: Form) -> ProfileForm:
    """Return the form as it was sent, to be shown again."""
    # What was not sent is empty.
    fields = defaultdict(str, {name: text for name, text in form.pairs if "-" not in name})
    return ProfileForm(
        fields,
        _spared(_entries(form, "work", WORK), WORK),
        _spared(_entries(form, "education", EDUCATION), EDUCATION),
        form.all("wished_region"),
        form.all("wished_employment"),
        contact_of(form),
    )


def contact_of(form: Form) -> Contact:
    """Return the contact details that were sent."""
    return Contact(
        form("contact-name")[:200], form("contact-phone")[:200], form("contact-email")[:254]
    )


def profile_of(form: Form, base: Candidate | None) -> tuple[Candidate | None, list[Fault]]:
    """Return the profile that was sent, or what is wrong with it.

    Args:
        form: as it was sent.
        base: the profile before; what the form does not show of it stays.
    """
    kept = base.model_dump() if base else {}
    held = {skill.name: skill.model_dump() for skill in base.skills} if base else {}
    wishes: dict[str, Any] = {
        **kept.get("wishes", {}),
        "titles": _lines(form("wished_titles")),
        "regions": form.all("wished_region"),
        "employment": form.all("wished_employment"),
    }
    faults: list[Fault] = []
    _put_number(wishes, "pay_monthly_yuan", form("wished_pay"), int)
    role: dict[str, Any] = {}
    _put_number(role, "number", form("wished_role"), int)
    others = base.wishes.roles[1:] if base else ()
    wishes["roles"] = [
        *(number for number in role.values() if number is not None),
        *(number for number in others if form("wished_role") and number != role["number"]),
    ]
    given: dict[str, Any] = {
        **kept,
        "headline": form("headline"),
        "summary": form("summary"),
        "skills": [held.get(name, {"name": name}) for name in _lines(form("skills"))],
        "region": form("region") or None,
        "languages": _lines(form("languages")),
        "certificates": _lines(form("certificates")),
        "available_from": form("available_from") or None,
        "status": form("status") or "active",
        "work": [
            {name: text or None for name, text in entry.items() if name != "summary"}
            | {"summary": entry["summary"]}
            for entry in _entries(form, "work", WORK)
        ],
        "education": [
            {name: text or None for name, text in entry.items()}
            for entry in _entries(form, "education", EDUCATION)
        ],
        "wishes": wishes,
    }
    _put_number(given, "years_experience", form("years_experience"), float)
    try:
        body = CandidateBody.model_validate(given)
    except ValidationError as error:
        faults = faults_of(error.errors(), CandidateBody)
        return None, [at_field(fault, _anchor(fault.name)) for fault in faults]
    return Candidate.model_validate(body.model_dump()), []


def labels(form: ProfileForm, words: Wording) -> dict[str, str]:
    """Return what the fields of the form are called, by their ids."""
    found = {name: words(key) for name, key in _LABELS.items()}
    for kind, title, entries in (
        ("work", "profile.job", form.work),
        ("education", "profile.stage", form.education),
    ):
        for at in range(len(entries)):
            entry = words(title, n=at + 1)
            for name, key in _ENTRY_LABELS[kind].items():
                found[f"{kind}-{at}-{name}"] = f"{entry}{words('list_mark')}{words(key)}"
    return found


_LABELS = {
    "headline": "profile.headline",
    "summary": "record.summary",
    "skills": "record.skills",
    "years_experience": "record.years",
    "region": "record.region",
    "languages": "record.languages",
    "certificates": "record.certificates",
    "wished_role": "profile.wished_role",
    "wished_titles": "profile.wished_titles",
    "wished_region": "record.wished_regions",
    "wished_pay": "record.wished_pay",
    "wished_employment": "record.employment",
    "available_from": "record.available_from",
    "status": "record.status",
}
_ENTRY_LABELS = {
    "work": {
        "title": "profile.job_title",
        "employer": "profile.employer",
        "start": "profile.start",
        "end": "profile.end",
        "summary": "profile.job_summary",
    },
    "education": {name: f"profile.{name}" for name in EDUCATION},
}


def _anchor(name: str) -> str:
    """Return the id of the field of the form that a field of the profile is shown in."""
    parts = name.replace("[", ".").replace("]", "").split(".")
    if parts[0] in {"work", "education"} and len(parts) > 2:
        return "-".join(parts[:3])
    wishes = {
        "pay_monthly_yuan": "wished_pay",
        "titles": "wished_titles",
        "roles": "wished_role",
        "regions": "wished_region",
        "employment": "wished_employment",
    }
    return (
        wishes.get(parts[1], "wished_titles")
        if parts[0] == "wishes" and len(parts) > 1
        else parts[0]
    )


def _entries(form: Form, kind: str, fields: Sequence[str]) -> list[dict[str, str]]:
    numbers = sorted(
        {int(part[1]) for name, _ in form.pairs if _is_of(part := name.split("-"), kind)}
    )
    entries = [{name: form(f"{kind}-{at}-{name}") for name in fields} for at in numbers]
    return [entry for entry in entries if any(entry.values())]


def _is_of(parts: Sequence[str], kind: str) -> bool:
    return len(parts) == 3 and parts[0] == kind and parts[1].isdecimal() and len(parts[1]) < 4


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _put_number(into: dict[str, Any], name: str, text: str, kind: type[int] | type[float]) -> None:
    """Put a number where it stands; what is none is put as it is, so that the check names the field."""
    try:
        into[name] = kind(text) if text else None
    except ValueError:
        into[name] = text


def _spared(entries: list[dict[str, str]], fields: Sequence[str]) -> list[dict[str, str]]:
    return entries + [dict.fromkeys(fields, "") for _ in range(SPARE)]


def _texts(part: Any, fields: Sequence[str]) -> dict[str, str]:
    return {name: str(getattr(part, name) or "") for name in fields}


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}" if value < 100_000 else str(int(value))
