"""The state of the search page: all of it stands in the address, so that every result has a link."""

from __future__ import annotations

from typing import Annotated, Self
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from api.codes import EducationLevel, FieldCode, RegionCode, SkillId
from api.faults import faults_of
from api.problems import Problem
from api.v1.schema_base import TEXT_AT_MOST, LangCode
from search.models import Target
from search.records.models import Employment

PAGE_SIZE = 10
PAGES_AT_MOST = 100

_Handle = Annotated[str, StringConstraints(max_length=100)]
#: Parameters that may stand more than once.
SEVERAL = ("drop", "field", "region", "skill", "employment")


class SearchState(BaseModel):
    """What the address of the search page says."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    q: Annotated[str, StringConstraints(max_length=TEXT_AT_MOST)] | None = None
    target: Target = Target.ROLES
    drop: Annotated[tuple[_Handle, ...], Field(max_length=200)] = ()
    field: Annotated[tuple[FieldCode, ...], Field(max_length=50)] = ()
    region: Annotated[tuple[RegionCode, ...], Field(max_length=50)] = ()
    skill: Annotated[tuple[SkillId, ...], Field(max_length=50)] = ()
    employment: Annotated[tuple[Employment, ...], Field(max_length=4)] = ()
    education: EducationLevel | None = None
    years: Annotated[float, Field(ge=0, le=60, allow_inf_nan=False)] | None = None
    page: Annotated[int, Field(ge=1, le=PAGES_AT_MOST)] = 1
    lang: LangCode | None = None

    def query(self) -> str:
        """Return the state as the query of an address; what is as usual is left out."""
        values = self.model_dump(mode="json", exclude_defaults=True)
        return urlencode({k: v for k, v in values.items() if v not in (None, [])}, doseq=True)

    def pairs(self, *left_out: str) -> list[tuple[str, str]]:
        """Return the state as hidden fields of a form, without the fields that the form has itself."""
        values = self.model_dump(mode="json", exclude_defaults=True, exclude={"page", *left_out})
        return [
            (name, str(entry))
            for name, value in values.items()
            for entry in (value if isinstance(value, list) else [value])
            if entry is not None
        ]

    def url(self) -> str:
        """Return the address of the page."""
        query = self.query()
        return f"/?{query}" if query else "/"

    def at_page(self, page: int) -> Self:
        """Return the state at another page."""
        return self.model_copy(update={"page": page})

    def dropping(self, handle: str) -> Self:
        """Return the state without a condition of the reading."""
        return self.model_copy(update={"drop": (*self.drop, handle), "page": 1})

    def restored(self) -> Self:
        """Return the state with all conditions of the reading."""
        return self.model_copy(update={"drop": (), "page": 1})

    def without_filter(self, name: str, value: str = "") -> Self:
        """Return the state without one filter value, or one filter."""
        held = getattr(self, name)
        rest = tuple(entry for entry in held if entry != value) if isinstance(held, tuple) else None
        return self.model_copy(update={name: rest, "page": 1})

    def without_filters(self) -> Self:
        """Return the state without any filter."""
        bare: dict[str, object] = {name: () for name in SEVERAL if name != "drop"}
        return self.model_copy(update=bare | {"education": None, "years": None, "page": 1})

    def has_filters(self) -> bool:
        """Say whether any filter is set."""
        return self.without_filters().at_page(self.page) != self


def state_of(params: list[tuple[str, str]]) -> SearchState:
    """Read the state from the parameters of an address; empty fields of a form count as left open.

    Raises:
        Problem: 422, a parameter cannot be used; it is named.
    """
    values: dict[str, object] = {}
    for name, value in params:
        if name in SEVERAL and value:
            held = values.setdefault(name, [])
            if isinstance(held, list):
                held.append(value)
        elif name == "q" or (name in SearchState.model_fields and value):
            values[name] = value
    try:
        return SearchState.model_validate(values)
    except ValidationError as error:
        faults = faults_of([dict(e) | {"loc": ("query", *e["loc"])} for e in error.errors()])
    raise Problem("invalid-input", faults)
