"""What a profile says of the person that may not reach a ranking, found and blanked.

That is: name, sex, age and birth date, marital and family state, ethnicity, origin, political status,
religion, photo, height and weight, health, identity and contact details. Years of experience, dates of
employment and ordinary uses of the words (女装, 3-6岁儿童, "single page application") stay. A name is found
by what introduces it (姓名：, "Name:", 我叫, "my name is"), not by itself.
"""

from __future__ import annotations

import re
from functools import lru_cache

from search.models import Span
from search.text.normalise import normal_forms
from search.text.protected_statements import MARKS, Statement, statements

#: Blanking can bring a word to stand by itself; a text that people write settles in three passes.
_PASSES = 8

# What nobody sees is folded to this, and left out.
_NOTHING = "\0"
_LINE_BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_ENGLISH_WORD = re.compile("[a-z]+")

# Between two statements these belong to both.
_BETWEEN = re.compile(
    rf"(?:[{MARKS}&]|\b(?:and|is|was|am|i|i'm|an?|also|currently|with|have|has|my|of)\b|[和且是为的我]"
    # A number among them is an age, a date a birth date.
    r"|本人|今年|现年|目前|\b[1-7]\d\b|\b(?:19|20)\d\d(?:[年./-]\d{1,2}(?:月|\b))?){0,24}",
    re.ASCII,
)
_LONGEST_BETWEEN = 24
# After the last statement these say no more.
_TRAILING = re.compile(r"(?:[ ,、;。|/·!)\]】》”]|\.(?=\s|\Z)){1,24}")
# Before the first these introduce it, where nothing else follows it.
_LEADING = re.compile(
    rf"(?<![^{MARKS}])(?:(?:我叫|我是|本人|今年|现年|目前|我|是|为){{1,3}}"
    r"|(?:i am|i'm) an?|i am|i'm|an?|and|i have|i was) {0,3}\Z",
    re.ASCII,
)
_LONGEST_LEADING = 24
_MARK = re.compile(f"[{MARKS}]", re.ASCII)
_CLAUSE_ENDS = re.compile(r"  | ?(?:[^\w ]|\n|\Z)", re.ASCII)
_OPENING = ("(", "[", "【")

_Stretches = list[tuple[int, int]]
#: Texts up to this length (titles, names of skills) come again and again.
_SHORT = 48


def protected_spans(text: str) -> tuple[Span, ...]:
    """Return what may not reach a ranking, in order and apart from each other; never fails.

    Marks between two statements and after the last belong to the span, so that neither the number
    nor the form of the statements leaves a trace.
    """
    return tuple(Span(start, end) for start, end in _settled(text)[1])


def without_protected(text: str) -> str:
    """Blank what may not reach a ranking; length and offsets stay. Doing it twice changes nothing."""
    return _settled(text)[0]


def _settled(text: str) -> tuple[str, _Stretches]:
    """Blank until nothing is found; return the text and what was blanked."""
    return _settled_short(text) if len(text) <= _SHORT else _settle(text)


@lru_cache(maxsize=8192)
def _settled_short(text: str) -> tuple[str, _Stretches]:
    return _settle(text)


def _settle(text: str) -> tuple[str, _Stretches]:
    blanked: _Stretches = []
    folded = text.translate(_FOLDS)
    for _ in range(_PASSES):
        found = _find(folded, text)
        if not found:
            return text, blanked
        blanked = _joined(sorted(blanked + found))
        text, folded = _without(text, found), _without(folded, found)
    # Made never to settle, and written by nobody: none of it is shown.
    return " " * len(text), [(0, len(text))]


def _find(folded: str, written: str) -> _Stretches:
    if _NOTHING not in folded:
        return _find_visible(folded, written)
    kept = [index for index, character in enumerate(folded) if character != _NOTHING]
    found = _find_visible(*("".join(text[index] for index in kept) for text in (folded, written)))
    return [(kept[start], kept[end - 1] + 1) for start, end in found]


def _find_visible(folded: str, written: str) -> _Stretches:
    found: _Stretches = []
    keys = {
        *_KEY_WORDS.intersection(_ENGLISH_WORD.findall(folded)),
        *_KEY_CHARACTERS.intersection(folded),
        *(sign for sign in _LONGER_SIGNS if sign in folded),
    }
    for key in keys:
        for statement in _BY_KEY[key]:
            for match in statement.pattern.finditer(folded):
                if not (statement.is_word and written[match.start() : match.end()].isupper()):
                    found.append(match.span())
    return _with_marks(folded, sorted(found)) if found else []


def _with_marks(folded: str, found: _Stretches) -> _Stretches:
    """Join statements with only marks between them; take in what introduces and what ends them."""
    joined: _Stretches = []
    for start, end in found:
        if joined and _belong_together(folded, joined[-1][1], start):
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return _joined([_widened(folded, start, end) for start, end in joined])


def _belong_together(folded: str, end: int, start: int) -> bool:
    return start <= end or (
        start - end <= _LONGEST_BETWEEN and _BETWEEN.fullmatch(folded, end, start) is not None
    )


def _widened(folded: str, start: int, end: int) -> tuple[int, int]:
    if _MARK.match(folded, end - 1) or _CLAUSE_ENDS.match(folded, end):
        before = folded[max(0, start - _LONGEST_LEADING) : start]
        if leading := _LEADING.search(before):
            start -= len(before) - leading.start()
    if trailing := _TRAILING.match(folded, end):
        end = trailing.end()
    if folded[start - 1 : start] in _OPENING:
        start -= 1
    return start, end


def _joined(stretches: _Stretches) -> _Stretches:
    joined: _Stretches = []
    for start, end in stretches:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return joined


def _without(text: str, stretches: _Stretches) -> str:
    parts: list[str] = []
    last = 0
    for start, end in stretches:
        parts += (text[last:start], " " * (end - start))
        last = end
    return "".join((*parts, text[last:]))


class _Folds(dict[int, str]):
    """What each character is taken for, one for one; filled as characters turn up."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold(chr(code))
        return folded


def _fold(character: str) -> str:
    if character in _LINE_BREAKS:
        return "\n"
    (form,) = normal_forms([character])
    if len(form) == 1:
        return form
    # ① and ㎝ are several characters in normal form: they stay as they are.
    return character if form else _NOTHING


def _by_key() -> dict[str, list[Statement]]:
    found: dict[str, list[Statement]] = {}
    for statement in statements():
        found.setdefault(statement.key, []).append(statement)
    return found


_FOLDS = _Folds()
_BY_KEY = _by_key()
_KEY_WORDS = {key for key in _BY_KEY if _ENGLISH_WORD.fullmatch(key)}
_KEY_CHARACTERS = {key for key in _BY_KEY.keys() - _KEY_WORDS if len(key) == 1}
_LONGER_SIGNS = tuple(sorted(_BY_KEY.keys() - _KEY_WORDS - _KEY_CHARACTERS))
