"""Codes in a record that the code lists in force do not have.

The models check form only (six digits, a number from 1); whether a region or a catalogue row exists
depends on the releases, and a record must stay readable when a release drops a code.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from search.records.models import AnyRecord, Candidate
from taxonomies.catalogue import load_catalogue
from taxonomies.regions import load_elsewhere, load_regions


@dataclass(frozen=True, slots=True)
class UnknownReference:
    """A code that names nothing.

    Attributes:
        field: where it stands, for example `wishes.regions.0`.
        found: the code.
        advice: what to write instead.
    """

    field: str
    found: str
    advice: str


def unknown_references(record: AnyRecord) -> Iterator[UnknownReference]:
    """Yield the region codes and row numbers of a record that no release in force knows."""
    if record.region is not None:
        yield from _region("region", record.region)
    if isinstance(record, Candidate):
        for place, code in enumerate(record.wishes.regions):
            yield from _region(f"wishes.regions.{place}", code)
        for place, number in enumerate(record.wishes.roles):
            yield from _role(f"wishes.roles.{place}", number)
    elif record.role is not None:
        yield from _role("role", record.role)


def _region(field: str, code: str) -> Iterator[UnknownReference]:
    if code not in load_regions() and code not in load_elsewhere():
        yield UnknownReference(
            field, code, "write the six-digit code of a listed region, or leave it out"
        )


def _role(field: str, number: int) -> Iterator[UnknownReference]:
    catalogue = load_catalogue()
    if catalogue.role(number) is None:
        yield UnknownReference(
            field,
            str(number),
            f"rows of {catalogue.version} are numbered 1 to {len(catalogue.roles)}; write one of "
            "these, or leave it out",
        )
