"""Measure how fast a model is on this machine: load, one query, many texts, memory.

python -m search.embedding.training.speed [search/embedding/static]
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from pathlib import Path

import numpy as np

from search.embedding.onnx_encoder import BUNDLED
from search.embedding.training.evaluate import open_model
from taxonomies.catalogue import load_catalogue

_QUERIES = 200
_PROFILES = 256
# About a hundred pieces of Chinese and English together.
_PROFILE_CHARACTERS = 230


def main() -> None:
    """Print one figure a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, nargs="?", default=BUNDLED)
    arguments = parser.parse_args()
    roles = load_catalogue().roles
    titles = [label for role in roles for label in role.labels][:1000]
    duties = "\n".join(text for role in roles for text in (role.duty.zh, role.duty.en))
    step = (len(duties) - _PROFILE_CHARACTERS) // _PROFILES
    profiles = [duties[step * i : step * i + _PROFILE_CHARACTERS] for i in range(_PROFILES)]
    before = _resident()
    began = time.perf_counter()
    encoder = open_model(arguments.model)
    encoder.encode_queries(["会计"])
    _say("load and first query, s", time.perf_counter() - began)
    times = []
    for query in titles[:_QUERIES]:
        began = time.perf_counter()
        encoder.encode_queries([query])
        times.append(time.perf_counter() - began)
    _say("one title as a query, median ms", 1000 * float(np.median(times)))
    for name, texts in (("titles", titles), ("profiles of about 100 pieces", profiles)):
        began = time.perf_counter()
        encoder.encode_documents(texts)
        _say(f"{name}, texts/s", len(texts) / (time.perf_counter() - began))
    _say("resident memory that came with it, MB", _resident() - before)


def _resident() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _say(what: str, value: float) -> None:
    sys.stdout.write(f"{what}\t{value:.3g}\n")


if __name__ == "__main__":
    main()
