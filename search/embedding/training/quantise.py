"""Write a trained model with int8 weights, as the directory that Bole bundles.

    python -m search.embedding.training.quantise --model var/train/tuned --out search/embedding/model

Matrices are quantised per output channel (ONNX Runtime, dynamic activations, smoothed before: `smoothing.py`);
the word table keeps one scale a row, which ONNX Runtime's own quantisation of `Gather` does not do.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer
from transformers import BertModel

from search.embedding.training.base_model import PREFIX
from search.embedding.training.smoothing import smooth

_OPSET = 17
_WORDS = "embeddings.word_embeddings.weight"
_MODULES = ("Transformer", "Pooling", "Normalize")


def main() -> None:
    """Read the arguments and write the directory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="Sentence Transformers directory")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    write(arguments.model, arguments.out)


def write(model: Path, out: Path) -> None:
    """Write the quantised copy of `model`; a model card that stands in `out` stays."""
    (out / "onnx").mkdir(parents=True, exist_ok=True)
    (out / "1_Pooling").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "full.onnx"
        _export(model, full)
        quantised = Path(scratch) / "int8.onnx"
        quantize_dynamic(
            full,
            quantised,
            per_channel=True,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul"],
        )
        graph = onnx.load(quantised)
        _quantise_words(graph)
        onnx.checker.check_model(graph)
        onnx.save(graph, out / "onnx/model.onnx")
    shutil.copy(model / "config.json", out)
    # As every release of transformers reads it: the class that the fifth writes, the fourth lacks.
    written = json.loads((model / "tokenizer_config.json").read_text("utf-8"))
    special = {key: value for key, value in written.items() if key.endswith("_token")}
    names = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 256}
    _dump(names | special, out / "tokenizer_config.json")
    _dump(json.loads((model / "tokenizer.json").read_text("utf-8")), out / "tokenizer.json")
    prompts = json.loads((model / "config_sentence_transformers.json").read_text("utf-8"))
    kept = {key: prompts[key] for key in ("prompts", "default_prompt_name", "similarity_fn_name")}
    _dump(kept, out / "config_sentence_transformers.json")
    # The names that every release of Sentence Transformers knows.
    modules = [
        {
            "idx": index,
            "name": str(index),
            "path": f"{index}_{name}" if index else "",
            "type": f"sentence_transformers.models.{name}",
        }
        for index, name in enumerate(_MODULES)
    ]
    (out / "2_Normalize").mkdir(exist_ok=True)
    _dump({}, out / "2_Normalize/config.json")
    _dump(modules, out / "modules.json")
    _dump({"max_seq_length": 256, "do_lower_case": False}, out / "sentence_bert_config.json")
    _dump(
        {"word_embedding_dimension": 384, "pooling_mode_mean_tokens": True},
        out / "1_Pooling/config.json",
    )


class _Tokens(torch.nn.Module):  # type: ignore[misc]
    """The transformer with the inputs and the one output that the ONNX file has."""

    def __init__(self, model: BertModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Return the vectors of the pieces."""
        found = self.model(input_ids=input_ids, attention_mask=attention_mask)
        hidden: torch.Tensor = found.last_hidden_state
        return hidden


def _export(model: Path, out: Path) -> None:
    bert = BertModel.from_pretrained(
        model, add_pooling_layer=False, attn_implementation="eager", dtype=torch.float32
    ).eval()
    smooth(bert, Tokenizer.from_file(str(model / "tokenizer.json")), PREFIX)
    example = torch.randint(4, 1000, (2, 9))
    axes = {0: "batch", 1: "pieces"}
    torch.onnx.export(
        _Tokens(bert),
        (example, torch.ones_like(example)),
        str(out),
        input_names=["input_ids", "attention_mask"],
        output_names=["last_hidden_state"],
        dynamic_axes={
            "input_ids": axes,
            "attention_mask": axes,
            "last_hidden_state": axes,
        },
        opset_version=_OPSET,
        dynamo=False,
    )


def _quantise_words(model: onnx.ModelProto) -> None:
    """Replace the word table by int8 rows with one scale each."""
    graph = model.graph
    (table,) = (t for t in graph.initializer if t.name.endswith(_WORDS))
    (gather,) = (node for node in graph.node if node.input and node.input[0] == table.name)
    words = numpy_helper.to_array(table)
    scales = np.abs(words).max(axis=1, keepdims=True) / 127
    scales[scales == 0] = 1
    rows = np.rint(words / scales).astype(np.int8)
    graph.initializer.remove(table)
    graph.initializer.extend(
        [
            numpy_helper.from_array(rows, "words_int8"),
            numpy_helper.from_array(scales.astype(np.float32), "words_scale"),
        ]
    )
    ids, looked_up = gather.input[1], gather.output[0]
    steps = [
        helper.make_node("Gather", ["words_int8", ids], ["words_row"], axis=0),
        helper.make_node("Gather", ["words_scale", ids], ["words_row_scale"], axis=0),
        helper.make_node("Cast", ["words_row"], ["words_row_float"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["words_row_float", "words_row_scale"], [looked_up]),
    ]
    at = list(graph.node).index(gather)
    graph.node.remove(gather)
    for offset, step in enumerate(steps):
        graph.node.insert(at + offset, step)


def _dump(value: Any, path: Path) -> None:
    # Compact: the vocabulary is half a megabyte smaller without line breaks.
    path.write_text(
        json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
