"""Reads damaged files with the parsers in this one process, bounded in memory and time; prints how each ended."""

from __future__ import annotations

import resource
import sys
from collections import Counter

from ingest.resumes.child import PARSERS, answer, loaded
from ingest.resumes.draft import draft_profile
from ingest.resumes.kinds import kind_of
from ingest.resumes.models import REASONS, Limits, ResumeRefused, ResumeText
from ingest.resumes.plain import decode
from ingest.resumes.visible import cleaned
from tests.ingest.resumes.mutations import mutated


def main(count: int, seed: int) -> None:
    limits = Limits()
    cases = list(mutated(count, seed=seed))
    parsers = {kind: loaded(*named) for kind, named in PARSERS.items()}
    # Files stay open to what the draft loads; it is made outside of the bounded process.
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
    resource.setrlimit(resource.RLIMIT_CPU, (400, 401))
    ends: Counter[str] = Counter()
    for data in cases:
        try:
            kind = kind_of(data, limits)
            found = (
                {"text": decode(data, limits)}
                if kind == "txt"
                else answer(parsers[kind], data, limits)
            )
        except ResumeRefused as refusal:
            found = {"refused": refusal.reason}
        if "refused" in found:
            assert found["refused"] in REASONS
            ends[found["refused"]] += 1
            continue
        draft = draft_profile(ResumeText(kind, "", cleaned(found["text"])[0]))
        draft.candidate(headline="x")
        ends["read"] += 1
    sys.stdout.write(repr(dict(ends)))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
