"""Demand that employers declare, and what an office said to it. What one says is `ingest.declarations`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, delete, func, insert, select, update

from search.records.audit_tables import DECLARATION, LONGEST_NOTE
from search.records.database import Database
from search.records.errors import RecordError
from search.records.identifiers import is_id, new_id

State = Literal["draft", "sent", "accepted", "refused"]
#: From which states one may come to each; a refused one may be sent again.
MAY_FOLLOW: Mapping[State, tuple[State, ...]] = {
    "draft": ("sent", "refused"),
    "sent": ("draft", "refused"),
    "accepted": ("sent",),
    "refused": ("sent", "accepted"),
}


class DeclarationMissingError(RecordError):
    """There is no declaration with this id."""

    def __init__(self, declaration_id: str) -> None:
        super().__init__(
            f"declaration {declaration_id[:80]!r} was asked for; there is none with this id. List "
            "those there are"
        )


class DeclarationStateError(RecordError):
    """A declaration is in a state in which this cannot be done."""

    def __init__(self, found: str, wanted: str) -> None:
        super().__init__(
            f"a declaration was to become {wanted!r}; it is {found!r}, from where that cannot be. "
            "Read it again"
        )
        self.found = found


@dataclass(frozen=True, slots=True)
class KeptDeclaration:
    """A declaration, and where it stands.

    Attributes:
        id: unique, sorts by time.
        owner: the organisation that declares.
        body: what it declares, as `ingest.declarations.models.Declaration` writes it.
        state: `draft` until it is sent; then what the office said.
        answer: the office's words, or "".
    """

    id: str
    owner: str
    body: Mapping[str, Any]
    state: State
    answer: str
    made_at: datetime
    sent_at: datetime | None
    answered_at: datetime | None


class DeclarationStore:
    """Keeps declarations. Safe to share between threads.

    Args:
        database: an open database whose tables are in the present form.
        now: the clock; a test may hold it.
    """

    def __init__(
        self, database: Database, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database = database
        self._now = now

    def add(
        self, owner: str, bodies: Sequence[Mapping[str, Any]], *, is_sent: bool
    ) -> tuple[KeptDeclaration, ...]:
        """Keep declarations, all or none, as drafts or as sent."""
        at = self._now()
        state: State = "sent" if is_sent else "draft"
        made = tuple(
            KeptDeclaration(
                new_id(), owner, dict(body), state, "", at, at if is_sent else None, None
            )
            for body in bodies
        )
        with self._database.writing() as connection:
            for one in made:
                values = {name: getattr(one, name) for name in KeptDeclaration.__slots__}
                connection.execute(insert(DECLARATION).values(**values))
        return made

    def get(self, declaration_id: str) -> KeptDeclaration:
        """Return a declaration.

        Raises:
            DeclarationMissingError: there is none.
        """
        if is_id(declaration_id):
            for one in self._found(DECLARATION.c.id == declaration_id):
                return one
        raise DeclarationMissingError(declaration_id)

    def of(self, owner: str) -> tuple[KeptDeclaration, ...]:
        """Return the declarations of an owner, newest first."""
        return self._found(DECLARATION.c.owner == owner)

    def sent(self) -> tuple[KeptDeclaration, ...]:
        """Return all that are no drafts, newest first."""
        return self._found(DECLARATION.c.state != "draft")

    def mark(self) -> str:
        """Return what is another text after any declaration was sent, taken back or answered."""
        table = DECLARATION.c
        query = (
            select(table.state, func.count(), func.max(table.sent_at), func.max(table.answered_at))
            .group_by(table.state)
            .order_by(table.state)
        )
        with self._database.reading() as connection:
            return repr([tuple(row) for row in connection.execute(query)])

    def move(self, declaration_id: str, state: State, answer: str = "") -> KeptDeclaration:
        """Bring a declaration into another state.

        Raises:
            DeclarationMissingError: there is none.
            DeclarationStateError: it cannot come there from where it is.
        """
        which = DECLARATION.c.id == declaration_id
        at = self._now()
        with self._database.writing() as connection:
            query = select(DECLARATION.c.state).where(which)
            found = connection.execute(query).scalar() if is_id(declaration_id) else None
            if found is None:
                raise DeclarationMissingError(declaration_id)
            if found not in MAY_FOLLOW[state]:
                raise DeclarationStateError(found, state)
            moments: dict[str, Any] = (
                {"sent_at": at if state == "sent" else None, "answered_at": None}
                if state in {"draft", "sent"}
                else {"answered_at": at}
            )
            connection.execute(
                update(DECLARATION)
                .where(which)
                .values(state=state, answer=answer.strip()[:LONGEST_NOTE], **moments)
            )
        return self.get(declaration_id)

    def remove(self, declaration_id: str) -> bool:
        """Remove a draft; return whether there was one."""
        which = (DECLARATION.c.id == declaration_id, DECLARATION.c.state == "draft")
        with self._database.writing() as connection:
            return connection.execute(delete(DECLARATION).where(*which)).rowcount > 0

    def _found(self, *conditions: ColumnElement[bool]) -> tuple[KeptDeclaration, ...]:
        query = select(DECLARATION).where(*conditions).order_by(DECLARATION.c.id.desc())
        with self._database.reading() as connection:
            return tuple(map(_kept, connection.execute(query).all()))


def _kept(row: Row[Any]) -> KeptDeclaration:
    return KeptDeclaration(**{name: getattr(row, name) for name in KeptDeclaration.__slots__})
