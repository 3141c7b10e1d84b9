"""How strongly a condition is meant, read from the cues of the clause it stands in.

A cue governs what follows it (必须, must, ideally), what precedes it (优先, preferred, a plus) or either
(必备, not required). A heading ("Nice to have:", "加分项：") governs what is listed under it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from search.models import Strength

# The clause is what lies between these; a list mark (、) does not end it.
_CLAUSE_END = re.compile(r"[,，。;；!！?？\n()（）]|\.(?=\s|$)|\bbut\b(?! not limited)|但")
_SENTENCE_END = re.compile(r"[。;；!！?？\n]|\.(?=\s|$)")

_FORWARD, _BACKWARD, _EITHER = "forward", "backward", "either"
# Order matters: a ban beats a wish, a wish beats a demand ("必须熟练者优先" is a wish).
_CUES = (
    (
        Strength.OPTIONAL,
        _EITHER,
        r"不(?:作|做)?要求|无(?:硬性)?要求|非必[须需备]|不是必[须需备]|\boptional\b"
        r"|\bnot (?:\w+ )?(?:required|necessary|needed|essential|mandatory|a must)\b"
        r"|\b(?:do not|don't|no) need\b",
    ),
    (Strength.OPTIONAL, _BACKWARD, r"不限(?![于制])|[均皆都]可|可选"),
    (
        Strength.OPTIONAL,
        _FORWARD,
        r"\bany (?=degree|education)|\bno (?=(?:\w+ ){1,4}(?:required|needed|necessary)\b)",
    ),
    (Strength.BANNED, _EITHER, r"不要(?!求)|不考虑|谢绝|不接受|\bexcluded\b"),
    (Strength.BANNED, _BACKWARD, r"除外|勿[扰投]|\bneed not apply\b"),
    (
        Strength.BANNED,
        _FORWARD,
        r"不招|(?<!故障|问题|错误|异常)排除(?!故障|问题|隐患|法|错误|异常)|\bexcept\b|\bexcluding\b"
        r"|\bwithout\b(?! supervision| guidance| help)"
        r"|\bno(?!\.|t\b)\b(?! (?:more|less|fewer|later|matter|problem|doubt)\b)"
        r"|\bnot\b(?! (?:only|just|limited|necessarily|merely|less|more)\b)",
    ),
    (Strength.FAVOURED, _EITHER, r"优先(?:考虑|录用)"),
    (
        Strength.FAVOURED,
        _BACKWARD,
        r"优先|加分|[更为尤]佳|更好|\bnice[ -]to[ -]have\b|\bpreferred\b|\ba (?:big |huge )?plus\b"
        r"|\b(?:a )?bonus\b|\bdesir(?:able|ed)\b|\ban? (?:asset|advantage)\b|\badvantageous\b",
    ),
    (Strength.FAVOURED, _FORWARD, r"最好|优选|\bpreferabl[ey]\b|\bideally\b|\bprefer(?:ring|s)?\b"),
    (
        Strength.REQUIRED,
        _EITHER,
        r"必[须需备]|硬性|\brequired\b|\bmandatory\b|\bessential\b",
    ),
    (
        Strength.REQUIRED,
        _FORWARD,
        r"务必|(?<![任无不])要求(?=\s?[\d一二两三四五六七八九十]+\s?年)|[仅只]限(?!于(?:此|以上))"
        r"|(?<![必无])须(?!知)|\bmust\b|\brequires?\b|\bneeds? to\b",
    ),
    (Strength.REQUIRED, _BACKWARD, r"\ba must\b|\bmust[- ]have\b"),
)
_CUE = re.compile("|".join(f"(?P<c{index}>{cue})" for index, (_, _, cue) in enumerate(_CUES)))
_PRECEDENCE = (Strength.BANNED, Strength.OPTIONAL, Strength.FAVOURED, Strength.REQUIRED)

# "无Java经验者勿投", "非本科不考虑": who lacks it is turned away, so it is required.
_LACKING = re.compile(
    r"(?:非(?!常|标)|没有?|无(?=[^,。;\n]{0,16}(?:经验|基础|学历|背景|证))|不会|不懂|不具备)"
    r"[^,。;!?\n]{1,24}?,?请?(?:勿[扰投来]|不考虑|不要(?!求)|不招|免谈|绕行)"
)
# "Java (required)", and of a whole list, "PS、AI熟练（必须）"
_REMARK = re.compile(
    r"(?:\s*|[^,，。;；!！?？\n()（）]{0,40}?(?:熟练|熟悉|精通|掌握|扎实|过硬|经验|经历|基础)\s*)"
    r"[(（]([^()（）\n]{1,24})[)）]"
)
# "Python（主力）和Go": a remark without a cue of its own does not end the clause.
_ASIDE = re.compile(r"[(（][^()（）,，、/;；\n]{1,12}[)）]")
# A heading is short; its colon ends the line or introduces the list.
_HEADING = re.compile(
    r"[\s。;；!！?？.]*(?:[-*•\d.、]+\s*)?(?P<words>[^:：。;\n]{1,40})[:：](?P<rest>.*)", re.DOTALL
)
_BARE_HEADING = re.compile(
    r"\s*(?:加分项|加分条件|优先条件|必备(?:条件|技能)|硬性要求|(?:任职|岗位|职位)?要求|岗位职责|福利(?:待遇)?"
    r"|nice[- ]to[- ]haves?|bonus(?: points)?|preferred(?: qualifications| skills)?"
    r"|must[- ]haves?|required(?: qualifications| skills)?|requirements|responsibilities|benefits)\s*"
)
#: A ban reaches this far; what stands further on is another matter.
_BAN_REACH = 24


@dataclass(frozen=True, slots=True)
class _Cue:
    start: int
    end: int
    strength: Strength
    direction: str


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where the clauses of a text begin, their cues, and what a heading says about each."""

    starts: tuple[int, ...]
    cues: tuple[tuple[_Cue, ...], ...]
    headings: tuple[Strength | None, ...]
    demanded: tuple[tuple[int, int], ...]


