"""What is known: facts by name, where an absent fact is unknown and never counted as no."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from taxonomies.benefits import FACTS
from taxonomies.facts import FactKind


class FactError(ValueError):
    """A fact has an unknown name or a value of the wrong type; the message says what fits.

    Attributes:
        fact: its name; empty where no fact is called so.
        fault: `name`, `both`, or what it takes: `flag`, `number`, `text`, `region`, `value`, `members`.
        known: names or values that would do, some of them.
    """

    def __init__(
        self, message: str, fact: str = "", fault: str = "name", known: Sequence[str] = ()
    ) -> None:
        super().__init__(message)
        self.fact, self.fault, self.known = fact, fault, tuple(known)


@dataclass(frozen=True, slots=True)
class Members:
    """What is known of an open set, for example of the talent tiers that a person holds.

    Attributes:
        held: known to be in it.
        lacking: known not to be in it. Everything else is unknown.
    """

    held: frozenset[str] = frozenset()
    lacking: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Refuse to know the same thing both ways.

        Raises:
            FactError: an entry is both held and lacking.
        """
        if both := self.held & self.lacking:
            raise FactError(
                f"{', '.join(sorted(both))} is given as held and as lacking; keep one",
                fault="both",
                known=sorted(both),
            )


@dataclass(frozen=True, slots=True)
class OneOf:
    """The possible values of a fact of which no more is known, as the places of a query."""

    values: frozenset[str]


#: Members may be given as one name, a place or code as one value; None means unknown.
FactValue = bool | int | float | str | OneOf | Members | None
Facts = Mapping[str, FactValue]

_EXPECTED = {
    FactKind.FLAG: "true or false",
    FactKind.NUMBER: "a number",
    FactKind.CODE: "a code, or OneOf several",
    FactKind.MEMBERS: "Members, or one name",
    FactKind.TEXT: "a text",
    FactKind.REGION: "a six-digit region code, or OneOf several",
}


def check_facts(facts: Facts) -> None:
    """Refuse facts that no condition could use: a misspelt name would silently stay unknown.

    Raises:
        FactError: a name is not in `taxonomies.facts.load_facts`, or a value does not fit its type.
    """
    for name, value in facts.items():
        kind = FACTS.get(name)
        if kind is None:
            raise FactError(f"no fact is called {name!r}; the facts are {', '.join(sorted(FACTS))}")
        if value is not None and not _fits(kind, value):
            raise FactError(f"{name} was given {value!r}; it takes {_EXPECTED[kind]}")


def _fits(kind: FactKind, value: FactValue) -> bool:
    match kind:
        case FactKind.FLAG:
            return isinstance(value, bool)
        case FactKind.NUMBER:
            return isinstance(value, int | float) and not isinstance(value, bool)
        case FactKind.CODE:
            return isinstance(value, str | OneOf)
        case FactKind.TEXT:
            return isinstance(value, str)
        case FactKind.MEMBERS:
            return isinstance(value, str | Members)
        case FactKind.REGION:
            codes = value.values if isinstance(value, OneOf) else [value]
            return all(isinstance(code, str) and re.fullmatch(r"\d{6}", code) for code in codes)
