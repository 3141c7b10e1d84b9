"""Make a model's activations easier to quantise: a few channels are far larger than the others.

Before each linear layer the input's channel j is divided by s_j and the layer's weights for it multiplied by
s_j, with s_j = max|x_j|^a / max|w_j|^(1-a): the same function in full precision, and far less lost in int8.

Source: Xiao et al. (ICML 2023), "SmoothQuant", equation 4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import BertModel

_ALPHA = 0.7
_BATCH = 16
_OWN = Path(__file__).parent / "data"


class Smoothed(torch.nn.Module):  # type: ignore[misc]
    """A linear layer whose input is scaled by channel first.

    Args:
        linear: the layer; its weights are changed.
        scale: s, (inputs,).
    """

    def __init__(self, linear: torch.nn.Linear, scale: torch.Tensor) -> None:
        super().__init__()
        with torch.no_grad():
            linear.weight.mul_(scale)
        self.inverse = torch.nn.Parameter(1 / scale, requires_grad=False)
        self.linear = linear

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """Return what the layer returned before."""
        found: torch.Tensor = self.linear(values * self.inverse)
        return found


def smooth(model: BertModel, tokenizer: Tokenizer, prefix: str) -> None:
    """Put a scale before every linear layer of the model's encoder, measured on our own texts."""
    largest: dict[str, torch.Tensor] = {}
    layers = dict(_linear(model))
    hooks = [layer.register_forward_hook(_watch(name, largest)) for name, layer in layers.items()]
    with torch.no_grad():
        for batch in _batches(list(_texts()), tokenizer, prefix):
            model(input_ids=batch, attention_mask=(batch != model.config.pad_token_id).long())
    for hook in hooks:
        hook.remove()
    for name, layer in layers.items():
        weights = layer.weight.detach().abs().amax(dim=0).clamp(min=1e-5)
        scale = largest[name].clamp(min=1e-5) ** _ALPHA / weights ** (1 - _ALPHA)
        parent, _, child = name.rpartition(".")
        setattr(model.get_submodule(parent), child, Smoothed(layer, scale.clamp(min=1e-5)))


def _linear(model: BertModel) -> Iterator[tuple[str, torch.nn.Linear]]:
    for name, module in model.named_modules():
        if isinstance(module, torch.nn.Linear):
            yield name, module


Hook = Callable[[object, tuple[torch.Tensor, ...], torch.Tensor], None]


def _watch(name: str, largest: dict[str, torch.Tensor]) -> Hook:
    def hook(_module: object, inputs: tuple[torch.Tensor, ...], _output: torch.Tensor) -> None:
        found = inputs[0].detach().abs().flatten(0, -2).amax(dim=0)
        largest[name] = torch.maximum(largest.get(name, found), found)

    return hook


def _texts() -> Iterator[str]:
    """Yield titles and role texts of our own, some hundred, in both languages."""
    for pattern, every in (("titles_*.tsv", 150), ("role_texts_*.tsv", 40)):
        for path in sorted(_OWN.glob(pattern)):
            for line in path.read_text(encoding="utf-8").splitlines()[1::every]:
                yield from line.split("\t")[-2:]


def _batches(texts: Sequence[str], tokenizer: Tokenizer, prefix: str) -> Iterator[torch.Tensor]:
    encoded = sorted((tokenizer.encode(prefix + text).ids for text in texts), key=len)
    for start in range(0, len(encoded), _BATCH):
        rows = encoded[start : start + _BATCH]
        longest = len(rows[-1])
        yield torch.tensor([row + [1] * (longest - len(row)) for row in rows])
