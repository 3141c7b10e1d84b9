"""What the benchmarks ask: queries as recruiters write them, and filters of several widths."""

from __future__ import annotations

from collections.abc import Mapping

from search.backends.filters import And, Filter, Range, Term

#: Searches a filter width; enough for a 99th percentile of sorts.
QUERIES = 240
#: Depth of the vector search whose recall is measured.
DEPTH = 100
#: Searches before the first that counts.
WARM_UP = 20

_CITY = Term("region", ("330400",))
_FIELD = Term("field", ("integrated-circuits",))
_EXPERIENCED = Range("years", at_least=5)

#: Filters over generated candidates by name; they leave all, 80, 50, 10, 4, 1 and 0.2 %.
WIDTHS: Mapping[str, Filter] = {
    "none": And(),
    "education at least bachelor": Range("education", at_least=3),
    "pay of 15,000 and more": Range("pay_monthly_yuan", at_least=15_000),
    "one city": _CITY,
    "city and years": And((_CITY, _EXPERIENCED)),
    "city, years and master": And((_CITY, _EXPERIENCED, Range("education", at_least=4))),
    "city, field and years": And((_CITY, _FIELD, _EXPERIENCED)),
}


def texts(seed: int, count: int = QUERIES) -> list[str]:
    """Return queries: titles, skill lists, and openings of postings."""
    from ingest.samples.vacancies import generate_vacancies

    written = []
    for number, vacancy in enumerate(generate_vacancies(count, seed + 1)):
        skills = ", ".join(skill.name for skill in vacancy.skills[:5])
        written.append(
            (vacancy.title, skills or vacancy.title, f"{vacancy.title}\n{vacancy.text}"[:300])[
                number % 3
            ]
        )
    return written
