"""What stands at the head of every form of a report: whose figures, for when, made how."""

from __future__ import annotations

from ingest.reports.content import Report
from ingest.reports.words import ReportWords


def facts(report: Report, words: ReportWords) -> tuple[tuple[str, str], ...]:
    """Return the report's facts as pairs of a label and what it is, in reading order."""
    return (
        (words.text("report.jurisdiction"), words.said(report.jurisdiction)),
        (words.text("report.period"), words.said(report.period_label)),
        (words.text("report.as_of"), words.day(report.as_of)),
        (words.text("report.generated"), words.moment(report.generated_at)),
        *(
            (words.text("report.version", name=words.said(name)), words.said(version))
            for name, version in report.versions.items()
        ),
    )
