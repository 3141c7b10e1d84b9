"""Quote the words by which a document says that it meets a condition.

Only the labels that the query is about are looked for, so a page of hits is quoted in milliseconds.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from search.models import Aspect, Mention, Reading, Span
from search.ranking.passages import Passages
from search.text.lexicon import Entry, Lexicon
from search.text.normalise import normalise
from search.text.vocabulary import load_vocabulary
from taxonomies.skills import descendants


class Quoter:
    """Finds the conditions of one reading in passages.

    Args:
        reading: the query.
    """

    def __init__(self, reading: Reading) -> None:
        wanted = {(m.aspect, m.value) for m in reading.mentions}
        # A narrower concept meets a broader one.
        wanted |= {
            (Aspect.SKILL, below)
            for mention in reading.of(Aspect.SKILL)
            for below in descendants(mention.value)
        }
        by_key: defaultdict[str, list[Entry]] = defaultdict(list)
        for pair in wanted:
            for key, entry in _entries_by_value().get(pair, ()):
                by_key[key].append(entry)
        self._lexicon = Lexicon.of_keys(by_key)
        self._found: dict[str, list[tuple[Aspect, str, Span]]] = {}

    def quote(self, mention: Mention, passages: Passages) -> tuple[str, Span | None, str]:
        """Return source, span and words of the first place that says it; "", None, "" if none does."""
        meets = {mention.value}
        if mention.aspect is Aspect.SKILL:
            meets |= descendants(mention.value)
        for source, text in passages.items():
            for aspect, value, span in self._labels(text):
                if aspect is mention.aspect and value in meets:
                    return source, span, text[span.start : span.end]
        return "", None, ""

    def _labels(self, text: str) -> list[tuple[Aspect, str, Span]]:
        known = self._found.get(text)
        if known is None:
            normal = normalise(text)
            known = self._found[text] = [
                (aspect, entry.value, normal.span(match.start, match.end))
                for aspect, matches in self._lexicon.find_all(normal).items()
                for match in matches
                for entry in match.entries
            ]
        return known


@cache
def _entries_by_value() -> dict[tuple[Aspect, str], list[tuple[str, Entry]]]:
    """Return the labels of each concept with what they are looked up by."""
    entries: defaultdict[tuple[Aspect, str], list[tuple[str, Entry]]] = defaultdict(list)
    for key, known in load_vocabulary().lexicon.by_key.items():
        for entry in known:
            if not entry.is_ambiguous:
                entries[entry.aspect, entry.value].append((key, entry))
    return dict(entries)
