"""What to ask next: the facts whose answer would decide most verdicts, and how near a miss was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from search.benefits.conditions import evaluate
from search.benefits.facts import Facts, FactValue, Members
from search.benefits.screening import Screened
from search.benefits.standing import Standing
from search.benefits.verdicts import Truth
from taxonomies.benefits import FACTS, Benefit, StatusValue, named_values
from taxonomies.facts import FactKind, Label, load_facts

#: A value that no measure names.
_OTHER = "\0other"
_NOWHERE = "000000"


@dataclass(frozen=True, slots=True)
class Question:
    """A fact that is not known yet.

    Attributes:
        fact: its name.
        text: what is asked.
        settles: how many open verdicts some answer decides.
        alone: how many of these every answer decides, as nothing else is open.
        benefits: ids of the measures that it helps to decide.
    """

    fact: str
    text: Label
    settles: int
    alone: int
    benefits: tuple[str, ...]


def questions(screened: Iterable[Screened], facts: Facts) -> tuple[Question, ...]:
    """Return what is worth asking, what settles most verdicts first.

    Only measures that could be claimed raise questions: those granted, in force, and open.

    Args:
        screened: what `screen` returned for these facts.
        facts: what is known, with what follows from it.
    """
    settles: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    asked_by: dict[str, list[str]] = {}
    for one in screened:
        if one.standing is not Standing.APPLIES_IF_OPEN:
            continue
        for fact in dict.fromkeys(name for part in one.open_conditions for name in part.facts):
            decided = [
                evaluate(one.benefit.conditions, dict(facts) | {fact: answer}) is not Truth.UNKNOWN
                for answer in _answers(fact, one.benefit)
            ]
            if any(decided):
                settles[fact] += 1
                alone[fact] += all(decided)
                asked_by.setdefault(fact, []).append(one.benefit.id)
    order = list(FACTS)
    ranked = sorted(settles, key=lambda fact: (-settles[fact], -alone[fact], order.index(fact)))
    return tuple(
        Question(
            fact, load_facts()[fact].question, settles[fact], alone[fact], tuple(asked_by[fact])
        )
        for fact in ranked
    )


def nearest_misses(screened: Iterable[Screened], most: int = 5) -> tuple[Screened, ...]:
    """Return the granted measures in force that fail for the fewest reasons, place and scope first met."""
    failing = [
        one
        for one in screened
        if one.standing is Standing.DOES_NOT_APPLY
        and one.benefit.status.value is StatusValue.GRANTED
        and one.in_force is not Truth.FALSE
    ]
    return tuple(sorted(failing, key=_distance)[:most])


def _distance(one: Screened) -> tuple[int, int, int, str]:
    failed = one.failed_conditions
    return (
        sum(found.is_scope for found in failed),
        len(failed),
        one.states.count(Truth.UNKNOWN),
        one.benefit.id,
    )


def _answers(fact: str, benefit: Benefit) -> Iterator[FactValue]:
    """Yield answers that meet each condition on a fact, and one that meets none."""
    named = named_values(benefit.conditions, fact)
    match FACTS[fact]:
        case FactKind.FLAG:
            yield from (True, False)
        case FactKind.NUMBER:
            for bound in map(float, named):
                yield from (bound, bound - 1, bound + 1)
        case FactKind.REGION:
            yield from (*named, _NOWHERE)
        case FactKind.CODE | FactKind.TEXT:
            yield from (*named, _OTHER)
        case FactKind.MEMBERS:
            yield from (Members(frozenset({value})) for value in named)
            yield Members(lacking=frozenset(named))
