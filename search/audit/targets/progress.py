"""Plan figures beside actual ones: how far each target is, and what cannot be said.

    progress = actual / plan
    pace     = base + (plan - base) * (time gone / time between base and deadline)

Pace is the straight line from the figure reported in the same plan to the one aimed at. It is given for stocks and
for what adds up, whose base is printed; a share, a growth rate or a year's amount has no straight line.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from search.audit.targets.indicator_kinds import IndicatorKind, kind_of
from search.audit.targets.units import converted
from taxonomies.targets import Comparator, Indicator

Source = Literal["entered", "computed"]
Standing = Literal["not_entered", "met", "not_met"]
Deadline = Literal["none", "ahead", "passed"]
#: Why there is no pace.
NoPace = Literal[
    "", "no_actual", "no_deadline", "no_base", "kind", "at_most", "after_deadline", "before_base"
]


@dataclass(frozen=True, slots=True)
class Actual:
    """An actual figure of one indicator.

    Attributes:
        indicator: its id.
        value: the figure, in `unit`.
        unit: as given, in either language.
        on: the day for which it holds.
        source: `entered` by a person or `computed` by Bole from its records.
        by: account or computation.
        note: where it comes from, in words.
    """

    indicator: str
    value: Decimal
    unit: str
    on: date
    source: Source
    by: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Pace:
    """Where a straight line from the base to the plan would be.

    Attributes:
        base: the reported figure from which the line starts, at the end of its year.
        time_gone: share of the time to the deadline that was gone on the day of the actual, 0 to 1.
        expected: the figure on the line, in the unit of the indicator.
        is_kept: the actual is not behind it.
    """

    base: Indicator
    time_gone: Decimal
    expected: Decimal
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """One target with what is known of it.

    Attributes:
        indicator: the target.
        kind: what it counts.
        actual: the latest figure on or before the day of the report; None where none was entered.
        others: the other figures that were, latest first; none is hidden.
        value: the actual in the unit of the indicator.
        ratio: actual / plan; None where there is no actual, or the plan is zero.
        standing: against the plan, as its comparator says. About (约) is read as at least.
        deadline: last day of the year it is for; None where no year is printed.
        due: whether that day has passed.
        is_late: the actual holds for a day after the deadline, so it does not say what was reached by then.
        pace: the straight line; None where `no_pace` says why.
        no_pace: "" where there is one.
    """

    indicator: Indicator
    kind: IndicatorKind
    actual: Actual | None
    others: tuple[Actual, ...]
    value: Decimal | None
    ratio: Decimal | None
    standing: Standing
    deadline: date | None
    due: Deadline
    is_late: bool
    pace: Pace | None
    no_pace: NoPace


def compare(
    indicators: Sequence[Indicator], actuals: Iterable[Actual], as_of: date
) -> tuple[Progress, ...]:
    """Set every target beside its actual figures, in the order of the indicators.

    Args:
        indicators: targets and the reported figures beside them.
        actuals: in any order; those after `as_of` and of no target here are left out. Of two on one
            day, an entered one goes before a computed one.
        as_of: day of the report.

    Raises:
        UnitMismatchError: an actual is in a unit that has no way to that of its indicator.
    """
    by_id: dict[str, list[Actual]] = {}
    for actual in actuals:
        if actual.on <= as_of:
            by_id.setdefault(actual.indicator, []).append(actual)
    return tuple(
        _progress(
            indicator,
            sorted(by_id.get(indicator.id, []), key=_rank, reverse=True),
            base_of(indicator, indicators),
            as_of,
        )
        for indicator in indicators
        if indicator.is_target
    )


def base_of(target: Indicator, indicators: Iterable[Indicator]) -> Indicator | None:
    """Return the latest figure that the same plan reports of the same thing, in the same unit and print."""
    return max(
        (
            one
            for one in indicators
            if not one.is_target
            and one.year is not None
            and (target.year is None or one.year < target.year)
            and _identity(one) == _identity(target)
        ),
        key=lambda one: one.year or 0,
        default=None,
    )


def is_met(indicator: Indicator, value: Decimal) -> bool:
    """Say whether a figure, in the unit of the target, reaches it; a range is reached at its lower end."""
    match indicator.comparator:
        case Comparator.AT_MOST:
            return value <= indicator.value
        case Comparator.MORE_THAN:
            return value > indicator.value
        case Comparator.EQUAL | Comparator.AT_LEAST | Comparator.ABOUT:
            return value >= indicator.value


def _progress(
    indicator: Indicator, found: Sequence[Actual], base: Indicator | None, as_of: date
) -> Progress:
    kind = kind_of(indicator)
    actual = found[0] if found else None
    value = None if actual is None else converted(actual.value, actual.unit, indicator.unit)
    deadline = date(indicator.year, 12, 31) if indicator.year is not None else None
    pace = _pace(indicator, kind, base, deadline, actual, value)
    return Progress(
        indicator=indicator,
        kind=kind,
        actual=actual,
        others=tuple(found[1:]),
        value=value,
        ratio=value / indicator.value if value is not None and indicator.value else None,
        standing=_standing(indicator, value),
        deadline=deadline,
        due="none" if deadline is None else "passed" if as_of > deadline else "ahead",
        is_late=actual is not None and deadline is not None and actual.on > deadline,
        pace=pace if isinstance(pace, Pace) else None,
        no_pace="" if isinstance(pace, Pace) else pace,
    )


def _standing(indicator: Indicator, value: Decimal | None) -> Standing:
    if value is None:
        return "not_entered"
    return "met" if is_met(indicator, value) else "not_met"


def _pace(
    indicator: Indicator,
    kind: IndicatorKind,
    base: Indicator | None,
    deadline: date | None,
    actual: Actual | None,
    value: Decimal | None,
) -> Pace | NoPace:
    if actual is None or value is None:
        return "no_actual"
    if deadline is None:
        return "no_deadline"
    if kind not in {IndicatorKind.LEVEL, IndicatorKind.CUMULATIVE}:
        return "kind"
    if indicator.comparator is Comparator.AT_MOST:
        return "at_most"
    if base is None or base.year is None:
        return "no_base"
    start = date(base.year, 12, 31)
    if actual.on > deadline:
        return "after_deadline"
    if actual.on < start:
        return "before_base"
    gone = Decimal((actual.on - start).days) / (deadline - start).days
    expected = base.value + (indicator.value - base.value) * gone
    return Pace(base, gone, expected, value >= expected)


def _identity(indicator: Indicator) -> tuple[object, ...]:
    return (
        indicator.document,
        indicator.plan,
        indicator.place,
        indicator.is_table,
        indicator.subject.zh,
        indicator.unit.zh,
    )


def _rank(actual: Actual) -> tuple[date, bool]:
    return actual.on, actual.source == "entered"
