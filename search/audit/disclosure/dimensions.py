"""A dimension of a table: the only groups of persons for which a figure can be asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from search.audit.disclosure.errors import DisclosureError


@dataclass(frozen=True)
class Dimension:
    """A classification as a tree, such as role -> field -> all or city -> province.

    Attributes:
        name: e.g. `role`.
        parents: each value and the one that it is part of. The one value that is nobody's part is
            the total (`root`).
        overlapping: whether one person can count under several values (a seeker who chose three
            roles). A parent then counts distinct persons: at most the sum of its parts, at least
            the largest. Else it is exactly the sum.

    Raises:
        DisclosureError: when the values do not form one tree.
    """

    name: str
    parents: Mapping[str, str]
    overlapping: bool = False

    @classmethod
    def flat(
        cls, name: str, values: Iterable[str], root: str = "all", *, overlapping: bool = False
    ) -> Dimension:
        """Return a dimension of values directly under a total."""
        return cls(name, dict.fromkeys(values, root), overlapping)

    def __post_init__(self) -> None:
        roots = set(self.parents.values()) - set(self.parents)
        if len(roots) != 1:
            raise DisclosureError(
                f"dimension {self.name!r} needs one total that all its values lead to; found "
                f"{sorted(roots) if roots else 'none'}: give each other value its parent"
            )
        if any(self.root not in self.ancestors(value) for value in self.parents):
            raise DisclosureError(f"dimension {self.name!r} has values that are their own part")

    @cached_property
    def root(self) -> str:
        """Return the total."""
        return next(iter(set(self.parents.values()) - set(self.parents)))

    @cached_property
    def children(self) -> Mapping[str, tuple[str, ...]]:
        """Return for each value with parts its parts, in the order given."""
        parts: dict[str, list[str]] = {}
        for value, parent in self.parents.items():
            parts.setdefault(parent, []).append(value)
        return {parent: tuple(values) for parent, values in parts.items()}

    @cached_property
    def values(self) -> tuple[str, ...]:
        """Return every value, the total last."""
        return (*self.parents, self.root)

    def ancestors(self, value: str) -> tuple[str, ...]:
        """Return what a value is part of, nearest first; a ring of values is cut short."""
        found: list[str] = []
        while value in self.parents and self.parents[value] not in found:
            value = self.parents[value]
            found.append(value)
        return tuple(found)

    def larger(self, value: str) -> tuple[str, ...]:
        """Return the ancestors that can hold somebody whom the value does not."""
        held = list(self.ancestors(value))
        while held and len(self.children[held[0]]) == 1:
            held.pop(0)
        return tuple(held)
