"""A report as an office would get it, with invented figures: 92 roles, 11 cities, 12 quarters."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta, timezone

from ingest.reports.content import (
    ChartSpec,
    Evidence,
    MethodNote,
    Missing,
    Proposal,
    Report,
    ReportColumn,
    ReportTable,
    TileMap,
)
from ingest.reports.tiles import city_tiles
from taxonomies.catalogue import load_catalogue
from taxonomies.models import Text
from taxonomies.regions import load_regions

SHORTAGE = (
    ReportColumn("rank", "report.column.rank", "int"),
    ReportColumn("occupation", "report.column.occupation", "text"),
    ReportColumn("demand", "report.column.demand", "int"),
    ReportColumn("seekers", "report.column.seekers", "int"),
    ReportColumn("gap", "report.column.gap", "int"),
    ReportColumn("ratio", "report.column.ratio", "decimal"),
    ReportColumn("quarter", "report.column.change_quarter", "change"),
    ReportColumn("year", "report.column.change_year", "change"),
)
OWN = (
    ReportColumn("occupation", "report.column.occupation", "text"),
    ReportColumn("field", "report.column.field", "text"),
    ReportColumn("qualified", "report.column.qualified", "int"),
    ReportColumn("age", "report.column.vacancy_age", "int"),
    ReportColumn("open-90", "report.column.share_open_90", "percent"),
    ReportColumn("filled", "report.column.fill_rate", "percent"),
    ReportColumn("since", "report.column.since", "date"),
)
FORECAST = (
    ReportColumn("period", "report.column.period", "text"),
    ReportColumn("demand", "report.column.demand", "int"),
    ReportColumn("lower", "report.column.lower", "int"),
    ReportColumn("upper", "report.column.upper", "int"),
)


def sample_report(seed: int = 7) -> Report:
    """Return the report; the same seed gives the same figures."""
    dice = random.Random(seed)
    return Report(
        title=Text("浙江省数字经济紧缺人才供需年度报告", "Digital-economy shortage talent in Zhejiang: annual report"),
        jurisdiction=Text("浙江省", "Zhejiang"),
        as_of=date(2026, 11, 24),
        period_label=Text("2026年第三季度", "Third quarter of 2026"),
        generated_at=datetime(2026, 11, 24, 9, 30, tzinfo=timezone(timedelta(hours=8))),
        versions={"catalogue": "zhejiang-2017", "model": "static-1", "thresholds": "2026-11"},
        notes=notes(),
        header_warning=Text(
            "以下为平台观察到的数量，不代表整个劳动力市场。",
            "These are platform-observed counts, not the labour market.",
        ),
        tables=(shortage(dice), own_measures(dice), forecast(dice)),
        map=regional(dice),
        proposals=proposals(),
    )  # fmt: skip


def shortage(dice: random.Random) -> ReportTable:
    """Return the ranking in the ministry's columns."""
    found = []
    for role in load_catalogue().roles:
        demand, seekers = dice.randint(20, 6000), dice.choice([0, 2, dice.randint(5, 2500)])
        found.append((role, demand, seekers))
    found.sort(key=lambda row: (row[2] - row[1], row[0].number))
    rows = []
    for rank, (role, demand, seekers) in enumerate(found, start=1):
        hidden = 0 < seekers < 5
        broken = dice.random() < 0.1
        rows.append(
            (
                rank,
                role.title,
                demand,
                Missing("suppressed") if hidden else seekers,
                Missing("suppressed") if hidden else demand - seekers,
                Missing("suppressed")
                if hidden
                else round(demand / seekers, 4)
                if seekers
                else Missing("no_seekers"),
                Missing("series_broken") if broken else round(dice.uniform(-0.4, 0.6), 4),
                Missing("not_recorded") if broken else round(dice.uniform(-0.4, 0.9), 4),
            )
        )
    return ReportTable(
        "shortage",
        Text("紧缺职业排行", "Occupations in short supply"),
        SHORTAGE,
        tuple(rows),
        ChartSpec(
            "grouped-bars",
            Text("需求与求职人数（前 15 位）", "Posts and seekers (first 15)"),
            "occupation",
            ("demand", "seekers"),
            first=15,
        ),
        tuple(f"/v1/audit/demand?role={role.number}" for role, _, _ in found),
    )


