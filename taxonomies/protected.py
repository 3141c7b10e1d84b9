"""What a posting may not ask for, as data: `taxonomies/data/protected/posting_rules.yaml`.

    version: "2026.11"
    law: [{zh: ..., en: ...}]     # citations that hold whatever the ground
    grounds:
      sex:
        label: {zh: ..., en: ...}
        reason: {zh: ..., en: ...}
        advice: {zh: ..., en: ...}  # what to write instead
        law: [...]                  # citations; empty where none is certain
    words: {name: pattern}          # pieces that patterns share, put in for %name%
    unless_before: pattern          # what spares any match that it ends right before
    rules:
      - id: sex-limited-zh
        ground: sex
        needs: [男, 女]              # the pattern is tried where one of these stands
        pattern: ...                # over the normal form: simplified, lower case, half width
        unless_before: ...          # what spares a match of this rule that it ends right before
        unless_after: ...           # the same right after
        fires: [...]                # at least one text each, in any form
        spares: [...]

Patterns are Python's, ASCII classes, and no repeat is open: `{0,8}`, never `*`, `+` or `{2,}`. So the
time for a text grows with its length alone, whatever an office adds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from taxonomies.models import Text
from taxonomies.yaml_text import read_yaml

_FILE = "posting_rules.yaml"
#: How far one repeat may reach.
_LONGEST_REPEAT = 64
_PIECE = re.compile(r"%([a-zA-Z_]+)%")
_ESCAPE_OR_CLASS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
# A second sign makes a repeat lazy or possessive.
_REPEAT = re.compile(r"(?P<maybe>\?)[?+]?|[*+]|\{(?P<low>\d*)(?P<comma>,)?(?P<high>\d*)\}[?+]?")
_Words = Annotated[str, Field(min_length=1)]
_SeveralWords = Annotated[tuple[_Words, ...], Field(min_length=1)]


class PostingRulesError(ValueError):
    """The rule list cannot be used; the message gives the file, the place in it and the fix."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground of discrimination.

    Attributes:
        law: citations, those of the ground first, then those that hold for every ground.
    """

    id: str
    label: Text
    reason: Text
    advice: Text
    law: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class PostingRule:
    """One way in which postings ask for what they may not.

    Attributes:
        needs: without one of these a text cannot match; looking for them is much faster.
        asks: matches the words that ask, in a normal-form text.
        spared_before: what ends right before a match that asks for nothing.
        spared_after: what begins right after such a match, or None.
        fires: texts that the rule refuses.
        spares: texts that it does not.
    """

    id: str
    ground: Ground
    needs: tuple[str, ...]
    asks: re.Pattern[str]
    spared_before: re.Pattern[str]
    spared_after: re.Pattern[str] | None
    fires: tuple[str, ...]
    spares: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PostingRules:
    """The rule list of one version."""

    version: str
    grounds: Mapping[str, Ground]
    rules: tuple[PostingRule, ...]


@cache
def load_posting_rules() -> PostingRules:
    """Return the rule list shipped with Bole.

    Raises:
        PostingRulesError: the file is wrong; the message gives the place and the fix.
    """
    content = (files("taxonomies") / "data" / "protected" / _FILE).read_text(encoding="utf-8")
    return read_posting_rules(content, _FILE)


def read_posting_rules(content: str, file: str) -> PostingRules:
    """Read a rule list.

    Args:
        content: the YAML text.
        file: its name, for messages.

    Raises:
        PostingRulesError: no YAML, a field that is missing, unknown or wrong, an unknown ground or
            piece, an id given twice, or a pattern that does not compile, repeats without bound or
            matches nothing at all.
    """
    try:
        stated = _List.model_validate(read_yaml(content))
    except yaml.YAMLError as error:
        raise PostingRulesError(f"{file} is no YAML: {error}") from error
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in fault["loc"]) or "the list"
        raise PostingRulesError(
            f"{file}: {where}: {fault['msg']}. The format stands at the head of taxonomies/protected.py"
        ) from error
    grounds = {
        key: Ground(key, ground.label, ground.reason, ground.advice, (*ground.law, *stated.law))
        for key, ground in stated.grounds.items()
    }
    rules: dict[str, PostingRule] = {}
    for rule in stated.rules:
        if rule.id in rules:
            raise PostingRulesError(f"{file}: rule {rule.id!r} is given twice; rename one")
        if rule.ground not in grounds:
            raise PostingRulesError(
                f"{file}: rule {rule.id!r} has the ground {rule.ground!r}; "
                f"there are {', '.join(grounds)}"
            )
        compiler = _Compiler(stated.words, f"{file}: rule {rule.id!r}")
        before = [stated.unless_before, *([rule.unless_before] if rule.unless_before else [])]
        rules[rule.id] = PostingRule(
            id=rule.id,
            ground=grounds[rule.ground],
            needs=rule.needs,
            asks=compiler.compiled(rule.pattern),
            spared_before=compiler.compiled(rf"(?:{'|'.join(before)})\Z"),
            spared_after=compiler.compiled(rule.unless_after) if rule.unless_after else None,
            fires=rule.fires,
            spares=rule.spares,
        )
    return PostingRules(stated.version, grounds, tuple(rules.values()))


def open_repeats(pattern: str) -> list[str]:
    """Return the repeats of a pattern that have no bound, or one beyond 64."""
    found = []
    for repeat in _REPEAT.finditer(_ESCAPE_OR_CLASS.sub("x", pattern)):
        bound = "1" if repeat["maybe"] else repeat["high"] if repeat["comma"] else repeat["low"]
        if not bound or int(bound) > _LONGEST_REPEAT:
            found.append(repeat.group())
    return found


@dataclass(frozen=True, slots=True)
class _Compiler:
    words: Mapping[str, str]
    place: str

    def compiled(self, pattern: str) -> re.Pattern[str]:
        whole = self._with_pieces(pattern)
        if found := open_repeats(whole):
            raise PostingRulesError(
                f"{self.place}: the repeat {found[0]!r} is open or too long; bound it, as in "
                f"{{0,8}}, by at most {_LONGEST_REPEAT}"
            )
        try:
            regex = re.compile(whole, re.ASCII)
        except re.error as error:
            raise PostingRulesError(
                f"{self.place}: {whole!r} is no pattern: {error}; correct it there"
            ) from error
        if regex.match(""):
            raise PostingRulesError(
                f"{self.place}: {whole!r} matches nothing at all; every branch must hold words"
            )
        return regex

    def _with_pieces(self, pattern: str) -> str:
        def piece(match: re.Match[str]) -> str:
            if match[1] not in self.words:
                raise PostingRulesError(
                    f"{self.place}: the piece %{match[1]}% is unknown; there are "
                    f"{', '.join(sorted(self.words))}"
                )
            return self.words[match[1]]

        return _PIECE.sub(piece, pattern)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Ground(_Part):
    label: Text
    reason: Text
    advice: Text
    law: tuple[Text, ...]


class _Rule(_Part):
    id: Annotated[str, Field(pattern=r"^[a-z]+(-[a-z]+)*$")]
    ground: _Words
    needs: _SeveralWords
    pattern: _Words
    unless_before: _Words | None = None
    unless_after: _Words | None = None
    fires: _SeveralWords
    spares: _SeveralWords


class _List(_Part):
    version: Annotated[str, Field(pattern=r"^\d{4}\.\d{2}$")]
    law: tuple[Text, ...]
    grounds: Mapping[str, _Ground]
    words: Mapping[str, _Words]
    unless_before: _Words
    rules: tuple[_Rule, ...]