def strength_at(text: str, start: int, end: int) -> Strength:
    """Return the strength of a condition at `[start, end)` of a normal-form text.

    Without a cue in its clause a condition is favoured: it counts, and excludes nobody.
    """
    plan = _plan(text)
    at = bisect_right(plan.demanded, (start, len(text))) - 1
    if at >= 0 and end <= plan.demanded[at][1]:
        return Strength.REQUIRED
    if (remark := _REMARK.match(text, end)) and (cue := _CUE.search(remark[1])):
        return _CUES[_index(cue)][0]
    clause = bisect_right(plan.starts, start) - 1
    found = set(_governing(plan.cues[clause], start, end))
    if found:
        return next(strength for strength in _PRECEDENCE if strength in found)
    return plan.headings[clause] or Strength.FAVOURED


def _governing(cues: tuple[_Cue, ...], start: int, end: int) -> Iterator[Strength]:
    """Yield the strength of the nearest cue on either side that looks this way."""
    before = bisect_right(cues, start, key=lambda cue: cue.end) - 1
    if before >= 0 and cues[before].direction != _BACKWARD:
        cue = cues[before]
        if cue.strength is not Strength.BANNED or start - cue.end <= _BAN_REACH:
            yield cue.strength
    after = bisect_right(cues, end - 1, key=lambda cue: cue.start)
    if after < len(cues) and cues[after].direction != _FORWARD:
        yield cues[after].strength


@lru_cache(maxsize=64)
def _plan(text: str) -> _Plan:
    starts, cues, headings = [], [], []
    section: Strength | None = None
    demanded = tuple(match.span() for match in _LACKING.finditer(text))
    text = _ASIDE.sub(_blank_without_cue, text)
    for first, last in _pieces(text, _SENTENCE_END, 0, len(text)):
        sentence = text[first:last]
        heading = _HEADING.fullmatch(sentence)
        governs = section
        if heading or _BARE_HEADING.fullmatch(sentence):
            governs = _heading_strength(heading["words"] if heading else sentence)
            if not heading or not heading["rest"].strip():
                section = governs
        for clause_first, clause_last in _pieces(text, _CLAUSE_END, first, last):
            starts.append(clause_first)
            headings.append(governs)
            cues.append(
                tuple(_cue(match) for match in _CUE.finditer(text, clause_first, clause_last))
            )
    return _Plan(tuple(starts), tuple(cues), tuple(headings), demanded)


def _blank_without_cue(aside: re.Match[str]) -> str:
    return aside.group() if _CUE.search(aside.group()) else " " * len(aside.group())


def _cue(match: re.Match[str]) -> _Cue:
    strength, direction, _ = _CUES[_index(match)]
    return _Cue(match.start(), match.end(), strength, direction)


def _heading_strength(words: str) -> Strength | None:
    cue = _CUE.search(words)
    return _CUES[_index(cue)][0] if cue else None


def _pieces(text: str, mark: re.Pattern[str], first: int, last: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches between marks; each mark begins the stretch after it."""
    for match in mark.finditer(text, first, last):
        if match.start() > first:
            yield first, match.start()
            first = match.start()
    yield first, last


def _index(cue: re.Match[str]) -> int:
    return int(str(cue.lastgroup)[1:])
