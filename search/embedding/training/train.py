"""Fine-tune the base model with Sentence Transformers' own trainer and loss.

    python -m search.embedding.training.train --model var/train/base --batches var/train/batches.jsonl \
        --shared DATA --out var/train/tuned

Symmetric InfoNCE over in-batch negatives (`MultipleNegativesRankingLoss`, both directions), temperature .04;
with `--teacher`, a weight times 1 - cos to the vectors of a frozen model besides: the model itself before
training (self-distillation against drift) or a deeper one whose layers a student keeps (`student.py`).
A stopped run goes on from its last checkpoint. The learning curve is a TSV: step, loss, seconds, and
recall@1 of title translation, measured on the development set only to draw the curve, not to choose by.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from sentence_transformers import (
    SentenceTransformer,
    SentenceTransformerTrainer,
    SentenceTransformerTrainingArguments,
)
from sentence_transformers.base.sampler import DefaultBatchSampler
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
from transformers import TrainerCallback

from search.embedding.training.base_model import PREFIX
from search.embedding.training.evaluate import TorchEncoder, evaluate

_TEMPERATURE = 0.04
_LONGEST = 64
_WORDS_RATE = 3e-4
_RATE = 4e-5
_WARM_UP = 15
_CURVE_SET = "title-translation-zh-en"


class TaughtLoss(MultipleNegativesRankingLoss):  # type: ignore[misc]
    """InfoNCE plus the distance to a frozen teacher's vectors.

    Args:
        model: what is trained.
        teacher: a model with the same tokenizer and vector length.
        weight: of the distance, 1 - cos, averaged over all texts of the batch.
        options: those of the parent.
    """

    def __init__(
        self,
        model: SentenceTransformer,
        teacher: SentenceTransformer,
        weight: float,
        **options: Any,
    ) -> None:
        super().__init__(model, **options)
        # In a list: the teacher is no part of what is trained and saved.
        self._teacher = [teacher.eval()]
        self._weight = weight

    def forward(
        self, sentence_features: Iterable[dict[str, torch.Tensor]], labels: torch.Tensor
    ) -> torch.Tensor:
        """Return the loss of one batch."""
        columns = list(sentence_features)
        with torch.no_grad():
            taught = [self._teacher[0](dict(column))["sentence_embedding"] for column in columns]
        learnt = [self.model(column)["sentence_embedding"] for column in columns]
        loss: torch.Tensor = self.compute_loss_from_embeddings(learnt, labels)
        for mine, other in zip(learnt, taught, strict=True):
            distance = 1 - torch.nn.functional.cosine_similarity(mine, other, dim=-1).mean()
            loss = loss + self._weight * distance / len(columns)
        return loss


class PreparedBatches(DefaultBatchSampler):  # type: ignore[misc]
    """Yields the rows of each prepared batch, in the order of the file."""

    def __iter__(self) -> Iterator[list[int]]:
        """Yield the positions of one batch after another."""
        at = 0
        for size in PreparedBatches.sizes:
            yield list(range(at, at + size))
            at += size

    def __len__(self) -> int:
        return len(PreparedBatches.sizes)

    #: Pairs of each batch; the trainer builds the sampler itself, so the sizes cannot be an argument.
    sizes: tuple[int, ...] = ()


class Curve(TrainerCallback):  # type: ignore[misc]
    """Writes the learning curve.

    Args:
        path: TSV to write.
        model: what is trained.
        dev: folder of the development sets.
        every: steps between two measurements.
    """

    def __init__(self, path: Path, model: SentenceTransformer, dev: Path, every: int) -> None:
        self._path = path
        self._encoder = TorchEncoder.around(model)
        self._model = model
        self._dev = dev
        self._every = every
        self._began = time.monotonic()
        self._losses: list[float] = []

    def on_train_begin(self, _args: Any, state: Any, _control: Any, **_: Any) -> None:
        """Write the heading and the untouched model's line; nothing when a run goes on."""
        if state.global_step == 0:
            self._path.write_text("step\tloss\tseconds\ttitle translation R@1\n", encoding="utf-8")
            self._write(0)

    def on_log(self, _args: Any, state: Any, _control: Any, logs: Any = None, **_: Any) -> None:
        """Collect the loss of each step; write a line at every so many."""
        if logs and "loss" in logs:
            self._losses.append(float(logs["loss"]))
            if state.global_step % self._every == 0:
                self._write(state.global_step)

    def on_train_end(self, _args: Any, state: Any, _control: Any, **_: Any) -> None:
        """Write the last line where the number of steps did not end on one."""
        if state.global_step % self._every:
            self._write(state.global_step)

    def _write(self, step: int) -> None:
        loss = sum(self._losses) / len(self._losses) if self._losses else float("nan")
        self._losses.clear()
        self._model.eval()
        ((_, figures),) = evaluate(self._encoder, self._dev, [_CURVE_SET])
        self._model.train()
        seconds = time.monotonic() - self._began
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{step}\t{loss:.4f}\t{seconds:.0f}\t{figures['R@1']:.4f}\n")


