"""Condition trees under what is known: each leaf a verdict, each tree one by Kleene's tables."""

from __future__ import annotations

from collections.abc import Iterator

from search.benefits.facts import Facts, FactValue, Members, OneOf
from search.benefits.verdicts import Truth, all_of, any_of, consensus, negate, truth_of
from taxonomies.benefits import AllOf, AnyOf, Condition, Leaf, Not, Op
from taxonomies.facts import Label


def evaluate(condition: Condition, facts: Facts) -> Truth:
    """Return whether a condition holds; unknown while the facts do not decide it.

    Knowing more never undoes a verdict: a decided one stays as facts are added.
    """
    match condition:
        case AllOf(all=parts):
            return all_of(evaluate(part, facts) for part in parts)
        case AnyOf(any=parts):
            return any_of(evaluate(part, facts) for part in parts)
        case Not(negated=part):
            return negate(evaluate(part, facts))
        case Leaf():
            return _compare(condition, facts.get(condition.fact))


def conjuncts(condition: Condition) -> Iterator[Condition]:
    """Yield the conditions that have to hold together, nested `all` flattened."""
    if isinstance(condition, AllOf):
        for part in condition.all:
            yield from conjuncts(part)
    else:
        yield condition


def wording(condition: Condition) -> Label:
    """Return a condition as one statement in both languages."""
    match condition:
        case AllOf(all=parts):
            return _joined([wording(part) for part in parts], "，且", " and ")
        case AnyOf(any=parts):
            return _joined([wording(part) for part in parts], "，或", ", or ")
        case Not(negated=part):
            inner = wording(part)
            return Label(zh=f"并非：{inner.zh}", en=f"not: {inner.en}")
        case Leaf():
            return condition.label


def _joined(labels: list[Label], zh: str, en: str) -> Label:
    return Label(zh=zh.join(one.zh for one in labels), en=en.join(one.en for one in labels))


def _compare(leaf: Leaf, known: FactValue) -> Truth:
    if known is None:
        return Truth.UNKNOWN
    match leaf.op:
        case Op.HAS_ANY:
            return _has_any(leaf.value, known)
        case Op.WITHIN:
            return consensus(_within(str(code), str(leaf.value)) for code in _possible(known))
        case Op.IN:
            wanted = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
            return consensus(truth_of(value in wanted) for value in _possible(known))
        case Op.EQ:
            return consensus(truth_of(value == leaf.value) for value in _possible(known))
        case Op.AT_LEAST:
            return truth_of(_number(known) >= _number(leaf.value))
        case Op.AT_MOST:
            return truth_of(_number(known) <= _number(leaf.value))


def _has_any(wanted: object, known: FactValue) -> Truth:
    if isinstance(known, str):
        known = Members(frozenset({known}))
    if not isinstance(known, Members) or not isinstance(wanted, tuple):
        raise TypeError(f"{known!r} is no set to look for {wanted!r} in; give Members")
    if known.held.intersection(wanted):
        return Truth.TRUE
    # Open world: what is not known to be in the set may still be in it.
    return Truth.FALSE if known.lacking.issuperset(wanted) else Truth.UNKNOWN


def _within(code: str, region: str) -> Truth:
    """Whether a place lies in a region; unknown when the place is the larger of the two.

    Source: GB/T 2260, six digits: two each for province, prefecture and county, 00 for the whole.
    """
    place, area = _stem(code), _stem(region)
    if place.startswith(area):
        return Truth.TRUE
    return Truth.UNKNOWN if area.startswith(place) else Truth.FALSE


def _stem(code: str) -> str:
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def _possible(known: FactValue) -> Iterator[object]:
    """Yield the values that a fact may have: one, unless only the possible ones are known."""
    if isinstance(known, OneOf):
        yield from known.values
    else:
        yield known


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{value!r} is no number")
    return value
