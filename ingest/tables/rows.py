"""What a row of a sheet gives: a record with its contact, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from search.accounts.contacts import Contact
from search.records.models import Candidate, Vacancy
from taxonomies.models import Text

Params = Mapping[str, str | int | float | Text]

#: Longest value quoted in a fault, in characters.
LONGEST_QUOTE = 200


@dataclass(frozen=True, slots=True)
class Remark:
    """A code with what it speaks of; its words stand in the locale files.

    Attributes:
        code: of a reason (`table.reason.<code>`) or of a fix (`table.fix.<code>`).
        params: what is filled into the words; a `Text` is said in the language of the words.
    """

    code: str
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with one cell.

    Attributes:
        row: as in the sheet, from 1.
        column: its header as written; "" where the row as a whole is meant.
        value: what stands there, cut after `LONGEST_QUOTE` characters.
        reason: why it is not taken.
        fix: what to do.
    """

    row: int
    column: str
    value: str
    reason: Remark
    fix: Remark


@dataclass(frozen=True, slots=True)
class RowResult:
    """One row that is not empty: either a record or at least one fault.

    Attributes:
        row: as in the sheet, from 1.
        record: with a key, its own or one made from what the row says.
        contact: of a candidate, where the sheet has one.
        faults: in the order of the columns; empty where there is a record.
    """

    row: int
    record: Candidate | Vacancy | None = None
    contact: Contact | None = None
    faults: tuple[RowFault, ...] = ()


class ValueFaultError(ValueError):
    """A value that cannot be taken; becomes a `RowFault` where the row is known."""

    def __init__(self, reason: str, fix: str, /, **params: str | int | float | Text) -> None:
        super().__init__(reason)
        self.reason = Remark(reason, params)
        self.fix = Remark(fix, params)
