"""Refusing a posting that asks for sex, age, origin and the like, field by field, with the reason."""

from __future__ import annotations

from dataclasses import dataclass, field

from api.problems import Fault, Phrase, Problem
from api.wording import Wording
from search.matching.refusals import Refusal, refusals_of
from search.records.models import AnyRecord, Vacancy
from taxonomies.models import Text


@dataclass(frozen=True)
class _Said(Phrase):
    """A text that comes in both languages from the code lists."""

    text: Text = field(default_factory=lambda: Text("", ""))

    def within(self, words: Wording) -> str:
        """Return it in one language."""
        return self.text.zh if words.lang == "zh" else self.text.en


def refuse_discrimination(record: AnyRecord, prefix: str = "") -> None:
    """Refuse a vacancy that asks for what it may not ask for.

    Args:
        record: what was sent.
        prefix: where it stands in the body, for example `vacancy.`.

    Raises:
        Problem: 422; it names every place, why it is refused and what to write instead.
    """
    if not isinstance(record, Vacancy):
        return
    found = refusals_of(record)
    if found:
        faults = [_fault(prefix + name, refusal) for name, refusal in found]
        raise Problem("invalid-input", faults, Phrase("problem.invalid-input.refused_posting"))


def _fault(name: str, refusal: Refusal) -> Fault:
    values = {
        "start": refusal.span.start,
        "end": refusal.span.end,
        "reason": _Said("", text=refusal.reason),
        "advice": _Said("", text=refusal.advice),
    }
    return Fault("body", name, Phrase("fault.refused_posting", values))
