"""An installation with accounts, invented vacancies and people, as the browser tests find it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import xlsxwriter

from api.assembly import Bole
from api.settings import Settings
from ingest.samples.candidates import generate_candidates
from ingest.samples.vacancies import generate_vacancies
from search.accounts.accounts import Account
from search.accounts.contacts import Contact
from search.accounts.principal import Role
from search.records.models import Candidate, Consent, Education, Vacancy, WorkExperience
from tests.waiting import wait_until

PASSWORD = "correct horse battery staple"
AS_OF = date(2026, 11, 30)
PURPOSES = ("matching", "contact", "statistics")
ORGANISED = {
    "hr": ("Acme", Role.EMPLOYER),
    "hr_b": ("Bolt", Role.EMPLOYER),
    "hr_new": ("Newcomer", Role.EMPLOYER),
    "office": ("Office", Role.OFFICE),
}
#: A sheet of vacancies; the second row lacks its title and names a place that there is not.
SHEET = [
    ("职位名称", "工作地点", "招聘人数", "岗位描述"),
    ("嵌入式软件工程师", "杭州市", "2", "熟悉C语言和RTOS。"),
    ("", "瓦坎达", "3", "熟悉Java。"),
]


@dataclass
class Closed:
    """Where it is served, its parts, its accounts and its records by name."""

    address: str
    bole: Bole
    accounts: dict[str, Account]
    ids: dict[str, str]

    def wait(self) -> None:
        """Wait until the index has every change."""
        wait_until(lambda: self.bole.readiness().state == "ready")


def profile(headline: str) -> Candidate:
    """Return a profile that a Java vacancy in Hangzhou fits, whose person agreed to everything."""
    return Candidate(
        headline=headline,
        summary="多年后端开发，负责支付平台，带过五人小组。",
        skills=[{"name": "Java"}, {"name": "Spring Boot"}, {"name": "MySQL"}],
        work=[
            WorkExperience(
                title="后端工程师", employer="示例软件有限公司", start="2019-01", summary="支付平台。"
            )
        ],
        education=[Education(level="bachelor", school="示例大学", subject="软件工程")],
        years_experience=6,
        region="330106",
        languages=["英语"],
        wishes={"regions": ["330100"], "pay_monthly_yuan": 20000, "employment": ["full-time"]},
        consents=[Consent(purpose=purpose, given=AS_OF, text_version="2026-11") for purpose in PURPOSES],
    )  # fmt: skip


def closed_installation(folder: Path) -> tuple[Bole, dict[str, Account], dict[str, str]]:
    """Return an installation with its accounts and records by name.

    People and vacancies are invented ones, of the office and of a second employer; besides these `li`
    has been asked by `hr` and not answered, `han` has agreed, `wang` was never asked; `new` has no profile
    and `hr_new` nothing at all yet.
    """
    bole = Bole(Settings(data_dir=folder, embedding_model="static", as_of=AS_OF))
    accounts = bole.accounts
    people = {
        "admin": accounts.add("admin@example.org", PASSWORD, Role.ADMIN),
        "li": accounts.add("li@example.org", PASSWORD, Role.CANDIDATE, name="李雷"),
        "han": accounts.add("han@example.org", PASSWORD, Role.CANDIDATE, name="Han Meimei"),
        "new": accounts.add("new@example.org", PASSWORD, Role.CANDIDATE, name="New"),
    }
    for name, (title, role) in ORGANISED.items():
        kind = "office" if role is Role.OFFICE else "employer"
        organisation = accounts.add_organisation(title, kind)
        people[name] = accounts.add(
            f"{name}@example.org", PASSWORD, role, organisation=organisation
        )

    def own(name: str) -> str:
        return people[name].principal.owner

    store = bole.store
    store.put_many(list(generate_candidates(30, 7)), own("office"))
    store.put_many(list(generate_vacancies(30, 7)), own("hr_b"))
    opening = Vacancy(
        title="Java高级软件工程师",
        text="负责交易平台。必须熟悉Java，有Spring Boot、Kafka经验优先。工作地点杭州，本科以上。",
        employer="Acme",
        region="330100",
        headcount=2,
        pay_monthly_yuan_from=18000,
        pay_monthly_yuan_to=30000,
    )
    ids = {
        "li": store.add(profile("Java 后端工程师"), own("li")).id,
        "han": store.add(profile("Java 架构师，支付方向"), own("han")).id,
        "wang": store.add(profile("Java 开发工程师"), own("office")).id,
        "opening": store.add(opening, own("hr")).id,
        "second": store.add(Vacancy(title="Java 测试工程师", text="熟悉 Java"), own("hr")).id,
    }
    bole.contacts.put_details(
        [
            (ids["li"], Contact("李雷", "13800138000", "li@example.org")),
            (ids["han"], Contact("韩梅梅", "13900139000", "han@example.org")),
        ]
    )
    employer = people["hr"].principal
    bole.contacts.ask(employer, ids["opening"], ids["li"], "想和您聊聊支付平台的职位。")
    asked = bole.contacts.ask(employer, ids["opening"], ids["han"], "")
    bole.contacts.agree(asked.id, ["name", "phone", "employers"])
    return bole, people, ids


def workbook(rows: list[tuple[str, ...]]) -> bytes:
    """Return a sheet as an XLSX file."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return held.getvalue()
