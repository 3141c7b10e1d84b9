"""Titles that mean one role, put together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from search.text.normalise import normalise
from search.text.titles import core


@dataclass(frozen=True, slots=True)
class _Title:
    """A title and the pairs of characters of its core, without grade and word for the person."""

    title: str
    pairs: Counter[str]

    @classmethod
    def of(cls, title: str) -> _Title:
        plain = "".join(normalise(core(title) or title).text.split())
        if len(plain) < 2:
            return cls(title, Counter([plain] if plain else []))
        return cls(title, Counter(plain[at : at + 2] for at in range(len(plain) - 1)))

    def similarity(self, other: _Title) -> float:
        total = self.pairs.total() + other.pairs.total()
        common = (self.pairs & other.pairs).total()
        return 2 * common / total if total else float(self.title == other.title)


def title_similarity(one: str, other: str) -> float:
    """Return how alike two titles are, 0 to 1: the Dice coefficient of their pairs of characters.

    Dice = 2 |A and B| / (|A| + |B|) (Dice 1945, Ecology 26(3)), over the core of each title, without grade
    and word for the person, in normal form.
    """
    return _Title.of(one).similarity(_Title.of(other))


def grouped(titles: Iterable[str], similar_at_least: float) -> list[list[str]]:
    """Put titles together, each with the first leader that it resembles.

    Leader clustering (Hartigan 1975, Clustering Algorithms, chapter 3): in the order given, each joins the
    first leader that it resembles, or leads.

    Args:
        titles: different ones, the most important first.
        similar_at_least: similarity, above 0 to 1, from which two titles are one role.
    """
    groups: list[tuple[_Title, list[str]]] = []
    # Who shares no pair resembles nobody: only those that share one are looked at.
    sharing: defaultdict[str, list[int]] = defaultdict(list)
    for text in titles:
        title = _Title.of(text)
        near = sorted({place for pair in title.pairs for place in sharing[pair]})
        for place in near:
            leader, members = groups[place]
            if leader.similarity(title) >= similar_at_least:
                members.append(text)
                break
        else:
            for pair in title.pairs:
                sharing[pair].append(len(groups))
            groups.append((title, [text]))
    return [members for _, members in groups]
