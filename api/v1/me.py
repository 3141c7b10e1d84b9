"""`/v1/me`: who you are here, all that is kept about you, and its erasure."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter, Response
from pydantic import Field

from api import own_data
from api.erasing import backups_holding_since, erase_account
from api.problems import Problem
from api.strict_route import StrictRoute
from api.v1.dependencies import AnswerLang, AnyAccess
from api.v1.responses import errors
from api.v1.schema_base import Answered
from search.accounts.principal import Role, Scope

router = APIRouter(prefix="/me", route_class=StrictRoute, tags=["account"])


class Me(Answered):
    """Who asks."""

    standing: Literal["open", "anonymous", "operator", "signed-in"] = Field(
        description="`open`: there are no accounts here; `anonymous`: you are not signed in"
    )
    role: Literal["candidate", "employer", "office", "admin"] | None = Field(
        description="what your account is for"
    )
    name: str = Field(description="as your account says")
    owner: str = Field(description="owner of the records that you add; empty for who can add none")
    scopes: list[Literal["read", "write", "export"]] = Field(description="what you may do")


class ErasureProof(Answered):
    """Proof that a record was erased, without anything of it."""

    id: str = Field(description="id of the proof")
    record_id: str = Field(description="id that the record had")
    at: datetime = Field(description="when")
    removed: dict[str, int] = Field(description="how many rows of each table went with it")


class Erased(Answered):
    """What was erased."""

    proofs: list[ErasureProof] = Field(description="one for each profile")
    backups: list[datetime] = Field(
        description="when the backups were made that still hold it; a restore erases it again"
    )


@router.get("", summary="Say who you are here", responses=errors(503))
def read_me(access: AnyAccess, lang: AnswerLang) -> Me:
    """Return what Bole takes you for."""
    del lang
    who = access.who
    return Me(
        standing=who.standing.value,
        role=who.role.value if who.role else None,
        name=who.name,
        owner=who.owner,
        scopes=sorted(scope.value for scope in who.scopes),
    )


@router.get("/data", summary="Everything that is kept about you", responses=errors(503))
def read_data(access: AnyAccess, response: Response, lang: AnswerLang) -> dict[str, Any]:
    """Return your account, profiles with contact details and who read them, requests and searches."""
    del lang
    response.headers["Content-Disposition"] = 'attachment; filename="bole-data.json"'
    return own_data.export(access)


@router.delete("", summary="Erase yourself", responses=errors(503))
def delete_me(access: AnyAccess, lang: AnswerLang) -> Erased:
    """Erase a job seeker's account with its profiles and all that was derived from them, at once."""
    del lang
    access.require(Scope.WRITE)
    if not access.who.is_signed_in:
        raise access.refusal()
    account = access.bole.accounts.get(access.who.account_id)
    if account.role is Role.ADMIN:
        raise Problem("forbidden")
    return Erased(
        proofs=[
            ErasureProof(
                id=proof.id, record_id=proof.record_id, at=proof.at, removed=dict(proof.removed)
            )
            for proof in erase_account(access, account)
        ],
        backups=[at for at in backups_holding_since(access, account.created_at) if at],
    )
