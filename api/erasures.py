"""What was erased, so that it is erased again from a backup that is older than that.

A file of ids beside the records: it says nothing about anybody, and a restore leaves it as it is.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from search.records.store import RecordStore

FILE = "erased.txt"

Sort = Literal["record", "account"]


def note_erased(data_dir: Path, sort: Sort, ids: Iterable[str]) -> None:
    """Add ids to the list, durably.

    Raises:
        OSError: it cannot be written.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / FILE).open("a", encoding="ascii") as file:
        file.writelines(f"{sort} {one}\n" for one in ids)
        file.flush()
        os.fsync(file.fileno())


def reapply(store: RecordStore, data_dir: Path) -> int:
    """Erase again, from records that were just restored, whatever was erased since.

    `bole restore` calls it before a server can open the records. It can be called again.

    Args:
        store: the restored records.
        data_dir: the data folder, where the list is.

    Returns:
        How many records were erased again.

    Raises:
        LastAdminError: never: whoever erased themselves was no administrator.
    """
    from search.accounts.accounts import AccountStore
    from search.records.saved_searches import SavedSearchStore

    path = data_dir / FILE
    if not path.exists():
        return 0
    accounts, searches = AccountStore(store.database), SavedSearchStore(store.database)
    erased = 0
    for line in path.read_text(encoding="ascii").splitlines():
        sort, _, one = line.partition(" ")
        if sort == "record":
            erased += store.delete(one)
        elif accounts.are_there_any():
            searches.delete_all(one)
            accounts.remove(one)
    return erased
