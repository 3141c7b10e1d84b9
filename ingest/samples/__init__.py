"""Clearly invented vacancies and candidates for demonstrations, tests and benchmarks.

Everything follows from a seed: record `i` depends on `(seed, i)` alone, so the first `k` of `n`
records are the `k` records of a shorter run. Employers and schools are called 示例… or "Sample …",
nobody is named, and no text touches sex, age or marital state.

The sentences, words and market shares are data under `templates/`; skills, titles and places come
from the taxonomies. The shapes are plausible; they measure no labour market.
"""

from ingest.samples.candidates import generate_candidates
from ingest.samples.jsonl import write_jsonl
from ingest.samples.vacancies import generate_vacancies

__all__ = ["generate_candidates", "generate_vacancies", "write_jsonl"]
