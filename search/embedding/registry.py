"""Open what was fitted to the releases in force; fit it first where that was not done on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from search.embedding import lsa
from search.embedding.base import Encoder
from search.text import frequencies
from search.text.frequencies import Frequencies
from search.text.roles import role_text
from search.text.segment import SEGMENTER
from search.text.vocabulary import load_vocabulary
from taxonomies.catalogue import load_catalogue
from taxonomies.releases import fingerprint
from taxonomies.skills import load_skills

#: The encoders that can be chosen, the default first: the one fitted to our own texts on this
#: machine, and the trained model that comes with Bole (needs the extra `bole[onnx]`).
ENCODERS = ("lsa", "bundled")


def open_encoder(models: Path, choice: str = ENCODERS[0]) -> Encoder:
    """Return an encoder.

    Args:
        models: folder in which fits are kept; a missing fit is made (some seconds) and saved there.
        choice: one of `ENCODERS`.

    Raises:
        ValueError: there is no such encoder.
    """
    if choice == "lsa":
        return _open_lsa(models)
    if choice == "bundled":
        from search.embedding.onnx_encoder import OnnxEncoder

        return OnnxEncoder()
    raise ValueError(f"the encoder {choice!r} was asked for; there are {', '.join(ENCODERS)}")


def _open_lsa(models: Path) -> Encoder:
    segmenter = load_vocabulary().segmenter
    folder = models / f"lsa-{_edition()}"
    if (folder / "name.txt").is_file():
        return lsa.LsaEncoder.load(folder, segmenter)
    encoder = lsa.fit(segmenter, list(_training_texts()))
    encoder.save(folder)
    return encoder


def open_frequencies(models: Path) -> Frequencies:
    """Return the token weights for the releases in force; `models` as above."""
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
