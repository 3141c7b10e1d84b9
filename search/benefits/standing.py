"""How a measure stands on a date: the wording of its text, its period, and what is known."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from search.benefits.verdicts import Truth
from taxonomies.benefits import Benefit, Period, StatusValue


class Standing(StrEnum):
    """How a measure stands; none of the values says that it is due: the authority decides.

    The order is that in which measures are shown.
    """

    APPLIES = "applies"
    APPLIES_IF_OPEN = "applies_if_open"
    ENCOURAGED_ONLY = "encouraged_only"
    PLANNED_ONLY = "planned_only"
    NOT_YET_IN_FORCE = "not_yet_in_force"
    ENDED = "ended"
    DOES_NOT_APPLY = "does_not_apply"


class Verdict(StrEnum):
    """Whether the conditions of a measure that can be claimed are met on a date."""

    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    UNKNOWN = "unknown"


_BY_STATUS = {
    StatusValue.PLANNED: Standing.PLANNED_ONLY,
    StatusValue.ENCOURAGED: Standing.ENCOURAGED_ONLY,
}


def standing_of(benefit: Benefit, conditions: Truth, as_of: date) -> Standing:
    """Return the standing of a measure.

    Args:
        benefit: the measure.
        conditions: whether its conditions hold.
        as_of: the day whose standing is asked for.
    """
    first, last = benefit.period.first_day, benefit.period.last_day
    if conditions is Truth.FALSE:
        return Standing.DOES_NOT_APPLY
    if last and as_of > last:
        return Standing.ENDED
    if first and as_of < first:
        return Standing.NOT_YET_IN_FORCE
    if benefit.status.value in _BY_STATUS:
        return _BY_STATUS[benefit.status.value]
    is_settled = conditions is Truth.TRUE and in_force(benefit.period, as_of) is Truth.TRUE
    return Standing.APPLIES if is_settled else Standing.APPLIES_IF_OPEN


def verdict_of(standing: Standing) -> Verdict:
    """Return the verdict that a standing means.

    A planned or encouraged measure is never more than unknown: its text gives nothing that could be
    claimed, and whether somebody gave it later is not in the sources.
    """
    match standing:
        case Standing.APPLIES:
            return Verdict.ELIGIBLE
        case Standing.DOES_NOT_APPLY | Standing.ENDED | Standing.NOT_YET_IN_FORCE:
            return Verdict.INELIGIBLE
        case _:
            return Verdict.UNKNOWN


def in_force(period: Period, as_of: date) -> Truth:
    """Return whether a day lies in a period; unknown where the text does not state both ends."""
    first, last = period.first_day, period.last_day
    if (last and as_of > last) or (first and as_of < first):
        return Truth.FALSE
    return Truth.TRUE if first and last else Truth.UNKNOWN
