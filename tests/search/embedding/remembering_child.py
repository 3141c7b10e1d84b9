"""A program that encodes through the cache: started, and killed, by `test_remembered.py`.

Arguments: folder of the models, first and last number of the texts, seconds that a slice takes longer.
It writes a line after each slice and one at the end.
"""

from __future__ import annotations

import logging
import sys
import time
from pathlib import Path

from search.embedding import remembered
from search.embedding.choice import ModelChoice
from search.embedding.registry import open_encoder

SLICE = 20


def texts(first: int, last: int) -> list[str]:
    return [
        f"Java 开发工程师 {number} engineer " + "数据 " * (number % 7)
        for number in range(first, last)
    ]


class Slow:
    """The real encoder, some time after it was asked."""

    def __init__(self, encoder, pause):
        self.name, self.dim = encoder.name, encoder.dim
        self.encode_queries = encoder.encode_queries
        self.encoder, self.pause = encoder, pause

    def encode_documents(self, texts):
        if len(texts) > 1:
            # By now the slice before is committed.
            print("slice", flush=True)  # noqa: T201
            time.sleep(self.pause)
        return self.encoder.encode_documents(texts)


def main() -> None:
    logging.basicConfig(level=logging.WARNING)
    models, first, last, pause = Path(sys.argv[1]), *sys.argv[2:]
    remembered.SLICE = SLICE
    inside = Slow(open_encoder(ModelChoice("static")), float(pause))
    encoder = remembered.RememberingEncoder(inside, models)
    encoder.encode_documents(texts(int(first), int(last)))
    print(encoder.reused, encoder.encoded, flush=True)  # noqa: T201
    encoder.close()


if __name__ == "__main__":
    main()
