"""The catalogue: 92 rows, each with an English reading and the titles that people really write."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

import pytest

from taxonomies.catalogue import load_catalogue
from taxonomies.models import Role
from taxonomies.releases import open_release

ROLES = load_catalogue().roles
LEVELS = {"any", "junior", "mid", "senior", "lead", "expert", "director"}

#: Titles that the market uses for more than one row, read and accepted one by one.
SHARED = {
    "嵌入式软件工程师": {4, 38},
    "嵌入式工程师": {4, 38},
    "embeddedengineer": {4, 38},
    "embeddedsoftwareengineer": {4, 38},
    "stm32开发工程师": {4, 70},
    "全栈工程师": {1, 6},
    "fullstackengineer": {1, 6},
    "系统架构师": {33, 37},
    "systemarchitect": {33, 37},
    "自然语言处理工程师": {42, 49},
    "nlpengineer": {42, 49},
    "naturallanguageprocessingengineer": {42, 49},
    "推荐算法工程师": {42, 49},
    "ar/vr开发工程师": {53, 54},
    "xr开发工程师": {53, 54, 55},
    "xrdeveloper": {53, 54, 55},
    "unity3d开发工程师": {55, 62},
    "unity3ddeveloper": {55, 62},
    "游戏开发工程师": {61, 62},
    "gamedeveloper": {61, 62},
    "机器人工程师": {85, 86},
    "roboticsengineer": {85, 86},
}


def folded(label: str) -> str:
    """Return a label as labels are compared."""
    return re.sub(r"[\s\-_]", "", unicodedata.normalize("NFKC", label).lower())


def has_han(text: str) -> bool:
    """Say whether a text holds Chinese."""
    return re.search(r"[\u4e00-\u9fff]", text) is not None


def test_rows_and_fields() -> None:
    catalogue = load_catalogue()
    assert [role.number for role in ROLES] == list(range(1, 93))
    assert len(catalogue.fields) == 19
    assert {role.field for role in ROLES} == set(catalogue.fields)
    assert len({field.code for field in catalogue.fields}) == 19
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", field.code) for field in catalogue.fields)


def test_a_role_is_found_by_its_number_only() -> None:
    catalogue = load_catalogue()
    found = [catalogue.role(number) for number in (0, 1, 92, 93, -1)]
    assert [role and role.number for role in found] == [None, 1, 92, None, None]


def test_the_document_is_named_and_its_text_is_here() -> None:
    document = load_catalogue().document
    assert document["title"] in open_release("sources").text(document["file"])


@pytest.mark.parametrize("role", ROLES, ids=lambda role: str(role.number))
class TestEveryRole:
    def test_english_title_and_one_line_duty(self, role: Role) -> None:
        for text in (role.title.en, role.duty.en):
            assert text == text.strip() != ""
            assert "\n" not in text
            assert not has_han(text)

    def test_ten_to_thirty_labels_in_both_languages(self, role: Role) -> None:
        assert 10 <= len(role.labels_zh) + len(role.labels_en) <= 30
        assert len(role.labels_zh) >= 6
        assert len(role.labels_en) >= 5

    def test_labels_are_plain_and_differ(self, role: Role) -> None:
        labels = (*role.labels_zh, *role.labels_en)
        assert [label for label in labels if label != label.strip() or not label] == []
        counts = Counter(map(folded, labels))
        assert [label for label, count in counts.items() if count > 1] == []

    def test_english_labels_are_not_chinese(self, role: Role) -> None:
        assert [label for label in role.labels_en if has_han(label)] == []

    def test_seniority(self, role: Role) -> None:
        assert role.seniority.level in LEVELS
        assert role.seniority.words_zh
        assert role.seniority.words_en
        if "高级" in role.title.zh.replace("（高级）", ""):
            assert role.seniority.level == "senior"


def test_a_title_of_several_rows_is_meant_to_be_one() -> None:
    owners: dict[str, set[int]] = {}
    for role in ROLES:
        for label in (role.title.zh, *role.labels_zh, *role.labels_en):
            owners.setdefault(folded(label), set()).add(role.number)
    assert {label: rows for label, rows in owners.items() if len(rows) > 1} == SHARED


def test_every_label_row_belongs_to_a_role_and_a_language() -> None:
    rows = open_release("catalogue").rows("labels.csv")
    assert {row["number"] for row in rows} <= {str(role.number) for role in ROLES}
    assert {row["lang"] for row in rows} == {"zh", "en"}
    assert len(rows) == sum(len(role.labels_zh) + len(role.labels_en) for role in ROLES)
