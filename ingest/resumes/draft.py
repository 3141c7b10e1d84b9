"""Make a draft of a profile from a résumé's text; the person looks it over before anything is saved.

Nothing is guessed: a field that the text does not state stays empty. Contacts and what is protected are blanked
before the text is read, and looked for once more in all that was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ingest.resumes.abilities import read_certificates, read_languages, read_skills
from ingest.resumes.contacts import Found, find_contact
from ingest.resumes.employments import read_employments
from ingest.resumes.models import ResumeText
from ingest.resumes.particulars import headline_stated, region_stated, years_stated
from ingest.resumes.parts import Parts, Scrub
from ingest.resumes.schooling import read_education
from ingest.resumes.sheet import Labelled, Line, Section, Sheet
from ingest.resumes.wishes import read_wishes
from ingest.resumes.words import key, load_words
from search.accounts.contacts import Contact
from search.models import Aspect
from search.records.models import Candidate
from search.text.protected import protected_spans
from search.text.reading import read

#: Characters of a summary; the schema allows more, a reader does not.
LONGEST_SUMMARY = 6_000
#: Characters of what is shown as not understood.
LONGEST_UNREAD = 6_000
# What is left of a line once contacts and labels are blanked.
_EMPTY_BRACKETS = re.compile(r"[（(\[【]\s*[）)\]】]")
_ORIGIN = re.compile(r"(?<![\u3400-\u9fff])(?P<place>[\u3400-\u9fff]{2,10})人(?![\u3400-\u9fff])")
_LISTS = ("skills", "languages", "certificates", "summary", "other")
_OF_PERSON = ("education.level", "wish.", "years", "region", "headline")
_TELLING = ("summary", "projects", "other")


@dataclass(frozen=True, slots=True)
class Draft:
    """A profile as it was read, for the person to look over.

    Attributes:
        parts: what would be saved.
        contact: name, phone and e-mail; they are in none of the parts.
        evidence: by field (`work.0.title`, `contact.name`), where in the text of the résumé it was read.
        notes: codes of what the person should be told: those of the text, and `protected_removed`,
            `pasted_posting`, `no_headline`, `summary_cut`.
        unread: lines that no rule understood; they are at the end of the summary too, as far as it reaches.
    """

    parts: Parts
    contact: Contact
    evidence: Mapping[str, tuple[int, int]]
    notes: tuple[str, ...]
    unread: str

    def candidate(self, *, headline: str = "") -> Candidate | None:
        """Return the profile, without key and consents; None while nobody has given it a headline."""
        parts = {name: getattr(self.parts, name) for name in Parts.__slots__}
        parts["headline"] = headline.strip() or parts["headline"]
        return Candidate(**parts) if parts["headline"] else None


def draft_profile(resume: ResumeText) -> Draft:
    """Return what a résumé says, field by field; never fails, whatever the text."""
    found = find_contact(resume.text)
    text, has_protected = _readable(resume.text, found)
    sheet = Sheet(
        text, tuple(m for m in read(text).mentions if m.via == "label"), dict(found.evidence)
    )
    sections = sheet.sections()
    has_origin = _drop_origins(sections, sheet)
    parts = _parts(sections, sheet)
    said, unread = _left_over(sections, sheet)
    summary, is_cut = _bounded([*said, *unread], LONGEST_SUMMARY)
    left, _ = _bounded(unread, LONGEST_UNREAD)
    scrub = Scrub(found.contact)
    notes = {
        "protected_removed": has_protected or has_origin,
        "pasted_posting": any(section.name == "posting" for section in sections),
        "no_headline": not parts["headline"],
        "summary_cut": is_cut,
    }
    return Draft(
        parts=scrub.parts(Parts(**parts, summary=summary)),
        contact=found.contact,
        evidence=sheet.evidence,
        notes=(*resume.notes, *(note for note, holds in notes.items() if holds)),
        unread=scrub.prose(left),
    )


def _readable(text: str, found: Found) -> tuple[str, bool]:
    """Blank contacts and what is protected; say whether more than contacts was protected."""
    kept = list(text)
    for start, end in found.spans:
        kept[start:end] = " " * (end - start)
    without_contacts = "".join(kept)
    labels = load_words().labels
    has_protected = False
    for span in protected_spans(text):
        left = without_contacts[span.start : span.end]
        words = [word for word in re.split(r"[\s:：|,，;；、/()（）。]+", left) if key(word)]
        has_protected |= any(labels.get(key(word)) != "contact" for word in words)
        kept[span.start : span.end] = [
            "\n" if c == "\n" else " " for c in text[span.start : span.end]
        ]
    return "".join(kept), has_protected


def _drop_origins(sections: Sequence[Section], sheet: Sheet) -> bool:
    """Take out at the top where somebody comes from ("福建福州人"); say whether there was any."""
    dropped = False
    for line in _lines(sections, "personal"):
        for match in _ORIGIN.finditer(line.text):
            piece = line.cut(match.start("place"), match.end("place"))
            named = sum(len(mention.quote) for mention in sheet.mentions_in(piece, Aspect.PLACE))
            if named and named >= len(piece.text) - 2:
                sheet.use(line.cut(*match.span()))
                dropped = True
    return dropped


def _parts(sections: Sequence[Section], sheet: Sheet) -> dict[str, Any]:
    by_name = {name: _lines(sections, name) for name in {section.name for section in sections}}
    top = [*by_name.get("personal", ()), *by_name.get("wishes", ())]
    for name in _LISTS:
        # What is said of the person by labels counts wherever it stands.
        astray = [line for line in by_name.get(name, ()) if _is_labelled(line, sheet)]
        top += astray
        by_name[name] = tuple(line for line in by_name.get(name, ()) if line not in astray)
    labelled = [found for line in top for found in sheet.labelled(line)]
    for found in labelled:
        if found.field in ("contact", "protected", ""):
            sheet.use(found.label)
    values: dict[str, Line] = {}
    for found in labelled:
        if found.value.text and key(found.value.text):
            values.setdefault(found.field, found.value)
    work = read_employments(by_name.get("work", ()), sheet)
    education = read_education(
        by_name.get("education", ()), _use_labels(labelled, "education.", values, sheet), sheet
    )
    wished = [found for found in labelled if found.field.startswith("wish.")]
    wishes = read_wishes(by_name.get("wishes", ()), wished, sheet)
    skill_lines = [*by_name.get("skills", ()), *_values(labelled, "skills", sheet)]
    telling = [*by_name.get("work", ()), *by_name.get("projects", ()), *by_name.get("summary", ())]
    languages = _languages(by_name, labelled, sheet)
    skills = read_skills(skill_lines, sheet) or read_skills(telling, sheet, is_list=False)
    certificates = read_certificates(
        [*by_name.get("certificates", ()), *_values(labelled, "certificates", sheet)]
    )
    for at, (_, line) in enumerate(certificates):
        sheet.use(line, f"certificates.{at}")
    return {
        "skills": skills,
        "work": work,
        "education": education,
        "years_experience": years_stated(values, top, by_name.get("summary", ()), sheet),
        "region": region_stated(values, by_name.get("personal", ()), sheet),
        "wishes": wishes,
        "languages": languages,
        "certificates": tuple(words for words, _ in certificates),
        "headline": headline_stated(values, by_name.get("personal", ()), wishes, work, sheet),
    }


def _is_labelled(line: Line, sheet: Sheet) -> bool:
    """Say whether a line is a value of the person behind its label, whatever section it stands in."""
    label = next(iter(sheet.labelled(line)), None)
    return (
        label is not None and label.label.start == line.start and label.field.startswith(_OF_PERSON)
    )


def _lines(sections: Sequence[Section], name: str) -> tuple[Line, ...]:
    return tuple(line for section in sections if section.name == name for line in section.lines)


def _values(labelled: Sequence[Labelled], name: str, sheet: Sheet) -> Iterator[Line]:
    for found in labelled:
        if found.field == name:
            sheet.use(found.label)
            yield found.value


def _use_labels(
    labelled: Sequence[Labelled], prefix: str, values: dict[str, Line], sheet: Sheet
) -> dict[str, Line]:
    for found in labelled:
        if found.field.startswith(prefix):
            sheet.use(found.label)
    return {name: value for name, value in values.items() if name.startswith(prefix)}


def _languages(
    by_name: Mapping[str, Sequence[Line]], labelled: Sequence[Labelled], sheet: Sheet
) -> tuple[str, ...]:
    own = [*by_name.get("languages", ()), *_values(labelled, "languages", sheet)]
    found = {
        key(words): (words, line) for words, line in read_languages(own, sheet, is_section=True)
    }
    if not found:
        others = [line for name in ("skills", "certificates") for line in by_name.get(name, ())]
        found = {
            key(words): (words, line)
            for words, line in read_languages(others, sheet, is_section=False)
        }
    for at, (_, line) in enumerate(found.values()):
        sheet.use(line, f"languages.{at}")
    return tuple(words for words, _ in found.values())


def _left_over(sections: Sequence[Section], sheet: Sheet) -> tuple[list[str], list[str]]:
    """Return the lines of what a person tells, and those that no rule understood."""
    said: list[str] = []
    unread: list[str] = []
    # A self-description comes first, wherever it stands.
    for section in sorted(sections, key=lambda section: section.name != "summary"):
        if section.name in ("posting", "family"):
            # It says what somebody else wants or is.
            unread += [] if section.name == "family" else [line.text for line in section.lines]
            continue
        for line in section.lines:
            left = _EMPTY_BRACKETS.sub("", sheet.unused(line)).strip()
            if len(key(left)) > 1:
                (said if section.name in _TELLING else unread).append(left)
    return said, unread


def _bounded(lines: Sequence[str], most: int) -> tuple[str, bool]:
    kept: list[str] = []
    left = most
    for line in lines:
        left -= len(line) + 1
        if left < 0:
            return "\n".join(kept), True
        kept.append(line)
    return "\n".join(kept), False
