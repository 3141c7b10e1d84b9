"""Three-valued logic: what is unknown stays unknown until a fact decides it.

Source: S. C. Kleene, Introduction to Metamathematics (1952), § 64, the strong tables: a connective
is decided as soon as no value of its unknown parts could change it.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Truth(Enum):
    """Whether a statement holds.

    It has no truth value of its own in Python, so that `if verdict:` cannot turn unknown into no.
    """

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"

    def __bool__(self) -> bool:
        """Refuse to be read as yes or no.

        Raises:
            TypeError: always; compare with `is Truth.TRUE` instead.
        """
        raise TypeError(f"{self} was read as yes or no; compare it with `is Truth.TRUE`")


def truth_of(decided: bool) -> Truth:
    """Return the verdict of a statement that is known to hold or known not to."""
    return Truth.TRUE if decided else Truth.FALSE


def all_of(verdicts: Iterable[Truth]) -> Truth:
    """Return the conjunction: false if one is false, unknown if one is unknown, else true."""
    found = set(verdicts)
    if Truth.FALSE in found:
        return Truth.FALSE
    return Truth.UNKNOWN if Truth.UNKNOWN in found else Truth.TRUE


def any_of(verdicts: Iterable[Truth]) -> Truth:
    """Return the disjunction: true if one is true, unknown if one is unknown, else false."""
    found = set(verdicts)
    if Truth.TRUE in found:
        return Truth.TRUE
    return Truth.UNKNOWN if Truth.UNKNOWN in found else Truth.FALSE


def negate(verdict: Truth) -> Truth:
    """Return the negation; that of unknown is unknown."""
    return {Truth.TRUE: Truth.FALSE, Truth.FALSE: Truth.TRUE, Truth.UNKNOWN: Truth.UNKNOWN}[verdict]


def consensus(verdicts: Iterable[Truth]) -> Truth:
    """Return the verdict on which all agree, unknown where they differ or there is none.

    This is for a fact of which only the possible values are known: what holds for every one of them
    holds.
    """
    found = set(verdicts)
    return found.pop() if len(found) == 1 else Truth.UNKNOWN
