"""The invented records: what they promise to demonstrations, tests and benchmarks."""

from __future__ import annotations

import math
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path

import pytest

from ingest import samples
from ingest.samples import generate_candidates, generate_vacancies, write_jsonl
from ingest.samples.chance import record_chance
from ingest.samples.phrases import load_field_work, load_phrases
from ingest.samples.profiles import load_profiles
from ingest.samples.skillsets import LARGEST_SET, draw_skills
from search.records.models import Candidate, Vacancy
from search.text.segment import Segmenter
from taxonomies.catalogue import load_catalogue
from taxonomies.regions import lineage, load_regions

SEED = 11
SIZE = 5_000
GENERATORS = [generate_candidates, generate_vacancies]


@pytest.fixture(scope="module")
def candidates() -> list[Candidate]:
    return list(generate_candidates(SIZE, SEED))


@pytest.fixture(scope="module")
def vacancies() -> list[Vacancy]:
    return list(generate_vacancies(SIZE, SEED))


@pytest.fixture(scope="module")
def prose(candidates, vacancies) -> list[str]:
    """The running text of every record."""
    told = ["\n".join([one.summary, *(job.summary for job in one.work)]) for one in candidates]
    return told + [one.text for one in vacancies]


@pytest.fixture(scope="module")
def tokens(prose) -> list[list[str]]:
    segmenter = Segmenter(())
    return [segmenter.tokens(text) for text in prose]


@pytest.mark.parametrize("generate", GENERATORS)
def test_same_seed_same_records(generate):
    assert list(generate(300, 3)) == list(generate(300, 3))


@pytest.mark.parametrize("generate", GENERATORS)
def test_other_seed_other_records(generate):
    def told(seed: int) -> set[str]:
        return {one.model_dump_json(exclude={"key"}) for one in generate(100, seed)}

    assert not told(3) & told(4)


def test_same_records_in_another_process():
    """The order of sets and dicts, which differs by process, must not leak into a record."""
    code = (
        "from ingest.samples import generate_candidates as c, generate_vacancies as v;"
        "print(hash('salt'), *(r.model_dump_json().encode('unicode_escape') for g in (c, v) for r in g(60, 5)))"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": salt},
            capture_output=True,
            check=True,
            text=True,
        ).stdout.split(" ", 1)
        for salt in ("1", "2")
    ]
    assert runs[0][0] != runs[1][0]
    assert runs[0][1] == runs[1][1]


@pytest.mark.parametrize("generate", GENERATORS)
@pytest.mark.parametrize("k", [0, 1, 17])
def test_prefix_is_stable(generate, k):
    assert list(generate(k, 3)) == list(islice(generate(1_000_000, 3), k))


@pytest.mark.parametrize("generate", GENERATORS)
@pytest.mark.parametrize(("n", "seed"), [(-1, 3), (1, -3), (1, 2**63)])
def test_impossible_requests_are_refused_at_once(generate, n, seed):
    with pytest.raises(ValueError, match=r"was given|were asked for"):
        generate(n, seed)


def test_largest_seed_fits_into_a_key():
    assert len(next(generate_candidates(1, 2**63 - 1)).key or "") in range(1, 65)


@pytest.mark.parametrize(
    ("generate", "model"), [(generate_candidates, Candidate), (generate_vacancies, Vacancy)]
)
def test_records_pass_full_validation(generate, model):
    for record in generate(500, 8):
        assert model.model_validate(record.model_dump()) == record
        assert model.model_validate_json(record.model_dump_json()) == record


def test_keys_are_unique_and_say_sample(candidates, vacancies):
    keys = [one.key for one in (*candidates, *vacancies, *generate_candidates(50, SEED + 1))]
    assert len(set(keys)) == len(keys)
    assert all(key.startswith("sample-") for key in keys)


def test_every_role_and_city_appears(candidates, vacancies):
    rows = {role.number for role in load_catalogue().roles}
    assert {row for one in candidates for row in one.wishes.roles} == rows
    assert {one.role for one in vacancies} - {None} == rows
    cities = {code for code, region in load_regions().items() if region.level == "city"}
    assert len(cities) == 11
    for people in (candidates, vacancies):
        assert cities <= {code for one in people if one.region for code in lineage(one.region)}


def test_demand_is_zipf_like(vacancies):
    counts = [
        count for _, count in Counter(one.role for one in vacancies if one.role).most_common()
    ]
    # 1/(r+2) over 92 rows gives the first row 9 % and the last 0.3 %.
    assert 0.06 < counts[0] / sum(counts) < 0.13
    assert sum(counts[:10]) / sum(counts) > 3 * 10 / 92


