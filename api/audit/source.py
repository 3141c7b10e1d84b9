"""The audit of the records as they are: read once, then kept equal to them by what the outbox tells.

After a change only the records that changed are judged anew. Whoever is erased, or takes the consent to
be counted back, is out of the next figure and the next drill-down that anybody asks for.
"""

from __future__ import annotations

import gc
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from api.audit.facts import Counted as WhoCounts
from api.audit.facts import Documents, all_facts, seekers_of, vacancies_of
from ingest.declarations.demand import demand_of
from ingest.declarations.models import Declaration
from ingest.documents import SCHEMA
from search.audit.catalogue_demand import Demand
from search.audit.counted import Counted, counted
from search.audit.figures import AuditFigures
from search.audit.from_records import catalogue_duties, catalogue_roles, unknown_words
from search.audit.inputs import AuditInputs, SearchEvent, SeekerFact, VacancyFact
from search.audit.period import Period
from search.audit.prepared import Changes, Prepared, prepare, prepare_again
from search.audit.running import audit_prepared
from search.audit.targets.progress import Actual
from search.audit.thresholds import Thresholds
from search.audit.unknown_words import WordFinder
from search.records.errors import OutboxPrunedError
from search.records.models import Vacancy
from taxonomies.releases import CURRENT

if TYPE_CHECKING:
    from api.assembly import Bole
    from search.records.store import Change
    from search.records.stored import StoredRecord

Made = TypeVar("Made")

#: Audits kept: of the days and periods that were asked for last.
KEPT = 4
#: Searches come all the time: figures made less than so many seconds ago need not know the latest.
SEARCHES_FRESH_S = 60.0
#: What of the code lists the figures depend on.
_SCHEMES = ("catalogue", "skills", "regions", "levels", "targets")
_BATCH = 500


@dataclass(frozen=True, eq=False)
class Audit:
    """One audit: what was counted, and the figures.

    Attributes:
        data: what lines are made of; drilling down starts here.
        figures: the result.
    """

    data: Counted = field(repr=False)
    figures: AuditFigures = field(repr=False)

    @property
    def prepared(self) -> Prepared:
        """The inputs, judged."""
        return self.data.prepared


@dataclass(frozen=True, eq=False)
class _State:
    """What was read: up to which change, for whom, with which unknown words, after what was told else."""

    sequence: int
    who: WhoCounts
    words: frozenset[str]
    base: Prepared = field(repr=False)
    told: str


