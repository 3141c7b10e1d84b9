"""Public measures ("benefits") as data: one YAML file a measure, with the words of its source.

A file is `taxonomies/data/benefits/<jurisdiction slug>/<id>.yaml`; all files of a folder share one
jurisdiction. `not_stated` is written where the text is silent: a figure is never guessed. YAML
anchors and aliases are refused, and `yes`, `no` and dates are plain text.

    id: zhejiang-some-measure       # equals the file name, unique over all folders
    name: {zh: ..., en: ...}        # ours
    form: subsidy                   # what passes, see Form: a loan is not a subsidy
    document:                       # as printed; empty where nothing is printed
      file: 002_85b246fa396807ed.txt
      title: ...
      number: ""
      issuers: [...]
      dated: 2019年7月22日
      issued: ""                    # the date in the imprint (印发), where there is one
    heading_path: [...]             # verbatim headings from the plan's title down
    quote: ...                      # the deciding passage, verbatim
    beneficiaries: [person]         # person, employer, team, intermediary, institution, park
    jurisdiction: "330400"          # GB/T 2260
    payer: {zh: 财政, en: ...}       # zh stands in the quote; or not_stated
    status:                         # the deciding word stands in the quote; see STATUS_WORDS
      {value: granted, word: 给予}
    discretion:                     # may 可予以, case_by_case 一事一议, as_regulated 按规定,
      {value: none, word: ""}       # as_agreed 根据协议; the word stands in the quote
    amounts:                        # or not_stated; entries apply together (a cap bounds the rest)
      - kind: full                  # see AmountKind
        value: null                 # yuan or percent as `unit` says; null only for full and none
        unit: null                  # yuan, percent
        of: {zh: ..., en: ...}      # what a share or the whole is taken of; zh stands in the quote
        per: {zh: 每人, en: ...}     # zh stands in the quote
        duration:
          {value: 3, unit: year, quote: 在3年管理期内}
        quote: ...                  # part of the measure's quote that holds the figure
    period:                         # validity; dates are YYYY, YYYY-MM, YYYY-MM-DD or not_stated
      {start: "2019", end: "2022", basis: plan, quote: ..., where: ...}
    horizon:                        # dates by which a goal is to be reached: never a validity
      - {date: "2022", quote: ..., where: ...}
    catalogue:                      # null, or the catalogue that the measure names
      {id: jiaxing-digital-economy, held: false, name: {zh: ..., en: ...}, quote: ...}
    industries:                     # as printed, with field codes where the two coincide
      - {zh: 集成电路, en: ..., fields: [integrated-circuits]}
    tiers: [high-level-talent]      # ids of talent_tiers.csv
    conditions:                     # a tree of all, any, not over leaves; facts: benefits/facts.yaml
      all:
        - fact: person.newly_hired
          op: eq
          value: true
          clause: ...               # verbatim
          label: {zh: ..., en: ...} # the condition as a statement; ours
          scope: false              # true: whom and where the text is about, no condition
    source_errors:                  # slips of the source, kept as printed and flagged
      - {printed: ..., note: {zh: ..., en: ...}}
    note: {zh: ..., en: ...}        # or null

What can be decided from a file alone is checked on loading (words and figures stand in their
quotes, facts and operators are known). `misquotations` compares a measure with its source.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)

from taxonomies.facts import FactKind, Label, Words, load_facts

Beneficiary = Literal["person", "employer", "team", "intermediary", "institution", "park"]
NotStated = Literal["not_stated"]
_Path = tuple[str | int, ...]
RegionCode = Annotated[str, Field(pattern=r"^\d{6}$")]


class Fault(ValueError):
    """A fault found while a model is validated, with its fix; the reader adds file and line.

    Attributes:
        fix: what to write instead.
        at: where below the model the fault lies.
    """

    def __init__(self, problem: str, fix: str, at: _Path = ()) -> None:
        super().__init__(problem)
        self.fix = fix
        self.at = at


def _calendar(text: str) -> str:
    if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text):
        raise Fault(f"{text!r} is no date", "write YYYY, YYYY-MM, YYYY-MM-DD or not_stated")
    _last_day(text)
    return text


def _calendar_or_silent(text: str) -> str:
    return text if text == "not_stated" else _calendar(text)


PartialDate = Annotated[str, AfterValidator(_calendar)]
StatedDate = Annotated[str, AfterValidator(_calendar_or_silent)]


class StatusValue(StrEnum):
    """What the wording makes of a measure: only a granted one can ever be claimed."""

    GRANTED = "granted"
    PLANNED = "planned"
    ENCOURAGED = "encouraged"


#: Wording is status: the deciding word contains one of these. A new word is an editorial decision,
#: made here. Granted is what the text gives; planned, what the authorities say they will set up or
#: carry out themselves; encouraged, what they ask others to do or say they favour. A text that
#: points at rules made elsewhere (落实, 用好用足) grants nothing by itself.
STATUS_WORDS: Mapping[StatusValue, tuple[str, ...]] = MappingProxyType(
    {
        StatusValue.GRANTED: ("给予", "予以", "享受", "可按规定"),
        StatusValue.PLANNED: (
            *("谋划", "制定", "设立", "实施", "落实", "建立", "建设", "组织", "开展", "举办"),
            *("推进", "打造", "完善", "加大", "提供", "安排", "优化", "推动", "健全", "深化"),
            *(
                "推荐",
                "参与",
                "加快",
                "加强",
                "培育",
                "发挥",
                "统筹",
                "评选",
                "选派",
                "发布",
                "成立",
                "承办",
            ),
        ),
        StatusValue.ENCOURAGED: ("鼓励", "支持", "引导", "探索", "推广", "用好用足", "倡导"),
    }
)


class Form(StrEnum):
    """What passes from the payer to the beneficiary.

    `treatment` is what recognised talent is entitled to elsewhere, `recognition` a title, award or
    evaluation, `fast_track` a shorter or easier procedure, `platform` the building or the official
    standing of a park, station or laboratory.
    """

    GRANT = "grant"
    SUBSIDY = "subsidy"
    REWARD = "reward"
    LOAN = "loan"
    TAX = "tax"
    FUND = "fund"
    VOUCHER = "voucher"
    INSURANCE = "insurance"
    GUARANTEE = "guarantee"
    HOUSING = "housing"
    TRAINING = "training"
    SERVICE = "service"
    TREATMENT = "treatment"
    LAND = "land"
    RECOGNITION = "recognition"
    FAST_TRACK = "fast_track"
    PROCUREMENT = "procurement"
    PLATFORM = "platform"


class AmountKind(StrEnum):
    """How a figure is meant.

    `cap` is an upper bound, `loan_cap` one on a loan to be repaid, `pot` money for all applicants
    together, `fund` the size of an investment fund, `full` the whole of a cost, `none` no money.
    """

    CAP = "cap"
    FIXED = "fixed"
    PERCENT = "percent"
    FULL = "full"
    LOAN_CAP = "loan_cap"
    POT = "pot"
    FUND = "fund"
    NONE = "none"


class Op(StrEnum):
    """How a leaf compares a fact with its value."""

    EQ = "eq"
    IN = "in"
    HAS_ANY = "has_any"
    WITHIN = "within"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


#: The type of every fact that a condition may ask for.
FACTS: Mapping[str, FactKind] = MappingProxyType(
    {name: fact.kind for name, fact in load_facts().items()}
)

_OPERATORS: Mapping[FactKind, tuple[Op, ...]] = {
    FactKind.FLAG: (Op.EQ,),
    FactKind.NUMBER: (Op.EQ, Op.AT_LEAST, Op.AT_MOST),
    FactKind.CODE: (Op.EQ, Op.IN),
    FactKind.MEMBERS: (Op.HAS_ANY,),
    FactKind.REGION: (Op.WITHIN,),
    FactKind.TEXT: (),
}


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Document(_Frozen):
    """Where a measure was published; what is not printed is empty."""

    file: Annotated[str, Field(pattern=r"^[\w.-]+\.txt$")]
    title: str
    number: str
    issuers: tuple[Words, ...]
    dated: str
    issued: str


class Status(_Frozen):
    """The status of a measure and the word of the quote that decides it."""

    value: StatusValue
    word: Words

    @model_validator(mode="after")
    def _word_decides(self) -> Status:
        words = STATUS_WORDS[self.value]
        if not any(word in self.word for word in words):
            raise Fault(
                f"{self.word!r} is no word for {self.value.value!r}",
                f"name the deciding word of the quote; here it holds one of {'、'.join(words)}",
            )
        return self


class Discretion(_Frozen):
    """Whether the decision is free, case by case, or under rules or agreements not in the text."""

    value: Literal["none", "may", "case_by_case", "as_regulated", "as_agreed"]
    word: str

    @model_validator(mode="after")
    def _has_word(self) -> Discretion:
        if (self.value == "none") != (self.word == ""):
            raise Fault(
                f"discretion {self.value!r} has the word {self.word!r}",
                "write the word of the quote that leaves it open, or value none with word ''",
            )
        return self


class Duration(_Frozen):
    """How long an amount is paid."""

    value: Annotated[int, Field(gt=0)]
    unit: Literal["year", "month", "day"]
    quote: Words

    @model_validator(mode="after")
    def _figure_is_quoted(self) -> Duration:
        unit = {"year": "年", "month": "月", "day": "日"}[self.unit]
        if (self.value, unit) not in figures(self.quote):
            raise Fault(
                f"{self.value} {self.unit} is not in {self.quote!r}",
                "quote the words that hold the duration",
            )
        return self


class Amount(_Frozen):
    """One figure of a measure, with the words that hold it."""

    kind: AmountKind
    value: Annotated[int, Field(gt=0)] | Annotated[float, Field(gt=0)] | None
    unit: Literal["yuan", "percent"] | None
    of: Label | None = None
    per: Label | None = None
    duration: Duration | None = None
    quote: Words

    @model_validator(mode="after")
    def _figure_is_quoted(self) -> Amount:
        bare = self.kind in (AmountKind.FULL, AmountKind.NONE)
        if bare != (self.value is None) or bare != (self.unit is None):
            raise Fault(
                f"kind {self.kind.value!r} has value {self.value} and unit {self.unit}",
                "give value and unit; null for kinds full and none only; "
                "with no figure at all write amounts: not_stated",
            )
        unit = {"yuan": "元", "percent": "%", None: ""}[self.unit]
        if self.unit and (self.value, unit) not in figures(self.quote):
            raise Fault(
                f"{self.value} {self.unit} is not in {self.quote!r}",
                "write the figure of the quote, in yuan (1万元 is 10000) or percent",
            )
        bounded = any(word in self.quote for word in ("最高", "不超过", "上限"))
        if bounded and self.kind not in (AmountKind.CAP, AmountKind.LOAN_CAP):
            raise Fault(
                f"{self.quote!r} states an upper bound and its kind is {self.kind.value!r}",
                "write kind: cap, or loan_cap for a loan",
            )
        return self


class Period(_Frozen):
    """When a measure is in force, to the precision printed.

    Attributes:
        basis: `plan` when the whole plan's period is meant, `measure` when the clause has its own.
        quote: the words that give it; empty when neither end is stated.
        where: where these words stand.
    """

    start: StatedDate
    end: StatedDate
    basis: Literal["plan", "measure"]
    quote: str
    where: str

    @model_validator(mode="after")
    def _dates_hold(self) -> Period:
        first, last = self.first_day, self.last_day
        if first and last and first > last:
            raise Fault(
                f"the period ends ({self.end}) before it starts ({self.start})",
                "exchange start and end",
            )
        if (first or last) and not self.quote:
            raise Fault("the period has a date and no quote", "quote the words that state it")
        for stated in (self.start, self.end):
            if stated != "not_stated" and stated[:4] not in unicodedata.normalize(
                "NFKC", self.quote
            ):
                raise Fault(
                    f"{stated} is not in the period's quote {self.quote!r}",
                    "quote the words that state it",
                )
        return self

    @property
    def first_day(self) -> date | None:
        """First day in force; None when no start is stated."""
        return None if self.start == "not_stated" else _first_day(self.start)

    @property
    def last_day(self) -> date | None:
        """Last day in force; None when no end is stated."""
        return None if self.end == "not_stated" else _last_day(self.end)


class Horizon(_Frozen):
    """A date by which a goal is to be reached: says nothing about validity."""

    date: PartialDate
    quote: Words
    where: Words


class CatalogueTie(_Frozen):
    """The catalogue that a measure names; `held` says whether Bole has it.

    A role of another catalogue never satisfies the tie.
    """

    id: Words
    held: bool
    name: Label
    quote: Words


class NamedIndustry(_Frozen):
    """An industry as printed, with the catalogue's field codes where the two coincide."""

    zh: Words
    en: Words
    fields: tuple[str, ...] = ()