def test_regions_are_in_force(candidates, vacancies):
    former = {code for code, region in load_regions().items() if region.valid_until}
    assert former
    assert not former & {one.region for one in (*candidates, *vacancies)}
    assert not former & {code for one in candidates for code in one.wishes.regions}


def test_languages_mix(prose):
    """About 60 % Chinese, 20 % English, 20 % mixed; a Chinese text may name an English technology."""

    def language(text):
        chinese, english = (
            len(re.findall(r"[\u4e00-\u9fff]", text)),
            len(re.findall(r"[A-Za-z]{2,}", text)),
        )
        # English records quote no Chinese; in Chinese ones English stays below a twentieth.
        return "en" if not chinese else "zh" if english / (chinese + english) < 0.07 else "mixed"

    shares = {name: count / len(prose) for name, count in Counter(map(language, prose)).items()}
    assert shares["zh"] == pytest.approx(0.60, abs=0.06)
    assert shares["en"] == pytest.approx(0.20, abs=0.03)
    assert shares["mixed"] == pytest.approx(0.20, abs=0.06)


def test_texts_have_the_length_of_a_profile(tokens):
    lengths = sorted(map(len, tokens))
    within = sum(40 <= length <= 120 for length in lengths) / len(lengths)
    assert within > 0.93, f"{within:.1%} of texts have 40-120 tokens"
    assert lengths[0] >= 20
    assert lengths[-1] <= 170


