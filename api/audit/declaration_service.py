"""Demand that employers declare: their own to write and send, an office's to read and to answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ValidationError

from api.audit.allowed import is_officer, require_officer
from api.problems import Fault, Phrase, Problem
from ingest.declarations.columns import load_columns
from ingest.declarations.models import Declaration
from ingest.declarations.reading import DeclarationTable, read_declarations, refusals
from ingest.declarations.template import write_template
from search.accounts.principal import Role, Scope, Standing
from search.audit.stores.declarations import (
    DeclarationMissingError,
    DeclarationStateError,
    KeptDeclaration,
)
from taxonomies.models import Lang, Text

if TYPE_CHECKING:
    from api.access import Access

Act = Literal["send", "withdraw", "accept", "refuse"]
_STATE_OF: Mapping[Act, Literal["sent", "draft", "accepted", "refused"]] = {
    "send": "sent",
    "withdraw": "draft",
    "accept": "accepted",
    "refuse": "refused",
}
#: Declarations of one organisation, at most.
MOST = 5000


@dataclass(frozen=True)
class Taken:
    """What came of a file.

    Attributes:
        made: the declarations that were taken as drafts.
        table: what the file held, with what is wrong with the other rows.
    """

    made: tuple[KeptDeclaration, ...]
    table: DeclarationTable


def may_declare(access: Access) -> bool:
    """Say whether the caller can declare demand."""
    who = access.who
    return who.standing in {Standing.OPEN, Standing.OPERATOR} or who.role in {
        Role.EMPLOYER,
        Role.OFFICE,
    }


def declarations(access: Access) -> tuple[KeptDeclaration, ...]:
    """Return the caller's own declarations, and to officers all that were sent; newest first.

    Raises:
        Problem: 401 or 403 for who can have none.
    """
    access.require(Scope.READ)
    if not may_declare(access):
        raise access.refusal()
    store = access.bole.audit_stores.declarations
    found = {one.id: one for one in store.of(access.who.owner)}
    if is_officer(access):
        found |= {one.id: one for one in store.sent()}
    return tuple(sorted(found.values(), key=lambda one: one.id, reverse=True))


def read(access: Access, declaration_id: str) -> KeptDeclaration:
    """Return a declaration that the caller may see.

    Raises:
        Problem: 401, 403, 404.
    """
    access.require(Scope.READ)
    if not may_declare(access):
        raise access.refusal()
    try:
        found = access.bole.audit_stores.declarations.get(declaration_id)
    except DeclarationMissingError:
        raise Problem("not-found") from None
    is_shown = found.state != "draft" and is_officer(access)
    if found.owner != access.who.owner and not is_shown:
        raise Problem("not-found")
    return found


def add(access: Access, said: Mapping[str, Any], *, is_sent: bool) -> KeptDeclaration:
    """Keep a declaration of the caller's; an employer's own name stands for the employer.

    Raises:
        Problem: 401, 403; 409 where there are too many; 422 with the fields at fault.
    """
    access.require(Scope.WRITE)
    if not may_declare(access):
        raise access.refusal()
    body = {name: value for name, value in said.items() if value not in (None, "", ())}
    employer = own_employer(access)
    if employer is not None:
        body["employer"] = employer
    try:
        declaration = Declaration.model_validate(body)
    except ValidationError as error:
        raise Problem("invalid-input", list(_faults(error))) from None
    if refused := list(refusals(1, declaration)):
        raise Problem(
            "invalid-input",
            [Fault("body", one.column, Phrase("fault.declaration_asks")) for one in refused],
        )
    return _keep(access, [declaration], is_sent=is_sent)[0]


def take(access: Access, content: bytes) -> Taken:
    """Keep the sound rows of a filled-in template as drafts; the others come back with what is wrong.

    Raises:
        Problem: 401, 403; 409 where there are too many.
    """
    access.require(Scope.WRITE)
    if not may_declare(access):
        raise access.refusal()
    table = read_declarations(content, employer=own_employer(access))
    made = _keep(access, [row.declaration for row in table.rows], is_sent=False)
    return Taken(made, table)


def template(access: Access, lang: Lang) -> bytes:
    """Return an empty template.

    Raises:
        Problem: 401 or 403.
    """
    if not may_declare(access):
        raise access.refusal()
    return write_template(lang)


def labels() -> dict[str, Text]:
    """Return what the columns of the template are called."""
    return {column.key: column.header for column in load_columns()}


def act(access: Access, declaration_id: str, act: Act, answer: str = "") -> KeptDeclaration:
    """Send a declaration of the caller's or take it back; accept or refuse one, for offices.

    Raises:
        Problem: 401, 403, 404; 409 in a state in which this cannot be done.
    """
    access.require(Scope.WRITE)
    found = read(access, declaration_id)
    if act in {"accept", "refuse"}:
        require_officer(access, Scope.WRITE)
    elif found.owner != access.who.owner:
        raise Problem("forbidden")
    store = access.bole.audit_stores.declarations
    try:
        return store.move(declaration_id, _STATE_OF[act], answer)
    except DeclarationMissingError:
        raise Problem("not-found") from None
    except DeclarationStateError:
        raise Problem("conflict", detail=Phrase("declaration.wrong_state")) from None


def remove(access: Access, declaration_id: str) -> None:
    """Remove a draft of the caller's.

    Raises:
        Problem: 401, 403, 404; 409 for one that was sent.
    """
    access.require(Scope.WRITE)
    found = read(access, declaration_id)
    if found.owner != access.who.owner:
        raise Problem("forbidden")
    if not access.bole.audit_stores.declarations.remove(found.id):
        raise Problem("conflict", detail=Phrase("declaration.wrong_state"))


def own_employer(access: Access) -> str | None:
    """Return the name of the employer that the caller speaks for; None for who speaks for several."""
    if access.who.role is not Role.EMPLOYER:
        return None
    names = {one.id: one.name for one in access.bole.accounts.organisations()}
    return names.get(access.who.organisation_id)


def _keep(
    access: Access, found: Sequence[Declaration], *, is_sent: bool
) -> tuple[KeptDeclaration, ...]:
    store = access.bole.audit_stores.declarations
    if len(store.of(access.who.owner)) + len(found) > MOST:
        raise Problem("conflict", detail=Phrase("declaration.too_many", {"most": MOST}))
    bodies = [one.model_dump(mode="json") for one in found]
    return store.add(access.who.owner, bodies, is_sent=is_sent)


def _faults(error: ValidationError) -> Any:
    for entry in error.errors(include_url=False, include_input=False):
        place = entry["loc"]
        if not place:
            # What is wrong with the whole: which of the two of role and title, or the months.
            message = str(entry["msg"])
            name = "until_month" if "until_month" in message else "role"
            yield Fault("body", name, Phrase(f"fault.declaration_{name}"))
        elif "telephone" in str(entry["msg"]):
            yield Fault("body", str(place[0]), Phrase("fault.declaration_contact"))
        else:
            yield Fault("body", str(place[0]), Phrase("fault.declaration_value"))
