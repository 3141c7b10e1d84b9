"""An opening as a form: what stands in it, and what was sent read back into an opening."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from api.faults import faults_of
from api.problems import Fault, Phrase, Problem
from api.refusals import refuse_discrimination
from api.v1.record_schemas import VacancyBody
from api.web.form_faults import at_field
from api.web.forms import Form
from api.wording import Wording
from search.records.models import Vacancy

#: Which field of an opening holds the skills of which strength.
SKILLS = {"must_skills": "required", "nice_skills": "favoured", "plus_skills": "optional"}
_NUMBERS = {
    "headcount": int,
    "years_at_least": float,
    "pay_monthly_yuan_from": int,
    "pay_monthly_yuan_to": int,
    "role": int,
}
_TEXTS = ("region", "education_at_least", "employment", "posted", "valid_through", "employer")


def filled(vacancy: Vacancy | None) -> dict[str, str]:
    """Return what stands in the form of an opening, name to text."""
    if vacancy is None:
        return {"status": "open"}
    fields = {
        "title": vacancy.title,
        "text": vacancy.text,
        "status": vacancy.status,
        "languages": "\n".join(vacancy.languages),
        **{name: str(getattr(vacancy, name) or "") for name in _TEXTS},
        **{name: _number(getattr(vacancy, name)) for name in _NUMBERS},
    }
    for name, strength in SKILLS.items():
        held = [skill.name for skill in vacancy.skills if skill.strength == strength]
        fields[name] = "\n".join(held)
    return fields


def vacancy_of(form: Form, base: Vacancy | None) -> tuple[Vacancy | None, list[Fault]]:
    """Return the opening that was sent, or what is wrong with it, discrimination among it.

    Args:
        form: as it was sent.
        base: the opening before; what the form does not show of it stays.
    """
    held = {skill.name: skill.model_dump() for skill in base.skills} if base else {}
    given: dict[str, Any] = {
        **(base.model_dump() if base else {}),
        "title": form("title"),
        "text": form("text"),
        "status": form("status") or "open",
        "languages": _lines(form("languages")),
        "skills": [
            {**held.get(name, {}), "name": name, "strength": strength}
            for field, strength in SKILLS.items()
            for name in _lines(form(field))
        ],
        **{name: form(name) or None for name in _TEXTS},
    }
    for name, kind in _NUMBERS.items():
        try:
            given[name] = kind(form(name)) if form(name) else None
        except ValueError:
            given[name] = form(name)
    try:
        body = VacancyBody.model_validate(given)
    except ValidationError as error:
        # What the posting may not ask for is said at once, not after the rest was put right.
        found = [*faults_of(error.errors(), VacancyBody), *_refused(_words_of(given))]
        return None, [at_field(fault, _field(fault.name)) for fault in found]
    vacancy = Vacancy.model_validate(body.model_dump())
    refused = [at_field(fault, _field(fault.name)) for fault in _refused(vacancy)]
    return (None, refused) if refused else (vacancy, [])


def labels(words: Wording) -> dict[str, str]:
    """Return what the fields of the form are called, by their ids."""
    return {name: words(key) for name, key in _LABELS.items()}


_LABELS = {
    "title": "vacancy_form.title",
    "employer": "record.employer",
    "text": "record.text",
    "role": "vacancy_form.role",
    "headcount": "record.headcount",
    "must_skills": "vacancy_form.must",
    "nice_skills": "vacancy_form.nice",
    "plus_skills": "vacancy_form.plus",
    "years_at_least": "record.years_at_least",
    "education_at_least": "record.education_at_least",
    "languages": "record.languages",
    "region": "vacancy_form.region",
    "pay_monthly_yuan_from": "vacancy_form.pay_from",
    "pay_monthly_yuan_to": "vacancy_form.pay_to",
    "employment": "record.employment",
    "posted": "record.posted",
    "valid_through": "record.valid_through",
    "status": "record.status",
}


def _words_of(given: dict[str, Any]) -> Vacancy | None:
    """Return the title and the posting alone, None where even these cannot be taken."""
    try:
        return Vacancy(title=given["title"] or "-", text=given["text"])
    except ValidationError:
        return None


def _refused(vacancy: Vacancy | None) -> list[Fault]:
    """Return what a vacancy asks for and may not."""
    if vacancy is None:
        return []
    try:
        refuse_discrimination(vacancy)
    except Problem as problem:
        return [_quoting(fault, vacancy) for fault in problem.faults]
    return []


def _quoting(fault: Fault, vacancy: Vacancy) -> Fault:
    """Return a refusal with the words it is about; places are counted for programs."""
    written = {"title": vacancy.title, "text": vacancy.text}.get(fault.name)
    if written is None:
        return fault
    values = dict(fault.advice.values)
    start, end = values.pop("start"), values.pop("end")
    assert isinstance(start, int) and isinstance(end, int)
    values["quote"] = written[start:end]
    return Fault("body", fault.name, Phrase("fault.refused_words", values))


def _field(name: str) -> str:
    first = name.replace("[", ".").partition(".")[0]
    return "must_skills" if first == "skills" else first


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _number(value: float | None) -> str:
    return "" if value is None else str(int(value)) if value == int(value) else f"{value:g}"
