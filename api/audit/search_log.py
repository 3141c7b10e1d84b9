"""Notes that somebody searched for a role in a place, and how much was found; never what was written.

A search is answered first and noted afterwards, by a thread of its own: a database that is slow, or down, is
nothing that somebody who searches should notice. What cannot be noted is dropped.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from queue import Full, Queue
from typing import TYPE_CHECKING

from search.accounts.principal import ANONYMOUS, Standing
from search.audit.inputs import SearchEvent
from search.models import Aspect, Reading, Strength, Target
from search.ranking.results import SearchRequest, SearchResult

if TYPE_CHECKING:
    from api.access import Access
    from api.assembly import Bole

#: Searches that wait to be noted, at most.
_WAITING = 10_000

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Noted:
    """One search, until its role is known; the reading is forgotten then."""

    on: date
    target: Target
    reading: Reading
    region: str | None
    best: str
    count: int


class SearchLog:
    """Keeps search events. Safe to share between threads.

    Args:
        bole: the assembled whole.
    """

    def __init__(self, bole: Bole) -> None:
        self._bole = bole
        self._waiting: Queue[_Noted | None] = Queue(_WAITING)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def note(
        self, access: Access, target: Target, regions: Sequence[str], result: SearchResult
    ) -> None:
        """Note a search that was just answered; those of the command on this machine are nobody's demand."""
        if access.who.standing is Standing.OPERATOR:
            return
        best = result.hits[0].doc_id if result.has_match and result.hits else ""
        noted = _Noted(
            on=self._bole.settings.today(),
            target=target,
            reading=result.reading,
            region=next(iter([*regions, *_named(result.reading, Aspect.PLACE)]), None),
            best=best,
            count=result.total if best else 0,
        )
        try:
            self._waiting.put_nowait(noted)
        except Full:
            return
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="searches", daemon=True)
                self._thread.start()

    def flush(self) -> None:
        """Wait until everything that was noted so far is kept."""
        self._waiting.join()

    def stop(self) -> None:
        """Keep what was noted and end."""
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._waiting.put(None)
            thread.join()

    def _work(self) -> None:
        while True:
            noted = self._waiting.get()
            try:
                if noted is None:
                    return
                self._bole.audit_stores.searches.add(
                    SearchEvent(
                        on=noted.on,
                        role=self._role(noted),
                        region=noted.region,
                        target=noted.target.value,
                        result_count=noted.count,
                    )
                )
            except Exception as error:
                # By its sort alone: the message could hold what somebody wrote.
                _log.warning("a search was not noted: %s", type(error).__name__)
            finally:
                self._waiting.task_done()

    def _role(self, noted: _Noted) -> int | None:
        """Return the row that a search is about: named in it, else that of the best hit, else the likeliest."""
        for value in _named(noted.reading, Aspect.TITLE):
            return int(value)
        kind, _, name = noted.best.partition(":")
        if kind == "role":
            return int(name)
        if noted.best:
            found = self._bole.backend.get([noted.best]).get(noted.best)
            roles = found.attributes.get("role", ()) if found else ()
            return int(roles[0]) if len(roles) == 1 else None
        if not noted.reading.mentions and not noted.reading.text.strip():
            return None
        request = SearchRequest(noted.reading, Target.ROLES, limit=1)
        result = self._bole.search_for(ANONYMOUS, lambda _: {}).search(request)
        if not result.has_match or not result.hits:
            return None
        return int(result.hits[0].doc_id.removeprefix("role:"))


def _named(reading: Reading, aspect: Aspect) -> list[str]:
    return [m.value for m in reading.of(aspect) if m.strength is not Strength.BANNED]
