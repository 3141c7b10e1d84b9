"""Read years of experience out of a text: "5年以上", "3-5年", "三年", "5+ years", "at least 3 years"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HAN = {
    "零": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
}
_ENGLISH = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ]
    )
}
_NUMBER = rf"\d{{1,2}}(?:\.5)?|[{''.join(_HAN)}]{{1,3}}|(?:{'|'.join(_ENGLISH)})\b"
_YEARS = re.compile(
    rf"(?<![\d.a-z])(?P<low>{_NUMBER})\s*(?:(?:-|~|—|–|至|到|to)\s*(?P<high>{_NUMBER}))?"
    r"\s*(?P<plus>\+|多|余|以上)?\s*-?\s*(?:年|years?\b|yrs?\b)(?P<after>(?:及)?以上|以内|以下)?(?!级|代|度|龄|薪|终|会|前|后|内|底|初)"
)
_LONGEST_CAREER = 50


@dataclass(frozen=True, slots=True)
class Years:
    """Years of experience at `[start, end)`: at least, and at most where a range was written."""

    start: int
    end: int
    at_least: float
    at_most: float | None


def find_years(text: str) -> Iterator[Years]:
    """Yield the spans of a normal-form text that state a length of experience."""
    for match in _YEARS.finditer(text):
        low = _value(match["low"])
        high = _value(match["high"]) if match["high"] else None
        if match["after"] in {"以内", "以下"} and high is None:
            low, high = 0.0, low
        if low > _LONGEST_CAREER or (high is not None and high < low):
            continue  # a calendar year or a typing slip, not a length of experience
        yield Years(match.start(), match.end(), low, high)


def _value(word: str) -> float:
    if word in _ENGLISH:
        return float(_ENGLISH[word])
    if word[0] in _HAN:
        return float(_han_number(word))
    return float(word)


def _han_number(word: str) -> int:
    tens, found, units = word.rpartition("十")
    if not found:
        return _HAN[word[-1]]
    return (_HAN[tens[-1]] if tens else 1) * 10 + (_HAN[units[0]] if units else 0)
