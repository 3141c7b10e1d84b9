"""What a vacancy may not ask for, told by column; a column that asks for it by its header included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ingest.tables.columns import ColumnPlan, cell_at
from ingest.tables.reading import RowReading
from ingest.tables.record_faults import text_field
from ingest.tables.rows import Remark
from ingest.tables.vacancy_rows import SKILLS
from ingest.tables.values import cell_text, says_nothing
from search.records.models import Vacancy
from search.text.normalise import normalise
from search.text.refusals import Refusal, refused
from taxonomies.protected import load_posting_rules


def note_refusals(reading: RowReading, vacancy: Vacancy, plan: ColumnPlan) -> None:
    """Note every condition for which a posting is refused."""
    for field, text in _texts(vacancy):
        if not _needed_word().search(normalise(text).text):
            continue
        for refusal in refused(text):
            place = text_field(reading, refusal.quote) if field == "text" else field
            reading.add(place, *_remarks(refusal))
    for at, header in plan.protected:
        value = cell_text(cell_at(reading.row.cells, at))
        if says_nothing(value):
            continue
        for refusal in refused(f"{header}：{value}"):
            reading.add_at(header, value, *_remarks(refusal))


def _texts(vacancy: Vacancy) -> Iterator[tuple[str, str]]:
    """Yield the texts that `search.matching.refusals` judges, with the field they came from."""
    yield "title", vacancy.title
    yield "text", vacancy.text
    for skill in vacancy.skills:
        yield next(field for field, meant in SKILLS.items() if meant == skill.strength), skill.name
    for language in vacancy.languages:
        yield "languages", language


@cache
def _needed_word() -> re.Pattern[str]:
    """Return what finds a word without one of which no rule can match; most texts have none."""
    words = {word for rule in load_posting_rules().rules for word in rule.needs}
    return re.compile("|".join(re.escape(word) for word in sorted(words)))


def _remarks(refusal: Refusal) -> tuple[Remark, Remark]:
    reason = Remark("refused_posting", {"quote": refusal.quote, "reason": refusal.reason})
    return reason, Remark("refused_posting", {"advice": refusal.advice})
