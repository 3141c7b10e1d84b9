"""Candidates for a vacancy side by side, as the template needs it. Names stay masked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from api.access import Access
from api.match_answers import side_of_body as side_of
from api.notices import region_name
from api.v1.match_schemas import MatchBody
from api.v1.schema_base import Words
from api.web.match_links import FEWEST, MOST, MatchState, compare_url
from api.web.match_page import Need, chosen, needs_of, settled, when_ready
from search.backends.filters import Ids
from search.matching.masking import masked
from search.matching.requirements import Requirement
from search.matching.results import Finding, Hit
from search.matching.scores import Node
from search.matching.service import MatchRequest
from search.models import Strength
from search.ranking.results import State
from search.records.models import Candidate, Vacancy
from search.records.stored import StoredRecord
from taxonomies.levels import load_education
from taxonomies.models import Text

_STATE: Mapping[State, str] = {
    State.FOUND: "met",
    State.MISSING: "missing",
    State.UNKNOWN: "unknown",
}


@dataclass(frozen=True)
class Cell:
    """How one requirement stands with one candidate."""

    state: str
    quote: str
    source: str
    by: Text | None


@dataclass(frozen=True)
class Column:
    """One candidate.

    Attributes:
        record: the profile, masked.
        hit: the scores; None of one whom a requirement excludes.
        cells: by the requirement's handle.
        place: where the candidate is; None when not said.
        levels: of education, highest first.
        without_url: the comparison without this one; empty where too few would be left.
    """

    record: Candidate
    hit: Hit | None
    cells: Mapping[str, Cell]
    place: Words | None
    levels: Sequence[Text]
    without_url: str

    def part(self, name: str) -> Node | None:
        """Return a part of the score by which the candidate meets the vacancy."""
        return _child(self.hit.vacancy if self.hit else None, name)

    def wish(self, name: str) -> Node | None:
        """Return a part of the score by which the vacancy meets the candidate's wishes."""
        return _child(self.hit.wishes if self.hit else None, name)


@dataclass(frozen=True)
class ComparePage:
    """Two to four candidates for a vacancy.

    Attributes:
        state: what the address says.
        back_url: the vacancy with the same choice.
        needs: the requirements that count, in the vacancy's order.
        columns: the candidates, best first, the excluded last; empty where they cannot be shown.
        parts: of the score, in order.
        wishes: parts of the candidates' wishes, in order.
        advice: why there is nothing to compare: `few`, `many`, `away`, `gone` or empty.
        gone: how many of those chosen cannot be shown.
    """

    state: MatchState
    back_url: str
    needs: Sequence[Need]
    columns: Sequence[Column]
    parts: Sequence[str]
    wishes: Sequence[str]
    advice: str
    gone: int


def compare_page_of(
    access: Access,
    stored: StoredRecord,
    vacancy: Vacancy,
    people: Sequence[StoredRecord],
    state: MatchState,
) -> ComparePage:
    """Return the comparison.

    Args:
        access: who asks.
        stored: the vacancy as it is stored.
        vacancy: the vacancy.
        people: the candidates chosen.
        state: what the address says.
    """
    needs = needs_of(vacancy, state)
    state = settled(state, needs)
    columns: list[Column] | None = []
    advice = "few" if len(people) < FEWEST else "many" if len(people) > MOST else ""
    if not advice:
        columns = when_ready(lambda: _columns(access, stored, people, chosen(needs), state))
        advice = "away" if columns is None else "" if len(columns) >= FEWEST else "gone"
    shown = (columns or []) if not advice else []
    return ComparePage(
        state=state,
        back_url=f"/vacancies/{stored.id}{state.query()}",
        needs=[need for need in needs if need.choice != "drop"],
        columns=shown,
        parts=_names(column.hit.vacancy for column in shown if column.hit),
        wishes=_names(c.hit.wishes for c in shown if c.hit and c.hit.wishes),
        advice=advice,
        gone=0 if columns is None or advice in {"few", "many"} else len(people) - len(columns),
    )


def _columns(
    access: Access,
    stored: StoredRecord,
    people: Sequence[StoredRecord],
    requirements: tuple[Requirement, ...],
    state: MatchState,
) -> list[Column]:
    """Return the candidates, best first; those who cannot be found by an employer are left out."""
    by_name = {f"candidate:{person.id}": person for person in people}
    _, side = side_of(access, MatchBody(vacancy_id=stored.id))

    def ask(names: Iterable[str], asked: tuple[Requirement, ...]) -> tuple[Hit, ...]:
        request = MatchRequest(condition=Ids(tuple(names)), weights=state.weight, limit=MOST)
        return access.matching.candidates(side, asked, request).hits

    hits = ask(by_name, requirements)
    columns = [
        _column(by_name[hit.doc_id], hit, _cells(hit.findings, requirements), stored.id, state)
        for hit in hits
    ]
    rest = by_name.keys() - {hit.doc_id for hit in hits}
    if rest:
        # Nothing excludes here, so that what excludes them can be shown.
        relaxed = tuple(
            replace(found, strength=Strength.FAVOURED) if found.is_hard else found
            for found in requirements
        )
        columns += [
            _column(by_name[hit.doc_id], None, _cells(hit.findings, requirements), stored.id, state)
            for hit in ask(sorted(rest), relaxed)
        ]
    return columns


def _cells(findings: Sequence[Finding], requirements: Sequence[Requirement]) -> dict[str, Cell]:
    strengths = {requirement.handle: requirement.strength for requirement in requirements}
    return {
        found.requirement.handle: _cell(found, strengths[found.requirement.handle])
        for found in findings
    }


def _cell(found: Finding, strength: Strength) -> Cell:
    state = found.state
    if strength is Strength.BANNED and found.requirement.strength is not Strength.BANNED:
        # Asked as if it were wanted; to have what is banned is to fail.
        state = State.MISSING if state is State.FOUND else State.FOUND
    return Cell(_STATE[state], found.quote, found.source, found.by)


def _column(
    person: StoredRecord,
    hit: Hit | None,
    cells: Mapping[str, Cell],
    vacancy_id: str,
    state: MatchState,
) -> Column:
    assert isinstance(person.record, Candidate)
    record = masked(person.record)
    held = {stage.level for stage in record.education}
    levels = [level.label for level in reversed(load_education()) if level.id in held]
    others = tuple(value for value in state.candidate if value != person.id)
    can_go = len(others) >= FEWEST
    return Column(
        record=record,
        hit=hit,
        cells=cells,
        place=region_name(record.region) if record.region else None,
        levels=levels,
        without_url=compare_url(vacancy_id, state.choosing(others)) if can_go else "",
    )


def _child(node: Node | None, name: str) -> Node | None:
    return next((child for child in node.children if child.name == name), None) if node else None


def _names(nodes: Iterable[Node | None]) -> list[str]:
    """Return the names of the parts of several scores, each once, in order."""
    return list(dict.fromkeys(child.name for node in nodes if node for child in node.children))
