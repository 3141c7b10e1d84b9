"""The administrator's page: who has an account, and new ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response

from api.access import Access
from api.problems import Fault, Phrase, Problem
from api.web.access import AnyAccess, see_other, signed_in
from api.web.form_faults import members
from api.web.forms import AnyForm, Form
from api.web.templating import done, render
from search.accounts.accounts import Account, clean_email
from search.accounts.errors import AccountMissingError, EmailTakenError, LastAdminError
from search.accounts.passwords import new_password
from search.accounts.principal import ORGANISED, Role
from search.records.errors import InvalidRecordError

pages = APIRouter(include_in_schema=False, prefix="/admin")


@pages.get("")
def admin_page(request: Request, access: AnyAccess) -> Response:
    """Show the accounts and the form for another."""
    signed_in(access, request, Role.ADMIN)
    return _page(request, access)


@pages.post("/accounts")
def add_account(request: Request, access: AnyAccess, form: AnyForm) -> Response:
    """Add an account and show its first password once."""
    signed_in(access, request, Role.ADMIN)
    faults = []
    role = next((role for role in Role if role.value == form("role")), None)
    if role is None:
        faults.append(Fault("body", "role", Phrase("fault.role")))
    elif role in ORGANISED and not form("organisation"):
        faults.append(Fault("body", "organisation", Phrase("fault.organisation")))
    try:
        clean_email(form("email"))
    except InvalidRecordError:
        faults.append(Fault("body", "email", Phrase("fault.email")))
    if faults or role is None:
        return _again(request, access, form, faults)
    password = new_password()
    accounts = access.bole.accounts
    try:
        organisation = (
            accounts.add_organisation(
                form("organisation"), "office" if role is Role.OFFICE else "employer"
            )
            if role in ORGANISED
            else None
        )
        made = accounts.add(
            form("email"),
            password,
            role,
            name=form("name"),
            organisation=organisation,
            must_change=True,
        )
    except EmailTakenError:
        return _again(
            request, access, form, [Fault("body", "email", Phrase("fault.email_taken_admin"))]
        )
    except InvalidRecordError:
        return _again(
            request,
            access,
            form,
            [Fault("body", "organisation", Phrase("fault.organisation_kind"))],
        )
    return _page(request, access, made=made, password=password)


@pages.post("/accounts/{account_id}/{act}")
def change_account(request: Request, access: AnyAccess, account_id: str, act: str) -> Response:
    """Disable or enable an account, or set its password anew."""
    signed_in(access, request, Role.ADMIN)
    accounts = access.bole.accounts
    try:
        account = accounts.get(account_id)
        match act:
            case "disable":
                accounts.disable(account)
            case "enable":
                accounts.enable(account)
            case "password":
                password = new_password()
                accounts.set_password(account, password, must_change=True)
                return _page(request, access, made=account, password=password)
            case _:
                raise Problem("not-found")
    except AccountMissingError:
        raise Problem("not-found") from None
    except LastAdminError:
        raise Problem("conflict", detail=Phrase("admin.last")) from None
    return see_other(done("/admin", f"account_{act}d"))


def _page(
    request: Request,
    access: Access,
    *,
    made: Account | None = None,
    password: str = "",
    form: Form | None = None,
    problem: Mapping[str, object] | None = None,
    status: int = 200,
) -> Response:
    context: dict[str, Any] = {"problem": problem} if problem else {}
    accounts = access.bole.accounts
    return render(
        request,
        "admin.html",
        status,
        accounts=accounts.all(),
        organisations=accounts.organisations(),
        roles=list(Role),
        made=made,
        password=password,
        form=form or Form(),
        **context,
    )


def _again(request: Request, access: Access, form: Form, faults: list[Fault]) -> Response:
    problem = members(request, faults)
    return _page(request, access, form=form, problem=problem, status=422)
