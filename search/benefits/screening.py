"""Which measures may apply on a date, and on which conditions that depends.

Nothing here says "eligible": a measure whose conditions are open may apply *if* they hold, one that
is planned or encouraged grants nothing, and one whose period is over is shown as ended.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from search.benefits.conditions import conjuncts, evaluate, wording
from search.benefits.facts import Facts, OneOf, check_facts
from search.benefits.standing import Standing, in_force, standing_of
from search.benefits.verdicts import Truth, all_of
from search.benefits.wording import amount_text, describe
from taxonomies.benefit_files import load_benefits
from taxonomies.benefits import (
    Benefit,
    Condition,
    leaves,
)
from taxonomies.facts import Label

#: The catalogue whose rows are the roles of a search hit.
ROLE_CATALOGUE = "zhejiang-2017"


@dataclass(frozen=True, slots=True)
class Finding:
    """One condition of a measure under what is known.

    Attributes:
        label: the condition as a statement.
        clauses: the passages of the source it comes from, verbatim.
        facts: the facts that it asks for.
        is_scope: it says whom and where the text is about, and is not printed as a condition.
    """

    label: Label
    clauses: tuple[str, ...]
    facts: tuple[str, ...]
    is_scope: bool


@dataclass(frozen=True, slots=True)
class Screened:
    """A measure as it stands on a date under what is known.

    Attributes:
        in_force: unknown where the text states no period.
        open_conditions: neither met nor contradicted by the known facts.
        met_conditions: met by a known fact; silence never meets one.
        failed_conditions: contradicted by a known fact.
        amount: what the text gives, or that it gives no figure.
        text: one sentence for the reader.
    """

    benefit: Benefit
    standing: Standing
    in_force: Truth
    open_conditions: tuple[Finding, ...]
    met_conditions: tuple[Finding, ...]
    failed_conditions: tuple[Finding, ...]
    amount: Label
    text: Label


def screen(benefits: Iterable[Benefit], facts: Facts, as_of: date) -> tuple[Screened, ...]:
    """Return every measure with its standing, in the order given.

    Args:
        benefits: the measures, for example those of `load_benefits`.
        facts: what is known, by the names of `taxonomies.facts.load_facts`; the rest is unknown.
        as_of: the day whose standing is asked for.

    Raises:
        FactError: a fact has an unknown name or a value of the wrong type.
        TypeError: `as_of` carries a time of day.
    """
    if isinstance(as_of, datetime):
        raise TypeError(f"as_of was {as_of!r}; give the day alone, for example as_of.date()")
    check_facts(facts)
    return tuple(_screen(benefit, facts, as_of) for benefit in benefits)


def for_role(
    role_number: int, field_code: str, region_codes: Iterable[str] = (), *, as_of: date
) -> tuple[Screened, ...]:
    """Return the measures that a role of the catalogue raises, the most useful first.

    Measures of another place are left out; ended, planned and encouraged ones are kept and say so.

    Args:
        role_number: the row of the catalogue.
        field_code: the code of its field.
        region_codes: the places of the query, any of which will do; none means none is known.
        as_of: the day whose standing is asked for.

    Raises:
        FactError: a region code has not six digits.
        TypeError: `as_of` carries a time of day.
    """
    return _for_role(role_number, field_code, frozenset(region_codes), as_of)


@lru_cache(maxsize=4096)
def _for_role(
    role_number: int, field_code: str, region_codes: frozenset[str], as_of: date
) -> tuple[Screened, ...]:
    facts: Facts = {
        "role.catalogue": ROLE_CATALOGUE,
        "role.number": role_number,
        "role.field": field_code,
        "place.region": OneOf(region_codes) if region_codes else None,
    }
    fitting = [
        screened
        for screened in screen(load_benefits(), facts, as_of)
        if screened.standing is not Standing.DOES_NOT_APPLY
    ]
    return tuple(sorted(fitting, key=_usefulness))


def _usefulness(screened: Screened) -> tuple[int, int, str]:
    """Sort by standing, then what a person or employer may get before the rest, then by id."""
    parties = screened.benefit.beneficiaries
    concerns_hire = "person" in parties or "employer" in parties
    return (list(Standing).index(screened.standing), 0 if concerns_hire else 1, screened.benefit.id)


def _screen(benefit: Benefit, facts: Facts, as_of: date) -> Screened:
    found: dict[Truth, list[Finding]] = {truth: [] for truth in Truth}
    for condition in conjuncts(benefit.conditions):
        found[evaluate(condition, facts)].append(_finding(condition))
    opened, failed = found[Truth.UNKNOWN], found[Truth.FALSE]
    conditions = all_of(truth for truth, findings in found.items() if findings)
    standing = standing_of(benefit, conditions, as_of)
    is_in_force = in_force(benefit.period, as_of)
    return Screened(
        benefit=benefit,
        standing=standing,
        in_force=is_in_force,
        open_conditions=tuple(opened),
        met_conditions=tuple(found[Truth.TRUE]),
        failed_conditions=tuple(failed),
        amount=amount_text(benefit),
        text=describe(
            benefit,
            standing,
            is_in_force,
            opened=[one.label for one in opened],
            failed=[one.label for one in failed],
        ),
    )


def _finding(condition: Condition) -> Finding:
    parts = tuple(leaves(condition))
    return Finding(
        label=wording(condition),
        clauses=tuple(dict.fromkeys(part.clause for part in parts)),
        facts=tuple(dict.fromkeys(part.fact for part in parts)),
        is_scope=all(part.scope for part in parts),
    )
