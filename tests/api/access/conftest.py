"""An installation with accounts: two employers, two job seekers, an office and an administrator."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.assembly import Bole
from api.letting_in import SESSION_COOKIE
from api.settings import Settings
from search.accounts.accounts import Account
from search.accounts.contacts import Contact
from search.accounts.principal import Role, Scope
from search.records.models import Candidate, Consent, Education, Vacancy, WorkExperience
from tests.waiting import wait_until

PASSWORD = "correct horse battery staple"
AS_OF = date(2026, 11, 30)
ORIGIN = {"Origin": "http://testserver"}


@dataclass
class Installation:
    """The application, its accounts by name, and its records by name."""

    bole: Bole
    client: TestClient
    accounts: dict[str, Account]
    ids: dict[str, str]

    def page(self, who: str, method: str, address: str, **more):
        """Ask for a page as somebody signed in; "anonymous" is nobody."""
        self.client.cookies.clear()
        if who != "anonymous":
            account = self.accounts[who]
            self.client.cookies.set(SESSION_COOKIE, self.bole.sessions.begin(account.id))
        headers = ORIGIN | more.pop("headers", {})
        answer = self.client.request(
            method, address, headers=headers, follow_redirects=False, **more
        )
        self.client.cookies.clear()
        return answer

    def ask(self, who: str, method: str, address: str, scopes=tuple(Scope), **more):
        """Ask the interface with an API key of somebody; "anonymous" sends none."""
        self.client.cookies.clear()
        headers = more.pop("headers", {})
        if who != "anonymous":
            headers = headers | {"Authorization": f"Bearer {self.key(who, scopes)}"}
        return self.client.request(method, address, headers=headers, follow_redirects=False, **more)

    def key(self, who: str, scopes=tuple(Scope)) -> str:
        """Return an API key of somebody."""
        return self.bole.api_keys.add(self.accounts[who].id, "test", scopes)[1]

    def wait(self) -> None:
        """Wait until the index has every change."""
        wait_until(lambda: self.bole.readiness().state == "ready", 60)


def profile(headline: str, *agreed: str, employer: str = "海康威视") -> Candidate:
    return Candidate(
        headline=headline,
        summary=f"在{employer}做过多年后端，负责支付平台。",
        skills=[{"name": "Java"}, {"name": "Spring Boot"}],
        work=[WorkExperience(title="后端工程师", employer=employer, start="2019-01")],
        education=[
            Education(
                level="bachelor",
                school="浙江大学" if employer == "海康威视" else "示例大学",
                subject="软件工程",
            )
        ],
        years_experience=6,
        consents=[Consent(purpose=purpose, given=AS_OF) for purpose in agreed],
    )


@pytest.fixture(scope="session")
def installation(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("closed")) as made:
        yield made


@pytest.fixture(scope="module")
def own_installation(tmp_path_factory):
    """Give a module one that it may turn upside down."""
    with opened(tmp_path_factory.mktemp("own")) as made:
        yield made


@contextmanager
def opened(folder):
    """Make an installation and serve it."""
    bole = Bole(Settings(data_dir=folder, embedding_model="static", as_of=AS_OF))
    accounts = bole.accounts
    admin = accounts.add("admin@example.org", PASSWORD, Role.ADMIN)
    of = {
        name: accounts.add_organisation(title, kind)
        for name, title, kind in (
            ("hr_a", "Acme", "employer"), ("hr_b", "Bolt", "employer"), ("office", "Office", "office"),
        )
    }  # fmt: skip
    people = {
        "admin": admin,
        "candidate": accounts.add("li@example.org", PASSWORD, Role.CANDIDATE, name="Li Lei"),
        "other": accounts.add("han@example.org", PASSWORD, Role.CANDIDATE, name="Han"),
        "silent": accounts.add("silent@example.org", PASSWORD, Role.CANDIDATE),
        "disabled": accounts.add("gone@example.org", PASSWORD, Role.CANDIDATE),
        **{
            name: accounts.add(
                f"{name}@example.org",
                PASSWORD,
                Role.OFFICE if name == "office" else Role.EMPLOYER,
                organisation=organisation,
            )
            for name, organisation in of.items()
        },
    }

    def own(name: str) -> str:
        return people[name].principal.owner

    store = bole.store
    ids = {
        "agreed": store.add(profile("Java 后端", "matching", "contact", "statistics"), own("candidate")),
        "other": store.add(profile("Java 架构师", "matching", "contact"), own("other")),
        "silent": store.add(profile("Java 开发"), own("silent")),
        "pool_a": store.add(profile("Java 人选", employer="示例软件"), own("hr_a")),
        "open_a": store.add(
            Vacancy(title="Java 工程师", text="熟悉 Spring Boot", skills=[{"name": "Java", "strength": "required"}]),
            own("hr_a"),
        ),
        "closed_a": store.add(Vacancy(title="Java 主管", status="closed"), own("hr_a")),
        "open_b": store.add(Vacancy(title="Java 专家", text="熟悉 Java"), own("hr_b")),
    }  # fmt: skip
    bole.contacts.put_details(
        [(ids["agreed"].id, Contact("李雷", "13800138000", "li@example.org"))]
    )
    accounts.disable(people["disabled"])
    app = create_app(bole)
    with TestClient(app, raise_server_exceptions=False) as client:
        made = Installation(bole, client, people, {name: one.id for name, one in ids.items()})
        wait_until(lambda: client.get("/v1/ready").status_code == 200)
        yield made
