"""Bole over a judged collection: its documents as vacancies in an installation of their own."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.assembly import Bole
    from api.settings import Settings
    from search.evaluation.collections import Collection

_BATCH = 500


@contextmanager
def opened(settings: Settings, collection: Collection) -> Iterator[tuple[Bole, dict[str, str]]]:
    """Yield Bole over the documents of a collection, and its document ids to theirs.

    It is kept under the data folder, so that a second measurement does not load anything again.

    Args:
        settings: of the installation that measures; only where the data is differs.
        collection: its documents become vacancies: title and text.
    """
    from api.assembly import Bole
    from search.accounts.principal import PUBLIC_OWNER
    from search.records.models import Vacancy

    folder = _folder(settings.data_dir, collection)
    inner = settings.model_copy(update={"data_dir": folder, "database_url": ""})
    with Bole(inner) as bole:
        ids = list(collection.documents)
        if bole.store.count() != len(ids):
            # Keys of records allow fewer characters than ids of collections.
            records = [
                Vacancy(key=f"d{number}", title=title[:300], text=text[:20_000])
                for number, (title, text) in enumerate(collection.documents.values())
            ]
            for start in range(0, len(records), _BATCH):
                bole.store.put_many(records[start : start + _BATCH], PUBLIC_OWNER)
        _ = bole.backend
        bole.projector.catch_up()
        stored = {
            f"vacancy:{record_id}": ids[int(key.removeprefix("d"))]
            for record_id, key in _keys(bole).items()
        }
        yield bole, stored


def _keys(bole: Bole) -> dict[str, str]:
    keys: dict[str, str] = {}
    last = ""
    while changes := bole.store.records_after(last, _BATCH):
        for change in changes:
            if change.stored is not None and change.stored.key:
                keys[change.record_id] = change.stored.key
        last = changes[-1].record_id
    return keys


def _folder(data: Path, collection: Collection) -> Path:
    content = json.dumps([collection.name, list(collection.documents.items())], ensure_ascii=False)
    name = f"{collection.name}-{hashlib.sha256(content.encode()).hexdigest()[:12]}"
    for old in (data / "suite").glob(f"{collection.name}-????????????"):
        if old.name != name:
            shutil.rmtree(old)
    return data / "suite" / name
