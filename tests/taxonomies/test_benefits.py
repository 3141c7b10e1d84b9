"""The benefit files hold nothing but their sources' words and figures, and a bad file says so."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from search.benefits.options import options
from taxonomies.benefit_files import (
    COMPILED,
    BenefitFileError,
    compile_benefits,
    load_benefits,
    read_benefit,
    read_folders,
)
from taxonomies.benefits import (
    FACTS,
    STATUS_WORDS,
    AmountKind,
    Benefit,
    Form,
    StatusValue,
    figures,
    leaves,
    misquotations,
    quotations,
    without_space,
)
from taxonomies.releases import DATA

BENEFITS = {benefit.id: benefit for benefit in load_benefits()}
FOLDER = DATA / "benefits"
SOURCES = DATA / "sources" / "2026.11"
#: The source that carries no title.
UNTITLED = "001_3c6d3e8188b60ee6.txt"
SAMPLE = FOLDER / "jiaxing" / "jiaxing-recruitment-trip-subsidy.yaml"

each_benefit = pytest.mark.parametrize("benefit", BENEFITS.values(), ids=BENEFITS.keys())


@cache
def _source(file: str) -> str:
    return (SOURCES / file).read_text(encoding="utf-8")


def _column(path: str, column: str) -> frozenset[str]:
    with (DATA / path).open(encoding="utf-8", newline="") as file:
        return frozenset(row[column] for row in csv.DictReader(file))


def test_every_file_is_loaded() -> None:
    files = {path.stem for path in FOLDER.glob("*/*.yaml")}
    assert files == set(BENEFITS)
    assert len(files) >= 350


def test_the_one_file_is_what_the_files_are() -> None:
    """After an edit: `python -m taxonomies.seal`."""
    assert (FOLDER / COMPILED).read_bytes() == compile_benefits(FOLDER)
    assert read_folders(FOLDER) == load_benefits()


@each_benefit
def test_every_quoted_passage_is_verbatim(benefit: Benefit) -> None:
    assert misquotations(benefit, _source(benefit.document.file)) == ()


@each_benefit
def test_citation_is_complete(benefit: Benefit) -> None:
    fields = {field for field, _ in quotations(benefit)}
    assert {"quote", "heading_path", "conditions.clause"} <= fields
    # 001 prints no title, number, issuer or date: they stay empty, and nothing else may.
    has_imprint = benefit.document.file != UNTITLED
    assert ("document" in fields) == has_imprint
    assert bool(benefit.document.title) == has_imprint
    if benefit.period.first_day or benefit.period.last_day:
        assert benefit.period.where


@each_benefit
def test_figures_stand_in_their_quotes(benefit: Benefit) -> None:
    for amount in benefit.stated_amounts:
        assert amount.quote in benefit.quote
        if amount.unit:
            unit = {"yuan": "元", "percent": "%"}[amount.unit]
            assert (amount.value, unit) in figures(amount.quote)
    if not benefit.stated_amounts:
        money = {figure for figure in figures(benefit.quote) if figure[1] in ("元", "%")}
        assert not money, "a figure of the quote was left out"


@each_benefit
def test_wording_is_status(benefit: Benefit) -> None:
    assert benefit.status.word in benefit.quote
    assert any(word in benefit.status.word for word in STATUS_WORDS[benefit.status.value])
    assert benefit.discretion.word in benefit.quote
    if "可予以" in benefit.quote:
        assert benefit.discretion.value == "may"
    if "一事一议" in benefit.quote:
        assert benefit.discretion.value == "case_by_case"
    if benefit.quote.startswith("谋划"):
        assert benefit.status.value is StatusValue.PLANNED


@each_benefit
def test_a_cap_is_a_cap_and_a_loan_a_loan(benefit: Benefit) -> None:
    bounded = {AmountKind.CAP, AmountKind.LOAN_CAP}
    for amount in benefit.stated_amounts:
        assert ("最高" in amount.quote or "不超过" in amount.quote) == (amount.kind in bounded)
        assert (amount.kind is AmountKind.LOAN_CAP) == (benefit.form is Form.LOAN)


@each_benefit
def test_codes_resolve(benefit: Benefit) -> None:
    regions = _column("regions/2026.11/regions.csv", "code")
    fields = _column("catalogue/zhejiang-2017/fields.csv", "code")
    tiers = _column("levels/2026.11/talent_tiers.csv", "id")
    programmes = _column("levels/2026.11/programmes.csv", "id")
    assert benefit.jurisdiction in regions
    assert set(benefit.tiers) <= tiers
    assert {code for industry in benefit.industries for code in industry.fields} <= fields
    known: Mapping[str, frozenset[str]] = {
        "person.tiers": tiers,
        "team.tiers": tiers,
        "role.field": fields,
        "place.region": regions,
        "employer.programmes": programmes,
        "team.in_programme": programmes,
    }
    for leaf in leaves(benefit.conditions):
        assert leaf.fact in FACTS
        if leaf.fact in known:
            values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
            assert set(values) <= known[leaf.fact]


@each_benefit
def test_every_measure_is_bound_to_its_jurisdiction(benefit: Benefit) -> None:
    places = [leaf for leaf in leaves(benefit.conditions) if leaf.fact == "place.region"]
    assert [leaf.value for leaf in places] == [benefit.jurisdiction]


@each_benefit
def test_named_industries_stand_in_the_source_text(benefit: Benefit) -> None:
    text = without_space(_source(benefit.document.file))
    for leaf in leaves(benefit.conditions):
        if leaf.fact in ("employer.kind", "institution.kind", "intermediary.kind"):
            assert isinstance(leaf.value, tuple)
            assert all(without_space(name) in text for name in leaf.value)


def test_catalogues_named_by_a_measure_are_held_or_stay_unknown() -> None:
    for benefit in BENEFITS.values():
        asked = {
            name
            for leaf in leaves(benefit.conditions)
            if leaf.fact == "role.catalogue" and isinstance(leaf.value, tuple)
            for name in leaf.value
        }
        tie = benefit.catalogue
        assert asked == ({tie.id} if tie else set())
        if tie:
            assert tie.held == (DATA / "catalogue" / tie.id).is_dir()


def test_known_traps() -> None:
    loan = BENEFITS["zhejiang-talent-loan"]
    assert (loan.form, loan.status.value) == (Form.LOAN, StatusValue.ENCOURAGED)
    assert [(a.kind, a.value) for a in loan.stated_amounts] == [(AmountKind.LOAN_CAP, 10_000_000)]
    rebate = BENEFITS["jiaxing-income-tax-rebate"]
    assert (rebate.status.value, rebate.discretion.value) == (StatusValue.GRANTED, "may")
    trip = BENEFITS["jiaxing-recruitment-trip-subsidy"]
    assert [(a.kind, a.value) for a in trip.stated_amounts] == [
        (AmountKind.PERCENT, 50),
        (AmountKind.CAP, 30_000),
    ]
    insurance = BENEFITS["jiaxing-social-insurance-subsidy"]
    assert insurance.catalogue is not None
    assert not insurance.catalogue.held
    assert BENEFITS["zhejiang-youth-talent-fund"].status.value is StatusValue.ENCOURAGED
    assert BENEFITS["zhejiang-talent-investment-fund"].status.value is StatusValue.PLANNED
    assert BENEFITS["zhejiang-innovation-voucher"].amounts == "not_stated"
    assert BENEFITS["jiaxing-home-purchase-subsidy"].amounts == "not_stated"


#: First and last day of the plans, None where none is printed.
PLANS = {
    "浙江省信息经济人才发展规划": (date(2017, 1, 1), date(2022, 12, 31)),
    "": (None, None),
    "嘉兴市数字经济人才发展规划": (date(2019, 1, 1), date(2022, 12, 31)),
    "嘉兴市新材料产业人才发展规划": (date(2019, 1, 1), date(2022, 12, 31)),
    "嘉兴市高端装备制造产业人才发展规划": (date(2019, 1, 1), date(2022, 12, 31)),
    "嘉兴市时尚产业人才发展规划": (date(2019, 1, 1), date(2022, 12, 31)),
    "《国家信息经济示范区建设实施方案》": (date(2017, 4, 27), None),
    "浙江省新一代人工智能发展规划": (date(2017, 1, 1), date(2022, 12, 31)),
    "浙江省服务业“四大经济”创新发展行动方案": (date(2017, 11, 29), None),
    "浙江省人民政府办公厅关于加快集成电路产业发展的实施意见": (date(2017, 12, 21), None),
}


@each_benefit
def test_periods_are_as_printed(benefit: Benefit) -> None:
    plan = "" if benefit.document.file == UNTITLED else benefit.heading_path[0]
    found = (benefit.period.first_day, benefit.period.last_day)
    if benefit.period.basis == "plan":
        assert found == PLANS[plan]
    else:
        # A measure with a period of its own quotes it, and not a goal.
        assert benefit.period.quote not in {goal.quote for goal in benefit.horizon}


def test_goals_are_kept_apart() -> None:
    assert sum(bool(benefit.horizon) for benefit in BENEFITS.values()) > 10


def test_every_fact_is_asked_for_and_every_term_has_a_gloss() -> None:
    asked = {leaf.fact for benefit in BENEFITS.values() for leaf in leaves(benefit.conditions)}
    # What other facts follow from, and what offices may ask for.
    assert set(FACTS) - asked == {"role.title", "role.number", "role.field"}
    for name in sorted(asked):
        for option in options(name):
            assert not re.search("[\u3400-\u9fff]", option.label.en), (name, option.value)


def test_source_errors_are_flagged_as_printed() -> None:
    apartments = BENEFITS["jiaxing-talent-apartments-on-own-land"]
    assert any("100000" in error.printed for error in apartments.source_errors)


def test_measures_are_frozen() -> None:
    benefit = BENEFITS["zhejiang-talent-loan"]
    with pytest.raises(ValidationError):
        benefit.quote = "altered"  # type: ignore[misc]


def _line_of(text: str, start: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if line.strip().startswith(start))


@pytest.mark.parametrize(
    ("old", "new", "at", "problem", "fix"),
    [
        ("value: 30000\n", "value: 50000\n", "- kind: cap", "50000", "figure of the quote"),
        ("kind: cap", "kind: fixed", "- kind: fixed", "upper bound", "kind: cap"),
        ("word: 给予}", "word: 奖励}", "status:", "奖励", "给予"),
        ("value: granted", "value: planned", "status:", "planned", "谋划"),
        ("form: subsidy", "form: gift", "form:", "gift", "subsidy"),
        ("form: subsidy", "form: loan", "form:", "loan", "loan_cap"),
        ("payer: not_stated", "payer: {zh: 财政, en: budget}", "payer:", "财政", "copy it"),
        ("payer:", "payers:", "id:", "payer is missing", "add `payer:`"),
        ("note:\n", "notes: null\nnote:\n", "notes:", "notes", "write `note:`"),
        ("tiers: []", "tiers: []\ntiers: []", "tiers:", "given twice", "keep one"),
        (
            "fact: place.region",
            "fact: place.regoin",
            "- fact: place.regoin",
            "regoin",
            "place",
        ),
        ("op: within", "op: at_least", "- fact: place.region", "region", "within"),
        ('value: "330400"', "value: [a]", "- fact: place.region", "('a',)", "six-digit"),
        ('start: "2019"', "start: 2019", "start: 2019", "2019", "in quotes"),
        ('end: "2022"', 'end: "2018"', "period:", "before it starts", "exchange"),
        ('end: "2022"', 'end: "2022-13"', "end:", "2022-13", "YYYY-MM"),
        ('end: "2022"', "end: 2022年", "end:", "2022年", "YYYY-MM-DD or not_stated"),
        ("tiers: []", "tiers: [", "tiers: [", "no YAML", "brackets"),
        (
            "payer: not_stated",
            "payer: &p not_stated\nnote2: *p",
            "payer:",
            "alias",
            "write the value",
        ),
        ("id: jiaxing-recruitment-trip-subsidy", "id: other", "id:", "'other'", "rename"),
    ],
)
def test_bad_file_says_file_line_and_fix(
    old: str, new: str, at: str, problem: str, fix: str
) -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    assert old in text
    bad = text.replace(old, new, 1)
    with pytest.raises(BenefitFileError) as caught:
        read_benefit(bad, f"jiaxing/{SAMPLE.name}")
    error = caught.value
    assert error.file == f"jiaxing/{SAMPLE.name}"
    if "alias" not in problem and "twice" not in problem and "YAML" not in problem:
        assert error.line == _line_of(bad, at)
    else:
        assert error.line >= _line_of(bad, at)
    assert problem in error.problem
    assert fix in error.fix
    assert str(error).startswith(f"jiaxing/{SAMPLE.name}, line {error.line}: ")


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"- a\n", b"[" * 5000, b"\x00", b"? [a]\n: b\n", b"id: *x"]
)
def test_what_is_no_measure_is_refused(content: bytes) -> None:
    with pytest.raises(BenefitFileError):
        read_benefit(content, "x/y.yaml")


@given(st.text(max_size=80) | st.text(alphabet="a:-[]{}&*?!|>#'\" \n1", max_size=80))
def test_any_text_is_refused_in_one_way(text: str) -> None:
    with pytest.raises(BenefitFileError):
        read_benefit(text, "x/y.yaml")


def test_one_folder_is_one_jurisdiction_and_an_id_stands_once(tmp_path: Path) -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    other = "jiaxing-rent-subsidy.yaml"
    for place in ("a", "b"):
        (tmp_path / place).mkdir()
        (tmp_path / place / SAMPLE.name).write_text(text, encoding="utf-8")
    with pytest.raises(BenefitFileError, match="already that of a/"):
        read_folders(tmp_path)
    (tmp_path / "b" / SAMPLE.name).unlink()
    moved = (FOLDER / "jiaxing" / other).read_text(encoding="utf-8")
    moved = moved.replace('jurisdiction: "330400"', 'jurisdiction: "330100"')
    (tmp_path / "a" / other).write_text(moved, encoding="utf-8")
    with pytest.raises(BenefitFileError, match="stands among files of"):
        read_folders(tmp_path)


def test_misquotation_is_found() -> None:
    benefit = BENEFITS["zhejiang-talent-loan"]
    text = _source(benefit.document.file).replace("最高1000万元", "最高2000万元")
    assert [field for field, _ in misquotations(benefit, text)] == ["quote"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("最高1亿元", {(100_000_000, "元")}),
        ("１０００万元", {(10_000_000, "元")}),
        ("每人最高补贴3万元，50%", {(30_000, "元"), (50, "%")}),
        ("12.6万", {(126_000, "")}),
        ("3年管理期内，6个月", {(3, "年"), (6, "月")}),
        ("没有数字", set()),
    ],
)
def test_figures_are_read_with_their_units(text: str, expected: set[tuple[float, str]]) -> None:
    assert figures(text) == expected


def test_conditions_read_negation() -> None:
    text = SAMPLE.read_text(encoding="utf-8")
    head, tail = text.split("    - fact: place.region\n", 1)
    leaf, rest = tail.split("    - fact:", 1)
    indented = re.sub(r"(?m)^      ", "          ", leaf)
    text = f"{head}    - not:\n          fact: place.region\n{indented}    - fact:{rest}"
    benefit = read_benefit(text, SAMPLE.name)
    assert next(leaves(benefit.conditions)).fact == "place.region"
