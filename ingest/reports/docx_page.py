"""The page and the typefaces of a Word document, as `typefaces.yaml` has them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import CharacterStyle, ParagraphStyle

from taxonomies.yaml_text import read_yaml

#: The style of what stands in cells: a table's own typeface would lose to that of the body.
TABLE_TEXT = "Table Text"
_FILE = Path(__file__).with_name("typefaces.yaml")


@dataclass(frozen=True)
class PageSize:
    """Paper and margins in millimetres."""

    width: int
    height: int
    top: int
    bottom: int
    left: int
    right: int

    def text_width(self, landscape: bool) -> int:
        """Return how wide the text is, in millimetres."""
        # Lying, the paper is turned: what was above is at the side.
        return (
            self.height - self.top - self.bottom
            if landscape
            else self.width - self.left - self.right
        )


def lay_out(document: Document) -> PageSize:
    """Give a document its page and typefaces; return the page."""
    content = read_yaml(_FILE.read_bytes())
    page = PageSize(**content["page"])
    set_page(document.sections[0], page, landscape=False)
    document.styles.add_style(TABLE_TEXT, WD_STYLE_TYPE.PARAGRAPH).base_style = document.styles[
        "Normal"
    ]
    for name, face in content["styles"].items():
        style = document.styles[name]
        assert isinstance(style, CharacterStyle)
        _set_face(style, face)
    _close_up(document)
    return page


def _close_up(document: Document) -> None:
    """Add no space between Chinese and Latin letters in tables, so that dates fit their columns."""
    properties = document.styles[TABLE_TEXT].element.get_or_add_pPr()
    for name in ("w:autoSpaceDN", "w:autoSpaceDE"):
        switch = OxmlElement(name)
        switch.set(qn("w:val"), "0")
        properties.insert(0, switch)


def set_page(section: Section, page: PageSize, *, landscape: bool) -> None:
    """Set paper and margins of a section."""
    sides = (page.top, page.right, page.bottom, page.left)
    top, right, bottom, left = (sides[-1], *sides[:-1]) if landscape else sides
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    width, height = (page.height, page.width) if landscape else (page.width, page.height)
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)


def _set_face(style: CharacterStyle, face: dict[str, object]) -> None:
    font = style.font
    font.name = str(face["latin"])
    font.size = Pt(float(str(face["size"])))
    if isinstance(style, ParagraphStyle) and "after" in face:
        style.paragraph_format.space_after = Pt(float(str(face["after"])))
    font.bold = bool(face.get("bold", False))
    font.italic = False
    font.color.rgb = RGBColor(0x1D, 0x27, 0x30)
    properties = style.element.get_or_add_rPr()
    fonts = properties.find(qn("w:rFonts"))
    for attribute in [name for name in fonts.attrib if name.endswith("Theme")]:
        # A typeface of the theme would win over the one named here.
        del fonts.attrib[attribute]
    fonts.set(qn("w:hAnsi"), str(face["latin"]))
    fonts.set(qn("w:eastAsia"), str(face["chinese"]))
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    language.set(qn("w:eastAsia"), "zh-CN")
    properties.append(language)
