"""Open the encoder that was chosen, and the token weights fitted to the releases in force."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from search.embedding.base import Encoder
from search.embedding.choice import ModelChoice
from search.text import frequencies
from search.text.frequencies import Frequencies
from search.text.roles import role_text
from search.text.segment import SEGMENTER
from search.text.vocabulary import load_vocabulary
from taxonomies.catalogue import load_catalogue
from taxonomies.releases import fingerprint
from taxonomies.skills import load_skills


def open_encoder(choice: ModelChoice | None = None) -> Encoder:
    """Return an encoder.

    Args:
        choice: which model, and how to run it; by default the bundled one.

    Raises:
        ModelNotAvailableError: it is no model of ours, and cannot be loaded by Sentence Transformers.
    """
    chosen = choice or ModelChoice()
    # Imported when chosen: each brings libraries that the others do not need.
    if chosen.model == "bundled":
        from search.embedding.onnx_encoder import OnnxEncoder

        return OnnxEncoder()
    if chosen.model == "static":
        from search.embedding.static_encoder import StaticEncoder

        return StaticEncoder()
    from search.embedding.sentence_transformer import SentenceTransformerEncoder

    return SentenceTransformerEncoder(chosen)


def open_frequencies(models: Path) -> Frequencies:
    """Return the token weights for the releases in force.

    Args:
        models: folder in which fits are kept; a missing fit is made (a second) and saved there.
    """
    path = models / f"frequencies-{_edition()}.json"
    if path.is_file():
        return Frequencies.load(path)
    table = frequencies.fit(load_vocabulary().segmenter, _training_texts())
    table.save(path)
    return table


def _edition() -> str:
    return f"{SEGMENTER}-{fingerprint()[:12]}"


def _training_texts() -> Iterator[str]:
    """Yield one text a role and a skill, each in both languages."""
    yield from (role_text(role) for role in load_catalogue().roles)
    skills = load_skills()
    for skill in skills.values():
        broader = skills.get(skill.broader)
        context = broader.labels[:2] if broader else ()
        yield "\n".join((*skill.labels, *context))
