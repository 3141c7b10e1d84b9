"""Sex, age, name, family, ethnicity and origin change nothing: 1,000 generated profiles, told two ways.

The scores are functions of the document, the vector of its passages and the vacancy. So equal documents and
equal passages mean scores and ranks that differ by exactly 0; some are scored as well, to see it.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from random import Random

import pytest

from ingest.judged_index import judged_index
from ingest.samples import generate_candidates, generate_vacancies
from ingest.sides import inline_side
from search.embedding.registry import open_encoder, open_frequencies
from search.matching.requirements import requirements_of
from search.matching.service import MatchRequest, MatchService
from search.matching.sides import Demand, Supply
from search.ranking.features import Features
from search.ranking.geometry import open_geometry
from search.records.models import Candidate
from tests.search.text.protected_variants import variants

PROFILES = 1_000
#: Words that no field of what the scores see may have in its name.
PROTECTED = {
    "name", "sex", "gender", "age", "birth", "photo", "ethnicity", "nation", "origin", "marital",
    "family", "religion", "party",
}  # fmt: skip


def told(candidate: Candidate, rng: Random, said: str) -> Candidate:
    """Put a statement into the summary: before, within or after what is there."""
    lines = [line for line in candidate.summary.split("\n") if line]
    lines.insert(rng.randint(0, len(lines)), said)
    return candidate.model_copy(update={"summary": "\n".join(lines)})


def test_a_thousand_profiles_are_the_same_whatever_they_tell() -> None:
    rng = Random(11)
    for candidate in generate_candidates(PROFILES, seed=77):
        place = rng.random()
        one, other = variants(rng), variants(rng)
        sides = [inline_side(told(candidate, Random(place), said)) for said in (one, other)]
        assert sides[0].document == sides[1].document, (one, other)
        assert sides[0].passages == sides[1].passages, (one, other)


def test_scores_and_ranks_differ_by_exactly_nothing(tmp_path: Path) -> None:
    rng = Random(12)
    encoder = open_encoder()
    people = list(generate_candidates(24, seed=78))
    runs = []
    for turn in range(2):
        changed = {
            f"p{n}": told(candidate, Random(n), variants(rng)) for n, candidate in enumerate(people)
        }
        backend = judged_index(tmp_path / f"index-{turn}", changed, encoder)
        service = MatchService(
            backend,
            encoder,
            open_frequencies(tmp_path / "models"),
            open_geometry(tmp_path / "models", encoder),
            lambda _: {},
            lambda _: {},
        )
        runs.append(
            [
                service.rank(inline_side(vacancy), requirements_of(vacancy), MatchRequest())
                for vacancy in generate_vacancies(6, seed=79)
            ]
        )
        backend.close()
    assert runs[0] == runs[1]
    assert any(runs[0])


@pytest.mark.parametrize("seen", [Demand, Supply, Features])
def test_what_the_scores_see_has_no_such_field(seen: type) -> None:
    names = {field.name for field in dataclasses.fields(seen)}
    words = {word for name in names for word in name.split("_")}
    assert not words & PROTECTED


def test_a_candidate_has_no_such_field() -> None:
    words = {word for name in Candidate.model_fields for word in name.split("_")}
    assert not words & PROTECTED
