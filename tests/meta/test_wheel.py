"""The wheel works: built, installed in a fresh environment, run from `/`, far from the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def bole(tmp_path_factory):
    """Return how to run the installed command, as arguments and environment."""
    folder = tmp_path_factory.mktemp("wheel")
    run(
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(folder),
        str(ROOT),
    )
    (wheel,) = folder.glob("*.whl")
    fresh = folder / "fresh"
    venv.create(fresh, with_pip=True)
    run(
        str(fresh / "bin" / "python"), "-m", "pip", "install", "-q", "--no-deps",
        "--disable-pip-version-check", str(wheel),
    )  # fmt: skip
    # The libraries come from this environment; its own editable install is not followed from there.
    (site,) = fresh.glob("lib/python*/site-packages")
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    environment = {
        "PATH": os.environ["PATH"],
        "BOLE_DATA_DIR": str(folder / "data"),
        "LC_ALL": "C.UTF-8",
    }
    return [str(fresh / "bin" / "bole")], environment


def test_it_holds_our_four_packages_and_their_data(bole):
    command, environment = bole
    code = "import taxonomies, search, ingest, api; print(taxonomies.__file__)"
    python = str(Path(command[0]).parent / "python")
    where = run(python, "-c", code, cwd="/", env=environment)
    assert not where.startswith(str(ROOT))


def test_it_prints_the_catalogue(bole):
    command, environment = bole
    rows = json.loads(run(*command, "taxonomy", "roles", "--json", cwd="/", env=environment))
    assert [row["number"] for row in rows] == list(range(1, 93))
    assert list(rows[0])[:5] == ["number", "domain", "field", "title", "duty"]
    assert rows[0]["title"] == "Java高级软件工程师"


def test_it_searches(bole):
    command, environment = bole
    answer = json.loads(run(*command, "search", "版图设计", "--json", cwd="/", env=environment))
    assert answer["hits"][0]["id"] == "role:9"
