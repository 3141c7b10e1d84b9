"""`bole user`: accounts, on the machine that holds the records. The first one closes an open installation."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from search.accounts.principal import ORGANISED, Role, Scope

if TYPE_CHECKING:
    from search.accounts.accounts import Account, AccountStore, Organisation

app = typer.Typer(help="Accounts: who can sign in, and as what.", no_args_is_help=True)

Email = Annotated[str, typer.Argument(help="E-mail address of the account.")]
OfRole = Annotated[Role, typer.Option("--role", help="What the account is for.")]
ForOrganisation = Annotated[
    str | None,
    typer.Option("--organisation", help="Name of the employer or office; added where it is new."),
]
FromInput = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from the standard input.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON.")]


@app.command("add")
def add(
    email: Email,
    role: OfRole,
    organisation: ForOrganisation = None,
    name: Annotated[str, typer.Option(help="How they are called.")] = "",
    password_stdin: FromInput = False,
) -> None:
    """Add an account; without --password-stdin one password for the first sign-in is made and shown."""
    from api.commands.opening import open_accounts
    from api.commands.output import write_line

    password, is_made = _password(password_stdin)
    with open_accounts() as bole:
        account = bole.accounts.add(
            email,
            password,
            role,
            name=name,
            organisation=_organisation(bole.accounts, role, organisation),
            must_change=is_made,
        )
    write_line(f"added {account.email} ({account.role.value}), id {account.id}")
    if is_made:
        write_line(f"password for the first sign-in, shown this once: {password}")


@app.command("list")
def list_accounts(as_json: AsJson = False) -> None:
    """List the accounts."""
    from api.commands.opening import open_accounts
    from api.commands.output import write_json, write_line

    with open_accounts() as bole:
        accounts = bole.accounts.all()
    if as_json:
        write_json([_as_data(account) for account in accounts])
        return
    for account in accounts:
        of = f" of {account.organisation.name}" if account.organisation else ""
        state = " (disabled)" if account.disabled_at else ""
        write_line(f"{account.email}  {account.role.value}{of}{state}")
    if not accounts:
        write_line("no accounts: the installation is open, and served on this machine only")


@app.command("password")
def password(email: Email, password_stdin: FromInput = False) -> None:
    """Set a password; the account's sessions end."""
    from api.commands.opening import open_accounts
    from api.commands.output import write_line

    chosen, is_made = _password(password_stdin)
    with open_accounts() as bole:
        bole.accounts.set_password(bole.accounts.find(email), chosen, must_change=is_made)
    shown = f": {chosen} (to be changed at the next sign-in)" if is_made else ""
    write_line(f"the password of {email} was set{shown}")


@app.command("role")
def role(email: Email, role: OfRole, organisation: ForOrganisation = None) -> None:
    """Give an account another role; its sessions end."""
    from api.commands.opening import open_accounts
    from api.commands.output import write_line

    with open_accounts() as bole:
        for_organisation = _organisation(bole.accounts, role, organisation)
        bole.accounts.set_role(bole.accounts.find(email), role, for_organisation)
    write_line(f"{email} is {role.value} now")


@app.command("disable")
def disable(email: Email) -> None:
    """Keep an account from signing in; sessions end, keys are refused, records stay."""
    from api.commands.opening import open_accounts
    from api.commands.output import write_line

    with open_accounts() as bole:
        bole.accounts.disable(bole.accounts.find(email))
    write_line(f"{email} is disabled")


@app.command("enable")
def enable(email: Email) -> None:
    """Let an account sign in again."""
    from api.commands.opening import open_accounts
    from api.commands.output import write_line

    with open_accounts() as bole:
        bole.accounts.enable(bole.accounts.find(email))
    write_line(f"{email} is enabled")


@app.command("key")
def key(
    email: Email,
    name: Annotated[str, typer.Option(help="What the key is for.")],
    scope: Annotated[list[Scope], typer.Option(help="What it allows; may be repeated.")],
) -> None:
    """Make an API key for an account and show it once."""
    from api.commands.opening import open_accounts
    from api.commands.output import write_line

    with open_accounts() as bole:
        made, whole = bole.api_keys.add(bole.accounts.find(email).id, name, scope)
    write_line(f"key {made.id} ({made.name}), shown this once:")
    write_line(whole)


@app.command("revoke")
def revoke(email: Email, key_id: Annotated[str, typer.Argument(help="Id of the key.")]) -> None:
    """Refuse an API key from now on."""
    from api.commands.opening import open_accounts
    from api.commands.output import write_line

    with open_accounts() as bole:
        bole.api_keys.revoke(bole.accounts.find(email).id, key_id)
    write_line(f"key {key_id} is revoked")


@app.command("erase")
def erase(
    email: Email,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase a job seeker: profile, contact details, requests, alerts and the account."""
    from api.access import Access
    from api.commands.opening import open_records
    from api.commands.output import write_line
    from api.erasing import erase_account
    from search.accounts.principal import OPERATOR

    if not yes:
        typer.confirm(f"Erase everything about {email}? It cannot be undone", abort=True)
    with open_records() as bole:
        account = bole.accounts.find(email)
        proofs = erase_account(Access(bole, OPERATOR), account)
        bole.purge()
    for proof in proofs:
        write_line(f"erased record {proof.record_id}; proof {proof.id}")
    write_line("the account is gone")


@app.command("log")
def log(
    expected: Annotated[
        str, typer.Option("--expect", help="Head noted earlier, `NUMBER:DIGEST`; it must be there.")
    ] = "",
) -> None:
    """Check the log of what was read of personal data, and print its head to be kept elsewhere."""
    from api.commands.opening import open_accounts
    from api.commands.output import write_line

    number, _, digest = expected.partition(":")
    if expected and not (number.isascii() and number.isdigit() and digest):
        raise typer.BadParameter("--expect: write NUMBER:DIGEST as this command printed it")
    with open_accounts() as bole:
        problems = bole.access_log.problems((int(number), digest) if expected else None)
        last, head = bole.access_log.head()
    for problem in problems:
        write_line(problem)
    write_line(f"head {last}:{head or '-'}")
    if problems:
        raise typer.Exit(1)


def _organisation(accounts: AccountStore, role: Role, name: str | None) -> Organisation | None:
    if name is None or role not in ORGANISED:
        return None
    return accounts.add_organisation(name, "office" if role is Role.OFFICE else "employer")


def _password(from_input: bool) -> tuple[str, bool]:
    """Return a password, and whether it was made here."""
    from search.accounts.passwords import new_password

    if from_input:
        return sys.stdin.readline().rstrip("\r\n"), False
    return new_password(), True


def _as_data(account: Account) -> dict[str, object]:
    return {
        "id": account.id,
        "email": account.email,
        "name": account.name,
        "role": account.role.value,
        "organisation": account.organisation.name if account.organisation else None,
        "created_at": account.created_at.isoformat(),
        "disabled_at": account.disabled_at.isoformat() if account.disabled_at else None,
    }
