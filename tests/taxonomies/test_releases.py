"""Releases are opened whole or not at all: an altered, missing or unlisted file is refused with a way out."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from taxonomies import releases, seal
from taxonomies.releases import CURRENT, DATA, ReleaseError, open_release, split

VERSION = CURRENT["levels"]


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the levels, in which a test may do damage; returns its folder."""
    folder = tmp_path / "levels" / VERSION
    shutil.copytree(DATA / "levels" / VERSION, folder)
    monkeypatch.setattr(releases, "DATA", tmp_path)
    open_release.cache_clear()
    yield folder
    open_release.cache_clear()


@pytest.mark.parametrize("scheme", sorted(CURRENT))
def test_every_listed_file_is_there_unaltered_and_every_file_is_listed(scheme: str) -> None:
    release = open_release(scheme)
    files = {path for path in release.folder.rglob("*") if path.is_file()}
    found = {path.relative_to(release.folder).as_posix(): path for path in files}
    assert set(release.hashes) == set(found) - {"datapackage.json"}
    for name, expected in release.hashes.items():
        assert "sha256:" + hashlib.sha256(found[name].read_bytes()).hexdigest() == expected, name


@pytest.mark.parametrize("scheme", sorted(CURRENT))
def test_every_package_says_where_it_comes_from(scheme: str) -> None:
    package = open_release(scheme).package
    for key in ("name", "retrieved", "licence"):
        assert package.get(key), key


def test_a_changed_byte_is_refused_with_the_file_and_the_fix(planted: Path) -> None:
    path = planted / "education.csv"
    content = bytearray(path.read_bytes())
    content[-2] ^= 1
    path.write_bytes(content)
    with pytest.raises(ReleaseError, match="should have hash sha256:") as caught:
        open_release("levels").rows("education.csv")
    assert str(path) in str(caught.value)
    assert "python -m taxonomies.seal" in str(caught.value)


def test_a_file_that_is_not_listed(planted: Path) -> None:
    (planted / "extra.csv").write_text("id\n1\n")
    with pytest.raises(
        ReleaseError, match=r"extra\.csv is not listed .* run python -m taxonomies.seal"
    ):
        open_release("levels").text("extra.csv")


def test_a_file_that_is_missing(planted: Path) -> None:
    (planted / "education.csv").unlink()
    with pytest.raises(ReleaseError, match=r"education\.csv is listed .* is missing; restore it"):
        open_release("levels").text("education.csv")


def test_an_unknown_release_names_the_known_ones() -> None:
    with pytest.raises(
        ReleaseError, match=r"release '1999' of 'catalogue'.*Releases here: zhejiang-2017"
    ):
        open_release("catalogue", "1999")


def test_an_unknown_scheme_names_the_known_ones() -> None:
    with pytest.raises(
        ReleaseError, match=r"scheme 'jobs' was asked for; there are catalogue, levels"
    ):
        open_release("jobs")


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"resources": [{"path": "a.csv"}]}'])
def test_a_package_that_cannot_be_read(planted: Path, text: str) -> None:
    (planted / "datapackage.json").write_text(text)
    with pytest.raises(
        ReleaseError, match=r"datapackage\.json should be JSON with a list 'resources'"
    ):
        open_release("levels")


@pytest.mark.parametrize("row", ["one,two,three", "a,b,c,d,e,f,g"])
def test_a_row_of_another_length_than_the_header(planted: Path, row: str) -> None:
    path = planted / "education.csv"
    path.write_text(path.read_text(encoding="utf-8") + row + "\n", encoding="utf-8")
    seal.seal(planted)
    with pytest.raises(ReleaseError, match=r"education\.csv, line 8: the row should have 6 cells"):
        open_release("levels").rows("education.csv")


def test_sealing_accepts_an_edit_and_keeps_the_provenance(planted: Path) -> None:
    manifest = planted / "datapackage.json"
    before = json.loads(manifest.read_text(encoding="utf-8"))
    fingerprint = open_release("levels").fingerprint
    open_release.cache_clear()
    path = planted / "education.csv"
    path.write_bytes(path.read_bytes().replace(b"Bachelor", b"Bachelors"))
    assert seal.seal(planted) == len(before["resources"])
    after = json.loads(manifest.read_text(encoding="utf-8"))
    assert before | {"resources": []} == after | {"resources": []}
    assert open_release("levels").rows("education.csv")
    assert open_release("levels").fingerprint != fingerprint


def test_sealing_what_is_sealed_changes_nothing(planted: Path) -> None:
    before = (planted / "datapackage.json").read_bytes()
    seal.seal(planted)
    assert (planted / "datapackage.json").read_bytes() == before


@pytest.mark.parametrize(
    ("cell", "values"),
    [("", ()), ("a", ("a",)), ("a|b", ("a", "b")), ("a| b |", ("a", "b")), ("|", ())],
)
def test_split(cell: str, values: tuple[str, ...]) -> None:
    assert split(cell) == values