class AuditSource:
    """Runs audits over the records. Safe to share between threads: one reads at a time.

    Args:
        bole: the assembled whole.
        clock: seconds that never go back; a test may hold it.
    """

    def __init__(self, bole: Bole, clock: Callable[[], float] = time.monotonic) -> None:
        self._bole = bole
        self._clock = clock
        self._lock = threading.RLock()
        self._documents = Documents(bole.open_backend)
        self._state: _State | None = None
        self._made: dict[Hashable, Any] = {}
        self._audits: OrderedDict[tuple[date, Period], tuple[float, int, Audit]] = OrderedDict()

    def audit(self, as_of: date, period: Period, *, is_latest: bool = False) -> Audit:
        """Return the audit of a day over the records as they are now.

        Args:
            as_of: day on which openness, ages and standing are taken.
            period: of outcomes and searches.
            is_latest: searches of the last minute count too.
        """
        with self._lock, _collecting_later():
            state = self._refreshed(as_of)
            key = (as_of, period)
            found = self._audits.get(key)
            if found is not None:
                made_at, mark, audit = found
                is_fresh = not is_latest and self._clock() - made_at < SEARCHES_FRESH_S
                if is_fresh or mark == self._latest_search():
                    self._audits.move_to_end(key)
                    return audit
            made_at = self._clock()
            mark = self._latest_search()
            searches = self._bole.audit_stores.searches.between(period.start, period.end)
            audit = self._audit(state, as_of, period, searches)
            self._audits[key] = (made_at, mark, audit)
            while len(self._audits) > KEPT:
                self._audits.popitem(last=False)
            return audit

    def remembered(self, name: Hashable, make: Callable[[], Made]) -> Made:
        """Return what was made of the records as they are, or make it now.

        Args:
            name: what it is, with all that it depends on besides the records.
            make: makes it.
        """
        with self._lock:
            state = self._state
            if name in self._made:
                return self._made[name]  # type: ignore[no-any-return]
        made = make()
        with self._lock:
            if self._state is state:
                self._made[name] = made
        return made

    def inputs(self, as_of: date, period: Period) -> AuditInputs:
        """Return what an audit counts; with it anybody can recompute a snapshot."""
        return self.audit(as_of, period, is_latest=True).prepared.inputs

    def _audit(
        self, state: _State, as_of: date, period: Period, searches: tuple[SearchEvent, ...]
    ) -> Audit:
        base = state.base
        if base.as_of != as_of:
            base = prepare_again(base, Changes(), as_of)
        prepared = replace(base, inputs=replace(base.inputs, searches=searches))
        data = counted(prepared, period)
        figures = audit_prepared(
            prepared,
            period,
            versions=versions(),
            published=self._bole.audit_stores.published.all(),
        )
        return Audit(data, figures)

    def _refreshed(self, as_of: date) -> _State:
        """Return what was read, brought up to the records."""
        bole, before = self._bole, self._state
        who = self._who_counts()
        last = bole.store.last_sequence()
        told = bole.audit_stores.mark()
        if before is not None and (before.sequence, before.who, before.told) == (
            last,
            who,
            told,
        ):
            return before
        after = None
        if before is not None and before.who == who:
            after = self._followed(before, told)
        self._state = after or self._read(who, as_of, told)
        self._audits.clear()
        self._made.clear()
        return self._state

    def _read(self, who: WhoCounts, as_of: date, told: str) -> _State:
        bole = self._bole
        # What changes while the records are read is told again from here on.
        sequence = bole.store.last_sequence()
        vacancies, seekers, words = all_facts(bole.store, who, self._documents)
        inputs = AuditInputs(
            vacancies=vacancies,
            seekers=seekers,
            outcomes=bole.audit_stores.outcomes.all(),
            catalogue=catalogue_roles(),
            duties=catalogue_duties(),
            declared=self._declared(),
            actuals=self._actuals(),
        )
        return _State(sequence, who, words, prepare(inputs, as_of, Thresholds()), told)

    def _followed(self, before: _State, told: str) -> _State | None:
        """Return the state after what changed; None where all has to be read again."""
        store, sequence = self._bole.store, before.sequence
        changed: dict[str, Change] = {}
        try:
            while True:
                changes = store.changes_after(sequence, _BATCH)
                changed.update((change.record_id, change) for change in changes.rows)
                if changes.upto == sequence:
                    break
                sequence = changes.upto
        except OutboxPrunedError:
            return None
        vacancies, seekers, gone = self._facts_of(changed, before)
        if not unknown_words(vacancies) <= before.words:
            return None  # everybody's profile has to be looked through for the new words
        base = prepare_again(
            before.base,
            Changes(
                vacancies=vacancies,
                seekers=seekers,
                # A record keeps its kind; of the kind that it is not, an id names nobody.
                gone_vacancies=tuple(gone),
                gone_seekers=tuple(gone),
                outcomes=self._bole.audit_stores.outcomes.all(),
                declared=self._declared(),
                actuals=self._actuals(),
            ),
        )
        return _State(sequence, before.who, before.words, base, told)

    def _facts_of(
        self, changed: dict[str, Change], before: _State
    ) -> tuple[tuple[VacancyFact, ...], tuple[SeekerFact, ...], list[str]]:
        vacancies: list[StoredRecord] = []
        seekers: list[StoredRecord] = []
        gone = []
        for record_id, change in changed.items():
            stored = change.stored
            if stored is not None and isinstance(stored.record, Vacancy):
                vacancies.append(stored)
            elif stored is not None and before.who.has(stored):
                seekers.append(stored)
            else:
                gone.append(record_id)
        finder = WordFinder.of(before.words)
        return (
            tuple(vacancies_of(vacancies, self._documents)),
            tuple(seekers_of(seekers, self._documents, finder)),
            gone,
        )

    def _declared(self) -> tuple[Demand, ...]:
        return tuple(
            demand_of(kept.id, Declaration.model_validate(dict(kept.body)))
            for kept in self._bole.audit_stores.declarations.sent()
            if kept.state != "refused"
        )

    def _actuals(self) -> tuple[Actual, ...]:
        # Who entered a figure does not matter to it, and need not outlast the account in a snapshot.
        return tuple(replace(one, by="") for one in self._bole.audit_stores.actuals.all())

    def _latest_search(self) -> int:
        self._bole.search_log.flush()
        return self._bole.audit_stores.searches.mark()

    def _who_counts(self) -> WhoCounts:
        accounts = self._bole.accounts
        if not accounts.are_there_any():
            return WhoCounts.of((), is_open=True)
        offices = (one.id for one in accounts.organisations() if one.kind == "office")
        return WhoCounts.of(offices, is_open=False)


@contextmanager
def _collecting_later() -> Iterator[None]:
    """Look for no cycles meanwhile: what is read stays, and looking through it as it grows takes a third."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def versions() -> dict[str, str]:
    """Return the releases that figures depend on."""
    held = {scheme: CURRENT[scheme] for scheme in _SCHEMES if scheme in CURRENT}
    return {**held, "reading": str(SCHEMA)}
