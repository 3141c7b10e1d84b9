"""The parts of a profile that a résumé can fill, and the last look over them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingest.resumes.contacts import mentions
from ingest.resumes.words import key
from search.accounts.contacts import Contact
from search.records.models import Education, StatedSkill, Wishes, WorkExperience
from search.text.protected import without_protected

_BLANKS = re.compile(r"[ \t]+")


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of `search.records.models.Candidate` that a résumé can fill; a headline may be missing."""

    headline: str | None = None
    summary: str = ""
    skills: tuple[StatedSkill, ...] = ()
    work: tuple[WorkExperience, ...] = ()
    education: tuple[Education, ...] = ()
    years_experience: float | None = None
    region: str | None = None
    wishes: Wishes = field(default_factory=Wishes)
    languages: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()


class Scrub:
    """A last look over what was read: nothing protected, no contact, no blanks that tell how long it was."""

    def __init__(self, contact: Contact) -> None:
        self._contact = contact

    def prose(self, text: str) -> str:
        """Return running text without what may not stand in a profile."""
        kept = list(without_protected(text))
        for start, end in mentions(text, self._contact):
            kept[start:end] = " " * (end - start)
        lines = (_BLANKS.sub(" ", line).strip() for line in "".join(kept).split("\n"))
        return "\n".join(line for line in lines if key(line))

    def line(self, text: str) -> str:
        """Return a single line so."""
        return " ".join(self.prose(text).split())

    def parts(self, parts: Parts) -> Parts:
        """Return all parts so; what says nothing any more is left out."""
        lines = {
            name: tuple(filter(None, map(self.line, getattr(parts, name))))
            for name in ("languages", "certificates")
        }
        wished = tuple(filter(None, map(self.line, parts.wishes.titles)))
        return Parts(
            headline=(self.line(parts.headline) or None) if parts.headline else None,
            summary=self.prose(parts.summary),
            skills=tuple(
                s.model_copy(update={"name": n}) for s in parts.skills if (n := self.line(s.name))
            ),
            work=tuple(
                job.model_copy(
                    update={
                        "title": title,
                        "employer": (self.line(job.employer) or None) if job.employer else None,
                        "summary": self.prose(job.summary),
                    }
                )
                for job in parts.work
                if (title := self.line(job.title))
            ),
            education=tuple(
                stage.model_copy(
                    update={
                        "school": (self.line(stage.school) or None) if stage.school else None,
                        "subject": (self.line(stage.subject) or None) if stage.subject else None,
                    }
                )
                for stage in parts.education
            ),
            years_experience=parts.years_experience,
            region=parts.region,
            wishes=parts.wishes.model_copy(update={"titles": wished}),
            **lines,
        )
