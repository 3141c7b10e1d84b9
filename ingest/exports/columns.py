"""The columns of a list, said once for CSV, XLSX, JSON Lines and the screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from ingest.tables.model import Cell

#: One line of a list: field to value.
Cells = Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name_key: key of its header in the locale files; the last part is its name in JSON Lines.
        value: what a row has in it.
        width: in characters, in XLSX.
    """

    name_key: str
    value: Callable[[Cells], Cell]
    width: int = 16

    @property
    def field(self) -> str:
        """Return the name of the column in JSON Lines."""
        return self.name_key.rpartition(".")[2]


def column(prefix: str, field: str, width: int = 16) -> Column:
    """Return the column that shows one field, its header under `<prefix>.<field>`."""
    return Column(f"{prefix}.{field}", partial(_field, field), width)


def _field(name: str, row: Cells) -> Cell:
    return row.get(name)


CANDIDATE_FIELDS = {
    "key": 14, "name": 10, "phone": 16, "email": 22, "headline": 28, "summary": 50, "skills": 40,
    "years_experience": 10, "region": 12, "education": 24, "languages": 16, "certificates": 20, "work": 40,
    "wished_roles": 24, "wished_regions": 20, "wished_pay": 12, "wished_employment": 14,
    "talent_tier": 14, "available_from": 14, "status": 10,
}  # fmt: skip
VACANCY_FIELDS = {
    "key": 14, "title": 24, "employer": 24, "role": 10, "headcount": 10, "text": 50, "required_skills": 32,
    "skills": 32, "optional_skills": 24, "years_at_least": 10, "education_at_least": 14, "region": 12,
    "pay_from": 12, "pay_to": 12,
    "employment": 12, "languages": 16, "posted": 14, "valid_through": 14, "status": 10,
}  # fmt: skip

#: Columns of a list of candidates; leave out `name`, `phone` and `email` where profiles are masked.
CANDIDATE_COLUMNS = tuple(
    column("table.field.candidate", field, width) for field, width in CANDIDATE_FIELDS.items()
)
#: Columns of a list of vacancies.
VACANCY_COLUMNS = tuple(
    column("table.field.vacancy", field, width) for field, width in VACANCY_FIELDS.items()
)
#: The columns that say who a candidate is.
CONTACT_FIELDS = frozenset({"name", "phone", "email"})
