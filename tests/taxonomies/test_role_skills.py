"""The links from roles to skills."""

from __future__ import annotations

from collections import Counter

import pytest

from taxonomies.catalogue import load_catalogue
from taxonomies.models import Role
from taxonomies.releases import open_release
from taxonomies.skills import load_skills

ROLES = load_catalogue().roles


@pytest.mark.parametrize("role", ROLES, ids=lambda role: str(role.number))
class TestEveryRole:
    def test_twelve_to_twenty_five_links(self, role: Role) -> None:
        assert 12 <= len(role.skills) <= 25

    def test_at_least_three_essential(self, role: Role) -> None:
        assert sum(link.relation == "essential" for link in role.skills) >= 3

    def test_links_resolve_and_none_stands_twice(self, role: Role) -> None:
        ids = [link.skill for link in role.skills]
        assert [skill for skill in ids if skill not in load_skills()] == []
        assert [skill for skill, count in Counter(ids).items() if count > 1] == []

    def test_no_link_to_a_heading(self, role: Role) -> None:
        skills = load_skills()
        assert [link.skill for link in role.skills if skills[link.skill].kind == "group"] == []


def test_every_row_of_the_file_is_loaded() -> None:
    rows = open_release("catalogue").rows("role_skills.csv")
    assert len(rows) == sum(len(role.skills) for role in ROLES)
    assert {row["relation"] for row in rows} == {"essential", "optional"}
