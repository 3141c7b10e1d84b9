"""Read what a person looks for: titles, places, pay and the way to be employed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import cast

from ingest.resumes.naming import is_title
from ingest.resumes.sheet import Labelled, Line, Sheet
from ingest.resumes.words import key
from search.models import Aspect
from search.records.models import Employment, Wishes

MOST_TITLES = 20
_LONGEST_TITLE = 60
_BETWEEN = re.compile(
    r"[、,，;；|｜\t]|\s/\s|/|\s{2,}|\bor\b|[或和]|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff\d])"
)
_PAY = re.compile(
    r"(?<![\d.])(?P<low>\d{1,6}(?:[.,]\d{1,3})?)\s*(?P<k1>[kK千])?\s*(?:[-–—~～至到]\s*(?P<high>\d{1,6}(?:[.,]\d{1,3})?)\s*)?"
    r"(?P<k2>[kK千])?\s*(?P<unit>元|rmb|cny|yuan)?(?P<year>\s*(?:万|/?\s*年|年薪|per year|/\s*year|annual))?",
    re.I,
)
_YEARLY = re.compile(r"年薪|/\s*年|per (?:year|annum)|annual|yearly|万", re.I)
_FOREIGN = re.compile(r"[$€£¥]?\s*(?:usd|eur|gbp|hkd|us\$)|[$€£]", re.I)
_HIGHEST = 10_000_000


def read_wishes(lines: Sequence[Line], labelled: Sequence[Labelled], sheet: Sheet) -> Wishes:
    """Return the wishes that labels and the lines of a section state; every part may stay open."""
    titles: dict[str, str] = {}
    regions: dict[str, None] = {}
    employment: dict[str, None] = {}
    pay: int | None = None
    for name, piece in _stated(lines, labelled, sheet):
        places = _places(piece, sheet)
        way = sheet.words.employment.search(piece.text)
        if name == "wish.region" or (name != "wish.pay" and places and _is_all_place(piece, sheet)):
            regions |= dict.fromkeys(places)
            if places:
                sheet.use(piece, "wishes.regions")
        elif (monthly := monthly_pay(piece.text)) is not None and pay is None:
            pay = monthly
            sheet.use(piece, "wishes.pay_monthly_yuan")
        elif way and len(piece.text) <= len(way.group()) + 3:
            employment[sheet.words.employments[key(way.group())]] = None
            sheet.use(piece, "wishes.employment")
        elif _may_be_title(name, piece, sheet):
            sheet.use(piece, f"wishes.titles.{len(titles)}")
            titles.setdefault(key(piece.text), " ".join(piece.text.split()))
    return Wishes(
        titles=tuple(titles.values())[:MOST_TITLES],
        regions=tuple(regions),
        pay_monthly_yuan=pay,
        employment=tuple(cast(Employment, way) for way in employment),
    )


def monthly_pay(text: str) -> int | None:
    """Return the lower bound of a monthly pay in yuan; None for a yearly one, another currency or no figure."""
    if _YEARLY.search(text) or _FOREIGN.search(text):
        return None
    match = _PAY.search(text)
    if match is None:
        return None
    low = float(match["low"].replace(",", ""))
    if match["k1"] or match["k2"]:
        low *= 1000
    elif low < 1000:
        return None
    return int(low) if low <= _HIGHEST else None


def place_of(line: Line, sheet: Sheet) -> str | None:
    """Return the code of the nearest place that a line names, or None."""
    return next(iter(_places(line, sheet)), None)


def _stated(
    lines: Sequence[Line], labelled: Sequence[Labelled], sheet: Sheet
) -> Iterator[tuple[str, Line]]:
    for found in labelled:
        sheet.use(found.label)
        pieces = [found.value] if found.field == "wish.pay" else _pieces(found.value)
        yield from ((found.field, piece) for piece in pieces)
    for line in lines:
        if not sheet.labelled(line):
            yield from (("", piece) for piece in _pieces(line))


def _pieces(line: Line) -> list[Line]:
    cuts = [
        0,
        *(edge for match in _BETWEEN.finditer(line.text) for edge in match.span()),
        len(line.text),
    ]
    return [piece for piece in map(line.cut, cuts[::2], cuts[1::2]) if piece.text]


def _places(line: Line, sheet: Sheet) -> list[str]:
    """Return the codes of the places named, without those that another lies in."""
    codes = [mention.value for mention in sheet.mentions_in(line, Aspect.PLACE)]
    return [
        code
        for code in dict.fromkeys(codes)
        if not any(o != code and o.startswith(_stem(code)) for o in codes)
    ]


def _stem(code: str) -> str:
    """Return the digits that a code shares with what lies in it: 33 of 330000, 3301 of 330100."""
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def _is_all_place(line: Line, sheet: Sheet) -> bool:
    named = sum(len(mention.quote) for mention in sheet.mentions_in(line, Aspect.PLACE))
    return named >= len(line.text) - 2


def _may_be_title(name: str, piece: Line, sheet: Sheet) -> bool:
    if len(piece.text) > _LONGEST_TITLE or not key(piece.text):
        return False
    return name == "wish.title" or is_title(piece.text, sheet.words)
