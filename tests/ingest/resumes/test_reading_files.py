"""What files are read as: order, tables, boxes, headers, hidden text, names and encodings."""

from __future__ import annotations

import io

import pytest
from docx import Document
from pypdf import PdfReader, PdfWriter

from ingest.resumes.models import Limits, ResumeRefused
from ingest.resumes.parse import read_resume
from tests.ingest.resumes.docx_files import body, changed, docx_of, paragraph, saved, with_body
from tests.ingest.resumes.pdf_files import Line, pdf, pdf_of


def test_a_docx_is_read_in_document_order():
    document = Document()
    document.sections[0].header.paragraphs[0].text = "in the header"
    document.sections[0].footer.paragraphs[0].text = "in the footer"
    document.add_paragraph("before")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip([c for row in table.rows for c in row.cells], "abcd", strict=True):
        cell.text = text
    document.add_paragraph("after")
    text = read_resume(saved(document), filename="x").text
    assert text.split("\n") == [
        "in the header",
        "before",
        "a | b",
        "c | d",
        "after",
        "in the footer",
    ]


def test_a_text_box_is_read_once():
    box = (
        '<w:p><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f'<mc:Choice Requires="wps"><w:txbxContent>{paragraph("boxed")}</w:txbxContent></mc:Choice>'
        f"<mc:Fallback><w:txbxContent>{paragraph('boxed')}</w:txbxContent></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>"
    )
    assert (
        read_resume(with_body(paragraph("a") + box + paragraph("b")), filename="x").text
        == "a\nboxed\nb"
    )


def test_a_nested_table_is_read_once():
    inner = f"<w:tbl><w:tr><w:tc>{paragraph('inner')}</w:tc></w:tr></w:tbl>"
    outer = f"<w:tbl><w:tr><w:tc>{paragraph('outer')}{inner}</w:tc></w:tr></w:tbl>"
    assert read_resume(with_body(outer), filename="x").text == "outer\ninner"


def test_what_was_deleted_is_not_read():
    deleted = (
        "<w:p><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:r><w:t>kept</w:t></w:r></w:p>"
    )
    assert read_resume(with_body(deleted), filename="x").text == "kept"


@pytest.mark.parametrize("how", ['<w:color w:val="FFFFFF"/>', "<w:vanish/>", '<w:sz w:val="2"/>'])
def test_hidden_text_of_a_docx_is_set_apart(how):
    resume = read_resume(with_body(paragraph("seen") + paragraph("Kubernetes", how)), filename="x")
    assert resume.text == "seen"
    assert "Kubernetes" in resume.hidden
    assert resume.notes == ("hidden_text",)


def test_white_on_a_painted_cell_is_seen():
    white = paragraph("shown", '<w:color w:val="FFFFFF"/>')
    shade = '<w:tcPr><w:shd w:val="clear" w:fill="1F3864"/></w:tcPr>'
    cell = f"<w:tbl><w:tr><w:tc>{shade}{white}</w:tc></w:tr></w:tbl>"
    assert read_resume(with_body(cell), filename="x").text == "shown"


@pytest.mark.parametrize(
    "hidden",
    [
        Line("Kubernetes", y=600, before="1 g"),
        Line("Kubernetes", y=600, before="1 1 1 rg"),
        Line("Kubernetes", y=600, before="0 0 0 0 k"),
        Line("Kubernetes", y=600, size=1),
        Line("Kubernetes", y=-300),
        Line("Kubernetes", x=3000, y=600),
        Line("Kubernetes", y=600, before="3 Tr"),
        Line("Kubernetes", y=600, before="0 0 0.5 rg 0 590 600 40 re f"),
    ],
)
def test_hidden_text_of_a_pdf_is_set_apart(hidden):
    resume = read_resume(pdf([[Line("seen", y=700), hidden, Line("end", y=500)]]), filename="x")
    assert resume.text == "seen\nend"
    assert resume.hidden == "Kubernetes"
    assert "hidden_text" in resume.notes


def test_white_on_a_painted_area_of_a_pdf_is_seen():
    shown = Line("shown", y=600, before="0 0 0.5 rg 0 590 600 40 re f 1 g")
    resume = read_resume(pdf([[shown]]), filename="x")
    assert (resume.text, resume.notes) == ("shown", ())


def test_the_words_under_a_scan_are_read_and_said_to_be():
    resume = read_resume(pdf([[Line("scanned", y=600, before="3 Tr")]]), filename="x")
    assert (resume.text, resume.notes) == ("scanned", ("ocr_text",))


def test_chinese_is_read_by_the_map_of_the_font():
    resume = read_resume(pdf_of("张伟\n模拟IC设计工程师"), filename="x")
    assert resume.text == "张伟\n模拟IC设计工程师"
    assert (resume.kind, resume.pages) == ("pdf", 1)


def test_signs_of_radicals_become_characters():
    assert read_resume(pdf_of("⼯程师"), filename="x").text == "工程师"


def test_invisible_characters_are_removed_and_noted():
    resume = read_resume("Ja\u200bva\u2060 工程师".encode(), filename="x")
    assert resume.text == "Java 工程师"
    assert resume.notes == ("invisible_characters",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_text_is_decoded(encoding):
    resume = read_resume("张伟\r\n工程师𠮷".encode(encoding), filename="x")
    assert (resume.text, resume.kind, resume.notes) == ("张伟\n工程师𠮷", "txt", ())


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\me\简历.pdf", "简历.pdf"),
        ("a\r\nSet-Cookie: b.pdf", "aSet-Cookie: b.pdf"),
        ("cv\u202efdp.exe", "cvfdp.exe"),
        ("x" * 500, "x" * 120),
        ("..", ""),
        ("\0", ""),
    ],
)
def test_a_name_is_only_shown(sent, shown):
    assert read_resume(b"a resume", filename=sent).name == shown


def test_a_pdf_that_is_only_locked_against_changes_is_read():
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf_of("Jane"))))
    writer.encrypt("", "owner", algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    assert read_resume(written.getvalue(), filename="x").text == "Jane"


def test_a_chart_in_a_document_does_no_harm():
    data = changed(docx_of("Jane"), added={"word/embeddings/Workbook1.xlsx": b"PK\x03\x04"})
    assert read_resume(data, filename="x").text == "Jane"


def test_an_entity_of_a_document_is_never_resolved(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    declared = f'<!DOCTYPE d [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    data = changed(
        docx_of("x"),
        {"word/document.xml": lambda _: body(paragraph("&e;"), declared=declared).encode()},
    )
    with pytest.raises(ResumeRefused, match="malformed"):
        read_resume(data, filename="x")


def test_a_process_that_takes_too_long_is_ended():
    with pytest.raises(ResumeRefused) as refused:
        read_resume(pdf_of("Jane"), filename="x", limits=Limits(wall_seconds=0.001))
    assert refused.value.reason == "too_slow"


def test_a_process_that_wants_too_much_is_refused():
    text = "\n".join(f"line {n} of a long document" for n in range(60_000))
    data = with_body("".join(paragraph(line) for line in text.split("\n")))
    with pytest.raises(ResumeRefused) as refused:
        read_resume(data, filename="x", limits=Limits(memory_bytes=96 << 20))
    assert refused.value.reason == "too_much_memory"
