"""A résumé's text without what may not count, cut into lines and sections; it knows what has been read of it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ingest.resumes.words import Words, key, load_words
from search.models import Aspect, Mention

_DECORATION = " \t•·●■◆▶►★※*#=—–-_|【】[]《》<>（）()：:、.。/&~"
#: What begins an item of a list.
BULLET = re.compile(r"\A[\s\-–—*•·●○■◆▪▶➢√✓★※]+")
_NUMBERED = re.compile(
    r"\A[\s•·●■◆*#【\[]*(?:[一二三四五六七八九十]{1,2}[、.．]|\d{1,2}[、.．)]|[（(]\S{1,2}[）)])\s*"
)
_HAN_PART = re.compile(r"[^\u3400-\u9fff]+")
_LATIN_PART = re.compile(r"[^A-Za-z ]+")
_LONGEST_HEADING = 40
#: What ends a value on its line.
_VALUE_ENDS = re.compile(r"\||\t|[ ]{3,}|\s{2,}(?=\S{1,8}[:：])|[;；]\s*(?=\S{1,8}[:：])")
_EDGES = " \t,，;；、|。•·"
# A section that begins on the line of its heading: "技能：Java、Python".
_BEGIN_INLINE = {"summary", "skills", "languages", "certificates", "posting"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text at `[start, end)`."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """One past the last character."""
        return self.start + len(self.text)

    def cut(self, start: int, end: int | None = None) -> Line:
        """Return a part of the line without blanks and marks at its edges."""
        part = self.text[start:end]
        lead = len(part) - len(part.lstrip(_EDGES + "）)"))
        return Line(part[lead:].rstrip(_EDGES + "（("), self.start + start + lead)

    def without_mark(self) -> Line:
        """Return the line without the number or mark of an item of a list."""
        mark = _NUMBERED.match(self.text) or BULLET.match(self.text)
        return self.cut(mark.end() if mark else 0)

    @property
    def is_item(self) -> bool:
        """Whether a mark of a list begins it."""
        return self.text.lstrip()[:1] in tuple("•·●■◆▶►★※*-–➢✓√○") or bool(
            _NUMBERED.match(self.text)
        )


@dataclass(frozen=True, slots=True)
class Labelled:
    """A value that a label introduces."""

    field: str
    label: Line
    value: Line


@dataclass(frozen=True, slots=True)
class Section:
    """What stands below one heading; `personal` stands before the first."""

    name: str
    lines: tuple[Line, ...]


@dataclass
class Sheet:
    """The text that is read, and what has been read of it.

    Attributes:
        text: as long as the original; contacts and what is protected are blanks.
        mentions: what the lexicon finds in it, in order.
        evidence: span by field.
    """

    text: str
    mentions: tuple[Mention, ...]
    evidence: dict[str, tuple[int, int]]
    used: bytearray = field(init=False)
    words: Words = field(default_factory=load_words)

    def __post_init__(self) -> None:
        self.used = bytearray(len(self.text))

    def use(self, line: Line, name: str = "") -> None:
        """Note that a piece has been read, and for which field."""
        self.used[line.start : line.end] = b"\1" * len(line.text)
        if name and line.text:
            self.evidence.setdefault(name, (line.start, line.end))

    def mentions_in(self, line: Line, aspect: Aspect) -> Iterator[Mention]:
        """Yield what the lexicon finds in a piece of the text."""
        first = bisect_left(self.mentions, line.start, key=_begin)
        for mention in self.mentions[first : bisect_left(self.mentions, line.end, key=_begin)]:
            if mention.aspect is aspect and mention.span and mention.span.end <= line.end:
                yield mention

    def is_name(self, piece: Line) -> bool:
        """Say whether a piece stands in the name of an employer or in a title, which say no skill."""
        return any(
            start <= piece.start < end
            for name, (start, end) in self.evidence.items()
            if name.endswith((".employer", ".title"))
        )

    def unused(self, line: Line) -> str:
        """Return what has not been read of a line, without marks at its edges."""
        return "".join(
            " " if self.used[line.start + at] else character
            for at, character in enumerate(line.text)
        ).strip(_EDGES + ":：")

    def labelled(self, line: Line) -> list[Labelled]:
        """Return the values of a line that labels introduce, in order."""
        matches = [m for m in self.words.label.finditer(line.text) if self._is_label(line.text, m)]
        found = []
        for match, following in zip(matches, [*matches[1:], None], strict=False):
            begin = match.end()
            if line.text[begin : begin + 1] == "|":
                begin += 1
            stop = following.start() if following else len(line.text)
            cut = _VALUE_ENDS.search(line.text, begin + 1, stop) if begin < stop else None
            label = line.cut(match.start("label"), match.end("label"))
            value = line.cut(begin, cut.start() if cut else stop)
            found.append(Labelled(self.words.labels.get(key(match["label"]), ""), label, value))
        return found

    def _is_label(self, text: str, match: re.Match[str]) -> bool:
        """Say whether a word that may be a label is one: a colon follows, or it has a cell to itself."""
        if ":" in match.group() or "：" in match.group():
            return True
        before = text[: match.start()]
        after = text[match.end() :]
        begins = (
            not before.strip() or before.rstrip().endswith("|") or before.endswith(("  ", "\t"))
        )
        return begins and (after.startswith("|") or match.group() != match.group().rstrip())

    def sections(self) -> list[Section]:
        """Return the sections in order; their lines are not blank and not headings."""
        name, held = "personal", list[Line]()
        found: list[Section] = []
        for line in self._lines():
            heading, rest = self._heading(line, name)
            if heading:
                found.append(Section(name, tuple(held)))
                name, held = heading, [rest] if rest and rest.text else []
            elif line.text.strip():
                held.append(line)
        return [*found, Section(name, tuple(held))]

    def _lines(self) -> Iterable[Line]:
        at = 0
        for text in self.text.split("\n"):
            yield Line(text, at)
            at += len(text) + 1

    def _heading(self, line: Line, current: str) -> tuple[str, Line | None]:
        """Return the section that a line begins, and what of it already belongs to it."""
        text = _NUMBERED.sub("", line.text)
        bare = text.strip(_DECORATION)
        if not bare:
            return "", None
        if len(bare) <= _LONGEST_HEADING and (name := self._section_named(bare)):
            self.use(line)
            return name, None
        label = next(iter(self.labelled(line)), None)
        if label is None or line.text[: label.label.start - line.start].strip(_DECORATION):
            return "", None
        is_told = label.field == "posting" and current == "work"
        if label.field in _BEGIN_INLINE and label.value.text and not is_told:
            self.use(label.label)
            return label.field, line.cut(label.value.start - line.start)
        return "", None

    def _section_named(self, bare: str) -> str:
        sections = self.words.sections
        if name := sections.get(key(bare), ""):
            return name
        # "教育背景 EDUCATION": either language alone says it, if the other is a heading too.
        han, latin = _HAN_PART.sub("", bare), _LATIN_PART.sub("", bare).strip()
        if not han or not latin:
            return ""
        says_the_same = set(latin.lower().split()) <= self.words.heading_words
        return sections.get(key(han), "") if says_the_same else ""


def _begin(mention: Mention) -> int:
    return mention.span.start if mention.span else 0
