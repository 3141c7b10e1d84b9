"""Read when something began and ended: 2019.07–至今, 2019年7月-2021年3月, Jul 2019 – Present, 07/2019 - 03/2021."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ingest.resumes.words import load_words

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR = r"(?:19[5-9]\d|20[0-4]\d)"
_MONTH = r"(?:1[0-2]|0?[1-9])"
_NAME = rf"(?:{'|'.join(_MONTHS)})[a-z]{{0,6}}\.?"
_DAY = r"(?:[./\-](?:3[01]|[12]\d|0?[1-9])(?!\d)|(?:3[01]|[12]\d|0?[1-9])日)?"
_TO = r"\s{0,3}(?:[-~–—―−－～至到]{1,3}|\bto\b|\buntil\b)\s{0,3}"


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time that stands at `[start, end)` of a line.

    Attributes:
        begins: month (`2019-07`), or None where only a year was written.
        ends: month; None where it lasts, or only a year was written.
        is_open: whether it lasts.
    """

    start: int
    end: int
    begins: str | None
    ends: str | None
    is_open: bool


def find_periods(line: str) -> Iterator[Period]:
    """Yield the periods of a line, in order; a year alone gives no month."""
    for match in _pattern().finditer(line):
        if (
            match["open"] is None
            and match["y2"] is None
            and match["en2"] is None
            and match["my2"] is None
        ):
            continue
        yield Period(
            match.start(),
            match.end(),
            _month(match, "1"),
            _month(match, "2"),
            match["open"] is not None,
        )


@cache
def _pattern() -> re.Pattern[str]:
    ends = rf"(?P<open>(?:{load_words().open_end})(?![\w天年]))"
    return re.compile(
        rf"(?<![\d.])(?:{_moment('1')})(?:{_TO}|\s{{1,3}}(?={load_words().open_end}))(?:{ends}|{_moment('2')})"
        r"(?![\d.])",
        re.I,
    )


def _moment(at: str) -> str:
    # 2019.07, 2019/7/1, 2019年7月; 07/2019; Jul 2019 or July, 2019; 2019年; 2019.
    return (
        rf"(?P<my{at}>(?P<mm{at}>{_MONTH})[./\-](?P<yy{at}>{_YEAR}))"
        rf"|(?P<en{at}>(?P<mn{at}>{_NAME}),?\s{{0,2}}(?P<ye{at}>{_YEAR}))"
        rf"|(?P<y{at}>{_YEAR})(?:\s?[./\-年]\s?(?P<m{at}>{_MONTH})(?!\d)月?份?{_DAY}|年)?"
    )


def _month(match: re.Match[str], at: str) -> str | None:
    if match[f"my{at}"]:
        return f"{match[f'yy{at}']}-{int(match[f'mm{at}']):02}"
    if match[f"en{at}"]:
        return f"{match[f'ye{at}']}-{_MONTHS.index(match[f'mn{at}'][:3].lower()) + 1:02}"
    return f"{match[f'y{at}']}-{int(match[f'm{at}']):02}" if match[f"m{at}"] else None
