"""Signing in and out, making an account, and keeping it."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from api.access import Access
from api.letting_in import DEVICE_COOKIE, SESSION_COOKIE
from api.problems import Fault, Phrase, Problem
from api.web.access import HOME, AnyAccess, here, see_other, signed_in
from api.web.form_faults import members
from api.web.forms import AnyForm, Form
from api.web.templating import done, render
from search.accounts.accounts import Account, clean_email
from search.accounts.errors import (
    AccountMissingError,
    EmailTakenError,
    TooManyAttemptsError,
    WeakPasswordError,
    WrongPasswordError,
)
from search.accounts.principal import Role, Scope
from search.accounts.sessions import LONGEST
from search.records.errors import InvalidRecordError

pages = APIRouter(include_in_schema=False)

_YEAR_S = 365 * 24 * 3600


@pages.get("/sign-in")
def sign_in_page(request: Request, access: AnyAccess) -> Response:
    """Show the form."""
    if access.who.role is not None:
        return see_other(HOME[access.who.role])
    return render(request, "sign_in.html", access=access, next=request.query_params.get("next", ""))


@pages.post("/sign-in")
def sign_in(request: Request, access: AnyAccess, form: AnyForm) -> Response:
    """Let somebody in."""
    email, wanted = form("email"), form("next")
    bole = access.bole
    try:
        device = request.cookies.get(DEVICE_COOKIE, "")
        account = bole.sign_in.account(email, form("password"), device)
    except TooManyAttemptsError as error:
        minutes = -(-error.retry_after_s // 60)
        fault = Fault("body", "password", Phrase("fault.sign_in_slowed", {"n": minutes}))
        response = _sign_in_again(request, access, form, fault, 429)
        response.headers["Retry-After"] = str(error.retry_after_s)
        return response
    except WrongPasswordError:
        fault = Fault("body", "email", Phrase("fault.sign_in_wrong"))
        return _sign_in_again(request, access, form, fault, 422)
    return _let_in(request, access, account, here(wanted, HOME[account.role]))


@pages.post("/sign-out")
def sign_out(request: Request, access: AnyAccess) -> Response:
    """End the session."""
    access.bole.sessions.end(request.cookies.get(SESSION_COOKIE, ""))
    response = see_other("/")
    response.delete_cookie(SESSION_COOKIE)
    # What this browser has of this person goes as well (and with it pages that "back" would show).
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@pages.get("/register")
def register_page(request: Request, access: AnyAccess) -> Response:
    """Show the form in which job seekers make an account."""
    _require_registration(access)
    return render(request, "register.html", access=access, form=Form())


@pages.post("/register")
def register(request: Request, access: AnyAccess, form: AnyForm) -> Response:
    """Make a job seeker's account and let them in."""
    _require_registration(access)
    faults = []
    try:
        clean_email(form("email"))
    except InvalidRecordError:
        faults.append(Fault("body", "email", Phrase("fault.email")))
    if form("terms") != "yes":
        faults.append(Fault("body", "terms", Phrase("fault.terms")))
    if not faults:
        try:
            account = access.bole.accounts.add(
                form("email"), form("password"), Role.CANDIDATE, name=form("name")
            )
        except WeakPasswordError as error:
            faults.append(_weak(error, "password"))
        except EmailTakenError:
            faults.append(Fault("body", "email", Phrase("fault.email_taken")))
        else:
            return _let_in(request, access, account, done("/me", "registered"))
    problem = members(request, faults)
    return render(request, "register.html", 422, access=access, form=form, problem=problem)


@pages.get("/account")
def account_page(request: Request, access: AnyAccess) -> Response:
    """Show who one is, the API keys, and where the password is changed."""
    signed_in(access, request)
    return _account(request, access)


@pages.get("/account/password")
def password_page(request: Request, access: AnyAccess) -> Response:
    """Show the form in which the password is changed."""
    signed_in(access, request)
    email = access.bole.accounts.get(access.who.account_id).email
    return render(request, "password.html", access=access, email=email)


@pages.post("/account/password")
def change_password(request: Request, access: AnyAccess, form: AnyForm) -> Response:
    """Change the password; all sessions end, and a new one begins."""
    signed_in(access, request)
    bole = access.bole
    account = bole.accounts.get(access.who.account_id)
    try:
        device = request.cookies.get(DEVICE_COOKIE, "")
        bole.sign_in.account(account.email, form("old"), device)
        bole.accounts.set_password(account, form("new"))
    except (WrongPasswordError, TooManyAttemptsError):
        faults = [Fault("body", "old", Phrase("fault.old_password"))]
    except WeakPasswordError as error:
        faults = [_weak(error, "new")]
    else:
        return _let_in(request, access, account, done(HOME[account.role], "password"))
    problem = members(request, faults)
    return render(
        request, "password.html", 422, access=access, email=account.email, problem=problem
    )


@pages.post("/account/keys")
def add_key(request: Request, access: AnyAccess, form: AnyForm) -> Response:
    """Make an API key and show it once."""
    signed_in(access, request)
    scopes = [scope for scope in Scope if scope.value in form.all("scope")]
    try:
        made = access.bole.api_keys.add(access.who.account_id, form("name"), scopes)
    except InvalidRecordError:
        fault = Fault("body", "key-name", Phrase("fault.key_incomplete"))
        return _account(request, access, problem=members(request, [fault]), status=422)
    return _account(request, access, made=made[1])


@pages.post("/account/keys/{key_id}/revoke")
def revoke_key(request: Request, access: AnyAccess, key_id: str) -> Response:
    """Refuse a key from now on."""
    signed_in(access, request)
    try:
        access.bole.api_keys.revoke(access.who.account_id, key_id)
    except AccountMissingError:
        raise Problem("not-found") from None
    return see_other(done("/account", "key_revoked"))


def _account(
    request: Request,
    access: Access,
    *,
    made: str = "",
    problem: Mapping[str, object] | None = None,
    status: int = 200,
) -> Response:
    bole = access.bole
    context = {"problem": problem} if problem else {}
    return render(
        request,
        "account.html",
        status,
        access=access,
        account=bole.accounts.get(access.who.account_id),
        keys=bole.api_keys.of(access.who.account_id),
        scopes=list(Scope),
        made=made,
        **context,
    )


def _let_in(request: Request, access: Access, account: Account, address: str) -> Response:
    bole = access.bole
    # A session that was there before must not become this one's (session fixation).
    if token := request.cookies.get(SESSION_COOKIE):
        bole.sessions.end(token)
    response = see_other(address)
    is_secure = request.url.scheme == "https"
    response.set_cookie(
        SESSION_COOKIE,
        bole.sessions.begin(account.id),
        max_age=int(LONGEST.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=is_secure,
    )
    response.set_cookie(
        DEVICE_COOKIE,
        bole.sign_in.device(account.email),
        max_age=_YEAR_S,
        httponly=True,
        samesite="strict",
        secure=is_secure,
    )
    return response


def _sign_in_again(
    request: Request, access: Access, form: Form, fault: Fault, status: int
) -> Response:
    problem = members(request, [fault])
    return render(
        request,
        "sign_in.html",
        status,
        access=access,
        next=form("next"),
        email=form("email"),
        problem=problem,
    )


def _require_registration(access: Access) -> None:
    if access.who.is_open or not access.settings.registration:
        raise Problem("forbidden", detail=Phrase("register.closed"))


def _weak(error: WeakPasswordError, field: str) -> Fault:
    return Fault("body", field, Phrase(f"fault.password.{error.reason}", {"n": error.at_least}))
