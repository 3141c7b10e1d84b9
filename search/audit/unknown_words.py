"""Skills that the taxonomy does not know, looked for by their words: all of them in one pass over a text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import ahocorasick

from search.audit.inputs import WORDS


@dataclass(frozen=True, eq=False)
class WordFinder:
    """Finds words of unknown skills in the tokens of a profile (Aho and Corasick 1975)."""

    automaton: Any = field(default=None, repr=False)

    @classmethod
    def of(cls, values: Iterable[str]) -> WordFinder:
        """Make a finder of values `words:…`, each the tokens of a skill between blanks."""
        automaton = ahocorasick.Automaton()
        for value in set(values):
            automaton.add_word(value.removeprefix(WORDS), value)
        if not len(automaton):
            return cls()
        automaton.make_automaton()
        return cls(automaton)

    def within(self, text: str) -> frozenset[str]:
        """Return which of the values a text of tokens between blanks holds."""
        if self.automaton is None:
            return frozenset()
        return frozenset(value for _, value in self.automaton.iter(text))
