"""What is wrong with a form, said for who fills it in rather than for who writes programs."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Request

from api.languages import language_of
from api.problems import Fault, Phrase, Problem, body
from api.wording import wording

#: Advice that speaks of characters and patterns, and what to say of a field instead.
_PLAIN: Mapping[str, str] = {
    "fault.string_too_short": "fault.fill_in",
    "fault.missing": "fault.fill_in",
    "fault.string_pattern_mismatch": "fault.month",
}


def at_field(fault: Fault, name: str) -> Fault:
    """Return a fault of a record as one of a field of a form.

    Args:
        fault: as the check of the record gives it; the only pattern in a form is that of a month.
        name: id of the field.
    """
    plain = _PLAIN.get(fault.advice.key)
    return Fault("body", name, Phrase(plain) if plain else fault.advice, fault.found)


def members(request: Request, faults: list[Fault]) -> Mapping[str, object]:
    """Return what the summary of errors and the fields show of the faults of a form."""
    return body(request, Problem("invalid-input", faults), wording(language_of(request)))
