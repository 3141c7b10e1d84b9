"""Hostile files: each is refused with its reason, costs the server nothing, and the next good file is read."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ingest.resumes.docx_files import docx_of
from tests.ingest.resumes.hostile import HOSTILE

#: Kilobytes by which the process that asks may grow: the figure of the guide's test B5.
MOST_GROWTH = 30 * 1024
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """What became of each file, read in one process after the other."""
    folder = tmp_path_factory.mktemp("hostile")
    good = folder / "good.docx"
    good.write_bytes(docx_of("Jane"))
    paths = []
    for number, (make, _, _) in enumerate(HOSTILE.values()):
        paths.append(folder / f"{number}.pdf")
        paths[-1].write_bytes(make())
    told = subprocess.run(
        [
            sys.executable,
            "-W",
            "error",
            "-m",
            "tests.ingest.resumes.read_in_order",
            str(good),
            *map(str, paths),
        ],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        timeout=600,
    )
    return dict(zip(HOSTILE, map(json.loads, told.stdout.splitlines()), strict=True))


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_with_its_reason(outcomes, name):
    (reason, detail), _, _ = outcomes[name]
    _, expected, expected_detail = HOSTILE[name]
    assert reason == expected
    if expected_detail:
        assert detail == expected_detail


@pytest.mark.parametrize("name", HOSTILE)
def test_a_good_file_is_read_after_it(outcomes, name):
    assert outcomes[name][1] == ["read", "Jane"]


@pytest.mark.parametrize("name", HOSTILE)
def test_the_process_that_asked_stays_small(outcomes, name):
    assert outcomes[name][2] <= MOST_GROWTH
