"""Pieces of a Word document that python-docx has no call for: fields, repeated headings, charts."""

from __future__ import annotations

import re

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Emu, Mm
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph
from lxml import etree

from ingest.reports.drawn import Drawn
from ingest.reports.office_charts import WIDTH, chart_height, chart_parts

_CHART_NS = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_RELATIONS_NS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_INLINE = """
<wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
    xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:c="{chart}" xmlns:r="{relations}">
  <wp:extent cx="{width}" cy="{height}"/>
  <wp:docPr id="{number}" name="Chart {number}"/>
  <wp:cNvGraphicFramePr/>
  <a:graphic><a:graphicData uri="{chart}"><c:chart r:id="{relation}"/></a:graphicData></a:graphic>
</wp:inline>"""


def add_field(paragraph: Paragraph, instruction: str, shown: str) -> None:
    """Append a field that Word computes.

    Args:
        paragraph: where to.
        instruction: for example `PAGE` or `SEQ Table`.
        shown: what is there until Word has computed it.
    """
    for kind, text in (("begin", None), (None, instruction), ("separate", None)):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        else:
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = f" {text} "
            run._r.append(code)
    paragraph.add_run(shown)
    end = OxmlElement("w:fldChar")
    end.set(qn("w:fldCharType"), "end")
    paragraph.add_run()._r.append(end)


def add_with_fields(paragraph: Paragraph, text: str, fields: dict[str, tuple[str, str]]) -> None:
    """Append a text in which placeholders become fields.

    Args:
        paragraph: where to.
        text: with `{placeholders}`.
        fields: placeholder to instruction and what is shown at first.
    """
    for piece in re.split(r"(\{\w+\})", text):
        if piece[1:-1] in fields:
            add_field(paragraph, *fields[piece[1:-1]])
        elif piece:
            paragraph.add_run(piece)


def repeat_heading(row: _Row) -> None:
    """Have a row of headings repeated on every page that its table reaches."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def keep_whole(row: _Row) -> None:
    """Have a row never broken between pages."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def describe(table: Table, title: str) -> None:
    """Name a table for those who hear it read out."""
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), title)
    table._tbl.tblPr.append(caption)


def add_chart(document: Document, drawn: Drawn, number: int, most_mm: tuple[int, int]) -> None:
    """Append a chart that Word draws itself and lets people edit: its figures come along.

    Args:
        document: where to.
        drawn: the chart.
        number: unique in the document, from 1.
        most_mm: width and height that there is room for, in millimetres.
    """
    drawing, workbook = chart_parts(drawn)
    package = document.part.package
    book = Part(PackURI(f"/word/embeddings/figures{number}.xlsx"), _XLSX_TYPE, workbook, package)
    part = Part(PackURI(f"/word/charts/chart{number}.xml"), _CHART_TYPE, b"", package)
    part._blob = _pointing_to(drawing, part.relate_to(book, RELATIONSHIP_TYPE.PACKAGE))
    relation = document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    height_mm = min(most_mm[1], most_mm[0] * chart_height(drawn) // WIDTH)
    inline = parse_xml(
        _INLINE.format(
            chart=_CHART_NS,
            relations=_RELATIONS_NS,
            width=Emu(Mm(most_mm[0])),
            height=Emu(Mm(height_mm)),
            number=number,
            relation=relation,
        )
    )
    inline.find(qn("wp:docPr")).set("descr", drawn.title)
    paragraph = document.add_paragraph()
    holder = OxmlElement("w:drawing")
    holder.append(inline)
    paragraph.add_run()._r.append(holder)


def _pointing_to(drawing: bytes, relation: str) -> bytes:
    """Return a chart that names the workbook its figures are in (ECMA-376 part 1, 21.2.2.63)."""
    root = etree.fromstring(drawing)
    for labels in root.iter(f"{{{_CHART_NS}}}dLbls"):
        _label_with_figures_only(labels)
    # Excel leaves a gap where nothing is said; others draw 0.
    gaps = etree.Element(f"{{{_CHART_NS}}}dispBlanksAs", val="gap")
    root.find(f"{{{_CHART_NS}}}chart/{{{_CHART_NS}}}plotVisOnly").addnext(gaps)
    outside = etree.Element(f"{{{_CHART_NS}}}externalData")
    outside.set(f"{{{_RELATIONS_NS}}}id", relation)
    update = etree.SubElement(outside, f"{{{_CHART_NS}}}autoUpdate")
    update.set("val", "0")
    settings = root.find(f"{{{_CHART_NS}}}printSettings")
    if settings is not None:
        settings.addprevious(outside)
    else:
        root.append(outside)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _label_with_figures_only(labels: etree._Element) -> None:
    """Say of everything that a label could show whether it does: outside Excel, silence is a yes."""
    value = labels.find(f"{{{_CHART_NS}}}showVal")
    key = etree.Element(f"{{{_CHART_NS}}}showLegendKey", val="0")
    value.addprevious(key)
    for name in reversed(("showCatName", "showSerName", "showPercent", "showBubbleSize")):
        value.addnext(etree.Element(f"{{{_CHART_NS}}}{name}", val="0"))
