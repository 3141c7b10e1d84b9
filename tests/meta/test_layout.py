"""The shape of the house: rules that no linter states."""

from __future__ import annotations

import ast
import importlib.metadata
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("api", "ingest", "search", "taxonomies")
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))

#: What may stand at the top of the repository; what begins with a dot is tools' and looked at below.
TOP_LEVEL = {
    *PACKAGES,
    "tests",
    "docs",
    "requirements",
    "var",
    "dist",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Dockerfile",
    "LICENSE",
    "Makefile",
    "NOTICE",
    "README.md",
    "README.zh.md",
    "docker-compose.yml",
    "pyproject.toml",
    "shared",
    "uv.lock",
}
#: Names that say nothing about what is inside.
NAMELESS = {"utils", "util", "helpers", "helper", "common", "core", "misc"}


def environment_reads(tree: ast.AST) -> Iterator[int]:
    """Yield the lines that touch the process environment."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(
                value=ast.Name(id="os"), attr="environ" | "getenv" | "putenv" | "environb"
            ):
                yield node.lineno
            case ast.ImportFrom(module="os", names=names):
                if {name.name for name in names} & {"environ", "getenv", "putenv", "environb"}:
                    yield node.lineno


def relative_imports(tree: ast.AST) -> Iterator[int]:
    """Yield the lines that import relatively."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield node.lineno


def parsed(path: Path) -> ast.Module:
    """Return a module's syntax tree."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def test_no_package_under_tests() -> None:
    # tests/search/__init__.py would shadow our `search` and break collection in every import mode.
    assert [str(path) for path in (ROOT / "tests").rglob("__init__.py")] == []


def test_every_source_folder_is_a_package() -> None:
    # Alembic loads its revisions by path.
    folders = {
        path.parent for path in SOURCES if path.parent.parts[-2:] != ("migrations", "versions")
    }
    assert [str(folder) for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_only_the_settings_read_the_environment() -> None:
    settings = ROOT / "api" / "settings.py"
    found = {
        str(path): list(environment_reads(parsed(path))) for path in SOURCES if path != settings
    }
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "line", ["import os\nos.environ['A']", "import os\nos.getenv('A')", "from os import environ"]
)
def test_the_rule_about_the_environment_can_fail(line: str) -> None:
    assert list(environment_reads(ast.parse(line)))


def test_no_relative_imports() -> None:
    paths = [*SOURCES, *(ROOT / "tests").rglob("*.py")]
    found = {str(path): list(relative_imports(parsed(path))) for path in paths}
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_nobody_else_owns_our_package_names() -> None:
    # Another distribution with a `search/` would overwrite ours without a complaint.
    owners = importlib.metadata.packages_distributions()
    others = {
        (name, owner) for name in PACKAGES for owner in owners.get(name, ()) if owner != "bole"
    }
    assert others == set()


def test_top_level_of_the_repository() -> None:
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert found - TOP_LEVEL - {"__pycache__"} == set()
    assert {*PACKAGES, "tests", "docs", "pyproject.toml", "Makefile", "README.md"} <= found


def test_every_module_has_a_name_that_says_what_it_holds() -> None:
    names = {
        path: {part.removesuffix(".py") for part in path.relative_to(ROOT).parts}
        for path in SOURCES
    }
    assert [str(path) for path, parts in names.items() if parts & NAMELESS] == []
