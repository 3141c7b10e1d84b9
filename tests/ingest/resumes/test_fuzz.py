"""Damaged files: read or refused, and nothing else."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.resumes.draft import draft_profile
from ingest.resumes.models import REASONS, ResumeRefused, ResumeText
from ingest.resumes.parse import read_resume
from ingest.resumes.visible import cleaned
from search.text.protected import protected_spans
from tests.ingest.resumes.mutations import mutated

ROOT = Path(__file__).resolve().parents[3]


def ended(data):
    """Return the reason of a refusal, or the text."""
    try:
        return "", read_resume(data, filename="x").text
    except ResumeRefused as refusal:
        return refusal.reason, ""


def test_five_hundred_damaged_files_are_read_or_refused():
    command = [sys.executable, "-m", "tests.ingest.resumes.fuzz_inside", "500", "20261122"]
    told = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=500)
    assert told.returncode == 0, told.stderr[-2000:]
    ends = ast.literal_eval(told.stdout)
    assert sum(ends.values()) == 500
    # Neither is everything refused nor does damage go unseen.
    assert ends["read"] >= 100 and ends["malformed"] >= 20, ends


@pytest.mark.parametrize("data", list(mutated(20, seed=7)))
def test_damaged_files_are_read_or_refused_the_whole_way(data):
    reason, text = ended(data)
    assert (reason in REASONS) != bool(text)


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_any_bytes_are_read_or_refused(data):
    # No PDF and no DOCX: those are in the tests above, each in a process of its own.
    reason, text = ended(b"a" + data)
    assert reason in ("", "broken_text", "wrong_type", "no_text")
    assert bool(reason) != bool(text)


_PIECES = st.sampled_from(
    ["工作经历", "教育背景", "技能：", "姓名：", "张伟", "2019.07-至今", "杭州某某有限公司", "工程师", "本科", "|",
     "\n", " ", "\t", "Java", "、", "13800138000", "a@b.cn", "性别：男", "公司：", "职位：", "期望薪资：", "15k",
     "Jane Doe", "•", "（", "Skills", "Experience", "University", "Jan 2019 - Present", "，", "28岁", "汉族",
     "语言", "English"]
)  # fmt: skip


@given(st.lists(_PIECES | st.text(max_size=6), max_size=60).map(" ".join))
@settings(deadline=None, max_examples=150)
def test_any_text_becomes_a_draft_without_secrets(text):
    shown, _ = cleaned(text)
    draft = draft_profile(ResumeText("txt", "", shown))
    record = draft.candidate(headline="x")
    assert record is not None
    said = str(record.model_dump())
    assert "13800138000" not in said and "a@b.cn" not in said
    assert not protected_spans(draft.parts.summary)
    assert all(0 <= start <= end <= len(shown) for start, end in draft.evidence.values())
