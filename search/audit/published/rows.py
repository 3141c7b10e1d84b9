"""Published indices from a CSV file, as they are printed; nothing is computed from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from search.audit.faults import RowFault, shown
from search.audit.named_rows import columns_of, read_rows
from search.audit.published.index import PublishedIndex
from search.text.normalise import normalise
from taxonomies.catalogue import Catalogue

_REQUIRED = ("name", "publisher", "edition", "title", "value")
#: Characters of a column, at most.
LONGEST: Mapping[str, int] = {
    "name": 64, "publisher": 64, "edition": 32, "title": 64, "value": 32, "band": 32, "source": 500,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PublishedRows:
    """What a file held: the values that can be kept, and what is wrong with the other rows."""

    values: tuple[PublishedIndex, ...]
    faults: tuple[RowFault, ...]


def read_published(content: bytes, catalogue: Catalogue) -> PublishedRows:
    """Read published values from CSV (UTF-8 or GB18030); the first row names the columns.

    Columns: name, publisher, edition, title, value, and if wanted role, band and source, or as `columns.csv`
    calls them. A row that names no row of the catalogue is joined to the one of the same title, where there is
    one alone.

    Args:
        content: the file.
        catalogue: the one in force.
    """
    titles: dict[str, list[int]] = {}
    for role in catalogue.roles:
        titles.setdefault(normalise(role.title.zh).text, []).append(role.number)
    return PublishedRows(
        *read_rows(
            content,
            columns_of(__package__),
            _REQUIRED,
            lambda row, cells: _value(row, cells, catalogue, titles),
            lambda found: (found.name, found.publisher, found.edition, found.title),
            "title",
        )
    )


def _value(
    row: int, cells: Mapping[str, str], catalogue: Catalogue, titles: Mapping[str, list[int]]
) -> PublishedIndex | list[RowFault]:
    faults = [
        RowFault(row, name, "", "empty", "fill_in") for name in _REQUIRED if not cells.get(name)
    ]
    faults += [
        RowFault(row, name, shown(cells[name]), "too_long", "shorten", str(most))
        for name, most in LONGEST.items()
        if len(cells.get(name, "")) > most
    ]
    said = cells.get("role", "")
    number = int(said) if said.isascii() and said.isdigit() and len(said) <= 4 else None
    if said and (number is None or catalogue.role(number) is None):
        faults.append(RowFault(row, "role", shown(said), "unknown_role", "choose_row"))
    if faults:
        return faults
    if number is None:
        same = titles.get(normalise(cells["title"]).text, [])
        number = same[0] if len(same) == 1 else None
    return PublishedIndex(
        name=cells["name"],
        publisher=cells["publisher"],
        edition=cells["edition"],
        role=number,
        title=cells["title"],
        value=cells["value"],
        band=cells.get("band", ""),
        source=cells.get("source", ""),
    )
