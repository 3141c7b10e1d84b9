"""Indexes lie beside each other; one file says which is in use."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from search.backends.base import IndexMissingError, Manifest
from search.backends.embedded.index_folder import CURRENT, IndexFolder
from search.backends.indexes import manifest_hash

MANIFEST = Manifest(schema=1, tokeniser="t", model="m", dim=16, taxonomies="x")


@pytest.fixture
def indexes(tmp_path: Path) -> IndexFolder:
    return IndexFolder(tmp_path / "index")


def test_before_the_first(indexes: IndexFolder) -> None:
    assert indexes.current() is None
    assert indexes.previous() is None
    with pytest.raises(IndexMissingError, match="keeps none"):
        indexes.rollback()
    assert indexes.prune() == []


def test_the_folder_is_named_after_the_manifest(indexes: IndexFolder) -> None:
    first, second = indexes.create(MANIFEST), indexes.create(MANIFEST)
    assert first.name == manifest_hash(MANIFEST)
    assert second.name == f"{first.name}-2"
    for change in (
        {"schema": 2},
        {"model": "n"},
        {"dim": 8},
        {"tokeniser": "u"},
        {"taxonomies": ""},
    ):
        assert manifest_hash(replace(MANIFEST, **change)) != first.name


def test_promote_and_roll_back(indexes: IndexFolder) -> None:
    first, second, third = (indexes.create(MANIFEST) for _ in range(3))
    indexes.promote(first)
    assert (indexes.current(), indexes.previous()) == (first, None)
    indexes.promote(second)
    indexes.promote(second)
    assert (indexes.current(), indexes.previous()) == (second, first)
    assert indexes.rollback() == first
    assert (indexes.current(), indexes.previous()) == (first, second)
    assert indexes.prune() == [third.name]
    assert first.is_dir()
    assert second.is_dir()


def test_only_folders_of_its_own_are_promoted(indexes: IndexFolder, tmp_path: Path) -> None:
    for path in (tmp_path, indexes.root / "absent", tmp_path / "elsewhere"):
        with pytest.raises(IndexMissingError, match="no index folder"):
            indexes.promote(path)


@pytest.mark.parametrize("content", ["", "..\n", "../..", "/etc", "absent", "a/b"])
def test_a_pointer_that_leads_nowhere_is_none(indexes: IndexFolder, content: str) -> None:
    indexes.create(MANIFEST)
    (indexes.root / CURRENT).write_text(content)
    assert indexes.current() is None