def main() -> None:
    """Read the arguments and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="Sentence Transformers directory")
    parser.add_argument("--batches", type=Path, required=True, help="what data.py wrote")
    parser.add_argument(
        "--shared", type=Path, required=True, help="folder with dev/, for the curve"
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--every", type=int, default=50, help="steps between points of the curve")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--bf16", action="store_true", help="bfloat16 products: a third faster")
    parser.add_argument("--rate", type=float, default=_RATE)
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--prefix", default=PREFIX, help="what data.py wrote before every text")
    parser.add_argument("--teacher", type=Path, help="directory of a frozen model to stay near to")
    parser.add_argument("--teacher-weight", type=float, default=1.0)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    lines = arguments.batches.read_text(encoding="utf-8").splitlines()[: arguments.steps]
    batches = [json.loads(line)["pairs"] for line in lines]
    PreparedBatches.sizes = tuple(len(batch) for batch in batches)
    pairs = [pair for batch in batches for pair in batch]
    rows = Dataset.from_dict(
        {"anchor": [left for left, _ in pairs], "positive": [right for _, right in pairs]}
    )
    model = SentenceTransformer(str(arguments.model), device="cpu")
    model.max_seq_length = _LONGEST
    # The prefix stands in the batches; the prompt is for those who use the model.
    model.prompts = dict.fromkeys(model.prompts, arguments.prefix)
    checkpoints = arguments.out.with_name(f"{arguments.out.name}-checkpoints")
    curve = Curve(
        arguments.out.with_name(f"{arguments.out.name}-curve.tsv"),
        model,
        arguments.shared / "dev",
        arguments.every,
    )
    trainer = SentenceTransformerTrainer(
        model=model,
        args=SentenceTransformerTrainingArguments(
            output_dir=str(checkpoints),
            max_steps=len(batches),
            batch_sampler=PreparedBatches,
            learning_rate=arguments.rate,
            learning_rate_mapping={"word_embeddings": _WORDS_RATE},
            warmup_steps=_WARM_UP,
            lr_scheduler_type="linear",
            max_grad_norm=1.0,
            weight_decay=0.0,
            logging_steps=1,
            save_steps=arguments.every,
            save_total_limit=2,
            use_cpu=True,
            bf16=arguments.bf16,
            seed=arguments.seed,
            report_to="none",
            disable_tqdm=True,
        ),
        train_dataset=rows,
        loss=_loss(model, arguments.teacher, arguments.teacher_weight),
        callbacks=[curve],
    )
    trainer.train(resume_from_checkpoint=any(checkpoints.glob("checkpoint-*")))
    model.max_seq_length = 256
    model.save_pretrained(str(arguments.out))


def _loss(model: SentenceTransformer, teacher: Path | None, weight: float) -> torch.nn.Module:
    options = {
        "scale": 1 / _TEMPERATURE,
        "directions": ("query_to_doc", "doc_to_query"),
        "partition_mode": "per_direction",
    }
    if teacher is None:
        return MultipleNegativesRankingLoss(model, **options)
    frozen = SentenceTransformer(str(teacher), device="cpu")
    return TaughtLoss(model, frozen, weight, **options)


if __name__ == "__main__":
    main()
