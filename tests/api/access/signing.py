"""A small installation with accounts whose index is never opened, and browsers that use it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from starlette.testclient import TestClient

from api.app import create_app
from api.assembly import Bole
from api.letting_in import SESSION_COOKIE
from api.settings import Settings
from search.accounts.accounts import Account
from search.accounts.principal import Role

PASSWORD = "correct horse battery staple"
ADMIN = "admin@example.org"
ACME = "hr@example.org"
LI = "li@example.org"


@dataclass
class Closed:
    """An installation with an administrator, an employer and a job seeker.

    Attributes:
        bole: the whole.
        app: its application.
        accounts: by address.
    """

    bole: Bole
    app: object
    accounts: dict[str, Account] = field(default_factory=dict)

    def browser(self, base="http://testserver") -> TestClient:
        """Return a browser that keeps its own cookies and says that it is on our pages."""
        client = TestClient(
            self.app,
            base_url=base,
            raise_server_exceptions=False,
            follow_redirects=False,
            headers={"Origin": base, "Accept-Language": "en"},
        )
        return client

    def signed_in(self, email=LI, password=PASSWORD, base="http://testserver") -> TestClient:
        """Return a browser in which somebody has just signed in."""
        client = self.browser(base)
        answer = client.post("/sign-in", data={"email": email, "password": password})
        assert answer.status_code == 303, answer.text[:300]
        return client

    def with_session(self, email=LI) -> TestClient:
        """Return a browser with a session, without the cost of a password."""
        client = self.browser()
        client.cookies.set(SESSION_COOKIE, self.bole.sessions.begin(self.accounts[email].id))
        return client


def closed(folder: Path, **settings) -> Closed:
    """Make an installation in a folder, or open the one that is there."""
    bole = Bole(Settings(data_dir=folder, embedding_model="static", **settings))
    made = Closed(bole, create_app(bole))
    accounts = bole.accounts
    if not accounts.are_there_any():
        accounts.add(ADMIN, PASSWORD, Role.ADMIN)
        acme = accounts.add_organisation("Acme", "employer")
        accounts.add(ACME, PASSWORD, Role.EMPLOYER, organisation=acme)
        accounts.add(LI, PASSWORD, Role.CANDIDATE, name="Li Lei")
    made.accounts = {account.email: account for account in accounts.all()}
    return made


def copied(original: Path, folder: Path, **settings) -> Closed:
    """Make an installation as another one is: hashing the passwords anew would take a second."""
    shutil.copytree(original, folder, dirs_exist_ok=True)
    return closed(folder, **settings)
