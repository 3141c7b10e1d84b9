"""What a profile does not claim though it names it: "不会 Go", "never used Vue", "想学 Rust".

A mention is denied by the words before it in its clause, by those after it, or by a next clause that
names nothing itself ("React 了解语法，没有在项目里用过"). Whoever has only heard of a skill, wants to
learn it, or let others do it does not have it.
"""

from __future__ import annotations

import re

# A list mark (、) does not end a clause: "不会 Go、Rust" denies both.
_CLAUSE_END = re.compile(r"[,，。;；!！?？\n()（）]|\.(?=\s|$)|\bbut\b|但是?|不过")
_SENTENCE_END = re.compile(r"[。;；!！?？\n]|\.(?=\s|$)")

_NOT = r"(?:并?没有?|从没有?|从未|并未|尚未|还没有?|未曾?)"
_DONE = r"(?:做|用|写|接触|碰|搞|学|参与|使用|涉及|跑|考|玩|干|实操)"
_BEFORE = re.compile(
    rf"(?:{_NOT}[^,，、。;；]{{0,8}}?{_DONE}[过到]?|不(?:会|懂|熟悉?|擅长|了解|太?会|怎么会|写|做|用|碰|涉及)"
    r"|(?:很?想|希望|打算|准备|计划)(?:学习?|转[到向型做]?|往|了解|尝试|接触|补)"
    r"|正在学习?|[刚才](?:开始)?学|自学中|只(?:看过|听过|调过|了解)|仅(?:看过|听过|了解)"
    r"|\bnever (?:\w+ ){0,2}?(?:used|worked|touched|done|did|wrote|written|learn(?:ed|t)|tried)"
    r"|\b(?:no|little|limited|without|lack(?:ing|s)?|minimal)(?: \w+){0,2} "
    r"(?:experience|exposure|background|knowledge|practice)"
    r"|\b(?:have|has|did|do|does)(?:n't| not) (?:\w+ ){0,2}?"
    r"(?:used?|know|write|written|work(?:ed)?|done|do|touch(?:ed)?|learn(?:ed|t)?)"
    r"|\bnot (?:yet )?(?:familiar|experienced|proficient|worked|used)"
    r"|\b(?:want|wants|wish|hop(?:e|ing)|plan(?:ning)?|keen|eager|like|love) to "
    r"(?:learn|move|get|switch|try|explore|pick)|\b(?:currently |now |still )?learning|\bnew to"
    r"|\bonly (?:read|heard|seen))[^。;；\n]*$",
    re.IGNORECASE,
)
# "没有 Spring 项目经验", "无Java基础": the words stand on both sides.
_LACK = re.compile(r"(?:没有?|无|缺乏|缺少|零)[^,，。;；\n]{0,12}$")
_LACKED = re.compile(r"^[^,，。;；\n]{0,16}?(?:经验|经历|基础|背景)")
_AFTER = re.compile(
    rf"^[^,，、。;；\n]{{0,10}}?(?:{_NOT}[^,，。;；]{{0,8}}?{_DONE}过?|不(?:会|懂|太?熟|写|做|碰|太会|怎么会|行)"
    r"|接触(?:不多|很?少)|(?:刚|才)(?:刚)?(?:开始|入门|学|接触)|只(?:看|听过|调过|了解)|在学"
    r"|了解(?:过?语法|过?概念|一点|一些|皮毛)|(?:是|由)(?:别人|同事|他人|外包))"
    r"|^ ?(?:is|are) new to me|^(?: \w+){0,3} (?:is|was|are|were) done by (?:others|colleagues)"
    r"|^ (?:have|has)(?:n't| not) (?:been )?used|^ not (?:used|done|yet)",
    re.IGNORECASE,
)
# The clause after, which names nothing: it speaks of what stands before it.
_THEN = re.compile(
    rf"^[\s,，]*(?:但是?|不过|只是)?\s*(?:在?(?:项目|工作|实际|生产)[里中]?)?{_NOT}[^,，。;；]{{0,8}}?{_DONE}过"
    r"|^[\s,，]*[^,，。;；]{0,6}(?:是|由)(?:别人|同事|他人|外包)"
    r"|^[\s,，]*but (?:never|not|have not|haven't|only read)\b",
    re.IGNORECASE,
)
# "没用过别的，Java 写了五年": the denial ended with its clause; "不会只写 CRUD" denies nothing.
_NO_DENIAL = re.compile(
    r"不会(?:只|仅|因|轻易|放弃)|不(?:只|仅|光|但)|没有?(?:不|停)|no doubt|not only", re.I
)

#: Characters that may stand between a mention and the clause that takes it back.
_NEAR = 8


def is_denied(text: str, start: int, end: int) -> bool:
    """Say whether a profile says of what stands at `[start, end)` that the person does not have it.

    Args:
        text: as written, or in normal form.
        start: first character of the mention.
        end: one past its last.
    """
    begin = _last_end(_CLAUSE_END, text, start)
    before = text[begin:start]
    if _BEFORE.search(before) and not _NO_DENIAL.search(before):
        return True
    stop = _SENTENCE_END.search(text, end)
    rest = text[end : stop.start() if stop else len(text)]
    cut = _CLAUSE_END.search(rest)
    after = rest[: cut.start()] if cut else rest
    if _AFTER.search(after) and not _NO_DENIAL.search(after):
        return True
    if _LACK.search(before) and _LACKED.search(after):
        return True
    # What follows at once in the next clause; further on it may speak of something else.
    return (
        cut is not None
        and len(after.strip()) <= _NEAR
        and _THEN.search(rest[cut.start() :]) is not None
    )


def _last_end(pattern: re.Pattern[str], text: str, before: int) -> int:
    """Return where the last match that ends before a place ends; 0 where there is none."""
    # A clause is short: looking back further costs time and finds nothing else.
    reach = max(0, before - 200)
    last = reach if reach else 0
    for match in pattern.finditer(text, reach, before):
        last = match.end()
    return last
