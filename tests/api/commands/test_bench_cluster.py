"""The comparison of both engines, small, on a real Elasticsearch: every line is there, and adds up."""

from __future__ import annotations

import math
import re

import httpx
import pytest
from typer.testing import CliRunner

from api.cli import app
from api.commands.bench_turns import ASKED

DOCUMENTS, ORIGINALS = 2_000, 1_000
#: Lines of two figures; those of one have a dash in place of the other and of the ratio.
OF_BOTH = [
    "index built of prepared documents, s",
    "documents/s",
    "CPU of our process for that, s",
    "CPU of all processes, s",
    "index on disk, MB",
    "CPU of our process for a search, ms",
    "CPU of all processes for a search, ms",
]
# Where the system says it.
OF_MEMORY = [
    "our process, most while building, MB",
    "our process after searches, MB",
    "all processes after searches, MB",
]
OF_ONE = ["CPU of the server for that, merges included, s", "segments of the index"]
PARTS = ["get", "lexical", "nearest", "similarities", "facets", "understanding, ranking, evidence"]
NUMBER = r"(\d+(?:\.\d+)?)"


@pytest.fixture(scope="module")
def run(elasticsearch):
    """Run the command once; return what it wrote."""
    options = ["--documents", DOCUMENTS, "--originals", ORIGINALS, "--queries", 6]
    result = CliRunner(env={"BOLE_ELASTICSEARCH_URL": elasticsearch.url}).invoke(
        app, ["bench-cluster", *map(str, options)], catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    return result.stdout


def section(run: str, heading: str) -> str:
    """Return what stands between a heading and the next empty line."""
    found = re.search(rf"^{re.escape(heading)}.*?(?=^$|\Z)", run, re.MULTILINE | re.DOTALL)
    assert found, f"{heading} is missing in\n{run}"
    return found.group()


def figures(run: str, what: str) -> list[str]:
    found = re.search(rf"^ *{re.escape(what)} +(\S+) +(\S+) +(\S+)$", run, re.MULTILINE)
    assert found, f"{what} is missing in\n{run}"
    return list(found.groups())


def test_it_says_how_many_documents_are_copies(run) -> None:
    said = (
        f"documents: {DOCUMENTS}, of them {ORIGINALS} made of generated records, 1000 noisy copies"
    )
    assert said in run


@pytest.mark.parametrize("what", OF_BOTH)
def test_figures_of_both_and_their_ratio(run, what) -> None:
    embedded, elastic, ratio = map(float, figures(run, what))
    assert embedded > 0
    assert elastic > 0
    assert ratio > 0


@pytest.mark.parametrize("what", OF_MEMORY)
def test_memory_and_its_ratio(run, what) -> None:
    cells = figures(run, what)
    if cells[1] == "-":
        pytest.skip("the server runs elsewhere, or this system has no /proc")
    assert float(cells[2]) == pytest.approx(float(cells[1]) / float(cells[0]), rel=0.01)


@pytest.mark.parametrize("what", OF_ONE)
def test_figures_that_only_a_server_has(run, what) -> None:
    embedded, elastic, ratio = figures(run, what)
    assert (embedded, ratio) == ("-", "-")
    assert float(elastic) > 0


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize(
    "heading",
    [
        "words: 100 best by BM25",
        "vectors: 100 nearest",
        "facets: ",
        "whole searches, facets included",
    ],
)
def test_times_of_both_under_every_filter(run, heading, name) -> None:
    lines = section(run, heading)
    found = re.search(rf"^{re.escape(name)} +{NUMBER}%(?: +{NUMBER}){{9}}", lines, re.MULTILINE)
    assert found, lines
    cells = [float(cell) for cell in found.group().split()[-9:]]
    for low, high, cpu in (cells[:3], cells[3:6]):
        assert 0 < low <= high
        assert cpu > 0
    assert all(math.isfinite(ratio) and ratio > 0 for ratio in cells[6:])


def test_both_find_the_exact_nearest_in_a_small_index(run) -> None:
    recalls = re.findall(rf"recall@100 {NUMBER} {NUMBER}", section(run, "vectors: 100 nearest"))
    assert len(recalls) == len(ASKED)
    assert min(float(value) for pair in recalls for value in pair) >= 0.99


def test_both_find_the_same(run) -> None:
    shares = re.findall(rf"same first ten {NUMBER}$", run, re.MULTILINE)
    assert len(shares) == len(ASKED)
    assert min(map(float, shares)) >= 0.99


def test_where_a_search_spends_its_time(run) -> None:
    lines = section(run, "where a search spends its time")
    rows = {line[:36].strip(): line[36:].split() for line in lines.splitlines()}
    assert set(PARTS) <= set(rows)
    parts = [row for name, row in rows.items() if name in {*PARTS, "count"}]
    whole = rows["together"]
    for column in (1, 3):  # milliseconds of either
        assert sum(float(row[column]) for row in parts) == pytest.approx(
            float(whole[column]), abs=0.1
        )
    assert float(whole[5]) >= 6  # requests a search


def test_nothing_stays_on_the_server(run, elasticsearch) -> None:
    assert run
    found = httpx.get(f"{elasticsearch.url}/bench-*/_settings", trust_env=False, timeout=30)
    assert found.json() == {}


def test_without_a_server_it_says_what_to_set() -> None:
    with pytest.raises(ValueError, match="BOLE_ELASTICSEARCH_URL"):
        CliRunner(env={"BOLE_ELASTICSEARCH_URL": ""}).invoke(
            app, ["bench-cluster"], catch_exceptions=False
        )
