"""The thresholds, the rounding, and what a reader learns from one released figure."""

from __future__ import annotations

from dataclasses import dataclass

from search.audit.disclosure.errors import DisclosureError


@dataclass(frozen=True)
class Publication:
    """A released figure and the counts that it stands for: `low <= true count <= high`, persons."""

    value: int
    low: int
    high: int


@dataclass(frozen=True)
class Rule:
    """When a count may leave: the "10-5 rule" of the ONS with a threshold for employers added.

    Attributes:
        k_persons: fewest persons (or posts) of a released count. Zero is below it too: see
            `protect`.
        k_employers: fewest employers behind a released count.
        round_to: base of the rounding; a released count is the nearest multiple, ties upwards.
        employer_margin: how uncertain a count that is hidden for its few employers must stay, as a
            share of it: hiding 500 posts of one employer is no use if 495-505 can be worked out.

    Source: ONS, "Comparison of post-tabular statistical disclosure control methods", section 1
    (counts below ten suppressed, others rounded to five); the threshold for employers follows the
    threshold rule for respondents of Hundepool et al., "Handbook on Statistical Disclosure
    Control", 2nd edition, section 4.2, with n = 3.
    """

    k_persons: int = 10
    k_employers: int = 3
    round_to: int = 5
    employer_margin: float = 0.2

    def __post_init__(self) -> None:
        if self.round_to < 1 or self.k_persons < self.round_to or self.k_employers < 0:
            raise DisclosureError(
                "a rule needs k_persons >= round_to >= 1 and k_employers >= 0, not "
                f"{self.k_persons}, {self.round_to} and {self.k_employers}"
            )
        if not 0 <= self.employer_margin <= 1:
            raise DisclosureError(f"employer_margin is a share of 1, not {self.employer_margin}")

    def rounded(self, persons: int) -> int:
        """Return the multiple of `round_to` nearest to a count."""
        return (persons + self.round_to // 2) // self.round_to * self.round_to

    def published(self, persons: int) -> Publication:
        """Return the figure for a count of at least `k_persons` and what it gives away."""
        value = self.rounded(persons)
        low = value - self.round_to // 2
        return Publication(value, max(low, self.k_persons), low + self.round_to - 1)

    def held(self, earlier: Publication) -> Publication:
        """Return an earlier figure that is repeated because fewer than `k_persons` changed."""
        drift = self.k_persons - 1
        return Publication(
            earlier.value, max(earlier.low - drift, self.k_persons), earlier.high + drift
        )
