"""Read years of experience out of a text: "5年以上", "3-5年", "三年", "5+ years", "at least 3 years".

A calendar year (2017年), an age, a plan (三年计划) or a time ago (5年前) is not a length of experience.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HAN = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2}
_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_ENGLISH = {word: value for value, word in enumerate((*_ONES, *_TEENS.split()), start=1)}
_ENGLISH |= {"zero": 0, "twenty": 20, "thirty": 30}
#: Two digits side by side are a range: 三五年 is three to five years.
_PAIRS = "一二|一两|两三|二三|三四|三五|四五|五六|六七|七八|八九"

_UNIT = "[一二两三四五六七八九]"
_ENGLISH_NUMBER = rf"(?:(?:twenty|thirty)[- ](?:{'|'.join(_ONES)})|{'|'.join(_ENGLISH)})\b"
_NUMBER = rf"(?:\d{{1,2}}(?:\.\d)?|{_PAIRS}|{_UNIT}?十{_UNIT}?|{_UNIT}|(?<![上下前后])半|{_ENGLISH_NUMBER})"
# After "年" these make it something else; the inner lookaheads are trades (前端, 后台, 底层, 内核...).
_OTHER_AFTER = (
    r"级(?!联)|代(?!码|理|工|表)|度|龄|薪|假|终(?!端)|前(?!端|台|沿)|后(?!端|台|期|勤|道)"
    r"|内(?!核|容|部|审|控|网)|底(?!层|盘)|初(?!级)|制(?!造|图|作|定|版|程|药)|期(?!货|刊)"
    r"|计划|规划|历史|质保|合同|毕业|入职|至今|加入|开始|应届|出生|起(?!重)"
    r"|\d{1,2}月|[一两二三四五\d]+[次遍]|一度"
    r"|[- ]old\b|\s*of age\b|\s*ago\b|[- ](?:plan|contract|warranty|roadmap|history)\b"
)
_YEARS = re.compile(
    rf"(?<![\d.a-z零〇一二两三四五六七八九十百千万])(?<!\d{{4}}[-~—–至到/.])(?<![a-z]-)"
    rf"(?P<low>{_NUMBER})(?:\s*\({_NUMBER}\))?"
    rf"\s*(?:(?:年|years?|yrs?)?\s*(?:-|~|—|–|至|到|to)\s*(?P<high>{_NUMBER}))?+"
    r"\s*(?P<plus>\+|多|余|几|以上|plus\b|or more\b)?+\s*-?\s*"
    r"(?P<unit>年半?+|years?\b|yrs?\b|yoe\b)"
    r"(?P<after>(?:及|或|\(含\)|含)?(?:以上|以内|以下|之内)|多|\+|\s*or (?:more|less|fewer)\b"
    rf"|\s*and (?:above|over)\b)?+(?!{_OTHER_AFTER})"
)
_AT_MOST_BEFORE = re.compile(
    r"(?:不超过|至多|最多|不到|不足|(?<!不)(?:少于|低于|小于)"
    r"|\b(?:up to|(?<!no )less than|fewer than|under|within|no more than|at most|not more than|maximum(?: of)?))\s*$"
)
_OTHER_BEFORE = re.compile(
    r"(?:第|每|未来|今后|过去|(?<![目当之以])前|成立|创立|创办|质保|合同|年龄|年满"
    r"|\b(?:next|past|last|first|every|per|aged?|founded)(?: the)?)\s*$"
)
_AT_MOST_AFTER = re.compile(r"以内|以下|之内|less|fewer")
_LONGEST_CAREER = 50
# How far before a number its qualifier may begin.
_REACH = 16


@dataclass(frozen=True, slots=True)
class Years:
    """Years of experience at `[start, end)`: at least, and at most where a bound was written."""

    start: int
    end: int
    at_least: float
    at_most: float | None


def find_years(text: str) -> Iterator[Years]:
    """Yield the spans of a normal-form text that state a length of experience."""
    for match in _YEARS.finditer(text):
        before = text[max(0, match.start() - _REACH) : match.start()]
        if _OTHER_BEFORE.search(before):
            continue
        low, high = _bounds(match, before)
        if low <= _LONGEST_CAREER and (high is None or low <= high):
            yield Years(match.start(), match.end(), low, high)


def _bounds(match: re.Match[str], before: str) -> tuple[float, float | None]:
    low, high = _value(match["low"]), _value(match["high"]) if match["high"] else None
    if match["low"] in _PAIRS.split("|"):
        low, high = float(_HAN[match["low"][0]]), float(_HAN[match["low"][1]])
    if match["unit"].endswith("半"):
        low, high = (low + 0.5, None) if high is None else (low, high + 0.5)
    after = match["after"] or ""
    if high is None and (_AT_MOST_AFTER.search(after) or _AT_MOST_BEFORE.search(before)):
        return 0.0, low
    if match["plus"] or (after and not _AT_MOST_AFTER.search(after)):
        high = None
    return low, high


def _value(word: str) -> float:
    if word[0].isdigit():
        return float(word)
    if word == "半":
        return 0.5
    if word[0].isascii():
        return float(sum(_ENGLISH[part] for part in re.split("[- ]", word)))
    tens, ten, units = word.rpartition("十")
    if not ten:
        return float(_HAN[units[-1]])
    return 10.0 * (_HAN[tens] if tens else 1) + (_HAN[units] if units else 0)
