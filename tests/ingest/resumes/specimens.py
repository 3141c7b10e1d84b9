"""The invented résumés of `resumes.yaml` as files, and the count of what was read rightly of each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from ingest.resumes.draft import Draft
from tests.ingest.resumes.docx_files import docx_of
from tests.ingest.resumes.pdf_files import pdf_of

SPECIMENS = yaml.safe_load(Path(__file__).with_name("resumes.yaml").read_text("utf-8"))


def files() -> Iterator[tuple[str, bytes, dict]]:
    """Yield name, content and specimen of every file."""
    for specimen in SPECIMENS:
        for kind in specimen["as"]:
            yield f"{specimen['id']}.{kind}", file_as(kind, specimen["text"].rstrip("\n")), specimen


def file_as(kind: str, text: str) -> bytes:
    if kind == "docx":
        return docx_of(text)
    if kind == "pdf":
        return pdf_of(text)
    return text.replace("\t", "    ").encode(kind.removeprefix("txt:"))


def answers(draft: Draft, expect: dict) -> Iterator[tuple[str, bool, object, object]]:
    """Yield for every field stated or left open: its name, whether it was read rightly, found, expected."""
    parts = draft.parts

    def said(name, found, wanted):
        return name, found == wanted, found, wanted

    for name in ("name", "phone", "email"):
        if name in expect["contact"]:
            yield said(f"contact.{name}", getattr(draft.contact, name), expect["contact"][name])
    yield said("headline", parts.headline, expect["headline"])
    yield said("region", parts.region, expect.get("region"))
    yield said("years", parts.years_experience, expect.get("years"))
    yield from _listed("education", parts.education, expect.get("education", ()))
    yield from _listed("work", parts.work, expect.get("work", ()))
    yield from _named("skills", [skill.name for skill in parts.skills], expect.get("skills", ()))
    levels = {skill.name: skill.level for skill in parts.skills}
    for name, level in expect.get("levels", {}).items():
        yield said(f"level of {name}", levels.get(name), level)
    wanted = expect.get("wishes", {"titles": [], "regions": [], "pay": None, "employment": []})
    found = parts.wishes
    yield said("wishes.titles", list(found.titles), wanted["titles"])
    yield said("wishes.regions", list(found.regions), wanted["regions"])
    yield said("wishes.pay", found.pay_monthly_yuan, wanted["pay"])
    yield said("wishes.employment", list(found.employment), wanted["employment"])
    yield from _named("languages", parts.languages, expect.get("languages", ()))
    yield from _named("certificates", parts.certificates, expect.get("certificates", ()))
    for words in expect.get("summary", ()):
        yield f"summary has {words}", words in parts.summary, parts.summary[:80], words


def _listed(name, found, wanted):
    """Compare lists of objects field by field; one too many counts as a mistake."""
    for at, one in enumerate(wanted):
        for field, value in one.items():
            read = getattr(found[at], field) if at < len(found) else "missing"
            yield f"{name}.{at}.{field}", read == value, read, value
    yield f"number of {name}", len(found) == len(wanted), len(found), len(wanted)


def _named(name, found, wanted):
    """Each that is stated counts, and each that is not and was read all the same."""
    left = list(found)
    for one in wanted:
        hit = next(
            (read for read in left if read == one or (name == "languages" and one in read)), None
        )
        if hit is not None:
            left.remove(hit)
        yield f"{name}: {one}", hit is not None, list(found), one
    for extra in left:
        yield f"{name}: not stated", False, extra, None
