"""Nothing is gained by stuffing a profile: 200 generated résumés, four tricks each, ranks before and after."""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.judged_index import judged_index
from ingest.samples import generate_candidates, generate_vacancies
from ingest.sides import cleared_sides, inline_side
from search.embedding.registry import open_encoder, open_frequencies
from search.embedding.remembered import RememberingEncoder
from search.matching.requirements import requirements_of
from search.matching.service import MatchRequest, MatchService
from search.ranking.geometry import open_geometry
from search.records.models import Candidate, StatedSkill, Vacancy

RESUMES = 200
VACANCIES = 6
#: How much a trick may raise a rank at worst.
WORST = 2


def stuffed(candidate: Candidate, vacancy: Vacancy, chance: random.Random) -> Candidate:
    """Append everything that the vacancy names, and more, several times."""
    words = [skill.name for skill in vacancy.skills] + ["Java", "Python", "Kubernetes", "PyTorch"]
    words = words * 4 + ["Verilog", "SQL", "React", "Linux", "AutoCAD", "SAP", "TensorFlow", "Go"]
    chance.shuffle(words)
    return _with(candidate, f"{candidate.summary}\n{'、'.join(words)}")


def pasted(candidate: Candidate, vacancy: Vacancy, chance: random.Random) -> Candidate:
    """Append the posting as it is."""
    del chance
    return _with(candidate, f"{candidate.summary}\n{vacancy.title}\n{vacancy.text}")


def repeated(candidate: Candidate, vacancy: Vacancy, chance: random.Random) -> Candidate:
    """Say each skill again and again, in the list and in the text."""
    del vacancy, chance
    again = tuple(StatedSkill(name=skill.name) for skill in candidate.skills) * 3
    said = "。".join(" ".join([skill.name] * 6) for skill in candidate.skills)
    return _with(
        candidate.model_copy(update={"skills": (candidate.skills + again)[:200]}),
        f"{candidate.summary}\n{candidate.summary}\n{said}",
    )


def hidden(candidate: Candidate, vacancy: Vacancy, chance: random.Random) -> Candidate:
    """Append what the vacancy names in characters that nobody sees or that only look alike."""
    joined = "\u200b、".join("\u2060".join(skill.name) for skill in vacancy.skills)
    fillers = "\u200b\u200c\u2060\ufeff\u3164"
    noise = "".join(chance.choice(fillers) for _ in range(300))
    return _with(candidate, f"{candidate.summary}{noise}\n{joined}、{joined}、{joined}")


TRICKS: dict[str, Callable[[Candidate, Vacancy, random.Random], Candidate]] = {
    "stuffed": stuffed,
    "pasted": pasted,
    "repeated": repeated,
    "hidden": hidden,
}


def _with(candidate: Candidate, summary: str) -> Candidate:
    return candidate.model_copy(update={"summary": summary[:20_000]})


@dataclass
class Market:
    """Some vacancies, résumés, and an index that holds every résumé plain and with each trick."""

    service: MatchService
    vacancies: list[Vacancy]
    turns: dict[str, int]


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    folder: Path = tmp_path_factory.mktemp("gaming")
    chance = random.Random(6)
    # Tricks that change nothing leave a text that was encoded already.
    encoder = RememberingEncoder(open_encoder(), folder / "models")
    resumes = {f"r{n}": c for n, c in enumerate(generate_candidates(RESUMES, seed=241))}
    vacancies = list(generate_vacancies(VACANCIES, seed=242))
    turns = {name: n % VACANCIES for n, name in enumerate(resumes)}
    indexed = dict(resumes)
    for name, candidate in resumes.items():
        for trick, play in TRICKS.items():
            indexed[f"{name}.{trick}"] = play(candidate, vacancies[turns[name]], chance)
    backend = judged_index(folder / "index", indexed, encoder)
    service = MatchService(
        backend,
        encoder,
        open_frequencies(folder / "models"),
        open_geometry(folder / "models", encoder),
        lambda _: {},
        lambda _: {},
        lambda ids, posting: cleared_sides(
            {name: indexed[name.partition(":")[2]] for name in ids}, posting
        ),
        depth=len(indexed),
        pool=len(indexed),
    )
    yield Market(service, vacancies, turns)
    backend.close()


@pytest.mark.slow
@pytest.mark.parametrize("trick", list(TRICKS))
def test_a_trick_does_not_raise_a_rank(market: Market, trick: str) -> None:
    changes = []
    for number, vacancy in enumerate(market.vacancies):
        ranked = market.service.rank(inline_side(vacancy), requirements_of(vacancy), MatchRequest())
        scores = {doc_id.removeprefix("candidate:"): score for doc_id, score in ranked}
        plain = {name: score for name, score in scores.items() if "." not in name}
        for name, turn in market.turns.items():
            if turn != number:
                continue
            others = [score for other, score in plain.items() if other != name]
            before, after = (
                sum(score > scores[who] for score in others) if who in scores else len(others)
                for who in (name, f"{name}.{trick}")
            )
            changes.append(before - after)
    assert len(changes) == RESUMES
    assert statistics.median(changes) == 0
    assert max(changes) <= WORST, sorted(changes)[-10:]
