"""What a posting asks for that it may not ask for: sex, age, marital state, origin and the like.

The rules are data (`taxonomies.protected`). A posting that says that a thing does not matter
(性别不限, "regardless of age") is not refused, nor is an ordinary use of the words (女装, "male connector").
"""

from __future__ import annotations

from dataclasses import dataclass

from search.models import Span
from search.text.normalise import normalise
from taxonomies.models import Text
from taxonomies.protected import PostingRule, load_posting_rules

# How far before and after a match one looks for words that spare it.
_BEFORE, _AFTER = 60, 40


@dataclass(frozen=True, slots=True)
class Refusal:
    """Words of a posting for which it is refused.

    Attributes:
        ground: id of the ground, such as `sex` or `marital-state`.
        rule: id of the rule that found them.
        span: where they stand in the posting as written.
        quote: the words as written.
        reason: why they are refused.
        advice: what to write instead.
        law: citations; empty where none is certain.
    """

    ground: str
    rule: str
    span: Span
    quote: str
    reason: Text
    advice: Text
    law: tuple[Text, ...]


def refused(text: str) -> tuple[Refusal, ...]:
    """Return what a posting may not ask for, in the order of the text; never fails.

    Of matches on the same ground that overlap, the first and longest stands for all.
    """
    normal = normalise(text)
    found: list[tuple[int, int, PostingRule]] = [
        (match.start(), match.end(), rule)
        for rule in load_posting_rules().rules
        if any(word in normal.text for word in rule.needs)
        for match in rule.asks.finditer(normal.text)
        if not _is_spared(rule, normal.text, match.start(), match.end())
    ]
    found.sort(key=lambda each: (each[0], -each[1]))
    covered: dict[str, int] = {}
    refusals = []
    for start, end, rule in found:
        ground = rule.ground
        if start < covered.get(ground.id, 0):
            continue
        covered[ground.id] = end
        refusals.append(
            Refusal(
                ground=ground.id,
                rule=rule.id,
                span=normal.span(start, end),
                quote=normal.quote(start, end),
                reason=ground.reason,
                advice=ground.advice,
                law=ground.law,
            )
        )
    return tuple(refusals)


def _is_spared(rule: PostingRule, text: str, start: int, end: int) -> bool:
    if rule.spared_before.search(text[max(0, start - _BEFORE) : start]):
        return True
    return bool(rule.spared_after and rule.spared_after.match(text[end : end + _AFTER]))
