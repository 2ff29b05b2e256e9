"""Weights to go on from: those of a checkpoint, or those that are served, back from eight bits."""

import re
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from training.model import CUT, LAYERS, WIDTH, Classifier

NUMBERED = re.compile(r"onnx::(?:MatMul|Mul)_(\d+)(?:_quantized)?$")
BY_LABEL = ("early.", "late.", "words.")  # Weights that have a row a label.
PARTS = ("qkv", "out", "up", "down")  # Of a layer, in the order in which they are met.


def carried(path: Path, model: Classifier) -> dict[str, Tensor]:
    """Return a state for `model`; what a served folder does not have stays as it is in `model`.

    Raises:
        ValueError: there are no weights, or those of another model.
    """
    try:
        found = served(path) if path.is_dir() else torch.load(path, map_location="cpu")["model"]
    except Exception as error:
        raise ValueError(f"{path} holds no weights to go on from: {error!r}") from error
    state = model.state_dict()
    if odd := (state.keys() ^ found.keys()) - {"word.weight"}:
        raise ValueError(f"{path} holds another model: {min(odd)}")
    for name, value in found.items():
        rows = slice(len(value) if name.startswith(BY_LABEL) else None)
        if value.shape != state[name][rows].shape:
            raise ValueError(f"{path} holds another model: {name} {tuple(value.shape)}")
        state[name][rows] = value  # Labels that came later keep what they begin with.
    return state


def served(folder: Path) -> dict[str, Tensor]:
    """Return the weights of both halves, under the names they have in training."""
    state = half(folder / "first.onnx", "early", range(CUT))
    state |= half(folder / "second.onnx", "late", range(CUT, LAYERS))
    return {name: torch.from_numpy(np.array(v, np.float32)) for name, v in state.items()}


def half(path: Path, heads: str, layers: range) -> dict[str, np.ndarray]:
    """Return the weights of one half.

    Vectors keep their names. Matrices have numbers, in the order in which they are met.
    """
    found = {one.name: numpy_helper.to_array(one) for one in onnx.load(str(path)).graph.initializer}
    state = {
        name.removeprefix("model."): value
        for name, value in found.items()
        if name.startswith("model.") and value.ndim == 1
    }
    for name in ("place", "kind"):
        if f"model.{name}.weight_quantized" in found:
            state[f"{name}.weight"] = whole(found, f"model.{name}.weight")
    met = {int(match[1]): match[0] for name in found if (match := NUMBERED.match(name))}
    matrices = [whole(found, met[number].removesuffix("_quantized")) for number in sorted(met)]
    names = [f"layers.{layer}.{part}.weight" for layer in layers for part in PARTS]
    state |= {name: matrix.T for name, matrix in zip(names, matrices, strict=False)}
    look, seen, shared, *words = matrices[len(names) :]
    state[f"{heads}.look.weight"] = look.T
    state[f"{heads}.head"] = np.concatenate([seen.reshape(-1, WIDTH), shared.T], 1)
    if words:
        state["words.weight"] = words[0].T
    return state


def whole(found: dict[str, np.ndarray], name: str) -> np.ndarray:
    """Return a matrix as it is, or back from eight bits."""
    if name in found:
        return found[name]
    small = found[f"{name}_quantized"].astype(np.float32)
    return (small - found[f"{name}_zero_point"].astype(np.float32)) * found[f"{name}_scale"]
