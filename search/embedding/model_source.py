"""Where a Sentence Transformers model is: in a folder, among earlier downloads, or on the model hub."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterable
from concurrent.futures import Future
from importlib.util import find_spec
from pathlib import Path, PurePath
from typing import Any

from search.embedding.choice import OWN_MODELS, ModelChoice, ModelNotAvailableError

#: How the hub writes names; all else that is no folder here is a path that leads nowhere.
_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?")
#: Whose a model is when its name does not say.
_HUB_OWNER = "sentence-transformers"
#: Seconds for the hub to answer at all. The library tries for over a minute, and where packets are dropped
#: for a connection time-out for each of the hub's addresses.
_HUB_PATIENCE_S = 15.0
#: Parts of a file that are hashed: so many, so many bytes long.
_SAMPLES, _SAMPLE_BYTES = 256, 16_384
_REMEDY = (
    "Give BOLE_EMBEDDING_MODEL the path of a downloaded folder (download it on a machine with a network and "
    "copy it here), or unset it to use the bundled model"
)


def open_model(choice: ModelChoice) -> tuple[Any, str]:
    """Open a model; what was downloaded before is opened without asking the hub.

    Args:
        choice: its folder or its name on the hub, the device, and how long its vectors are to be.

    Returns:
        The `SentenceTransformer`, and what tells its files from any others: a hash, or the hub's commit.

    Raises:
        ModelNotAvailableError: the library is not installed, or the model is neither here nor to be had.
    """
    # The library takes seconds to import: not before it is clear that there is something to open.
    if find_spec("sentence_transformers") is None:
        raise _no_library(choice, "is not installed")
    folder = Path(choice.model).expanduser()
    if folder.is_dir():
        return _load(folder, choice), _fingerprint(folder)
    if not _HUB_NAME.fullmatch(choice.model):
        raise _unavailable(choice, "there is no such folder")
    name = choice.model if "/" in choice.model else f"{_HUB_OWNER}/{choice.model}"
    cached, before = _cached(name), "it was not downloaded before"
    if cached is not None:
        try:
            return _load(cached, choice), cached.name
        except ModelNotAvailableError as error:
            # Most likely a download that was cut short: go on with it.
            before = f"what was downloaded before does not open ({_said(error.__cause__ or error)})"
    fetched = _download(name, choice, before)
    return _load(fetched, choice), fetched.name


def _library(choice: ModelChoice) -> Any:
    """Import the library; a server shows no progress bars."""
    try:
        import sentence_transformers
        from transformers.utils import logging
    except Exception as error:  # parts that do not fit together fail in many ways
        raise _no_library(choice, f"cannot be imported ({_said(error)})") from error
    logging.disable_progress_bar()
    return sentence_transformers


def _load(folder: Path, choice: ModelChoice) -> Any:
    """Open a folder, without a look at the hub."""
    library = _library(choice)
    files = [path.name for path in folder.rglob("*")]
    try:
        return library.SentenceTransformer(
            str(folder),
            device=choice.device or None,
            truncate_dim=choice.dim,
            local_files_only=True,
            **_runtime(files, choice.device),
        )
    except Exception as error:  # the library raises all kinds, `Exception` itself among them
        raise _unavailable(
            choice, f"the folder {folder} is there, but holds no model that opens ({_said(error)})"
        ) from error


def _cached(name: str) -> Path | None:
    """Return the folder of an earlier download; its name is the commit on the hub. Asks no hub."""
    from huggingface_hub import try_to_load_from_cache

    # Other programs may have fetched the weights alone: without this file, pooling would be guessed.
    found = try_to_load_from_cache(name, "modules.json")
    return Path(found).parent if isinstance(found, str) else None


def _download(name: str, choice: ModelChoice, before: str) -> Path:
    """Fetch a model from the hub and return its folder; `before` says why it is needed."""
    from huggingface_hub.constants import HF_HUB_CACHE
    from huggingface_hub.errors import RepositoryNotFoundError

    try:
        files = _files_on_hub(name)
        # Opening it by name fetches what it needs, and no other of the formats that the hub has of it.
        _library(choice).SentenceTransformer(
            name, device="cpu", cache_folder=HF_HUB_CACHE, **_runtime(files, "cpu")
        )
    except ModelNotAvailableError:
        raise
    except RepositoryNotFoundError as error:
        found = f"there is no such folder, and the model hub has no public model of that name ({_said(error)})"
        raise _unavailable(choice, found) from error
    except Exception as error:  # as in `_load`, and whatever a network does
        found = f"there is no such folder, {before}, and it cannot be had from the model hub ({_said(error)})"
        raise _unavailable(choice, found) from error
    cached = _cached(name)
    if cached is None:
        raise _unavailable(
            choice, "what the hub has of that name is no Sentence Transformers model"
        )
    return cached


def _files_on_hub(name: str) -> list[str]:
    """Return the names of a model's files; raise what the hub says, or `TimeoutError`."""
    from huggingface_hub import HfApi

    answer: Future[list[str]] = Future()

    def ask() -> None:
        try:
            siblings = HfApi().model_info(name, timeout=_HUB_PATIENCE_S).siblings
            answer.set_result([file.rfilename for file in siblings or ()])
        except BaseException as error:
            answer.set_exception(error)

    # A thread that may be left behind: no time-out of the client's covers all that it does.
    threading.Thread(target=ask, name="model hub", daemon=True).start()
    try:
        return answer.result(_HUB_PATIENCE_S)
    except TimeoutError:
        raise TimeoutError(f"no answer in {_HUB_PATIENCE_S:.0f} s") from None


def _runtime(files: Iterable[str], device: str) -> dict[str, Any]:
    """Return what the library must be told to run these files: torch, or ONNX where there is nothing else."""
    kinds = {PurePath(file).suffix for file in files}
    if ".onnx" not in kinds or kinds & {".safetensors", ".bin"}:
        return {}
    provider = "CUDAExecutionProvider" if device.startswith("cuda") else "CPUExecutionProvider"
    return {"backend": "onnx", "model_kwargs": {"provider": provider}}


def _fingerprint(folder: Path) -> str:
    """Return a hash of a model's files.

    Of a large file only its size and parts spread evenly over it are read: whole gigabytes would take
    seconds at every start, and training moves numbers all over a file. A file more or less counts as
    well: a needless rebuild of the index costs less than a missed one.
    """
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        part = path.relative_to(folder)
        if path.suffix == ".md" or any(name.startswith(".") for name in part.parts):
            continue
        if path.is_file():
            size = path.stat().st_size
            digest.update(f"{part.as_posix()}\0{size}\0".encode())
            with path.open("rb") as file:
                for start in range(0, size, max(size // _SAMPLES, _SAMPLE_BYTES)):
                    file.seek(start)
                    digest.update(file.read(_SAMPLE_BYTES))
    return digest.hexdigest()


def _unavailable(choice: ModelChoice, found: str) -> ModelNotAvailableError:
    return ModelNotAvailableError(
        f"the embedding model {choice.model!r} cannot be opened: {found}. {_REMEDY}"
    )


def _no_library(choice: ModelChoice, state: str) -> ModelNotAvailableError:
    return ModelNotAvailableError(
        f"the embedding model {choice.model!r} is none of Bole's own ({', '.join(OWN_MODELS)}), so it needs "
        f'Sentence Transformers, which {state}. Install it: pip install "bole[sentence-transformers]", '
        "or unset BOLE_EMBEDDING_MODEL to use the bundled model"
    )


def _said(error: BaseException) -> str:
    """Return the first line of what an error says: the system's word where it began with that."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError):
            error = cause
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:200]}" if lines else type(error).__name__
