"""Read the catalogue rows out of annex 1 of the province's 2017 talent plan.

The text is a table flattened by the publisher: every cell stands on a line of its own behind a tab,
a merged cell is left blank on the rows it spans, and rows are separated by an empty line.

Source: 《浙江省信息经济人才发展规划（2017-2022年）》附件1 浙江省信息经济发展重点领域紧缺人才需求目录.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

START = "附件1\n\n浙江省信息经济发展重点领域紧缺人才需求目录\n"
END = "\n 浙江省信息经济集聚区、企业与人才分布示意图\n 附件3"
HEADER = ["", "重点领域", "紧缺人才类别", "岗位职责描述"]
EXPECTED_ROWS = 92


@dataclass(frozen=True)
class CatalogueRow:
    """One printed row; every text is verbatim, less the blanks at either end of the cell."""

    number: int
    domain: str
    field: str
    order: int
    title: str
    duty: str


class AnnexLayoutError(ValueError):
    """The document does not hold the table that this parser reads."""


def parse(document: str) -> list[CatalogueRow]:
    """Return the 92 rows in printed order.

    Args:
        document: the whole text of the plan, as published.

    Raises:
        AnnexLayoutError: the annex is not there, a row has too few cells, or the count is not 92.
    """
    rows = list(_rows(_annex(document)))
    if len(rows) != EXPECTED_ROWS:
        raise AnnexLayoutError(
            f"annex 1 should hold {EXPECTED_ROWS} rows, {len(rows)} were read; "
            "compare the text with the published document"
        )
    return rows


def _annex(document: str) -> str:
    start, end = document.find(START), document.find(END)
    if start < 0 or end < start:
        raise AnnexLayoutError(
            "annex 1 was sought between its title and the heading of annex 2, and was not found; "
            "is this the 2017 plan of Zhejiang province?"
        )
    return document[start + len(START) : end]


def _rows(annex: str) -> Iterator[CatalogueRow]:
    domain = field = ""
    order = 0
    header, *blocks = [block for block in annex.split("\n\n") if block.strip()] or [""]
    if _cells(header) != HEADER:
        raise AnnexLayoutError(f"the header should read {HEADER}, it reads {_cells(header)}")
    for number, block in enumerate(blocks, start=1):
        # A blank cell before a domain or field means "as in the row above" (a merged cell).
        *spans, title, duty = _cells(block)
        named = [cell for cell in spans if cell]
        if not title or not duty or len(named) > 2:
            raise AnnexLayoutError(f"a row should end in title and duty, found {_cells(block)}")
        if len(named) == 2:
            domain = named[0]
        if named:
            field, order = named[-1], 0
        order += 1
        yield CatalogueRow(number, domain, field, order, title, duty)


def _cells(block: str) -> list[str]:
    return [cell.strip() for cell in block.lstrip("\n").split("\n")]
