"""The words of the pages: the same keys and placeholders in both languages, none unused, none missing."""

from __future__ import annotations

import json
import re
import string
from pathlib import Path

import pytest

from api.wording import LOCALES

ROOT = Path(__file__).parents[2]
SOURCES = [*(ROOT / "api").rglob("*.py"), *(ROOT / "api/web/templates").glob("*.html")]

#: Keys that are put together while a page is made: a prefix, then a value of the data.
COMPOSED = (
    "aspect.", "state.", "strength.", "via.", "employment.", "target.", "filter.", "standing.", "band.", "relation.",
    "source.", "beneficiary.", "grade.", "part.", "version.", "month.", "problem.", "fault.", "about.", "record.title.",
    "form.", "document.", "group.", "measures.", "role.", "scope.", "nav.home.", "request.state.", "contact.",
    "consent.", "access.", "done.", "import.state.", "import.count.", "imports.", "resume.", "table.", "document.",
    "report.", "export.hit", "forecast.", "indicator.", "lineage.", "proposal.", "row_fault.", "disclosure.", "audit.",
    "declaration.",
)  # fmt: skip


def load(lang):
    return json.loads((LOCALES / f"{lang}.json").read_text(encoding="utf-8"))


ZH, EN = load("zh"), load("en")
TEXT = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)


def placeholders(entry):
    texts = [entry] if isinstance(entry, str) else entry.values()
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_keys():
    assert ZH.keys() == EN.keys()


@pytest.mark.parametrize("key", sorted(ZH))
def test_both_languages_have_the_same_placeholders(key):
    assert placeholders(ZH[key]) == placeholders(EN[key])


@pytest.mark.parametrize("key", sorted(ZH))
def test_a_text_is_used(key):
    written = re.search(rf"""["']{re.escape(key)}["']""", TEXT)
    prefix = next((p for p in COMPOSED if key.startswith(p)), None)
    assert written or (prefix and re.search(rf"""["']{re.escape(prefix)}""", TEXT))


def test_a_text_that_is_used_is_there():
    used = set(re.findall(r"""\bt\(["']([a-z_.-]+[a-z_])["'][,)]""", TEXT))
    assert used <= ZH.keys()


def test_chinese_stands_in_the_locales_only():
    found = [
        path.relative_to(ROOT).as_posix()
        for path in SOURCES
        if re.search(r"[\u3400-\u9fff]", path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_the_files_are_sorted():
    assert list(ZH) == sorted(ZH)
    assert list(EN) == sorted(EN)
