"""A 紧缺指数 that somebody else published: shown as published, never recomputed, never called ours."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PublishedIndex:
    """One published value.

    The formulae are not public (Hangzhou: 0-1 from the ratio and the difference of supply and demand; Zhengzhou:
    one to five stars), so there is nothing to recompute. The shipped catalogue prints none.

    Attributes:
        name: of the index, as its publisher calls it.
        publisher: who printed it.
        edition: of which year or issue.
        role: catalogue row that it was joined to, or None.
        title: the occupation as printed.
        value: as printed, for example `0.63` or four stars.
        band: the word printed for it, or "".
        source: document and place in it.
    """

    name: str
    publisher: str
    edition: str
    role: int | None
    title: str
    value: str
    band: str = ""
    source: str = ""
