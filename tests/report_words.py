"""The words of reports for tests: those of the pages, and those of reports before they are merged."""

from __future__ import annotations

import json
from pathlib import Path

from api.wording import LOCALES
from ingest.reports.words import ReportWords

ROOT = Path(__file__).parents[1]


def report_words(lang):
    """Return the words of one language."""
    texts = json.loads((LOCALES / f"{lang}.json").read_text(encoding="utf-8"))
    for path in ROOT.glob(f"locales_*.{lang}.json"):
        texts |= json.loads(path.read_text(encoding="utf-8"))
    return ReportWords(lang, {key: text for key, text in texts.items() if isinstance(text, str)})
