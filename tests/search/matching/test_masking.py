"""What an employer sees of a candidate: the profile with blocks, or its passages alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.samples.candidates import generate_candidates
from search.matching.masking import BLOCK, masked, masked_passages
from search.ranking.passages import record_passages
from search.records.models import Candidate

SAID = ("男，28岁，", "张伟", "Java", "Acme", "我叫王芳。", "a@b.cn", "İş", " ", "数据挖掘")
TEXTS = st.lists(st.sampled_from(SAID), min_size=1, max_size=5).map("".join)


@given(headline=TEXTS, summary=TEXTS, lines=st.lists(TEXTS, max_size=3), school=TEXTS)
def test_passages_are_those_of_the_masked_profile(
    headline: str, summary: str, lines: list[str], school: str
) -> None:
    lines = [line for line in lines if line.strip()]
    candidate = Candidate.model_validate(
        {
            "headline": f"x{headline}",
            "summary": summary,
            "skills": [{"name": line} for line in lines],
            "work": [{"title": line, "employer": "Acme", "summary": summary} for line in lines],
            "education": [{"level": "master", "school": f"{school}大学"}],
            "certificates": lines,
            "languages": lines,
        }
    )
    assert masked_passages(candidate) == record_passages(masked(candidate))


def test_generated_profiles_have_the_same_passages_either_way() -> None:
    for candidate in generate_candidates(50, seed=3):
        assert masked_passages(candidate) == record_passages(masked(candidate))


def test_employers_and_protected_words_are_blocked_in_the_passages() -> None:
    candidate = Candidate.model_validate(
        {
            "headline": "工程师",
            "summary": "在示例公司任职，男，28岁。",
            "work": [{"title": "a", "employer": "示例公司"}],
        }
    )
    text = masked_passages(candidate)["summary"]
    assert BLOCK in text
    assert "示例公司" not in text
    assert "28" not in text
