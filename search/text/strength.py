"""How strongly a condition is meant, read from the words of the clause it stands in."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from search.models import Strength

# The clause is what lies between these; a list mark (、) does not end it.
_CLAUSE_END = re.compile(r"[,，。;；!！?？\n()（）]|\bbut\b|但")

# Order matters: a ban beats a wish, a wish beats a demand ("熟练者优先" is a wish).
_CUES = (
    (
        Strength.BANNED,
        re.compile(
            r"不要|不招|不考虑|除外|排除|谢绝|\bexcept\b|\bexcluding\b|\bwithout\b|\bno(?:t)?\b(?! required)"
        ),
    ),
    (
        Strength.OPTIONAL,
        re.compile(r"不限|不要求|无要求|均可|可选|not required|optional|any (?:degree|education)"),
    ),
    (
        Strength.FAVOURED,
        re.compile(
            r"优先|加分|更佳|为佳|最好|尤佳|nice[ -]to[ -]have|preferred|preferably|a plus|bonus|ideally|desirable"
        ),
    ),
    (
        Strength.REQUIRED,
        re.compile(
            r"必须|必需|必备|务必|硬性|须具备|\bmust\b|\brequired\b|\bmandatory\b|\bessential\b"
        ),
    ),
)


def strength_at(text: str, start: int, end: int) -> Strength:
    """Return the strength of a condition at `[start, end)` of a normal-form text.

    Without a cue in its clause a condition is favoured: it counts, and excludes nobody.
    """
    clause = next((part for part in _clauses(text) if part[0] <= start < part[1]), (0, len(text)))
    words = text[clause[0] : max(clause[1], end)]
    for strength, cue in _CUES:
        if cue.search(words):
            return strength
    return Strength.FAVOURED


@lru_cache(maxsize=512)
def _clauses(text: str) -> tuple[tuple[int, int], ...]:
    edges = [0, *(match.start() for match in _CLAUSE_END.finditer(text)), len(text)]
    return tuple(pairwise(edges))
