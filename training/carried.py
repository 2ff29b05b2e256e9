"""Weights to go on from: those of a checkpoint, or those that are served, back from eight bits."""

import re
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from training.model import LAYERS, WIDTH, Classifier

NUMBERED = re.compile(r"onnx::(?:MatMul|Mul)_(\d+)(_quantized)?$")


def carried(path: Path, model: Classifier) -> dict[str, Tensor]:
    """Return a state for `model`; what the file does not have stays as it is in `model`.

    Raises:
        ValueError: the file holds another model.
    """
    if path.suffix != ".onnx":
        state: dict[str, Tensor] = torch.load(path, map_location="cpu")["model"]
        return state
    state = model.state_dict()
    for name, value in served(path).items():
        if name not in state or value.shape[1:] != state[name].shape[1:]:
            raise ValueError(f"{path} holds another model: {name} {tuple(value.shape)}")
        state[name][: len(value)] = value  # Labels that came later keep what they begin with.
    return state


def served(path: Path) -> dict[str, Tensor]:
    """Return the weights of a served model of one half, under the names they have in training."""
    found = {one.name: numpy_helper.to_array(one) for one in onnx.load(str(path)).graph.initializer}
    state = {
        name.removeprefix("model."): value
        for name, value in found.items()
        if name.startswith("model.") and value.dtype == np.float32 and value.ndim == 1
    }
    state = {
        {"bias": "late.bias"}.get(name, name): v for name, v in state.items() if "_" not in name
    }
    for name in ("place", "kind"):
        state[f"{name}.weight"] = whole(found, f"model.{name}.weight")
    numbered = sorted(
        (int(match[1]), name.removesuffix("_quantized"))
        for name in found
        if (match := NUMBERED.match(name))
    )
    inner = [name for _, name in numbered if f"{name}_quantized" in found]
    for place, name in enumerate(inner):
        layer, part = divmod(place, 4)
        key = f"layers.{layer}.{('qkv', 'out', 'up', 'down')[part]}.weight"
        state[key] = whole(found, name).T
    if len(inner) != 4 * LAYERS:
        raise ValueError(f"{path} holds another model: {len(inner)} matrices")
    look, seen, shared, words = (found[name] for _, name in numbered if name not in inner)
    state |= {"late.look.weight": look.T, "words.weight": words.T}
    state["late.head"] = np.concatenate([seen.reshape(-1, WIDTH), shared.T], 1)
    return {name: torch.from_numpy(np.array(v, np.float32)) for name, v in state.items()}


def whole(found: dict[str, np.ndarray], name: str) -> np.ndarray:
    """Return a matrix back from eight bits."""
    small = found[f"{name}_quantized"].astype(np.float32)
    return (small - found[f"{name}_zero_point"].astype(np.float32)) * found[f"{name}_scale"]
