"""The state of the match pages: requirements, weights and choice stand in the address, so each has a link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from api.faults import faults_of
from api.problems import Problem
from api.v1.schema_base import LangCode
from search.matching.scores import PARTS
from search.records.identifiers import is_id

PAGE_SIZE = 10
PAGES_AT_MOST = 100
#: How many candidates can stand side by side.
FEWEST, MOST = 2, 4

Choice = Literal["required", "favoured", "optional", "banned", "drop"]
CHOICES: tuple[Choice, ...] = ("required", "favoured", "optional", "banned", "drop")

#: Parameters of a requirement and of a part's weight begin so; the handle or the part follows.
NEED, WEIGHT = "need.", "weight."

_Handle = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
_Weight = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
_Id = Annotated[str, StringConstraints(max_length=40)]


class MatchState(BaseModel):
    """What the address of a match page says besides whose page it is."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    need: Annotated[dict[_Handle, Choice], Field(max_length=200)] = {}
    weight: dict[str, _Weight] = {}
    candidate: Annotated[tuple[_Id, ...], Field(max_length=100)] = ()
    target: Literal["vacancies", "roles"] = "vacancies"
    page: Annotated[int, Field(ge=1, le=PAGES_AT_MOST)] = 1
    lang: LangCode | None = None

    def pairs(self, *left_out: str) -> list[tuple[str, str]]:
        """Return the state as fields of an address or a form; what is as usual is left out."""
        held: dict[str, list[tuple[str, str]]] = {
            "need": [(NEED + handle, choice) for handle, choice in self.need.items()],
            "weight": [(WEIGHT + part, f"{value:g}") for part, value in self.weight.items()],
            "candidate": [("candidate", value) for value in self.candidate],
            "target": [("target", self.target)] if self.target != "vacancies" else [],
            "page": [("page", str(self.page))] if self.page > 1 else [],
            "lang": [("lang", self.lang)] if self.lang else [],
        }
        return [pair for name, pairs in held.items() if name not in left_out for pair in pairs]

    def query(self, *left_out: str) -> str:
        """Return the state as the query of an address, with its question mark; empty when as usual."""
        pairs = self.pairs(*left_out)
        return f"?{urlencode(pairs)}" if pairs else ""

    def at_page(self, page: int) -> Self:
        """Return the state at another page."""
        return self.model_copy(update={"page": page, "candidate": ()})

    def for_target(self, target: str) -> Self:
        """Return the state that looks for something else."""
        return self.model_copy(update={"target": target, "page": 1})

    def choosing(self, ids: tuple[str, ...]) -> Self:
        """Return the state with these candidates chosen."""
        return self.model_copy(update={"candidate": ids, "page": 1})

    def is_edited(self) -> bool:
        """Say whether requirements or weights are other than read and suggested."""
        return bool(self.need or self.weight)


def compare_url(vacancy_id: str, state: MatchState) -> str:
    """Return the address of the comparison of the candidates chosen."""
    return f"/compare?{urlencode([('vacancy', vacancy_id), *state.pairs('page', 'target')])}"


@dataclass(frozen=True)
class Pages:
    """Pages of hits, all of them links."""

    state: MatchState
    path: str
    total: int

    @property
    def count(self) -> int:
        """How many pages there are."""
        return max(1, min(-(-self.total // PAGE_SIZE), PAGES_AT_MOST))

    def url(self, number: int) -> str:
        """Return the address of a page."""
        return self.path + self.state.at_page(number).query()

    @property
    def numbers(self) -> list[int]:
        """First, last, the page shown and its neighbours, in order; 0 stands for a gap."""
        page = self.state.page
        near = sorted(n for n in {1, self.count, page - 1, page, page + 1} if 1 <= n <= self.count)
        found: list[int] = []
        for number in near:
            if found and number > found[-1] + 1:
                found.append(0)
            found.append(number)
        return found


def match_state(params: list[tuple[str, str]]) -> MatchState:
    """Read the state from the parameters of an address; empty fields of a form count as left open.

    Candidates chosen twice count once. What is no id of ours is left out, since nobody has it.

    Raises:
        Problem: a parameter cannot be used; the problem names it.
    """
    values: dict[str, Any] = {"need": {}, "weight": {}, "candidate": []}
    for name, value in params:
        if not value:
            continue
        if name.startswith(NEED):
            values["need"][name.removeprefix(NEED)] = value
        elif name.startswith(WEIGHT) and name.removeprefix(WEIGHT) in PARTS:
            values["weight"][name.removeprefix(WEIGHT)] = value
        elif name == "candidate":
            if is_id(value) and value not in values["candidate"]:
                values["candidate"].append(value)
        elif name in {"target", "page", "lang"}:
            values[name] = value
    try:
        return MatchState.model_validate(values)
    except ValidationError as error:
        faults = faults_of([_located(dict(found)) for found in error.errors()])
    raise Problem("invalid-input", faults)


def _located(error: Mapping[str, Any]) -> dict[str, Any]:
    """Name the parameter at fault, without a handle: that is the sender's."""
    location = error["loc"][:2] if error["loc"][0] == "weight" else error["loc"][:1]
    return {**error, "loc": ("query", *location)}