def test_words_follow_zipf(tokens):
    """The document-frequency curve is that of a natural collection.

    Were words drawn evenly, the top 1 % of types would cover 1 % of tokens. Zipf's law over 7,000
    types, sum(1/r for r <= 70) / sum(1/r for r <= 7000), gives 51 %, of which the segmenter's stop
    words take the larger half. So a fifth is the least that counts as natural, and above a half one
    would meet the templates in every document.
    """
    counts = [
        count for _, count in Counter(token for text in tokens for token in text).most_common()
    ]
    top = sum(counts[: len(counts) // 100]) / sum(counts)
    assert 0.20 <= top <= 0.50, f"the top 1 % of {len(counts)} types cover {top:.1%}"
    # The long tail: many words occur in one document only, as in any real collection.
    assert sum(count == 1 for count in counts) / len(counts) > 0.12
    assert -1.3 < _slope(counts[:1000]) < -0.5
    # No word is in nearly every document, or it would weigh nothing in BM25.
    documents = Counter(token for text in tokens for token in set(text))
    assert max(documents.values()) / len(tokens) < 0.6


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_filler_words_follow_zipf(lang):
    """The corpus owes part of its shape to templates and skills; the words alone must have it too."""
    nouns, chance = load_phrases(lang).noun, record_chance("test", SEED, 0)
    counts = Counter(nouns.draw(chance) for _ in range(60_000))
    assert set(counts) == set(nouns.items)
    # Rank r in proportion to 1 / (r + 1).
    for rank in (10, 50, 100):
        expected = (rank + 1) / (1 + 1)
        ratio = counts[nouns.items[0]] / counts[nouns.items[rank - 1]]
        assert ratio == pytest.approx(expected, rel=0.25), rank


def _slope(counts: list[int]) -> float:
    """Return the slope of log frequency over log rank by least squares; Zipf's law says about -1."""
    x = [math.log(rank) for rank in range(1, len(counts) + 1)]
    y = [math.log(count) for count in counts]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    return sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / sum(
        (a - mean_x) ** 2 for a in x
    )


_PROTECTED = re.compile(
    r"男|女|性别|年龄|周岁|\d岁|出生|婚|配偶|生育|已育|未育|离异|丧偶|单身|民族|籍贯|户籍|政治面貌|宗教"
    r"|\b(?:male|female|man|woman|men|women|gender|sex|age|aged|years old|born|birth|marital|married|unmarried"
    r"|divorced|widowed|spouse|husband|wife|pregnan\w*|ethnic\w*|religio\w*|nationality|bachelorette)\b",
    re.IGNORECASE,
)


def test_the_pattern_for_protected_attributes_can_match():
    assert _PROTECTED.search("限男性，35周岁以下")
    assert _PROTECTED.search("Married female under 35 years old")


def test_no_protected_attribute_in_any_text(candidates, vacancies):
    for record in (*candidates, *vacancies):
        found = _PROTECTED.search(record.model_dump_json())
        assert found is None, f"{found.group()!r} in {record.key}"


def test_no_protected_attribute_in_any_template():
    folder = Path(samples.__file__).parent / "templates"
    files = sorted(folder.glob("*.yaml"))
    assert len(files) == 6
    for file in files:
        # A comment may say what is left out; the data may not.
        data = "\n".join(
            line.split("#", 1)[0] for line in file.read_text(encoding="utf-8").splitlines()
        )
        found = _PROTECTED.search(data)
        assert found is None, f"{found.group()!r} in {file.name}"


def test_organisations_are_clearly_invented(candidates, vacancies):
    named = [one.employer for one in vacancies]
    named += [job.employer for one in candidates for job in one.work]
    named += [stage.school for one in candidates for stage in one.education]
    assert all(re.match(r"示例|Sample |Second Sample ", name) for name in named if name)


def test_no_contact_details(candidates, vacancies):
    for record in (*candidates, *vacancies):
        assert not re.search(r"\w@\w|\d{7}|https?:|www\.", record.model_dump_json(exclude={"key"}))


def test_years_agree_with_the_work_history(candidates):
    checked = 0
    for one in candidates:
        if one.years_experience is None or not all(job.start for job in one.work):
            continue
        worked = sum(_months(job.end or "2026-11") - _months(job.start) for job in one.work)
        assert one.years_experience == pytest.approx(worked / 12, abs=0.51), one.key
        checked += 1
    assert checked > SIZE / 2


def _months(written: str) -> int:
    year, number = written.split("-")
    return 12 * int(year) + int(number)


def test_lapsed_vacancies_are_closed(vacancies):
    as_of = date(2026, 11, 1)
    assert {one.status for one in vacancies} == {"open", "closed"}
    for one in vacancies:
        if one.posted:
            assert one.posted <= as_of
        if one.valid_through and one.valid_through < as_of:
            assert one.status == "closed"


def test_pay_ranges_rise_with_the_grade_asked_for(vacancies):
    ranges = [one for one in vacancies if one.pay_monthly_yuan_from and one.pay_monthly_yuan_to]
    assert all(one.pay_monthly_yuan_from <= one.pay_monthly_yuan_to for one in ranges)

    def mean(low: int, high: int) -> float:
        pays = [
            one.pay_monthly_yuan_from or 0
            for one in ranges
            if low <= (one.years_at_least or 0) < high
        ]
        return sum(pays) / len(pays)

    assert mean(1, 4) < mean(5, 9) < mean(10, 30)


def test_skills_are_mostly_those_of_the_role():
    profiles = load_profiles()
    shares = []
    for row, profile in profiles.items():
        if not profile.essential:
            continue
        own = {*profile.essential, *profile.optional}
        for turn in range(20):
            drawn = draw_skills(profile, record_chance("test", row, turn))
            assert len(set(drawn)) == len(drawn) <= LARGEST_SET
            shares.append(len(own & set(drawn)) / len(drawn))
    assert sum(shares) / len(shares) > 0.85


def test_some_profiles_never_name_their_title(candidates):
    labels = {
        row: [label.lower() for label in profile.role.labels]
        for row, profile in load_profiles().items()
    }
    told = [one for one in candidates if one.wishes.roles]
    silent = 0
    for one in told:
        text = "\n".join(
            [one.headline, one.summary, *(f"{job.title}\n{job.summary}" for job in one.work)]
        ).lower()
        silent += not any(label in text for label in labels[one.wishes.roles[0]])
    assert 0.1 < silent / len(told) < 0.5


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_sixty_templates_a_language_for_each_purpose(lang):
    sections = load_phrases(lang).sections
    purposes = {
        "summary": "opening_|strength|achievement|attitude|wish",
        "work": "work|achievement|strength",
    }
    purposes["posting"] = "posting_"
    for purpose, pattern in purposes.items():
        found = {
            template
            for name, templates in sections.items()
            if re.match(pattern, name)
            for template in templates
        }
        assert len(found) >= 60, f"{purpose} has {len(found)} templates in {lang}"
    assert all(
        len(set(templates)) >= 4 for templates in load_phrases(lang).yearless.values() if templates
    )


def test_every_field_has_work_to_describe():
    assert set(load_field_work()) == {field.code for field in load_catalogue().fields}


def test_jsonl_round_trip(tmp_path):
    path = tmp_path / "records.jsonl"
    records: list[Candidate | Vacancy] = [*generate_candidates(20, 2), *generate_vacancies(20, 2)]
    assert write_jsonl(path, records) == 40
    lines = path.read_text(encoding="utf-8").splitlines()
    read = [
        (Candidate if '"kind":"candidate"' in line else Vacancy).model_validate_json(line)
        for line in lines
    ]
    assert read == records


def test_jsonl_keeps_the_old_file_when_writing_fails(tmp_path):
    path = tmp_path / "records.jsonl"
    path.write_text("kept\n", encoding="utf-8")

    def failing() -> Iterator[Candidate]:
        yield next(generate_candidates(1, 2))
        raise RuntimeError("the source broke")

    with pytest.raises(RuntimeError, match="broke"):
        write_jsonl(path, failing())
    assert path.read_text(encoding="utf-8") == "kept\n"