def own_measures(dice: random.Random) -> ReportTable:
    """Return measures of the platform's own."""
    rows = tuple(
        (
            role.title,
            role.field.name,
            dice.choice([Missing("suppressed"), dice.randint(5, 400)]),
            dice.choice([Missing("not_assessable"), dice.randint(3, 200)]),
            round(dice.random(), 4),
            dice.choice([Missing("not_recorded"), round(dice.random(), 4)]),
            date(2026, 1, 1) + timedelta(days=dice.randint(0, 300)),
        )
        for role in load_catalogue().roles
    )
    spec = ChartSpec(
        "bars",
        Text("岗位空缺天数中位数", "Median days that posts are open"),
        "occupation",
        ("age",),
        first=12,
    )
    return ReportTable(
        "own", Text("岗位空缺与招聘完成情况", "Open posts and how they are filled"), OWN, rows, spec
    )


def forecast(dice: random.Random) -> ReportTable:
    """Return twelve quarters, the last four estimated, with a break after the third."""
    rows = []
    for number in range(12):
        name = Text(
            f"{2024 + number // 4}年{number % 4 + 1}季度", f"{2024 + number // 4} Q{number % 4 + 1}"
        )
        value = 40000 + 1500 * number + dice.randint(-2500, 2500)
        width = 1200 * (number - 7)
        if number == 3:
            rows.append((name, Missing("series_broken"), *[Missing("not_applicable")] * 2))
        elif number < 8:
            rows.append((name, value, Missing("not_applicable"), Missing("not_applicable")))
        else:
            rows.append((name, value, value - width, value + width))
    return ReportTable(
        "forecast",
        Text("招聘需求预测", "Forecast of posts"),
        FORECAST,
        tuple(rows),
        ChartSpec(
            "line-band",
            Text("各季度招聘需求人数", "Posts by quarter"),
            "period",
            ("demand",),
            "lower",
            "upper",
        ),
    )


def regional(dice: random.Random) -> TileMap:
    """Return the ratio of posts to seekers in every city."""
    cities = [code for code, region in load_regions().items() if region.level == "city"]
    values: dict[str, float | Missing] = {code: round(dice.uniform(0.6, 4.5), 4) for code in cities}
    values["330900"] = Missing("not_assessable")
    return TileMap(
        "regions",
        Text("各市求人倍率", "Posts per seeker by city"),
        "report.column.ratio",
        "decimal",
        city_tiles(values),
    )


def notes() -> tuple[MethodNote, ...]:
    """Return how the figures come about."""
    return (
        MethodNote(
            Text("求人倍率", "Posts per seeker"),
            Text("求人倍率 = 招聘需求人数 ÷ 求职人数", "ratio = posts ÷ seekers"),
            Text(
                "人力资源市场信息监测中心季度分析",
                "HR market information monitoring centre, quarterly analysis",
            ),
            Text(
                "大于 1 表示需求大于求职；没有求职者时写“无求职者”。",
                "Above 1 posts exceed seekers; with none it says so.",
            ),
        ),
        MethodNote(
            Text("缺口数", "Gap"),
            Text("缺口数 = 招聘需求人数 − 求职人数", "gap = posts − seekers"),
            Text("“最缺工”职业排行", "the ministry's list of occupations in shortest supply"),
            Text(
                "未注明人数的岗位按 1 人计并标注。",
                "A posting without a headcount counts as one and is flagged.",
            ),
        ),
    )


def proposals() -> tuple[Proposal, ...]:
    """Return two changes of the catalogue with evidence."""
    return (
        Proposal(
            "add-model-engineer",
            "add",
            Text("大模型应用工程师", "Large language model application engineer"),
            Text(
                "负责大模型应用的开发与评测。",
                "Builds and evaluates applications of large language models.",
            ),
            Text(
                "需求持续出现，而目录中没有对应职业。",
                "Demand recurs and no row of the catalogue covers it.",
            ),
            (
                Evidence(
                    Text("招聘需求人数", "Posts"),
                    312,
                    "int",
                    Text("平台岗位", "postings on the platform"),
                ),
                Evidence(
                    Text("超过 90 天比例", "Open over 90 days"),
                    0.4127,
                    "percent",
                    Text("平台岗位", "postings"),
                ),
                Evidence(
                    Text("岗位原文", "From a posting"),
                    '=HYPERLINK("http://x") 熟悉 LLM 与 RAG',
                    "text",
                    "V-0193",
                ),
            ),
        ),
        Proposal(
            "retire-middleware",
            "retire",
            Text("某中间件工程师", "A middleware engineer"),
            "",
            Text("连续四个季度没有需求。", "No demand for four quarters."),
            (Evidence(Text("招聘需求人数", "Posts"), 0, "int", Text("平台岗位", "postings")),),
        ),
    )
