"""A report as a Word document: A4, real headings, numbered captions, headings of tables repeated.

Charts are Word's own, editable, each with its figures; the map of regions is given as its table.
"""

from __future__ import annotations

import io

import docx
from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH

from ingest.reports.content import MethodNote, Proposal, Report, ReportTable
from ingest.reports.docx_page import PageSize, lay_out, set_page
from ingest.reports.docx_parts import add_chart, add_with_fields
from ingest.reports.docx_table import add_grid, add_table
from ingest.reports.drawn import drawn
from ingest.reports.summary import facts
from ingest.reports.tiles import tile_table
from ingest.reports.words import ReportWords

#: More columns than this stand on a page that lies.
_UPRIGHT_AT_MOST = 9
#: Millimetres of a page's height that a chart may take, upright and lying.
_CHART_AT_MOST = (165, 95)


def docx_report(report: Report, words: ReportWords) -> bytes:
    """Return a report as a docx file.

    The same report gives the same content, not the same bytes: the package carries the time at
    which it was packed.

    Args:
        report: what to say.
        words: in the language of the reader.
    """
    document = docx.Document()
    writer = _Writer(document, words, lay_out(document))
    properties = document.core_properties
    properties.title = words.said(report.title)[:255]
    properties.author = words.said(report.jurisdiction)[:255]
    properties.comments = ""
    properties.created = properties.modified = report.generated_at.replace(tzinfo=None)
    writer.head(report)
    for table in (*report.tables, *((tile_table(report.map),) if report.map else ())):
        writer.table(table)
    writer.turn(landscape=False)
    writer.proposals(report.proposals)
    writer.notes(report.notes)
    memory = io.BytesIO()
    document.save(memory)
    return memory.getvalue()


class _Writer:
    """A document being written, from top to bottom."""

    def __init__(self, document: Document, words: ReportWords, page: PageSize) -> None:
        self._document = document
        self._words = words
        self._page = page
        self._landscape = False
        self._captions = 0
        self._charts = 0
        footer = document.sections[0].footer.paragraphs[0]
        footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
        fields = {"page": ("PAGE", "1"), "pages": ("NUMPAGES", "1")}
        add_with_fields(footer, words.text("report.page"), fields)

    def head(self, report: Report) -> None:
        """Write title, warning and facts."""
        title = self._document.add_heading(self._words.said(report.title), level=0)
        title.alignment = WD_ALIGN_PARAGRAPH.CENTER
        warning = self._document.add_paragraph(style="Intense Quote")
        warning.add_run(self._words.said(report.header_warning)).bold = True
        rows = facts(report, self._words)
        add_grid(self._document, rows, (45, self._page.text_width(False) - 45))

    def table(self, table: ReportTable) -> None:
        """Write a table under its heading, with caption, chart and, below it, the chart's note."""
        words = self._words
        self.turn(landscape=len(table.columns) > _UPRIGHT_AT_MOST)
        caption = words.said(table.caption)
        self._document.add_heading(caption, level=1)
        drawing = drawn(table, words)
        width = self._page.text_width(self._landscape)
        if drawing:
            self._charts += 1
            most = (width, _CHART_AT_MOST[self._landscape])
            add_chart(self._document, drawing, self._charts, most)
            if drawing.total > len(drawing.labels):
                note = words.text("report.chart.first", n=len(drawing.labels), total=drawing.total)
                self._document.add_paragraph(note)
        self._captions += 1
        line = self._document.add_paragraph(style="Caption")
        line.paragraph_format.keep_with_next = True
        number = {"n": ("SEQ Table \\* ARABIC", str(self._captions))}
        add_with_fields(line, words.text("report.table_number") + " ", number)
        line.add_run(caption)
        add_table(self._document, table, words, width)

    def turn(self, *, landscape: bool) -> None:
        """Begin a new section where the page has to turn."""
        if landscape != self._landscape:
            section = self._document.add_section(WD_SECTION.NEW_PAGE)
            set_page(section, self._page, landscape=landscape)
            self._landscape = landscape

    def proposals(self, proposals: tuple[Proposal, ...]) -> None:
        """Write the proposed changes of the catalogue, each with what it rests on."""
        words = self._words
        if proposals:
            self._document.add_heading(words.text("report.proposals"), level=1)
        for proposal in proposals:
            action = words.text(f"report.action.{proposal.action}")
            colon = words.text("colon")
            subject = words.said(proposal.subject)
            self._document.add_heading(f"{action}{colon}{subject}", level=2)
            for key, text in (("wording", proposal.wording), ("reason", proposal.reason)):
                if said := words.said(text):
                    label = words.text(f"report.proposal.{key}")
                    self._document.add_paragraph(f"{label}{colon}{said}")
            heading = tuple(
                words.text(f"report.evidence.{part}") for part in ("label", "value", "source")
            )
            rows = [
                (words.said(found.label), words.cell(found.value, found.kind), words.said(found.source))
                for found in proposal.evidence
            ]  # fmt: skip
            width = self._page.text_width(False)
            add_grid(self._document, rows, (50, width - 100, 50), heading)

    def notes(self, notes: tuple[MethodNote, ...]) -> None:
        """Write how the figures come about."""
        words = self._words
        self._document.add_heading(words.text("report.notes"), level=1)
        self._document.add_paragraph(words.text("report.missing.text"))
        for note in notes:
            self._document.add_heading(words.said(note.name), level=2)
            for part in ("formula", "text", "source"):
                label, said = words.text(f"report.note.{part}"), words.said(getattr(note, part))
                self._document.add_paragraph(f"{label}{words.text('colon')}{said}")
