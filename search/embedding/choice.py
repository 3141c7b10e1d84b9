"""Which embedding model, and how it is to be run."""

from __future__ import annotations

from dataclasses import dataclass

#: The models that come with Bole, the default first: the trained transformer, and its static copy for bulk
#: work. Any other name is one of Sentence Transformers.
OWN_MODELS = ("bundled", "static")


class ModelNotAvailableError(RuntimeError):
    """The chosen model cannot be run here; the message says what was asked, what was found, what to do."""


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A model and how to run it; all but `model` matter for Sentence Transformers models only.

    Attributes:
        model: one of `OWN_MODELS`, or a Sentence Transformers name or folder.
        query_prompt: written before a query; None: what the model's own configuration says.
        document_prompt: written before a document; None: as above.
        dim: cut vectors to so many numbers (Matryoshka models); None: as long as they are.
        normalise: bring vectors to length 1. The index compares by cosine, so switching it off is for
            models that do it themselves.
        batch: texts at a time.
        device: for example `cpu`, `cuda`, `mps`; empty: what Sentence Transformers finds.
    """

    model: str = OWN_MODELS[0]
    query_prompt: str | None = None
    document_prompt: str | None = None
    dim: int | None = None
    normalise: bool = True
    batch: int = 32
    device: str = ""
