"""Open Bole for a command: reading beside a running server, or building what is not there yet."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.assembly import Bole


@contextmanager
def open_for_reading() -> Iterator[Bole]:
    """Yield Bole over the index in use; one that is missing or outdated is built first."""
    from api.assembly import Bole
    from api.settings import Settings
    from search.backends.base import IndexMismatchError, IndexMissingError

    settings = Settings()
    with Bole(settings, writes=False) as bole:
        bole.prefetch()
        try:
            _ = bole.backend
        except (IndexMissingError, IndexMismatchError) as error:
            sys.stderr.write(f"bole: {error}\nbole: building the index …\n")
        else:
            yield bole
            return
    with Bole(settings) as builder:
        _ = builder.backend
    with Bole(settings, writes=False) as bole:
        yield bole


@contextmanager
def open_records() -> Iterator[Bole]:
    """Yield Bole for changing records; afterwards the index follows, unless a server does that."""
    from api.assembly import Bole
    from api.settings import Settings
    from search.backends.base import IndexLockedError

    with Bole(Settings()) as bole:
        yield bole
        try:
            bole.projector.catch_up()
        except IndexLockedError:
            sys.stderr.write(
                "bole: a running server or projector keeps the index and brings it up to date\n"
            )


@contextmanager
def open_accounts() -> Iterator[Bole]:
    """Yield Bole for what needs the database and no index; faults of records are the user's."""
    from api.assembly import Bole
    from api.settings import Settings
    from search.records.errors import RecordError

    with Bole(Settings(), writes=False) as bole:
        try:
            yield bole
        except RecordError as error:
            raise ValueError(str(error)) from None