class SourceError(_Frozen):
    """A slip of the source, as printed."""

    printed: Words
    note: Label


class Leaf(_Frozen):
    """One condition: a fact compared with a value, and the clause that asks for it."""

    fact: str
    op: Op
    value: bool | int | float | str | tuple[str, ...]
    clause: Words
    label: Label
    scope: bool = False

    @model_validator(mode="after")
    def _is_typed(self) -> Leaf:
        kind = FACTS.get(self.fact)
        if kind is None:
            near = difflib.get_close_matches(self.fact, FACTS, n=3) or sorted(FACTS)
            raise Fault(
                f"no fact is called {self.fact!r}",
                f"use one of {', '.join(near)}, or add it to facts.yaml",
            )
        if self.op not in _OPERATORS[kind]:
            raise Fault(
                f"{self.fact} is a {kind.value}, which {self.op.value!r} cannot compare",
                f"use {' or '.join(op.value for op in _OPERATORS[kind])}",
            )
        if not _fits(kind, self.op, self.value):
            raise Fault(
                f"{self.fact} {self.op.value} is given {self.value!r}",
                f"write {_EXPECTED[kind, self.op]}",
            )
        return self


class AllOf(_Frozen):
    """Every condition has to hold."""

    all: Annotated[tuple[Condition, ...], Field(min_length=1)]


