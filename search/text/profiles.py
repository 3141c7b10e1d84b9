"""What of a profile's running text counts: what the person says of their work, said once.

Left out, so that nothing is gained by it:

- characters that nobody sees
- what is protected, or says how to reach the person (`search.text.protected`)
- the voice of a posting ("任职要求：…", "candidates must …"): it says what somebody wants, not what one has
- a sentence that was said before, and a word said several times on end
- beside a list of skills given as such, a bare list of many more in running text

Spans into the text as written are not kept: evidence is quoted from the record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from search.text.protected import without_protected

#: Items from which a sentence that is nothing but a list adds nothing, where the skills were given apart.
BARE_LIST = 3
#: Items from which a list in running text is a heap of keywords, where the skills were given apart.
MOST_LISTED = 8
#: Items of such a list that count where they were not.
MOST_READ = 25

_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)
_SENTENCE = re.compile(r"[^。；;！!？?\n]*(?:[。；;！!？?\n]+|$)")
_HEADING = re.compile(
    r"\s*(?:[【\[（(]\s*)?(?:任职(?:要求|资格|条件)|岗位要求|职位要求|招聘要求|应聘(?:要求|条件)|职位描述|我们希望你?"
    r"|job requirements?|requirements|what we need|what you(?:'ll)? bring|must[- ]haves?|nice[- ]to[- ]haves?"
    r"|who we are looking for|about the (?:job|role))\s*(?:[】\]）)])?\s*[:：]?",
    re.IGNORECASE,
)
# Another heading ends what the one of a posting began.
_OWN_HEADING = re.compile(
    r"\s*(?:[【\[]\s*)?(?:个人|自我|工作|项目|教育|专业技能|技能|实习|求职|experience|education|skills|projects|summary)",
    re.IGNORECASE,
)
_POSTING_VOICE = re.compile(
    r"优先(?:考虑|录用)?\s*$|者优先|(?:应聘者|候选人|求职者|投递者)(?:必?须|应|需)|(?:勿|慎)[扰投]|诚聘|招聘[^，,]{0,8}名"
    r"|我们(?:正在|在)?(?:招|寻找|提供)|五险一金|六险一金|薪资(?:面议|范围)|简历投递|学历及以上|及以上学历"
    r"|(?:需要?|要求)[^，,]{0,6}学历|或同等(?:学力|能力)"
    r"|\bwe(?: are|'re) (?:looking for|hiring)|\b(?:ideal|successful) candidates?\b"
    r"|\bcandidates? (?:must|should|will)\b|\byou (?:will|have|bring|must|should|are)\b"
    r"|\b(?:is|are) (?:a plus|a must|required|preferred|welcome|essential)\b"
    r"|\bwe offer\b|\bapply (?:now|to|by)\b",
    re.IGNORECASE,
)
_ITEM_END = re.compile(r"[、,，/|｜;；·•]")
# What a keyword is not: a clause that says something.
_SAYS = re.compile(
    r"[的了过在是做把被从]|\d\s*年|负责|参与|担任|熟[悉练]|精通|擅长|掌握|使用|从事|完成|\b(?:the|and|of|with|in|for|to|i|my|a|an|was|were|is|are|on|by|at|from)\b",
    re.IGNORECASE,
)
_BLANKS = re.compile(r"[ \t\u3000]+")
_ENDS = " \t。；;！!？?\n"
#: Characters of the longest item; what is longer is a clause of its own.
_LONGEST_ITEM = 18
_TWICE = re.compile(
    r"(?<!\w)(\w[\w+#./-]*(?: \w[\w+#./-]*){0,3}?)(?:[\s、,，/|]+\1(?![\w+#]))+", re.IGNORECASE
)


def without_unseen(text: str) -> str:
    """Return a text without the characters that nobody sees."""
    return _UNSEEN.sub("", text)


def counted_title(text: str) -> str:
    """Return what counts of a headline or a title held."""
    return _squeezed(without_protected(_TWICE.sub(r"\1", without_unseen(text))))


def counted_prose(text: str, *, has_skills: bool, said: Iterable[str] = ()) -> str:
    """Return what counts of running text.

    Args:
        text: as written.
        has_skills: whether the skills were given apart, so that a list of many here adds none.
        said: what was said elsewhere, such as the skills; a sentence that is no more adds nothing.
    """
    kept: list[str] = []
    seen = {words.strip().lower() for words in said}
    is_posting = False
    for match in _SENTENCE.finditer(_squeezed(without_protected(without_unseen(text)))):
        sentence = match.group()
        words = sentence.strip(_ENDS)
        if not words:
            kept.append(sentence)
            continue
        if _HEADING.match(words):
            is_posting = True
        elif _OWN_HEADING.match(words):
            is_posting = False
        words = _TWICE.sub(r"\1", words).lower()
        if is_posting or _POSTING_VOICE.search(words) or words in seen:
            continue
        seen.add(words)
        kept.append(_listed(_TWICE.sub(r"\1", sentence), has_skills=has_skills))
    return "".join(kept).strip()


def _squeezed(text: str) -> str:
    """Return a text whose blanks do not tell how long what was blanked was."""
    return _BLANKS.sub(" ", text).strip()


def _listed(sentence: str, *, has_skills: bool) -> str:
    """Return a sentence, cut where it becomes a heap of keywords; each item of a list once."""
    marks = list(_ITEM_END.finditer(sentence))
    starts = [0, *(mark.end() for mark in marks)]
    ends = [*(mark.start() for mark in marks), len(sentence.rstrip(_ENDS))]
    items = [sentence[start:end] for start, end in zip(starts, ends, strict=True)]
    if has_skills and len(items) >= BARE_LIST and all(map(_is_keyword, items)):
        return ""
    most = MOST_LISTED if has_skills else MOST_READ
    kept, run, seen = [], 0, set()
    for item, end, mark in zip(items, ends, [*marks, None], strict=True):
        key = item.strip().lower()
        run = run + 1 if _is_keyword(item) else 0
        if run > most:
            break
        if key not in seen or run == 0:
            kept.append(item + (mark.group() if mark else sentence[end:]))
        seen.add(key)
    return "".join(kept)


def _is_keyword(item: str) -> bool:
    return len(item) <= _LONGEST_ITEM and not _SAYS.search(item)
