"""Which measures apply on a date, and on which conditions that depends.

Silence meets nothing: a measure whose conditions are open may apply *if* they hold, one that is planned
or encouraged grants nothing, and one whose period is over is shown as ended.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from search.benefits.conditions import conjuncts, evaluate, wording
from search.benefits.facts import Facts, FactValue, Members, check_facts
from search.benefits.standing import Standing, Verdict, in_force, standing_of, verdict_of
from search.benefits.verdicts import Truth, all_of
from search.benefits.wording import amount_text, describe
from taxonomies.benefits import (
    Benefit,
    Condition,
    StatusValue,
    leaves,
    named_values,
)
from taxonomies.facts import Label


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """One condition of a measure under what is known.

    Attributes:
        label: the condition as a statement.
        state: whether it holds; unknown while nothing known decides it.
        clauses: the passages of the source it comes from, verbatim.
        facts: the facts that it asks for.
        used: those of them that are known, with what is known.
        is_scope: it says whom and where the text is about, and is not printed as a condition.
    """

    label: Label
    state: Truth
    clauses: tuple[str, ...]
    facts: tuple[str, ...]
    used: Mapping[str, FactValue]
    is_scope: bool


@dataclass(frozen=True, eq=False)
class Screened:
    """A measure as it stands on a date under what is known.

    What is said of it is worked out when it is asked for: of a thousand measures a page shows a few.

    Attributes:
        benefit: the measure.
        standing: how it stands.
        in_force: unknown where the text states no period.
        states: of the conditions that have to hold together, in the order of the text.
        facts: what is known.
    """

    benefit: Benefit
    standing: Standing
    in_force: Truth
    states: tuple[Truth, ...]
    facts: Facts

    @cached_property
    def conditions(self) -> tuple[Finding, ...]:
        """The conditions that have to hold together, in the order of the text."""
        parts = conjuncts(self.benefit.conditions)
        return tuple(
            _finding(part, state, self.facts)
            for part, state in zip(parts, self.states, strict=True)
        )

    @cached_property
    def amount(self) -> Label:
        """What the text gives, or that it gives no figure."""
        return amount_text(self.benefit)

    @cached_property
    def text(self) -> Label:
        """One sentence for the reader."""
        return describe(
            self.benefit,
            self.standing,
            self.in_force,
            opened=[one.label for one in self.open_conditions],
            failed=[one.label for one in self.failed_conditions],
        )

    @property
    def verdict(self) -> Verdict:
        """Whether the measure can be claimed as far as the text and the facts say."""
        return verdict_of(self.standing)

    @property
    def open_conditions(self) -> tuple[Finding, ...]:
        """Neither met nor contradicted by the known facts."""
        return self._in_state(Truth.UNKNOWN)

    @property
    def met_conditions(self) -> tuple[Finding, ...]:
        """Met by a known fact; silence never meets one."""
        return self._in_state(Truth.TRUE)

    @property
    def failed_conditions(self) -> tuple[Finding, ...]:
        """Contradicted by a known fact."""
        return self._in_state(Truth.FALSE)

    def _in_state(self, state: Truth) -> tuple[Finding, ...]:
        return tuple(found for found in self.conditions if found.state is state)


def screen(benefits: Iterable[Benefit], facts: Facts, as_of: date) -> tuple[Screened, ...]:
    """Return every measure with its standing, in the order given.

    Args:
        benefits: the measures, for example those of `load_benefits`.
        facts: what is known, by the names of `taxonomies.facts.load_facts`; the rest is unknown. What
            follows from facts is worked out by `search.benefits.knowing` before.
        as_of: the day whose standing is asked for.

    Raises:
        FactError: a fact has an unknown name or a value of the wrong type.
        TypeError: `as_of` carries a time of day.
    """
    if isinstance(as_of, datetime):
        raise TypeError(f"as_of was {as_of!r}; give the day alone, for example as_of.date()")
    check_facts(facts)
    return tuple(_screen(benefit, facts, as_of) for benefit in benefits)


def usefulness(screened: Screened) -> tuple[int, int, int, int, str]:
    """Sort what was granted first, then by standing, then by what is met, then by whom, then by id."""
    benefit = screened.benefit
    concerns_hire = {"person", "employer"}.intersection(benefit.beneficiaries)
    return (
        0 if benefit.status.value is StatusValue.GRANTED else 1,
        list(Standing).index(screened.standing),
        -screened.states.count(Truth.TRUE),
        0 if concerns_hire else 1,
        benefit.id,
    )


def _screen(benefit: Benefit, facts: Facts, as_of: date) -> Screened:
    states = tuple(evaluate(part, facts) for part in conjuncts(benefit.conditions))
    return Screened(
        benefit=benefit,
        standing=standing_of(benefit, all_of(states), as_of),
        in_force=in_force(benefit.period, as_of),
        states=states,
        facts=facts,
    )


def _finding(condition: Condition, state: Truth, facts: Facts) -> Finding:
    parts = tuple(leaves(condition))
    names = dict.fromkeys(part.fact for part in parts)
    return Finding(
        label=wording(condition),
        state=state,
        clauses=tuple(dict.fromkeys(part.clause for part in parts)),
        facts=tuple(names),
        used={
            name: value for name in names if (value := _used(name, condition, facts)) is not None
        },
        is_scope=all(part.scope for part in parts),
    )


def _used(name: str, condition: Condition, facts: Facts) -> FactValue:
    """Return what is known of a fact, of a set only what the condition asks for."""
    value = facts.get(name)
    if not isinstance(value, Members):
        return value
    asked = frozenset(named_values(condition, name))
    seen = Members(value.held & asked, value.lacking & asked)
    return seen if seen.held or seen.lacking else None
