"""The encoder's weights in memory: two halves, and the sentence model that shares their words.

They are read once, on one thread each, when the first comment comes. training/export.py writes
them. Where they cannot be read they raise, and the judge leaves the comment to a person.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comity.detectors.reading import CLS, SEP, WEIGHTS, Window

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Halfway:
    """What the first half made of a window.

    `early` (labels) are its own probabilities, `hidden` (1, pieces, width) the states of the
    comment's pieces with their two marks, `context` (1, width) the mean of the context's.
    """

    window: Window
    early: Floats
    hidden: Floats
    context: Floats


@dataclass(frozen=True, slots=True)
class Whole:
    """What both halves made of a window: probabilities by label, by piece and label; a summary."""

    comment: Floats
    words: Floats
    embedding: Floats


@dataclass(frozen=True)
class Halves:
    """The encoder in memory.

    `labels` name its columns; below `enough` (labels) the first half's word is taken. `astray` are
    the weights of relevance.py.
    """

    first: Any
    second: Any
    similar: Any
    labels: tuple[str, ...]
    enough: Floats
    astray: Mapping[str, float]

    def begin(self, window: Window) -> Halfway:
        """Read a window, with its context, as far as the first half goes."""
        ids = np.array([window.ids], np.int64)
        given = {"ids": ids, "part": np.array([window.part], np.int64), "mask": np.ones_like(ids)}
        early, hidden, context = self.first.run(["early", "hidden", "context"], given)
        own = hidden[:, : window.count + 2]
        return Halfway(window, probabilities(early[0]), own, context)

    def finish(self, halfway: Halfway) -> Whole:
        """Read on with the comment alone."""
        pieces = halfway.window.count + 2
        said = np.ones((1, pieces), np.float32)
        said[0, [0, -1]] = 0
        given = {"hidden": halfway.hidden, "said": said, "own": np.ones((1, pieces), np.int64)}
        logits, words, embedding = self.second.run(
            ["logits", "words", "embedding"], {**given, "context": halfway.context}
        )
        return Whole(probabilities(logits[0]), probabilities(words[0, 1:-1]), embedding[0])

    def meaning(self, ids: tuple[int, ...]) -> Floats:
        """Return the embedding (width) of some word pieces, of length one."""
        marked = np.array([[CLS, *ids, SEP]], np.int64)
        mask = np.ones_like(marked)
        given = {"ids": marked, "part": np.zeros_like(marked), "mask": mask}
        (pieces,) = self.first.run(["pieces"], given)
        sentence: Floats = self.similar.run(["sentence"], {"pieces": pieces, "mask": mask})[0][0]
        return sentence


def probabilities(logits: Floats) -> Floats:
    """Return the logistic function of logits."""
    return (1 / (1 + np.exp(-logits))).astype(np.float32)


@cache
def halves() -> Halves:
    """Return the packaged weights, read once."""
    return read_halves(WEIGHTS)


def read_halves(folder: Path) -> Halves:
    """Read weights.

    Raises:
        Exception: they are missing or broken.
    """
    import onnxruntime  # type: ignore[import-untyped]  # noqa: PLC0415  It is slow to import.

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    first, second, similar = (
        onnxruntime.InferenceSession(
            folder / f"{name}.onnx", options, providers=["CPUExecutionProvider"]
        )
        for name in ("first", "second", "similar")
    )
    told = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    labels = tuple(told["labels"])
    enough = np.array([told["enough"].get(label, 1.0) for label in labels], np.float32)
    return Halves(first, second, similar, labels, enough, told["astray"])
