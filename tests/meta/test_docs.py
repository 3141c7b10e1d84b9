"""The data page names what there is: every scheme, file and column."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from taxonomies.releases import CURRENT, DATA

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "data.md").read_text(encoding="utf-8")
FILES = sorted(
    path for scheme, version in CURRENT.items() for path in (DATA / scheme / version).rglob("*.csv")
)


def section(scheme: str) -> str:
    """Return what the page says about one scheme."""
    found = re.search(rf"^## {re.escape(scheme)}/.*?(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"docs/data.md should have a heading '## {scheme}/…'"
    return found.group()


def passage(path: Path) -> str:
    """Return what the page says about one file: from its name to the name of the next."""
    found = re.search(
        rf"`{re.escape(path.name)}`.*?(?=`[a-z_]+\.csv`|\Z)", section(path.parts[-3]), re.DOTALL
    )
    assert found, f"docs/data.md should name `{path.name}` under its scheme"
    return found.group()


@pytest.mark.parametrize("folder", sorted(path.name for path in DATA.iterdir() if path.is_dir()))
def test_every_scheme_has_a_section(folder: str) -> None:
    assert section(folder)


@pytest.mark.parametrize(("scheme", "version"), sorted(CURRENT.items()))
def test_the_release_in_force_is_the_one_described(scheme: str, version: str) -> None:
    assert section(scheme).startswith(f"## {scheme}/{version}")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_column_is_described(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file))
    said = passage(path)
    if "same columns plus" in said:
        said = passage(path.with_name("talent_tiers.csv")) + said
    missing = [name for name in columns if not re.search(rf"(?<![a-z_]){name}(?![a-z_])", said)]
    assert missing == []
