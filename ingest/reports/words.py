"""How a report is worded: headings, figures and dates in one language, the same in every file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from ingest.reports.content import Cell, Kind, Missing, Reason, Said
from ingest.reports.printable import printable
from taxonomies.models import Lang, Text


@dataclass(frozen=True)
class ReportWords:
    """The words of one language.

    Attributes:
        lang: the language.
        texts: key to text, with `{placeholders}`.
    """

    lang: Lang
    texts: Mapping[str, str]

    def text(self, key: str, /, **values: object) -> str:
        """Return the text of a key with its placeholders filled in.

        Raises:
            KeyError: no text has this key.
        """
        entry = self.texts[key]
        return entry.format(**values) if values else entry

    def said(self, words: Said) -> str:
        """Return words of the report in this language, fit for any file."""
        return printable(words.within(self.lang) if isinstance(words, Text) else words)

    def day(self, day: date) -> str:
        """Return a date as it is written in this language."""
        month = self.text(f"month.{day.month}")
        return self.text("date", year=day.year, month=month, day=day.day)

    def moment(self, moment: datetime) -> str:
        """Return a moment to the minute, with its distance from UTC."""
        offset = moment.strftime("%z")
        return f"{self.day(moment.date())} {moment:%H:%M} (UTC{offset[:3]}:{offset[3:5]})"

    def missing(self, reason: Reason) -> str:
        """Return why a figure is not given."""
        return self.text(f"report.reason.{reason}")

    def cell(self, value: Cell, kind: Kind) -> str:
        """Return a cell as it is printed: the same on pages and in documents.

        Args:
            value: of a type that `kind` allows.
            kind: of its column.
        """
        match value:
            case Missing():
                return self.missing(value.reason)
            case str() | Text():
                return self.said(value)
            case date():
                return self.day(value)
        return _figure(value, kind)


def _figure(value: float, kind: Kind) -> str:
    match kind:
        case "int":
            return f"{value:,d}" if isinstance(value, int) else f"{value:,.0f}"
        case "percent":
            return f"{value:.1%}"
        case "change":
            return f"{value:+.1%}" if round(value, 3) else "0.0%"
        case _:
            return f"{value:,.2f}"