class AnyOf(_Frozen):
    """One of the conditions has to hold."""

    any: Annotated[tuple[Condition, ...], Field(min_length=2)]


class Not(_Frozen):
    """The condition must not hold."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    negated: Condition = Field(alias="not")


def _shape(value: object) -> str:
    if isinstance(value, Mapping):
        return next((key for key in ("all", "any", "not") if key in value), "leaf")
    match value:
        case AllOf():
            return "all"
        case AnyOf():
            return "any"
        case Not():
            return "not"
        case _:
            return "leaf"


Condition = Annotated[
    Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")]
    | Annotated[Leaf, Tag("leaf")],
    Discriminator(_shape),
]


def _stated(value: object) -> str:
    return "silent" if isinstance(value, str) else "stated"


class Benefit(_Frozen):
    """One public measure; the module's head explains every field."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    name: Label
    form: Form
    document: Document
    heading_path: Annotated[tuple[Words, ...], Field(min_length=1)]
    quote: Words
    beneficiaries: Annotated[tuple[Beneficiary, ...], Field(min_length=1)]
    jurisdiction: RegionCode
    payer: Annotated[
        Annotated[NotStated, Tag("silent")] | Annotated[Label, Tag("stated")],
        Discriminator(_stated),
    ]
    status: Status
    discretion: Discretion
    amounts: Annotated[
        Annotated[NotStated, Tag("silent")]
        | Annotated[tuple[Amount, ...], Field(min_length=1), Tag("stated")],
        Discriminator(_stated),
    ]
    period: Period
    horizon: tuple[Horizon, ...]
    catalogue: CatalogueTie | None
    industries: tuple[NamedIndustry, ...]
    tiers: tuple[str, ...]
    conditions: Condition
    source_errors: tuple[SourceError, ...]
    note: Label | None

    @property
    def stated_amounts(self) -> tuple[Amount, ...]:
        """The figures of the text; empty where it gives none."""
        return () if self.amounts == "not_stated" else self.amounts

    @model_validator(mode="after")
    def _words_are_quoted(self) -> Benefit:
        for at, words in self._words():
            if words not in self.quote:
                raise Fault(
                    f"{'.'.join(map(str, at))} {words!r} does not stand in the quote",
                    "copy it from the quote, or quote the passage that holds it",
                    at,
                )
        return self

    @model_validator(mode="after")
    def _loan_is_a_loan(self) -> Benefit:
        kinds = {amount.kind for amount in self.stated_amounts}
        if kinds and (self.form is Form.LOAN) != (AmountKind.LOAN_CAP in kinds):
            raise Fault(
                f"form {self.form.value!r} has amounts of kind {', '.join(sorted(kinds))}",
                "a loan's figure is a loan_cap, and nothing else has one",
                ("form",),
            )
        return self

    def _words(self) -> Iterator[tuple[_Path, str]]:
        yield ("status", "word"), self.status.word
        yield ("discretion", "word"), self.discretion.word
        if self.payer != "not_stated":
            yield ("payer", "zh"), self.payer.zh
        for number, amount in enumerate(self.stated_amounts):
            at: _Path = ("amounts", number)
            yield (*at, "quote"), amount.quote
            if amount.of:
                yield (*at, "of", "zh"), amount.of.zh
            if amount.per:
                yield (*at, "per", "zh"), amount.per.zh
            if amount.duration:
                yield (*at, "duration", "quote"), amount.duration.quote


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Yield the leaves of a condition tree in the order written."""
    match condition:
        case AllOf(all=parts) | AnyOf(any=parts):
            for part in parts:
                yield from leaves(part)
        case Not(negated=part):
            yield from leaves(part)
        case Leaf():
            yield condition


def named_values(condition: Condition, fact: str) -> tuple[str, ...]:
    """Return the values of a fact that a condition tree names, each once, in the order written."""
    return tuple(
        dict.fromkeys(
            str(value)
            for leaf in leaves(condition)
            if leaf.fact == fact
            for value in (leaf.value if isinstance(leaf.value, tuple) else (leaf.value,))
        )
    )


def figures(text: str) -> frozenset[tuple[float, str]]:
    """Return the figures of a text with their units; sums of money in yuan.

    Examples:
        >>> sorted(figures("给予50%的补助，每人最高补贴3万元"))
        [(50, '%'), (30000, '元')]
        >>> sorted(figures("最高１亿元"))
        [(100000000, '元')]
    """
    found = set()
    for number, scale, unit in _FIGURE.findall(unicodedata.normalize("NFKC", text)):
        value = round(float(number) * {"": 1, "千": 10**3, "万": 10**4, "亿": 10**8}[scale], 6)
        found.add((int(value) if value == int(value) else value, "月" if unit == "个月" else unit))
    return frozenset(found)


_FIGURE = re.compile(r"(\d+(?:\.\d+)?)\s*(千|万|亿|)\s*(元|%|个月|年|月|日|)")


def quotations(benefit: Benefit) -> Iterator[tuple[str, str]]:
    """Yield each passage that must stand in the source, with the field it is written in."""
    yield "quote", benefit.quote
    yield from (("heading_path", heading) for heading in benefit.heading_path)
    document = benefit.document
    printed = (document.title, document.number, document.dated, document.issued, *document.issuers)
    yield from (("document", text) for text in printed if text)
    if benefit.period.quote:
        yield "period.quote", benefit.period.quote
    yield from (("horizon.quote", goal.quote) for goal in benefit.horizon)
    if benefit.catalogue:
        yield "catalogue.quote", benefit.catalogue.quote
        yield "catalogue.name.zh", benefit.catalogue.name.zh
    yield from (("industries.zh", industry.zh) for industry in benefit.industries)
    yield from (("conditions.clause", leaf.clause) for leaf in leaves(benefit.conditions))
    yield from (("source_errors.printed", error.printed) for error in benefit.source_errors)


def misquotations(benefit: Benefit, source: str) -> tuple[tuple[str, str], ...]:
    """Return the (field, passage) pairs of a measure that its source does not hold verbatim.

    White space is left out of the comparison: a printed page breaks its lines within sentences.

    Args:
        benefit: the measure.
        source: the whole text of `benefit.document.file`.
    """
    printed = without_space(source)
    return tuple(
        (field, text) for field, text in quotations(benefit) if without_space(text) not in printed
    )


@lru_cache(maxsize=16)
def without_space(text: str) -> str:
    """Return a text without its white space, which is where its lines happen to break."""
    return "".join(text.split())


_EXPECTED: Mapping[tuple[FactKind, Op], str] = {
    (FactKind.FLAG, Op.EQ): "true or false",
    (FactKind.NUMBER, Op.EQ): "a number",
    (FactKind.NUMBER, Op.AT_LEAST): "a number",
    (FactKind.NUMBER, Op.AT_MOST): "a number",
    (FactKind.CODE, Op.EQ): "one code",
    (FactKind.CODE, Op.IN): "a list of codes",
    (FactKind.MEMBERS, Op.HAS_ANY): "a list of names",
    (FactKind.REGION, Op.WITHIN): "a six-digit region code in quotes",
}


def _fits(kind: FactKind, op: Op, value: object) -> bool:
    match kind, op:
        case FactKind.FLAG, _:
            return isinstance(value, bool)
        case FactKind.NUMBER, _:
            return isinstance(value, int | float) and not isinstance(value, bool)
        case FactKind.CODE, Op.EQ:
            return isinstance(value, str)
        case FactKind.REGION, _:
            return isinstance(value, str) and re.fullmatch(r"\d{6}", value) is not None
        case _:
            return isinstance(value, tuple) and len(value) > 0


def _first_day(text: str) -> date:
    year, month, day = (*(int(part) for part in text.split("-")), 1, 1)[:3]
    return _calendar_date(year, month, day, text)


def _last_day(text: str) -> date:
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        return _calendar_date(parts[0], parts[1], parts[2], text)
    year, month = (*parts, 12)[:2]
    first = _calendar_date(year, month, 1, text)
    if (year, month) == (date.max.year, 12):
        return date.max
    following = first.replace(year=year + month // 12, month=month % 12 + 1)
    return following - timedelta(days=1)


def _calendar_date(year: int, month: int, day: int, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise Fault(
            f"{text!r} is no date of the calendar", "write YYYY, YYYY-MM or YYYY-MM-DD"
        ) from error
