"""What an employer may see of a candidate before the candidate agrees to be contacted.

Names of employers and schools, and what a text says of the protected attributes or of how to reach the
person, give way to blocks of the same length, so that spans into the texts stay right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container

from search.ranking.passages import Passages, candidate_passages
from search.records.models import Candidate
from search.text.protected import protected_spans

BLOCK = "█"


def masked(candidate: Candidate, agreed: Container[str] = ()) -> Candidate:
    """Return the profile as an employer sees it.

    Args:
        candidate: as it is stored.
        agreed: what the person agreed to show this employer: `employers`, `schools`.
    """
    employers, schools = "employers" in agreed, "schools" in agreed
    hide = _hider(candidate, employers=employers, schools=schools)
    return candidate.model_copy(
        update={
            "key": None,
            "headline": hide(candidate.headline),
            "summary": hide(candidate.summary),
            "skills": tuple(
                skill.model_copy(update={"name": hide(skill.name)}) for skill in candidate.skills
            ),
            "work": tuple(
                work.model_copy(
                    update={
                        "title": hide(work.title),
                        "employer": work.employer if employers else None,
                        "summary": hide(work.summary),
                    }
                )
                for work in candidate.work
            ),
            "education": tuple(
                stage if schools else stage.model_copy(update={"school": None})
                for stage in candidate.education
            ),
            "certificates": tuple(hide(line) for line in candidate.certificates),
        }
    )


def masked_passages(candidate: Candidate) -> Passages:
    """Return the parts of the profile as an employer sees it, without making that profile."""
    return candidate_passages(candidate, _hider(candidate, employers=False, schools=False))


def _hider(candidate: Candidate, *, employers: bool, schools: bool) -> Callable[[str], str]:
    names = set() if employers else {work.employer for work in candidate.work}
    names |= set() if schools else {stage.school for stage in candidate.education}
    known = sorted((name for name in names if name), key=lambda name: (-len(name), name))
    folded = [_folded(name) for name in known]

    def hide(text: str) -> str:
        within = _folded(text)
        # Few texts name one; a pattern is made for those only.
        if any(name in within for name in folded):
            pattern = re.compile("|".join(map(re.escape, known)), re.IGNORECASE)
            text = pattern.sub(lambda found: BLOCK * len(found.group()), text)
        for span in protected_spans(text):
            text = text[: span.start] + BLOCK * (span.end - span.start) + text[span.end :]
        return text

    return hide


def _folded(text: str) -> str:
    """Return a text in which whatever differs from another by case alone is the same (İ, i)."""
    return text.casefold().replace("\u0307", "")
