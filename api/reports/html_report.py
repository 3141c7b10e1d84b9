"""A report as one HTML file that needs nothing else: read offline, printed on A4, sent by mail.

The file forbids itself everything but its own style sheet, by the sheet's hash (CSP Level 3, 2.3.1),
so whatever words a report holds, nothing in it can run or be fetched.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from api.reports.views import map_view, table_view
from api.web.static_files import FOLDER as STATIC
from ingest.reports.content import Report
from ingest.reports.summary import facts
from ingest.reports.words import ReportWords

_HERE = Path(__file__).parent
_TAGS = {"zh": "zh-CN", "en": "en"}


def html_report(report: Report, words: ReportWords) -> str:
    """Return a report as an HTML file; the same report gives the same text.

    Args:
        report: what to say.
        words: in the language of the reader.
    """
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        _environment()
        .get_template("report.html")
        .render(
            report=report,
            t=words.text,
            said=words.said,
            cell=words.cell,
            tag=_TAGS[words.lang],
            style=Markup(style),
            style_hash=digest,
            facts=facts(report, words),
            figures=[table_view(table, words, linked=False) for table in report.tables],
            map=map_view(report.map, words) if report.map else None,
        )
    )


@cache
def _style() -> str:
    sheets = (_HERE / "report.css", STATIC / "charts.css")
    return "\n".join(path.read_text(encoding="utf-8") for path in sheets)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader([_HERE / "templates", _HERE.parent / "web" / "templates"]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
